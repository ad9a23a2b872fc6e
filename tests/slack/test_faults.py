"""What the bot, its worker and Slack survive: nothing is lost, nothing comes twice."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from govbot.rendering.slack import actions as act
from govbot.testing.slack import LocalSlack
from tests.slack.bot import PATIENCE, buttons, texts, watched
from tests.slack.conftest import Town

PLAN = b"# Parks plan\n\n" + b"The board meets in public every month and publishes its papers on its website. " * 20


@pytest.fixture
def channel(place: Town) -> str:
    return place.channel(place.ada)


def replies(place: Town, channel: str, thread: str) -> list[str]:
    return [texts(one) for one in place.slack.messages(channel, thread)]


def drop(place: Town, channel: str, name: str = "parks.md") -> str:
    return place.slack.upload(place.ada, channel, name, PLAN).ts


def finished(place: Town, channel: str, thread: str) -> None:
    """Wait for the reply, and see that it is the only message."""
    place.replied(channel, thread)
    assert len(place.slack.messages(channel, thread)) == 1


def test_an_event_that_comes_again_is_done_once(place: Town, channel: str) -> None:
    before = place.slack.event_ids("file_shared")
    thread = drop(place, channel)
    event = place.slack.wait_for(lambda: [one for one in place.slack.event_ids("file_shared") if one not in before])[0]
    for _ in range(5):
        place.slack.redeliver(event)
    finished(place, channel, thread)


def test_a_socket_that_is_cut_comes_back(place: Town, channel: str) -> None:
    place.slack.cut_sockets()
    thread = drop(place, channel)
    place.slack.wait_for(lambda: place.slack.connections, PATIENCE)
    place.slack.pass_time(60)
    finished(place, channel, thread)


def test_slack_says_not_so_fast(place: Town, channel: str) -> None:
    place.slack.fail("chat.postMessage", retry_after=1, times=2)
    place.slack.fail("chat.update", retry_after=1, times=4)
    finished(place, channel, drop(place, channel))


def test_slack_is_away_for_a_while(place: Town, channel: str) -> None:
    for method in ("files.info", "chat.postMessage", "chat.update"):
        place.slack.fail(method, status=503, times=1)
    finished(place, channel, drop(place, channel))


def test_a_draft_that_could_not_be_greeted_is_told_and_can_be_tried_again(place: Town, channel: str) -> None:
    place.slack.fail("chat.postMessage", error="restricted_action")
    dropped = drop(place, channel)

    def failed() -> str:
        return next((one.ts for one in place.slack.messages(channel, dropped) if act.RETRY in buttons(one)), "")

    place.slack.press(place.ada, channel, place.slack.wait_for(failed, PATIENCE), act.RETRY)
    place.replied(channel, dropped)


def test_a_message_arrives_and_the_answer_does_not(place: Town, channel: str) -> None:
    # As if the bot were killed between posting and noting that it posted.
    place.slack.fail("chat.postMessage", status=0, times=1, done=True)
    finished(place, channel, drop(place, channel))


@pytest.mark.parametrize("kind", ["page", "redirect", "size"])
def test_what_is_not_the_file_is_refused_and_can_be_tried_again(place: Town, channel: str, kind: str) -> None:
    faults = {"page": {"page": True}, "redirect": {"redirect": "http://127.0.0.1:9/"}, "size": {"size": 7}}
    place.slack.lag_shares(1)
    dropped = place.slack.upload(place.ada, channel, "parks.md", PLAN)
    place.slack.spoil(dropped.file, **faults[kind])
    place.slack.wait_for(lambda: any("parks.md" in one for one in replies(place, channel, dropped.ts)), PATIENCE)


def worker_of(place: Town) -> psutil.Process:
    """Return the bot's worker."""
    found = [
        one
        for one in psutil.Process().children(recursive=True)
        if "worker" in one.cmdline() and "--slot" in one.cmdline()
    ]
    return found[0]


def test_a_worker_is_killed_in_the_middle(place: Town, channel: str) -> None:
    dropped = place.drop(channel)
    place.slack.wait_for(lambda: place.slack.messages(channel, dropped.ts), PATIENCE)
    worker_of(place).send_signal(signal.SIGKILL)
    # Another one starts, and takes the job up.
    place.slack.wait_for(lambda: act.EVIDENCE in buttons(place.slack.messages(channel, dropped.ts)[0]), PATIENCE)
    finished(place, channel, dropped.ts)


def test_the_bot_is_stopped_with_work_in_hand_and_another_one_goes_on(tmp_path: Path) -> None:
    with LocalSlack() as slack:
        ada = slack.add_user("Ada")
        channel = slack.add_channel("parks", [ada])
        with watched(slack, tmp_path):
            dropped = slack.upload(ada, channel, "parks.md", PLAN)
            slack.wait_for(lambda: slack.messages(channel, dropped.ts), PATIENCE)
        with watched(slack, tmp_path):
            done = slack.wait_for(
                lambda: [one for one in slack.messages(channel, dropped.ts) if act.EVIDENCE in buttons(one)],
                PATIENCE,
            )
            assert len(done) == len(slack.messages(channel, dropped.ts)) == 1


def test_a_workspace_that_removes_the_app_is_forgotten(tmp_path: Path) -> None:
    with LocalSlack() as slack:
        ada = slack.add_user("Ada")
        channel = slack.add_channel("parks", [ada])
        with watched(slack, tmp_path):
            dropped = slack.upload(ada, channel, "parks.md", PLAN.replace(b"public", b"quince"))
            slack.wait_for(
                lambda: [one for one in slack.messages(channel, dropped.ts) if act.EVIDENCE in buttons(one)],
                PATIENCE,
            )
            slack.uninstall()
            slack.wait_for(lambda: slack.acks.get("app_uninstalled"), PATIENCE)
        held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"quince" not in held

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from govbot.config import Settings
from govbot.errors import SlackUnreachable
from govbot.rendering.slack.notices import notice_message
from govbot.slack.calling import Api, new_client
from govbot.slack.files import find_file
from govbot.slack.posting import Poster
from govbot.store import open_store
from govbot.testing.slack import LocalSlack
from govbot.testing.slack.world import ResponseUrl

HELLO = notice_message("Hello.")


@dataclass(kw_only=True)
class Office:
    """Somebody who posts, and where."""

    slack: LocalSlack
    api: Api
    poster: Poster
    ada: str
    channel: str


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as found:
        yield found


@pytest.fixture
def office(slack: LocalSlack, tmp_path: Path) -> Iterator[Office]:
    store = open_store(Settings(data=str(tmp_path)))
    api = Api(new_client(Settings(slack_api=slack.api_url), slack.bot_token))
    ada = slack.add_user("Ada")
    yield Office(slack=slack, api=api, poster=Poster(api, store), ada=ada, channel=slack.add_channel("c", [ada]))
    store.engine.dispose()


def test_a_message_is_posted_once(office: Office) -> None:
    first, again = (office.poster.once("key", office.channel, HELLO) for _ in range(2))
    assert first == again == office.poster.posted("key")
    assert [one.text for one in office.slack.messages(office.channel)] == ["Hello."]


def test_a_message_whose_arrival_nobody_noted_is_found_among_the_replies_to_its_file(office: Office) -> None:
    dropped = office.slack.upload(office.ada, office.channel, "plan.md", b"a plan")
    office.slack.fail("chat.postMessage", status=0, done=True)
    with pytest.raises(SlackUnreachable):
        office.poster.once(
            "key", office.channel, HELLO, thread=dropped.ts, file=lambda: find_file(office.api, dropped.file)
        )
    time = office.poster.once(
        "key", office.channel, HELLO, thread=dropped.ts, file=lambda: find_file(office.api, dropped.file)
    )
    assert [one.ts for one in office.slack.messages(office.channel, dropped.ts)] == [time]


def test_a_message_whose_arrival_nobody_noted_is_found_in_a_direct_message(office: Office) -> None:
    direct = office.poster.direct(office.ada)
    office.slack.fail("chat.postMessage", status=0, done=True)
    with pytest.raises(SlackUnreachable):
        office.poster.once("key", direct, HELLO)
    time = office.poster.once("key", direct, HELLO)
    assert [one.ts for one in office.slack.messages(direct)] == [time]


def test_another_s_reply_is_not_taken_for_ours(office: Office) -> None:
    dropped = office.slack.upload(office.ada, office.channel, "plan.md", b"a plan")
    office.slack.fail("chat.postMessage", status=503)
    with pytest.raises(SlackUnreachable):
        office.poster.once("key", office.channel, HELLO, thread=dropped.ts)
    office.slack.say(office.ada, office.channel, "Thanks!", thread=dropped.ts)
    office.poster.once(
        "key", office.channel, HELLO, thread=dropped.ts, file=lambda: find_file(office.api, dropped.file)
    )
    assert [one.text for one in office.slack.messages(office.channel, dropped.ts)] == ["Thanks!", "Hello."]


def test_words_are_posted_where_slack_does_not_take_the_blocks(office: Office) -> None:
    office.slack.fail("chat.postMessage", error="invalid_blocks")
    office.poster.once("key", office.channel, HELLO)
    (message,) = office.slack.messages(office.channel)
    assert (message.text, message.blocks) == ("Hello.", ())


def test_what_is_gone_is_not_replaced(office: Office) -> None:
    time = office.poster.once("key", office.channel, HELLO)
    assert office.poster.replace(office.channel, time, notice_message("Good-bye."))
    assert not office.poster.replace(office.channel, "1.000001", HELLO)
    assert [one.text for one in office.slack.messages(office.channel)] == ["Good-bye."]


def test_who_is_not_in_the_channel_is_told_in_a_direct_message(office: Office) -> None:
    ben = office.slack.add_user("Ben")
    office.poster.whisper(office.channel, office.ada, HELLO)
    office.poster.whisper(office.channel, ben, HELLO)
    assert [one.text for one in office.slack.ephemerals(office.ada)] == ["Hello."]
    assert [one.text for one in office.slack.messages(office.slack.open_dm(ben))] == ["Hello."]


def test_a_file_is_uploaded_once(office: Office) -> None:
    top = office.poster.once("key", office.channel, HELLO)
    for _ in range(2):
        office.poster.upload_once("file", office.channel, b"all", name="report.md", title="Report", thread=top)
    (message,) = office.slack.messages(office.channel, top)
    assert office.slack.file_data(message.files[0]) == b"all"


def test_a_file_whose_arrival_nobody_noted_is_not_uploaded_again(office: Office) -> None:
    office.slack.fail("files.completeUploadExternal", status=0, done=True)
    with pytest.raises(SlackUnreachable):
        office.poster.upload_once("file", office.channel, b"all", name="report.md", title="Report")
    office.poster.upload_once("file", office.channel, b"all", name="report.md", title="Report")
    assert sum(len(one.files) for one in office.slack.messages(office.channel)) == 1


def test_an_address_that_has_expired_is_said_to_be(office: Office) -> None:
    slack, world = office.slack, office.slack.world
    world.response_urls["n"] = ResponseUrl(
        team=slack.team, channel=office.channel, user=office.ada, made_at=world.clock.now()
    )
    address = f"{slack.api_url.removesuffix('/api/')}/actions/{slack.team}/n"
    assert office.poster.respond(address, HELLO)
    slack.pass_time(3_600)
    assert not office.poster.respond(address, HELLO)
    assert [one.text for one in slack.ephemerals(office.ada)] == ["Hello."]


def test_a_busy_slack_is_not_waited_for_where_that_matters_little(office: Office) -> None:
    time = office.poster.once("key", office.channel, HELLO)
    office.slack.fail("chat.update", retry_after=600)
    hurried = new_client(Settings(slack_api=office.slack.api_url), office.slack.bot_token, is_patient=False)
    assert not Api(hurried).hurry("chat.update", channel=office.channel, ts=time, text="later")

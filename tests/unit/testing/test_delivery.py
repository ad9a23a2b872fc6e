"""How things are brought to the app: signed, in time, again where it did not hear."""

from __future__ import annotations

import threading

import pytest
from slack_bolt import Ack

from govbot.testing.slack import Delivery, LocalSlack, Refused
from tests.unit.testing.blocks import actions, button
from tests.unit.testing.conftest import Desk


def _attempts(slack: LocalSlack, kind: str = "app_mention") -> list[Delivery]:
    return [one for one in slack.deliveries if one.kind == kind]


def test_events_wait_for_an_app_that_was_never_there(slack: LocalSlack, desk: Desk, ada: str, housing: str) -> None:
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    desk.serve("http")
    slack.wait_for(lambda: desk.events("app_mention"))
    slack.wait_for(lambda: slack.acks)
    assert [(one.attempt, one.fault) for one in slack.deliveries] == [(0, "")]


def test_an_app_that_was_there_misses_what_it_does_not_come_back_for(
    slack: LocalSlack, socket_desk: Desk, ada: str, housing: str
) -> None:
    socket_desk.close()
    slack.wait_for(lambda: not slack.connections)
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: len(_attempts(slack)) == 2)
    slack.pass_time(60)
    slack.wait_for(lambda: len(_attempts(slack)) == 3)
    slack.pass_time(300)
    slack.wait_for(lambda: len(_attempts(slack)) == 4)
    assert [(one.attempt, one.fault) for one in _attempts(slack)] == [(n, "connection_failed") for n in range(4)]
    assert len(slack.faults) == 4


def test_an_event_comes_again_after_a_minute(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    broken = [1, 1]

    def stumble(next: object) -> None:  # noqa: A002
        if broken:
            broken.pop()
            raise RuntimeError("not written down")
        next()  # type: ignore[operator]

    http_desk.app.middleware(stumble)
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: len(_attempts(slack)) == 2)
    slack.pass_time(60)
    slack.wait_for(lambda: len(_attempts(slack)) == 3)
    assert [one.fault for one in _attempts(slack)] == ["http_error", "http_error", ""]
    assert [headers.get("x-slack-retry-num", ["0"])[0] for headers in http_desk.headers] == ["0", "1", "2"]
    assert http_desk.headers[1]["x-slack-retry-reason"] == ["http_error"]
    assert len({body["event_id"] for body in http_desk.heard}) == 1


def test_the_first_delivery_over_a_socket_bears_a_retry_number(
    slack: LocalSlack, socket_desk: Desk, ada: str, housing: str
) -> None:
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: socket_desk.heard)
    assert socket_desk.headers[0]["x-slack-retry-num"] == ["0"]


def test_who_acknowledges_late_has_not_acknowledged(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    posted = open_desk.client.chat_postMessage(channel=housing, text="x", blocks=[actions(button("slow"))])
    heard, go_on = threading.Event(), threading.Event()

    def be_slow(ack: Ack, **_: object) -> None:
        heard.set()
        go_on.wait()
        ack()

    def pass_time() -> None:
        heard.wait()
        slack.pass_time(3)

    open_desk.answer = be_slow
    passing = threading.Thread(target=pass_time)
    passing.start()
    with pytest.raises(Refused, match="not_acknowledged"):
        slack.press(ada, housing, posted["ts"], "slow")
    go_on.set()
    passing.join()
    assert [one.fault for one in _attempts(slack, "block_actions")] == ["http_timeout"]
    assert len(slack.faults) == 1


def test_an_event_is_brought_again_on_demand(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    name = slack.wait_for(lambda: slack.event_ids("app_mention"))[0]
    slack.redeliver(name)
    slack.wait_for(lambda: len(open_desk.heard) == 2)
    assert open_desk.heard[0]["event_id"] == open_desk.heard[1]["event_id"] == name


def test_forged_and_stale_requests_are_the_apps_to_refuse(
    slack: LocalSlack, http_desk: Desk, ada: str, housing: str
) -> None:
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    name = slack.wait_for(lambda: slack.event_ids("app_mention"))[0]
    assert slack.forge(name) == 401
    assert slack.forge(name, secret="another", text="forged") == 401
    assert slack.replay_stale(name) == 401
    assert slack.replay_stale(name, age=10) == 200
    assert slack.forge(name, secret=slack.signing_secret, text="known") == 200
    assert [event["text"] for event in http_desk.events("app_mention")][1:] == [
        f"<@{slack.bot_user}> hello",
        "known",
    ]


def test_cut_sockets_are_made_anew_and_nothing_is_lost(
    slack: LocalSlack, socket_desk: Desk, ada: str, housing: str
) -> None:
    for n in range(20):
        if n == 10:
            slack.cut_sockets()
        slack.say(ada, housing, f"<@{slack.bot_user}> {n}")
    slack.wait_for(lambda: slack.connections)
    slack.pass_time(60)
    slack.wait_for(lambda: len({event["ts"] for event in socket_desk.events("app_mention")}) == 20)


def test_sockets_are_refreshed(slack: LocalSlack, socket_desk: Desk, ada: str, housing: str) -> None:
    opened = [call for call in slack.calls if call.method == "apps.connections.open"]
    slack.refresh_sockets()
    slack.wait_for(lambda: slack.connections)
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: socket_desk.heard)
    assert len([call for call in slack.calls if call.method == "apps.connections.open"]) > len(opened)


def test_one_connection_gets_each_event(slack: LocalSlack, socket_desk: Desk, ada: str, housing: str) -> None:
    other = Desk(slack).serve("socket")
    slack.wait_for(lambda: slack.connections == 2)
    for n in range(6):
        slack.say(ada, housing, f"<@{slack.bot_user}> {n}")
    slack.wait_for(lambda: len(socket_desk.heard) + len(other.heard) == 6)
    assert len(socket_desk.heard) == len(other.heard) == 3
    other.close()


def test_slack_comes_back(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    slack.go_down()
    slack.say(ada, housing, f"<@{slack.bot_user}> hello")
    with pytest.raises(Exception, match="not to be reached"):
        http_desk.client.api_call("auth.test")
    slack.come_back()
    assert http_desk.client.auth_test()["ok"]
    slack.wait_for(lambda: http_desk.heard)


def test_nobody_answers_without_an_app(slack: LocalSlack, ada: str, housing: str) -> None:
    with pytest.raises(Refused, match="app_away"):
        slack.command(ada, housing, "/govbot", "help")


def test_waiting_in_vain_shows_the_last_messages(slack: LocalSlack, ada: str, housing: str) -> None:
    slack.say(ada, housing, "the last words")
    with pytest.raises(TimeoutError, match="Ada: the last words"):
        slack.wait_for(lambda: False, 0)

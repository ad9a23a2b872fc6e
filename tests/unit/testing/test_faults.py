"""What is made to go wrong."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from govbot.testing.slack import LocalSlack
from govbot.testing.slack.faults import Faults
from tests.unit.testing.test_methods import refusal


def test_a_method_fails_as_often_as_it_should(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("auth.test", error="internal_error", times=2)
    assert [refusal(client, "auth.test") for _ in range(3)] == ["internal_error", "internal_error", ""]


def test_a_method_does_its_work_and_loses_the_answer(slack: LocalSlack, client: WebClient, housing: str) -> None:
    slack.fail("chat.postMessage", status=500, done=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=housing, text="x")
    assert [one.text for one in slack.messages(housing)] == ["x"]


def test_a_connection_is_cut(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("*", status=0, times=2)
    client.retry_handlers = []
    with pytest.raises((OSError, ConnectionError)):
        client.auth_test()


def test_a_client_waits_as_long_as_it_is_asked_to(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("auth.test", retry_after=1)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert client.auth_test()["ok"]
    assert [one.error for one in slack.calls] == ["ratelimited", ""]


def test_a_method_is_limited_for_each_channel(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    other = slack.add_channel("other", [ada])
    slack.rate_limit("chat.postMessage", every=60)
    posts = [refusal(client, "chat.postMessage", channel=one, text="x") for one in (housing, housing, other)]
    assert posts == ["", "ratelimited", ""]
    slack.pass_time(61)
    assert refusal(client, "chat.postMessage", channel=housing, text="x") == ""


def test_limits_let_bursts_through() -> None:
    faults = Faults()
    faults.limit("m", every=1, burst=3)
    assert [faults.wait("m", "C", now) for now in (0.0, 0.1, 0.2, 0.3, 3.1)] == [0, 0, 0, 3, 0]
    faults.limit("m", every=0, burst=1)
    assert faults.wait("m", "C", 3.2) == 0

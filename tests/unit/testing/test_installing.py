"""The app is installed by OAuth, in one workspace and in another, and removed."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from govbot.testing.slack import LocalSlack
from tests.unit.testing.conftest import MANIFEST

BACK = "https://govbot.example.org/back"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(manifest=MANIFEST, installed=False) as local:
        yield local


def agree(slack: LocalSlack, **more: str) -> dict[str, str]:
    """Return what a person brings back from the page on which they agree."""
    asked = {"client_id": slack.client_id, "scope": "chat:write,files:read", "state": "s1", "redirect_uri": BACK}
    parts = urlsplit(slack.authorize_url)
    line = http.client.HTTPConnection(parts.netloc)
    line.request("GET", f"{parts.path}?{urlencode(asked | more)}")
    place = line.getresponse().headers["Location"]
    line.close()
    assert place.startswith(f"{BACK}?")
    return {key: one[0] for key, one in parse_qs(urlsplit(place).query).items()}


def test_an_installation_ends_with_a_token(slack: LocalSlack) -> None:
    told = agree(slack)
    assert (told["state"], slack.bot_token) == ("s1", "")
    client = WebClient(base_url=slack.api_url)
    access = {"client_id": slack.client_id, "client_secret": slack.client_secret, "redirect_uri": BACK}
    found = client.oauth_v2_access(code=told["code"], **access)
    assert (found["access_token"], found["team"]["id"]) == (slack.bot_token, slack.team)
    assert found["scope"] == "chat:write,files:read"
    assert WebClient(token=found["access_token"], base_url=slack.api_url).auth_test()["user_id"] == slack.bot_user
    with pytest.raises(SlackApiError, match="code_already_used"):
        client.oauth_v2_access(code=told["code"], **access)


def test_codes_are_for_the_app_that_asked(slack: LocalSlack) -> None:
    client = WebClient(base_url=slack.api_url)
    wrong = {"client_id": slack.client_id, "client_secret": "wrong", "redirect_uri": BACK}
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        client.oauth_v2_access(code=agree(slack)["code"], **wrong)
    right = wrong | {"client_secret": slack.client_secret}
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        client.oauth_v2_access(code=agree(slack)["code"], **right | {"redirect_uri": "https://evil.example.org"})
    late = agree(slack)["code"]
    slack.pass_time(601)
    with pytest.raises(SlackApiError, match="invalid_code"):
        client.oauth_v2_access(code=late, **right)


def test_who_does_not_agree_is_sent_back_without_a_code(slack: LocalSlack) -> None:
    slack.server.consents = False
    assert agree(slack) == {"state": "s1", "error": "access_denied"}


def test_workspaces_are_kept_apart(slack: LocalSlack) -> None:
    other = slack.add_team("Eskdale")
    first, second = slack.install(), slack.install(team=other)
    bea = slack.add_user("Bea", team=other)
    room = slack.add_channel("room", [bea], team=other)
    assert WebClient(token=second, base_url=slack.api_url).chat_postMessage(channel=room, text="hello")["ok"]
    with pytest.raises(SlackApiError, match="channel_not_found"):
        WebClient(token=first, base_url=slack.api_url).chat_postMessage(channel=room, text="hello")

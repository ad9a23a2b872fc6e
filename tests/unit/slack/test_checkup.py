from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from govbot.config import Settings
from govbot.slack.checkup import Finding, examine
from govbot.slack.installing import Installations, new_key
from govbot.store import Store, open_store
from govbot.testing.slack import LocalSlack


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def settings(slack: LocalSlack, tmp_path: Path) -> Settings:
    """All that the bot needs to connect to Slack."""
    return Settings(
        data=str(tmp_path),
        slack_api=slack.api_url,
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token),
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.engine.dispose()


def given(settings: Settings, **secrets: str) -> Settings:
    plain = ("slack_client_id",)
    return settings.model_copy(
        update={name: value if name in plain else SecretStr(value) for name, value in secrets.items()}
    )


def found(settings: Settings, store: Store | None = None) -> dict[str, Finding]:
    return {finding.about: finding for finding in examine(settings, store)}


def wrong(settings: Settings, store: Store | None = None) -> dict[str, str]:
    return {about: finding.told for about, finding in found(settings, store).items() if not finding.is_fine}


def test_without_settings_for_slack_there_is_one_line(tmp_path: Path) -> None:
    (finding,) = examine(Settings(data=str(tmp_path)), None)
    assert (finding.about, finding.is_fine) == ("slack", True)
    assert "README.md" in finding.told


def test_all_is_well(settings: Settings) -> None:
    every = found(settings)
    assert list(every) == [
        *("slack_tokens", "slack_bot", "slack_scopes", "slack_socket", "slack_key", "slack_events"),
    ]
    assert all(finding.is_fine for finding in every.values())
    assert every["slack_bot"].told == "Slack knows the bot as govbot in Ennerdown Council"


def test_no_line_shows_a_token(settings: Settings, slack: LocalSlack) -> None:
    told = " ".join(finding.told for finding in found(settings).values())
    assert not any(token in told for token in (slack.bot_token, slack.app_token))


@pytest.mark.parametrize(
    ("secrets", "names"),
    [
        ({"slack_app_token": ""}, ["GOVBOT_SLACK_APP_TOKEN"]),
        ({"slack_bot_token": ""}, ["GOVBOT_SLACK_BOT_TOKEN"]),
        ({"slack_bot_token": "", "slack_client_id": "1.2"}, ["GOVBOT_SLACK_CLIENT_SECRET", "GOVBOT_SLACK_KEY"]),
    ],
)
def test_what_is_not_set_is_named(secrets: dict[str, str], names: list[str], settings: Settings) -> None:
    told = wrong(given(settings, **secrets))["slack_tokens"]
    assert [name for name in names if name not in told] == []
    assert "not set" in told


def test_tokens_that_were_mixed_up_are_told_apart(settings: Settings, slack: LocalSlack) -> None:
    mixed = given(settings, slack_bot_token=slack.app_token, slack_app_token=slack.bot_token)
    told = wrong(mixed)
    assert "GOVBOT_SLACK_BOT_TOKEN" in told["slack_tokens"]
    assert "xoxb-" in told["slack_tokens"]
    assert "connections:write" in told["slack_socket"]


def test_a_token_that_slack_took_back_is_told_of(settings: Settings, slack: LocalSlack) -> None:
    slack.revoke_tokens()
    assert "token_revoked" in wrong(settings)["slack_bot"]


def test_permissions_that_are_missing_or_too_many_are_named(settings: Settings, slack: LocalSlack) -> None:
    slack.add_scope("channels:history")
    assert "does not need: channels:history." in wrong(settings)["slack_scopes"]
    slack.remove_scope("files:read")
    slack.remove_scope("commands")
    assert "lacks commands, files:read." in wrong(settings)["slack_scopes"]


def test_while_slack_is_away_that_is_said(settings: Settings, slack: LocalSlack) -> None:
    slack.go_down()
    told = wrong(settings)
    assert set(told) == {"slack_bot", "slack_socket"}
    assert all("Slack cannot be reached now" in sentence for sentence in told.values())


def test_over_http_the_signing_secret_is_enough(settings: Settings, slack: LocalSlack) -> None:
    every = found(given(settings, slack_app_token="", slack_signing_secret=slack.signing_secret))
    assert "slack_socket" not in every
    assert every["slack_http"].is_fine
    assert every["slack_tokens"].is_fine


# Several workspaces


@pytest.fixture
def several(settings: Settings, slack: LocalSlack) -> Settings:
    return given(
        settings,
        slack_bot_token="",
        slack_client_id=slack.client_id,
        slack_client_secret=slack.client_secret,
        slack_key=new_key(),
    )


def install(several: Settings, store: Store, team: str, token: str) -> None:
    Installations(several, store).save(Installation(team_id=team, bot_token=token, user_id="U1"))


def test_before_anybody_installs_the_app_it_is_said_where(several: Settings, store: Store) -> None:
    every = found(several, store)
    assert all(finding.is_fine for finding in every.values())
    assert "/slack/install" in every["slack_bot"].told


def test_every_workspace_is_looked_at(several: Settings, store: Store, slack: LocalSlack) -> None:
    other = slack.add_team("Wasdale", installed=True)
    install(several, store, slack.team, slack.bot_token)
    install(several, store, other, slack.install(team=other))
    assert wrong(several, store) == {}
    assert "2 workspaces" in found(several, store)["slack_bot"].told
    slack.revoke_tokens(team=other)
    assert wrong(several, store)["slack_bot"].startswith(f"{other}: ")
    slack.remove_scope("commands")
    told = [finding.told for finding in examine(several, store) if not finding.is_fine]
    assert [sentence.split(":")[0] for sentence in told] == [slack.team, other]


def test_another_key_is_told_of(several: Settings, store: Store, slack: LocalSlack) -> None:
    install(several, store, slack.team, slack.bot_token)
    told = wrong(given(several, slack_key=new_key()), store)
    assert list(told) == ["slack_key"]
    assert "not the key that tokens were kept with" in told["slack_key"]

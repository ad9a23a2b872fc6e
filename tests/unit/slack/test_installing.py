from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from govbot.config import Settings
from govbot.errors import SlackKeyUnusable, SlackNotSet
from govbot.slack.installing import STATE_GOOD_FOR, Installations, States, new_key, token_of
from govbot.store import Store, find_workspaces, in_workspace, open_store

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path), slack_key=SecretStr(new_key()))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.engine.dispose()


@pytest.fixture
def installations(settings: Settings, store: Store) -> Installations:
    return Installations(settings, store)


def installed(team: str | None, token: str, *, enterprise: str | None = None, of_all: bool = False) -> Installation:
    return Installation(
        app_id="A1",
        enterprise_id=enterprise,
        team_id=team,
        bot_token=token,
        bot_id="B1",
        bot_user_id="U9",
        bot_scopes=["commands", "chat:write"],
        user_id="U1",
        is_enterprise_install=of_all,
        installed_at=NOON,
    )


def test_what_is_saved_is_found(installations: Installations) -> None:
    given = installed("T1", "xoxb-one")
    installations.save(given)
    found = installations.find_installation(enterprise_id=None, team_id="T1")
    bot = installations.find_bot(enterprise_id=None, team_id="T1")
    assert found is not None
    assert found.to_dict() == given.to_dict()
    assert bot is not None
    assert bot.to_dict() == given.to_bot().to_dict()


def test_every_workspace_has_its_own_and_a_later_one_replaces_it(installations: Installations) -> None:
    for team, token in [("T1", "xoxb-one"), ("T2", "xoxb-two"), ("T1", "xoxb-again")]:
        installations.save(installed(team, token))
    bots = [installations.find_bot(enterprise_id=None, team_id=team) for team in ("T1", "T2", "T3")]
    assert [bot and bot.bot_token for bot in bots] == ["xoxb-again", "xoxb-two", None]
    assert installations.workspaces() == ("T1", "T2")


def test_no_token_stands_in_the_database(installations: Installations, store: Store, tmp_path: Path) -> None:
    installations.save(installed("T1", "xoxb-one"))
    store.engine.dispose()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(b"xoxb" in path.read_bytes() for path in files)


def test_who_asks_for_a_workspace_makes_none(installations: Installations, store: Store) -> None:
    before = find_workspaces(store)
    assert installations.find_bot(enterprise_id="E1", team_id="T1", is_enterprise_install=True) is None
    assert installations.find_bot(enterprise_id=None, team_id=None) is None
    assert find_workspaces(store) == before


def test_an_organisation_s_installation_serves_its_workspaces(
    settings: Settings, installations: Installations, store: Store
) -> None:
    installations.save(installed(None, "xoxb-all", enterprise="E1", of_all=True))
    bot = installations.find_bot(enterprise_id="E1", team_id="T1", is_enterprise_install=True)
    assert bot is not None
    assert bot.bot_token == "xoxb-all"
    assert token_of(settings, store, "T1") == "xoxb-all"
    assert installations.workspaces() == ("E1",)
    with pytest.raises(SlackNotSet):
        token_of(settings, store, "T2")


def test_a_workspace_of_an_organisation_may_have_its_own(installations: Installations) -> None:
    installations.save(installed(None, "xoxb-all", enterprise="E1", of_all=True))
    installations.save(installed("T1", "xoxb-one", enterprise="E1"))
    alone = installations.find_bot(enterprise_id="E1", team_id="T1")
    all_of_it = installations.find_bot(enterprise_id="E1", team_id="T1", is_enterprise_install=True)
    assert alone is not None and all_of_it is not None
    assert (alone.bot_token, all_of_it.bot_token) == ("xoxb-one", "xoxb-all")


def test_a_workspace_s_installation_is_not_the_organisation_s(installations: Installations) -> None:
    installations.save(installed("E1", "xoxb-one"))
    assert installations.find_bot(enterprise_id="E1", team_id="T2") is None


def test_what_is_deleted_is_gone_with_its_workspace(installations: Installations, store: Store) -> None:
    for team in ("T1", "T2"):
        installations.save(installed(team, "xoxb-one"))
    installations.delete_all(enterprise_id=None, team_id="T1")
    installations.delete_bot(enterprise_id=None, team_id="T2")
    installations.delete_all(enterprise_id=None, team_id="T3")
    assert installations.workspaces() == ()
    assert not {"T1", "T2", "T3"} & set(find_workspaces(store))


def test_an_organisation_goes_with_all_its_workspaces(installations: Installations, store: Store) -> None:
    installations.save(installed(None, "xoxb-all", enterprise="E1", of_all=True))
    installations.save(installed("T2", "xoxb-two"))
    installations.find_bot(enterprise_id="E1", team_id="T1", is_enterprise_install=True)
    assert {"E1", "T1"} <= set(find_workspaces(store))
    installations.delete_all(enterprise_id="E1", team_id=None)
    assert {"E1", "T1", "T2"} & set(find_workspaces(store)) == {"T2"}


def test_a_person_s_token_that_is_taken_back_changes_nothing(installations: Installations) -> None:
    installations.save(installed("T1", "xoxb-one"))
    installations.delete_installation(enterprise_id=None, team_id="T1", user_id="U1")
    assert installations.workspaces() == ("T1",)
    installations.delete_installation(enterprise_id=None, team_id="T1")
    assert installations.workspaces() == ()


@pytest.mark.parametrize("key", ["", "short", "x" * 44, new_key()[:-2]], ids=["none", "short", "letters", "cut"])
def test_a_key_that_is_none_is_refused(key: str, settings: Settings, store: Store) -> None:
    with pytest.raises(SlackKeyUnusable):
        Installations(settings.model_copy(update={"slack_key": SecretStr(key)}), store)


def test_another_key_opens_nothing(settings: Settings, installations: Installations, store: Store) -> None:
    installations.save(installed("T1", "xoxb-one"))
    other = settings.model_copy(update={"slack_key": SecretStr(new_key())})
    with pytest.raises(SlackKeyUnusable):
        Installations(other, store).find_bot(enterprise_id=None, team_id="T1")
    with pytest.raises(SlackKeyUnusable):
        token_of(other, store, "T1")


def test_the_token_of_the_settings_comes_first(settings: Settings, installations: Installations, store: Store) -> None:
    installations.save(installed("T1", "xoxb-one"))
    assert token_of(settings, store, "T1") == "xoxb-one"
    assert token_of(settings, in_workspace(store, "T1"), "T1") == "xoxb-one"
    given = settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-set")})
    assert token_of(given, store, "T1") == "xoxb-set"


def test_without_a_token_it_is_said_what_to_set(store: Store) -> None:
    with pytest.raises(SlackNotSet) as caught:
        token_of(Settings(), store, "T1")
    assert caught.value.slots == {"names": ["GOVBOT_SLACK_BOT_TOKEN"]}


def test_a_state_comes_back_once(store: Store) -> None:
    states = States(store.engine)
    first, second = states.issue(), states.issue()
    assert first != second
    taken = [states.consume(state) for state in (first, first, "made up", "", second)]
    assert taken == [True, False, False, False, True]


def test_a_state_comes_back_in_time(store: Store) -> None:
    now = [NOON]
    states = States(store.engine, clock=lambda: now[0])
    early, late = states.issue(), states.issue()
    now[0] += STATE_GOOD_FOR - timedelta(seconds=1)
    assert states.consume(early)
    now[0] += timedelta(seconds=1)
    assert not states.consume(late)

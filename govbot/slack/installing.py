"""The workspaces that the app is installed in: their tokens, encrypted, and the key that opens them."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from slack_sdk.oauth import InstallationStore, OAuthStateStore
from slack_sdk.oauth.installation_store import Bot, Installation

from govbot.errors import SlackKeyUnusable, SlackNotSet
from govbot.store import (
    find_workspaces,
    in_workspace,
    keep_installation,
    keep_state,
    read_installation,
    remove_workspace,
    take_state,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from govbot.config import Settings
    from govbot.store import Store

#: How long an installation may take from its first page to its last.
STATE_GOOD_FOR = timedelta(minutes=10)
_STATE_BYTES = 32
#: Under this a workspace says which organisation's installation it goes by, in the place of one of its own.
_ORGANISATION = "organisation"
_LOG = logging.getLogger(__name__)


def new_key() -> str:
    """Return a new key for GOVBOT_SLACK_KEY."""
    return Fernet.generate_key().decode("ascii")


def token_of(settings: Settings, store: Store, workspace: str) -> str:
    """Return the bot's token for a workspace: that of the settings, or the one that was kept when it was installed.

    Raises SlackNotSet where there is neither, SlackKeyUnusable where the kept one cannot be opened.
    """
    if settings.slack_bot_token.get_secret_value():
        return settings.slack_bot_token.get_secret_value()
    if settings.slack_key.get_secret_value() and workspace:
        bot = Installations(settings, store).find_bot(enterprise_id=None, team_id=workspace)
        if bot is not None and bot.bot_token:
            return bot.bot_token
    raise SlackNotSet(names=["GOVBOT_SLACK_BOT_TOKEN"])


class Installations(InstallationStore):
    """Installations in the database, one a workspace; one of a whole organisation stands under the organisation's id.

    Every method raises SlackKeyUnusable where the key is none, or another than tokens were kept with.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        try:
            self._fernet = Fernet(settings.slack_key.get_secret_value())
        except ValueError as exc:
            raise SlackKeyUnusable from exc

    @property
    def logger(self) -> logging.Logger:
        """Where Slack's own library tells of it."""
        return _LOG

    def save(self, installation: Installation) -> None:
        """Keep an installation, in the place of an earlier one."""
        key = _key(installation.enterprise_id, installation.team_id, installation.is_enterprise_install)
        self._keep(key, installation.__dict__)

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot of a workspace; None where the app is not installed there."""
        found = self.find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return None if found is None else found.to_bot()

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the installation of a workspace, or of the organisation that it is part of; None where there is none.

        Whose it is makes no difference: the app asks for no tokens of people.
        """
        kept = self._read(team_id) or {}
        is_own = bool(kept) and _ORGANISATION not in kept
        if is_own and not is_enterprise_install:
            return Installation(**kept)
        organisation = enterprise_id or kept.get(_ORGANISATION)
        found = self._read(organisation)
        if found is None or not found["is_enterprise_install"]:
            return None
        if team_id and not is_own and kept.get(_ORGANISATION) != organisation:
            # Workers know a workspace by its own id, and nothing of its organisation.
            self._keep(team_id, {_ORGANISATION: organisation})
        return Installation(**found)

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Remove a workspace whose token was taken back, with all that is kept of it."""
        self.delete_all(enterprise_id=enterprise_id, team_id=team_id)

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Remove a workspace with all that is kept of it; that one person's token is no more changes nothing here."""
        if user_id is None:
            self.delete_all(enterprise_id=enterprise_id, team_id=team_id)

    def delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Remove a workspace with all that is kept of it; without one, the organisation with all its workspaces."""
        gone = [team_id] if team_id else [enterprise_id, *self._parts(enterprise_id)]
        known = find_workspaces(self._store)
        for key in gone:
            if key in known:
                remove_workspace(in_workspace(self._store, str(key)))

    def workspaces(self) -> tuple[str, ...]:
        """Return the ids of the workspaces and organisations that the app is installed in."""
        every = {key: self._read(key) for key in find_workspaces(self._store)}
        return tuple(key for key, kept in every.items() if kept and _ORGANISATION not in kept)

    def _parts(self, organisation: str | None) -> list[str]:
        """Return the workspaces that go by an organisation's installation."""
        every = {key: self._read(key) or {} for key in find_workspaces(self._store)}
        return [key for key, kept in every.items() if organisation and kept.get(_ORGANISATION) == organisation]

    def _keep(self, key: str, kept: dict[str, Any]) -> None:
        body = self._fernet.encrypt(json.dumps(kept).encode())
        keep_installation(in_workspace(self._store, key), body, at=datetime.now(UTC))

    def _read(self, key: str | None) -> dict[str, Any] | None:
        # Who asks for a workspace that is not there must not make it.
        if not key or key not in find_workspaces(self._store):
            return None
        body = read_installation(in_workspace(self._store, key))
        if body is None:
            return None
        try:
            return dict(json.loads(self._fernet.decrypt(body)))
        except (InvalidToken, ValueError) as exc:
            raise SlackKeyUnusable from exc


class States(OAuthStateStore):
    """What Slack brings back at the end of an installation that began here, within ten minutes and once."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine, self._clock = engine, clock

    @property
    def logger(self) -> logging.Logger:
        """Where Slack's own library tells of it."""
        return _LOG

    def issue(self, *_: object, **__: object) -> str:
        """Return a new one."""
        state = secrets.token_urlsafe(_STATE_BYTES)
        keep_state(self._engine, state, expires_at=self._clock() + STATE_GOOD_FOR)
        return state

    def consume(self, state: str) -> bool:
        """Return whether it began here and is brought back for the first time, in time."""
        return bool(state) and take_state(self._engine, state, at=self._clock())


def _key(enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None) -> str:
    return str(enterprise_id if is_enterprise_install or not team_id else team_id)

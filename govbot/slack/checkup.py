"""Looks at the Slack side of an installation: tokens, permissions, the connection, the key, and says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from govbot.errors import GovbotError, SlackKeyUnusable, SlackUnreachable
from govbot.slack.calling import new_client, told
from govbot.slack.installing import Installations, token_of
from govbot.slack.manifest import SCOPES
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk.web import SlackResponse

    from govbot.config import Settings
    from govbot.store import Store

_SHEET = "slack_app"
#: What Slack's tokens begin with, by setting.
_STARTS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
_SECRETS = (*_STARTS, "slack_signing_secret", "slack_client_secret", "slack_key")
#: What the app needs where it is installed in many workspaces.
_MANY = ("slack_client_id", "slack_client_secret", "slack_key")
_SCOPES_HEADER = "x-oauth-scopes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was found of one matter."""

    #: The matter: a key of prompts/cli.yaml, doctor.
    about: str
    is_fine: bool
    #: What is so, or what is wrong and what to do.
    told: str


def examine(settings: Settings, store: Store | None) -> Iterator[Finding]:
    """Give what is found of each matter; one line alone where there are no settings for Slack.

    Without a `store` nothing is said of workspaces that the app was installed in.
    """
    given = {name: _value(settings, name) for name in (*_SECRETS, "slack_client_id")}
    if not any(given.values()):
        yield _fine("slack", say(_SHEET, "doctor.unset"))
        return
    yield _tokens(given)
    if given["slack_bot_token"]:
        yield from _bot(settings, given["slack_bot_token"])
    if given["slack_app_token"]:
        yield _socket(settings, given["slack_app_token"])
    elif given["slack_signing_secret"]:
        yield _fine("slack_http", say(_SHEET, "doctor.http"))
    if given["slack_bot_token"] and not given["slack_key"]:
        yield _fine("slack_key", say(_SHEET, "doctor.no_key"))
    elif store is not None:
        yield from _installed(settings, store, is_used=not given["slack_bot_token"])
    yield _fine("slack_events", say(_SHEET, "doctor.events"))


def _tokens(given: dict[str, str]) -> Finding:
    """Return whether every token is there that the bot needs, and is of its kind."""
    for name, start in _STARTS.items():
        if given[name] and not given[name].startswith(start):
            place = say(_SHEET, "doctor.place_bot" if name == "slack_bot_token" else "doctor.place_app")
            return _wrong("slack_tokens", say(_SHEET, "doctor.token_kind", name=_env(name), start=start, place=place))
    missing = [] if given["slack_bot_token"] else [name for name in _MANY if not given[name]]
    if missing == list(_MANY):
        missing = ["slack_bot_token"]
    if not (given["slack_app_token"] or given["slack_signing_secret"]):
        missing.append("slack_app_token")
    if missing:
        return _wrong("slack_tokens", say(_SHEET, "doctor.tokens_missing", names=[_env(name) for name in missing]))
    there = [_env(name) for name, value in given.items() if value]
    return _fine("slack_tokens", say(_SHEET, "doctor.tokens_there", names=there))


def _bot(settings: Settings, token: str) -> Iterator[Finding]:
    """Give whether Slack knows the token, and whether it may do what it should and no more."""
    try:
        found = _call(settings, token, "auth.test")
    except GovbotError as exc:
        yield _wrong("slack_bot", str(exc))
        return
    yield _fine("slack_bot", say(_SHEET, "doctor.bot", user=found.get("user", "?"), team=found.get("team", "?")))
    yield _scopes(found)


def _scopes(found: SlackResponse) -> Finding:
    headers = {name.lower(): value for name, value in found.headers.items()}
    if _SCOPES_HEADER not in headers:
        return _wrong("slack_scopes", say(_SHEET, "doctor.scopes_unknown"))
    granted = {scope.strip() for scope in str(headers[_SCOPES_HEADER]).split(",") if scope.strip()}
    missing, extra = sorted(set(SCOPES) - granted), sorted(granted - set(SCOPES))
    if missing:
        return _wrong("slack_scopes", say(_SHEET, "doctor.scopes_missing", scopes=missing))
    if extra:
        return _wrong("slack_scopes", say(_SHEET, "doctor.scopes_extra", scopes=extra))
    return _fine("slack_scopes", say(_SHEET, "doctor.scopes", n=len(SCOPES)))


def _socket(settings: Settings, token: str) -> Finding:
    """Return whether the app may connect."""
    try:
        _call(settings, token, "apps.connections.open")
    except SlackUnreachable as exc:
        return _wrong("slack_socket", str(exc))
    except GovbotError as exc:
        error = exc.slots.get("error") or exc.slots.get("needed")
        return _wrong("slack_socket", say(_SHEET, "doctor.socket_refused", error=error))
    return _fine("slack_socket", say(_SHEET, "doctor.socket"))


def _installed(settings: Settings, store: Store, *, is_used: bool) -> Iterator[Finding]:
    """Give whether the key opens what is kept, and where it `is_used`, whether every workspace's token works."""
    try:
        workspaces = Installations(settings, store).workspaces()
    except SlackKeyUnusable as exc:
        yield _wrong("slack_key", str(exc))
        return
    yield _fine("slack_key", say(_SHEET, "doctor.key", n=len(workspaces)))
    if not is_used:
        return
    faults = [(one, fault) for one in workspaces if (fault := _fault_of(settings, store, one))]
    for workspace, fault in faults:
        yield _wrong("slack_bot", say(_SHEET, "doctor.workspace_wrong", workspace=workspace, message=fault))
    if not workspaces:
        yield _fine("slack_bot", say(_SHEET, "doctor.no_workspaces"))
    elif not faults:
        yield _fine("slack_bot", say(_SHEET, "doctor.workspaces", n=len(workspaces)))


def _fault_of(settings: Settings, store: Store, workspace: str) -> str:
    """Return what is wrong with a workspace's token; empty where nothing is."""
    try:
        scopes = _scopes(_call(settings, token_of(settings, store, workspace), "auth.test"))
    except GovbotError as exc:
        return str(exc)
    return "" if scopes.is_fine else scopes.told


def _call(settings: Settings, token: str, method: str) -> SlackResponse:
    """Return Slack's answer, headers too; raise SlackError."""
    arguments: dict[str, Any] = {"params": {}}
    try:
        return new_client(settings, token).api_call(method, **arguments)
    except SlackApiError as exc:
        raise told(method, exc) from exc
    except (URLError, OSError, SlackClientError) as exc:
        raise SlackUnreachable(reason=type(exc).__name__) from exc


def _value(settings: Settings, name: str) -> str:
    found = getattr(settings, name)
    return str(found.get_secret_value()) if hasattr(found, "get_secret_value") else str(found)


def _env(name: str) -> str:
    return f"GOVBOT_{name.upper()}"


def _fine(about: str, told: str) -> Finding:
    return Finding(about=about, is_fine=True, told=told)


def _wrong(about: str, told: str) -> Finding:
    return Finding(about=about, is_fine=False, told=told)

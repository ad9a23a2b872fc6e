"""What Slack has on record of the app: its secrets, what its manifest asks for, where it is installed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import APP_ID
from govbot.testing.slack.world import Grant, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from govbot.testing.slack.world import Team, World

#: Seconds that the code of an installation, and the address of a connection, are good for.
_CODE_GOOD_FOR, _TICKET_GOOD_FOR = 600.0, 30.0
_APP_SCOPES = ["connections:write"]
#: Event -> scopes of which the token needs one; what is not listed needs none.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "file_shared": ("files:read",),
    "file_unshared": ("files:read",),
    "file_deleted": ("files:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """What an installation ends with, to be changed for a token."""

    team: str
    scopes: tuple[str, ...]
    redirect_uri: str
    made_at: float


class Registry:
    """The app on record."""

    def __init__(self, world: World, manifest: Mapping[str, Any]) -> None:
        self._world = world
        settings, features = manifest.get("settings") or {}, manifest.get("features") or {}
        oauth = manifest.get("oauth_config") or {}
        self.app_id = APP_ID
        self.name = str((features.get("bot_user") or {}).get("display_name") or "govbot")
        self.client_id = "1000000001.2000000002"
        self.client_secret = secrets.token_hex(16)
        self.signing_secret = secrets.token_hex(16)
        self.verification_token = secrets.token_hex(12)
        self.scopes: list[str] = list((oauth.get("scopes") or {}).get("bot") or ())
        self.redirect_urls: list[str] = list(oauth.get("redirect_urls") or ())
        self.events: set[str] = set((settings.get("event_subscriptions") or {}).get("bot_events") or ())
        self.commands: list[dict[str, Any]] = list(features.get("slash_commands") or ())
        self.shortcuts = [one for one in features.get("shortcuts") or () if one.get("type") == "message"]
        self.app_grant = Grant(token=f"xapp-1-{secrets.token_hex(12)}", team="", scopes=_APP_SCOPES)
        world.grants[self.app_grant.token] = self.app_grant
        self._codes: dict[str, Code] = {}
        self._used: set[str] = set()
        self._tickets: dict[str, float] = {}

    # Installing

    def install(self, team: Team, scopes: Iterable[str]) -> Grant:
        """Return a good token for a workspace, with these scopes besides those it had."""
        if not team.bot_user:
            team.bot_user, team.bot_id = self._world.new_id("U"), self._world.new_id("B")
            bot = User(id=team.bot_user, team=team.id, name=self.name, is_bot=True)
            self._world.users[bot.id] = bot
        grant = self.grant_of(team.id)
        if grant is None:
            grant = Grant(token=f"xoxb-{team.id}-{secrets.token_hex(12)}", team=team.id, scopes=[])
            self._world.grants[grant.token] = grant
        grant.scopes += [scope for scope in scopes if scope not in grant.scopes]
        self._world.changed()
        return grant

    def grant_of(self, team: str) -> Grant | None:
        """Return the workspace's good token; None where the app is not installed there."""
        every = self._world.grants.values()
        return next((one for one in every if one.team == team and not one.error), None)

    def remove(self, team: str, error: str) -> None:
        """Make a workspace's tokens good for nothing: calls get `error` from now on."""
        for grant in self._world.grants.values():
            if grant.team == team and not grant.error:
                grant.error = error
        self._world.changed()

    def new_code(self, team: str, scopes: Iterable[str], redirect_uri: str) -> str:
        """Return what the app can change for a token."""
        name = secrets.token_hex(16)
        made_at = self._world.clock.now()
        self._codes[name] = Code(team=team, scopes=tuple(scopes), redirect_uri=redirect_uri, made_at=made_at)
        return name

    def take_code(self, name: str, client_id: str, client_secret: str, redirect_uri: str) -> Grant:
        """Return the token for a code; raise Refused."""
        if client_id != self.client_id:
            raise Refused("invalid_client_id")
        if client_secret != self.client_secret:
            raise Refused("bad_client_secret")
        if name in self._used:
            raise Refused("code_already_used")
        code = self._codes.pop(name, None)
        if code is None or self._world.clock.now() - code.made_at > _CODE_GOOD_FOR:
            raise Refused("invalid_code")
        if redirect_uri != code.redirect_uri:
            raise Refused("bad_redirect_uri")
        self._used.add(name)
        return self.install(self._world.teams[code.team], code.scopes)

    # Hearing

    def hears(self, team: str, subscription: str) -> bool:
        """Return whether the app in a workspace is told of an event: it asked for it, and it may know."""
        if subscription not in self.events:
            return False
        if subscription in ("app_uninstalled", "tokens_revoked"):
            return True
        grant = self.grant_of(team)
        scopes = EVENT_SCOPES.get(subscription, ())
        return grant is not None and (not scopes or bool(set(scopes) & set(grant.scopes)))

    # Connecting

    def new_ticket(self) -> str:
        """Return what opens one connection."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = self._world.clock.now()
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        """Return whether a connection may be opened with that."""
        made_at = self._tickets.pop(ticket, None)
        return made_at is not None and self._world.clock.now() - made_at <= _TICKET_GOOD_FOR

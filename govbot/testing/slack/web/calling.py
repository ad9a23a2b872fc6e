"""A call of the Web API: whose token, with which scopes, and what it was given; and the methods there are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from govbot.testing.slack.records import Refused
from govbot.testing.slack.world import Grant, Team, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from govbot.testing.slack.world import Channel, Kind, User

Token = Literal["bot", "app", "none"]
_MOST_LISTED = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a method was called with."""

    world: World
    arguments: Mapping[str, Any]
    #: The token's; of no meaning for a method that takes none.
    grant: Grant

    @property
    def team(self) -> Team:
        """The workspace that the token is of."""
        return self.world.teams[self.grant.team]

    def need(self, *scopes: str) -> None:
        """Raise Refused where the token has none of the scopes."""
        if scopes and not set(scopes) & set(self.grant.scopes):
            raise Refused("missing_scope", needed=",".join(scopes), provided=",".join(self.grant.scopes))

    def text(self, name: str, *, default: str = "") -> str:
        """Return an argument as a string."""
        given = self.arguments.get(name)
        return default if given is None else str(given)

    def required(self, name: str) -> str:
        """Return an argument that must be there."""
        given = self.text(name)
        if not given:
            raise Refused(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]}
            )
        return given

    def flag(self, name: str) -> bool:
        """Return an argument that is true or false."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """Return a number; raise Refused where it is none."""
        try:
            return int(self.text(name) or default)
        except ValueError as exc:
            raise Refused("invalid_arguments", name) from exc

    def json(self, name: str) -> Any:  # noqa: ANN401 (JSON)
        """Return an argument that is JSON, also where it came as a string; None where it did not come."""
        given = self.arguments.get(name)
        if not isinstance(given, str):
            return given
        try:
            return json.loads(given) if given else None
        except ValueError as exc:
            raise Refused("invalid_json", name) from exc

    # Where

    def channel(self, name: str = "channel", *, scopes: Mapping[Kind, str] | None = None) -> Channel:
        """Return the channel that is meant, where the app may know of it; raise Refused.

        `scopes` are those of which the token needs one, by the kind of channel.
        """
        channel = self.world.channels.get(self.text(name))
        if channel is None and self.text(name)[:1] in ("U", "W") and not scopes:
            return self.world.direct_messages(self.team, self.person(self.text(name), "channel_not_found").id)
        if channel is None:
            self.need(*(scopes or {}).values())
            raise Refused("channel_not_found")
        if scopes:
            self.need(scopes[channel.kind])
        is_of_team = self.team.id == channel.team or channel.is_ext_shared
        if not is_of_team or (channel.kind != "public" and self.team.bot_user not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def own_channel(self, name: str = "channel", *, scopes: Mapping[Kind, str] | None = None) -> Channel:
        """Return the channel that is meant, where the app is in it; raise Refused."""
        channel = self.channel(name, scopes=scopes)
        if self.team.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def person(self, name: str, error: str = "user_not_found") -> User:
        """Return somebody; raise Refused."""
        if name not in self.world.users:
            raise Refused(error)
        return self.world.users[name]

    def page(self, every: list[Any], default: int) -> tuple[list[Any], dict[str, str]]:
        """Return the part of a list that the cursor and limit mean, and the cursor that goes on."""
        start = self._start(every)
        limit = self.number("limit", default)
        if not 0 < limit <= _MOST_LISTED:
            raise Refused("invalid_limit")
        end = start + limit
        return every[start:end], {"next_cursor": f"from:{end}" if end < len(every) else ""}

    def _start(self, every: list[Any]) -> int:
        word, _, start = (self.text("cursor") or "from:0").partition(":")
        if word != "from" or not start.isdigit() or int(start) > len(every):
            raise Refused("invalid_cursor")
        return int(start)


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method: what it takes and what it does."""

    run: Callable[[Asked], dict[str, Any]]
    #: One of these is needed; none where the method looks itself, or needs none.
    scopes: tuple[str, ...] = ()
    token: Token = "bot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a method answers, and the headers that go with it."""

    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """What it refused with; empty where it did what was asked."""
        return str(self.body.get("error") or "")


#: Every method there is.
METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, token: Token = "bot"
) -> Callable[[Callable[[Asked], dict[str, Any]]], Callable[[Asked], dict[str, Any]]]:
    """Return a decorator that makes a function a method."""

    def add(run: Callable[[Asked], dict[str, Any]]) -> Callable[[Asked], dict[str, Any]]:
        METHODS[name] = Method(run=run, scopes=scopes, token=token)
        return run

    return add


def call(world: World, name: str, token: str, arguments: Mapping[str, Any]) -> Reply:
    """Return what a method answers; it has done its work then."""
    grant = Grant(token="", team="", scopes=[])
    headers: dict[str, str] = {}
    try:
        found = METHODS.get(name)
        if found is None:
            raise Refused("unknown_method", req_method=name)
        if found.token != "none":
            grant = grant_of(world, token)
            headers["x-oauth-scopes"] = ",".join(grant.scopes)
            if found.scopes:
                headers["x-accepted-oauth-scopes"] = ",".join(found.scopes)
            _look_at_kind(grant, found.token)
        asked = Asked(world=world, arguments=arguments, grant=grant)
        asked.need(*found.scopes)
        return Reply(body={"ok": True, **found.run(asked)}, headers=headers)
    except Refused as exc:
        return Reply(body={"ok": False, "error": exc.name, **exc.extra}, headers=headers)


def grant_of(world: World, token: str) -> Grant:
    """Return what a token may do; raise Refused where it is none, or not good any more."""
    if not token:
        raise Refused("not_authed")
    if token not in world.grants:
        raise Refused("invalid_auth")
    if world.grants[token].error:
        raise Refused(world.grants[token].error)
    return world.grants[token]


def _look_at_kind(grant: Grant, kind: Token) -> None:
    if grant.token.startswith("xapp-") != (kind == "app"):
        raise Refused("not_allowed_token_type")

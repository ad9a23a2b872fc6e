"""Everything that is so in the local Slack: people, channels, messages, files, open modals, tokens."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from govbot.testing.slack.clock import Clock
from govbot.testing.slack.records import Call, Delivery, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from govbot.testing.slack.registry import Registry

Kind = Literal["public", "private", "dm"]
#: What an id begins with, by the kind of channel.
_LETTER: dict[Kind, str] = {"public": "C", "private": "C", "dm": "D"}


@dataclass(kw_only=True, slots=True)
class Team:
    """A workspace."""

    id: str
    name: str
    #: The app's user and bot there; empty where it is not installed.
    bot_user: str = ""
    bot_id: str = ""

    @property
    def domain(self) -> str:
        """What its address begins with."""
        return "".join(letter for letter in self.name.casefold() if letter.isalnum()) or "local"


@dataclass(kw_only=True, slots=True)
class User:
    """A person, or the app's own user."""

    id: str
    team: str
    name: str
    is_guest: bool = False
    is_ultra: bool = False
    is_bot: bool = False
    #: True where the account was closed.
    is_gone: bool = False


@dataclass(kw_only=True, slots=True)
class Post:
    """A message as it is kept."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    #: Time of the first message of its thread; empty where it stands by itself, also where it has replies.
    thread: str = ""
    only_for: str = ""
    is_edited: bool = False
    changes: int = 0
    is_gone: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    #: Whether names that are only written, such as "@channel", ping too.
    is_parsed: bool = False


@dataclass(kw_only=True, slots=True)
class Channel:
    """A channel, or somebody's direct messages with the app."""

    id: str
    team: str
    kind: Kind
    name: str
    members: list[str] = field(default_factory=list)
    is_ext_shared: bool = False
    is_archived: bool = False
    posts: list[Post] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Share:
    """A place where a file is."""

    channel: str
    ts: str
    thread: str = ""


@dataclass(kw_only=True, slots=True)
class File:
    """A file."""

    id: str
    team: str
    user: str
    name: str
    title: str
    data: bytes
    created: float
    shares: list[Share] = field(default_factory=list)
    is_gone: bool = False
    #: True where it came by Slack Connect, so that it is told of by its id alone.
    is_connect: bool = False
    #: Where it lies if that is not with Slack; empty otherwise.
    external_url: str = ""
    #: How often files.info still says nothing of where it is shared.
    lag: int = 0
    #: What is not as it should be with its download: "url", "redirect", "page", "size", "data".
    spoilt: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Grant:
    """A token and what it may do."""

    token: str
    team: str
    scopes: list[str]
    #: The error with which calls are refused; empty while the token is good.
    error: str = ""


@dataclass(kw_only=True, slots=True)
class Shown:
    """A modal or a Home as it is shown to somebody."""

    id: str
    team: str
    user: str
    hash: str
    view: dict[str, Any]
    root: str = ""
    previous: str = ""
    #: What is typed and chosen in it: block -> action -> state.
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Trigger:
    """What lets an app open a modal, once and soon."""

    team: str
    user: str
    made_at: float
    #: The modal in which it arose; empty where it arose elsewhere.
    view: str = ""
    is_used: bool = False


@dataclass(kw_only=True, slots=True)
class ResponseUrl:
    """An address at which an app answers an interaction."""

    team: str
    channel: str
    user: str
    made_at: float
    #: The message that was acted on; empty for a command.
    ts: str = ""
    thread: str = ""
    uses: int = 0


@dataclass(kw_only=True, slots=True)
class Happening:
    """An event that the app is to hear of."""

    team: str
    id: str
    event: dict[str, Any]
    #: Seconds since 1970.
    at: float
    is_ext_shared: bool = False


class World:
    """The state. Whoever looks at it or changes it holds `lock`; changes are told by `changed`."""

    #: What Slack has on record of the app; there as soon as the world is.
    registry: Registry

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clock = Clock()
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.groups: dict[str, list[str]] = {}
        self.grants: dict[str, Grant] = {}
        self.stacks: dict[str, list[Shown]] = {}
        self.homes: dict[str, Shown] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        #: What the app did wrong where it cannot be told so.
        self.faults: list[str] = []
        #: Grows with every change that people see, and with everything that is noted.
        self.version = 1
        self.notes = 1
        #: Host and port where files lie, and where everything else does.
        self.file_host = ""
        self.host = ""
        #: Files.info is asked so often before it says where a new file is shared.
        self.shares_lag = 0
        #: Told of every event, and of every note.
        self.on_happening: Callable[[Happening], None] = lambda _: None
        self.on_note: Callable[[], None] = lambda: None
        self._noted = threading.Condition(self.lock)
        self._number = 0
        self._last_ts = 0

    # Names and times

    def new_id(self, letter: str) -> str:
        """Return an id that nothing else has."""
        with self.lock:
            self._number += 1
            return f"{letter}0{self._number:07d}"

    def new_ts(self) -> str:
        """Return the time of a message: now, and later than every earlier one."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, round(time.time() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        """Return what tells one state of a view from another."""
        return f"{self.new_ts().partition('.')[0]}.{secrets.token_hex(4)}"

    def new_trigger(self, team: str, user: str, view: str = "") -> str:
        """Return a trigger for a modal."""
        name = f"{self.new_id('')}.{int(self.clock.now())}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(team=team, user=user, made_at=self.clock.now(), view=view)
        return name

    # Change

    def changed(self) -> None:
        """Tell everybody that something that people see is different."""
        with self.lock:
            self.version += 1
            self.noted()

    def noted(self) -> None:
        """Tell everybody that waits that something was noted."""
        with self.lock:
            self.notes += 1
            self._noted.notify_all()
        self.on_note()

    def wait_beyond(self, notes: int, seconds: float) -> None:
        """Wait until there are more notes than that, or so long."""
        with self.lock:
            self._noted.wait_for(lambda: self.notes != notes, seconds)

    def happen(self, team: str, kind: str, event: Mapping[str, Any], *, is_ext_shared: bool = False) -> str:
        """Let the app hear of an event; return the event's id."""
        said = {"type": kind, **event, "event_ts": event.get("event_ts") or event.get("ts") or self.new_ts()}
        happening = Happening(
            team=team, id=self.new_id("Ev"), event=said, at=self.clock.now(), is_ext_shared=is_ext_shared
        )
        self.on_happening(happening)
        return happening.id

    # Looking things up

    def team_of(self, bot_user: str) -> Team | None:
        """Return the workspace whose app's user that is; None where it is nobody's."""
        return next((team for team in self.teams.values() if team.bot_user == bot_user), None)

    def people(self, team: str) -> list[str]:
        """Return the people of a workspace."""
        return [user.id for user in self.users.values() if user.team == team and not user.is_bot]

    def user(self, name: str) -> User:
        """Return somebody; raise Refused."""
        if name not in self.users:
            raise Refused("no_such_user", name)
        return self.users[name]

    def channel(self, name: str) -> Channel:
        """Return a channel; raise Refused."""
        if name not in self.channels:
            raise Refused("no_such_channel", name)
        return self.channels[name]

    def file(self, name: str) -> File:
        """Return a file that is there; raise Refused."""
        found = self.files.get(name)
        if found is None or found.is_gone:
            raise Refused("no_such_file", name)
        return found

    def post(self, channel: str, ts: str, user: str = "") -> Post:
        """Return a message that everybody sees, or that is only for `user`; raise Refused."""
        for post in self.channel(channel).posts:
            if post.ts == ts and not post.is_gone and post.only_for in ("", user):
                return post
        raise Refused("no_such_message", f"{channel} {ts}")

    def posts_with(self, file: str) -> Iterator[Post]:
        """Give the messages that a file is in."""
        return (post for channel in self.channels.values() for post in channel.posts if file in post.files)

    def shown(self, view: str) -> Shown | None:
        """Return an open modal or a Home by its id; None where it is not there."""
        every = [*self.homes.values(), *(shown for stack in self.stacks.values() for shown in stack)]
        return next((shown for shown in every if shown.id == view), None)

    def shown_by_external_id(self, team: str, name: str) -> Shown | None:
        """Return an open modal or a Home by the id that the app gave it; None where it is not there."""
        every = [*self.homes.values(), *(shown for stack in self.stacks.values() for shown in stack)]
        named = (one for one in every if one.team == team and one.view.get("external_id") == name)
        return next(named, None)

    def direct_messages(self, team: Team, user: str) -> Channel:
        """Return somebody's direct messages with the app, opened where they were not."""
        for channel in self.channels.values():
            if channel.kind == "dm" and channel.team == team.id and user in channel.members:
                return channel
        return self.add_channel(team.id, "dm", "", [user, team.bot_user])

    def add_channel(
        self, team: str, kind: Kind, name: str, members: list[str], *, is_ext_shared: bool = False
    ) -> Channel:
        """Add a channel."""
        place = self.new_id(_LETTER[kind])
        channel = Channel(id=place, team=team, kind=kind, name=name, members=members, is_ext_shared=is_ext_shared)
        self.channels[channel.id] = channel
        self.changed()
        return channel

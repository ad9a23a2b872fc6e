"""The local Slack as tests and trials hold it: a workspace to act in, to look at, and to break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.slack.manifest import manifest as own_manifest
from govbot.testing.slack.acting import Press
from govbot.testing.slack.breaking import Breaking
from govbot.testing.slack.looking import Looking
from govbot.testing.slack.records import Refused, Uploaded
from govbot.testing.slack.registry import Registry
from govbot.testing.slack.server import Server
from govbot.testing.slack.shaping import permalink
from govbot.testing.slack.talking import may_write, new_file, speak, tell_moved
from govbot.testing.slack.world import Team, User, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from govbot.testing.slack.records import Answered
    from govbot.testing.slack.world import Kind

_MOST_FILES = 10


class LocalSlack(Looking, Breaking):
    """A Slack on this machine, with one workspace in which the app is installed as its manifest says.

    All but `wait_for` and the acts that an app must acknowledge come back at once; events go their own way.
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any] | None = None,
        name: str = "Ennerdown Council",
        installed: bool = True,
        port: int = 0,
    ) -> None:
        """`manifest` is the app's, else govbot's own; `installed` is False for one that OAuth installs."""
        self.world = World()
        self.world.registry = Registry(self.world, own_manifest() if manifest is None else manifest)
        self.server = Server(self.world, port=port)
        self.team = self.add_team(name, installed=installed)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()

    # Where and with what

    @property
    def url(self) -> str:
        """Where a person opens the page."""
        return f"http://{self.world.host}"

    @property
    def api_url(self) -> str:
        """For WebClient(base_url=…)."""
        return f"{self.url}/api/"

    @property
    def authorize_url(self) -> str:
        """Where an installation begins."""
        return f"{self.url}/oauth/v2/authorize"

    @property
    def file_host(self) -> str:
        """Host and port that files lie on."""
        return self.world.file_host

    @property
    def bot_user(self) -> str:
        """The app's own user; empty before it is installed."""
        return self.world.teams[self.team].bot_user

    @property
    def bot_token(self) -> str:
        """The app's token in the first workspace; empty where it is not installed."""
        grant = self.world.registry.grant_of(self.team)
        return grant.token if grant else ""

    @property
    def app_token(self) -> str:
        """For Socket Mode."""
        return self.world.registry.app_grant.token

    @property
    def signing_secret(self) -> str:
        """What requests over HTTP are signed with."""
        return self.world.registry.signing_secret

    @property
    def client_id(self) -> str:
        """The app's id for OAuth."""
        return self.world.registry.client_id

    @property
    def client_secret(self) -> str:
        """The app's secret for OAuth."""
        return self.world.registry.client_secret

    @property
    def connections(self) -> int:
        """How many connections the app has open."""
        return self.server.sockets.count

    def deliver_to(self, address: str) -> None:
        """Bring everything to that address from now on; empty for Socket Mode again."""

        async def turn() -> None:
            self.server.courier.address = address
            if address:
                self.server.courier.arrived()

        self.server.do(turn())

    # Setting up

    def add_team(self, name: str, *, installed: bool = False) -> str:
        """Add a workspace."""
        with self.world.lock:
            team = Team(id=self.world.new_id("T"), name=name)
            self.world.teams[team.id] = team
            if installed:
                self.world.registry.install(team, self.world.registry.scopes)
            return team.id

    def add_user(
        self, name: str, *, guest: bool = False, ultra: bool = False, stranger: bool = False, team: str = ""
    ) -> str:
        """Add somebody; a stranger is of a workspace where the app is not."""
        with self.world.lock:
            if stranger:
                team = self._elsewhere()
            user = User(
                id=self.world.new_id("U"), team=team or self.team, name=name, is_guest=guest or ultra, is_ultra=ultra
            )
            self.world.users[user.id] = user
            self.world.changed()
            return user.id

    def add_channel(
        self,
        name: str,
        members: Sequence[str] = (),
        *,
        private: bool = False,
        is_ext_shared: bool = False,
        with_bot: bool = True,
        team: str = "",
    ) -> str:
        """Add a channel."""
        with self.world.lock:
            home = self.world.teams[team or self.team]
            people = [self.world.user(user).id for user in members]
            people += [home.bot_user] if with_bot and home.bot_user else []
            kind: Kind = "private" if private else "public"
            return self.world.add_channel(home.id, kind, name, people, is_ext_shared=is_ext_shared).id

    def add_group(self, name: str, members: Sequence[str] = ()) -> str:
        """Add a group of people, such as the officers."""
        with self.world.lock:
            group = self.world.new_id("S")
            self.world.groups[group] = list(members)
            return group

    def open_dm(self, user: str) -> str:
        """Return somebody's direct messages with the app."""
        with self.world.lock:
            own = self.world.teams[self.world.user(user).team]
            return self.world.direct_messages(own if own.bot_user else self.world.teams[self.team], user).id

    # What people say and share

    def say(self, user: str, channel: str, text: str, *, thread: str = "") -> str:
        """Say something, in Slack's markup; return the message's time."""
        with self.world.lock:
            return speak(self.world, user, channel, text, thread=thread).ts

    def upload(
        self,
        user: str,
        channel: str,
        name: str,
        data: bytes,
        *,
        text: str = "",
        thread: str = "",
        connect: bool = False,
        external: str = "",
        also: Sequence[tuple[str, bytes]] = (),
    ) -> Uploaded:
        """Put files into a channel with one message; `also` are more names and bytes.

        `connect` makes them files of Slack Connect; `external` is the address of a file that lies elsewhere.
        """
        with self.world.lock:
            may_write(self.world, user, self.world.channel(channel))
            if len(also) >= _MOST_FILES:
                raise Refused("too_many_files", f"{_MOST_FILES} at most")
            files = [
                new_file(self.world, user, *one, is_connect=connect, external_url=external)
                for one in ((name, data), *also)
            ]
            post = speak(self.world, user, channel, text, files=files, thread=thread)
            return Uploaded(files=tuple(files), ts=post.ts)

    def share(self, file: str, user: str, channel: str, *, text: str = "", thread: str = "") -> str:
        """Share a file that is there already in another channel; return the message's time."""
        with self.world.lock:
            return speak(self.world, user, channel, text, files=[self.world.file(file).id], thread=thread).ts

    def link_to(self, file: str) -> str:
        """Return a link to a file, as it stands in a message."""
        return f"<{permalink(self.world, self.world.file(file))}>"

    def join(self, user: str, channel: str) -> None:
        """Let somebody come into a channel, the app's user too."""
        with self.world.lock:
            place = self.world.channel(channel)
            if user not in place.members:
                place.members.append(self.world.user(user).id)
                tell_moved(self.world, place, user, "member_joined_channel")
                self.world.changed()

    def leave(self, user: str, channel: str) -> None:
        """Let somebody leave a channel, the app's user too."""
        with self.world.lock:
            place = self.world.channel(channel)
            if user in place.members:
                place.members.remove(user)
                tell_moved(self.world, place, user, "member_left_channel")
                self.world.changed()

    # What people do with what the app shows

    def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        selected: object = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Press or choose something in a message, and wait until the app has acknowledged."""
        press = Press(action_id=action_id, block_id=block_id, value=value, selected=selected, values=values or {})
        self.server.do(self.server.people.press(user, channel, ts, press))

    def press_in_view(
        self,
        user: str,
        action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        selected: object = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Press or choose something in the modal on top, and wait until the app has acknowledged."""
        press = Press(action_id=action_id, block_id=block_id, value=value, selected=selected, values=values or {})
        self.server.do(self.server.people.press_in_view(user, "modal", press))

    def press_home(
        self,
        user: str,
        action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        selected: object = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Press or choose something in Home, and wait until the app has acknowledged."""
        press = Press(action_id=action_id, block_id=block_id, value=value, selected=selected, values=values or {})
        self.server.do(self.server.people.press_in_view(user, "home", press))

    def submit(self, user: str, values: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Send the modal on top, filled in: block -> action -> state or plain value, or block -> plain value.

        Returns the app's response_action with what belongs to it, which is done; None where the modal just closed.
        """
        return self.server.do(self.server.people.submit(user, values or {}))

    def close_view(self, user: str, *, is_all: bool = False) -> None:
        """Close the modal on top, or all of them."""
        self.server.do(self.server.people.close(user, is_all=is_all))

    def command(self, user: str, channel: str, command: str, text: str = "") -> Answered:
        """Give a slash command; return what the app said at once."""
        return self.server.do(self.server.people.command(user, channel, command, text))

    def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> None:
        """Choose the app's shortcut in a message's menu."""
        self.server.do(self.server.people.shortcut(user, channel, ts, callback_id))

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home; its "messages" for another `tab`."""
        self.server.people.open_home(user, tab)

    # Within

    def _elsewhere(self) -> str:
        """Return the workspace of strangers."""
        for team in self.world.teams.values():
            if team.name == "Elsewhere":
                return team.id
        return self.add_team("Elsewhere")

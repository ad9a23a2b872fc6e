"""What can be made to go wrong with the local Slack, and what people take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.delivery import as_forged, signed
from govbot.testing.slack.faults import Fault
from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import message_json
from govbot.testing.slack.talking import delete_post, post_changed, tell, tell_unshared
from govbot.testing.slack.web.files import delete_file

if TYPE_CHECKING:
    from govbot.testing.slack.delivery import Courier
    from govbot.testing.slack.server import Server
    from govbot.testing.slack.world import World


class Breaking:
    """The part of LocalSlack that breaks things."""

    world: World
    server: Server
    team: str

    # Time

    def pass_time(self, seconds: float) -> None:
        """Let time pass at once for retries, triggers, limits and what expires."""
        self.world.clock.move(seconds)

    # Methods

    def fail(
        self,
        method: str,
        *,
        error: str = "",
        status: int | None = None,
        times: int = 1,
        retry_after: int | None = None,
        done: bool = False,
    ) -> None:
        """Let a method ("*" for any) fail: with an error, or a status, 0 cutting the connection, or "not so fast".

        Where it is `done`, the method does its work first, and only the answer is lost.
        """
        fault = Fault(method=method, error=error, status=status, times=times, retry_after=retry_after, is_done=done)
        with self.world.lock:
            self.server.faults.add(fault)

    def rate_limit(self, method: str, *, every: float, burst: int = 1) -> None:
        """Let a method be called once in so many seconds for one channel, `burst` times at once; 0 takes that away."""
        with self.world.lock:
            self.server.faults.limit(method, every, burst)

    def lag_shares(self, calls: int) -> None:
        """Let files.info say nothing of where a file is shared, so often for each file that is uploaded from now on."""
        self.world.shares_lag = calls

    def spoil(self, file: str, **how: Any) -> None:  # noqa: ANN401 (each its own)
        """Let a file's download be other than it should.

        `url` and `size` are what files.info says; `redirect` sends the app on; `page=True` gives it a page to log in;
        `data` and `kind` are other bytes and another type.
        """
        known = {"url", "size", "redirect", "page", "data", "kind"}
        if set(how) - known:
            raise ValueError(f"a file is spoilt by {sorted(known)}")
        self.world.file(file).spoilt |= how

    # Delivery

    def cut_sockets(self) -> None:
        """Cut the app's connections without a word."""
        self.server.do(self._cut())

    def refresh_sockets(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        self.server.do(self.server.sockets.refresh())

    def go_down(self, status: int = 503) -> None:
        """Be away: every request is answered with a status, 0 cutting the connection; connections are cut."""

        async def go() -> None:
            self.server.down = status
            self.server.courier.up.clear()
            self.server.sockets.cut()

        self.server.do(go())

    def come_back(self) -> None:
        """Be there again; what people did meanwhile is brought now."""

        async def come() -> None:
            self.server.down = None
            self.server.courier.up.set()

        self.server.do(come())

    def redeliver(self, event_id: str) -> None:
        """Bring an event once more, as if its acknowledgement had been lost."""

        async def again() -> None:
            self.server.courier.again(event_id)

        self.server.do(again())

    def event_ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of the events of a kind that were brought, the oldest first, each once."""
        with self.world.lock:
            return tuple(dict.fromkeys(one.id for one in self.world.deliveries if one.kind == kind))

    def forge(self, event_id: str, *, secret: str = "", **changes: Any) -> int:  # noqa: ANN401 (JSON)
        """Bring an event under another id, parts of it changed, signed with another secret; return the app's status.

        Over HTTP only. Without a `secret` it is not signed at all.
        """
        parcel = as_forged(self._http().parcel(event_id), **changes)
        headers = signed(parcel.body(), secret) if secret else {}
        return self.server.do(self.server.courier.post(parcel, headers)).status

    def replay_stale(self, event_id: str, *, age: float = 600) -> int:
        """Bring an event once more, truly signed but so many seconds ago; return the app's status. Over HTTP only."""
        parcel = self._http().parcel(event_id)
        headers = signed(parcel.body(), self.world.registry.signing_secret, age=age)
        return self.server.do(self.server.courier.post(parcel, headers)).status

    # What people take away

    def delete_file(self, file: str) -> None:
        """Delete a file wherever it is."""
        with self.world.lock:
            delete_file(self.world, self.world.file(file))

    def unshare(self, file: str, channel: str) -> None:
        """Take a file out of a channel; its messages there stay without it."""
        with self.world.lock:
            found, place = self.world.file(file), self.world.channel(channel)
            found.shares = [share for share in found.shares if share.channel != channel]
            for post in place.posts:
                post.files = [name for name in post.files if name != file]
            tell_unshared(self.world, found, place)
            self.world.changed()

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Let the person who wrote a message write something else."""
        with self.world.lock:
            post = self.world.post(channel, ts)
            before = message_json(self.world, post)
            post.text, post.is_edited, post.changes = text, True, post.changes + 1
            post_changed(self.world, post, before)

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message."""
        with self.world.lock:
            delete_post(self.world, self.world.post(channel, ts))

    def deactivate(self, user: str) -> None:
        """Close somebody's account."""
        with self.world.lock:
            self.world.user(user).is_gone = True
            self.world.changed()

    def share_channel(self, channel: str, team: str) -> None:
        """Share a channel with another workspace."""
        with self.world.lock:
            place = self.world.channel(channel)
            place.is_ext_shared = True
            tell(self.world, place, "channel_shared", channel=channel, connected_team_id=team)
            self.world.changed()

    def unshare_channel(self, channel: str, team: str) -> None:
        """Share a channel with another workspace no more: its people leave."""
        with self.world.lock:
            place = self.world.channel(channel)
            place.is_ext_shared = False
            place.members = [user for user in place.members if self.world.users[user].team != team]
            tell(
                self.world,
                place,
                "channel_unshared",
                channel=channel,
                previously_connected_team_id=team,
                is_ext_shared=False,
            )
            self.world.changed()

    def remove_scope(self, scope: str, *, team: str = "") -> None:
        """Take a scope away from the app's token."""
        with self.world.lock:
            grant = self.world.registry.grant_of(team or self.team)
            if grant is None:
                raise Refused("app_away", "not installed")
            grant.scopes.remove(scope)

    def add_scope(self, scope: str, *, team: str = "") -> None:
        """Give the app's token a scope more."""
        with self.world.lock:
            self.world.registry.install(self.world.teams[team or self.team], [scope])

    def subscribe(self, *events: str) -> None:
        """Let the app hear of more events."""
        self.world.registry.events |= set(events)

    def revoke_tokens(self, *, team: str = "") -> None:
        """Revoke the app's tokens in a workspace."""
        with self.world.lock:
            name = team or self.team
            self.world.registry.remove(name, "token_revoked")
            bot = self.world.teams[name].bot_user
            self.world.happen(name, "tokens_revoked", {"tokens": {"oauth": [], "bot": [bot]}})

    def uninstall(self, *, team: str = "") -> None:
        """Remove the app from a workspace; Slack tells of both, in no order that one could rely on."""
        with self.world.lock:
            name = team or self.team
            self.world.registry.remove(name, "account_inactive")
            bot = self.world.teams[name].bot_user
            self.world.happen(name, "tokens_revoked", {"tokens": {"oauth": [], "bot": [bot]}})
            self.world.happen(name, "app_uninstalled", {})

    def install(self, *, team: str = "") -> str:
        """Install the app with all the scopes that its manifest asks for; return its token."""
        with self.world.lock:
            place = self.world.teams[team or self.team]
            return self.world.registry.install(place, self.world.registry.scopes).token

    async def _cut(self) -> None:
        self.server.sockets.cut()

    def _http(self) -> Courier:
        if not self.server.courier.address:
            raise Refused("app_away", "this goes over HTTP only")
        return self.server.courier

"""What there is to see in the local Slack, and waiting until it is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.talking import message_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from govbot.testing.slack.records import Call, Delivery, Message
    from govbot.testing.slack.world import World

    T = TypeVar("T")

#: Seconds between two looks where nothing of Slack's has changed: what is waited for may be elsewhere.
_LOOK = 0.2
#: Messages that are shown where waiting was in vain.
_SHOWN = 10


class Looking:
    """The part of LocalSlack that looks."""

    world: World

    def messages(self, channel: str, thread: str | None = None) -> tuple[Message, ...]:
        """Return a channel's messages by themselves, or the replies in a thread, the oldest first."""
        with self.world.lock:
            posts = self.world.channel(channel).posts
            wanted = [one for one in posts if one.thread == (thread or "") and not one.is_gone and not one.only_for]
            return tuple(message_of(self.world, post) for post in wanted)

    def message(self, channel: str, ts: str) -> Message:
        """Return one message; raise Refused where it is not there."""
        with self.world.lock:
            found = next(
                (post for post in self.world.channel(channel).posts if post.ts == ts and not post.is_gone), None
            )
            if found is None:
                raise Refused("no_such_message", f"{channel} {ts}")
            return message_of(self.world, found)

    def ephemerals(self, user: str) -> tuple[Message, ...]:
        """Return what only one person sees, in all channels, the oldest first."""
        with self.world.lock:
            every = [post for channel in self.world.channels.values() for post in channel.posts]
            own = sorted((one for one in every if one.only_for == user and not one.is_gone), key=lambda one: one.ts)
            return tuple(message_of(self.world, post) for post in own)

    def view(self, user: str) -> dict[str, Any] | None:
        """Return the modal on top of what somebody sees, with its "id" and "hash"; None where none is open."""
        with self.world.lock:
            stack = self.world.stacks.get(user)
            return {**stack[-1].view, "id": stack[-1].id, "hash": stack[-1].hash} if stack else None

    def depth(self, user: str) -> int:
        """Return how many modals lie on top of each other."""
        with self.world.lock:
            return len(self.world.stacks.get(user) or ())

    def home(self, user: str) -> dict[str, Any] | None:
        """Return somebody's Home, with its "hash"; None where none was published."""
        with self.world.lock:
            shown = self.world.homes.get(user)
            return {**shown.view, "id": shown.id, "hash": shown.hash} if shown else None

    def files(self, channel: str) -> tuple[str, ...]:
        """Return the ids of the files that are shared in a channel, the oldest first."""
        with self.world.lock:
            every = self.world.files.values()
            return tuple(file.id for file in every if any(share.channel == channel for share in file.shares))

    def file_data(self, file: str) -> bytes:
        """Return a file's bytes."""
        return self.world.file(file).data

    def file_name(self, file: str) -> str:
        """Return a file's name."""
        return self.world.file(file).name

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call of the Web API, and every answer at a response_url, the oldest first."""
        with self.world.lock:
            return tuple(self.world.calls)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every attempt to bring something to the app, the oldest first."""
        with self.world.lock:
            return tuple(self.world.deliveries)

    @property
    def acks(self) -> dict[str, tuple[float, ...]]:
        """Seconds from a delivery to its acknowledgement, by kind of event or interaction ("command" too)."""
        found: dict[str, list[float]] = {}
        for one in self.deliveries:
            if one.seconds is not None:
                found.setdefault(one.kind, []).append(one.seconds)
        return {kind: tuple(every) for kind, every in found.items()}

    @property
    def faults(self) -> tuple[str, ...]:
        """What the app did wrong: what it did not acknowledge in time, and what Slack could not do with its answers."""
        with self.world.lock:
            late = [f"{one.kind} {one.id}: {one.fault}" for one in self.world.deliveries if one.fault]
            return (*self.world.faults, *late)

    def wait_for(self, is_so: Callable[[], T], seconds: float = 30) -> T:
        """Return what `is_so` returns, as soon as that is true; raise TimeoutError with the last messages."""
        until = time.monotonic() + seconds
        while True:
            notes = self.world.notes
            found = is_so()
            if found:
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not so after {seconds} s; the last messages are:\n{self._last()}")
            self.world.wait_beyond(notes, min(left, _LOOK))

    def _last(self) -> str:
        with self.world.lock:
            every = [post for channel in self.world.channels.values() for post in channel.posts if not post.is_gone]
            last = sorted(every, key=lambda post: post.ts)[-_SHOWN:]
            lines = [f"{one.channel} {one.ts} {self.world.users[one.user].name}: {one.text[:200]}" for one in last]
            calls = [f"{one.method} {one.error or 'ok'}" for one in self.world.calls[-_SHOWN:]]
            failed = [f"{one.kind} {one.fault}" for one in self.world.deliveries if one.fault][-_SHOWN:]
            return "\n".join([*lines, f"calls: {calls}", f"not delivered: {failed}"])

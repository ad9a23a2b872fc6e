"""Who may see what: decided when it is shown, by Slack's own word on members, and refused where that is not known."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from govbot.errors import ChannelClosed, SlackRefused, SlackScopeMissing
from govbot.store import members_changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from govbot.slack.calling import Api
    from govbot.store import Shared, Store

#: Seconds that Slack's word is good for.
GOOD_FOR = 60.0
#: Members of a channel that are looked at one by one; more are taken for strangers to each other's drafts.
_MOST_READERS = 200
#: Channels of which Slack is asked again before somebody is refused.
_FEW = 3
#: Members that Slack lists at once.
_PAGE = 200
_GROUP = "S"


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A channel, a direct message, or a conversation of several."""

    is_public: bool
    #: True where it is shared with another workspace.
    is_shared_out: bool
    #: As people call it; empty where it has no name.
    name: str


class Access:
    """What Slack says of the people and channels of a workspace, for as long as it is good."""

    def __init__(
        self, api: Api, store: Store, *, team: str, officers: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`officers` are ids of people and groups, parted by commas; `clock` gives seconds."""
        self._api, self._store, self._team, self._clock = api, store, team, clock
        self._officers = [one.strip() for one in officers.split(",") if one.strip()]
        self._known: dict[tuple[str, str], tuple[float, datetime, Any]] = {}

    def may_read(self, user: str, channel: str, *, afresh: bool = False) -> bool:
        """Return whether somebody may read what stands in a channel now; raise SlackUnreachable.

        `afresh` asks Slack again, for whoever came in a moment ago.
        """
        if afresh:
            for what in (("room", channel), ("members", channel), ("user", user)):
                self._known.pop(what, None)
        room = self.room(channel)
        if room is None or not user:
            return False
        # Of a large public channel the members need not be asked for.
        return (room.is_public and self._is_colleague(user)) or user in self.members(channel)

    def visible(self, user: str, shared: Iterable[Shared]) -> tuple[Shared, ...]:
        """Return those of the shared drafts that somebody may see now; raise SlackUnreachable."""
        every = tuple(shared)
        seen = tuple(one for one in every if self.may_read(user, one.place.channel))
        channels = {one.place.channel for one in every}
        if seen or len(channels) > _FEW:
            return seen
        # Before it says no, it asks again.
        return tuple(one for one in every if self.may_read(user, one.place.channel, afresh=True))

    def all_may_read(self, audience: str, channel: str) -> bool:
        """Return whether all who read one channel may read another; raise SlackUnreachable."""
        if audience == channel:
            return True
        here, there = self.room(audience), self.room(channel)
        if here is None or there is None or (here.is_public and not there.is_public):
            return False
        if here.is_public and here.is_shared_out:
            # People of another organisation read it without being members.
            return False
        readers = self.members(audience)
        return 0 < len(readers) <= _MOST_READERS and all(self.may_read(user, channel) for user in readers)

    def is_officer(self, user: str) -> bool:
        """Return whether somebody looks after governance here; raise SlackUnreachable."""
        groups = [one for one in self._officers if one.startswith(_GROUP)]
        is_named = user in self._officers or any(user in self._group(group) for group in groups)
        return is_named and self._is_colleague(user)

    def room(self, channel: str) -> Room | None:
        """Return a channel; None where the bot is not there, or it is gone."""
        found = self._ask(("room", channel), lambda: self._api("conversations.info", channel=channel)["channel"])
        if found is None:
            return None
        is_closed = found.get("is_private") or found.get("is_im") or found.get("is_mpim") or found.get("is_group")
        return Room(
            is_public=not is_closed,
            is_shared_out=bool(found.get("is_ext_shared")),
            name=str(found.get("name") or ""),
        )

    def channel_name(self, channel: str) -> str:
        """Return a channel as people write it; empty where it has no name, or that is not known."""
        room = self.room(channel) if channel else None
        return f"#{room.name}" if room is not None and room.name else ""

    def person_name(self, user: str) -> str:
        """Return somebody's name; empty where that is not known."""
        found = self._ask(("user", user), lambda: self._api("users.info", user=user)["user"]) or {}
        return str((found.get("profile") or {}).get("real_name") or found.get("real_name") or found.get("name") or "")

    def members(self, channel: str) -> frozenset[str]:
        """Return the people of a channel, the bot aside; none where that is not known."""
        found = self._ask(("members", channel), lambda: self._list_members(channel))
        return frozenset() if found is None else frozenset(found)

    def _is_colleague(self, user: str) -> bool:
        """Return whether somebody is a full member of this workspace."""
        found = self._ask(("user", user), lambda: self._api("users.info", user=user)["user"])
        if found is None or found.get("team_id") != self._team:
            return False
        aside = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_bot")
        return not any(found.get(key) for key in aside)

    def _group(self, group: str) -> frozenset[str]:
        found = self._ask(("group", group), lambda: self._list_group(group))
        return frozenset(found or ())

    def _list_group(self, group: str) -> list[str]:
        return list(self._api("usergroups.users.list", usergroup=group, team_id=self._team)["users"])

    def _list_members(self, channel: str) -> set[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            page = self._api("conversations.members", channel=channel, limit=_PAGE, cursor=cursor)
            found.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found - {self._bot()}

    def _bot(self) -> str:
        found = self._ask(("bot", ""), lambda: self._api("auth.test"))
        return str((found or {}).get("user_id", ""))

    def _ask(self, what: tuple[str, str], ask: Callable[[], Any]) -> Any:  # noqa: ANN401 (Slack's answer)
        """Return what Slack says, as it said it a moment ago where that still holds; None where it will not say."""
        known = self._known.get(what)
        changed = members_changed(self._store, what[1]) if what[0] in ("room", "members") else None
        if known is not None and self._clock() - known[0] < GOOD_FOR and (changed is None or changed < known[1]):
            return known[2]
        began = datetime.now(UTC)
        try:
            found = ask()
        except (SlackRefused, SlackScopeMissing, ChannelClosed):
            found = None
        self._known[what] = (self._clock(), began, found)
        return found

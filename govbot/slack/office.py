"""What an errand has at hand in one workspace, and how jobs are written down from within one."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from govbot import errors
from govbot.archive import Archive
from govbot.slack.payloads import VIA
from govbot.store import add_job
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from govbot.clerk import Workshops
    from govbot.config import Settings
    from govbot.errors import GovbotError
    from govbot.frameworks import Framework
    from govbot.jobs import Queue
    from govbot.slack.access import Access
    from govbot.slack.calling import Api
    from govbot.slack.locking import Locks
    from govbot.slack.posting import Poster
    from govbot.store import Job, Shared, Store


#: What a sentence speaks of that is for whoever runs govbot: commands, options, settings.
_COMMANDS = "check|ask|chat|jobs|db|submit|worker|frameworks|train|summary|search|doctor|slack"
_FOR_OPERATORS = re.compile(rf"GOVBOT_[A-Z]|\s--[a-z]|\bgovbot (?:{_COMMANDS})\b")


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def is_direct(channel: str) -> bool:
    """Return whether a channel is between a person and the bot."""
    return channel.startswith("D")


def reason(error: str, slots: Mapping[str, object]) -> str:
    """Return what went wrong, by an error's class and slots, for somebody who has Slack and no command line."""
    found: GovbotError = getattr(errors, error)(**slots)
    try:
        return say("slack", f"errors.{error}", **slots)
    except KeyError:
        sentence = str(found)
    return say("slack", "went_wrong", kind=error) if _FOR_OPERATORS.search(sentence) else sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """One workspace: what is kept of it, Slack, and the workshop."""

    settings: Settings
    store: Store
    queue: Queue
    #: Slack's id of it.
    team: str
    token: str
    api: Api
    access: Access
    poster: Poster
    workshops: Workshops
    #: Held while a workshop is in use: errands are done side by side, and a workshop is for one at a time.
    thinking: threading.Lock
    #: One for each conversation: an answer goes on from the one before.
    talking: Locks

    def archive(self) -> Archive:
        """Return the kept drafts, under the frameworks that suit each."""
        return Archive(self.workshops.get(), self.store)

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """Every framework that there is."""
        return self.workshops.get().frameworks

    def add(self, key: str, kind: str, order: dict[str, Any], *, name: str = "", once: bool = True) -> str:
        """Write a job down, and let a worker take it up; return its id."""
        job, _ = add_job(self.store, key, name or kind, {"via": VIA, "kind": kind, **order}, None, once=once, at=now())
        self.queue.hand_over(job, kind=kind)
        return job

    def visible(self, user: str, shared: Iterable[Shared]) -> tuple[Shared, ...]:
        """Return those drafts that somebody may see now, each document once, latest first."""
        found: dict[int, Shared] = {}
        for one in self.access.visible(user, shared):
            found.setdefault(one.document, one)
        return tuple(found.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What somebody wants, out of a job's order."""

    job: Job

    def text(self, name: str) -> str:
        """Return a field; empty where the request has none."""
        return str(self.job.order.get(name) or "")

    def words(self, name: str) -> tuple[str, ...]:
        """Return a field of several; empty where the request has none."""
        return tuple(self.job.order.get(name) or ())

    def values(self, name: str) -> dict[str, str]:
        """Return a form's fields."""
        return dict(self.job.order.get(name) or {})

    def is_set(self, name: str) -> bool:
        """Return whether a field says yes."""
        return bool(self.job.order.get(name))

    @property
    def user(self) -> str:
        """Who wants it."""
        return self.text("user")

    @property
    def channel(self) -> str:
        """Where."""
        return self.text("channel")

    @property
    def is_direct(self) -> bool:
        """Return whether it is between a person and the bot."""
        return is_direct(self.channel)

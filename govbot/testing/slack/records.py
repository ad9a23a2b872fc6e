"""What the local Slack shows to those who look: messages, calls, deliveries; and how it says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as people see it now."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    #: Ids of its files that are still there.
    files: tuple[str, ...] = ()
    #: Time of the first message of its thread; empty for a message that stands by itself.
    thread: str = ""
    #: True where Slack writes "(edited)" beside it.
    edited: bool = False
    #: How often it was changed since it was posted.
    changes: int = 0
    #: Who is told of it: ids of people and groups, "!channel", "!here", "!everyone".
    pings: tuple[str, ...] = ()
    #: The one person who sees it; empty where all in the channel do.
    only_for: str = ""
    is_bot: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uploaded:
    """Files that somebody put into a channel with one message."""

    files: tuple[str, ...]
    ts: str

    @property
    def file(self) -> str:
        """The first of them."""
        return self.files[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call of the Web API."""

    method: str
    #: What was given, the token left out.
    arguments: dict[str, Any]
    #: Seconds on the local Slack's clock.
    at: float
    #: What Slack said no with; "http 500" and the like for faults; empty where it did what was asked.
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One attempt to bring something to the app."""

    #: Type of the event or of the interaction; "command" for a slash command.
    kind: str
    #: The event's id, or the interaction's trigger.
    id: str
    attempt: int
    #: Seconds until the app acknowledged, from when it was on its way; None where the app did not.
    seconds: float | None
    #: "" where acknowledged, else http_timeout, http_error, connection_failed or connection_lost.
    fault: str = ""
    #: What was brought.
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What the app said at once to a command, which only the person who gave it sees."""

    text: str = ""
    blocks: tuple[dict[str, Any], ...] = ()


class Refused(Exception):  # noqa: N818 (it is what Slack says, not a fault of ours)
    """The local Slack will not do what a person, or the app, asks; `name` says why, as Slack would."""

    def __init__(self, name: str, detail: str = "", **extra: Any) -> None:  # noqa: ANN401 (part of an answer in JSON)
        """`extra` goes into the answer of a method that refuses."""
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name = name
        self.detail = detail
        self.extra = extra

"""A status or a cell of the cycle, as a sign and a word: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govbot.records import STATUSES
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govbot.records import Status

#: What a reader should feel about it; decides the colour.
Tone = Literal["good", "fair", "weak", "bad", "unknown", "aside"]

_TONES: dict[Status, Tone] = {
    "evidenced": "good",
    "committed": "fair",
    "mentioned": "weak",
    "absent": "bad",
    "gap": "bad",
    "unread": "unknown",
    "not_applicable": "aside",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A sign and the word that says the same."""

    symbol: str
    word: str
    tone: Tone
    #: What a legend says of it; empty where it needs no legend.
    meaning: str = ""


def mark(status: Status) -> Mark:
    """Return the mark of a status."""
    words = {part: say("replies/check", f"status.{status}.{part}") for part in ("symbol", "word", "meaning")}
    return Mark(**words, tone=_TONES[status])


def legend(statuses: Iterable[Status]) -> tuple[Mark, ...]:
    """Return the marks of the statuses that occur, best covered first."""
    occurring = set(statuses)
    return tuple(mark(status) for status in STATUSES if status in occurring)

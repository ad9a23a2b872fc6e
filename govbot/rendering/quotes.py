"""Evidence, Nearest -> a quote as shown, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.asking.places import place
from govbot.rendering.plain import cut, heading, one_line
from govbot.words import say

if TYPE_CHECKING:
    from govbot.records import Coverage, Evidence, Nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Words of the draft, in quotation marks."""

    text: str
    #: Page or paragraph, and the heading above.
    where: str
    #: What stands before the quote, such as "The nearest passage falls short:"; empty for evidence.
    lead: str = ""


def in_order(coverage: Coverage) -> tuple[Evidence, ...]:
    """Return the evidence of a criterion, what decided its status first."""
    deciding = [item for item in coverage.evidence if (item.stance == "absent") == (coverage.status == "absent")]
    return (*deciding, *(item for item in coverage.evidence if item not in deciding))


def view_quotes(coverage: Coverage, *, show_all: bool) -> tuple[Quote, ...]:
    """Return the quotes behind a status: the one that decided it, or all, the deciding one first."""
    ordered = in_order(coverage)
    shown = ordered if show_all else ordered[:1]
    return tuple(view_quote(item, show_all=show_all, with_kind=len(shown) > 1) for item in shown)


def view_quote(item: Evidence, *, show_all: bool, with_kind: bool) -> Quote:
    """Return a quote; `with_kind` tells evidence, promise and mention apart where several stand together."""
    where = _where(item)
    if with_kind:
        kind = say("replies/check", f"kind.{'absent' if item.stance == 'absent' else item.strength}")
        where = say("replies/check", "whence", kind=kind, where=where)
    return Quote(text=_quoted(item.quote, show_all=show_all), where=where)


def view_nearest(item: Nearest, *, show_all: bool) -> Quote:
    """Return the nearest passage, marked as falling short."""
    lead = say("replies/check", "falls_short")
    return Quote(text=_quoted(item.quote, show_all=show_all), where=_where(item), lead=lead)


def _quoted(quote: str, *, show_all: bool) -> str:
    line = one_line(quote)
    return say("replies/check", "quote", quote=line if show_all else cut(line))


def _where(item: Evidence | Nearest) -> str:
    return say("replies/check", "where", place=place(item), section=heading(item.section))

"""A finished assessment read under another framework: its quotes, credited again where the crosswalk links criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.records import STRENGTHS, Carried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Framework, Link
    from govbot.records import Evidence, Matches, Status

_STATUSES: dict[str, Status] = {"evidence": "evidenced", "commitment": "committed", "mention": "mentioned"}


def carry_over(
    found: Mapping[str, Sequence[Evidence]], links: Sequence[Link], second: Framework, matches: Matches
) -> tuple[Carried, ...]:
    """Return what the quotes of one framework's criteria say of each criterion of a second.

    `found` holds the quotes by criterion; `links` are from the second framework to the first; `matches` judge all
    quotes under the second, in the order in which `found` holds them. A quote counts where the criteria are equal, or
    where they are linked and it is accepted under the second one.
    """
    row = 0
    rows: dict[str, list[tuple[int, Evidence]]] = {}
    for criterion, quotes in found.items():
        rows[criterion] = list(enumerate(quotes, start=row))
        row += len(quotes)
    return tuple(_carry(name, column, rows, links, matches) for column, name in enumerate(second.criterion_ids))


def _carry(
    criterion: str,
    column: int,
    rows: Mapping[str, Sequence[tuple[int, Evidence]]],
    links: Sequence[Link],
    matches: Matches,
) -> Carried:
    linked = [link for link in links if link.criterion == criterion]
    if not linked:
        return Carried(criterion=criterion, status=None, sources=(), quote=None)
    counted = [
        (quote, link.other)
        for link in linked
        for row, quote in rows.get(link.other, ())
        if link.relation == "equal" or matches.accepted[row, column]
    ]
    if not counted:
        return Carried(criterion=criterion, status="gap", sources=tuple(link.other for link in linked), quote=None)
    status = _status([quote for quote, _ in counted])
    best, _ = max(counted, key=lambda item: _rank(item[0], status))
    return Carried(
        criterion=criterion,
        status=status,
        sources=tuple(dict.fromkeys(source for _, source in counted)),
        quote=best,
    )


def _status(quotes: Sequence[Evidence]) -> Status:
    """Return the status by the rules that coverage follows: a bare mention does not contradict what is missing."""
    positive = [quote.strength for quote in quotes if quote.stance == "positive"]
    best = max(positive, key=STRENGTHS.index, default=None)
    if best in ("evidence", "commitment"):
        return _STATUSES[best]
    return "absent" if len(positive) < len(quotes) else "mentioned"


def _rank(quote: Evidence, status: Status) -> tuple[bool, int, float]:
    """Return what the quote that decided the status is greatest by."""
    return ((quote.stance == "absent") == (status == "absent"), STRENGTHS.index(quote.strength), quote.score)

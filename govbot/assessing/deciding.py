"""People's decisions, applied to what the matcher found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.assessing.coverage import stages_of, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Framework
    from govbot.records import Coverage, Decision, Evidence


def apply_decisions(
    covered: Sequence[Coverage],
    decisions: Sequence[Decision],
    framework: Framework,
    located: Mapping[str, Evidence],
    *,
    unread: bool,
) -> tuple[Coverage, ...]:
    """Return the coverage with the decisions applied, oldest first, the last one of each criterion and quote standing.

    `located` are the quotes that people named, where the document still has them; one that it has no more counts for
    nothing. `unread` says that parts of the document could not be read.
    """
    standing = {
        (one.criterion, fold(one.quote)): one
        for one in decisions
        # Of a quote that is not kept any more nothing is left to apply.
        if one.framework == framework.id and (one.quote or one.kind == "not_applicable")
    }
    return tuple(
        _apply(
            item,
            [one for (criterion, _), one in standing.items() if criterion == item.id],
            located,
            unread=unread,
            optional=framework.principle_of(item.id).optional,
        )
        for item in covered
    )


def _apply(
    item: Coverage,
    decisions: Sequence[Decision],
    located: Mapping[str, Evidence],
    *,
    unread: bool,
    optional: bool,
) -> Coverage:
    if not decisions:
        return item
    if any(one.kind == "not_applicable" for one in decisions):
        return replace(item, status="not_applicable")
    struck = [fold(one.quote) for one in decisions if one.kind == "not_evidence"]
    named = [one.quote for one in decisions if one.kind == "evidence" and one.quote in located]
    added = [located[quote] for quote in named]
    said = {fold(quote) for quote in named}
    left = [
        one
        for one in item.evidence
        if fold(one.quote) not in said and not any(words in fold(one.quote) for words in struck)
    ]
    evidence = (*added, *left)
    if evidence == item.evidence:
        return item
    return replace(
        item,
        evidence=evidence,
        status=status_of(evidence, unread=unread, optional=optional),
        stages=stages_of(evidence),
    )


def fold(quote: str) -> str:
    """Return a quote as it is compared: without case, and with single spaces."""
    return " ".join(quote.split()).casefold()

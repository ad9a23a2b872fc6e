"""Kept drafts -> what an officer sees of them all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from govbot.assessing.comparing import change_between
from govbot.records import CHANGES, STAGES, DraftRow, Month, Portfolio

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from govbot.frameworks import Framework
    from govbot.records import Change, KeptDecision, Stage, Standings, Status, Unchecked

#: Statuses of a criterion that is missing, and of one that is covered.
_MISSING: frozenset[Status] = frozenset({"gap", "absent"})
_COVERED: frozenset[Status] = frozenset({"evidenced", "committed"})
_LETTERS: dict[Stage, str] = {stage: stage[0] for stage in STAGES}


def gather(
    framework: Framework,
    versions: Sequence[Standings],
    decisions: Iterable[KeptDecision] = (),
    unchecked: Iterable[Unchecked] = (),
    *,
    matcher: str,
    since: datetime | None = None,
) -> Portfolio:
    """Return the portfolio of kept documents; `versions` are theirs in any order, `matcher` is the one in use.

    Months before `since` are left out.
    """
    lines: dict[int, list[Standings]] = {}
    for one in sorted(versions, key=lambda one: one.version):
        lines.setdefault(one.document, []).append(one)
    principle_of = {
        criterion.id: principle.id for principle in framework.principles for criterion in principle.criteria
    }
    rows = [
        DraftRow(
            now=line[-1],
            principles=_count(line[-1], principle_of),
            changes=_changes(line[-2], line[-1]) if len(line) > 1 else (),
            is_outdated=(line[-1].framework_version, line[-1].matcher) != (framework.version, matcher),
        )
        for line in lines.values()
    ]
    newest = [row.now for row in rows]
    return Portfolio(
        framework=framework.id,
        drafts=tuple(sorted(rows, key=lambda row: (_share(row.now), row.now.title))),
        gaps=_gaps(newest),
        stages=_missing_stages(newest),
        decisions=tuple(decisions),
        unchecked=tuple(unchecked),
        months=_months(one for one in versions if since is None or one.kept_at >= since),
    )


def _count(now: Standings, principle_of: dict[str, str]) -> dict[str, dict[Status, int]]:
    counted: dict[str, dict[Status, int]] = {}
    for criterion, (status, _) in now.criteria.items():
        # A framework's older version may have had other criteria.
        principle = counted.setdefault(principle_of.get(criterion, ""), {})
        principle[status] = principle.get(status, 0) + 1
    return counted


def _changes(before: Standings, now: Standings) -> tuple[tuple[str, Change], ...]:
    found = [
        (criterion, change)
        for criterion, (status, _) in now.criteria.items()
        if criterion in before.criteria
        and (change := change_between(before.criteria[criterion][0], status)) is not None
    ]
    return tuple(sorted(found, key=lambda item: CHANGES.index(item[1])))


def _share(now: Standings) -> float:
    """Return the share of the criteria that apply which are evidenced."""
    statuses = [status for status, _ in now.criteria.values() if status != "not_applicable"]
    return statuses.count("evidenced") / len(statuses) if statuses else 1.0


def _gaps(newest: Iterable[Standings]) -> tuple[tuple[str, int], ...]:
    counted = Counter(
        criterion for one in newest for criterion, (status, _) in one.criteria.items() if status in _MISSING
    )
    return tuple(counted.most_common())


def _missing_stages(newest: Iterable[Standings]) -> tuple[tuple[str, Stage, int], ...]:
    shown: Counter[tuple[str, str]] = Counter()
    covered: Counter[str] = Counter()
    for one in newest:
        for criterion, (status, stages) in one.criteria.items():
            if status in _COVERED:
                covered[criterion] += 1
                shown.update((criterion, stage) for stage in stages)
    counted = [
        (criterion, stage, total - shown[criterion, letter])
        for criterion, total in covered.items()
        for stage, letter in _LETTERS.items()
        if total > shown[criterion, letter]
    ]
    return tuple(sorted(counted, key=lambda item: -item[2]))


def _months(versions: Iterable[Standings]) -> tuple[Month, ...]:
    counted: dict[str, list[int]] = {}
    for one in versions:
        month = counted.setdefault(f"{one.kept_at:%Y-%m}", [0, 0, 0])
        statuses = [status for status, _ in one.criteria.values() if status != "not_applicable"]
        month[0] += 1
        month[1] += len(statuses)
        month[2] += statuses.count("evidenced")
    return tuple(
        Month(month=month, versions=found[0], criteria=found[1], evidenced=found[2])
        for month, found in sorted(counted.items())
    )

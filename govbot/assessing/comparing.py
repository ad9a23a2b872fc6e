"""Two assessments of a draft's versions -> the criteria that stand otherwise in the newer one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from govbot.records import CHANGES, Change, Changed

if TYPE_CHECKING:
    from govbot.records import Assessment, Coverage, Status

#: The more, the better covered. What was set aside, or could not be read before, is not compared.
_RANKS: dict[Status, int] = {"gap": 0, "absent": 0, "mentioned": 1, "committed": 2, "evidenced": 3}
#: Likeness of two quotes' words, of 100, from which the newer says the older again.
_SAME_WORDS = 75


def compare(old: Assessment, new: Assessment) -> tuple[Changed, ...]:
    """Return what changed, what matters most first; both are under the same framework."""
    before = {item.id: item for item in old.criteria}
    found = [
        Changed(id=item.id, change=change, before=before[item.id], after=item)
        for item in new.criteria
        if item.id in before and (change := change_between(before[item.id].status, item.status))
    ]
    found += [lost for item in new.criteria if item.id in before and (lost := _lost(before[item.id], item))]
    return tuple(sorted(found, key=lambda item: CHANGES.index(item.change)))


def change_between(before: Status, after: Status) -> Change | None:
    """Return what became of a criterion, or None where it stands as before or cannot be compared."""
    if after == "unread" and before in _RANKS:
        return "unknown"
    if before not in _RANKS or after not in _RANKS:
        return None
    was, now = _RANKS[before], _RANKS[after]
    if was == now:
        return None
    if not was or not now:
        return "closed" if now else "opened"
    return "stronger" if now > was else "weaker"


def _lost(before: Coverage, after: Coverage) -> Changed | None:
    """Return what went from a criterion that stands as before: quotes of evidence that nothing now says again."""
    left = [one.quote for one in after.evidence]
    gone = tuple(
        one
        for one in before.evidence
        if (one.strength, one.stance) == ("evidence", "positive")
        and not any(fuzz.token_set_ratio(one.quote, other) >= _SAME_WORDS for other in left)
    )
    if not gone or after.status != before.status:
        return None
    return Changed(id=after.id, change="lost", before=replace(before, evidence=gone), after=after)

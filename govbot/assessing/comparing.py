"""Two assessments of a draft's versions -> the criteria that stand otherwise in the newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.records import CHANGES, Change, Changed

if TYPE_CHECKING:
    from govbot.records import Assessment, Coverage, Status

#: The more, the better covered. What was set aside, or could not be read before, is not compared.
_RANKS: dict[Status, int] = {"gap": 0, "absent": 0, "mentioned": 1, "committed": 2, "evidenced": 3}


def compare(old: Assessment, new: Assessment) -> tuple[Changed, ...]:
    """Return what changed, what matters most first; both are under the same framework."""
    before = {item.id: item for item in old.criteria}
    found = [
        Changed(id=item.id, change=change, before=before[item.id], after=item)
        for item in new.criteria
        if item.id in before and (change := _change(before[item.id], item))
    ]
    return tuple(sorted(found, key=lambda item: CHANGES.index(item.change)))


def _change(before: Coverage, after: Coverage) -> Change | None:
    if after.status == "unread" and before.status in _RANKS:
        return "unknown"
    if before.status not in _RANKS or after.status not in _RANKS:
        return None
    was, now = _RANKS[before.status], _RANKS[after.status]
    if was == now:
        return None
    if not was or not now:
        return "closed" if now else "opened"
    return "stronger" if now > was else "weaker"

"""Ids -> what they are called on screen: "F3 Robust internal control"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.rendering.plain import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govbot.frameworks import Criterion, Framework, Principle


def named(item: Criterion | Principle) -> str:
    """Return the name of a criterion or principle."""
    return say("replies/check", "named", id=item.id, title=one_line(item.title))


def name_of(target: str, frameworks: Iterable[Framework]) -> str:
    """Return the name of the criterion or principle of this id; the id itself where no framework has it."""
    for framework in frameworks:
        for principle in framework.principles:
            if principle.id == target:
                return named(principle)
            for criterion in principle.criteria:
                if criterion.id == target:
                    return named(criterion)
    return one_line(target)

"""Assessment -> the grid of the plan-do-check-act cycle: which principle shows which stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govbot.records import STAGES
from govbot.rendering.marks import Mark, Tone
from govbot.rendering.plain import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework
    from govbot.records import Assessment, Coverage, Evidence, Stage

CellKind = Literal["shown", "promised", "missing", "unread", "not_applicable"]

_TONES: dict[CellKind, Tone] = {
    "shown": "good",
    "promised": "fair",
    "missing": "bad",
    "unread": "unknown",
    "not_applicable": "aside",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A principle's stages."""

    id: str
    short: str
    #: One a stage, in the cycle's order.
    cells: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """The grid."""

    #: Names of the stages, in the cycle's order.
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def view_cycle(framework: Framework, assessment: Assessment) -> Cycle | None:
    """Return the grid of the principles that the cycle links; None where it links none."""
    rows = []
    for name in framework.cycle:
        covered = [item for item in assessment.criteria if item.principle == name]
        if covered:
            cells = tuple(_cell(stage, covered) for stage in STAGES)
            rows.append(Row(id=name, short=one_line(framework.principle(name).short), cells=cells))
    if not rows:
        return None
    names = [say("replies/check", f"stage.{stage}") for stage in STAGES]
    return Cycle(columns=tuple(say("replies/check", "cycle.column", word=name) for name in names), rows=tuple(rows))


def _cell(stage: Stage, covered: Sequence[Coverage]) -> Mark:
    kind = _kind(stage, covered)
    words = {part: say("replies/check", f"cycle.{kind}.{part}") for part in ("symbol", "word")}
    return Mark(**words, tone=_TONES[kind])


def _kind(stage: Stage, covered: Sequence[Coverage]) -> CellKind:
    relevant = [item for item in covered if item.status != "not_applicable"]
    if not relevant:
        return "not_applicable"
    if any(stage in item.stages for item in relevant):
        return "shown" if any(_shows(one, stage) for item in relevant for one in item.evidence) else "promised"
    # What is not shown may stand in a part that could not be read.
    return "unread" if any(item.status == "unread" for item in relevant) else "missing"


def _shows(one: Evidence, stage: Stage) -> bool:
    """Return whether a quote shows a stage: a promise is a plan, whatever it is that it promises."""
    is_enough = one.strength == "evidence" or (stage == "plan" and one.strength == "commitment")
    return one.stage == stage and one.stance == "positive" and is_enough

"""Coverage -> the questions that its gaps raise, most useful first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.asking.places import place, shorten
from govbot.records import STAGES, Coverage, Evidence, Question, Stage, Status
from govbot.words import fill, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.asking.bank import QuestionBank

#: Words of the draft that a question repeats.
_QUOTE_WORDS = 24
#: How much an answer would add to the draft: what is missing comes before what is half there.
_NEED: dict[Status, float] = {
    "absent": 1.0,
    "gap": 0.9,
    "mentioned": 0.8,
    "committed": 0.6,
    "evidenced": 0.4,
    "unread": 0.3,
    "not_applicable": 0.0,
}
#: Which missing stage to ask for first. Drafts plan; whether anyone will look is what they forget.
_STAGE_ORDER: tuple[Stage, ...] = ("check", "do", "act", "plan")
#: What a further question about the same criterion, and about the same principle, counts less.
_SAME_CRITERION, _SAME_PRINCIPLE = 0.5, 0.8


def choose_questions(coverage: Sequence[Coverage], bank: QuestionBank) -> tuple[Question, ...]:
    """Return a question for every criterion and missing stage, most useful first, principles taking turns."""
    waiting = {item.id: _missing(item) for item in coverage}
    criteria = {item.id: item for item in coverage}
    asked_of: dict[str, int] = {}
    asked_under: dict[str, int] = {}
    chosen: list[Question] = []
    while any(waiting.values()):
        name = max(
            (name for name, stages in waiting.items() if stages),
            key=lambda name: (
                _NEED[criteria[name].status]
                * _SAME_CRITERION ** asked_of.get(name, 0)
                * _SAME_PRINCIPLE ** asked_under.get(criteria[name].principle, 0)
            ),
        )
        item = criteria[name]
        chosen.append(_word(item, waiting[name].pop(0), bank))
        asked_of[name] = asked_of.get(name, 0) + 1
        asked_under[item.principle] = asked_under.get(item.principle, 0) + 1
    return tuple(chosen)


def _missing(item: Coverage) -> list[Stage]:
    if item.status == "not_applicable":
        return []
    if item.status in ("evidenced", "committed"):
        return [stage for stage in _STAGE_ORDER if stage not in item.stages]
    return list(STAGES)


def _word(item: Coverage, stage: Stage, bank: QuestionBank) -> Question:
    wording = bank.wording(item.id, stage)
    anchor = _anchor(item)
    if anchor is None:
        text = wording.ask
    else:
        # Questions name the place in brackets.
        slots = {"place": place(anchor, "inside"), "at": place(anchor, "at"), "At": place(anchor, "At")}
        quote = shorten(anchor.quote, _QUOTE_WORDS).rstrip(".;:,")
        section = anchor.section[-1] if anchor.section else slots["place"]
        text = fill(wording.follow, quote=quote, section=section, **slots)
    return Question(criterion=item.id, stage=stage, text=text, why=_why(item, stage, anchor))


def _anchor(item: Coverage) -> Evidence | None:
    """Return the passage that a question about `item` builds on, or None where there is none."""
    if item.status == "absent":
        return next(found for found in item.evidence if found.stance == "absent")
    return next((found for found in item.evidence if found.stance == "positive"), None)


def _why(item: Coverage, stage: Stage, anchor: Evidence | None) -> str:
    if anchor is None:
        if item.status == "gap" and item.nearest is not None:
            return say("replies/questions", "why.gap_near", at=place(item.nearest, "at"))
        return say("replies/questions", f"why.{'unread' if item.status == 'unread' else 'gap'}")
    at = place(anchor, "At")
    if item.status in ("absent", "mentioned"):
        return say("replies/questions", f"why.{item.status}", At=at)
    has = say("replies/questions", f"has.{anchor.stage}")
    lacks = say("replies/questions", f"lacks.{stage}")
    return say("replies/questions", "why.stage", At=at, has=has, lacks=lacks)

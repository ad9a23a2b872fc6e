"""Several drafts' answers to one question -> which covers it best, and which not at all; what changed between two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.asking.places import place
from govbot.records import CHANGES, STANDINGS, STATUSES, Comparison, DraftAnswer, JointAnswer
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.records import Answer, Changed, Document, Wish

_SHEET = "replies/ask"
#: Criteria that are named of each kind of change.
_MOST_NAMED = 6


def join(question: str, answers: Sequence[DraftAnswer], *, about: str, wish: Wish = "coverage") -> JointAnswer:
    """Return the drafts' answers best first, with one sentence that names the best and those that say nothing.

    `about` is what was asked, in the person's words. What is missing, what to ask, why and more are told draft by
    draft. Where nothing was asked of the drafts, the first answer stands.
    """
    if all(item.answer.standing is None for item in answers):
        return JointAnswer(question=question, verdict=answers[0].answer.verdict, drafts=())
    # A draft that lacks the words by which a sentence is about it says nothing of them.
    told = [
        item if item.answer.standing else replace(item, answer=replace(item.answer, standing="no")) for item in answers
    ]
    ranked = sorted(told, key=lambda item: _rank(item.answer))
    if wish != "coverage":
        verdict = say(_SHEET, "joint.each", about=about)
        return JointAnswer(question=question, verdict=verdict, drafts=tuple(ranked), wish=wish)
    found = [item for item in ranked if item.answer.standing in ("yes", "partly", "hardly")]
    unknown = [item for item in ranked if item.answer.standing == "unknown"]
    none = [item for item in ranked if item not in found and item not in unknown]
    unread = [item.document.name for item in unknown]
    if found:
        best, *then = map(_told, found)
        nowhere = [item.document.name for item in none]
        verdict = say(_SHEET, "joint.best", about=about, best=best, then=then, nowhere=nowhere, unread=unread)
    else:
        verdict = say(_SHEET, "joint.nobody", about=about, total=len(ranked), unread=unread)
    return JointAnswer(question=question, verdict=verdict, drafts=tuple(ranked))


def join_found(question: str, answers: Sequence[DraftAnswer], *, topic: str) -> JointAnswer:
    """Return what was found in many drafts on a topic, best first; only drafts that say something are given."""
    ranked = sorted(answers, key=lambda item: _rank(item.answer))
    verdict = say(_SHEET, "found", topic=topic, n=len(ranked))
    return JointAnswer(question=question, verdict=verdict, drafts=tuple(ranked), wish="more")


def describe(answer: Answer) -> str:
    """Return in a few words how a draft stands: "promised", "4 of 7 evidenced", "mentioned"."""
    if not answer.tally:
        return say(_SHEET, f"joint.topic.{answer.standing}")
    total = sum(count for _, count in answer.tally)
    if total == 1:
        return say("replies/check", f"status.{answer.tally[0][0]}.word")
    return say(_SHEET, "joint.tally", n=dict(answer.tally).get("evidenced", 0), total=total)


def compare_drafts(question: str, old: Document, new: Document, changes: Sequence[tuple[str, Changed]]) -> Comparison:
    """Return what changed from the older draft to the newer one; `changes` are (framework id, change)."""
    named = {change: [item.id for _, item in changes if item.change == change] for change in CHANGES}
    counts = [
        say(_SHEET, f"compare.{change}", n=len(ids), names=ids[:_MOST_NAMED], more=max(len(ids) - _MOST_NAMED, 0))
        for change, ids in named.items()
        if ids
    ]
    key = "compare.changed" if counts else "compare.same"
    verdict = say(_SHEET, key, old=old.name, new=new.name, counts=counts)
    return Comparison(question=question, verdict=verdict, old=old, new=new, changes=tuple(changes))


def _told(item: DraftAnswer) -> str:
    quote = next(iter(item.answer.evidence), None)
    at = place(quote, "at") if quote is not None else ""
    return say(_SHEET, "joint.draft", name=item.document.name, standing=describe(item.answer), at=at)


def _rank(answer: Answer) -> tuple[int | float, ...]:
    """Return what the best answers are least by: standing, criteria of each status, stages shown, then the quotes."""
    tally = dict(answer.tally)
    counts = [-tally.get(status, 0) for status in STATUSES]
    best = max((quote.score for quote in answer.evidence), default=0.0)
    standing = STANDINGS.index(answer.standing) if answer.standing else len(STANDINGS)
    return (standing, *counts, len(answer.missing_stages), -len(answer.evidence), -best)

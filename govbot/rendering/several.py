"""JointAnswer and Comparison -> what a person is shown of several drafts, nothing laid out yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.asking.joining import describe
from govbot.rendering.marks import mark
from govbot.rendering.names import name_of
from govbot.rendering.plain import one_line
from govbot.rendering.questions import Asked, view_question
from govbot.rendering.quotes import Quote, view_nearest, view_quote
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework
    from govbot.records import Comparison, Coverage, JointAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftView:
    """One of several drafts."""

    name: str
    #: How it stands on what was asked, in a few words.
    standing: str
    #: What it says by itself, where that was asked for draft by draft; else empty.
    verdict: str
    #: Its best quote, or more of them where more was asked for.
    quotes: tuple[Quote, ...]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JointView:
    """What several drafts say to a question."""

    asked: str
    verdict: str
    #: Best first.
    drafts: tuple[DraftView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeView:
    """A criterion that stands otherwise in the newer draft."""

    #: "B1 Openness: not found → evidenced".
    heading: str
    #: What became of it: "gap closed".
    change: str
    #: Quotes of the older and the newer draft, where there are any.
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonView:
    """What changed from an older draft to a newer one."""

    #: Empty where nobody asked.
    asked: str
    verdict: str
    changes: tuple[ChangeView, ...]


def view_joint(answer: JointAnswer, frameworks: Sequence[Framework]) -> JointView:
    """Return what to show of several drafts' answers: each one's best quote, or its own answer where that was asked."""
    each = answer.wish != "coverage"
    most = None if answer.wish == "more" else 1
    return JointView(
        asked=say("replies/check", "answer.asked", question=one_line(answer.question)),
        verdict=one_line(answer.verdict),
        drafts=tuple(
            DraftView(
                name=one_line(item.document.name),
                standing=describe(item.answer),
                verdict=one_line(item.answer.verdict) if each else "",
                quotes=tuple(
                    view_quote(quote, show_all=False, with_kind=True) for quote in item.answer.evidence[:most]
                ),
                questions=tuple(view_question(one, frameworks) for one in item.answer.questions) if each else (),
            )
            for item in answer.drafts
        ),
    )


def view_comparison(comparison: Comparison, frameworks: Sequence[Framework]) -> ComparisonView:
    """Return what to show of a comparison; raise KeyError where `frameworks` lacks one that was compared under."""
    known = {framework.id: framework for framework in frameworks}
    question = comparison.question
    return ComparisonView(
        asked=say("replies/check", "answer.asked", question=one_line(question)) if question else "",
        verdict=one_line(comparison.verdict),
        changes=tuple(
            ChangeView(
                heading=say(
                    "replies/check",
                    "changed.heading",
                    name=name_of(item.id, [known[framework]]),
                    before=mark(item.before.status).word,
                    after=mark(item.after.status).word,
                ),
                change=say("replies/check", f"changed.{item.change}"),
                quotes=_both(item.before, item.after),
            )
            for framework, item in comparison.changes
        ),
    )


def _both(before: Coverage, after: Coverage) -> tuple[Quote, ...]:
    """Return the deciding quote of each draft, marked as older or newer."""
    found: list[Quote] = []
    for lead, item in (("changed.before", before), ("changed.after", after)):
        if item.evidence:
            quote = view_quote(item.evidence[0], show_all=False, with_kind=False)
        elif item.nearest is not None:
            quote = view_nearest(item.nearest, show_all=False)
        else:
            continue
        key = lead if item.evidence else f"{lead}_nearest"
        found.append(Quote(text=quote.text, where=quote.where, lead=say("replies/check", key)))
    return tuple(found)

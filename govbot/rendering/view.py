"""Check and frameworks -> what a person is shown: every word chosen and made safe, nothing laid out yet.

The terminal and Markdown lay out the same view, so the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from govbot.frameworks import links_between
from govbot.records import STATUSES
from govbot.rendering.cycle import Cycle, view_cycle
from govbot.rendering.marks import Mark, legend, mark
from govbot.rendering.names import name_of, named
from govbot.rendering.plain import one_line
from govbot.rendering.questions import Asked, take_turns, view_question
from govbot.rendering.quotes import Quote, view_nearest, view_quote, view_quotes
from govbot.rendering.source import Source, view_source
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govbot.frameworks import Criterion, Framework, Principle
    from govbot.records import Answer, Assessment, Check, Coverage, Engagement, Status

#: Questions shown of all that were raised.
MOST_QUESTIONS = 7
#: Criteria named as missing under a headline.
_MOST_MISSING = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Criteria of a principle that have the same status."""

    mark: Mark
    #: Their ids, in order; empty where the principle is its own only criterion.
    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionView:
    """A criterion's status and the words of the draft behind it."""

    id: str
    title: str
    #: The framework's own question, which the quotes answer; empty where its criteria are no questions.
    question: str
    mark: Mark
    quotes: tuple[Quote, ...]
    #: A line under the quotes, such as "and 3 more quotes"; empty where there is nothing to add.
    note: str
    #: How often such matches are right; empty where nobody asked.
    explained: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrincipleView:
    """A principle's line, and its criteria."""

    id: str
    short: str
    #: True where its criteria stand under its name; False where every principle is its own only criterion.
    has_heading: bool
    #: Best covered first.
    groups: tuple[Group, ...]
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameworkView:
    """A draft under one framework."""

    title: str
    headline: str
    #: One sentence that names what is missing; empty where nothing is.
    missing: str
    #: One sentence on what the passages that cover the first framework cover of this one too; empty where none do.
    shared: str
    principles: tuple[PrincipleView, ...]
    #: How far engagement goes on the ladder of participation, a paragraph; empty where no quote is about engagement.
    engagement: tuple[str, ...]
    #: None where the framework links no principles in a cycle.
    cycle: Cycle | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckView:
    """A report."""

    source: Source
    #: One sentence on frameworks that the kind of document brought in; empty where none was.
    added: str
    frameworks: tuple[FrameworkView, ...]
    #: The statuses that occur, best covered first.
    legend: tuple[Mark, ...]
    questions: tuple[Asked, ...]
    #: "and 40 more questions"; empty where all are shown.
    more_questions: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerView:
    """An answer to a typed question."""

    asked: str
    #: Names what was understood; empty where the question is about none of ours.
    about: str
    verdict: str
    quotes: tuple[Quote, ...]
    #: One sentence on the stages that are missing; empty where none is.
    missing: str
    questions: tuple[Asked, ...]
    #: One sentence that offers what else may have been meant; empty where it is clear.
    others: str


def view_check(check: Check, frameworks: Iterable[Framework], *, show_all: bool) -> CheckView:
    """Return what to show of a check; raise KeyError where `frameworks` lacks one that was assessed."""
    known = {framework.id: framework for framework in frameworks}
    assessed = [(known[item.framework], item) for item in check.assessments]
    rungs = [item.engagement for item in check.assessments]
    questions = take_turns([item.questions for item in check.assessments])
    shown = questions if show_all else questions[:MOST_QUESTIONS]
    left = len(questions) - len(shown)
    return CheckView(
        source=view_source(check),
        added=_added(check, [framework for framework, _ in assessed]),
        frameworks=tuple(
            replace(
                _framework(framework, item, show_all=show_all),
                shared=_shared(assessed[0], (framework, item)),
                # Where the draft stands is said once, under the first framework that tells.
                engagement=() if any(rungs[:place]) else _engagement(item.engagement),
            )
            for place, (framework, item) in enumerate(assessed)
        ),
        legend=legend(
            criterion.status
            for framework, item in assessed
            for criterion in item.criteria
            if not _is_left_out(framework, criterion)
        ),
        questions=tuple(view_question(item, known.values()) for item in shown),
        more_questions=say("replies/check", "more_questions", n=left) if left else "",
    )


def view_answer(answer: Answer, frameworks: Sequence[Framework]) -> AnswerView:
    """Return what to show of an answer."""
    names = [name_of(target, frameworks) for target in answer.targets]
    stages = [say("replies/check", f"answer.stage.{stage}") for stage in answer.missing_stages]
    return AnswerView(
        asked=say("replies/check", "answer.asked", question=one_line(answer.question)),
        about=say("replies/check", "answer.about", names=names) if names else "",
        verdict=one_line(answer.verdict),
        quotes=tuple(view_quote(item, show_all=False, with_kind=True) for item in answer.evidence),
        missing=say("replies/check", "answer.missing", stages=stages) if stages else "",
        questions=tuple(view_question(item, frameworks) for item in answer.questions),
        others=_others(answer, frameworks),
    )


def _others(answer: Answer, frameworks: Sequence[Framework]) -> str:
    names = [name_of(target, frameworks) for target in answer.others]
    return say("replies/check", "answer.others", names=names) if names else ""


def _added(check: Check, frameworks: Sequence[Framework]) -> str:
    titles = [one_line(one.title) for one in frameworks if not set(check.kinds).isdisjoint(one.suits)]
    kinds = [say("replies/check", f"document_kind.{kind}") for kind in check.kinds]
    return say("replies/check", "added", kinds=kinds, titles=titles) if titles else ""


def _framework(framework: Framework, assessment: Assessment, *, show_all: bool) -> FrameworkView:
    covered = {item.id: item for item in assessment.criteria if not _is_left_out(framework, item)}
    is_tree = not all(principle.is_leaf for principle in framework.principles)
    principles = (_principle(item, covered, has_heading=is_tree, show_all=show_all) for item in framework.principles)
    return FrameworkView(
        title=one_line(framework.title),
        headline=_headline([item.status for item in covered.values()]),
        missing=_missing(framework, covered),
        shared="",
        principles=tuple(item for item in principles if item.criteria),
        engagement=(),
        cycle=view_cycle(framework, assessment),
    )


def _shared(first: tuple[Framework, Assessment], second: tuple[Framework, Assessment]) -> str:
    """Return what one passage is credited with under both, by the crosswalk: "AT (as B3), ET (as B2)"."""
    if first[0].id == second[0].id:
        return ""
    passages = [
        {one.id: {item.passage for item in one.evidence if item.stance == "positive"} for one in assessment.criteria}
        for _, assessment in (first, second)
    ]
    by: dict[str, list[str]] = {}
    for link in links_between(second[0], first[0]):
        here, there = passages[1].get(link.criterion, set()), passages[0].get(link.other, set())
        if not here.isdisjoint(there):
            by.setdefault(link.criterion, []).append(link.other)
    pairs = [say("replies/check", "shared.pair", id=name, others=others) for name, others in by.items()]
    return say("replies/check", "shared.line", pairs=pairs, title=one_line(first[0].title)) if pairs else ""


def _engagement(found: Engagement | None) -> tuple[str, ...]:
    if found is None:
        return ()
    quote = view_quote(found.quote, show_all=False, with_kind=False)
    rung = say("replies/check", f"ladder.{found.rung}")
    methods = [say("replies/check", f"ladder.methods.{method}") for method in found.methods]
    named = (
        say("replies/check", "ladder.named", methods=methods) if methods else say("replies/check", "ladder.no_methods")
    )
    key = "promised" if found.quote.strength == "commitment" else "rung"
    return (say("replies/check", f"ladder.{key}", rung=rung), quote.text, quote.where, named)


def _is_left_out(framework: Framework, item: Coverage) -> bool:
    """Return whether the criterion is of an optional part that the draft does not speak of."""
    return item.status == "not_applicable" and framework.principle(item.principle).optional


def _headline(statuses: Sequence[Status]) -> str:
    total, evidenced = len(statuses), statuses.count("evidenced")
    rest = [
        say("replies/check", "headline.rest", n=statuses.count(status), word=mark(status).word)
        for status in STATUSES[1:]
        if status in statuses
    ]
    key = "none" if evidenced == 0 else "all" if evidenced == total else "some"
    return say("replies/check", f"headline.{key}", n=evidenced, total=total, rest=rest)


def _missing(framework: Framework, covered: Mapping[str, Coverage]) -> str:
    names = [
        named(criterion)
        for criterion in framework.criteria
        if criterion.id in covered and covered[criterion.id].status in ("absent", "gap")
    ]
    if not names:
        return ""
    # One over the limit is named, not counted: "and 1 more" is no shorter.
    shown = names if len(names) == _MOST_MISSING + 1 else names[:_MOST_MISSING]
    return say("replies/check", "missing", names=shown, more=len(names) - len(shown))


def _principle(
    principle: Principle, covered: Mapping[str, Coverage], *, has_heading: bool, show_all: bool
) -> PrincipleView:
    criteria = [item for item in principle.criteria if item.id in covered]
    return PrincipleView(
        id=principle.id,
        short=one_line(principle.short),
        has_heading=has_heading,
        groups=tuple(
            Group(mark=mark(status), ids=() if principle.is_leaf else tuple(ids))
            for status in STATUSES
            if (ids := [item.id for item in criteria if covered[item.id].status == status])
        ),
        criteria=tuple(_criterion(item, covered[item.id], show_all=show_all) for item in criteria),
    )


def _criterion(criterion: Criterion, coverage: Coverage, *, show_all: bool) -> CriterionView:
    quotes: tuple[Quote, ...]
    if coverage.status == "not_applicable":
        quotes, note = (), say("replies/check", "set_aside")
    elif coverage.evidence:
        quotes = view_quotes(coverage, show_all=show_all)
        note = "" if show_all else _more_quotes(coverage)
    elif coverage.nearest is not None:
        quotes, note = (view_nearest(coverage.nearest, show_all=show_all),), ""
    else:
        quotes, note = (), say("replies/check", "nothing_near_read" if coverage.status == "unread" else "nothing_near")
    return CriterionView(
        id=criterion.id,
        title=one_line(criterion.title),
        question=one_line(criterion.question or ""),
        mark=mark(coverage.status),
        quotes=quotes,
        note=note,
        explained=_explained(coverage),
    )


def _explained(coverage: Coverage) -> str:
    """Return how often the matcher is right about the criterion, in passages out of ten."""
    if coverage.reliability is None:
        return ""
    right, found = round(10 * coverage.reliability.precision), round(10 * coverage.reliability.recall)
    return say("replies/check", "explained", right=right, found=found)


def _more_quotes(coverage: Coverage) -> str:
    """Return "and 3 more quotes", with those that speak against the status."""
    left = len(coverage.evidence) - 1
    against = 0 if coverage.status == "absent" else sum(item.stance == "absent" for item in coverage.evidence)
    return say("replies/check", "more_quotes", n=left, against=against) if left else ""

"""Check -> the reply in a draft's thread, which a reader has read in twenty seconds; and a summary of several."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Literal

from govbot.reading.enclosures import path_inside
from govbot.rendering.names import name_of
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.blocks import (
    Block,
    Element,
    Message,
    Part,
    Run,
    actions,
    button,
    context,
    fit,
    header,
    lines,
    listed,
    message,
    paragraph,
    quoted,
    rich,
    run,
    said,
    section,
    table,
)
from govbot.rendering.view import CriterionView, FrameworkView, PrincipleView, view_check
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from govbot.frameworks import Framework
    from govbot.records import Assessment, Change, Check, Comparison, Coverage, Status
    from govbot.rendering.cycle import Cycle
    from govbot.rendering.questions import Asked

_SHEET = "replies/slack"
#: Gaps and questions that the reply shows, criteria that it names as changed, and lines of a line-up or grid.
_GAPS, _QUESTIONS, _NAMED, _LINES = 3, 3, 3, 12
#: Characters of a quote of the reply: some twenty-five words.
_QUOTE = 180
#: Characters of a name, a sentence, and a question.
_NAME, _SENTENCE, _QUESTION = 100, 500, 400
#: What became of a criterion, in the order that people want to hear it.
_CHANGES: tuple[Change, ...] = ("closed", "opened", "stronger", "weaker", "lost", "unknown")
_NAMED_CHANGES: frozenset[Change] = frozenset({"closed", "opened"})
_MISSING: frozenset[Status] = frozenset({"absent", "gap"})
Counted = Literal["evidenced", "committed", "missing", "total"]


def draft_message(
    check: Check,
    frameworks: Sequence[Framework],
    *,
    document: int,
    version: int,
    comparison: Comparison | None = None,
) -> Message:
    """Return the reply on a draft, kept as a version of a document; what changed since the one before comes first.

    Raises KeyError where `frameworks` lacks one that it was checked under.
    """
    view = view_check(check, frameworks, show_all=False)
    first, *others = view.frameworks
    since = _since(comparison, frameworks, version - 1) if comparison is not None else []
    caution = say(_SHEET, "draft.caution")
    parts = [
        Part(blocks=header(view.source.title)),
        Part(blocks=[*since, *_unread(view.source.unread)]),
        Part(blocks=_first(first)),
        Part(blocks=_others(others), rank=3),
        Part(blocks=_gaps(check, view.frameworks), rank=1),
        Part(blocks=_grid(first.cycle), rank=4),
        Part(blocks=_asked(view.questions), rank=2),
        Part(blocks=_buttons(check, Ref(document=document, framework=check.assessments[0].framework))),
        Part(blocks=context(" ".join(filter(None, (_origin(check), view.source.read, view.added, caution))))),
    ]
    return message(fit(parts))


def several_message(
    checks: Sequence[Check], frameworks: Sequence[Framework], *, failed: Sequence[tuple[str, str]] = ()
) -> Message:
    """Return a summary of several drafts that were handed in together; `failed` are names of others, and why.

    Raises KeyError where `frameworks` lacks one that they were checked under.
    """
    key = "headline" if checks else "headline_none"
    headline = say(_SHEET, f"several.{key}", n=len(checks), rows=len(checks))
    ordered = sorted(checks, key=lambda one: (_share(one.assessments[0]), one.document.title))
    rows = [_row(check, frameworks) for check in ordered]
    titles = {_framework(check.assessments[0], frameworks).title for check in checks}
    against = say(_SHEET, "several.against", title=next(iter(titles))) if len(titles) == 1 else ""
    faults = [[*said(name, _NAME, bold=True), *said(f": {why}", _SENTENCE)] for name, why in failed]
    heading = run(say(_SHEET, "several.failed"), bold=True) if faults else []
    parts = [
        Part(blocks=paragraph(lines(run(headline, bold=True), said(against)))),
        Part(blocks=table(say(_SHEET, "several.columns").split("; "), rows)),
        Part(blocks=rich(section(heading), listed(faults)), rank=1),
    ]
    return message(fit(parts))


def count(statuses: Iterable[Status]) -> dict[Counted, int]:
    """Return how many criteria are evidenced, promised and missing, and how many apply."""
    found = [status for status in statuses if status != "not_applicable"]
    return {
        "evidenced": found.count("evidenced"),
        "committed": found.count("committed"),
        "missing": sum(status in _MISSING for status in found),
        "total": len(found),
    }


def line_up(principles: Sequence[PrincipleView]) -> Element | None:
    """Return a list of the principles, each with its criteria by status: a sign, and the word that says the same."""
    return listed([_principle(one) for one in principles[:_LINES]])


def _principle(principle: PrincipleView) -> list[Run]:
    groups = [
        say(_SHEET, "draft.group", symbol=group.mark.symbol, ids=group.ids, word=group.mark.word)
        for group in principle.groups
    ]
    name = say(_SHEET, "draft.principle", id=principle.id, short=principle.short)
    return [*said(name, _NAME, bold=True), *said(say(_SHEET, "draft.groups", groups=groups), _SENTENCE)]


def since_line(changes: Iterable[tuple[str, str, Change]]) -> str:
    """Return what changed, of criteria by id and name, in a sentence: "1 gap closed (B1 Openness); 1 weaker (F2)".

    Gaps are named, what else changed goes by its id.
    """
    found: dict[Change, list[str]] = {}
    for identity, name, change in changes:
        found.setdefault(change, []).append(name if change in _NAMED_CHANGES else identity)
    told = [
        say(
            _SHEET,
            f"draft.{change}",
            n=len(found[change]),
            names=found[change][:_NAMED],
            more=max(len(found[change]) - _NAMED, 0),
        )
        for change in _CHANGES
        if change in found
    ]
    return "; ".join(told)


def _since(comparison: Comparison, frameworks: Sequence[Framework], version: int) -> list[Block]:
    known = {framework.id: framework for framework in frameworks}
    told = since_line((one.id, name_of(one.id, [known[name]]), one.change) for name, one in comparison.changes)
    if not told:
        return paragraph(run(say(_SHEET, "draft.nothing_changed", version=version)))
    lead = run(say(_SHEET, "draft.since", version=version), bold=True)
    return paragraph(lead, run(" "), said(f"{told}.", _SENTENCE * 2))


def _origin(check: Check) -> str:
    """Return in which file a draft lies; empty where it is a file of its own."""
    name = check.document.name
    return say(_SHEET, "draft.origin", name=name) if path_inside(name) else ""


def _unread(unread: Sequence[str]) -> list[Block]:
    if not unread:
        return []
    heading = run(say("replies/check", "unread.title"), bold=True)
    return rich(section(heading), listed([said(line, _SENTENCE) for line in unread[:_LINES]]))


def _first(view: FrameworkView) -> list[Block]:
    return rich(section(lines(said(view.headline, bold=True), said(view.title, _SENTENCE))), line_up(view.principles))


def _others(views: Sequence[FrameworkView]) -> list[Block]:
    return rich(
        listed(
            [
                [
                    *said(say(_SHEET, "draft.other", title=view.title), _SENTENCE, bold=True),
                    *run(" "),
                    *said(" ".join(filter(None, (view.headline, view.missing))), _SENTENCE),
                ]
                for view in views
            ]
        )
    )


# Gaps


def main_gaps(check: Check) -> list[tuple[str, Coverage]]:
    """Return framework and coverage of what is missing: first what the draft says so of itself, then as is asked."""
    found = {
        (assessment.framework, item.id): item
        for assessment in check.assessments
        for item in assessment.criteria
        if item.status in _MISSING
    }
    turns = zip_longest(*([(one.framework, item.criterion) for item in one.questions] for one in check.assessments))
    asked = [pair for pair in chain.from_iterable(turns) if pair is not None]
    ordered = [(pair[0], found[pair]) for pair in dict.fromkeys([*asked, *found]) if pair in found]
    # What the draft itself says is missing is surest.
    return sorted(ordered, key=lambda gap: gap[1].status != "absent")


def _gaps(check: Check, views: Sequence[FrameworkView]) -> list[Block]:
    gaps = main_gaps(check)
    if not gaps:
        # Nothing is missing that is known: what could not be read may be.
        is_done = all(item.status != "unread" for one in check.assessments for item in one.criteria)
        return paragraph(run(say(_SHEET, "draft.no_gaps"), bold=True)) if is_done else []
    shown = {
        (assessment.framework, criterion.id): criterion
        for assessment, view in zip(check.assessments, views, strict=True)
        for principle in view.principles
        for criterion in principle.criteria
    }
    left = len(gaps) - _GAPS
    return rich(
        section(run(say(_SHEET, "draft.gaps"), bold=True)),
        *(element for name, item in gaps[:_GAPS] for element in _gap(shown[name, item.id], item)),
        section(run(say(_SHEET, "draft.more_gaps", n=left))) if left > 0 else None,
    )


def _gap(view: CriterionView, coverage: Coverage) -> list[Element | None]:
    name = say("replies/check", "named", id=view.id, title=view.title)
    quote = next(iter(view.quotes), None)
    why = view.note
    if quote is not None:
        why = say(_SHEET, "draft.absent" if coverage.status == "absent" else "draft.near", where=quote.where)
    return [
        section(said(say(_SHEET, "draft.gap", name=name), _NAME, bold=True), run(" "), said(why, _SENTENCE)),
        quoted(quote.text, _QUOTE) if quote is not None else None,
    ]


# The grid, questions and buttons


def _grid(cycle: Cycle | None) -> list[Block]:
    if cycle is None:
        return []
    rows = [
        (
            say(_SHEET, "draft.principle", id=row.id, short=row.short),
            *(say(_SHEET, "draft.cell", symbol=cell.symbol, word=cell.word) for cell in row.cells),
        )
        for row in cycle.rows[:_LINES]
    ]
    lead = lines(run(say("replies/check", "cycle.title"), bold=True), run(say("replies/check", "cycle.about")))
    return [*paragraph(lead), *table([say(_SHEET, "draft.principle_column"), *cycle.columns], rows)]


def _asked(questions: Sequence[Asked]) -> list[Block]:
    if not questions:
        return []
    return rich(
        section(run(say(_SHEET, "draft.questions"), bold=True)),
        listed(
            [lines(said(one.text, _QUESTION), said(one.about, _NAME, italic=True)) for one in questions[:_QUESTIONS]],
            numbered=True,
        ),
    )


def _buttons(check: Check, ref: Ref) -> list[Block]:
    has_questions = any(one.questions for one in check.assessments)
    value = ref.packed()
    return actions(
        button(say(_SHEET, "draft.press.evidence"), act.EVIDENCE, value, primary=True),
        button(say(_SHEET, "draft.press.questions"), act.QUESTIONS, value) if has_questions else None,
        button(say(_SHEET, "draft.press.report"), act.REPORT, value),
        button(say(_SHEET, "draft.press.reframe"), act.REFRAME, value),
        button(say(_SHEET, "draft.press.not_relevant"), act.NOT_RELEVANT, value),
        button(say(_SHEET, "draft.press.ask"), act.ASK, value),
    )


# Several drafts


def _framework(assessment: Assessment, frameworks: Sequence[Framework]) -> Framework:
    return {framework.id: framework for framework in frameworks}[assessment.framework]


def _share(assessment: Assessment) -> float:
    counted = count(item.status for item in assessment.criteria)
    return counted["evidenced"] / counted["total"] if counted["total"] else 1.0


def _row(check: Check, frameworks: Sequence[Framework]) -> tuple[str | int, ...]:
    known = {framework.id: framework for framework in frameworks}
    counted = count(item.status for item in check.assessments[0].criteria)
    gap = next(iter(main_gaps(check)), None)
    return (
        check.document.title or check.document.name,
        say(_SHEET, "several.of", n=counted["evidenced"], total=counted["total"]),
        counted["committed"],
        counted["missing"],
        name_of(gap[1].id, [known[gap[0]]]) if gap else "",
    )

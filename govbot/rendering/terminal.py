"""Check, Answer -> what a terminal shows, from 60 columns up, in colour or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from govbot.rendering.layout import Flow, Title, Trimmed, indented
from govbot.rendering.several import view_comparison, view_joint
from govbot.rendering.view import view_answer, view_check
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from govbot.frameworks import Framework
    from govbot.records import Answer, Check, Comparison, JointAnswer
    from govbot.rendering.cycle import Cycle
    from govbot.rendering.marks import Mark, Tone
    from govbot.rendering.questions import Asked
    from govbot.rendering.quotes import Quote
    from govbot.rendering.source import Source
    from govbot.rendering.view import CheckView, CriterionView, FrameworkView, PrincipleView
    from govbot.rendering.view import Group as StatusGroup

_STYLES: dict[Tone, str] = {
    "good": "green",
    "fair": "cyan",
    "weak": "yellow",
    "bad": "red",
    "unknown": "magenta",
    "aside": "dim",
}
#: Columns by which a quote stands in from its criterion.
_INDENT = 4
_BLANK = Text()


def check_report(check: Check, frameworks: Iterable[Framework], *, show_all: bool) -> Group:
    """Return the report on a draft; `show_all` shows every quote in full and every question."""
    view = view_check(check, frameworks, show_all=show_all)
    return Group(Trimmed(Group(*_report(view))))


def answer_report(answer: Answer, frameworks: Sequence[Framework]) -> Group:
    """Return the answer to a typed question."""
    view = view_answer(answer, frameworks)
    parts: list[RenderableType] = [Text(view.asked, style="dim"), Text(view.verdict, style="bold")]
    if view.about:
        parts.append(Text(view.about, style="dim"))
    for quote in view.quotes:
        parts += [_BLANK, *_quote(quote)]
    if view.missing:
        parts += [_BLANK, Text(view.missing)]
    if view.questions:
        parts += [_BLANK, Text(say("replies/check", "ask"), style="bold"), *_questions(view.questions)]
    if view.others:
        parts += [_BLANK, Text(view.others, style="dim")]
    return Group(Trimmed(Group(*parts)))


def joint_report(answer: JointAnswer, frameworks: Sequence[Framework]) -> Group:
    """Return what several drafts say to a typed question."""
    view = view_joint(answer, frameworks)
    parts: list[RenderableType] = [Text(view.asked, style="dim"), Text(view.verdict, style="bold")]
    for draft in view.drafts:
        parts += [_BLANK, Text(draft.name, style="bold").append(f": {draft.standing}", style="not bold")]
        lines = [Text(draft.verdict)] if draft.verdict else []
        shown = [*lines, *(part for quote in draft.quotes for part in _quote(quote)), *_questions(draft.questions)]
        parts += [indented(part, _INDENT) for part in shown]
    return Group(Trimmed(Group(*parts)))


def comparison_report(comparison: Comparison, frameworks: Sequence[Framework]) -> Group:
    """Return what changed between two drafts."""
    view = view_comparison(comparison, frameworks)
    parts: list[RenderableType] = [Text(view.asked, style="dim")] if view.asked else []
    parts.append(Text(view.verdict, style="bold"))
    for change in view.changes:
        parts += [_BLANK, Text(change.heading, style="bold"), Text(change.change, style="dim")]
        parts += [indented(part, _INDENT) for quote in change.quotes for part in _quote(quote)]
    return Group(Trimmed(Group(*parts)))


def _report(view: CheckView) -> Iterator[RenderableType]:
    yield from _source(view.source)
    if view.added:
        yield Text(view.added)
    for framework in view.frameworks:
        yield _BLANK
        yield from _overview(framework)
    yield _BLANK
    yield Text(say("replies/check", "legend"), style="bold")
    yield _legend(view.legend)
    yield _BLANK
    yield Title(say("replies/check", "quotes"))
    for framework in view.frameworks:
        if len(view.frameworks) > 1:
            yield _BLANK
            yield Text(framework.title, style="bold underline")
        for principle in framework.principles:
            yield from _principle(principle)
    for framework in view.frameworks:
        if framework.cycle is not None:
            yield _BLANK
            yield from _cycle(framework.cycle)
    if view.questions:
        yield _BLANK
        yield Title(say("replies/check", "ask"))
        yield from _questions(view.questions)
    if view.more_questions:
        yield _BLANK
        yield Text(view.more_questions, style="dim")


def _source(source: Source) -> Iterator[RenderableType]:
    yield Text(source.title, style="bold")
    if source.name:
        yield Text(source.name, style="dim")
    yield _BLANK
    yield Text(source.read)
    if source.unread:
        yield Text(say("replies/check", "unread.title"))
        for line in source.unread:
            yield _row("?", Text(line), style=_STYLES["unknown"])


def _overview(framework: FrameworkView) -> Iterator[RenderableType]:
    yield Title(framework.title)
    yield Text(framework.headline, style="bold")
    for line in filter(None, (framework.missing, framework.shared)):
        yield Text(line)
    yield _BLANK
    table = _grid(columns=3)
    for principle in framework.principles:
        pieces = [_group(group) for group in principle.groups]
        table.add_row(Text(principle.id, style="bold"), Text(principle.short), Flow(pieces))
    yield table
    if framework.engagement:
        lead, quote, where, methods = framework.engagement
        yield _BLANK
        yield Text(lead)
        yield from (indented(part, _INDENT) for part in (Text(quote, style="italic"), Text(where, style="dim")))
        yield Text(methods)


def _group(group: StatusGroup) -> Text:
    words = " ".join((group.mark.symbol, ", ".join(group.ids), group.mark.word)).replace("  ", " ")
    return Text(words, style=_STYLES[group.mark.tone])


def _legend(marks: Iterable[Mark]) -> Table:
    table = _grid(columns=2)
    for mark in marks:
        table.add_row(_marked(mark), Text(mark.meaning, style="dim"))
    return table


def _principle(principle: PrincipleView) -> Iterator[RenderableType]:
    if principle.has_heading:
        yield _BLANK
        yield Text(f"{principle.id}  {principle.short}", style="bold")
    for number, criterion in enumerate(principle.criteria):
        if number or not principle.has_heading:
            yield _BLANK
        yield from _criterion(criterion)


def _criterion(criterion: CriterionView) -> Iterator[RenderableType]:
    style = _STYLES[criterion.mark.tone]
    head = Text(f"{criterion.id} {criterion.title}: ").append(criterion.mark.word, style=style)
    yield _row(criterion.mark.symbol, head, style=style)
    if criterion.question:
        yield indented(Text(criterion.question, style="bold"), _INDENT)
    for quote in criterion.quotes:
        yield from (indented(part, _INDENT) for part in _quote(quote))
    for line in filter(None, (criterion.note, criterion.explained)):
        yield indented(Text(line, style="dim"), _INDENT)


def _quote(quote: Quote) -> Iterator[RenderableType]:
    if quote.lead:
        yield Text(quote.lead)
    yield Text(quote.text, style="italic")
    yield Text(quote.where, style="dim")


def _cycle(cycle: Cycle) -> Iterator[RenderableType]:
    yield Title(say("replies/check", "cycle.title"))
    yield Text(say("replies/check", "cycle.about"))
    yield _BLANK
    table = _grid(columns=2 + len(cycle.columns))
    table.add_row(_BLANK, _BLANK, *(Text(name, style="bold") for name in cycle.columns))
    for row in cycle.rows:
        table.add_row(Text(row.id, style="bold"), Text(row.short), *(_marked(cell) for cell in row.cells))
    yield table


def _questions(questions: Sequence[Asked]) -> Iterator[RenderableType]:
    for number, asked in enumerate(questions, start=1):
        yield _BLANK
        lines = Group(Text(asked.text), Text(asked.why, style="dim"), Text(asked.about, style="dim"))
        yield _row(f"{number}.".rjust(len(str(len(questions))) + 1), lines, style="bold")


def _marked(mark: Mark) -> Text:
    return Text(f"{mark.symbol} {mark.word}", style=_STYLES[mark.tone])


def _row(sign: str, held: RenderableType, *, style: str) -> Table:
    """Return `held` with a sign before its first line."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(no_wrap=True)
    row.add_column()
    row.add_row(Text(sign, style=style), held)
    return row


def _grid(*, columns: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    for _ in range(columns - 1):
        table.add_column(overflow="fold")
    return table

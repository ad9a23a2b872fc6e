"""Home: my drafts, drafts shared with me, what I asked; for officers all drafts, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.rendering.portfolio import view_portfolio
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.blocks import (
    Block,
    Element,
    Option,
    actions,
    button,
    context,
    divider,
    header,
    home,
    listed,
    menu,
    paragraph,
    plain_text,
    rich,
    run,
    said,
    section,
)
from govbot.rendering.slack.dates import day
from govbot.rendering.slack.summary import draft_line, export, gaps, months, notes
from govbot.words import say

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import DraftRow, Portfolio
    from govbot.rendering.slack.actions import Span

_SHEET = "replies/slack"
#: Drafts of each list, answers, drafts of the officers' list, and months.
_DRAFTS, _ANSWERS, _ALL, _MONTHS = 10, 5, 20, 12
#: Characters of a question or a verdict.
_SAID = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAnswer:
    """What a person was told."""

    question: str
    verdict: str
    #: Of the draft.
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What a governance officer sees."""

    portfolio: Portfolio
    #: The filters as they are set; its framework is that of the portfolio.
    span: Span
    #: Those to choose from.
    frameworks: Sequence[Framework]
    #: Slack's id and name of the channels to choose from.
    channels: Sequence[tuple[str, str]]


def home_view(
    mine: Sequence[DraftRow],
    shared: Sequence[DraftRow],
    *,
    framework: Framework,
    answers: Sequence[LastAnswer] = (),
    overview: Overview | None = None,
) -> Block:
    """Return a person's Home; the drafts are read under `framework`, newest first, and `overview` is for officers only.

    Raises KeyError where the overview's frameworks lack that of its portfolio.
    """
    blocks = [
        *_drafts("mine", "no_drafts", mine, framework),
        *_drafts("shared", "no_shared", shared, framework),
        *_answers(answers),
        *(_overview(overview) if overview is not None else []),
        *_settings(),
    ]
    return home(blocks)


def _drafts(title: str, nothing: str, rows: Sequence[DraftRow], framework: Framework) -> list[Block]:
    left = len(rows) - _DRAFTS
    return [
        *header(say("replies/slack", f"home.{title}")),
        *(context(say(_SHEET, "home.against", title=framework.title)) if rows else []),
        *([] if rows else paragraph(run(say("replies/slack", f"home.{nothing}")))),
        *(block for row in rows[:_DRAFTS] for block in _draft(row, framework)),
        *(context(say(_SHEET, "home.more", n=left)) if left > 0 else []),
    ]


def _draft(row: DraftRow, framework: Framework) -> list[Block]:
    value = Ref(document=row.now.document, framework=framework.id).packed()
    outdated = say(_SHEET, "home.outdated") if row.is_outdated else ""
    return [
        *paragraph(draft_line(row, framework)),
        *context(" ".join(filter(None, (say(_SHEET, "home.kept", day=day(row.now.kept_at)), outdated)))),
        *actions(
            button(say(_SHEET, "home.press.evidence"), act.EVIDENCE, value),
            button(say(_SHEET, "home.press.questions"), act.QUESTIONS, value),
            button(say(_SHEET, "home.press.ask"), act.ASK, value),
        ),
    ]


def _answers(answers: Sequence[LastAnswer]) -> list[Block]:
    if not answers:
        return []
    told = [
        [
            *said(one.question, _SAID, bold=True),
            *run("\n"),
            *said(say(_SHEET, "home.answer", title=one.title, verdict=one.verdict), _SAID),
        ]
        for one in answers[:_ANSWERS]
    ]
    return [*header(say(_SHEET, "home.answers")), *rich(listed(told))]


def _settings() -> list[Block]:
    choose = {
        "type": "conversations_select",
        "action_id": act.SETTINGS_OF,
        "placeholder": plain_text(say(_SHEET, "home.settings_choose"), 150),
        "filter": {"include": ["public", "private"]},
    }
    return [
        *header(say(_SHEET, "home.settings")),
        *paragraph(run(say(_SHEET, "home.settings_about"))),
        *actions(choose),
    ]


# For officers


def _overview(overview: Overview) -> list[Block]:
    portfolio = overview.portfolio
    framework = {one.id: one for one in overview.frameworks}[portfolio.framework]
    view = view_portfolio(portfolio, framework, in_full=False)
    told = [draft_line(row, framework) for row in portfolio.drafts[:_ALL]]
    left = len(portfolio.drafts) - len(told)
    trend = months(portfolio.months[-_MONTHS:], framework)
    return [
        *divider(),
        *header(say(_SHEET, "home.officers")),
        *_filters(overview),
        *paragraph(said(view.headline, bold=True)),
        *(rich(section(run(say(_SHEET, "home.weakest"), bold=True)), listed(told)) if told else []),
        *(context(say(_SHEET, "home.more", n=left)) if left > 0 else []),
        *gaps(portfolio, framework),
        *(rich(section(run(say(_SHEET, "summary.chart"), bold=True)), trend) if trend is not None else []),
        *paragraph(run(notes(portfolio))),
        *(export(overview.span) if portfolio.drafts else []),
    ]


def _filters(overview: Overview) -> list[Block]:
    span = overview.span
    frameworks = [Option(text=one.title, value=one.id) for one in overview.frameworks]
    everywhere = Option(text=say(_SHEET, "home.all_channels"), value=act.NONE)
    channels = [everywhere, *(Option(text=name, value=channel) for channel, name in overview.channels)]
    since: Element = {
        "type": "datepicker",
        "action_id": act.SPAN_SINCE,
        "placeholder": plain_text(say(_SHEET, "home.since_day"), 150),
        **({"initial_date": span.since} if span.since else {}),
    }
    return actions(
        menu(act.SPAN_FRAMEWORK, say(_SHEET, "home.framework"), frameworks, span.framework),
        menu(act.SPAN_CHANNEL, say(_SHEET, "home.channel"), channels, span.channel or act.NONE),
        since,
        block=f"{act.SPAN}:{span.packed()}",
    )

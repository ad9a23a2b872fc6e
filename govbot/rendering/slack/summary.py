"""Portfolio -> what a channel reads across drafts: a summary with its table and chart, and the weekly digest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from govbot.rendering.names import name_of
from govbot.rendering.portfolio import view_portfolio
from govbot.rendering.slack import actions as act
from govbot.rendering.slack import limits
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
    rich,
    rows_of,
    run,
    said,
    section,
    table,
)
from govbot.rendering.slack.dates import day, month
from govbot.rendering.slack.draft import count, since_line
from govbot.rendering.slack.text import clean
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from govbot.frameworks import Framework
    from govbot.records import DraftRow, Month, Portfolio
    from govbot.rendering.slack.actions import Span

_SHEET = "replies/slack"
#: Months of the trend, gaps, drafts of a digest; a trend needs two months.
_MONTHS, _GAPS, _DRAFTS, _TREND = 12, 5, 10, 2
#: Characters of a title.
_TITLE = 100


def summary_message(
    portfolio: Portfolio, framework: Framework, span: Span, *, is_officer: bool = False, has_chart: bool = True
) -> Message:
    """Return how drafts stand: a table, weakest first, what is missing most often, the trend, a button for the file.

    Without `has_chart`, for where Slack does not know charts, the trend stands in words.
    """
    view = view_portfolio(portfolio, framework, in_full=False)
    rows = table(say(_SHEET, "summary.columns").split("; "), [_row(row) for row in portfolio.drafts])
    left = len(portfolio.drafts) - rows_of(rows)
    trend = portfolio.months[-_MONTHS:]
    since = day(date.fromisoformat(span.since)) if span.since else ""
    key = "officer_scope" if is_officer else "scope"
    parts = [
        Part(blocks=header(say(_SHEET, "summary.title"))),
        Part(blocks=paragraph(said(view.headline, bold=True))),
        Part(blocks=[*rows, *(paragraph(run(say(_SHEET, "summary.more", n=left))) if left and rows else [])], rank=1),
        Part(blocks=gaps(portfolio, framework), rank=2),
        Part(blocks=_trend(trend, framework, has_chart=has_chart), rank=3),
        Part(blocks=paragraph(run(notes(portfolio))), rank=4),
        Part(blocks=export(span) if portfolio.drafts else []),
        Part(blocks=context(say(_SHEET, f"summary.{key}", since=since))),
    ]
    return message(fit(parts))


def digest_message(portfolio: Portfolio, framework: Framework, span: Span, *, since: datetime) -> Message:
    """Return what was checked since then, weakest first, what changed in it, and what is missing most often."""
    fresh = [row for row in portfolio.drafts if row.now.kept_at >= since]
    left = len(fresh) - _DRAFTS
    told = [draft_line(row, framework) for row in fresh[:_DRAFTS]]
    headline = say(_SHEET, "digest.headline", n=len(fresh), since=day(since))
    parts = [
        Part(blocks=paragraph(said(headline, bold=True))),
        Part(
            blocks=rich(
                section(said(say(_SHEET, "digest.about", title=framework.title))) if told else None,
                listed(told),
                section(run(say(_SHEET, "digest.more", n=left))) if left > 0 else None,
            ),
            rank=1,
        ),
        Part(blocks=gaps(portfolio, framework), rank=2),
        Part(blocks=export(span) if portfolio.drafts else []),
    ]
    return message(fit(parts))


def draft_line(row: DraftRow, framework: Framework) -> list[Run]:
    """Return how a draft stands, and what changed since the version before."""
    counted = count(status for status, _ in row.now.criteria.values())
    told = say(
        _SHEET,
        "summary.line",
        version=row.now.version,
        n=counted["evidenced"],
        total=counted["total"],
        missing=counted["missing"],
    )
    changes = since_line((name, name_of(name, [framework]), change) for name, change in row.changes)
    since = say(_SHEET, "summary.since", version=row.now.version - 1, changes=changes) if changes else ""
    title = clean(row.now.title, _TITLE) or "–"
    return lines([*run(title, bold=True), *run(", "), *said(told)], said(since, italic=True))


def gaps(portfolio: Portfolio, framework: Framework) -> list[Block]:
    """Return what is missing most often."""
    told = [
        said(say(_SHEET, "summary.gap", name=name_of(name, [framework]), n=number), _TITLE * 2)
        for name, number in portfolio.gaps[:_GAPS]
    ]
    return rich(section(run(say(_SHEET, "summary.gaps"), bold=True)), listed(told)) if told else []


def months(trend: Sequence[Month], framework: Framework) -> Element | None:
    """Return the trend in words."""
    total = len(framework.criteria)
    return listed(
        [
            run(say(_SHEET, "summary.month", month=month(one.month), mean=_mean(one), total=total, n=one.versions))
            for one in trend
        ]
    )


def notes(portfolio: Portfolio) -> str:
    """Return how many decisions people made, and how many drafts should be checked again."""
    outdated = {row.now.document for row in portfolio.drafts if row.is_outdated}
    unchecked = outdated | {one.document for one in portfolio.unchecked}
    told = [
        say(_SHEET, f"summary.{key}", n=number)
        for key, number in (("decisions", len(portfolio.decisions)), ("unchecked", len(unchecked)))
        if number
    ]
    return " ".join(told)


def export(span: Span) -> list[Block]:
    """Return the button for the Excel file."""
    return actions(button(say(_SHEET, "summary.export"), act.EXPORT, span.packed()))


def _row(row: DraftRow) -> tuple[str | int, ...]:
    counted = count(status for status, _ in row.now.criteria.values())
    return (
        row.now.title,
        say(_SHEET, "several.of", n=counted["evidenced"], total=counted["total"]),
        counted["committed"],
        counted["missing"],
        since_line((name, name, change) for name, change in row.changes),
    )


def _trend(trend: Sequence[Month], framework: Framework, *, has_chart: bool) -> list[Block]:
    if len(trend) < _TREND:
        return []
    if has_chart:
        return [_chart(trend, framework)]
    return rich(section(run(say(_SHEET, "summary.chart"), bold=True)), months(trend, framework))


def _chart(trend: Sequence[Month], framework: Framework) -> Block:
    labels = [month(one.month)[: limits.CHART_LABEL] for one in trend]
    points = [{"label": label, "value": _mean(one)} for label, one in zip(labels, trend, strict=True)]
    return {
        "type": "data_visualization",
        "title": say(_SHEET, "summary.chart")[: limits.CHART_TITLE],
        "chart": {
            "type": "line",
            "series": [{"name": say(_SHEET, "summary.series")[: limits.CHART_LABEL], "data": points}],
            "axis_config": {
                "categories": labels,
                "x_label": say(_SHEET, "summary.month_axis"),
                "y_label": say(_SHEET, "summary.count_axis", total=len(framework.criteria)),
            },
        },
    }


def _mean(one: Month) -> float:
    """Return how many criteria were evidenced in a draft of the month."""
    return round(one.evidenced / max(one.versions, 1), 1)

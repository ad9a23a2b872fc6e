"""Portfolio -> tables in words, and from them a terminal's report, Markdown, CSV, Excel and JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from govbot.errors import CannotWrite
from govbot.records import STATUSES
from govbot.rendering.layout import Flow, Title, Trimmed, indented
from govbot.rendering.markdown import template
from govbot.rendering.marks import legend, mark
from govbot.rendering.names import name_of
from govbot.rendering.plain import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from govbot.frameworks import Framework
    from govbot.records import Change, DraftRow, Portfolio, Status
    from govbot.rendering.marks import Mark

SCHEMA = "govbot.summary/1"
_SHEET = "replies/summary"
#: Lines of each table that people are shown; files have them all.
_MOST_DRAFTS, _MOST_LINES = 40, 10
#: Characters of a title in the smaller tables.
_SHORT_TITLE = 32
#: What a spreadsheet takes for a formula at the start of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table: drafts, gaps, months."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    #: What to say where there is no row; empty to leave the table out.
    nothing: str = ""
    #: "and 12 more drafts"; empty where all are shown.
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortfolioView:
    """What an officer sees."""

    headline: str
    sheets: tuple[Sheet, ...]
    legend: tuple[Mark, ...]


def view_portfolio(portfolio: Portfolio, framework: Framework, *, in_full: bool) -> PortfolioView:
    """Return what to show; `in_full`: every row, and statuses in words rather than signs."""
    title = one_line if in_full else _shortened
    names = {name: name_of(name, [framework]) for name in framework.criterion_ids}
    missing = [f"{name} ({number})" for name, number in portfolio.gaps[:3]]
    sheets = (
        _drafts(portfolio, framework, in_full=in_full),
        _sheet("gaps", [(names.get(name, name), number) for name, number in portfolio.gaps], in_full=in_full),
        _sheet(
            "stages",
            [
                (names.get(name, name), say(_SHEET, f"stage.{stage}"), number)
                for name, stage, number in portfolio.stages
            ],
            in_full=in_full,
        ),
        _sheet(
            "changes",
            [
                (row.now.document, title(row.now.title), row.now.version, _changed(row))
                for row in portfolio.drafts
                if row.changes
            ],
            in_full=in_full,
        ),
        _sheet(
            "decisions",
            [
                (
                    item.document,
                    title(item.title),
                    names.get(item.decision.criterion, item.decision.criterion) if in_full else item.decision.criterion,
                    say(_SHEET, f"decision.{item.decision.kind}"),
                    one_line(item.decision.reason),
                    one_line(item.decision.author),
                    f"{item.decision.made_at:%Y-%m-%d}",
                )
                for item in portfolio.decisions
            ],
            in_full=in_full,
        ),
        _sheet("unchecked", _unchecked(portfolio), in_full=in_full),
        _sheet(
            "months",
            [(one.month, one.versions, one.evidenced, one.criteria) for one in portfolio.months],
            in_full=True,
        ),
    )
    shown = {status for row in portfolio.drafts for counted in row.principles.values() for status in counted}
    return PortfolioView(
        headline=say(_SHEET, "headline", n=len(portfolio.drafts), title=framework.title, missing=missing),
        sheets=tuple(sheet for sheet in sheets if sheet.rows or sheet.nothing),
        legend=() if in_full else legend(status for status in STATUSES if status in shown),
    )


def portfolio_report(portfolio: Portfolio, framework: Framework) -> Group:
    """Return what a terminal shows."""
    view = view_portfolio(portfolio, framework, in_full=False)
    parts: list[Any] = [Text(view.headline, style="bold")]
    for sheet in view.sheets:
        is_first = sheet is view.sheets[0]
        shown = _draft_lines(sheet, len(framework.principles)) if is_first else [_table(sheet)]
        parts += [Text(), Title(sheet.title), *(shown if sheet.rows else [Text(sheet.nothing, style="dim")])]
        if sheet.more:
            parts.append(Text(sheet.more, style="dim"))
        if is_first and view.legend:
            signs = [f"{one.symbol} {one.word}" for one in view.legend]
            parts += [Text(), Text(", ".join(signs), style="dim")]
    return Group(Trimmed(Group(*parts)))


def portfolio_markdown(portfolio: Portfolio, framework: Framework) -> str:
    """Return the summary as Markdown."""
    return template("summary").render(view=view_portfolio(portfolio, framework, in_full=False)).rstrip()


def portfolio_csv(portfolio: Portfolio, framework: Framework) -> str:
    """Return the table of drafts as CSV, all rows, in words."""
    sheet = view_portfolio(portfolio, framework, in_full=True).sheets[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().rstrip("\n")


def write_portfolio(path: Path, portfolio: Portfolio, framework: Framework) -> None:
    """Write the summary as an Excel workbook, a sheet a table; raise CannotWrite."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for sheet in view_portfolio(portfolio, framework, in_full=True).sheets:
        page = book.create_sheet(sheet.title[:31])
        page.append(sheet.columns)
        for row in sheet.rows:
            page.append([_harmless(cell) for cell in row])
        for cell in page[1]:
            cell.font = Font(bold=True)
        for number, column in enumerate(zip(sheet.columns, *sheet.rows, strict=True), start=1):
            width = max(len(str(cell)) for cell in column)
            page.column_dimensions[get_column_letter(number)].width = min(max(width + 2, 8), 60)
        for line in page.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.freeze_panes = "A2"
        page.auto_filter.ref = page.dimensions
    try:
        book.save(path)
    except OSError as exc:
        raise CannotWrite(path=str(path)) from exc


def portfolio_json(portfolio: Portfolio) -> dict[str, Any]:
    """Return the summary as the JSON that other programs read."""
    return {
        "schema": SCHEMA,
        "framework": portfolio.framework,
        "drafts": [
            {
                "document": row.now.document,
                "title": row.now.title,
                "team": row.now.team,
                "version": row.now.version,
                "kept_at": row.now.kept_at.isoformat(),
                "criteria": {name: status for name, (status, _) in row.now.criteria.items()},
                "principles": row.principles,
                "changes": [{"criterion": name, "change": change} for name, change in row.changes],
                "outdated": row.is_outdated,
            }
            for row in portfolio.drafts
        ],
        "gaps": [{"criterion": name, "drafts": number} for name, number in portfolio.gaps],
        "missing_stages": [
            {"criterion": name, "stage": stage, "drafts": number} for name, stage, number in portfolio.stages
        ],
        "decisions": [
            {
                "document": item.document,
                "title": item.title,
                "criterion": item.decision.criterion,
                "kind": item.decision.kind,
                "quote": item.decision.quote,
                "reason": item.decision.reason,
                "author": item.decision.author,
                "made_at": item.decision.made_at.isoformat(),
            }
            for item in portfolio.decisions
        ],
        "unchecked": [
            {"document": item.document, "title": item.title, "version": item.version, "checked": item.checked}
            for item in portfolio.unchecked
        ],
        "months": [
            {
                "month": one.month,
                "versions": one.versions,
                "criteria": one.criteria,
                "evidenced": one.evidenced,
            }
            for one in portfolio.months
        ],
    }


def _drafts(portfolio: Portfolio, framework: Framework, *, in_full: bool) -> Sheet:
    shown = portfolio.drafts if in_full else portfolio.drafts[:_MOST_DRAFTS]
    principles = [principle.id for principle in framework.principles]
    more = len(portfolio.drafts) - len(shown)
    count = _in_words if in_full else _in_signs
    return Sheet(
        title=say(_SHEET, "drafts.title"),
        columns=tuple(say(_SHEET, f"drafts.{name}") for name in ("document", "name", "version", "team", "date"))
        + tuple(principles),
        rows=tuple(
            (
                row.now.document,
                one_line(row.now.title),
                row.now.version,
                one_line(row.now.team),
                f"{row.now.kept_at:%Y-%m-%d}",
                *(count(row.principles.get(name, {})) for name in principles),
            )
            for row in shown
        ),
        nothing=say(_SHEET, "drafts.nothing"),
        more=say(_SHEET, "more", n=more) if more else "",
    )


def _sheet(name: str, rows: Iterable[tuple[str | int, ...]], *, in_full: bool) -> Sheet:
    found = tuple(rows)
    shown = found if in_full else found[:_MOST_LINES]
    more = len(found) - len(shown)
    return Sheet(
        title=say(_SHEET, f"{name}.title"),
        columns=tuple(say(_SHEET, f"{name}.columns").split("; ")),
        rows=shown,
        more=say(_SHEET, "more", n=more) if more else "",
    )


def _unchecked(portfolio: Portfolio) -> list[tuple[str | int, ...]]:
    changed = [
        (
            item.document,
            one_line(item.title),
            say(_SHEET, "unchecked.changed", version=item.version, checked=item.checked),
        )
        for item in portfolio.unchecked
    ]
    known = {item.document for item in portfolio.unchecked}
    outdated = [
        (row.now.document, one_line(row.now.title), say(_SHEET, "unchecked.outdated"))
        for row in portfolio.drafts
        if row.is_outdated and row.now.document not in known
    ]
    return [*changed, *outdated]


def _changed(row: DraftRow) -> str:
    found: dict[Change, list[str]] = {}
    for name, change in row.changes:
        found.setdefault(change, []).append(name)
    return "; ".join(
        f"{say('replies/check', f'changed.{change}')}: {', '.join(names)}" for change, names in found.items()
    )


def _shortened(title: str) -> str:
    """Return a title that leaves room beside it; its number says which it is."""
    line = one_line(title)
    return line if len(line) <= _SHORT_TITLE else f"{line[: _SHORT_TITLE - 1].rstrip()}…"


def _in_signs(counted: dict[Status, int]) -> str:
    return " ".join(f"{mark(status).symbol}{counted[status]}" for status in STATUSES if status in counted)


def _in_words(counted: dict[Status, int]) -> str:
    return ", ".join(f"{counted[status]} {mark(status).word}" for status in STATUSES if status in counted)


def _draft_lines(sheet: Sheet, principles: int) -> list[Any]:
    """Return two lines a draft, which a table as wide as its principles has no room for."""
    width = max((len(str(row[0])) for row in sheet.rows), default=0)
    lines: list[Any] = []
    for number, title, version, team, date, *counts in sheet.rows:
        about = say(_SHEET, "drafts.about", version=version, team=team, date=date)
        head = Text(f"{number:>{width}}  ").append(str(title), style="bold").append(f" ({about})", style="dim")
        cells = zip(sheet.columns[-principles:], counts, strict=True)
        lines += [head, indented(Flow([Text(f"{name} {cell}") for name, cell in cells]), width + 2)]
    return lines


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for number, column in enumerate(sheet.columns):
        is_number = bool(sheet.rows) and isinstance(sheet.rows[0][number], int)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold", header_style="dim")
    for row in sheet.rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table


def _harmless(cell: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

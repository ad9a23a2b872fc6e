"""`govbot summary`, `search`, `diff`, `decide`, `forget`: what is done with drafts that are kept."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govbot.cli.ask import is_number, show
from govbot.cli.console import Watch, print_data, print_json, print_text
from govbot.cli.options import LAST_NUMBER, By, Format, FormatOption, Frameworks, OneFramework, words
from govbot.cli.sources import read_source
from govbot.config import load_settings
from govbot.errors import UnknownDocument
from govbot.pipeline import Workshop
from govbot.records import Decision
from govbot.rendering import (
    portfolio_csv,
    portfolio_json,
    portfolio_markdown,
    portfolio_report,
    write_portfolio,
)
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.archive import Archive
    from govbot.records import Check, DecisionKind
    from govbot.store import Scope


class SummaryFormat(StrEnum):
    """How a summary is given."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    MARKDOWN = "md"


Document = Annotated[
    int, typer.Argument(metavar="DOCUMENT", min=1, max=LAST_NUMBER, help=words("document"), show_default=False)
]
Since = Annotated[datetime | None, typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help=words("since"))]
Teams = Annotated[list[str] | None, typer.Option("--team", metavar="TEAM", help=words("teams"), show_default=False)]


def summary(
    since: Since = None,
    team: Teams = None,
    framework: OneFramework = "cipfa-ifac",
    output: Annotated[SummaryFormat, typer.Option("--format", help=words("format"))] = SummaryFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=words("summary_out"))] = None,
) -> None:
    """Show how kept drafts stand."""
    if (output is SummaryFormat.XLSX) != (out is not None):
        raise typer.BadParameter(say("cli", "kept.xlsx_out"))
    with _Room() as room:
        found = room.archive.portfolio(framework, _scope(since, team))
        item = room.workshop.equip(framework).framework
    if out is not None:
        write_portfolio(out, found, item)
    elif output is SummaryFormat.JSON:
        print_json(portfolio_json(found))
    elif output is SummaryFormat.CSV:
        print_text(portfolio_csv(found, item))
    elif output is SummaryFormat.MARKDOWN:
        print_text(portfolio_markdown(found, item))
    else:
        print_data(portfolio_report(found, item))


def search(
    topic: Annotated[str, typer.Argument(metavar="QUESTION", help=words("search_topic"), show_default=False)],
    since: Since = None,
    team: Teams = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what kept drafts say of a topic."""
    with _Room() as room:
        found = room.archive.search(topic, _scope(since, team))
        frameworks = room.workshop.frameworks
    show(found, frameworks, output)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=words("diff_old"), show_default=False)],
    new: Annotated[str | None, typer.Argument(metavar="NEW", help=words("diff_new"), show_default=False)] = None,
    framework: Frameworks = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what changed between two drafts, or between a kept draft's last two versions."""
    with _Room(framework or (), opens=new is None or is_number(old) or is_number(new)) as room:
        from govbot.archive import compare_checks

        if new is None:
            found = room.archive.compare_versions(_number(old))
        else:
            found = compare_checks(room.check(old), room.check(new))
        frameworks = room.workshop.frameworks
    show(found, frameworks, output)


def decide(
    document: Document,
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help=words("criterion"), show_default=False)],
    framework: OneFramework = "cipfa-ifac",
    not_applicable: Annotated[str, typer.Option("--not-relevant", metavar="REASON", help=words("not_relevant"))] = "",
    not_evidence: Annotated[str, typer.Option("--not-evidence", metavar="QUOTE", help=words("not_evidence"))] = "",
    evidence: Annotated[str, typer.Option("--evidence", metavar="QUOTE", help=words("evidence"))] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help=words("withdraw"))] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=words("reason"))] = "",
    by: By = "",
) -> None:
    """Keep what a person decided, and show how the criterion stands now."""
    if sum(map(bool, (not_applicable, not_evidence, evidence, withdraw))) != 1:
        raise typer.BadParameter(say("cli", "kept.one_decision"))
    by = by or getpass.getuser()
    with _Room() as room:
        if withdraw:
            found = room.archive.undecide(document, criterion, framework=framework, by=by)
        else:
            kind: DecisionKind = "not_applicable" if not_applicable else "not_evidence" if not_evidence else "evidence"
            decision = Decision(
                framework=framework,
                criterion=criterion,
                kind=kind,
                quote=not_evidence or evidence,
                reason=not_applicable or reason,
                author=by,
                made_at=datetime.now(UTC),
            )
            found = room.archive.decide(document, decision)
    coverage = next(
        item
        for assessment in found.check.assessments
        if assessment.framework == framework
        for item in assessment.criteria
        if item.id == criterion
    )
    status = say("replies/check", f"status.{coverage.status}.word")
    print_text(say("cli", "kept.decided", id=criterion, document=document, status=status))


def forget(document: Document, by: By = "") -> None:
    """Remove a kept draft and all that came of it."""
    with _Room() as room:
        gone = room.archive.forget(document, by=by or getpass.getuser())
    print_text(say("cli", "kept.forgotten", title=gone.title, n=gone.versions, backups=gone.backups))


class _Room:
    """The workshop and the archive of one command, with a watch over them."""

    def __init__(self, frameworks: Sequence[str] = (), *, opens: bool = True) -> None:
        # SQLAlchemy takes a third of a second to import, which nobody else need wait for.
        from govbot.archive import Archive
        from govbot.store import open_store

        self._watch = Watch(say("cli", "kept.drafts"))
        settings = load_settings()
        store = open_store(settings) if opens else None
        self.workshop = Workshop(settings, frameworks, progress=self._watch.tell)
        self._archive = Archive(self.workshop, store) if store else None
        if self._archive:
            self._archive.tidy(days=settings.keep_days)

    def __enter__(self) -> _Room:
        self._watch.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._watch.__exit__(None, None, None)

    @property
    def archive(self) -> Archive:
        """The kept drafts."""
        assert self._archive is not None
        return self._archive

    def check(self, name: str) -> Check:
        """Return the check of a file, or of a kept draft by its number."""
        if self._archive is not None and is_number(name):
            return self._archive.check_again(int(name))
        self._watch.about(name)
        return self.workshop.examine(read_source(self.workshop, name)).check


def _number(name: str) -> int:
    if not is_number(name):
        raise UnknownDocument(id=name)
    return int(name)


def _scope(since: datetime | None, teams: Sequence[str] | None) -> Scope:
    from govbot.store import Scope

    return Scope(since=since.replace(tzinfo=UTC) if since else None, teams=tuple(teams) if teams else None)

"""`govbot check`: what drafts cover, what they miss and what to ask."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import typer

from govbot.cli.console import STDIN, Watch, debug, print_data, print_error, print_json, print_note, print_text, tell
from govbot.cli.options import (
    By,
    Explain,
    FailOn,
    FailOnOption,
    Files,
    Format,
    FormatOption,
    Frameworks,
    Keep,
    ShowAll,
    Team,
    VersionOf,
)
from govbot.cli.sources import expand, read_inside
from govbot.config import load_settings
from govbot.errors import GovbotError
from govbot.pipeline import Workshop
from govbot.rendering import check_json, check_markdown, check_report, reply_markdown, reply_report
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from govbot.archive import KeptCheck
    from govbot.config import Settings
    from govbot.frameworks import Framework
    from govbot.records import Check, Document, Status

#: Exit codes beside 0.
FAILED, FELL_SHORT = 1, 3
_SHORT: dict[FailOn, frozenset[Status]] = {
    FailOn.GAP: frozenset({"gap"}),
    FailOn.ABSENT: frozenset({"gap", "absent"}),
    FailOn.MENTIONED: frozenset({"gap", "absent", "mentioned"}),
}


def check(
    files: Files,
    framework: Frameworks = None,
    output: FormatOption = Format.TEXT,
    *,
    show_all: ShowAll = False,
    explain: Explain = False,
    fail_on: FailOnOption = None,
    keep: Keep = False,
    team: Team = "",
    version_of: VersionOf = None,
    by: By = "",
) -> None:
    """Check each file; one that cannot be read does not stop the others."""
    if files.count(STDIN) > 1:
        raise typer.BadParameter(say("cli", "two_stdin"))
    if not keep and (team or by or version_of is not None):
        raise typer.BadParameter(say("cli", "kept.no_keep"))
    failed = short = False
    shown = 0
    with Watch() as watch:
        settings = load_settings()
        workshop = Workshop(settings, framework or (), progress=watch.tell, explain=explain)
        workshop.prepare()
        keeping = _Keeping(workshop, settings, team, by or getpass.getuser(), version_of) if keep else None
        for document in _read(workshop, files, watch):
            try:
                if isinstance(document, Exception):
                    raise document
                kept = keeping.check(document) if keeping else None
                found = kept.check if kept else workshop.examine(document).check
            except Exception as exc:
                if debug.get():
                    raise
                with watch.pause():
                    print_error(tell(exc))
                failed = True
                continue
            with watch.pause():
                if shown and output is not Format.JSON:
                    print_text("")
                if kept:
                    _show_kept(kept, workshop.frameworks, output)
                _show(found, workshop.frameworks, output, show_all=show_all)
            shown += 1
            short = short or (fail_on is not None and _falls_short(found, fail_on))
    if failed or short:
        raise typer.Exit(FAILED if failed else FELL_SHORT)


class _Keeping:
    """Keeps the drafts of one command."""

    def __init__(self, workshop: Workshop, settings: Settings, team: str, by: str, version_of: int | None) -> None:
        # SQLAlchemy takes a third of a second to import, which only those wait for who keep something.
        from govbot.archive import Archive
        from govbot.store import Origin, open_store

        self._origin = Origin(team=team, by=by, version_of=version_of)
        self._archive = Archive(workshop, open_store(settings))
        self._archive.tidy(days=settings.keep_days)

    def check(self, document: Document) -> KeptCheck:
        return self._archive.check(document, self._origin)


def _read(workshop: Workshop, files: Sequence[str], watch: Watch) -> Iterator[Document | Exception]:
    """Yield each document, or why it could not be read."""
    for source in expand(files):
        if isinstance(source, GovbotError):
            yield source
        else:
            watch.about(source)
            yield from read_inside(workshop, source, watch)


def _show_kept(kept: KeptCheck, frameworks: tuple[Framework, ...], output: Format) -> None:
    """Say where the draft was kept, and what changed since the version before, which comes first."""
    key = "kept.kept" if kept.kept.is_new else "kept.again"
    place = say("cli", key, id=kept.kept.document, version=kept.kept.number)
    if output is Format.JSON:
        # The JSON is a contract; scripts find the number beside it.
        print_note(place)
        return
    print_text(place + "\n")
    if kept.comparison is None or not kept.kept.is_new:
        return
    if output is Format.MARKDOWN:
        print_text(reply_markdown(kept.comparison, frameworks) + "\n")
    else:
        print_data(reply_report(kept.comparison, frameworks))
        print_text("")


def _show(found: Check, frameworks: tuple[Framework, ...], output: Format, *, show_all: bool) -> None:
    if output is Format.JSON:
        print_json(check_json(found))
    elif output is Format.MARKDOWN:
        print_text(check_markdown(found, frameworks, show_all=show_all))
    else:
        print_data(check_report(found, frameworks, show_all=show_all))


def _falls_short(found: Check, fail_on: FailOn) -> bool:
    return any(item.status in _SHORT[fail_on] for one in found.assessments for item in one.criteria)

"""`govbot check`: what drafts cover, what they miss and what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govbot.cli.console import STDIN, Watch, debug, print_data, print_error, print_json, print_text, tell
from govbot.cli.options import (
    Explain,
    FailOn,
    FailOnOption,
    Files,
    Format,
    FormatOption,
    Frameworks,
    ShowAll,
)
from govbot.cli.sources import expand, read_source
from govbot.config import load_settings
from govbot.errors import GovbotError
from govbot.pipeline import Workshop
from govbot.rendering import check_json, check_markdown, check_report
from govbot.words import say

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import Check, Status

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
) -> None:
    """Check each file; one that cannot be read does not stop the others."""
    if files.count(STDIN) > 1:
        raise typer.BadParameter(say("cli", "two_stdin"))
    failed = short = False
    shown = 0
    with Watch() as watch:
        workshop = Workshop(load_settings(), framework or (), progress=watch.tell, explain=explain)
        workshop.prepare()
        for source in expand(files):
            try:
                found = _check(workshop, source, watch)
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
                _show(found, workshop.frameworks, output, show_all=show_all)
            shown += 1
            short = short or (fail_on is not None and _falls_short(found, fail_on))
    if failed or short:
        raise typer.Exit(FAILED if failed else FELL_SHORT)


def _check(workshop: Workshop, source: str | GovbotError, watch: Watch) -> Check:
    if isinstance(source, GovbotError):
        raise source
    watch.about(source)
    return workshop.examine(read_source(workshop, source)).check


def _show(found: Check, frameworks: tuple[Framework, ...], output: Format, *, show_all: bool) -> None:
    if output is Format.JSON:
        print_json(check_json(found))
    elif output is Format.MARKDOWN:
        print_text(check_markdown(found, frameworks, show_all=show_all))
    else:
        print_data(check_report(found, frameworks, show_all=show_all))


def _falls_short(found: Check, fail_on: FailOn) -> bool:
    return any(item.status in _SHORT[fail_on] for one in found.assessments for item in one.criteria)

"""`govbot frameworks`: list, show, validate; a workbook in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from govbot.cli.console import Watch, print_data, print_text
from govbot.cli.options import words
from govbot.cli.train import expectation
from govbot.config import load_settings
from govbot.frameworks import Criterion, Framework, framework_ids, links_between, load_framework
from govbot.pipeline import export_framework, import_framework, read_under, validate_framework, write_template
from govbot.rendering import mark, one_line, view_quote
from govbot.training import judge_speech, load_encoders
from govbot.training import train as train_framework
from govbot.words import say

if TYPE_CHECKING:
    from govbot.config import Settings
    from govbot.records import Carried

frameworks = typer.Typer(rich_markup_mode=None)
FrameworkId = Annotated[str, typer.Argument(metavar="ID", help=words("framework_id"))]
WorkbookPath = Annotated[Path, typer.Argument(metavar="FILE", help=words("workbook"))]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help=words("out"))]
AssessmentPath = Annotated[Path | None, typer.Option("--assessment", metavar="FILE", help=words("assessment"))]
FrameworkPath = Annotated[Path, typer.Argument(metavar="PATH", help=words("path"))]


@frameworks.command("list", help=words("frameworks_list"))
def list_frameworks() -> None:
    """Print a line a framework."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("id", "title", "criteria", "version"):
        table.add_column(say("cli", f"framework_line.{column}"), overflow="fold")
    private = load_settings().frameworks_folder
    for name in framework_ids(private):
        framework = load_framework(name, private)
        table.add_row(name, framework.title, str(len(framework.criteria)), framework.version)
    print_data(table)


@frameworks.command(help=words("frameworks_show"))
def show(framework_id: FrameworkId) -> None:
    """Print a framework's principles and criteria."""
    framework = load_framework(framework_id, load_settings().frameworks_folder)
    parts: list[Text | Padding] = [Text(framework.title, style="bold"), Text(framework.description), *_about(framework)]
    for principle in framework.principles:
        parts += [Text(), Text(f"{principle.id}  {principle.title}", style="bold")]
        if not principle.is_leaf:
            parts.append(Padding(Text(principle.description), (0, 0, 0, 4)))
        if principle.optional:
            parts.append(Padding(Text(say("cli", "framework.optional"), style="italic"), (0, 0, 0, 4)))
        for criterion in principle.criteria:
            parts += _criterion(criterion, titled=not principle.is_leaf)
    print_data(Group(*parts))


@frameworks.command(help=words("frameworks_validate"))
def validate(path: FrameworkPath) -> None:
    """Print that a framework has no faults, or fail with all of them."""
    counted = validate_framework(path)
    print_text(say("cli", "valid", **counted))


@frameworks.command(help=words("frameworks_template"))
def template(out: Out) -> None:
    """Write the empty workbook."""
    write_template(out)
    print_text(say("cli", "template_written", path=str(out)))


@frameworks.command("import", help=words("frameworks_import"))
def import_(path: WorkbookPath) -> None:
    """Keep a workbook's framework, train it and print what to expect of it."""
    settings = load_settings()
    framework = import_framework(path, settings)
    with Watch(framework.id) as watch:
        watch.tell("training", 0, 0)
        encoders = load_encoders(settings)
        report = train_framework(framework.id, encoders, judge_speech(encoders), settings.frameworks_folder)
    print_text(say("cli", "imported", id=framework.id, version=framework.version, criteria=len(framework.criteria)))
    print_text(expectation(report))


@frameworks.command(help=words("frameworks_export"))
def export(framework_id: FrameworkId, out: Out) -> None:
    """Write a framework to a workbook."""
    export_framework(framework_id, out, load_settings())
    print_text(say("cli", "exported", id=framework_id, path=str(out)))


@frameworks.command(help=words("frameworks_crosswalk"))
def crosswalk(first: FrameworkId, second: FrameworkId, assessment: AssessmentPath = None) -> None:
    """Print a line a pair of criteria, or what a finished check under the first says of the second."""
    settings = load_settings()
    if assessment is not None:
        _show_carried(assessment, first, second, settings)
        return
    private = settings.frameworks_folder
    one, other = load_framework(first, private), load_framework(second, private)
    links = links_between(one, other)
    if not links:
        print_text(say("cli", "crosswalk.none", first=one.title, second=other.title))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for heading in (first, say("cli", "crosswalk.relation"), second, say("cli", "crosswalk.reason")):
        table.add_column(heading, overflow="fold")
    for link in links:
        names = [f"{found.id} {found.title}" for found in (one.criterion(link.criterion), other.criterion(link.other))]
        relation = say("cli", f"crosswalk.{link.relation.replace(' ', '_')}")
        table.add_row(names[0], relation, names[1], link.reason)
    print_data(table)


def _about(framework: Framework) -> list[Text]:
    published = say(
        "cli",
        "framework.published",
        publisher=framework.publisher,
        published=framework.published,
        version=framework.version,
        criteria=len(framework.criteria),
    )
    source = say("cli", "framework.source", source=framework.source)
    licence = say("cli", "framework.licence", licence=framework.licence)
    return [Text(line, style="dim") for line in (published, source, licence)]


def _criterion(criterion: Criterion, *, titled: bool) -> list[Text | Padding]:
    lines = [Text(criterion.question, style="bold")] if criterion.question else []
    lines.append(Text(criterion.description))
    if criterion.area:
        lines.append(Text(say("cli", "framework.area", area=criterion.area), style="dim"))
    measures = [f"{measure.ref}: {measure.text}" for measure in criterion.measures]
    listed = {"counts": criterion.counts, "does_not_count": criterion.does_not_count, "measures": measures}
    for key, items in listed.items():
        if items:
            lines.append(Text(say("cli", f"framework.{key}"), style="italic"))
        lines += [Text(f"• {item}") for item in items]
    lines.append(Text(say("cli", "framework.aliases", aliases=criterion.aliases), style="dim"))
    title = [Text(), Text(f"    {criterion.id}  {criterion.title}", style="bold")] if titled else []
    return [*title, *(Padding(line, (0, 0, 0, 8)) for line in lines)]


def _show_carried(path: Path, first: str, second: str, settings: Settings) -> None:
    framework = load_framework(second, settings.frameworks_folder)
    for number, (name, carried) in enumerate(read_under(path, first, second, settings)):
        if number:
            print_text("")
        counted = [item for item in carried if item.status not in (None, "gap")]
        print_text(
            say(
                "cli",
                "carried.headline",
                name=one_line(name),
                n=len(counted),
                total=len(carried),
                title=framework.title,
            )
        )
        for item in carried:
            print_text("")
            print_text(_carried_line(framework, item))
            if item.quote is not None:
                quote = view_quote(item.quote, show_all=False, with_kind=False)
                print_data(Padding(Group(Text(quote.text), Text(quote.where, style="dim")), (0, 0, 0, 4), expand=False))


def _carried_line(framework: Framework, item: Carried) -> str:
    name = f"{item.criterion} {framework.criterion(item.criterion).title}"
    if item.status is None:
        return say("cli", "carried.unlinked", name=name)
    if item.status == "gap":
        return say("cli", "carried.open", name=name, sources=item.sources)
    return say("cli", "carried.covered", name=name, word=mark(item.status).word, sources=item.sources)

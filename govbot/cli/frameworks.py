"""`govbot frameworks`: list, show and validate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from govbot.cli.console import print_data, print_text
from govbot.cli.options import words
from govbot.frameworks import Criterion, Framework, framework_ids, load_framework
from govbot.pipeline import validate_framework
from govbot.words import say

frameworks = typer.Typer(rich_markup_mode=None)
FrameworkId = Annotated[str, typer.Argument(metavar="ID", help=words("framework_id"))]
FrameworkPath = Annotated[Path, typer.Argument(metavar="PATH", help=words("path"))]


@frameworks.command("list", help=words("frameworks_list"))
def list_frameworks() -> None:
    """Print a line a framework."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("id", "title", "criteria", "version"):
        table.add_column(say("cli", f"framework_line.{column}"), overflow="fold")
    for name in framework_ids():
        framework = load_framework(name)
        table.add_row(name, framework.title, str(len(framework.criteria)), framework.version)
    print_data(table)


@frameworks.command(help=words("frameworks_show"))
def show(framework_id: FrameworkId) -> None:
    """Print a framework's principles and criteria."""
    framework = load_framework(framework_id)
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

"""`govbot train` and `govbot evaluate`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from govbot.cli.console import Watch, print_data, print_json, print_text
from govbot.cli.options import DEFAULT_FRAMEWORKS, Data, Format, FormatOption, OneFramework, words
from govbot.config import load_settings
from govbot.embedding import TransformerEncoder
from govbot.frameworks import framework_ids
from govbot.training import evaluate as evaluate_framework
from govbot.training import train as train_framework
from govbot.training import train_speech
from govbot.words import say

if TYPE_CHECKING:
    from govbot.training import Evaluation

Trained = Annotated[list[str] | None, typer.Option("--framework", "-f", metavar="ID", help=words("framework"))]
Mistakes = Annotated[int, typer.Option("--mistakes", metavar="N", min=0, help=words("mistakes"))]
_COLUMNS = ("principle_top1", "criterion_top1", "accepted", "false_alarms")


def train(framework: Trained = None) -> None:
    """Train the named frameworks, or all, and print how they do on examples held out in turn."""
    encoder = TransformerEncoder(load_settings().model)
    with Watch() as watch:
        for name in framework or framework_ids():
            watch.about(name)
            watch.tell("training", 0, 0)
            row = train_framework(name, encoder)
            shares = {column: f"{getattr(row, column):.0%}" for column in ("accepted", "false_alarms")}
            right = {"criterion": f"{row.criterion_top1:.0%}", "principle": f"{row.principle_top1:.0%}"}
            with watch.pause():
                print_text(say("cli", "trained", framework=name, **shares, **right))
        train_speech(encoder)


def evaluate(
    data: Data,
    framework: OneFramework = DEFAULT_FRAMEWORKS[0],
    output: FormatOption = Format.TEXT,
    mistakes: Mistakes = 0,
) -> None:
    """Print the table of methods on labelled passages, and the worst mistakes where they are wanted."""
    with Watch(data.name) as watch:
        watch.tell("matching", 0, 0)
        found = evaluate_framework(framework, data, TransformerEncoder(load_settings().model))
    if output is Format.JSON:
        print_json({**asdict(found), "mistakes": [asdict(item) for item in found.mistakes[:mistakes]]})
        return
    _show_table(found)
    for item in found.mistakes[:mistakes]:
        nothing = say("evaluate", "nothing_expected")
        expected, chosen = ", ".join(item.expected) or nothing, item.chosen or nothing
        text = " ".join(item.text.split())
        print_text(
            say(
                "evaluate",
                "mistake",
                id=item.id,
                chosen=chosen,
                score=f"{item.score:.2f}",
                expected=expected,
                text=text,
            )
        )


def _show_table(found: Evaluation) -> None:
    counts = {"something": found.something, "nothing": found.nothing}
    print_text(say("evaluate", "title", framework=found.framework, name=found.name, **counts) + "\n")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say("evaluate", "columns.method"))
    for column in _COLUMNS:
        table.add_column(say("evaluate", f"columns.{column}"), justify="right")
    for row in found.rows:
        table.add_row(row.method, *(f"{getattr(row, column):.3f}" for column in _COLUMNS))
    print_data(table)
    print_text("\n" + say("evaluate", "note"))

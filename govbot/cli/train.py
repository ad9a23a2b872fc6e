"""`govbot train` and `govbot evaluate`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from govbot.cli.console import Watch, print_data, print_json, print_note, print_text
from govbot.cli.options import DEFAULT_FRAMEWORK, Data, Format, FormatOption, OneFramework, words
from govbot.config import load_settings
from govbot.evaluation import GOLD_ENDING, evaluate_drafts, evaluate_passages
from govbot.frameworks import framework_folder, framework_ids
from govbot.training import judge_speech, load_encoders, save_router, teach, train_speech
from govbot.training import train as train_framework
from govbot.words import say

if TYPE_CHECKING:
    from govbot.evaluation import DraftEvaluation, Evaluation
    from govbot.matching import Judged, Report
    from govbot.records import Decision

Trained = Annotated[list[str] | None, typer.Option("--framework", "-f", metavar="ID", help=words("framework"))]
Teach = Annotated[bool, typer.Option("--encoder", help=words("encoder"))]
Further = Annotated[bool, typer.Option("--further", help=words("further"))]
Decided = Annotated[bool, typer.Option("--with-decisions", help=words("with_decisions"))]
Mistakes = Annotated[int, typer.Option("--mistakes", metavar="N", min=0, help=words("mistakes"))]
_COLUMNS = ("principle_top1", "criterion_top1", "macro_f1", "accepted", "false_alarms")
_WORST = 30
#: Fewer examples a criterion than this give figures that say little.
_ENOUGH = 20


def train(
    framework: Trained = None, encoder: Teach = False, further: Further = False, with_decisions: Decided = False
) -> None:
    """Teach the encoder where that is wanted, train the named frameworks, or all, and print how right they are."""
    settings = load_settings()
    private = settings.frameworks_folder
    for name in framework or ():
        framework_folder(name, private)
    with Watch() as watch:
        if encoder or further:
            watch.about(say("cli", "encoder"))
            teach(settings, progress=lambda done, total: watch.tell("teaching", done, total), further=further)
        encoders = load_encoders(settings)
        # What the encoder was taught changes every vector, so that every framework must be trained again.
        names = framework_ids(private) if encoder or further else framework or framework_ids(private)
        speech: dict[str, Judged] = {}
        for name in names:
            watch.about(name)
            watch.tell("training", 0, 0)
            speech = speech or judge_speech(encoders)
            decisions = _decisions(name) if with_decisions else ()
            report = train_framework(name, encoders, speech, private, decisions=decisions)
            if with_decisions:
                with watch.pause():
                    print_note(say("cli", "with_decisions", n=len(decisions), framework=name))
            with watch.pause():
                print_text(expectation(report))
        # How passages speak is learnt from the shipped frameworks alone.
        if settings.model or not set(names).isdisjoint(framework_ids()):
            train_speech(encoders)
            if not settings.model:
                save_router(encoders)


def _decisions(framework: str) -> tuple[Decision, ...]:
    """Return what people decided about quotes of kept drafts."""
    # SQLAlchemy takes a third of a second to import, which only those wait for who want it.
    from govbot.store import find_lessons, open_store

    store = open_store(load_settings())
    try:
        return find_lessons(store, framework)
    finally:
        store.engine.dispose()


def evaluate(
    data: Data,
    framework: OneFramework = DEFAULT_FRAMEWORK,
    output: FormatOption = Format.TEXT,
    mistakes: Mistakes = _WORST,
) -> None:
    """Print how right govbot is on labelled passages, beside simpler methods, or on drafts, and the worst mistakes."""
    settings = load_settings()
    with Watch(data.name) as watch:
        if data.is_dir() or data.name.endswith(GOLD_ENDING):

            def begin(name: str) -> None:
                watch.about(name)
                watch.tell("matching", 0, 0)

            _print_drafts(evaluate_drafts(framework, data, settings, begin=begin), output, mistakes)
            return
        watch.tell("matching", 0, 0)
        found = evaluate_passages(framework, data, settings)
    _print_passages(found, output, mistakes)


def expectation(report: Report) -> str:
    """Return how right a framework that was trained will be, as far as that was measured."""
    row = report.shipped
    shares = {column: f"{getattr(row, column):.0%}" for column in ("accepted", "false_alarms")}
    right = {"criterion": f"{row.criterion_top1:.0%}", "principle": f"{row.principle_top1:.0%}"}
    fewest = min(criterion.examples for criterion in report.criteria)
    lines = [say("cli", "trained", framework=report.framework, **shares, **right)]
    if not report.examples:
        lines = [say("cli", "trained_on_phrases", framework=report.framework)]
    elif fewest < _ENOUGH:
        lines.append(say("cli", "few_examples", fewest=fewest, enough=_ENOUGH))
    return " ".join(lines)


def _print_passages(found: Evaluation, output: Format, mistakes: int) -> None:
    if output is Format.JSON:
        print_json({**asdict(found), "mistakes": [asdict(item) for item in found.mistakes[:mistakes]]})
        return
    _show_table(found)
    nothing = say("evaluate", "nothing_expected")
    for item in found.mistakes[:mistakes]:
        expected, chosen = ", ".join(item.expected) or nothing, item.chosen or nothing
        said = {"id": item.id, "chosen": chosen, "expected": expected, "score": f"{item.score:.2f}"}
        print_text(say("evaluate", "mistake", **said, text=" ".join(item.text.split())))


def _print_drafts(found: DraftEvaluation, output: Format, mistakes: int) -> None:
    figures = {name: getattr(found, name) for name in ("f1", "precision", "recall", "exact")}
    wrong = found.mistakes[:mistakes]
    if output is Format.JSON:
        about = {"framework": found.framework, "name": found.name, "drafts": found.drafts}
        print_json({**about, **figures, "mistakes": [asdict(item) for item in wrong]})
        return
    shares = {name: f"{figure:.3f}" for name, figure in figures.items()}
    print_text(
        say("evaluate", "drafts", framework=found.framework, name=found.name, drafts=found.drafts, **shares) + "\n"
    )
    for item in wrong:
        key = "draft_mistake" if item.is_right_about_the_gap else "gap_mistake"
        expected = f" {say('evaluate', 'or')} ".join(item.accepted)
        quote = " ".join(item.quote.split())
        print_text(
            say(
                "evaluate",
                key,
                draft=item.draft,
                criterion=item.criterion,
                said=item.said,
                expected=expected,
                quote=quote,
            )
        )


def _show_table(found: Evaluation) -> None:
    counts = {"something": found.something, "nothing": found.nothing}
    print_text(say("evaluate", "title", framework=found.framework, name=found.name, **counts) + "\n")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say("evaluate", "columns.method"), no_wrap=True)
    for column in _COLUMNS:
        table.add_column(say("evaluate", f"columns.{column}"), justify="right")
    for row in found.rows:
        table.add_row(row.method, *(f"{getattr(row, column):.3f}" for column in _COLUMNS))
    print_data(table)
    print_text("\n" + say("evaluate", "note"))

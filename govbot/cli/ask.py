"""`govbot ask`: a question about a draft, answered with quotes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govbot.cli.console import Watch, print_data, print_json, print_text
from govbot.cli.options import File, Format, FormatOption, Frameworks, words
from govbot.cli.sources import read_source
from govbot.config import load_settings
from govbot.lines import AskedQuestion, read_lines
from govbot.pipeline import Workshop, ask_questions
from govbot.rendering import answer_json, answer_markdown, answer_report
from govbot.words import say

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import Answer

Question = Annotated[str | None, typer.Argument(metavar="QUESTION", help=words("question"), show_default=False)]
Questions = Annotated[Path | None, typer.Option("--questions", metavar="FILE", help=words("questions"))]


def ask(
    file: File,
    question: Question = None,
    questions: Questions = None,
    framework: Frameworks = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Answer one question, or each of a file's."""
    if (question is None) == (questions is None):
        raise typer.BadParameter(say("cli", "no_question"))
    asked = read_lines(questions, AskedQuestion) if questions else ()
    with Watch(file) as watch:
        workshop = Workshop(load_settings(), framework or (), progress=watch.tell)
        workshop.prepare()
        document = read_source(workshop, file)
        texts = [item.q for item in asked] if question is None else [question]
        answers = ask_questions(workshop, document, texts)
    if question is not None:
        _show(answers[0], workshop.frameworks, output)
        return
    for item, found in zip(asked, answers, strict=True):
        if output is Format.JSON:
            print_json({"id": item.id, **answer_json(found)})
        else:
            _show(found, workshop.frameworks, output)
            print_text("")


def _show(found: Answer, frameworks: tuple[Framework, ...], output: Format) -> None:
    if output is Format.JSON:
        print_json(answer_json(found))
    elif output is Format.MARKDOWN:
        print_text(answer_markdown(found, frameworks))
    else:
        print_data(answer_report(found, frameworks))

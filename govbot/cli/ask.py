"""`govbot ask`: a question about a draft or several, answered with quotes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govbot.cli.console import STDIN, Watch, print_data, print_error, print_json, print_text
from govbot.cli.options import Format, FormatOption, Frameworks, words
from govbot.cli.sources import expand, read_source
from govbot.config import load_settings
from govbot.enquiry import Enquiry
from govbot.errors import GovbotError
from govbot.lines import AskedQuestion, read_lines
from govbot.pipeline import Workshop
from govbot.rendering import reply_json, reply_markdown, reply_report
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.enquiry import Reply
    from govbot.frameworks import Framework
    from govbot.records import Document

Given = Annotated[list[str], typer.Argument(metavar="FILE… QUESTION", help=words("asked"), show_default=False)]
Questions = Annotated[Path | None, typer.Option("--questions", metavar="FILE", help=words("questions"))]


def ask(
    given: Given,
    questions: Questions = None,
    framework: Frameworks = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Answer one question, or each of a file's."""
    files, question = _part(given, with_question=questions is None)
    asked = read_lines(questions, AskedQuestion) if questions else ()
    texts = [item.q for item in asked] if question is None else [question]
    with Watch() as watch:
        workshop = Workshop(load_settings(), framework or (), progress=watch.tell, explain=True)
        workshop.prepare()
        documents, failed = read_all(workshop, files, watch)
        enquiry = Enquiry(workshop, documents, expected=texts)
        replies = [enquiry.ask(text) for text in texts]
    if question is not None:
        show(replies[0], enquiry.frameworks, output)
    for item, reply in zip(asked, replies if asked else (), strict=True):
        if output is Format.JSON:
            print_json({"id": item.id, **reply_json(reply)})
        else:
            show(reply, enquiry.frameworks, output)
            print_text("")
    if failed:
        raise typer.Exit(1)


def _part(given: Sequence[str], *, with_question: bool) -> tuple[Sequence[str], str | None]:
    """Return the files and the question; raise BadParameter where one of them is missing, or the question is twice."""
    if not with_question:
        if len(given) > 1 and not Path(given[-1]).suffix and not _exists(given[-1]):
            raise typer.BadParameter(say("cli", "two_questions", question=given[-1]))
        return given, None
    if len(given) == 1 and (given[0] == STDIN or _exists(given[0])):
        raise typer.BadParameter(say("cli", "no_question"))
    if len(given) == 1:
        raise typer.BadParameter(say("cli", "no_file"))
    if _exists(given[-1]) and Path(given[-1]).is_file():
        raise typer.BadParameter(say("cli", "no_question"))
    return given[:-1], given[-1]


def _exists(name: str) -> bool:
    """Return whether there is a file or folder of this name; what is too long for a name is none."""
    try:
        return Path(name).exists()
    except OSError:
        return False


def read_all(workshop: Workshop, files: Sequence[str], watch: Watch) -> tuple[list[Document], bool]:
    """Return the documents of all files and folders, and whether any could not be read, which is told.

    Raises DocumentError or NothingToRead where none could be read.
    """
    if files.count(STDIN) > 1:
        raise typer.BadParameter(say("cli", "two_stdin"))
    documents: list[Document] = []
    faults: list[GovbotError] = []
    for source in expand(files):
        try:
            if isinstance(source, GovbotError):
                raise source
            watch.about(source)
            documents.append(read_source(workshop, source))
        except GovbotError as exc:
            faults.append(exc)
    if not documents:
        raise faults[0]
    for fault in faults:
        with watch.pause():
            print_error(str(fault))
    return documents, bool(faults)


def show(reply: Reply, frameworks: Sequence[Framework], output: Format) -> None:
    """Print a reply."""
    if output is Format.JSON:
        print_json(reply_json(reply))
    elif output is Format.MARKDOWN:
        print_text(reply_markdown(reply, frameworks))
    else:
        print_data(reply_report(reply, frameworks))

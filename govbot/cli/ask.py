"""`govbot ask`: a question about a draft or several, answered with quotes."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govbot.cli.console import STDIN, Watch, print_data, print_error, print_json, print_text
from govbot.cli.options import LAST_NUMBER, Format, FormatOption, Frameworks, words
from govbot.cli.sources import expand, read_inside
from govbot.config import load_settings
from govbot.enquiry import Enquiry
from govbot.errors import GovbotError
from govbot.lines import AskedQuestion, read_lines
from govbot.pipeline import Workshop
from govbot.records import Answer, JointAnswer
from govbot.rendering import reply_json, reply_markdown, reply_report
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.archive import Archive
    from govbot.enquiry import Examine, Reply
    from govbot.frameworks import Framework
    from govbot.records import Document
    from govbot.store import KeptVersion

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
        read = read_all(workshop, files, watch)
        enquiry = Enquiry(workshop, read.documents, expected=texts, examine=read.examine)
        replies = [enquiry.ask(text) for text in texts]
        for text, reply in zip(texts, replies, strict=True):
            read.note(text, reply)
    if question is not None:
        show(replies[0], enquiry.frameworks, output)
    for item, reply in zip(asked, replies if asked else (), strict=True):
        if output is Format.JSON:
            print_json({"id": item.id, **reply_json(reply)})
        else:
            show(reply, enquiry.frameworks, output)
            print_text("")
    if read.failed:
        raise typer.Exit(1)


def _part(given: Sequence[str], *, with_question: bool) -> tuple[Sequence[str], str | None]:
    """Return the files and the question; raise BadParameter where one of them is missing, or the question is twice."""
    if not with_question:
        if len(given) > 1 and not Path(given[-1]).suffix and not _exists(given[-1]):
            raise typer.BadParameter(say("cli", "two_questions", question=given[-1]))
        return given, None
    if len(given) == 1 and (given[0] == STDIN or is_number(given[0]) or _exists(given[0])):
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


@dataclass(kw_only=True)
class Read:
    """The drafts of a command line."""

    documents: list[Document]
    #: True where a file could not be read, which was told.
    failed: bool
    #: The kept ones among them, and the archive that has them; None where all are files.
    versions: list[KeptVersion]
    archive: Archive | None

    @property
    def examine(self) -> Examine | None:
        """What examines them; None for the workshop."""
        return self.archive.examiner(self.versions) if self.archive else None

    def note(self, question: str, reply: Reply) -> None:
        """Write down what was asked of kept drafts."""
        told = {self.documents[0].sha256: reply} if isinstance(reply, Answer) else {}
        if isinstance(reply, JointAnswer):
            told = {item.document.sha256: item.answer for item in reply.drafts}
        for version in self.versions:
            found = told.get(version.sha256)
            if self.archive and isinstance(found, Answer):
                self.archive.note_question(version, question, found, by=getpass.getuser())


def read_all(workshop: Workshop, names: Sequence[str], watch: Watch) -> Read:
    """Return the drafts of all files and folders, and of the numbers of kept ones, and tell of those that fail.

    Raises DocumentError, NothingToRead or StoreError where none could be read.
    """
    if names.count(STDIN) > 1:
        raise typer.BadParameter(say("cli", "two_stdin"))
    read = Read(documents=[], failed=False, versions=[], archive=None)
    faults: list[GovbotError] = []
    for source in expand(names):
        try:
            if isinstance(source, GovbotError):
                raise source
            if is_number(source):
                _reopen(workshop, int(source), read)
            else:
                watch.about(source)
                for found in read_inside(workshop, source, watch):
                    _add(found, read, faults)
        except GovbotError as exc:
            faults.append(exc)
    if not read.documents:
        raise faults[0]
    for fault in faults:
        with watch.pause():
            print_error(str(fault))
    read.failed = bool(faults)
    return read


def _add(found: Document | Exception, read: Read, faults: list[GovbotError]) -> None:
    if isinstance(found, GovbotError):
        faults.append(found)
    elif isinstance(found, Exception):
        raise found
    else:
        read.documents.append(found)


def is_number(name: str) -> bool:
    """Return whether a word on the command line is the number of a kept draft: digits that are no file's name."""
    return name.isdecimal() and 0 < int(name) <= LAST_NUMBER and not _exists(name)


def _reopen(workshop: Workshop, number: int, read: Read) -> None:
    # SQLAlchemy takes a third of a second to import, which only those wait for who ask of kept drafts.
    from govbot.archive import Archive
    from govbot.store import open_store

    read.archive = read.archive or Archive(workshop, open_store(load_settings()))
    version, document = read.archive.reopen(number)
    read.versions.append(version)
    read.documents.append(document)


def show(reply: Reply, frameworks: Sequence[Framework], output: Format) -> None:
    """Print a reply."""
    if output is Format.JSON:
        print_json(reply_json(reply))
    elif output is Format.MARKDOWN:
        print_text(reply_markdown(reply, frameworks))
    else:
        print_data(reply_report(reply, frameworks))

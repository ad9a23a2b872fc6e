"""`govbot chat`: questions that follow one another about the same drafts."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import typer

from govbot.cli.ask import read_all, show
from govbot.cli.console import STDIN, Watch, print_error, print_text
from govbot.cli.options import Files, Format, Frameworks
from govbot.config import load_settings
from govbot.enquiry import Conversation, Enquiry
from govbot.errors import GovbotError
from govbot.pipeline import Workshop
from govbot.rendering import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator


def chat(files: Files, framework: Frameworks = None) -> None:
    """Answer each line that is typed, until "bye" or the end of the input."""
    if STDIN in files:
        raise typer.BadParameter(say("cli", "chat.no_stdin"))
    with Watch() as watch:
        workshop = Workshop(load_settings(), framework or (), progress=watch.tell, explain=True)
        workshop.prepare()
        read = read_all(workshop, files, watch)
        enquiry = Enquiry(workshop, read.documents, examine=read.examine)
    conversation = Conversation(enquiry)
    print_text(say("cli", "chat.begin", names=[one_line(document.name) for document in read.documents]))
    for line in _lines():
        try:
            reply = conversation.ask(line)
        except GovbotError as exc:
            # One question that cannot be answered does not end the conversation.
            print_error(str(exc))
            continue
        read.note(line, reply)
        show(reply, enquiry.frameworks, Format.TEXT)
        print_text("")


def _lines() -> Iterator[str]:
    """Yield what is typed, with a prompt where a person types it."""
    if sys.stdin.isatty():
        # Line editing and history, where the system has them: importing it is enough.
        import readline  # noqa: F401
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    ends = say("cli", "chat.ends").split(", ")
    while True:
        try:
            line = input(say("cli", "chat.prompt") + " " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if line.casefold().rstrip(".!") in ends:
            return
        if line:
            yield line

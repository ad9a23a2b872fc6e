"""`govbot`: the commands, and what becomes of their errors."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from govbot import __version__
from govbot.cli.ask import ask
from govbot.cli.chat import chat
from govbot.cli.check import check
from govbot.cli.console import debug, print_error, print_text, tell
from govbot.cli.db import db, doctor
from govbot.cli.frameworks import frameworks
from govbot.cli.jobs import jobs, submit, worker
from govbot.cli.kept import decide, diff, forget, search, summary
from govbot.cli.match import match
from govbot.cli.options import words
from govbot.cli.slack import slack
from govbot.cli.train import evaluate, train
from govbot.cli.trial import try_out
from govbot.words import say

_DEBUG = "--debug"
#: Exit codes beside 0: could not do it; stopped by the user, as shells and typer count it.
FAILED, STOPPED = 1, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=words("app"),
    epilog=words("environment"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(help=words("check"))(check)
app.command(help=words("ask"))(ask)
app.command(help=words("chat"))(chat)
app.command(help=words("diff"))(diff)
app.command(help=words("summary"))(summary)
app.command(help=words("search"))(search)
app.command(help=words("decide"))(decide)
app.command(help=words("forget"))(forget)
app.command(help=words("submit"))(submit)
app.command(help=words("worker"))(worker)
app.add_typer(jobs, name="jobs", help=words("jobs"), no_args_is_help=True)
app.add_typer(db, name="db", help=words("db"), no_args_is_help=True)
app.add_typer(slack, name="slack", help=words("slack"), no_args_is_help=True)
app.command("try", help=words("try"))(try_out)
app.command(help=words("doctor"))(doctor)
app.command(help=words("match"))(match)
app.add_typer(frameworks, name="frameworks", help=words("frameworks"), no_args_is_help=True)
app.command(help=words("train"))(train)
app.command(help=words("evaluate"))(evaluate)


def _show_version(wanted: bool) -> None:  # typer's callback
    if wanted:
        print_text(__version__)
        raise typer.Exit


@app.callback()
def _options(
    *,
    debug: Annotated[bool, typer.Option(_DEBUG, help=words("debug"))] = False,
    version: Annotated[bool, typer.Option("--version", help=words("version"), callback=_show_version)] = False,
) -> None:
    """Take note of nothing: --debug is read before the command is, and --version ends here."""


def run(arguments: list[str] | None = None) -> None:
    """Run a command line and leave with its exit code: 0 done, 1 failed, 2 wrong usage, 3 the draft falls short."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug.set(_DEBUG in given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app([argument for argument in given if argument != _DEBUG], prog_name="govbot")
    except SystemExit as exc:
        if exc.code == STOPPED:
            print_error(say("cli", "stopped"))
        raise
    except Exception as exc:
        if debug.get():
            raise
        print_error(tell(exc))
        sys.exit(FAILED)

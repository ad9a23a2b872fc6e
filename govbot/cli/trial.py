"""`govbot try`: the bot and a Slack on this machine, to be looked at in a browser."""

from __future__ import annotations

import signal
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from govbot.cli.console import print_note
from govbot.cli.options import words
from govbot.words import say


def try_out(
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help=words("try_port"))] = 8460,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help=words("try_browser"))] = True,
) -> None:
    """Run the bot in a Slack of its own until stopped; what is dropped there goes at the end."""
    # They take a second to import, which nobody else need wait for.
    from govbot.testing.slack import LocalSlack
    from govbot.testing.trial import populate, trial

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with tempfile.TemporaryDirectory(prefix="govbot-try-") as data, LocalSlack(port=port) as slack:
        officer = populate(slack)
        with trial(slack, Path(data), slack_officers=officer):
            print_note(say("cli", "trial.ready", address=slack.url))
            if browser:
                webbrowser.open(slack.url)
            stopping.wait()
            print_note(say("cli", "trial.ending"))

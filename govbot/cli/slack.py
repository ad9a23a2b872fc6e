"""`govbot slack`: what the bot in Slack is set up and run with."""

from __future__ import annotations

import json
import signal
import threading
from enum import StrEnum
from typing import Annotated

import typer
import yaml

from govbot.cli.console import print_note, print_text
from govbot.cli.options import words
from govbot.config import load_settings
from govbot.words import say

slack = typer.Typer()


class ManifestFormat(StrEnum):
    """How a manifest is printed."""

    JSON = "json"
    YAML = "yaml"


@slack.command("manifest", help=words("slack_manifest"))
def show_manifest(
    http: Annotated[str, typer.Option("--http", metavar="URL", help=words("slack_http"), show_default=False)] = "",
    output: Annotated[ManifestFormat, typer.Option("--format", help=words("slack_format"))] = ManifestFormat.JSON,
) -> None:
    """Print the app's manifest."""
    from govbot.slack.manifest import manifest

    if http and not http.startswith("https://"):
        raise typer.BadParameter(say("cli", "slack.not_https"), param_hint="--http")
    found = manifest(http)
    if output is ManifestFormat.JSON:
        print_text(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print_text(yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=100).rstrip())


@slack.command(help=words("slack_serve"))
def serve(
    http: Annotated[bool, typer.Option("--http", help=words("serve_http"))] = False,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=0, max=64, help=words("serve_workers"))] = 1,
) -> None:
    """Run the bot until stopped."""
    from govbot.logs import set_up_logs
    from govbot.slack.serving import Serving
    from govbot.slack.serving import serve as run

    # Before bolt's loggers are made, which take their level from here.
    set_up_logs()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    how = Serving(is_http=http, slots=range(1, workers + 1))
    run(load_settings(), how, stopping=stopping, ready=lambda at: print_note(say("cli", "slack.ready", address=at)))


@slack.command("key", help=words("slack_key"))
def show_key() -> None:
    """Print a new key."""
    # It takes a while to import, which nobody else need wait for.
    from govbot.slack.installing import new_key

    print_text(new_key())

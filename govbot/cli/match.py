"""`govbot match`: single passages against a framework."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govbot.cli.console import STDIN, Watch, print_json, print_text
from govbot.cli.options import DEFAULT_FRAMEWORK, OneFramework, words
from govbot.config import load_settings
from govbot.lines import GivenPassage, read_lines, read_passages
from govbot.pipeline import Workshop, match_texts
from govbot.rendering import matches_json
from govbot.words import say

Passages = Annotated[str, typer.Argument(metavar="FILE", help=words("passages"))]
AsJson = Annotated[bool, typer.Option("--json", help=words("json"))]


def match(file: Passages = STDIN, framework: OneFramework = DEFAULT_FRAMEWORK, *, as_json: AsJson = False) -> None:
    """Print every criterion's score for each passage, or the accepted criteria where no JSON is wanted."""
    passages = read_passages() if file == STDIN else read_lines(Path(file), GivenPassage)
    with Watch(file) as watch:
        workshop = Workshop(load_settings(), [framework], progress=watch.tell)
        workshop.prepare()
        matches = match_texts(workshop, [passage.text for passage in passages])
    for found in matches_json([passage.id for passage in passages], matches):
        if as_json:
            print_json(found)
        else:
            accepted = [item["criterion"] for item in found["matches"] if item["accepted"]]
            print_text(say("cli", "match_line", id=found["id"], found=accepted, nothing=say("cli", "match_none")))

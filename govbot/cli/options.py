"""Arguments and options that several commands share; their words stand in prompts/help.yaml."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from govbot.words import say

#: Highest number of a kept document that a database has room for.
LAST_NUMBER = 2**31 - 1
#: What single passages are matched against, and labels are of, when nobody says.
DEFAULT_FRAMEWORK = "cipfa-ifac"


class Format(StrEnum):
    """How a reply is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "md"


class FailOn(StrEnum):
    """From which status a draft falls short."""

    GAP = "gap"
    ABSENT = "absent"
    MENTIONED = "mentioned"


def words(key: str) -> str:
    """Return a line of prompts/help.yaml."""
    return say("help", key)


Files = Annotated[list[str], typer.Argument(metavar="FILE…", help=words("files"), show_default=False)]
File = Annotated[str, typer.Argument(metavar="FILE", help=words("file"), show_default=False)]
Frameworks = Annotated[
    list[str] | None, typer.Option("--framework", "-f", metavar="ID", help=words("framework"), show_default=False)
]
OneFramework = Annotated[str, typer.Option("--framework", "-f", metavar="ID", help=words("framework_one"))]
Keep = Annotated[bool, typer.Option("--keep", help=words("keep"))]
Team = Annotated[str, typer.Option("--team", metavar="TEAM", help=words("team"), show_default=False)]
VersionOf = Annotated[
    int | None,
    typer.Option(
        "--version-of", metavar="DOCUMENT", min=0, max=LAST_NUMBER, help=words("version_of"), show_default=False
    ),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help=words("by"), show_default=False)]
FormatOption = Annotated[Format, typer.Option("--format", help=words("format"))]
ShowAll = Annotated[bool, typer.Option("--all", help=words("all"))]
Explain = Annotated[bool, typer.Option("--explain", help=words("explain"))]
FailOnOption = Annotated[FailOn | None, typer.Option("--fail-on", help=words("fail_on"))]
Data = Annotated[Path, typer.Option("--data", metavar="FILE", help=words("data"))]

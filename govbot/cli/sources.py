"""What the words on the command line stand for: files, folders, standard input."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from govbot.cli.console import STDIN
from govbot.errors import NothingToRead
from govbot.reading import READ_EXTENSIONS
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.pipeline import Workshop
    from govbot.records import Document


def expand(names: Sequence[str]) -> list[str | NothingToRead]:
    """Return the files that the names stand for, a folder's in alphabetical order, or what is wrong with a folder."""
    found: list[str | NothingToRead] = []
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            found.append(name)
        else:
            found += _inside(Path(name)) or [NothingToRead(path=name)]
    return list(dict.fromkeys(found))


def _inside(folder: Path) -> list[str]:
    return sorted(
        str(path)
        for path in folder.rglob("*")
        if path.suffix.lower() in READ_EXTENSIONS
        and path.is_file()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    )


def read_source(workshop: Workshop, name: str) -> Document:
    """Return the document of one file, or of standard input; raise DocumentError."""
    if name != STDIN:
        return workshop.read(Path(name))
    # Read like any other file: guarded, in whatever format and encoding it comes.
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        path = Path(folder) / say("cli", "stdin")
        path.write_bytes(sys.stdin.buffer.read())
        return workshop.read(path)

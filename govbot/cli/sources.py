"""What the words on the command line stand for: files, folders, standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from govbot.errors import NothingToRead
from govbot.reading import READ_EXTENSIONS
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.pipeline import Workshop
    from govbot.records import Document

STDIN = "-"


def expand(names: Sequence[str]) -> list[str]:
    """Return the files that the names stand for, a folder's in alphabetical order; raise NothingToRead."""
    found: list[str] = []
    for name in names:
        folder = Path(name)
        if name == STDIN or not folder.is_dir():
            found.append(name)
            continue
        inside = sorted(
            str(path)
            for path in folder.rglob("*")
            if path.suffix.lower() in READ_EXTENSIONS
            and path.is_file()
            and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        )
        if not inside:
            raise NothingToRead(path=name)
        found += inside
    return list(dict.fromkeys(found))


def read_source(workshop: Workshop, name: str) -> Document:
    """Return the document of one file, or of standard input; raise DocumentError."""
    if name == STDIN:
        return workshop.read_text(sys.stdin.read(), name=say("cli", "stdin"))
    return workshop.read(Path(name))

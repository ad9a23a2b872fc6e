"""What the words on the command line stand for: files, folders, standard input."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from govbot.cli.console import STDIN, print_note
from govbot.errors import NothingToRead
from govbot.reading import READ_EXTENSIONS, LeftOut
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.cli.console import Watch
    from govbot.pipeline import Workshop
    from govbot.records import Document


#: Files of an archive or an e-mail that are told of by name.
_TOLD = 100


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
    """Return the document of one file, or of standard input, or the one that is in it; raise DocumentError."""
    with _path(name) as path:
        return workshop.read(path)


def read_inside(workshop: Workshop, name: str, watch: Watch) -> Iterator[Document | Exception]:
    """Yield the document of one file, or each in an archive or an e-mail, and why others cannot be read.

    What was left out is told on standard error.
    """
    told = untold = 0
    try:
        with _path(name) as path:
            for found in workshop.read_all(path):
                if not isinstance(found, LeftOut):
                    yield found
                elif told < _TOLD:
                    told += 1
                    _tell(found, watch)
                else:
                    untold += 1
    except Exception as exc:  # told by whoever reads the others
        yield exc
    if untold:
        with watch.pause():
            print_note(say("replies/enclosures", "more", n=untold))


def _tell(found: LeftOut, watch: Watch) -> None:
    reason = say("replies/unread", f"inside.{found.reason}")
    with watch.pause():
        print_note(say("replies/enclosures", "told", name=found.name, reason=reason))


@contextmanager
def _path(name: str) -> Iterator[Path]:
    """Lend the path of a file, or of one that holds standard input."""
    if name != STDIN:
        yield Path(name)
        return
    # Read like any other file: guarded, in whatever format and encoding it comes.
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        path = Path(folder) / say("cli", "stdin")
        path.write_bytes(sys.stdin.buffer.read())
        yield path

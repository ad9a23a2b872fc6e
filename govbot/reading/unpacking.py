"""The subprocess that takes an archive or an e-mail apart.

`python -m govbot.reading.unpacking PATH MEMORY_MB CPU_SECONDS FORMAT NAME` prints frames: a line of JSON, and after it
as many bytes as its "size" says. Nothing is written to any file: the parent does that, under names of its own.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from govbot.errors import DocumentError, ReadingTooLong
from govbot.reading.confining import confine
from govbot.reading.enclosures import is_hidden, is_junk
from govbot.reading.guard import READ_EXTENSIONS, is_mail
from govbot.reading.worker import hand_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from govbot.reading.enclosures import Enclosure, Reason

#: Documents of one container, and bytes that they may unpack to in all.
_DOCUMENTS, _BYTES = 100, 200 << 20
#: How deep a container may lie in another.
_DEPTH = 1
_CONTAINERS = {".zip": "zip", ".eml": "eml", ".msg": "msg"}
_MAGIC = {"zip": b"PK", "msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
_HEAD = 65_536


def main(arguments: list[str]) -> None:
    """Print what is in the container, and last that this is all, or the error that ended it."""
    path, memory_mb, seconds, format_, name = arguments
    confine(int(memory_mb), int(seconds), file_mb=0)
    end: dict[str, object] = {"end": True}
    try:
        with Path(path).open("rb") as source:
            Unpacking(_print).open(_enclosures(format_, source), format_, name)
    except DocumentError as exc:
        end = {"error": type(exc).__name__}
    except MemoryError:
        end = {"error": ReadingTooLong.__name__}
    _print(end, b"")
    os._exit(0)


def _print(header: dict[str, object], data: bytes) -> None:
    hand_out(json.dumps({**header, "size": len(data)}).encode() + b"\n")
    hand_out(data)


def _enclosures(format_: str, source: IO[bytes]) -> Iterator[Enclosure]:
    """Return what is in a container, importing only what its format needs; raise DocumentError."""
    if format_ == "zip":
        from govbot.reading.archives import open_archive

        return open_archive(source)
    if format_ == "msg":
        from govbot.reading.outlook import open_message

        return open_message(source)
    from govbot.reading.mail import open_mail

    return open_mail(source.read())


class Unpacking:
    """Hands on what is in a container, and in those within it, as long as that is within measure."""

    def __init__(self, hand_on: Callable[[dict[str, object], bytes], None]) -> None:
        """`hand_on` takes a file's header and its bytes, or only the header of a file that was left out."""
        self._hand_on = hand_on
        self._documents = 0
        self._bytes = 0

    def open(self, enclosures: Iterator[Enclosure], format_: str, name: str, *, depth: int = 0) -> None:
        """Hand on what is in the container `name`; raise DocumentError."""
        for item in enclosures:
            if is_junk(item.name):
                continue
            shown = f"{name}/{item.name}" if item.name else name
            reason = self._take(item, format_, shown, depth)
            if reason:
                self._hand_on({"name": shown, "left_out": reason}, b"")

    def _take(self, item: Enclosure, within: str, shown: str, depth: int) -> Reason | None:
        """Hand on an enclosure, or return why it is left out."""
        reason = item.left_out or self._unwanted(item, within, depth)
        if reason:
            return reason
        try:
            if item.inside is not None:
                self.open(item.inside(), within, shown, depth=depth + 1)
                return None
            data = item.load()
            if self._bytes + len(data) > _BYTES:
                return "too_large"
            format_ = _container(item.name, data)
            if format_:
                self.open(_enclosures(format_, BytesIO(data)), format_, shown, depth=depth + 1)
                return None
        except DocumentError:
            return "damaged"
        self._documents += 1
        self._bytes += len(data)
        own = {"format": item.format_, "title": item.title, "media_type": item.media_type, "words": item.words}
        self._hand_on({"name": shown, **(own if item.format_ else {})}, data)
        return None

    def _unwanted(self, item: Enclosure, within: str, depth: int) -> Reason | None:
        """Return why an enclosure is not so much as looked into."""
        ending = PurePosixPath(item.name).suffix.lower()
        if is_hidden(item.name):
            return "hidden"
        if ending and item.inside is None and ending not in READ_EXTENSIONS:
            return "kind"
        is_container = item.inside is not None or ending in _CONTAINERS
        if is_container and (depth >= _DEPTH or (within == "zip" and ending == ".zip")):
            return "nested"
        if self._documents >= _DOCUMENTS:
            return "too_many"
        return "too_large" if self._bytes + item.size > _BYTES else None


def _container(name: str, data: bytes) -> str:
    """Return the format of a container by its name and its beginning; empty for anything else."""
    ending = PurePosixPath(name).suffix.lower()
    format_ = _CONTAINERS.get(ending, "")
    if format_ == "eml":
        return format_ if is_mail(data[:_HEAD], ending) else ""
    return format_ if format_ and data.startswith(_MAGIC[format_]) else ""


if __name__ == "__main__":
    main(sys.argv[1:])

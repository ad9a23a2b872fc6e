"""Reads a file in a fresh subprocess that cannot take more memory and time than it is given."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from govbot import errors
from govbot.errors import DocumentError, EmptyFile, ReadingTooLong, UnreadableFile
from govbot.reading.codec import load_document
from govbot.reading.converting import MEDIA_TYPES, convert
from govbot.reading.guard import Format, inspect
from govbot.reading.process import Limits, run_module
from govbot.records import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORKER = "govbot.reading.worker"


def read_file(path: Path, format_: Format, *, name: str, limits: Limits) -> Document:
    """Return the file, which the guard let pass, as the document `name`; raise a DocumentError that says why not."""
    if format_ in MEDIA_TYPES:
        return _read_converted(path, format_, name, limits)
    return _read(path, format_, name, limits)


def read_text(text: str, *, name: str) -> Document:
    """Return plain text, as from standard input, as a document; raise EmptyFile where there is none."""
    from govbot.reading.text import read_plain

    if not text.strip():
        raise EmptyFile(name=name)
    reading = read_plain(text)
    return reading.document(name=name, sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def run_on_file(
    module: str,
    path: Path,
    arguments: Sequence[str],
    *,
    name: str,
    limits: Limits,
    output: IO[bytes] | None = None,
) -> bytes:
    """Return what a module prints about the file `name` at `path`; raise DocumentError where it fails.

    The module is called with the path, the limits of memory (MB) and processor time (seconds), and the arguments. Where
    there is an `output`, what is printed is written to it.
    """
    called = [str(path.resolve()), str(limits.memory_mb), str(limits.cpu_seconds), *arguments]
    outcome = run_module(module, called, seconds=limits.seconds, output=output)
    if outcome.is_spent(limits):
        raise ReadingTooLong(name=name)
    if outcome.code:
        raise UnreadableFile(name=name)
    return outcome.output


def _read(path: Path, format_: Format, name: str, limits: Limits) -> Document:
    printed = run_on_file(_WORKER, path, [format_, name], name=name, limits=limits)
    try:
        reply = json.loads(printed)
        if "error" not in reply:
            return load_document(reply)
        raised: type[DocumentError] = getattr(errors, reply["error"])
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UnreadableFile(name=name) from exc
    raise raised(name=name)


def _read_converted(path: Path, format_: Format, name: str, limits: Limits) -> Document:
    """Return what the Word document says that the file becomes, under the file's own kind and checksum.

    That document is as hostile as the file it was made of, and conversion and reading share the limit of time.
    """
    deadline = time.monotonic() + limits.seconds
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        try:
            docx = convert(path, format_, Path(folder), limits)
            left = replace(limits, seconds=max(1, int(deadline - time.monotonic())))
            found = _read(docx, inspect(docx, file_mb=limits.file_mb), name, left)
        except DocumentError as exc:
            raise type(exc)(**{**exc.slots, "name": name}) from exc
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(found, media_type=MEDIA_TYPES[format_], sha256=sha256)

"""Reads a file in a fresh subprocess that cannot take more memory and time than it is given."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from govbot import errors
from govbot.errors import DocumentError, EmptyFile, ReadingTooLong, UnreadableFile
from govbot.reading.codec import load_document
from govbot.reading.converting import MEDIA_TYPES, convert
from govbot.reading.guard import Format, inspect
from govbot.reading.process import Limits, Outcome, run
from govbot.records import Document


def read_document(path: Path, *, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """Return the file as read; raise a DocumentError that says why it cannot be."""
    format_ = inspect(path, file_mb=limits.file_mb)
    if format_ in MEDIA_TYPES:
        return _read_converted(path, format_, limits)
    return _read(path, format_, limits)


def read_text(text: str, *, name: str) -> Document:
    """Return plain text, as from standard input, as a document; raise EmptyFile where there is none."""
    from govbot.reading.text import read_plain

    if not text.strip():
        raise EmptyFile(name=name)
    reading = read_plain(text)
    return reading.document(name=name, sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def _read(path: Path, format_: Format, limits: Limits) -> Document:
    command = [sys.executable, "-s", "-m", "govbot.reading.worker", str(path.resolve()), format_]
    outcome = run([*command, str(limits.memory_mb), str(limits.cpu_seconds)], seconds=limits.seconds)
    failure = _failure(outcome, limits)
    if failure is not None:
        raise failure(name=path.name)
    try:
        reply = json.loads(outcome.output)
        if "error" not in reply:
            return load_document(reply)
        raised: type[DocumentError] = getattr(errors, reply["error"])
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UnreadableFile(name=path.name) from exc
    raise raised(name=path.name)


def _read_converted(path: Path, format_: Format, limits: Limits) -> Document:
    """Return what the Word document says that the file becomes, under the file's own name, kind and checksum.

    That document is as hostile as the file it was made of, and conversion and reading share the limit of time.
    """
    deadline = time.monotonic() + limits.seconds
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        docx = convert(path, format_, Path(folder), limits)
        left = replace(limits, seconds=max(1, int(deadline - time.monotonic())))
        try:
            found = _read(docx, inspect(docx, file_mb=limits.file_mb), left)
        except DocumentError as exc:
            raise type(exc)(name=path.name) from exc
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    title = path.name if found.title == docx.name else found.title
    return replace(found, name=path.name, title=title, media_type=MEDIA_TYPES[format_], sha256=sha256)


def _failure(outcome: Outcome, limits: Limits) -> type[DocumentError] | None:
    """Return the error that the end of the subprocess amounts to, or None where it ended well."""
    if outcome.is_spent(limits):
        return ReadingTooLong
    return UnreadableFile if outcome.code else None

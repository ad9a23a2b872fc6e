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
from govbot.errors import DocumentError, EmptyFile, NoText, ReadingTooLong, ScanUnread, UnreadableFile
from govbot.reading.codec import load_lines
from govbot.reading.converting import MEDIA_TYPES, convert
from govbot.reading.guard import Format, inspect
from govbot.reading.ocr import Ocr, recognise
from govbot.reading.process import Limits, run_module
from govbot.records import Document, Unread
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORKER = "govbot.reading.worker"
#: Why a page that is a picture of print was not read, until it is known better.
_PICTURE = "picture_page"
_COVER = "picture"
#: Of a page without any words nothing is lost.
_NO_WORDS = "scan_empty"


def read_file(path: Path, format_: Format, *, name: str, limits: Limits, ocr: Ocr | None = None) -> Document:
    """Return the file, which the guard let pass, as the document `name`; raise a DocumentError that says why not.

    Without `ocr` nothing is known of scans: their pages are listed as unread.
    """
    if format_ in MEDIA_TYPES:
        document = _read_converted(path, format_, name, limits)
    else:
        document = _read(path, format_, name, limits)
    scans = _scans(document) if format_ == "pdf" else []
    if scans and ocr is not None:
        document = _read_scans(path, document, scans, limits, ocr)
        reason = next((one.reason for one in document.unread if one.page == scans[0]), None)
        if not document.blocks and reason is not None:
            raise ScanUnread(name=name, reason=say("replies/unread", reason))
    if not document.blocks:
        raise NoText(name=name)
    return document


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
    given: bytes = b"",
    output: IO[bytes] | None = None,
) -> bytes:
    """Return what a module prints about the file `name` at `path`; raise DocumentError where it fails.

    The module is called with the path, the limits of memory (MB) and processor time (seconds), and the arguments, and
    reads `given`. Where there is an `output`, what is printed is written to it.
    """
    called = [str(path.resolve()), str(limits.memory_mb), str(limits.cpu_seconds), *arguments]
    outcome = run_module(module, called, seconds=limits.seconds, given=given, output=output)
    if outcome.is_spent(limits):
        raise ReadingTooLong(name=name)
    if outcome.code:
        raise UnreadableFile(name=name)
    return outcome.output


def _read(
    path: Path, format_: Format, name: str, limits: Limits, scans: Mapping[int, object] | None = None
) -> Document:
    """Return the file as read, of the pages in `scans` what was recognised; raise a DocumentError."""
    given = json.dumps(scans or {}).encode()
    printed = run_on_file(_WORKER, path, [format_, name], name=name, limits=limits, given=given)
    try:
        reply = load_lines(printed)
        if isinstance(reply, Document):
            return reply
        raised: type[DocumentError] = getattr(errors, reply)
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


def _scans(document: Document) -> list[int]:
    """Return the pages that are scans; a cover that is a picture is one where others are, or nothing else is."""
    pictures = [(one.reason, one.page) for one in document.unread if one.page is not None]
    pages = [page for reason, page in pictures if reason == _PICTURE]
    if pages or not document.blocks:
        pages += [page for reason, page in pictures if reason == _COVER and page in (1, document.pages)]
    return sorted(pages)


def _read_scans(path: Path, document: Document, pages: list[int], limits: Limits, ocr: Ocr) -> Document:
    """Return the document with what can be recognised of its scans; of the others the reason why not."""
    found = recognise(path, pages, ocr, memory_mb=limits.memory_mb)
    reasons = dict(found.reasons)
    if found.pages:
        try:
            # Read as a whole again, so that headings, headers and broken-off sentences are seen across all pages.
            document = _read(path, "pdf", document.name, limits, found.pages)
        except DocumentError:
            reasons |= dict.fromkeys(found.pages, "scan_failed")
    # A picture beside text is one; where nothing is text, it is what should have been read.
    explained = (_PICTURE,) if document.blocks else (_PICTURE, _COVER)
    return replace(document, unread=tuple(_explained(one, reasons, explained) for one in document.unread))


def _explained(item: Unread, reasons: Mapping[int, str], explained: Sequence[str]) -> Unread:
    reason = None if item.page is None or item.reason not in explained else reasons.get(item.page)
    if reason is None:
        return item
    return replace(item, reason=reason, matters=reason != _NO_WORDS)

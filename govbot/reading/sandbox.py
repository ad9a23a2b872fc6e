"""Reads a file in a fresh subprocess that cannot take more memory and time than it is given."""

from __future__ import annotations

import hashlib
import json
import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from govbot import errors
from govbot.errors import DocumentError, EmptyFile, NoText, ReadingTooLong, ScanUnread, UnreadableFile
from govbot.reading.codec import load_document
from govbot.reading.guard import inspect
from govbot.reading.ocr import Ocr, recognise
from govbot.reading.process import Outcome, run_module
from govbot.records import Document, Unread
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Signals by which the kernel, or an allocator out of memory, ends a reader that takes too much.
_SPENT = (signal.SIGXCPU, signal.SIGKILL)
#: pdfium traps or aborts when memory runs out; above this share of the limit we say so.
_SPENT_SHARE = 0.5
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV)
#: Why a page that is a picture of print was not read, until it is known better.
_PICTURE = "picture_page"
_COVER = "picture"
#: Of a page without any words nothing is lost.
_NO_WORDS = "scan_empty"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What reading one file may take."""

    #: Address space of the subprocess, in megabytes.
    memory_mb: int = 1024
    #: Clock time, in seconds; processor time is two thirds of it. Recognising scans has its own: see Ocr.
    seconds: int = 90
    #: Largest file that is opened, in megabytes.
    file_mb: int = 200


def read_document(path: Path, *, limits: Limits = Limits(), ocr: Ocr | None = None) -> Document:  # noqa: B008 - frozen
    """Return the file as read; raise a DocumentError that says why it cannot be.

    Without `ocr` nothing is known of scans: their pages are listed as unread.
    """
    format_ = inspect(path, file_mb=limits.file_mb)
    document = _read(path, format_, limits)
    scans = _scans(document) if format_ == "pdf" else []
    if scans and ocr is not None:
        document = _read_scans(path, document, scans, limits, ocr)
        if not document.blocks:
            reason = next(one.reason for one in document.unread if one.page == scans[0])
            raise ScanUnread(name=path.name, reason=say("replies/unread", reason))
    if not document.blocks:
        raise NoText(name=path.name)
    return document


def read_text(text: str, *, name: str) -> Document:
    """Return plain text, as from standard input, as a document; raise EmptyFile where there is none."""
    from govbot.reading.text import read_plain

    if not text.strip():
        raise EmptyFile(name=name)
    reading = read_plain(text)
    return reading.document(name=name, sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def _read(path: Path, format_: str, limits: Limits, scans: Mapping[int, object] | None = None) -> Document:
    """Return the file as read, of the pages in `scans` what was recognised; raise a DocumentError."""
    arguments = [str(path.resolve()), format_, str(limits.memory_mb), str(max(1, limits.seconds * 2 // 3))]
    given = json.dumps(scans or {}).encode()
    outcome = run_module("govbot.reading.worker", arguments, seconds=limits.seconds, given=given)
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
            document = _read(path, "pdf", limits, found.pages)
        except DocumentError:
            reasons |= dict.fromkeys(found.pages, "scan_failed")
    return replace(document, unread=tuple(_explained(one, reasons) for one in document.unread))


def _explained(item: Unread, reasons: Mapping[int, str]) -> Unread:
    reason = None if item.page is None or item.reason != _PICTURE else reasons.get(item.page)
    if reason is None:
        return item
    return replace(item, reason=reason, matters=reason != _NO_WORDS)


def _failure(outcome: Outcome, limits: Limits) -> type[DocumentError] | None:
    """Return the error that the end of the subprocess amounts to, or None where it ended well."""
    if not outcome.in_time or -outcome.code in _SPENT:
        return ReadingTooLong
    if -outcome.code in _OUT_OF_MEMORY and outcome.peak_mb > _SPENT_SHARE * limits.memory_mb:
        return ReadingTooLong
    return UnreadableFile if outcome.code else None

"""Has the pages that are scans recognised: by tesseract, in a subprocess with limits of its own."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from govbot.reading.process import run, run_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PROGRAM = "tesseract"
#: Seconds that it may take to list its languages.
_LISTING = 10
#: Seconds after its time in which the subprocess ends by itself; it is ended then.
_GRACE = 10
#: Times that the subprocess is started before what is left is given up, and pages at a time: alone once it crashed.
_STARTS = 4
_AT_ONCE, _ALONE = 2, 1
#: What the subprocess may say of a page that it did not read.
_REASONS = frozenset({"scan_empty", "scan_failed", "scan_late", "scan_unclear"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Ocr:
    """How scans are read."""

    is_on: bool = True
    #: tesseract's names of languages; those that are not installed are passed over.
    languages: tuple[str, ...] = ("eng", "cym")
    #: Clock time that the scans of one file may take, in seconds.
    seconds: int = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Recogniser:
    """The program that reads scans on this machine."""

    #: Its path; empty where there is none.
    program: str = ""
    #: Those wanted that are installed, the first one first.
    languages: tuple[str, ...] = ()
    #: Key of the sentence in prompts/replies/unread.yaml that says why scans cannot be read; empty where they can.
    fault: str = ""


@dataclass(kw_only=True, slots=True)
class Recognised:
    """What became of each scan."""

    #: Page -> what stands on it, as `govbot.reading.pdf_scans` reads it.
    pages: dict[int, Any] = field(default_factory=dict)
    #: Page -> key of the sentence in prompts/replies/unread.yaml that says why it was not read.
    reasons: dict[int, str] = field(default_factory=dict)


def find_recogniser(ocr: Ocr) -> Recogniser:
    """Return what reads scans here, or why nothing does."""
    if not ocr.is_on:
        return Recogniser(fault="scan_off")
    program = shutil.which(_PROGRAM)
    if program is None:
        return Recogniser(fault="scan_no_program")
    installed = _languages(program)
    languages = tuple(language for language in ocr.languages if language in installed)
    return Recogniser(program=program, languages=languages, fault="" if languages else "scan_no_language")


def recognise(path: Path, pages: Sequence[int], ocr: Ocr, *, memory_mb: int) -> Recognised:
    """Return what stands on the pages of a PDF that are scans, and why it is not known of the others."""
    recogniser = find_recogniser(ocr)
    if recogniser.fault:
        return Recognised(reasons=dict.fromkeys(pages, recogniser.fault))
    found = Recognised()
    left = _Time(ocr.seconds)
    for start in range(_STARTS):
        waiting = [page for page in pages if page not in found.pages and page not in found.reasons]
        if not waiting or left.seconds < 1:
            break
        order: dict[str, object] = {"program": recogniser.program, "languages": recogniser.languages, "pages": waiting}
        order["at_once"] = _ALONE if start else _AT_ONCE
        arguments = [str(path.resolve()), str(memory_mb), str(left.seconds)]
        outcome = run_module(
            "govbot.reading.scanner",
            arguments,
            seconds=left.seconds + _GRACE,
            given=json.dumps(order).encode(),
            environment=_own_languages(),
        )
        _gather(outcome.output, found, set(waiting))
    reason = "scan_late" if left.seconds < 1 else "scan_failed"
    for page in pages:
        if page not in found.pages:
            found.reasons.setdefault(page, reason)
    return found


class _Time:
    """How much of the time is left."""

    def __init__(self, seconds: int) -> None:
        self._end = time.monotonic() + seconds

    @property
    def seconds(self) -> int:
        """Whole seconds, negative once it is over."""
        return int(self._end - time.monotonic())


def _gather(output: bytes, found: Recognised, waiting: set[int]) -> None:
    """Take in what the subprocess printed, a page a line; one that it died over is given up where it is clear which."""
    begun: list[int] = []
    for line in output.splitlines():
        try:
            told = json.loads(line)
            page = told["page"]
        except (ValueError, KeyError, TypeError):
            continue
        if page not in waiting:
            continue
        if "lines" in told:
            found.pages[page] = told
        elif told.get("reason") in _REASONS:
            found.reasons[page] = told["reason"]
        elif "reason" not in told:
            begun.append(page)
    lost = [page for page in begun if page not in found.pages and page not in found.reasons]
    if len(lost) == 1:
        found.reasons[lost[0]] = "scan_failed"


def _languages(program: str) -> frozenset[str]:
    """Return the languages that are installed."""
    try:
        outcome = run([program, "--list-langs"], tesseract_environment(), seconds=_LISTING, most_bytes=1 << 16)
    except OSError:
        return frozenset()
    return frozenset(outcome.output.decode("utf-8", "replace").split())


def tesseract_environment() -> dict[str, str]:
    """Return what tesseract may know: where its languages lie, and that it has one thread."""
    return {"PATH": os.defpath, "LC_ALL": "C", "OMP_THREAD_LIMIT": "1", **_own_languages()}


def _own_languages() -> dict[str, str]:
    return {name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ}

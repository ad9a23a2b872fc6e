"""The subprocess that recognises scans: `python -m govbot.reading.scanner PATH MEMORY_MB SECONDS`.

What is to be done comes as JSON on standard input; what became of each page goes out as a line of JSON.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pypdfium2 import PdfDocument, PdfiumError

from govbot.reading.confining import confine
from govbot.reading.hocr import ScanLine, parse_hocr
from govbot.reading.ocr import tesseract_environment
from govbot.reading.process import Outcome, run

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

#: Dots per inch at which a page is drawn, and points that the picture may have: those of A3 at that resolution.
_RESOLUTION = 200
_MOST_DOTS = 2_400 * 3_400
#: Seconds that one look at a page may take: pages of small print take 25 on a busy machine.
_PAGE_SECONDS = 120
#: Bytes that tesseract may print of a page: dense ones come to 0.2 MB.
_PAGE_BYTES = 16 << 20
#: Mean confidence of a page's words from which one look is enough, and below which they are no words.
_SURE, _UNCLEAR = 0.85, 0.6
#: How tesseract takes a page apart: by itself; or only to say which way up it is.
_AUTOMATIC, _ORIENTATION = "3", "0"
#: Which dots are ink is decided by Sauvola's method: it reads light print on dark boxes, and parts columns better.
#: Word recall on five scans of printed pages .988, in order .971; by the usual method .962 and .931.
_INK = "thresholding_method=2"
_POINTS = 72


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A page as drawn, in grey."""

    width: int
    height: int
    #: A byte a dot, row by row.
    dots: bytes
    #: Dots of the picture to a point of the page.
    scale: float

    @property
    def file(self) -> bytes:
        """The picture as a PGM file."""
        return b"P5 %d %d 255\n%s" % (self.width, self.height, self.dots)

    def turned(self, quarters: int) -> Picture:
        """Return the picture turned clockwise."""
        import numpy as np  # only here, and seldom

        turned = np.rot90(np.frombuffer(self.dots, np.uint8).reshape(self.height, self.width), -quarters)
        height, width = turned.shape
        return Picture(width=width, height=height, dots=turned.tobytes(), scale=self.scale)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What was made out on a picture."""

    picture: Picture
    lines: tuple[ScanLine, ...] = ()
    #: Mean confidence of its words, from 0 to 1; 0 without any.
    confidence: float = 0.0
    #: True where tesseract hung, crashed or printed without end.
    has_failed: bool = False

    @property
    def is_sideways(self) -> bool:
        """Whether most of the text runs up or down the picture."""
        return sum(len(line.text) * (1 if line.is_sideways else -1) for line in self.lines) > 0


class Tesseract:
    """The program, with the languages that it is to read."""

    def __init__(self, program: str, languages: list[str], *, deadline: float) -> None:
        """`deadline` is the time of the monotonic clock at which it must have ended."""
        self._program = program
        self._languages = languages
        self._deadline = deadline
        self._environment = tesseract_environment()

    def read(self, picture: Picture) -> Look:
        """Return the best look at the picture: in the first language, in all of them, turned upright."""
        best = self._look(picture, self._languages[:1])
        if best.confidence < _SURE and len(self._languages) > 1:
            best = max(best, self._look(picture, self._languages), key=_worth)
        is_doubtful = bool(best.lines) and (best.confidence < _UNCLEAR or best.is_sideways)
        if is_doubtful and (quarters := self._quarters(picture)):
            best = max(best, self._look(picture.turned(quarters), self._languages), key=_worth)
        return best

    def _look(self, picture: Picture, languages: list[str]) -> Look:
        outcome = self._run(picture, "-l", "+".join(languages), "--psm", _AUTOMATIC, "-c", _INK, "hocr")
        lines = parse_hocr(outcome.output)
        words = [confidence for line in lines for confidence in line.confidences]
        return Look(
            picture=picture,
            lines=lines,
            confidence=sum(words) / len(words) if words else 0.0,
            has_failed=bool(outcome.code) or not outcome.in_time,
        )

    def _quarters(self, picture: Picture) -> int:
        """Return by how many quarters the picture must be turned clockwise to stand upright."""
        output = self._run(picture, "--psm", _ORIENTATION).output.decode("utf-8", "replace")
        turns = [line.partition(":")[2].strip() for line in output.splitlines() if line.startswith("Rotate:")]
        return int(turns[0]) // 90 % 4 if turns and turns[0].isdigit() else 0

    def _run(self, picture: Picture, *options: str) -> Outcome:
        seconds = min(_PAGE_SECONDS, self._deadline - time.monotonic())
        command = [self._program, "stdin", "stdout", *options]
        return run(command, self._environment, seconds=seconds, given=picture.file, most_bytes=_PAGE_BYTES)


def _worth(look: Look) -> tuple[bool, float]:
    """Return what the better of two looks has more of."""
    return not look.is_sideways, look.confidence


def main(arguments: list[str]) -> None:
    """Print what became of each page as soon as it is known, until the time is over."""
    path, memory_mb, seconds = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    order = json.loads(sys.stdin.buffer.read())
    deadline = time.monotonic() + seconds
    confine(memory_mb, seconds, file_mb=0)
    tesseract = Tesseract(order["program"], order["languages"], deadline=deadline)
    document = PdfDocument(path.read_bytes())
    waiting: deque[tuple[int, Future[Look]]] = deque()
    with ThreadPoolExecutor(order["at_once"]) as pool:
        for number in order["pages"]:
            if time.monotonic() >= deadline:
                break
            if len(waiting) >= order["at_once"]:
                _finish(*waiting.popleft(), deadline)
            _tell({"page": number})
            try:
                picture = draw(document, number)
            except (PdfiumError, ValueError, MemoryError):
                _tell({"page": number, "reason": "scan_failed"})
                continue
            waiting.append((number, pool.submit(tesseract.read, picture)))
        for number, look in waiting:
            _finish(number, look, deadline)
    os._exit(0)


def draw(document: PdfDocument, number: int) -> Picture:
    """Return a page as drawn; raise PdfiumError, ValueError or MemoryError where it cannot be."""
    with closing(document[number - 1]) as page:
        scale = _scale(page)
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            rows = memoryview(bitmap.buffer).cast("B")
            dots = b"".join(rows[row * stride : row * stride + width] for row in range(height))
    return Picture(width=width, height=height, dots=dots, scale=scale)


def _scale(page: PdfPage) -> float:
    width, height = page.get_size()
    return min(_RESOLUTION / _POINTS, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))


def _finish(number: int, future: Future[Look], deadline: float) -> None:
    try:
        look = future.result()
    except (OSError, MemoryError):
        _tell({"page": number, "reason": "scan_failed"})
        return
    if look.confidence >= _UNCLEAR:
        _tell({"page": number, **_plain(look)})
    elif time.monotonic() < deadline:
        reason = "scan_failed" if look.has_failed else "scan_unclear" if look.lines else "scan_empty"
        _tell({"page": number, "reason": reason})
    else:
        _tell({"page": number, "reason": "scan_late"})


def _plain(look: Look) -> dict[str, Any]:
    """Return the look in points of the page, places from its lower left corner."""
    scale = look.picture.scale
    height = look.picture.height / scale
    return {
        "width": look.picture.width / scale,
        "height": height,
        "lines": [
            {
                "text": line.text,
                "x0": line.left / scale,
                "x1": line.right / scale,
                "y": height - line.baseline / scale,
                "size": line.size / scale,
                "confidences": line.confidences,
            }
            for line in look.lines
        ],
    }


def _tell(plain: dict[str, Any]) -> None:
    line = json.dumps(plain).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


if __name__ == "__main__":
    main(sys.argv[1:])

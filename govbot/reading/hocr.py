"""What tesseract prints, hOCR, as lines with places, sizes and how sure it is of each word.

hOCR is used for what tesseract's TSV lacks: a line's baseline and the size of its font.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from govbot.reading.handles import Element

_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_WORD = "ocrx_word"
_NUMBER = r"-?\d+(?:\.\d+)?"
_BOX = re.compile(rf"bbox ({_NUMBER}) ({_NUMBER}) ({_NUMBER}) ({_NUMBER})")
_BASELINE = re.compile(rf"baseline ({_NUMBER}) ({_NUMBER})")
_SIZE = re.compile(rf"x_size ({_NUMBER})")
_CONFIDENCE = re.compile(rf"x_wconf ({_NUMBER})")
_EDGE = re.compile(r"[=|~_¦\\]+")
#: Letters of a line that may be higher than it is wide.
_SHORT = 3
#: Lines of a page; a page of small print has some 150.
_MOST_LINES = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanLine:
    """A line of a scan. Places and sizes are in dots of the picture, from its upper left corner, as if it lay level."""

    text: str
    left: float
    right: float
    #: Where the letters stand.
    baseline: float
    size: float
    #: How sure each word is, from 0 to 1.
    confidences: tuple[float, ...]
    #: By how much it sinks, a dot to the right.
    slope: float = 0.0
    #: True where it runs up or down the picture.
    is_sideways: bool = False


def parse_hocr(output: bytes) -> tuple[ScanLine, ...]:
    """Return the lines with a letter or digit in them; none where the output is not hOCR."""
    try:
        root = etree.fromstring(output, etree.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if root is None:
        return ()
    found: list[ScanLine] = []
    for element in root.iter("span"):
        if element.get("class") in _LINES and len(found) < _MOST_LINES:
            line = _line(element)
            if line is not None:
                found.append(line)
    return _levelled(found)


def _levelled(lines: list[ScanLine]) -> tuple[ScanLine, ...]:
    """Return the lines of a page that lay askew as they stand once it is level: by the slope of most of the text."""
    ranked = sorted(lines, key=lambda line: line.slope)
    half, seen, slope = sum(len(line.text) for line in lines) / 2, 0, 0.0
    for line in ranked:
        seen += len(line.text)
        if seen >= half:
            slope = line.slope
            break
    return tuple(
        replace(
            line,
            left=line.left + slope * line.baseline,
            right=line.right + slope * line.baseline,
            baseline=line.baseline - slope * line.left,
        )
        for line in lines
    )


def _line(element: Element) -> ScanLine | None:
    words = [word for word in element.iter("span") if word.get("class") == _WORD]
    texts = [(" ".join("".join(word.itertext()).split()), _confidence(word.get("title", ""))) for word in words]
    texts = _without_edges([(text, confidence) for text, confidence in texts if text])
    title = element.get("title", "")
    box, size, baseline = _BOX.search(title), _SIZE.search(title), _BASELINE.search(title)
    text = " ".join(text for text, _ in texts)
    if box is None or not any(map(str.isalnum, text)):
        return None
    left, top, right, bottom = map(float, box.groups())
    is_sideways = len(text) > _SHORT and bottom - top > right - left
    slope, offset = map(float, baseline.groups()) if baseline and not is_sideways else (0.0, 0.0)
    return ScanLine(
        text=text,
        left=left,
        right=right,
        baseline=bottom + offset,
        slope=slope,
        is_sideways=is_sideways,
        size=max(float(size[1]) if size else bottom - top, 1.0),
        # A word that holds a space is two.
        confidences=tuple(confidence for text, confidence in texts for _ in text.split()),
    )


def _without_edges(words: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the words without what the edges of boxes and columns at a line's ends are taken for."""
    while words and _EDGE.fullmatch(words[-1][0]):
        words = words[:-1]
    while words and _EDGE.fullmatch(words[0][0]):
        words = words[1:]
    return words


def _confidence(title: str) -> float:
    found = _CONFIDENCE.search(title)
    return min(max(float(found[1]) / 100, 0.0), 1.0) if found else 0.0

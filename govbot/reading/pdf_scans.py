"""Pages of a PDF that were recognised, as pages of lines like any other."""

from __future__ import annotations

import math
import re
from typing import Any

from govbot.reading.pdf_page import Line, Page

#: Share by which the size of a recognised line may miss that of its text: it is measured on a few letters.
_MISS = 0.18
#: By how much sizes of lines differ that are not of the same kind; nearer ones are taken for one.
_STEP = 1.25
#: What bullets are taken for at a line's start, and how many lines of a page must begin so, or with one.
_MISREAD_BULLET = re.compile(r"^[e¢«»+°=¤©®] (?=[^\W\d])")
_BULLETS = 2


def scanned_page(number: int, plain: dict[str, Any]) -> Page:
    """Return a page as `govbot.reading.scanner` tells of it; raise KeyError or TypeError for anything else."""
    signs = [bool(_MISREAD_BULLET.match(line["text"])) or line["text"].startswith("• ") for line in plain["lines"]]
    has_bullets = sum(signs) >= _BULLETS
    lines = [
        Line(
            text=_MISREAD_BULLET.sub("• ", line["text"], count=1) if has_bullets else line["text"],
            page=number,
            x0=line["x0"],
            x1=line["x1"],
            y=line["y"],
            size=line["size"],
            bold=False,
            confidences=tuple(line["confidences"]),
        )
        for line in plain["lines"]
    ]
    return Page(number=number, width=plain["width"], height=plain["height"], lines=lines, is_scan=True)


def even_sizes(pages: list[Page], body: float | None) -> None:
    """Give lines of scans that are about as large as most of their page's text one size, and others sizes in steps.

    That one is `body`, the size of the text that is no scan; without any, that of most lines of scans.
    """
    scans = [page for page in pages if page.is_scan and page.lines]
    common = _middle([line for page in scans for line in page.lines]) if scans else 0.0
    for page in scans:
        own = _middle(page.lines)
        usual = common if _is_near(own, common) else own
        factor = (body or common) / common if usual == common else 1.0
        for line in page.lines:
            steps = 0 if _is_near(line.size, usual) else round(math.log(line.size / usual, _STEP))
            line.size = round(usual * _STEP**steps * factor, 1)


def _is_near(size: float, usual: float) -> bool:
    return abs(size - usual) <= _MISS * usual


def _middle(lines: list[Line]) -> float:
    """Return the size that half of the characters do not exceed."""
    ranked = sorted(lines, key=lambda line: line.size)
    half, seen = sum(len(line.text) for line in ranked) / 2, 0
    for line in ranked:
        seen += len(line.text)
        if seen >= half:
            return line.size
    return 0.0


def mean_confidence(lines: list[Line]) -> float | None:
    """Return the mean confidence of the lines' words, from 0 to 1, to two places; None where none was recognised."""
    found = [confidence for line in lines for confidence in line.confidences]
    return round(sum(found) / len(found), 2) if found else None

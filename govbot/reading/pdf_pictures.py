"""Pages that are pictures: whether words are lost with them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

#: Characters under which a page has no text of its own to speak of.
FEW_CHARACTERS = 20
#: Share of the page that one picture covers when the page is a scan; maps and photographs leave a margin or a number.
_SCAN_SHARE = 0.9
#: Lines of print from which a first or last page is no cover. Measured: scanned pages have 8 to 39, slides and covers
#: up to 5.
_COVER_LINES = 6
#: Points high that a line of print may be.
_LINE_HEIGHT = range(4, 25)
#: How much darker than the paper print is, of 255, and how many such points a line has at least.
_INK, _LEAST_INK = 60, 6
_MOST_OBJECTS = 2000


def is_picture(page: PdfPage, characters: int) -> bool:
    """Return whether the page has pictures and next to no text."""
    return characters < FEW_CHARACTERS and _largest_picture(page) > 0


def holds_print(page: PdfPage, characters: int, *, is_outermost: bool) -> bool:
    """Return whether a page that is a picture is one of text, rather than a map, a photograph or a cover."""
    if characters and _largest_picture(page) < _SCAN_SHARE:
        return False
    return not is_outermost or _lines_of_print(page) >= _COVER_LINES


def _largest_picture(page: PdfPage) -> float:
    """Return the share of the page that its largest picture covers; 0 where there is none."""
    width, height = page.get_size()
    largest = 0.0
    for number, item in enumerate(page.get_objects(max_depth=3)):
        if number >= _MOST_OBJECTS:
            break
        if item.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            left, bottom, right, top = item.get_bounds()
            largest = max(largest, abs((right - left) * (top - bottom)) / max(width * height, 1))
    return largest


def _lines_of_print(page: PdfPage) -> int:
    """Return the number of runs of rows with ink that are as high as a line of print."""
    import numpy as np  # only here, and seldom

    image = page.render(scale=1, grayscale=True).to_numpy()
    rows = image.reshape(image.shape[0], -1)
    inked = (rows < np.median(rows) - _INK).sum(axis=1) >= _LEAST_INK
    return sum(has_ink and len(list(run)) in _LINE_HEIGHT for has_ink, run in groupby(inked.tolist()))

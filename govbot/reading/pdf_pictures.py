"""Pages that are pictures: whether words are lost with them."""

from __future__ import annotations

import math
from bisect import bisect_right
from ctypes import byref, c_float, create_string_buffer
from itertools import groupby, islice
from typing import TYPE_CHECKING

from govbot.reading import pdfium
from govbot.reading.pdf_page import Page
from govbot.reading.pdfium import Handle
from govbot.records import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters under which a page has no text of its own to speak of.
FEW_CHARACTERS = 20
#: Characters of running heads and stamps over a page that holds nothing else, at most.
_MOST_HEADS = 400
#: Share of such a page that its picture covers at least, and lines of print in it; maps and photographs have up to 6.
_PRINT_SHARE, _PRINT_LINES = 0.25, 12
#: Share of the page that one picture covers when the page is a scan; maps and photographs leave a margin or a number.
_SCAN_SHARE = 0.9
#: Lines of print from which a first or last page is no cover. Measured: scanned pages have 8 to 39, slides and covers
#: up to 5.
_COVER_LINES = 6
#: Points high that a line of print may be.
_LINE_HEIGHT = range(4, 25)
#: How much darker than the paper print is, of 255, and how many such points a line has at least.
_INK, _LEAST_INK = 60, 6
#: Square points of a page that is drawn: four times a poster of size A0.
_LARGEST_PAGE = 32_000_000
#: Objects of a page that are looked at, and how deep drawings within drawings are followed.
_MOST_OBJECTS, _DEPTH = 2000, 3


def unread_picture(raw: Handle, page: Page, characters: int, *, may_be_cover: bool) -> Unread | None:
    """Return the page as unread where it has pictures and next to no text: print, or a map, a photograph, a cover."""
    if characters >= FEW_CHARACTERS:
        return None
    share = _largest_picture(raw, page)
    if not share:
        return None
    is_print = not characters or share >= _SCAN_SHARE
    if is_print and (not may_be_cover or _lines_of_print(raw, page) >= _COVER_LINES):
        return Unread(reason="picture_page", page=page.number)
    return Unread(reason="picture", page=page.number, matters=False)


def may_be_print(raw: Handle, page: Page, characters: int) -> bool:
    """Return whether a page of few words has a picture: without its running heads it may be nothing else."""
    return FEW_CHARACTERS <= characters <= _MOST_HEADS and _largest_picture(raw, page) >= _PRINT_SHARE


def holds_print(document: Handle, page: Page) -> bool:
    """Return whether there is nothing left on a page that may be print, and it is: drawing it takes long."""
    if not page.may_be_print or sum(len(line.text) for line in page.lines) >= FEW_CHARACTERS:
        return False
    try:
        with pdfium.loaded_page(document, page.number) as (raw, _):
            return _lines_of_print(raw, page) >= _PRINT_LINES
    except ValueError:
        return False


def _largest_picture(raw: Handle, page: Page) -> float:
    """Return the share of the page that its largest picture covers; 0 where there is none."""
    left, bottom, right, top = (c_float() for _ in range(4))
    largest = 0.0
    for kind, item in islice(_objects(raw, 0), _MOST_OBJECTS):
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            if not pdfium.FPDFPageObj_GetBounds(item, byref(left), byref(bottom), byref(right), byref(top)):
                raise ValueError(page.number)
            area = abs((right.value - left.value) * (top.value - bottom.value))
            largest = max(largest, area / max(page.width * page.height, 1))
    return largest


def _objects(parent: Handle, level: int) -> Iterator[tuple[int, Handle]]:
    """Yield the kind of each object of a page, or of a drawing on it, with the object."""
    count, get = (
        (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        if level
        else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    )
    for index in range(count(parent)):
        item = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        yield kind, item
        if kind == pdfium.FPDF_PAGEOBJ_FORM and level < _DEPTH - 1:
            yield from _objects(item, level + 1)


def _lines_of_print(raw: Handle, page: Page) -> int:
    """Return the number of runs of rows with ink that are as high as a line of print."""
    width, height = math.ceil(page.width), math.ceil(page.height)
    dots = _drawn(raw, width, height)
    paper = (_ranked(dots, (len(dots) - 1) // 2) + _ranked(dots, len(dots) // 2)) / 2
    ink = bytes(dot < paper - _INK for dot in range(256))
    marked = dots.translate(ink)
    inked = [marked.count(1, row * width, (row + 1) * width) >= _LEAST_INK for row in range(height)]
    return sum(has_ink and len(list(run)) in _LINE_HEIGHT for has_ink, run in groupby(inked))


def _ranked(dots: bytes, place: int) -> int:
    """Return the dot that would stand at the place if the dots were sorted."""
    return bisect_right(range(256), place, key=lambda dot: len(dots) - len(dots.translate(None, bytes(range(dot))))) - 1


def _drawn(raw: Handle, width: int, height: int) -> bytes:
    """Return the page as drawn in grey on white, a byte a point, row by row; raise ValueError where it cannot be."""
    if width * height > _LARGEST_PAGE:
        raise ValueError((width, height))
    buffer = create_string_buffer(b"\xff" * (width * height), width * height)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, buffer, width)
    if not bitmap:
        raise ValueError((width, height))
    try:
        look = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, raw, 0, 0, width, height, 0, look)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return buffer.raw

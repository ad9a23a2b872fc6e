"""Pages that are pictures: whether words are lost with them."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from ctypes import byref, c_double, c_float, c_int, create_string_buffer
from itertools import groupby, islice
from typing import TYPE_CHECKING

from govbot.reading import pdfium
from govbot.reading.pdf_page import Box, Line, Page, joined_downwards
from govbot.reading.pdfium import Handle
from govbot.records import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Characters under which a page has no text of its own to speak of.
FEW_CHARACTERS = 20
#: Characters of running heads and stamps over a page that holds nothing else, at most.
_MOST_HEADS = 400
#: Share of such a page that its picture covers at least, and lines of print in it; maps and photographs have up to 6.
_PRINT_SHARE, _PRINT_LINES = 0.25, 12
#: Share of a page of text that a picture in black on white covers, and lines of print in it, from which it is told.
#: Of real ones a box of five lines covers 7%; maps, seals and signatures have up to 2.
_BESIDE_SHARE, _BESIDE_LINES = 0.05, 4
#: Pictures of a page that are looked at.
_MOST_PICTURES = 3
#: How a file names pictures that know only black and white, as print is scanned.
_BLACK_ON_WHITE = re.compile(rb"/BitsPerComponent\s*1\b|/CCITTFaxDecode|/JBIG2Decode")
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


def may_hold_print(data: bytes) -> bool:
    """Return whether a file has pictures in black on white: in others print beside text is not looked for."""
    return _BLACK_ON_WHITE.search(data) is not None


def print_beside_text(raw: Handle, page: Page, lines: Sequence[Line]) -> Unread | None:
    """Return the page as read in part where a picture on it, in black on white, holds lines of print.

    `lines` are the page's own: what a scan holds as text too is read. Pages that are turned are not looked at, nor are
    pictures within drawings.
    """
    if pdfium.FPDFPage_GetRotation(raw):
        return None
    try:
        least = _BESIDE_SHARE * page.width * page.height
        places = [place for place in joined_downwards(_black_on_white(raw, page)) if place.area >= least]
        largest = sorted(places, key=lambda place: -place.area)[:_MOST_PICTURES]
        found = any(_lines_of_print(raw, page, place, lines) >= _BESIDE_LINES for place in largest)
    except (ValueError, OverflowError):
        return None
    return Unread(reason="print_beside", page=page.number) if found else None


def _black_on_white(raw: Handle, page: Page) -> Iterator[Box]:
    """Yield where pictures that know only black and white stand on the page."""
    for index in range(min(pdfium.FPDFPage_CountObjects(raw), _MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(raw, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_IMAGE:
            told = pdfium.ImageMetadata()
            if pdfium.FPDFImageObj_GetImageMetadata(item, raw, byref(told)) and told.bits_per_pixel == 1:
                yield _place(item, page)


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
    largest = 0.0
    for kind, item in islice(_objects(raw, 0), _MOST_OBJECTS):
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            largest = max(largest, _place(item, page).area / max(page.width * page.height, 1))
    return largest


def _place(item: Handle, page: Page) -> Box:
    """Return where an object stands; raise ValueError where it stands nowhere."""
    left, bottom, right, top = (c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, byref(left), byref(bottom), byref(right), byref(top)):
        raise ValueError(page.number)
    across, along = sorted((left.value, right.value)), sorted((bottom.value, top.value))
    return Box(across[0], along[0], across[1], along[1])


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


def _lines_of_print(raw: Handle, page: Page, place: Box | None = None, lines: Sequence[Line] = ()) -> int:
    """Return the number of runs of rows with ink that are as high as a line of print.

    `place` is the part of the page that is looked at, all of it without. Rows that `lines` stand on are left out.
    """
    width, height = math.ceil(page.width), math.ceil(page.height)
    left, upper, right, lower = 0, 0, width, height
    if place is not None:
        left, upper = _on_paper(raw, page, place.left, place.top)
        right, lower = _on_paper(raw, page, place.right, place.bottom)
        left, upper, right, lower = max(left, 0), max(upper, 0), min(right, width), min(lower, height)
    wide, high = right - left, lower - upper
    if wide < 1 or high < 1:
        return 0
    dots = _drawn(raw, page, (left, upper, wide, high))
    paper = _median(dots)
    ink = bytes(dot < paper - _INK for dot in range(256))
    marked = dots.translate(ink)
    inked = [marked.count(1, row * wide, (row + 1) * wide) >= _LEAST_INK for row in range(high)]
    for line in lines:
        start, y = _on_paper(raw, page, line.x0, line.y)
        if start < right and start + (line.x1 - line.x0) > left:
            size = math.ceil(line.size)
            rows = range(max(y - size - upper, 0), min(y + size // 2 - upper, high))
            for row in rows:
                inked[row] = False
    return sum(has_ink and len(list(run)) in _LINE_HEIGHT for has_ink, run in groupby(inked))


def _on_paper(raw: Handle, page: Page, x: float, y: float) -> tuple[int, int]:
    """Return how far from the left and the upper edge of the drawn page a point of it stands."""
    across, down = c_int(), c_int()
    size = math.ceil(page.width), math.ceil(page.height)
    pdfium.FPDF_PageToDevice(raw, 0, 0, *size, 0, c_double(x), c_double(y), byref(across), byref(down))
    return across.value, down.value


def _median(dots: bytes) -> float:
    """Return the median of dots, which of most pages is white."""
    white = 255
    if dots.count(white) * 2 > len(dots):
        return white
    return (_ranked(dots, (len(dots) - 1) // 2) + _ranked(dots, len(dots) // 2)) / 2


def _ranked(dots: bytes, place: int) -> int:
    """Return the dot that would stand at the place if the dots were sorted."""
    return bisect_right(range(256), place, key=lambda dot: len(dots) - len(dots.translate(None, bytes(range(dot))))) - 1


def _drawn(raw: Handle, page: Page, window: tuple[int, int, int, int]) -> bytes:
    """Return part of the page as drawn in grey on white, a byte a point, row by row.

    `window` is its left and upper edge, width and height, in points. Raises ValueError where it cannot be drawn.
    """
    left, upper, width, height = window
    if width * height > _LARGEST_PAGE:
        raise ValueError((width, height))
    buffer = create_string_buffer(b"\xff" * (width * height), width * height)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, buffer, width)
    if not bitmap:
        raise ValueError((width, height))
    try:
        look = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        whole = math.ceil(page.width), math.ceil(page.height)
        pdfium.FPDF_RenderPageBitmap(bitmap, raw, -left, -upper, *whole, 0, look)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return buffer.raw

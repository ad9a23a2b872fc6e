"""Scans for tests: pages of a made PDF, drawn and put into another PDF as pictures."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pypdfium2 import PdfDocument

from tests.make_pdf import PdfPage, join_objects, make_pdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Dots per inch of a scanner.
RESOLUTION = 200
_POINTS = 72


class Scan(NamedTuple):
    """A picture that is a page."""

    #: Deflated dots, a byte each.
    dots: bytes
    width: int
    height: int
    #: Text that is typed over it: a running head, a stamp.
    over: PdfPage | None = None
    #: Left and lower edge, width and height in points, where it is not all of the page.
    place: tuple[float, float, float, float] | None = None
    #: 1 where its dots are black or white, eight in a byte.
    bits: int = 8


def scan(page: PdfPage, *, quarters: int = 0) -> Scan:
    """Return a page as a scanner takes it, turned by so many quarters against the clock."""
    with_picture = PdfDocument(make_pdf(page))[0].render(scale=RESOLUTION / _POINTS, grayscale=True)
    dots: NDArray[np.uint8] = np.rot90(with_picture.to_numpy(), quarters)
    return Scan(dots=zlib.compress(dots.tobytes()), width=dots.shape[1], height=dots.shape[0])


def fax(page: PdfPage) -> Scan:
    """Return the page in black on white."""
    grey = scan(page)
    dots = np.frombuffer(zlib.decompress(grey.dots), np.uint8).reshape(grey.height, grey.width)
    return grey._replace(dots=zlib.compress(np.packbits(dots > 127, axis=1).tobytes()), bits=1)


def white(width: int, height: int) -> Scan:
    """Return an empty page of so many dots."""
    packer = zlib.compressobj(9)
    row = b"\xff" * width
    packed = b"".join(packer.compress(row) for _ in range(height))
    return Scan(dots=packed + packer.flush(), width=width, height=height)


def make_scans(*pages: Scan | PdfPage) -> bytes:
    """Return a PDF of scans; pages of text stand between them as text."""
    kids = " ".join(f"{10 + 3 * index} 0 R" for index in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    for index, page in enumerate(pages):
        number = 10 + 3 * index
        width, height, content = 595, 842, ""
        if isinstance(page, Scan):
            width, height = (
                min(page.width, 14_400) * _POINTS // RESOLUTION,
                min(page.height, 14_400) * _POINTS // RESOLUTION,
            )
            typed = page.over.operators if page.over else ()
            left, bottom, wide, high = page.place or (0, 0, width, height)
            content = "\n".join([f"q {wide} 0 0 {high} {left} {bottom} cm /Im Do Q", *typed])
            entries = f"/Type/XObject/Subtype/Image/Width {page.width}/Height {page.height}/ColorSpace/DeviceGray"
            objects[number + 2] = _stream(page.dots, f"{entries}/BitsPerComponent {page.bits}/Filter/FlateDecode")
        else:
            content = "\n".join(page.operators)
        resources = f"<</Font<</F1 3 0 R/F2 3 0 R>>/XObject<</Im {number + 2} 0 R>>>>"
        box = f"/MediaBox[0 0 {width} {height}]"
        objects[number] = f"<</Type/Page/Parent 2 0 R{box}/Resources{resources}/Contents {number + 1} 0 R>>".encode()
        objects[number + 1] = _stream(content.encode("cp1252"))
    return join_objects(objects)


def _stream(body: bytes, entries: str = "") -> bytes:
    return f"<<{entries}/Length {len(body)}>>stream\n".encode() + body + b"\nendstream"

"""Comments that people left on a PDF's pages."""

from __future__ import annotations

from ctypes import c_ulong

from govbot.reading import pdfium
from govbot.reading.pdfium import Handle

#: Sticky notes, typed remarks, and marks on the text; links and fields of forms are none.
_KINDS = frozenset(
    (
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FREETEXT,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_INK,
    )
)
#: Annotations of a page that are looked at: more stand only in drawings and in hostile files.
_MOST = 2_000
#: Bytes of a string that holds nothing: the end sign of UTF-16.
_EMPTY = 2


def count_remarks(page: Handle) -> int:
    """Return how many annotations of the page hold words of a person, replies among them."""
    return sum(_holds_words(page, index) for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)))


def _holds_words(page: Handle, index: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    if not annotation:
        return False
    try:
        # A reply that only sets a state ("Accepted") says so under its own key.
        return (
            pdfium.FPDFAnnot_GetSubtype(annotation) in _KINDS
            and not pdfium.FPDFAnnot_HasKey(annotation, b"StateModel")
            and pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, c_ulong(0)) > _EMPTY
        )
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)

"""The functions of pdfium that readers call.

pypdfium2 brings the library. Its own bindings stay unused: to import them takes 50 ms of each reading's start, and a
call through them takes 0.8 µs where one of these takes 0.4.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from ctypes import PyDLL, Structure, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p, create_string_buffer
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES = {"darwin": "libpdfium.dylib", "win32": "pdfium.dll"}


class Handle(c_void_p):
    """A pointer to something of pdfium's; false where there is none."""

    __slots__ = ()


class ImageMetadata(Structure):
    """What pdfium tells of a picture."""

    _fields_ = (
        ("width", c_uint),
        ("height", c_uint),
        ("horizontal_dpi", c_float),
        ("vertical_dpi", c_float),
        ("bits_per_pixel", c_uint),
        ("colour_space", c_int),
        ("marked_content_id", c_int),
    )


def _library() -> PyDLL:
    spec = find_spec("pypdfium2_raw")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypdfium2_raw")
    # Not CDLL: to let other threads run, of which there are none, doubles the time of a short call.
    return PyDLL(f"{spec.submodule_search_locations[0]}/{_FILES.get(sys.platform, 'libpdfium.so')}")


_LIBRARY = _library()


def _function(name: str, result: Any = c_int) -> Any:  # noqa: ANN401 - ctypes has no types for functions
    """Return pdfium's function; its arguments are handles, whole numbers, bytes, buffers and what `byref` gives.

    Their types are not told: that would take as long as the call. So a size of 64 bits must be given as one of C.
    """
    function = _LIBRARY[name]
    function.restype = result
    return function


FPDF_ERR_PASSWORD = 4
FPDF_ANNOT, FPDF_GRAYSCALE, FPDFBitmap_Gray = 1, 8, 1
FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_FORM = 2, 3, 5
FPDF_SEGMENT_LINETO, FPDF_SEGMENT_BEZIERTO = 0, 1
FPDF_ANNOT_TEXT, FPDF_ANNOT_FREETEXT, FPDF_ANNOT_HIGHLIGHT, FPDF_ANNOT_UNDERLINE, FPDF_ANNOT_SQUIGGLY = 1, 3, 9, 10, 11
FPDF_ANNOT_STRIKEOUT, FPDF_ANNOT_STAMP, FPDF_ANNOT_CARET, FPDF_ANNOT_INK = 12, 13, 14, 15

FPDF_GetLastError = _function("FPDF_GetLastError", c_ulong)
FPDF_LoadMemDocument64 = _function("FPDF_LoadMemDocument64", Handle)
FPDF_CloseDocument = _function("FPDF_CloseDocument", None)
FPDF_GetPageCount = _function("FPDF_GetPageCount")
FPDF_GetMetaText = _function("FPDF_GetMetaText", c_ulong)

FPDF_LoadPage = _function("FPDF_LoadPage", Handle)
FPDF_ClosePage = _function("FPDF_ClosePage", None)
FPDF_GetPageWidthF = _function("FPDF_GetPageWidthF", c_float)
FPDFPage_GetRotation = _function("FPDFPage_GetRotation")
FPDF_PageToDevice = _function("FPDF_PageToDevice")
FPDF_GetPageHeightF = _function("FPDF_GetPageHeightF", c_float)
FPDFPage_CountObjects = _function("FPDFPage_CountObjects")
FPDFPage_GetObject = _function("FPDFPage_GetObject", Handle)
FPDFPage_GetAnnotCount = _function("FPDFPage_GetAnnotCount")
FPDFPage_GetAnnot = _function("FPDFPage_GetAnnot", Handle)
FPDFPage_CloseAnnot = _function("FPDFPage_CloseAnnot", None)
FPDFAnnot_GetSubtype = _function("FPDFAnnot_GetSubtype")
FPDFAnnot_HasKey = _function("FPDFAnnot_HasKey")
FPDFAnnot_GetStringValue = _function("FPDFAnnot_GetStringValue", c_ulong)

FPDFText_LoadPage = _function("FPDFText_LoadPage", Handle)
FPDFText_ClosePage = _function("FPDFText_ClosePage", None)
FPDFText_CountChars = _function("FPDFText_CountChars")
FPDFText_GetText = _function("FPDFText_GetText")
FPDFText_GetUnicode = _function("FPDFText_GetUnicode")
FPDFText_GetCharOrigin = _function("FPDFText_GetCharOrigin")
FPDFText_GetCharBox = _function("FPDFText_GetCharBox")
#: Gives a number: which object it is matters more often than the object.
FPDFText_GetTextObject = _function("FPDFText_GetTextObject", c_void_p)
FPDFTextObj_GetFontSize = _function("FPDFTextObj_GetFontSize")
#: Gives a number too.
FPDFTextObj_GetFont = _function("FPDFTextObj_GetFont", c_void_p)
FPDFFont_GetBaseFontName = _function("FPDFFont_GetBaseFontName", c_size_t)
FPDFFont_GetWeight = _function("FPDFFont_GetWeight")

FPDFPageObj_GetType = _function("FPDFPageObj_GetType")
FPDFPageObj_GetBounds = _function("FPDFPageObj_GetBounds")
FPDFImageObj_GetImageMetadata = _function("FPDFImageObj_GetImageMetadata")
FPDFPageObj_GetMatrix = _function("FPDFPageObj_GetMatrix")
FPDFPageObj_GetFillColor = _function("FPDFPageObj_GetFillColor")
FPDFPageObj_GetMarkedContentID = _function("FPDFPageObj_GetMarkedContentID")
FPDFPageObj_CountMarks = _function("FPDFPageObj_CountMarks")
FPDFPageObj_GetMark = _function("FPDFPageObj_GetMark", Handle)
FPDFPageObjMark_GetName = _function("FPDFPageObjMark_GetName")
FPDFFormObj_CountObjects = _function("FPDFFormObj_CountObjects")
FPDFFormObj_GetObject = _function("FPDFFormObj_GetObject", Handle)
FPDFPath_GetDrawMode = _function("FPDFPath_GetDrawMode")
FPDFPath_CountSegments = _function("FPDFPath_CountSegments")
FPDFPath_GetPathSegment = _function("FPDFPath_GetPathSegment", Handle)
FPDFPathSegment_GetType = _function("FPDFPathSegment_GetType")
FPDFPathSegment_GetPoint = _function("FPDFPathSegment_GetPoint")

FPDF_StructTree_GetForPage = _function("FPDF_StructTree_GetForPage", Handle)
FPDF_StructTree_Close = _function("FPDF_StructTree_Close", None)
FPDF_StructTree_CountChildren = _function("FPDF_StructTree_CountChildren")
FPDF_StructTree_GetChildAtIndex = _function("FPDF_StructTree_GetChildAtIndex", Handle)
FPDF_StructElement_CountChildren = _function("FPDF_StructElement_CountChildren")
FPDF_StructElement_GetChildAtIndex = _function("FPDF_StructElement_GetChildAtIndex", Handle)
FPDF_StructElement_GetChildMarkedContentID = _function("FPDF_StructElement_GetChildMarkedContentID")
FPDF_StructElement_GetType = _function("FPDF_StructElement_GetType", c_ulong)

FPDFBitmap_CreateEx = _function("FPDFBitmap_CreateEx", Handle)
FPDFBitmap_Destroy = _function("FPDFBitmap_Destroy", None)
FPDF_RenderPageBitmap = _function("FPDF_RenderPageBitmap", None)

# Does nothing where pypdfium2 has done it.
_function("FPDF_InitLibrary", None)()


@contextmanager
def loaded_page(document: Handle, number: int) -> Iterator[tuple[Handle, Handle]]:
    """Give the page and its text; raise ValueError where pdfium cannot load them."""
    page = FPDF_LoadPage(document, number - 1)
    if not page:
        raise ValueError(number)
    try:
        text_page = FPDFText_LoadPage(page)
        if not text_page:
            raise ValueError(number)
        try:
            yield page, text_page
        finally:
            FPDFText_ClosePage(text_page)
    finally:
        FPDF_ClosePage(page)


def metadata(document: Handle, key: bytes) -> str:
    """Return what the file says of itself under the key, nothing where it does not."""
    size = FPDF_GetMetaText(document, key, None, 0)
    buffer = create_string_buffer(size)
    FPDF_GetMetaText(document, key, buffer, c_ulong(size))
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")

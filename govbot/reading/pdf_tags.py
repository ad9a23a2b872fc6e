"""What a PDF's structure tags say of the marked contents of a page."""

from __future__ import annotations

from ctypes import c_ulong, create_string_buffer
from dataclasses import dataclass
from itertools import chain

from govbot.reading import pdfium
from govbot.reading.pdfium import Handle

#: Elements that are looked at after the last one that stands on the page, before the search is given up.
_PATIENCE = 64
#: Nesting that is followed; real files reach 12.
_DEPTH = 40
#: Elements of a page that are followed; real pages have some hundreds.
_ELEMENTS = 20_000
#: Where pdfium writes names of roles.
_BUFFER = create_string_buffer(128)
_SIZE = c_ulong(len(_BUFFER))
#: Names of roles that were met, as pdfium writes them.
_ROLES: dict[bytes, str] = {}
_LEVELS = {"H": 1, "H1": 1, "H2": 2, "H3": 3, "H4": 4, "H5": 5, "H6": 6}
_INLINE = frozenset(
    {"Span", "Link", "Em", "Strong", "Sub", "Reference", "Quote", "Code", "Annot", "Lbl", "LBody", "NonStruct", "Form"}
)
_GROUPS = frozenset({"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "L", "Private"})


@dataclass(slots=True)
class Tag:
    """The block-level element that a marked content belongs to."""

    #: Number of the element on its page.
    element: int
    #: Standard type: "P", "H1", "LI", "TD" and so on.
    role: str
    #: Heading level, or None.
    level: int | None = None
    #: Depth of lists around it, from 1; 0 outside lists.
    depth: int = 0
    #: Number of the list item on its page, or None.
    item: int | None = None
    #: Numbers of table, row and cell on the page, or None outside tables.
    cell: tuple[int, int, int] | None = None
    is_heading_cell: bool = False
    in_contents: bool = False


class TagReader:
    """Reads the tags of one page after the other; remembers where in the document's tree the last page ended."""

    def __init__(self) -> None:
        self._resume: dict[tuple[int, ...], int] = {}
        self._count = 0
        self._tags: dict[int, Tag] = {}

    def read(self, page: Handle) -> dict[int, Tag]:
        """Return the tag of each marked content id of the page; empty where it has none."""
        self._tags, self._count = {}, 0
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        if not tree:
            return {}
        try:
            for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                child = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
                if child:
                    self._walk(child, Tag(0, "Document"), (index,))
        finally:
            pdfium.FPDF_StructTree_Close(tree)
        return self._tags

    def _walk(self, element: Handle, parent: Tag, place: tuple[int, ...]) -> None:
        """Note the tag of what stands on this page in the element.

        A document's root lists every page's elements; searching on from the last page's end keeps the
        work linear in pages.
        """
        self._count += 1
        if len(place) > _DEPTH or self._count > _ELEMENTS:
            return
        tag = _enter(parent, _type(element), self._count)
        count = pdfium.FPDF_StructElement_CountChildren(element)
        is_long = count > _PATIENCE
        start = self._resume.get(place, 0) if is_long else 0
        found = misses = 0
        for index in chain(range(start, count), range(start)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self._walk(child, tag, (*place, index))
            else:
                content = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
                if content < 0:
                    misses += 1
                    if found and misses > _PATIENCE:
                        break
                    continue
                self._tags[content] = tag
            found, misses = found + 1, 0
            if is_long:
                self._resume[place] = index


def _type(element: Handle) -> str:
    size = pdfium.FPDF_StructElement_GetType(element, _BUFFER, _SIZE)
    raw = _BUFFER.raw[: max(min(size, len(_BUFFER)) - 2, 0)]
    role = _ROLES.get(raw)
    if role is None:
        role = _ROLES[raw] = raw.decode("utf-16-le", "replace")
    return role


def _enter(parent: Tag, role: str, number: int) -> Tag:
    """Return the tag for contents of an element `role` inside `parent`."""
    depth, item, cell, contents = parent.depth, parent.item, parent.cell, parent.in_contents
    if role in _INLINE and parent.role not in _GROUPS:
        return parent
    if role == "L":
        depth += 1
    elif role == "LI":
        item = number
    elif role == "Table":
        cell = (number, 0, 0)
    elif role == "TR" and cell is not None:
        cell = (cell[0], number, 0)
    elif role in ("TD", "TH") and cell is not None:
        cell = (cell[0], cell[1], number)
    elif role in ("TOC", "TOCI"):
        contents = True
    in_cell = cell is not None and cell[2] > 0 and role not in ("TD", "TH")
    is_heading_cell = role == "TH" or (in_cell and parent.is_heading_cell)
    return Tag(number, role, _LEVELS.get(role), depth, item, cell, is_heading_cell, contents)

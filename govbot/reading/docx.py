"""Reads Word documents."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document as open_package
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.docx_styles import Styles, tag
from govbot.reading.flow import Piece, Reading, assemble, mark_title, sensible_title, set_kind
from govbot.reading.glyphs import fold
from govbot.reading.handles import Element
from govbot.reading.parsing import parse_xml
from govbot.reading.tables import table_pieces
from govbot.records import PageTurn

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LEADERS = re.compile(r"(?:\.{4,}|\t)\s*\d{1,4}$")
#: Words in the cells of a row, on average, above which a table of few rows is a page laid out as a table.
_LAYOUT_WORDS = 60

#: Wrappers whose content is read as if they were not there.
_TRANSPARENT = frozenset(
    tag(name)
    for name in (
        "w:sdt",
        "w:sdtContent",
        "w:ins",
        "w:moveTo",
        "w:hyperlink",
        "w:smartTag",
        "w:fldSimple",
        "w:customXml",
        "w:dir",
        "w:bdo",
        "mc:AlternateContent",
        "mc:Choice",
    )
)
#: Text boxes stand inside these.
_DRAWINGS = frozenset(tag(name) for name in ("w:drawing", "w:pict", "w:object"))
_P, _TBL, _R, _T, _TC, _TR = (tag(f"w:{name}") for name in ("p", "tbl", "r", "t", "tc", "tr"))
#: A sign of a symbol font stands between words, and its letter means nothing elsewhere.
_SPACES = frozenset(tag(f"w:{name}") for name in ("tab", "cr", "ptab", "sym"))
#: What refers to a note -> what the note is in its own part.
_REFERENCES = {tag(f"w:{name}Reference"): tag(f"w:{name}") for name in ("footnote", "endnote")}
_ID = tag("w:id")
_BREAK, _NO_BREAK_HYPHEN = tag("w:br"), tag("w:noBreakHyphen")
_RENDERED = tag("w:lastRenderedPageBreak")
_TYPE, _VAL, _FIELD_TYPE = tag("w:type"), tag("w:val"), tag("w:fldCharType")
_FIELD, _INSTRUCTION = tag("w:fldChar"), tag("w:instrText")
_ALTERNATE, _CHOICE = tag("mc:AlternateContent"), tag("mc:Choice")
#: Stands for the end of a page inside a paragraph's text until the text is folded.
_PAGE_END = "\f"


def read_docx(data: bytes) -> Reading:
    """Return the Word document as blocks; raise a DocumentError where its package cannot be opened."""
    try:
        package = open_package(BytesIO(data))
        body = package.element.body
        title = sensible_title(package.core_properties.title)
        notes = _notes(package)
    except (PackageNotFoundError, zipfile.BadZipFile, EOFError) as exc:
        raise TruncatedFile(name="") from exc
    except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as exc:
        raise UnreadableFile(name="") from exc
    walk = _Walk(styles=Styles(package), rendered=body.find(f".//{_RENDERED}") is not None, notes=notes)
    walk.body(body)
    pieces = walk.pieces
    for number, piece in enumerate(pieces, start=1):
        piece.paragraph = number
    if not walk.has_pages:
        for piece in pieces:
            piece.page, piece.page_is_approximate, piece.turns = None, False, ()
    return Reading(media_type=_MEDIA_TYPE, title=mark_title(pieces, title), blocks=assemble(pieces))


def _notes(package: Any) -> dict[tuple[str, str], Element]:  # noqa: ANN401 (python-docx's)
    """Return footnotes and endnotes by what they are and their id."""
    parts = [
        relation.target_part
        for relation in package.part.rels.values()
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes"))
    ]
    return {
        (note.tag, note.get(_ID, "")): note
        for part in parts
        for note in parse_xml(part.blob).iterchildren(*_REFERENCES.values())
    }


@dataclass(slots=True)
class _Walk:
    """The body on its way to pieces."""

    styles: Styles
    #: True where Word left the page ends of its last layout in the file; only these are then counted.
    rendered: bool
    #: Notes that are not read yet.
    notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    page: int = 1
    has_pages: bool = False

    def body(self, element: Element) -> None:
        """Read paragraphs and tables, in order, through every wrapper."""
        for child in element:
            if child.tag == _P:
                self.paragraph(child)
            elif child.tag == _TBL:
                self.table(child)
            elif child.tag in _TRANSPARENT and not self.styles.is_contents(child):
                self.body(child)

    def paragraph(self, element: Element) -> None:
        """Read a paragraph, then the text boxes and notes that hang on it."""
        if self.styles.breaks_before(element) and not self.rendered:
            self._turn()
        boxes: list[Element] = []
        raw = "".join(self._text(element, boxes))
        look = self.styles.look(element)
        page, text, turns = self._page_of(raw)
        if text and not look.is_contents and not _LEADERS.search(raw.strip()):
            self._add(text, look.level, look.depth, page, turns)
        for box in boxes:
            if box.tag in _REFERENCES.values():
                self.note(box)
            else:
                self.body(box)

    def note(self, element: Element) -> None:
        """Read a footnote or endnote without its mark."""
        start = len(self.pieces)
        self.body(element)
        for piece in self.pieces[start:]:
            piece.kind, piece.level, piece.header, piece.is_note = "paragraph", None, (), True

    def table(self, element: Element) -> None:
        """Read a table's rows; one that only lays out the page becomes paragraphs."""
        rows = list(_rows(element))
        if self._is_layout(rows):
            for cell in _cells_once(rows):
                self.body(cell)
            return
        grid, places, start = [], [], len(self.pieces)
        for row in rows:
            place = self.page
            grid.append(self._grid_row(row))
            places.append(place)
        notes, self.pieces = self.pieces[start:], self.pieces[:start]
        header_rows = sum(1 for row in rows if row.find(f"{tag('w:trPr')}/{tag('w:tblHeader')}") is not None)
        _, pieces = table_pieces(grid, header_rows=header_rows or None)
        for index, piece in pieces:
            piece.page, piece.page_is_approximate = places[index], True
            self.pieces.append(piece)
        self.pieces += notes

    def _add(self, text: str, level: int | None, depth: int | None, page: int, turns: tuple[PageTurn, ...]) -> None:
        piece = Piece(kind="paragraph", text=text, page=page, page_is_approximate=True, turns=turns)
        set_kind(piece, level=level, depth=depth)
        self.pieces.append(piece)

    def _page_of(self, raw: str) -> tuple[int, str, tuple[PageTurn, ...]]:
        """Return the page on which the text starts, the text, and the pages that it runs on to."""
        text, turns, start = "", [], None
        for index, part in enumerate(raw.split(_PAGE_END)):
            if index:
                self._turn()
            part = f"{' ' if part[:1].isspace() and text else ''}{fold(part)}{' ' if part[-1:].isspace() else ''}"
            if not part.strip():
                continue
            if start is None:
                start = self.page
                part = part.lstrip()
            elif self.page != start:
                turns.append(PageTurn(offset=len(text), page=self.page))
            text += part
        return start or self.page, fold(text), tuple(turns)

    def _turn(self) -> None:
        self.page += 1
        self.has_pages = True

    def _text(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        """Yield the text of a paragraph, with marks where a page ends; collect its text boxes and notes."""
        for child in element:
            if child.tag == _T:
                yield child.text or ""
            elif child.tag in _SPACES:
                yield "\t"
            elif child.tag == _NO_BREAK_HYPHEN:
                yield "-"
            elif child.tag == _BREAK:
                yield self._break(child)
            elif child.tag == _RENDERED:
                yield _PAGE_END if self.rendered else ""
            elif child.tag in _DRAWINGS:
                boxes += _boxes(child)
            elif child.tag in _REFERENCES:
                note = self.notes.pop((_REFERENCES[child.tag], child.get(_ID, "")), None)
                boxes += [] if note is None else [note]
            elif child.tag == _R or child.tag in _TRANSPARENT:
                yield from self._text(child, boxes)

    def _break(self, element: Element) -> str:
        return _PAGE_END if element.get(_TYPE) == "page" and not self.rendered else "\n"

    def _grid_row(self, row: Element) -> list[str]:
        """Return the row's cells on the table's grid: a merged cell once, then empty places."""
        places: list[str] = [""] * _span(row, "w:trPr/w:gridBefore")
        for cell in _row_cells(row):
            merged = cell.find(f"{tag('w:tcPr')}/{tag('w:vMerge')}")
            goes_on = merged is not None and merged.get(_VAL, "continue") == "continue"
            text = self._cell_text(cell)
            places += ["" if goes_on else text] + [""] * (max(_span(cell, "w:tcPr/w:gridSpan"), 1) - 1)
        return places

    def _cell_text(self, cell: Element) -> str:
        """Return everything in a cell, tables in it included, as one text; its notes stand after the table."""
        inner = _Walk(styles=self.styles, rendered=self.rendered, page=self.page, notes=self.notes)
        inner.body(cell)
        self.page, self.has_pages = inner.page, self.has_pages or inner.has_pages
        self.pieces += [piece for piece in inner.pieces if piece.is_note]
        return " ".join(piece.text.replace("\t", " ") for piece in inner.pieces if not piece.is_note)

    def _is_layout(self, rows: list[Element]) -> bool:
        """Return whether a table only lays out the page: one column, one row, or pages of text in few cells."""
        widths = [len(list(_row_cells(row))) for row in rows]
        if len(rows) < 2 or max(widths, default=0) < 2:
            return True
        cells = list(_cells_once(rows))
        paragraphs = sum(1 for cell in cells for _ in cell.iter(_P))
        words = sum(len((node.text or "").split()) for cell in cells for node in cell.iter(_T))
        return len(rows) <= 3 and words / len(cells) > _LAYOUT_WORDS and paragraphs / len(cells) > 3


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == _TR:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _rows(child)


def _row_cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _row_cells(child)


def _cells_once(rows: list[Element]) -> Iterator[Element]:
    for row in rows:
        yield from _row_cells(row)


def _span(element: Element, path: str) -> int:
    found = element.find("/".join(tag(step) for step in path.split("/")))
    value = found.get(_VAL, "") if found is not None else ""
    return min(int(value), 64) if value.isdigit() else 0


def _boxes(drawing: Element) -> Iterator[Element]:
    """Yield the contents of text boxes; Word writes each twice, the second time for old programs."""
    for content in drawing.iter(tag("w:txbxContent")):
        if not any(above.tag == tag("mc:Fallback") for above in content.iterancestors()):
            yield content

"""Reads Word documents."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from docx import Document as open_package
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.docx_parts import (
    REFERENCES,
    Parts,
    alternative_of,
    boxes_of,
    is_placeholder,
    lists_the_text,
    open_parts,
    sign_of,
)
from govbot.reading.docx_styles import tag
from govbot.reading.flow import (
    Piece,
    Reading,
    assemble,
    counted,
    entry_of,
    head_by_bold,
    mark_title,
    remarks,
    sensible_title,
    set_box,
    set_kind,
    show_numbers,
    without_entries,
)
from govbot.reading.glyphs import fold
from govbot.reading.handles import Element
from govbot.reading.tables import cell_of, table_pieces
from govbot.records import PageTurn

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LEADERS = re.compile(r"\.{4,}\s*\d{1,4}$")
#: Words in the cells of a row, on average, above which a table of few rows is a page laid out as a table.
_LAYOUT_WORDS = 60

#: Wrappers whose content is read as if they were not there.
_TRANSPARENT = frozenset(
    tag(name)
    for name in (
        "w:sdtContent",
        "w:ins",
        "w:moveTo",
        "w:hyperlink",
        "w:smartTag",
        "w:customXml",
        "w:dir",
        "w:bdo",
        "w:ruby",
        "w:rubyBase",
        "m:oMathPara",
    )
)
_CONTROL, _ALTERNATIVES, _FIELD = tag("w:sdt"), tag("mc:AlternateContent"), tag("w:fldSimple")
_DRAWINGS = frozenset(tag(name) for name in ("w:drawing", "w:pict", "w:object"))
#: Files that Word puts in when it opens the document.
_INSERTED = frozenset((tag("w:altChunk"), tag("w:subDoc")))
_P, _TBL, _R, _T, _TC, _TR = (tag(f"w:{name}") for name in ("p", "tbl", "r", "t", "tc", "tr"))
_SPACES = frozenset(tag(f"w:{name}") for name in ("tab", "cr", "ptab"))
_FORMULA, _FORMULA_TEXT = tag("m:oMath"), tag("m:t")
_BREAK, _NO_BREAK_HYPHEN, _SYMBOL = tag("w:br"), tag("w:noBreakHyphen"), tag("w:sym")
_RENDERED = tag("w:lastRenderedPageBreak")
_TYPE, _VAL = tag("w:type"), tag("w:val")
#: Stands for the end of a page inside a paragraph's text until the text is folded.
_PAGE_END = "\f"


def read_docx(data: bytes) -> Reading:
    """Return the Word document as blocks; raise a DocumentError where its package cannot be opened."""
    try:
        package = open_package(BytesIO(data))
        body = package.element.body
        title = sensible_title(package.core_properties.title)
        parts = open_parts(package)
    except (PackageNotFoundError, zipfile.BadZipFile, EOFError) as exc:
        raise TruncatedFile(name="") from exc
    except (KeyError, ValueError, TypeError, AttributeError, etree.XMLSyntaxError) as exc:
        raise UnreadableFile(name="") from exc
    walk = _Walk(parts=parts, rendered=body.find(f".//{_RENDERED}") is not None)
    walk.story(body)
    pieces = without_entries(walk.pieces)
    for number, piece in enumerate(pieces, start=1):
        piece.paragraph = number
    if not walk.has_pages:
        for piece in pieces:
            piece.page, piece.page_is_approximate, piece.turns = None, False, ()
    title = mark_title(pieces, title)
    show_numbers(pieces)
    head_by_bold(pieces)
    pictures = counted(parts.pictures, "large picture", reason="pictures")
    unread = (*parts.unread, *pictures, *remarks(parts.remarks))
    return Reading(media_type=_MEDIA_TYPE, title=title, blocks=assemble(pieces), unread=unread)


@dataclass(slots=True)
class _Open:
    """A paragraph whose end a tracked change took away: it goes on in the next."""

    element: Element
    text: str
    asides: list[Element]


@dataclass(slots=True)
class _Walk:
    """The body on its way to pieces."""

    parts: Parts
    #: True where Word left the page ends of its last layout in the file; only these are then counted.
    rendered: bool
    pieces: list[Piece] = field(default_factory=list)
    page: int = 1
    has_pages: bool = False
    open: _Open | None = None
    #: Text boxes so far.
    boxes: int = 0

    def story(self, element: Element) -> None:
        """Read a whole text: the body, a cell, a text box, a note."""
        self._body(element)
        self._close()

    def _body(self, element: Element) -> None:
        """Read paragraphs and tables, in order, through every wrapper."""
        for child in element:
            if child.tag == _P:
                self.paragraph(child)
            elif child.tag == _TBL:
                self._close()
                self.table(child)
            elif child.tag == _CONTROL:
                if not self.parts.styles.is_contents(child) and not is_placeholder(child):
                    self._body(child)
            elif child.tag == _ALTERNATIVES:
                self._body(alternative_of(child))
            elif child.tag in _INSERTED:
                self.parts.miss("inserted file", reason="inserted_file", matters=True)
            elif child.tag in _TRANSPARENT:
                self._body(child)

    def paragraph(self, element: Element) -> None:
        """Read a paragraph, then the drawings and notes that hang on it."""
        styles = self.parts.styles
        if styles.breaks_before(element) and not self.rendered:
            self._turn()
        before, self.open = self.open, None
        asides = [] if before is None else before.asides
        raw = "" if before is None else before.text
        raw += "".join(self._text(element, asides, bool(styles.hides(element))))
        if styles.runs_on(element):
            self.open = _Open(element, raw, asides)
        else:
            self._finish(element, raw, asides)

    def _close(self) -> None:
        """Finish a paragraph that has no next one to go on in."""
        if self.open is not None:
            last, self.open = self.open, None
            if fold(last.text) or last.asides:
                self._finish(last.element, last.text, last.asides)

    def _finish(self, element: Element, raw: str, asides: list[Element]) -> None:
        page, text, turns = self._page_of(raw)
        look, numbering = self.parts.styles.look(element), self.parts.styles.numbering(element)
        is_counted = numbering is not None and (text or not self.parts.styles.ends_hidden(element))
        number = self.parts.numbers.step(numbering) if numbering is not None and is_counted else ""
        if text and not look.is_contents and not _LEADERS.search(raw.strip()):
            piece = Piece(kind="paragraph", text=text, page=page, page_is_approximate=True, turns=turns, number=number)
            set_kind(piece, level=look.level, depth=look.depth)
            piece.entry = entry_of(raw)
            piece.is_bold = self.parts.styles.is_bold(element)
            self.pieces.append(piece)
        for aside in asides:
            if aside.tag in REFERENCES.values():
                self.note(aside)
            else:
                self.drawing(aside)

    def drawing(self, element: Element) -> None:
        """Read the text boxes in a drawing, or else what it says without them."""
        boxes = list(boxes_of(element))
        for box in boxes:
            start = len(self.pieces)
            self.story(box)
            self.boxes += 1
            set_box(self.pieces[start:], self.boxes)
        for piece in self.parts.pictured(element) if not boxes else ():
            piece.page, piece.page_is_approximate = self.page, True
            self.pieces.append(piece)

    def note(self, element: Element) -> None:
        """Read a footnote or endnote without its mark."""
        start = len(self.pieces)
        self.story(element)
        for piece in self.pieces[start:]:
            piece.kind, piece.level, piece.header, piece.is_note = "paragraph", None, (), True

    def table(self, element: Element) -> None:
        """Read a table's rows; one that only lays out the page becomes paragraphs."""
        rows = list(_rows(element))
        if self._is_layout(rows):
            for cell in _cells_once(rows):
                if not _is_unfilled(cell):
                    self.story(cell)
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

    def _text(self, element: Element, asides: list[Element], is_hidden: bool) -> Iterator[str]:
        """Yield the text of a paragraph, with marks where a page ends; collect its drawings and notes."""
        for child in element:
            if child.tag == _R:
                own = self.parts.styles.hides(child)
                if not (is_hidden if own is None else own):
                    yield from self._text(child, asides, False)
            elif child.tag == _CONTROL:
                if not is_placeholder(child):
                    yield from self._text(child, asides, is_hidden)
            elif child.tag == _ALTERNATIVES:
                yield from self._text(alternative_of(child), asides, is_hidden)
            elif child.tag in _TRANSPARENT or child.tag == _FIELD and not lists_the_text(child):
                yield from self._text(child, asides, is_hidden)
            elif child.tag in _DRAWINGS:
                asides.append(child)
            elif child.tag in REFERENCES:
                note = self.parts.notes.pop((REFERENCES[child.tag], child.get(tag("w:id"), "")), None)
                asides += [] if note is None else [note]
            else:
                yield self._sign(child)

    def _sign(self, element: Element) -> str:
        """Return the letters that an element of a run stands for."""
        if element.tag == _T:
            return "" if element in self.parts.generated else element.text or ""
        if element.tag in _SPACES:
            return "\t"
        if element.tag == _NO_BREAK_HYPHEN:
            return "-"
        if element.tag == _SYMBOL:
            return sign_of(element)
        if element.tag == _BREAK:
            return self._break(element)
        if element.tag == _RENDERED:
            return _PAGE_END if self.rendered else ""
        return "".join(node.text or "" for node in element.iter(_FORMULA_TEXT)) if element.tag == _FORMULA else ""

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
        """Return everything in a cell, tables in it included, a line a paragraph; its notes stand after the table."""
        if _is_unfilled(cell):
            return ""
        inner = _Walk(parts=self.parts, rendered=self.rendered, page=self.page)
        inner.story(cell)
        self.page, self.has_pages = inner.page, self.has_pages or inner.has_pages
        self.pieces += [piece for piece in inner.pieces if piece.is_note]
        return cell_of(piece.text for piece in inner.pieces if not piece.is_note)

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
    """Yield the rows that no tracked change takes away."""
    for child in table:
        if child.tag == _TR:
            if child.find(f"{tag('w:trPr')}/{tag('w:del')}") is None:
                yield child
        elif child.tag in _TRANSPARENT or child.tag == _CONTROL:
            yield from _rows(child)


def _row_cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == _TC:
            if child.find(f"{tag('w:tcPr')}/{tag('w:cellDel')}") is None:
                yield child
        elif child.tag in _TRANSPARENT or child.tag == _CONTROL:
            yield from _row_cells(child)


def _is_unfilled(cell: Element) -> bool:
    """Return whether a content control around the cell, or around its row, waits to be filled in."""
    return any(is_placeholder(above) for above in cell.iterancestors(_CONTROL))


def _cells_once(rows: list[Element]) -> Iterator[Element]:
    for row in rows:
        yield from _row_cells(row)


def _span(element: Element, path: str) -> int:
    found = element.find("/".join(tag(step) for step in path.split("/")))
    value = found.get(_VAL, "") if found is not None else ""
    return min(int(value), 64) if value.isdigit() else 0

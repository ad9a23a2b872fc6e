"""Reads OpenDocument text (.odt), as LibreOffice and Word write it."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from lxml import etree

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.drawn import alternative
from govbot.reading.flow import (
    Piece,
    Reading,
    assemble,
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
from govbot.reading.odt_numbers import Numbers
from govbot.reading.odt_styles import Styles, number, tag, tags
from govbot.reading.parsing import parse_xml
from govbot.reading.tables import cell_of, table_pieces
from govbot.records import PageTurn, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govbot.reading.handles import Element

_MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_PARAGRAPH, _HEADING, _SPAN, _NOTE, _NOTE_BODY = tags("text:p text:h text:span text:note text:note-body")
_LIST, _NUMBERED, *_ = _LIST_PARTS = tags("text:list text:numbered-paragraph text:list-item text:list-header")
_PAGE_MARK, _HIDING = tags("text:soft-page-break text:hidden-paragraph")
_TABLE, _ROW, _CELL, _COVERED = tags("table:table table:table-row table:table-cell table:covered-table-cell")
_HEADER_ROWS, *_ROW_GROUPS = tags("table:table-header-rows table:table-rows table:table-row-group")
_DRAWING, _IMAGE, _DESCRIPTIONS = tag("draw:"), tag("draw:image"), tags("svg:title svg:desc")
#: Charts, sheets and formulas, which are documents of their own.
_OBJECTS = frozenset(tags("draw:object draw:object-ole draw:plugin draw:applet draw:floating-frame"))
_SPACES = {tag("text:s"): " ", tag("text:tab"): "\t", tag("text:line-break"): "\n"}
#: What is no part of the text as it is shown: lists made of the text, deleted words, remarks, how a word is said;
#: and numbers, which are computed anew.
_LEFT_OUT = frozenset(
    tags(
        "text:table-of-content text:illustration-index text:table-index text:object-index text:user-index "
        "text:alphabetical-index text:bibliography text:tracked-changes text:number text:ruby-text text:script "
        "office:annotation office:forms"
    )
)
_REMARK = tag("office:annotation")
_STYLE_NAME, _TABLE_STYLE = tag("text:style-name"), tag("table:style-name")
_IS_HIDDEN, _DISPLAY = tag("text:is-hidden"), tag("text:display")
_BEFORE, _AFTER, _MASTER = tags("fo:break-before fo:break-after style:master-page-name")

_LEADERS = re.compile(r"\.{4,}\s*\d{1,4}$")
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt)$")
_CENTIMETRES = {"cm": 1, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
#: Width and height, in centimetres, from which a picture fills a page of A4 but for its margins.
_PAGE_PICTURE = (14.0, 20.0)
#: Rows of a table that only lays out a page, at most, and words and paragraphs of its filled cells, on average.
_LAYOUT_ROWS, _LAYOUT_WORDS, _LAYOUT_PARAGRAPHS = 3, 60, 3
#: Columns of a row up to which repeated cells are written out.
_MOST_COLUMNS = 64
#: Stands for the end of a page inside a paragraph's text until the text is folded; XML cannot hold it.
_PAGE_END = "\f"

#: How a page's end is told: by a mark of the last layout, or by the style of what follows or comes before it.
_End = Literal["", "marked", "before", "after"]
#: The pieces of a cell; none where it is empty or covered by another.
_Cell = list[Piece]


def read_odt(data: bytes) -> Reading:
    """Return the OpenDocument text as blocks; raise a DocumentError where its package cannot be opened."""
    parts = _open(data)
    body = parts.content.find(f"{tag('office:body')}/{tag('office:text')}")
    if body is None:
        raise UnreadableFile(name="")
    walk = _Walk(styles=Styles(parts.content, parts.styles), numbers=Numbers(parts.styles, parts.content))
    walk.body(body)
    pieces = without_entries(walk.pieces)
    for place, piece in enumerate(pieces, start=1):
        piece.paragraph = place
        if not walk.has_pages:
            piece.page, piece.page_is_approximate, piece.turns = None, False, ()
    title = mark_title(pieces, sensible_title(parts.meta.findtext(f".//{tag('dc:title')}")))
    show_numbers(pieces)
    head_by_bold(pieces)
    return Reading(
        media_type=_MEDIA_TYPE,
        title=title,
        blocks=assemble(pieces),
        unread=(*walk.unread, *remarks(sum(1 for _ in body.iter(_REMARK)))),
    )


class _Parts(NamedTuple):
    """The roots of the package's parts that are read."""

    content: Element
    #: These two hold nothing where the package has none.
    styles: Element
    meta: Element


def _open(data: bytes) -> _Parts:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            others = [name if name in package.namelist() else None for name in ("styles.xml", "meta.xml")]
            return _Parts(*(parse_xml(package.read(name) if name else b"<none/>") for name in ("content.xml", *others)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, struct.error) as exc:
        raise TruncatedFile(name="") from exc
    except (etree.XMLSyntaxError, ValueError, LookupError, NotImplementedError, RuntimeError) as exc:
        raise UnreadableFile(name="") from exc


@dataclass(slots=True)
class _Walk:
    """The body on its way to pieces."""

    styles: Styles
    numbers: Numbers
    pieces: list[Piece] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    page: int = 1
    has_pages: bool = False
    #: True once anything was met: a break before that starts the first page.
    started: bool = False
    #: The kind of page end after which nothing was met yet: programs may mark one page end in both ways.
    turned: _End = ""
    #: Drawings with text so far.
    boxes: int = 0

    def body(self, element: Element, depth: int | None = None) -> None:
        """Read paragraphs, lists, tables and drawings, in order, through every wrapper."""
        for child in element.iterchildren(tag=etree.Element):
            if child.tag in (_PARAGRAPH, _HEADING):
                self.paragraph(child, depth)
            elif child.tag == _TABLE:
                self.table(child)
            elif child.tag in _LIST_PARTS:
                self.list_part(child, depth)
            elif child.tag == _PAGE_MARK:
                self._turn("marked")
            elif child.tag.startswith(_DRAWING):
                self.drawing(child)
            elif child.tag in _LEFT_OUT:
                self._pass_over(child)
            elif not _is_hidden(child):
                self.body(child, depth)

    def list_part(self, element: Element, depth: int | None) -> None:
        """Read a list, an item or the head of one, or a paragraph that is an item by itself."""
        if element.tag == _LIST:
            self.numbers.enter(element)
            self.body(element, 0 if depth is None else depth + 1)
            self.numbers.leave()
        elif element.tag == _NUMBERED:
            self.body(element, max(number(element.get(tag("text:level")), 1) - 1, 0))
        else:
            self.numbers.item(element)
            self.body(element, depth)

    def _pass_over(self, element: Element) -> None:
        """Count the pages of what is left out."""
        for _ in element.iter(_PAGE_MARK):
            self._turn("marked")
        self.turned = ""

    def paragraph(self, element: Element, depth: int | None) -> None:
        """Read a paragraph, then the notes, text boxes and pictures that hang on it."""
        name = element.get(_STYLE_NAME)
        self._break_before("paragraph", name)
        asides: list[Element] = []
        is_hidden = self.styles.value("paragraph", name, _DISPLAY) == "none" or _hides_itself(element)
        counted = self._number(element, is_listed=depth is not None, is_hidden=is_hidden)
        raw = "".join(self._text(element, asides, is_hidden))
        piece = self._piece(raw)
        if piece.text and not self.styles.look(name).is_contents and not _LEADERS.search(raw.strip()):
            piece.entry, piece.number, piece.is_bold = entry_of(raw), counted, self.styles.is_bold(element)
            self._add(piece, self._level(element), depth)
        for aside in asides:
            self.turned = ""
            if aside.tag == _NOTE:
                self.note(aside)
            else:
                self.drawing(aside)
        self._break_after("paragraph", name)

    def _number(self, element: Element, *, is_listed: bool, is_hidden: bool) -> str:
        """Return the number that the program shows before the paragraph; "" for none."""
        if is_listed:
            return self.numbers.listed(is_hidden=is_hidden)
        if is_hidden or element.tag != _HEADING or not self.styles.is_in_outline(element.get(_STYLE_NAME)):
            return ""
        return self.numbers.heading(element, number(element.get(tag("text:outline-level")), 1))

    def note(self, element: Element) -> None:
        """Read a footnote or endnote without its mark."""
        start = len(self.pieces)
        with self.numbers.apart():
            for part in element.iterchildren(_NOTE_BODY):
                self.body(part)
        for piece in self.pieces[start:]:
            piece.kind, piece.level, piece.header, piece.is_note = "paragraph", None, (), True
            piece.text = piece.text.replace("\t", " ")

    def drawing(self, element: Element) -> None:
        """Read the text in a drawing, or else what describes it."""
        start = len(self.pieces)
        with self.numbers.apart():
            self.body(element)
        self.boxes += 1
        set_box(self.pieces[start:], self.boxes)
        if len(self.pieces) == start:
            described = (alternative("".join(child.itertext())) for child in element.iterchildren(*_DESCRIPTIONS))
            for text in dict.fromkeys(filter(None, described)):
                self._add(self._piece(text), None, None)
        inside = {child.tag for child in element}
        name = element.get(tag("draw:name")) or "picture"
        if inside & _OBJECTS:
            self.unread.append(Unread(reason="object", part=name, matters=False))
        elif _IMAGE in inside and _fills_page(element):
            self.unread.append(Unread(reason="picture", part=name, matters=False))

    def table(self, element: Element) -> None:
        """Read a table's rows, each with the notes in it after it; one that only lays out the page as paragraphs."""
        name = element.get(_TABLE_STYLE)
        self._break_before("table", name)
        rows, headers = [], 0
        for child in _rows(element):
            if child.tag == _ROW:
                headers += child.getparent().tag == _HEADER_ROWS
                rows.append(self._row(child))
            else:
                self._turn("marked")
        self._break_after("table", name)
        if _is_layout(rows):
            self.pieces += [piece for row in rows for cell in row for piece in cell]
            return
        _, found = table_pieces([[_joined(cell) for cell in row] for row in rows], header_rows=headers or None)
        for index, piece in found:
            first = next(piece for cell in rows[index] for piece in cell)
            piece.page, piece.page_is_approximate = first.page, True
        found += [(index, piece) for index, row in enumerate(rows) for cell in row for piece in cell if piece.is_note]
        self.pieces += [piece for _, piece in sorted(found, key=itemgetter(0))]

    def _row(self, row: Element) -> list[_Cell]:
        """Return the row's cells on the table's grid: a merged or repeated cell once, then empty places."""
        outer, start, end = self.pieces, self.page, self.page
        cells: list[_Cell] = []
        for cell in row.iterchildren(_CELL, _COVERED):
            self.pieces, self.page = [], start
            if cell.tag == _CELL:
                with self.numbers.apart():
                    self.body(cell)
            end = max(end, self.page)
            cells.append(self.pieces)
            repeated = number(cell.get(tag("table:number-columns-repeated")), 1)
            cells += [[] for _ in range(min(repeated - 1, _MOST_COLUMNS - len(cells)))]
        self.pieces, self.page = outer, end
        return cells

    def _add(self, piece: Piece, level: int | None, depth: int | None) -> None:
        set_kind(piece, level=level, depth=depth)
        self.pieces.append(piece)

    def _level(self, element: Element) -> int | None:
        named = self.styles.look(element.get(_STYLE_NAME)).level
        if element.tag == _PARAGRAPH or named == 0:
            return named
        return min(number(element.get(tag("text:outline-level")), 0), 6) or named or 1

    def _piece(self, raw: str) -> Piece:
        """Return the text as a paragraph in its place, with the pages that it runs on to."""
        piece = Piece(kind="paragraph", text="", page=self.page, page_is_approximate=True)
        turns, gap, page = [], "", self.page
        for index, part in enumerate(raw.split(_PAGE_END)):
            if index:
                self._turn("marked")
            text = fold(part)
            gap = " " if gap or part[:1].isspace() else ""
            if not text:
                continue
            self.turned = ""
            if not piece.text:
                piece.page, gap = self.page, ""
            elif self.page != page:
                turns.append(PageTurn(offset=len(piece.text + gap), page=self.page))
            piece.text, page = piece.text + gap + text, self.page
            gap = " " if part[-1:].isspace() else ""
        piece.turns = tuple(turns)
        return piece

    def _turn(self, kind: _End) -> None:
        if self.turned not in ("", kind):
            self.turned = ""
            return
        if self.started:
            self.page += 1
            self.has_pages = True
            self.turned = kind

    def _break_before(self, family: str, name: str | None) -> None:
        """Turn the page where the style says so, or changes the page's layout."""
        value = self.styles.value(family, name, _BEFORE)
        if value.endswith("page") or self.styles.value(family, name, _MASTER):
            self._turn("before")
        self.started = True

    def _break_after(self, family: str, name: str | None) -> None:
        if self.styles.value(family, name, _AFTER).endswith("page"):
            self.turned = ""
            self._turn("after")

    def _text(self, element: Element, asides: list[Element], is_hidden: bool) -> Iterator[str]:
        """Yield the text of a paragraph, with marks where a page ends; collect what hangs on it."""
        yield "" if is_hidden else element.text or ""
        for child in element:
            yield from self._inline(child, asides, is_hidden)
            yield "" if is_hidden else child.tail or ""

    def _inline(self, child: Element, asides: list[Element], is_hidden: bool) -> Iterator[str]:
        if child.tag in _SPACES:
            yield _SPACES[child.tag]
        elif child.tag == _PAGE_MARK:
            yield _PAGE_END
        elif child.tag == _NOTE or str(child.tag).startswith(_DRAWING):
            asides += [] if is_hidden else [child]
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and not _is_hidden(child):
            shown = self.styles.value("text", child.get(_STYLE_NAME), _DISPLAY) if child.tag == _SPAN else ""
            yield from self._text(child, asides, shown == "none" if shown else is_hidden)


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows, and the marks of page ends between them."""
    for child in table.iterchildren(tag=etree.Element):
        if child.tag in (_ROW, _PAGE_MARK):
            yield child
        elif child.tag == _HEADER_ROWS or child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _joined(cell: _Cell) -> str:
    return cell_of(piece.text for piece in cell if not piece.is_note)


def _is_layout(rows: list[list[_Cell]]) -> bool:
    """Return whether a table only lays out the page: one column, one row, or pages of text in few cells."""
    filled = [[cell for cell in row if _joined(cell)] for row in rows]
    if len(rows) < 2 or max(map(len, filled)) < 2:
        return True
    cells = [cell for row in filled for cell in row]
    words = sum(len(_joined(cell).split()) for cell in cells) / len(cells)
    return (
        len(rows) <= _LAYOUT_ROWS and words > _LAYOUT_WORDS and sum(map(len, cells)) / len(cells) > _LAYOUT_PARAGRAPHS
    )


def _is_hidden(element: Element) -> bool:
    return bool(element.get(_IS_HIDDEN) == "true" or element.get(_DISPLAY) == "none")


def _hides_itself(paragraph: Element) -> bool:
    """Return whether a field in the paragraph hides it."""
    return any(
        _is_hidden(mark) and next(mark.iterancestors(_PARAGRAPH, _HEADING)) is paragraph
        for mark in paragraph.iter(_HIDING)
    )


def _fills_page(frame: Element) -> bool:
    sizes = [_LENGTH.match(frame.get(tag(f"svg:{side}")) or "") for side in ("width", "height")]
    return all(
        size and float(size[1]) * _CENTIMETRES[size[2]] >= least
        for size, least in zip(sizes, _PAGE_PICTURE, strict=True)
    )

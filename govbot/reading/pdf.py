"""Reads PDFs through pdfium."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from ctypes import c_size_t
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from govbot.errors import PasswordProtected, TruncatedFile, UnreadableFile
from govbot.reading import pdfium
from govbot.reading.copying import both
from govbot.reading.flow import Piece, Reading, assemble, mark_title, remarks, sensible_title
from govbot.reading.glyphs import Vocabulary, fold, unmapped_ligatures
from govbot.reading.pdf_furniture import body_size, strip_furniture
from govbot.reading.pdf_headings import heading_levels, numbering_depth
from govbot.reading.pdf_layout import Chunk, Layout
from govbot.reading.pdf_order import in_reading_order
from govbot.reading.pdf_page import Glyphs, Page
from govbot.reading.pdf_pictures import holds_print, may_be_print, may_hold_print, print_beside_text, unread_picture
from govbot.reading.pdf_remarks import count_remarks
from govbot.reading.pdf_rules import ruled_tables
from govbot.reading.pdf_scans import even_sizes, mean_confidence, scanned_page
from govbot.reading.pdf_tables import Table, pdf_table_pieces, tagged_tables
from govbot.reading.pdf_tags import TagReader
from govbot.reading.pdfium import Handle
from govbot.records import BlockKind, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Words of a first page that is a cover: its headings head nothing.
_COVER_WORDS = 120
_MEDIA_TYPE = "application/pdf"
#: Pages from which it pays to read in two processes: to copy a process takes as long as to read some three pages. With
#: 10 in place of 16 a file of 15 dense pages takes .097 s in place of .124 (tests/bench/pdf.py, two cores).
_LONG = 10
#: Of so many pages in a row the copy reads these: a right one and a left one, for one kind may be heavier. The first
#: and the last page are not among them: it has less to read, for it has to hand over what it finds.
_TURNS, _COPYS_TURNS = 4, (1, 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What was found on a page, as the copy hands it over."""

    #: Of the page, from 1.
    number: int
    #: None where it is broken.
    page: Page | None = None
    #: Those whose lines are no longer the page's.
    tables: list[Table] = field(default_factory=list)
    #: What of it could not be read.
    unread: Unread | None = None


def read_pdf(
    data: bytes, scans: Mapping[int, dict[str, Any]] = MappingProxyType({}), *, in_two: bool = False
) -> Reading:
    """Return the PDF as blocks; raise a DocumentError where pdfium cannot open it.

    `scans` is what was recognised of pages that are pictures, as `scanned_page` takes it. With `in_two` a copy of this
    process, which must have no other thread, reads half of the pages of a long file.
    """
    with _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        has_print = may_hold_print(data)
        first, second = (_PageReader(document, scans, has_print=has_print) for _ in range(2))
        pages, tables, unread = _read_pages(first, second, count, in_two=in_two and count >= _LONG)
        named = sensible_title(pdfium.metadata(document, b"Title"))
        _mend_ligatures(pages, tables)
        strip_furniture(pages)
        wholly = [page.number for page in pages if holds_print(document, page)]
        unread = [item for item in unread if item.page not in wholly]
        unread += [Unread(reason="picture_page", page=number) for number in wholly]
    if not pages:
        raise UnreadableFile(name="")
    unread.sort(key=lambda item: item.page or 0)
    for page in pages:
        # Of scans the order was made out with them.
        page.lines = page.lines if page.is_scan else in_reading_order(page.lines)
    body = body_size(pages)
    layout = Layout(pages, body)
    chunks, slots = _flow(pages, tables, layout)
    pieces = _pieces(chunks, slots, body, layout.vocabulary)
    title = mark_title(pieces, named or _largest(chunks, body))
    _unseat_cover(pieces)
    return Reading(
        media_type=_MEDIA_TYPE,
        blocks=assemble(pieces),
        title=title,
        pages=count,
        unread=(*unread, *remarks(sum(page.remarks for page in pages))),
    )


@contextmanager
def _opened(data: bytes) -> Iterator[Handle]:
    """Give the document, which has a page or more; raise a DocumentError where there is none."""
    document = pdfium.FPDF_LoadMemDocument64(data, c_size_t(len(data)), None)
    try:
        if pdfium.FPDF_GetPageCount(document) < 1:
            if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
                raise PasswordProtected(name="")
            if b"%%EOF" in data[-2048:] and b"startxref" in data[-4096:]:
                raise UnreadableFile(name="")
            raise TruncatedFile(name="")
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


class _PageReader:
    """Reads the pages of a document one by one."""

    def __init__(self, document: Handle, scans: Mapping[int, dict[str, Any]], *, has_print: bool) -> None:
        self._document, self._scans, self._has_print = document, scans, has_print
        self._tags, self._fonts = TagReader(), dict[int, bool]()

    def read(self, number: int, *, may_be_cover: bool = False) -> _Found:
        """Return what the page gives; one that `may_be_cover` is one where a picture fills it."""
        if number in self._scans:
            return _Found(number=number, page=scanned_page(number, self._scans[number]))
        try:
            return self._read(number, may_be_cover)
        except (ValueError, OverflowError):
            return _Found(number=number, unread=Unread(reason="broken_page", page=number))

    def _read(self, number: int, may_be_cover: bool) -> _Found:
        with pdfium.loaded_page(self._document, number) as (raw, text_page):
            tags = self._tags.read(raw)
            glyphs = Glyphs(text_page, tags, self._fonts)
            width, height = pdfium.FPDF_GetPageWidthF(raw), pdfium.FPDF_GetPageHeightF(raw)
            page = Page(number=number, width=width, height=height, lines=glyphs.lines(number), has_tags=bool(tags))
            page.remarks = count_remarks(raw)
            characters = sum(len(line.text) for line in page.lines)
            _drop_artifacts_only_where_tagged(page)
            lines = page.lines
            tables = tagged_tables(page)
            if not any(line.tag and line.tag.cell for line in page.lines) and not tables:
                tables = ruled_tables(raw, page, glyphs)
            picture = unread_picture(raw, page, characters, may_be_cover=may_be_cover)
            page.may_be_print = may_be_print(raw, page, characters)
            if picture is None and self._has_print:
                picture = print_beside_text(raw, page, lines)
        return _Found(number=number, page=page, tables=tables, unread=picture)


def _read_pages(
    first: _PageReader, second: _PageReader, count: int, *, in_two: bool
) -> tuple[list[Page], dict[int, list[Table]], list[Unread]]:
    """Return what all pages give, their tables by page, and what is unread.

    Each reader sees to the same pages in one process and in two: what it remembers of the last page is the same too.
    """
    middle, ends = range(2, count), dict.fromkeys((count, 1))
    # In turns, for one half of a file may be heavier than the other.
    own = [number for number in middle if number % _TURNS not in _COPYS_TURNS]
    others = [number for number in middle if number % _TURNS in _COPYS_TURNS]

    def read_own() -> list[_Found]:
        found = [first.read(number) for number in own]
        for number in ends:
            found.append(first.read(number, may_be_cover=_any_written(found)))
        return found

    def read_others() -> list[_Found]:
        return [second.read(number) for number in others]

    found = both(read_own, read_others) if in_two else [*read_own(), *read_others()]
    # A picture that fills the last page is a cover only where one between is written, on the first page where any is:
    # now those of the copy are known too.
    of_others = found[len(own) + len(ends) :]
    for place, number in enumerate(ends, start=len(own)):
        if found[place].unread is not None and not _any_written(found[:place]) and _any_written(of_others):
            found[place] = first.read(number, may_be_cover=True)
    found.sort(key=lambda one: one.number)
    pages = [one.page for one in found if one.page is not None]
    written = [page for page in pages if page.lines and not page.is_scan]
    even_sizes(pages, body_size(written) if written else None)
    unread = [one.unread for one in found if one.unread is not None]
    return pages, {one.number: one.tables for one in found}, unread


def _any_written(found: list[_Found]) -> bool:
    return any(one.page is not None and one.page.lines for one in found)


def _mend_ligatures(pages: list[Page], tables: dict[int, list[Table]]) -> None:
    """Put ligatures where a font without a character map left control characters."""
    cells = [
        line for found in tables.values() for table in found for row in table.rows for cell in row for line in cell
    ]
    lines = [line for page in pages for line in page.lines] + cells
    letters = str.maketrans(unmapped_ligatures([line.text for line in lines]))
    if letters:
        for line in lines:
            line.text = line.text.translate(letters)


def _drop_artifacts_only_where_tagged(page: Page) -> None:
    """Believe the mark of page furniture only where most of the page's text is tagged."""
    marked = sum(len(line.text) for line in page.lines if line.artifact)
    if marked * 2 > sum(len(line.text) for line in page.lines):
        for line in page.lines:
            line.artifact = False


def _flow(
    pages: list[Page], tables: dict[int, list[Table]], layout: Layout
) -> tuple[list[Chunk], list[tuple[int, Table]]]:
    """Return all chunks in order, those parted by a page put together, and each table with its place among them."""
    chunks: list[Chunk] = []
    slots: list[tuple[int, Table]] = []
    ends: defaultdict[int, list[int]] = defaultdict(list)
    for page in pages:
        lines = page.lines
        start = 0
        joinable = len(chunks) - 1
        for table in sorted(tables.get(page.number, []), key=lambda table: table.place):
            cut = next((i for i, line in enumerate(lines) if i >= start and line.start >= table.place), len(lines))
            _extend(chunks, layout.chunks(page, lines[start:cut]), layout, ends, joinable)
            slots.append((len(chunks), table))
            joinable, start = -1, cut
        _extend(chunks, layout.chunks(page, lines[start:]), layout, ends, joinable)
    return chunks, slots


def _extend(
    chunks: list[Chunk], new: list[Chunk], layout: Layout, ends: defaultdict[int, list[int]], joinable: int
) -> None:
    """Append the new chunks; the first goes on with the page before where that broke off.

    `ends` holds the indices of the chunks that end on each page, but for notes.
    """
    if new and joinable >= 0 and not new[0].is_note:
        page = chunks[joinable].last.page
        for index in _broken_off(chunks, sorted(ends[page], reverse=True)):
            if layout.runs_on(chunks[index], new[0]):
                chunks[index].lines += new.pop(0).lines
                layout.fill(chunks[index])
                ends[page].remove(index)
                ends[chunks[index].last.page].append(index)
                break
    for chunk in new:
        if not chunk.is_note:
            ends[chunk.last.page].append(len(chunks))
        chunks.append(chunk)


def _broken_off(chunks: list[Chunk], on_page: list[int]) -> list[int]:
    """Return the indices of chunks that may go on on the next page: the page's last, and its lowest."""
    return on_page[:1] + [index for index in on_page[1:] if chunks[index].is_lowest]


def _pieces(chunks: list[Chunk], slots: list[tuple[int, Table]], body: float, vocabulary: Vocabulary) -> list[Piece]:
    levels = heading_levels(chunks, body)
    pieces: list[Piece] = []
    waiting = list(slots)
    last: Table | None = None
    for index in range(len(chunks) + 1):
        while waiting and waiting[0][0] == index:
            table = waiting.pop(0)[1]
            pieces += pdf_table_pieces(table, last, vocabulary)
            last = table
        if index < len(chunks) and (piece := _piece(chunks[index], levels.get(index))) is not None:
            pieces.append(piece)
            last = None
    return pieces


def _piece(chunk: Chunk, level: int | None) -> Piece | None:
    text = chunk.text
    # Labels of charts, and what is left of footnote marks.
    if not any(sign.isalpha() for sign in text):
        return None
    sure = mean_confidence(chunk.lines)
    if level is not None:
        whole = f"{chunk.sign} {text}" if chunk.sign and chunk.sign[0].isalnum() else text
        return Piece(
            kind="heading", text=whole, page=chunk.first.page, level=level, turns=chunk.turns, ocr_confidence=sure
        )
    depth = int(chunk.first.x0 // 14) if chunk.is_item else 0
    kind: BlockKind = "list_item" if chunk.is_item else "paragraph"
    return Piece(
        kind=kind,
        text=text,
        page=chunk.first.page,
        depth=depth,
        turns=chunk.turns,
        is_note=chunk.is_note,
        ocr_confidence=sure,
    )


def _unseat_cover(pieces: list[Piece]) -> None:
    """Let the headings of a cover page head nothing."""
    first = [piece for piece in pieces if piece.page == 1]
    if any(piece.page != 1 for piece in pieces) and sum(len(piece.text.split()) for piece in first) < _COVER_WORDS:
        for piece in first:
            if piece.level is not None:
                piece.level = 0


def _largest(chunks: list[Chunk], body: float) -> str:
    """Return the largest text of the first page that is large enough to be a title, or nothing."""
    first = [
        chunk
        for chunk in chunks
        if chunk.first.page == 1
        and 1 < len(fold(chunk.text).split()) <= 25
        and not chunk.sign
        and numbering_depth(chunk.text) is None
    ]
    best = max(first, key=lambda chunk: chunk.first.size, default=None)
    return best.text if best is not None and best.first.size >= 1.3 * body else ""

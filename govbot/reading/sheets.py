"""Reads Excel workbooks and tables of values (CSV): each row stands alone, beside its column headings."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.flow import Piece, Reading, assemble, ends_sentence, remarks, sensible_title
from govbot.reading.glyphs import fold
from govbot.reading.parsing import parse_xml
from govbot.reading.tables import cell_of, looks_like_header, table_pieces
from govbot.records import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows and columns that are read of a sheet: longer ones hold data, not a draft.
_MOST_ROWS, _MOST_COLUMNS = 20_000, 200
#: Words of a line above a table that is its heading.
_HEADING_WORDS = 12
#: What may part the values of a row; the first line tells which does.
_SEPARATORS = ",;\t|"
_REMARKS = re.compile(r"xl/(?:comments/)?comments?\d*\.xml")


class _Row(NamedTuple):
    """A row that holds something."""

    #: In its sheet, from 1.
    number: int
    cells: list[str]
    #: True where all its cells are bold, as column headings are.
    is_bold: bool = False


def read_xlsx(data: bytes) -> Reading:
    """Return the workbook's visible sheets as blocks; raise a DocumentError where it cannot be opened."""
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        pieces: list[Piece] = []
        unread: list[Unread] = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                unread.append(Unread(reason="hidden_sheet", part=sheet.title, matters=False))
                continue
            rows, is_whole = _sheet_rows(sheet)
            if rows:
                pieces += [Piece(kind="heading", text=fold(sheet.title), level=1), *_pieces(rows)]
            if not is_whole:
                unread.append(Unread(reason="long_sheet", part=sheet.title))
        title = sensible_title(book.properties.title)
    except (InvalidFileException, zipfile.BadZipFile, EOFError, KeyError) as exc:
        raise TruncatedFile(name="") from exc
    except (OSError, ValueError, TypeError, AttributeError, IndexError, etree.XMLSyntaxError, SyntaxError) as exc:
        raise UnreadableFile(name="") from exc
    unread += remarks(_count_remarks(data))
    return Reading(media_type=_XLSX, title=title, blocks=assemble(pieces), unread=tuple(unread))


def read_csv(text: str) -> Reading:
    """Return the table as blocks; raise UnreadableFile where it is none."""
    head = text.lstrip().partition("\n")[0]
    try:
        table = list(csv.reader(StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=head.count)))
    except csv.Error as exc:
        raise UnreadableFile(name="") from exc
    found = list(_numbered(table))
    is_whole = len(found) <= _MOST_ROWS and not any("".join(row[_MOST_COLUMNS:]).strip() for row in table)
    unread = () if is_whole else (Unread(reason="long_sheet"),)
    pieces = _pieces(found[:_MOST_ROWS])
    return Reading(media_type="text/csv", blocks=assemble(pieces), unread=unread)


def _count_remarks(data: bytes) -> int:
    """Return the number of comments on cells; a thread on one cell is one."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        parts = [name for name in book.namelist() if _REMARKS.fullmatch(name)]
        try:
            return sum(1 for name in parts for _ in parse_xml(book.read(name)).iter("{*}comment"))
        except (zipfile.BadZipFile, etree.LxmlError, zlib.error, ValueError, EOFError):
            return 0


def _sheet_rows(sheet: Any) -> tuple[list[_Row], bool]:  # noqa: ANN401 (openpyxl's)
    """Return the rows that hold something, and whether these are all."""
    # What a sheet declares of its size may be wrong, or meant to harm.
    sheet.reset_dimensions()
    rows: list[_Row] = []
    is_whole = True
    for row in sheet.iter_rows(max_col=_MOST_COLUMNS + 1):
        cells = [_shown(cell) for cell in row]
        is_whole = is_whole and not any(cells[_MOST_COLUMNS:])
        del cells[_MOST_COLUMNS:]
        if any(cells):
            if len(rows) == _MOST_ROWS:
                return rows, False
            full = [cell for cell, text in zip(row, cells, strict=False) if text]
            rows.append(_Row(full[0].row, cells, is_bold=all(map(_is_bold, full))))
    return rows, is_whole


def _numbered(rows: Iterable[list[str]]) -> Iterator[_Row]:
    for number, row in enumerate(rows, start=1):
        cells = [cell_of(map(fold, cell.splitlines())) for cell in row[:_MOST_COLUMNS]]
        if any(cells):
            yield _Row(number, cells)


def _is_bold(cell: Any) -> bool:  # noqa: ANN401 (openpyxl's)
    try:
        return bool(cell.font.b)
    except (IndexError, AttributeError):  # a style that the book does not have
        return False


def _shown(cell: Any) -> str:  # noqa: ANN401 (openpyxl's)
    """Return a cell as a reader of the sheet sees it, or nearly."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        clock = f", {value:%H:%M}" if isinstance(value, datetime) and value.time() != time() else ""
        return f"{value.day} {value:%B %Y}{clock}"
    if isinstance(value, int | float) and "%" in cell.number_format:
        return f"{round(100 * value, 2):g}%"
    if isinstance(value, float):
        return str(round(value, 4)).removesuffix(".0")
    return cell_of(map(fold, str(value).splitlines()))


def _pieces(rows: list[_Row]) -> list[Piece]:
    """Return the rows as pieces: an empty row parts one table from the next."""
    pieces: list[Piece] = []
    heads: _Row | None = None
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end].number > rows[end - 1].number + 1:
            found, heads = _table(rows[start:end], heads)
            pieces += found
            start = end
    return pieces


def _table(rows: list[_Row], before: _Row | None) -> tuple[list[Piece], _Row | None]:
    """Return one table, and its column headings: lines of a single cell above it are its headings, or text.

    `before` holds the column headings of the table above, under which this one may go on.
    """
    pieces: list[Piece] = []
    rest = list(rows)
    while rest and sum(map(bool, rest[0].cells)) == 1:
        number, cells, _ = rest.pop(0)
        text = "".join(cells)
        if rest and len(text.split()) <= _HEADING_WORDS and not ends_sentence(text):
            pieces.append(Piece(kind="heading", text=text.replace("\n", " "), level=2, paragraph=number))
        else:
            pieces += [Piece(kind="paragraph", text=line, paragraph=number) for line in text.split("\n")]
    if not rest:
        return pieces, before
    goes_on = before is not None and _goes_on(before, rest[0])
    if before is not None and goes_on:
        rest.insert(0, before)
    _, found = table_pieces([row.cells for row in rest], header_rows=1 if goes_on else None)
    for index, piece in found:
        piece.paragraph = rest[index].number
        pieces.append(piece)
    is_headed = len(rest) > 1 and rest[0].is_bold and looks_like_header(list(filter(None, rest[0].cells)))
    return pieces, rest[0] if is_headed else None


def _goes_on(heads: _Row, row: _Row) -> bool:
    """Return whether a row below an empty one stands under the bold column headings above that."""
    cells = list(zip(heads.cells, row.cells, strict=False))
    fills = all(bool(head) == bool(cell) for head, cell in cells)
    fits = all(head for head, cell in cells if cell) and not looks_like_header(list(filter(None, row.cells)))
    return not row.is_bold and (fills or fits)

"""Tables of PDF pages: by structure tags, and as rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from govbot.reading.flow import Piece
from govbot.reading.glyphs import LINE_END_HYPHEN, Vocabulary, is_number_sign, split_bullet
from govbot.reading.pdf_page import Line, Page
from govbot.reading.tables import looks_like_header, table_pieces

#: Points by which a column's edge may move from page to page.
_SAME_EDGE = 12.0


@dataclass(slots=True)
class Table:
    """A grid of cells on a page."""

    page: int
    #: Where its first character stands among the page's.
    place: int
    #: Lines of each cell, row by row.
    rows: list[list[list[Line]]] = field(default_factory=list)
    #: Rows of column headings; None where the file does not say.
    header_rows: int | None = None
    #: Edges of the columns, from left to right, in points.
    edges: list[float] = field(default_factory=list)
    header: tuple[str, ...] = ()
    #: First row of the table where it starts, on a page before, maybe.
    heads: list[str] = field(default_factory=list)

    def goes_on_from(self, before: Table) -> bool:
        """Return whether this table's columns are those of the one on the page before."""
        return (
            self.page == before.page + 1
            and len(self.edges) == len(before.edges)
            and all(abs(one - other) < _SAME_EDGE for one, other in zip(self.edges, before.edges, strict=True))
        )


def tagged_tables(page: Page) -> list[Table]:
    """Return the tables that the page's tags describe, and take their lines out of the page."""
    groups: dict[int, dict[int, dict[int, list[Line]]]] = {}
    kept = []
    for line in page.lines:
        if line.tag is None or line.tag.cell is None or not line.tag.cell[2]:
            kept.append(line)
            continue
        table, row, cell = line.tag.cell
        groups.setdefault(table, {}).setdefault(row, {}).setdefault(cell, []).append(line)
    tables = [_tagged_table(page, rows) for rows in groups.values()]
    page.lines = kept
    return tables


def _tagged_table(page: Page, rows: dict[int, dict[int, list[Line]]]) -> Table:
    grid = [[cells[number] for number in sorted(cells)] for _, cells in sorted(rows.items())]
    lefts = _columns([min(line.x0 for line in cell) for row in grid for cell in row])
    aligned = []
    for row in grid:
        places: list[list[Line]] = [[] for _ in lefts]
        for cell in row:
            left = min(line.x0 for line in cell)
            places[max((i for i, edge in enumerate(lefts) if edge <= left + 1), default=0)] += cell
        aligned.append(places)
    header_rows = 0
    for row in grid:
        if not all(line.tag and line.tag.is_heading_cell for cell in row for line in cell):
            break
        header_rows += 1
    place = min(line.start for row in grid for cell in row for line in cell)
    return Table(page=page.number, place=place, rows=aligned, edges=lefts, header_rows=header_rows or None)


def _columns(lefts: list[float]) -> list[float]:
    """Return the left edges that cells share, from left to right: cells may be centred within 30 points."""
    edges: list[float] = []
    for left in sorted(lefts):
        if not edges or left - edges[-1] > 30:
            edges.append(left)
    return edges


def pdf_table_pieces(table: Table, before: Table | None, vocabulary: Vocabulary) -> list[Piece]:
    """Return the table's rows; one that goes on from the page before keeps that one's column headings."""
    rows = [[_cell(cell, vocabulary) for cell in row] for row in table.rows]
    continued = before if before is not None and table.goes_on_from(before) else None
    if continued is not None and _has_own_heads(rows[0], continued.heads):
        continued = None
    header_rows = 0 if continued is not None and rows[0] != continued.heads else table.header_rows
    header, pieces = table_pieces(rows, header_rows=header_rows)
    table.header, table.heads = header, rows[0]
    if continued is not None and not header:
        table.header, table.heads = continued.header, continued.heads
    for _, piece in pieces:
        piece.page = table.page
        if piece.kind == "table_row" and not piece.header and len(table.header) >= piece.text.count("\t") + 1:
            piece.header = table.header
    return [piece for _, piece in pieces]


def _has_own_heads(first: list[str], heads: list[str]) -> bool:
    """Return whether a first row differs from the headings before, and yet repeats most: a table like that one."""
    same = sum(one == other != "" for one, other in zip(first, heads, strict=False))
    return first != heads and 2 * same > len(heads) and looks_like_header(first)


def _cell(lines: list[Line], vocabulary: Vocabulary) -> str:
    """Return the cell's lines as one text; a list in it keeps the signs that part its items."""
    text = ""
    for line in lines:
        sign, rest = split_bullet(line.plain)
        is_bullet = bool(sign) and not is_number_sign(sign) and (sign not in "-–—*·o→+" or len(lines) > 1)
        is_bullet = is_bullet and not line.text.endswith(LINE_END_HYPHEN)
        text = vocabulary.append(text, line.text if not is_bullet else f"{sign} {rest}" if text else rest)
    return text

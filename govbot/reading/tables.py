"""Rows of cells as pieces: column headings apart, layout tables as paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.reading.flow import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Words of a column heading.
_HEADING_WORDS = 12
#: Words of a column heading that may end in a point: "Purchase Yr."
_ABBREVIATED = 3
#: Rows of a table, its column headings among them.
_FEWEST_ROWS = 2


def cell_of(paragraphs: Iterable[str]) -> str:
    """Return folded paragraphs as one cell, a line each; rows of a table within it stand on lines of their own."""
    return "\n".join(text.replace("\t", " ") for text in paragraphs if text)


def table_pieces(rows: list[list[str]], *, header_rows: int | None) -> tuple[tuple[str, ...], list[tuple[int, Piece]]]:
    """Return the column headings, and each other row with its index in `rows`.

    Rows are grids: a cell that spans columns stands in the first, and "" in the others. `header_rows` None
    means that the source does not say. A table of one column or one row gives paragraphs, one a line of its cells.
    """
    used = [index for index in range(max(map(len, rows), default=0)) if any(_cell(row, index) for row in rows)]
    grid = [[_cell(row, index) for index in used] for row in rows]
    filled = [index for index, row in enumerate(grid) if any(row)]
    if len(used) < 2 or len(filled) < _FEWEST_ROWS:
        return (), _lines(grid, filled)
    above = _above(grid, filled) if header_rows is None else []
    rest = filled[len(above) :]
    heads = _guess_header(grid, rest) if header_rows is None else [index for index in filled if index < header_rows]
    if len(heads) == len(filled):
        heads = heads[:1]
    columns = zip(*(grid[index] for index in heads), strict=True)
    header = tuple(" ".join(dict.fromkeys(filter(None, column))).replace("\n", " ") for column in columns)
    body = [index for index in rest if index not in heads and (not heads or grid[index] != grid[heads[0]])]
    return header, [*_lines(grid, above), *((index, row_piece(grid[index], header)) for index in body)]


def row_piece(cells: list[str], header: tuple[str, ...]) -> Piece:
    """Return a row of cells as a piece."""
    text = "\t".join(cells).rstrip("\t")
    return Piece(kind="table_row", text=text, header=header)


def looks_like_header(cells: list[str]) -> bool:
    """Return whether every cell (but perhaps the first) is a short text without a sentence's end."""
    return all(cells[1:]) and all(
        len(cell.split()) <= _HEADING_WORDS
        and (not cell.endswith((".", ";")) or len(cell.split()) <= _ABBREVIATED)
        and any(letter.isalpha() for letter in cell)
        for cell in cells
        if cell
    )


def _lines(grid: list[list[str]], filled: list[int]) -> list[tuple[int, Piece]]:
    """Return each line of the rows' cells as a paragraph, with the index of its row."""
    lines = ((index, line) for index in filled for cell in grid[index] for line in cell.split("\n") if line)
    return [(index, Piece(kind="paragraph", text=line)) for index, line in lines]


def _above(grid: list[list[str]], filled: list[int]) -> list[int]:
    """Return the rows, two or more of one cell each, that stand above a table's column headings and say what it is."""
    count = next((place for place, index in enumerate(filled) if sum(map(bool, grid[index])) > 1), 0)
    is_table = count >= _FEWEST_ROWS and all(grid[filled[count]]) and looks_like_header(grid[filled[count]])
    return filled[:count] if is_table else []


def _guess_header(grid: list[list[str]], filled: list[int]) -> list[int]:
    first = filled[0]
    return [first] if looks_like_header(grid[first]) else []


def _cell(row: list[str], index: int) -> str:
    return row[index] if index < len(row) else ""

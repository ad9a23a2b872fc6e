"""A web page's tables as grids."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from govbot.reading.handles import Element
from govbot.reading.html_furniture import HEADINGS, is_hidden, words

#: What a cell may span at most; a hostile page may say millions.
_WIDEST, _TALLEST = 64, 1_000
#: Words in the cells of a table of few rows, on average, above which it is a page laid out as a table.
_LAYOUT_WORDS, _LAYOUT_ROWS = 60, 3
_PARTS = frozenset("thead tbody tfoot tr td th caption colgroup col".split())
_FRAME = ("table", "thead", "tbody", "tfoot", "tr")


def rows_of(table: Element) -> list[Element]:
    """Return the table's own rows that are shown."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    return [row for row in rows if not is_hidden(row) and not is_hidden(row.getparent())]


def lays_out(table: Element, rows: list[Element]) -> bool:
    """Return whether a table only lays out the page: it says so, has one row or column, or holds parts of a page."""
    cells = [list(_cells(row)) for row in rows]
    if table.get("role") in ("presentation", "none") or len(rows) < 2 or max(map(len, cells)) < 2 or _has_stray(table):
        return True
    if any(cell.tag == "th" for row in cells for cell in row):
        return False
    if next(table.iterdescendants("table", *HEADINGS), None) is not None:
        return True
    return len(rows) <= _LAYOUT_ROWS and words(table) > _LAYOUT_WORDS * sum(map(len, cells))


def count_header_rows(rows: list[Element]) -> int | None:
    """Return how many rows from the top hold column headings; None where the table does not say."""
    count = 0
    for number, row in enumerate(rows, start=1):
        filled = [cell for cell in _cells(row) if words(cell)]
        if filled and row.getparent().tag != "thead" and any(cell.tag != "th" for cell in filled):
            break
        count = number if filled else count
    return count or (0 if any(cell.tag == "th" for row in rows for cell in _cells(row)) else None)


def grid_of(rows: list[Element], read: Callable[[Element], str]) -> Iterator[list[str]]:
    """Yield the rows as cells on the table's grid: a cell that spans others stands in the first of them."""
    covered: dict[int, int] = {}
    group = None
    for row in rows:
        if row.getparent() is not group:
            group, covered = row.getparent(), {}
        below = {column: left - 1 for column, left in covered.items() if left > 1}
        places: list[str] = []
        for cell in _cells(row):
            while len(places) in covered:
                places.append("")
            width, height = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _TALLEST)
            if height > 1:
                below |= dict.fromkeys(range(len(places), len(places) + width), height - 1)
            places += ["" if is_hidden(cell) else read(cell)] + [""] * (width - 1)
        covered = below
        yield places


def _cells(row: Element) -> Iterator[Element]:
    yield from row.iterchildren("td", "th")


def _span(cell: Element, name: str, most: int) -> int:
    value = cell.get(name, "").strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _has_stray(table: Element) -> bool:
    """Return whether words stand between the table's cells, where only rows may be."""
    for element in table.iter(*_FRAME):
        if element is not table and next(element.iterancestors("table")) is not table:
            continue
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            return True
        if any(child.tag not in _PARTS and words(child) for child in element):
            return True
    return False

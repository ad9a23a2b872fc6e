"""Tables that are ruled off by lines or boxes drawn on a page."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint, sizeof
from dataclasses import dataclass
from itertools import chain
from operator import neg

from govbot.reading import pdfium
from govbot.reading.pdf_page import Box, Glyphs, Line, Page, joined_downwards
from govbot.reading.pdf_tables import Table
from govbot.reading.pdfium import Handle

#: Objects and segments of a page that are looked at; maps and drawings have tens of thousands.
_OBJECTS, _SEGMENTS, _RULES = 8_000, 200, 2_000
#: A page of more objects than this is sampled first, one in so many: rules are drawn one after the other.
_MANY, _STRIDE = 300, 4
#: Points by which two edges must lie apart to be two: Word shades headings 5.4 points inside their cells.
_APART = 6.5
#: Lightest colour, of 255, that still shows as a box.
_WHITE = 250
#: Points: thickest rule, shortest rule, and how far apart ends may be and still meet.
_THICK, _SHORT, _NEAR = 3.0, 6.0, 3.0
#: Points by which an upright and a level rule may miss each other and still meet: some programs stop each cell's
#: uprights 4.6 points short of the rule below.
_REACH = 5.0
#: Segments of a path that is one box at most.
_BOX_SEGMENTS = 6
#: Fewest lines and boxes that may rule a table of two rows and two columns.
_FEWEST = 4
#: Share of a grid's cells that must hold text, and words of a cell above which the page is laid out in boxes.
_FILLED, _WORDS = 0.4, 120
_WORD = re.compile(r"\S+")


#: Red, green and blue, up to 255.
_Colour = tuple[int, int, int]


@dataclass(slots=True)
class _Rule:
    """A straight line: where it lies, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class _Grid:
    """Rules that meet: columns' and rows' edges, rows from the top."""

    xs: list[float]
    ys: list[float]
    #: The rules that make each edge.
    uprights: list[list[_Rule]]
    levels: list[list[_Rule]]

    def column(self, x: float, row: int) -> int:
        """Return the column in which x lies; where no rule parts cells, the leftmost of them."""
        index = max(bisect_right(self.xs, x + _NEAR, hi=len(self.xs) - 1) - 1, 0)
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        while index and not _covered(self.uprights[index], middle):
            index -= 1
        return index

    def row(self, x: float, y: float) -> int:
        """Return the row in which the point lies; where no rule parts cells, the uppermost of them."""
        index = max(bisect_right(self.ys, -y, hi=len(self.ys) - 1, key=neg) - 1, 0)
        while index and not _covered(self.levels[index], x):
            index -= 1
        return index

    def holds(self, line: Line) -> bool:
        middle = line.y + 0.3 * line.size
        return self.ys[-1] < middle < self.ys[0] and self.xs[0] - _NEAR <= line.x0 and line.x0 < self.xs[-1]


def ruled_tables(raw: Handle, page: Page, glyphs: Glyphs) -> list[Table]:
    """Return the tables that lines on the page rule off, and take their lines out of the page."""
    levels, uprights = _rules(raw, page)
    tables: list[Table] = []
    if len(levels) < 3 or len(uprights) < 3:
        return tables
    for grid in _grids(_merged(levels), _merged(uprights)):
        held = [line for line in page.lines if grid.holds(line)]
        table = _table(grid, held, page, glyphs)
        if table is not None:
            tables.append(table)
            inside = {id(line) for line in held}
            page.lines = [line for line in page.lines if id(line) not in inside]
    return tables


def _rules(raw: Handle, page: Page) -> tuple[list[_Rule], list[_Rule]]:
    """Return the level and the upright rules on the page, boxes as their four sides."""
    levels: list[_Rule] = []
    uprights: list[_Rule] = []
    sides = (c_float * 4)()
    places = [byref(sides, offset) for offset in range(0, sizeof(sides), sizeof(c_float))]
    found = 0
    grounds: defaultdict[_Colour, list[Box]] = defaultdict(list)
    shown = 0
    for drawn in _paths(raw):
        found += 1
        if not pdfium.FPDFPageObj_GetBounds(drawn, *places):
            continue
        left, bottom, right, top = sides[:]
        is_box = right - left > _THICK and top - bottom > _THICK
        segments = pdfium.FPDFPath_CountSegments(drawn)
        colour = _ground(drawn) if is_box else None
        if colour is not None and min(colour) >= _WHITE:
            continue
        if is_box and segments > _BOX_SEGMENTS:
            _add_segments(drawn, min(segments, _SEGMENTS), levels, uprights)
        elif colour is not None:
            grounds[colour].append(Box(left, bottom, right, top))
            shown += 4
        else:
            _add_box(left, bottom, right, top, page, levels, uprights)
        if len(levels) + len(uprights) + shown > _RULES:
            break
    # Word draws the ground of a cell line by line. Without rules grounds of one colour may be all that parts rows.
    is_ruled = bool(levels and uprights)
    for boxes in grounds.values():
        for box in joined_downwards(boxes) if is_ruled else boxes:
            _add_box(*box, page, levels, uprights)
    return (levels, uprights) if found >= _FEWEST else ([], [])


def _ground(drawn: Handle) -> _Colour | None:
    """Return the colour of a box that is only the ground behind words, None of one that is drawn with a line."""
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(drawn, byref(fill), byref(stroke))
    if stroke.value or not fill.value:
        return None
    red, green, blue, alpha = (c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(drawn, byref(red), byref(green), byref(blue), byref(alpha)):
        return None
    return (red.value, green.value, blue.value) if alpha.value else (255, 255, 255)


def _paths(raw: Handle) -> Iterator[Handle]:
    """Yield the paths drawn on the page; among many words only those drawn one after the other."""
    count = min(pdfium.FPDFPage_CountObjects(raw), _OBJECTS)
    if count <= _MANY:
        yield from filter(_is_path, (pdfium.FPDFPage_GetObject(raw, index) for index in range(count)))
        return
    done = -1
    for index in range(0, count, _STRIDE):
        if index <= done or not _is_path(pdfium.FPDFPage_GetObject(raw, index)):
            continue
        start, done = max(done + 1, index - _STRIDE + 1), index
        for other in chain(range(start, index), range(index, count)):
            drawn = pdfium.FPDFPage_GetObject(raw, other)
            if _is_path(drawn):
                done = max(done, other)
                yield drawn
            elif other > index:
                break


def _is_path(drawn: Handle) -> bool:
    return bool(pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_PATH)


def _merged(rules: list[_Rule]) -> list[_Rule]:
    """Return the rules with those that lie on one line and touch put together."""
    merged: list[_Rule] = []
    by_line: dict[int, list[_Rule]] = {}
    for rule in rules:
        by_line.setdefault(round(rule.at), []).append(rule)
    for found in by_line.values():
        open_rule: _Rule | None = None
        for rule in sorted(found, key=lambda rule: rule.start):
            if open_rule is not None and rule.start <= open_rule.end + _NEAR:
                open_rule = _Rule(open_rule.at, open_rule.start, max(open_rule.end, rule.end))
                continue
            if open_rule is not None:
                merged.append(open_rule)
            open_rule = rule
        if open_rule is not None:
            merged.append(open_rule)
    return merged


def _add_box(
    left: float, bottom: float, right: float, top: float, page: Page, levels: list[_Rule], uprights: list[_Rule]
) -> None:
    wide, high = right - left, top - bottom
    if wide > 0.98 * page.width and high > 0.5 * page.height:
        return
    if high <= _THICK and wide >= _SHORT:
        levels.append(_Rule((bottom + top) / 2, left, right))
    elif wide <= _THICK and high >= _SHORT:
        uprights.append(_Rule((left + right) / 2, bottom, top))
    elif wide > _THICK and high > _THICK:
        levels += [_Rule(bottom, left, right), _Rule(top, left, right)]
        uprights += [_Rule(left, bottom, top), _Rule(right, bottom, top)]


def _add_segments(drawn: Handle, count: int, levels: list[_Rule], uprights: list[_Rule]) -> None:
    """Add the straight lines of a path that draws many; a path with curves is a picture."""
    matrix = (c_float * 6)()
    pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
    a, b, c, d, e, f = matrix[:]
    x, y = c_float(), c_float()
    before: tuple[float, float] | None = None
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            _add_stroke(before, point, levels, uprights)
        before = point


def _add_stroke(
    start: tuple[float, float], end: tuple[float, float], levels: list[_Rule], uprights: list[_Rule]
) -> None:
    if abs(start[1] - end[1]) < 0.5 and abs(start[0] - end[0]) >= _SHORT:
        levels.append(_Rule(start[1], min(start[0], end[0]), max(start[0], end[0])))
    elif abs(start[0] - end[0]) < 0.5 and abs(start[1] - end[1]) >= _SHORT:
        uprights.append(_Rule(start[0], min(start[1], end[1]), max(start[1], end[1])))


def _grids(levels: list[_Rule], uprights: list[_Rule]) -> list[_Grid]:
    """Return each group of rules that meet, if it makes two columns and two rows or more; topmost first."""
    parents = list(range(len(levels) + len(uprights)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    across = sorted(range(len(uprights)), key=lambda index: uprights[index].at)
    places = [uprights[index].at for index in across]
    for i, level in enumerate(levels):
        near = bisect_left(places, level.start - _REACH), bisect_right(places, level.end + _REACH)
        for j in across[slice(*near)]:
            if uprights[j].start - _REACH <= level.at <= uprights[j].end + _REACH:
                parents[root(i)] = root(len(levels) + j)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for i, rule in enumerate([*levels, *uprights]):
        groups.setdefault(root(i), ([], []))[i >= len(levels)].append(rule)
    grids = [_grid(_edges(across), _edges(down)[::-1], across, down) for down, across in groups.values()]
    return sorted((grid for grid in grids if len(grid.xs) > 2 and len(grid.ys) > 2), key=lambda grid: -grid.ys[0])


def _grid(xs: list[float], ys: list[float], uprights: list[_Rule], levels: list[_Rule]) -> _Grid:
    return _Grid(
        xs=xs,
        ys=ys,
        uprights=[[rule for rule in uprights if abs(rule.at - x) <= _APART] for x in xs],
        levels=[[rule for rule in levels if abs(rule.at - y) <= _APART] for y in ys],
    )


def _edges(rules: list[_Rule]) -> list[float]:
    """Return where rules lie, those that lie close together as one, in rising order."""
    edges: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not edges or at - edges[-1] > _APART:
            edges.append(at)
    return edges


def _covered(rules: list[_Rule], along: float) -> bool:
    return any(rule.start - _NEAR <= along <= rule.end + _NEAR for rule in rules)


def _table(grid: _Grid, lines: list[Line], page: Page, glyphs: Glyphs) -> Table | None:
    """Return the lines in the grid's cells, or None where that makes no table."""
    rows: list[list[list[Line]]] = [[[] for _ in grid.xs[:-1]] for _ in grid.ys[:-1]]
    for line in lines:
        for part in _parts(grid, line, glyphs):
            row = grid.row((part.x0 + min(part.x1, grid.xs[-1])) / 2, part.y + 0.3 * part.size)
            rows[row][grid.column(part.x0, row)].append(part)
    rows = [row for row in rows if any(row)]
    used = [index for index in range(len(grid.xs) - 1) if any(row[index] for row in rows)]
    filled = sum(1 for row in rows for cell in row if cell)
    words = sum(len(part.text.split()) for row in rows for cell in row for part in cell)
    if len(rows) < 2 or len(used) < 2 or filled < _FILLED * len(rows) * len(used) or words > _WORDS * filled:
        return None
    if sum(1 for row in rows if sum(map(bool, row)) > 1) < (1 if len(used) > 2 else 2):
        return None
    return Table(page=page.number, place=min(line.start for line in lines), rows=rows, edges=[grid.xs[i] for i in used])


def _parts(grid: _Grid, line: Line, glyphs: Glyphs) -> list[Line]:
    """Return the line cut where it crosses an upright rule between two words."""
    row = grid.row(line.x0 + 1, line.y + 0.3 * line.size)
    if grid.column(line.x1 - 1, row) == grid.column(line.x0, row):
        return [line]
    cuts, before = [line.start], grid.column(line.x0, row)
    for word in _WORD.finditer(glyphs.text, line.start, line.end):
        column = grid.column(glyphs.place(word.start())[0], row)
        if column != before:
            cuts.append(word.start())
            before = column
    parts = [glyphs.part(line, start, end) for start, end in zip(cuts, [*cuts[1:], line.end], strict=True)]
    return [part for part in parts if part is not None]

"""Lines of PDF pages as paragraphs, list items and headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from govbot.reading.flow import ends_sentence
from govbot.reading.glyphs import Vocabulary, is_bullet, is_number_sign, split_bullet
from govbot.reading.pdf_page import Line, Page
from govbot.reading.pdf_tags import Tag
from govbot.records import PageTurn

#: By how much a font may differ in size within a paragraph.
_SAME_SIZE = 0.07
#: By how much a link or a quotation within a sentence may differ.
_LIKE_SIZE = 0.15
#: A gap this much above the usual one, as a share of it, parts paragraphs.
_WIDER = 1.25
#: Baselines nearer than this share of the font size stand on one line.
_SAME_LINE = 0.35
#: Width of a letter, as a share of the font size, and what a ragged edge may lack beside, of the column's width.
_LETTER, _RAGGED = 0.5, 0.06
#: Share of a column's lines that end before its right edge: a header that spans columns shall not set it.
_EDGE_RANK = 0.85
#: Lines at the foot of a page smaller than this share of the body are notes.
_NOTE_SIZE, _NUMBERED_NOTE_SIZE = 0.9, 0.95
#: Share of the page's height below which they stand.
_LOW = 0.4
#: Digits, and size as a share of the body's, of a raised number.
_MARK_DIGITS, _MARK_SIZE = 3, 0.75
#: Points by which the next column stands to the right, at least.
_COLUMN = 60.0
#: Points by which a line must be indented to open a paragraph or a deeper list.
_INDENT = 6.0


@dataclass(slots=True)
class Chunk:
    """Lines that belong together: a heading, a paragraph or a list item."""

    lines: list[Line] = field(default_factory=list)
    #: Bullet sign or number at the start; empty where there is none.
    sign: str = ""
    text: str = ""
    turns: tuple[PageTurn, ...] = ()
    #: Space above the first line, as a share of its size; None at the top of a page or column.
    gap: float | None = None
    is_note: bool = False
    #: True where its last line is full and the lowest of the page's text.
    is_lowest: bool = False

    @property
    def first(self) -> Line:
        """The line that it starts with."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The line that it ends with."""
        return self.lines[-1]

    @property
    def tag(self) -> Tag | None:
        """What the structure tags say of its start."""
        return self.first.tag

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def is_item(self) -> bool:
        """Whether it is a list item, by its sign or its tag."""
        return bool(self.sign) or (self.tag is not None and self.tag.item is not None)


class Layout:
    """Groups the lines of a document, page by page, in content order."""

    def __init__(self, pages: list[Page], body: float) -> None:
        self._body = body
        self._leading = _leading(pages)
        self.vocabulary = Vocabulary([line.text for page in pages for line in page.lines])
        self._right: dict[int, float] = {}

    def chunks(self, page: Page, lines: list[Line]) -> list[Chunk]:
        """Return the lines' chunks, in order; their text is not yet joined over pages."""
        self._right = _right_edges(lines)
        found: list[Chunk] = []
        for line in _joined_fragments([line for line in lines if not self._is_mark(line)]):
            if found and not self._starts(found[-1], line):
                found[-1].lines.append(line)
            else:
                gap = _gap(found[-1].last, line) if found else None
                found.append(Chunk(lines=[line], sign=_sign(line), gap=gap))
        lowest = min(
            (chunk.last.y for chunk in _marked_notes(found, page, self._body) if not chunk.is_note), default=0.0
        )
        for chunk in found:
            right = self._right.get(round(chunk.last.x0 / 20), chunk.last.x1)
            chunk.is_lowest = chunk.last.y <= lowest + 1 and chunk.last.x1 > right - 8 * _LETTER * chunk.last.size
            self.fill(chunk)
        return _joined_columns(found, self)

    def fill(self, chunk: Chunk) -> None:
        """Set the chunk's text, mending hyphens, and where it turns the page."""
        text, turns, page = "", [], chunk.first.page
        for line in chunk.lines:
            offset = len(text)
            text = self.vocabulary.append(text, line.text)
            if line.page != page:
                page = line.page
                turns.append(PageTurn(offset=min(offset + (text[offset : offset + 1] == " "), len(text)), page=page))
        if chunk.sign:
            _, rest = split_bullet(text)
            cut = len(text) - len(rest)
            text = rest
            turns = [PageTurn(offset=max(turn.offset - cut, 0), page=turn.page) for turn in turns]
        chunk.text, chunk.turns = text, tuple(turns)

    def _is_mark(self, line: Line) -> bool:
        """Return whether the line is the raised number of a footnote."""
        return line.text.isdigit() and len(line.text) <= _MARK_DIGITS and line.size < _MARK_SIZE * self._body

    def runs_on(self, before: Chunk, after: Chunk) -> bool:
        """Return whether a chunk at the top of a page or column goes on where `before` broke off."""
        first = after.first.plain
        if after.sign or not first or not _same_font(before.last, after.first) or ends_sentence(before.text):
            return False
        if _is_tagged_heading(before.tag) or _is_tagged_heading(after.tag):
            return False
        if (before.tag and before.tag.cell) or (after.tag and after.tag.cell):
            return False
        if first[0].islower() or before.text.endswith((",", "-", "–", " and", " the", " of", " to", " for", " in")):
            return True
        # A proper name may open the page: then the line before must be full, and of a paragraph.
        return (
            before.is_lowest
            and before.bold == after.bold
            and len(before.lines) > 1
            and before.text[-1:].isalnum()
            and len(first.split()) > 3
        )

    def _starts(self, chunk: Chunk, line: Line) -> bool:
        """Return whether the line opens a new chunk."""
        last = chunk.last
        known = _starts_by_tag(last, line)
        sign = _sign(line)
        if known is not None:
            return known or (bool(sign) and not is_number_sign(sign) and sign not in "-–—*·o→")
        if sign and (not is_number_sign(sign) or ends_sentence(last.plain) or chunk.sign):
            return True
        if not _same_font(last, line) or last.bold != line.bold:
            return not self._flows(last, line)
        gap = last.y - line.y
        if gap <= 0 or gap > 6 * line.size:
            return not self._flows(last, line)
        if gap > self._usual(line) * _WIDER:
            return True
        return self._parts(chunk, last, line)

    def _parts(self, chunk: Chunk, last: Line, line: Line) -> bool:
        """Return whether a line right under the last one, in the same font, still opens a chunk of its own."""
        ended, full = ends_sentence(last.plain), self._is_full(last, line)
        if chunk.sign:
            # What hangs under an item is its own; what stands left of it is not, unless the sentence runs on.
            left = line.x0 < chunk.first.x0 - _INDENT / 2 or (len(chunk.lines) > 1 and line.x0 < last.x0 - _INDENT)
            return left and (ended or not full)
        if not full and (ended or (line.size < 1.1 * self._body and _opens(line))):
            return True
        return len(chunk.lines) > 1 and line.x0 > last.x0 + _INDENT and ended

    def _flows(self, last: Line, line: Line) -> bool:
        """Return whether a line of another font, or of the next column, still goes on with the sentence."""
        if last.tag is not None and last.tag is line.tag:
            return True
        near = 0 <= last.y - line.y <= self._usual(max(last, line, key=lambda one: one.size)) * _WIDER
        goes_on = line.plain[:1].islower() or line.text[0] in "(‘“"
        alike = abs(last.size - line.size) <= _LIKE_SIZE * max(last.size, line.size)
        return near and alike and goes_on and self._is_full(last, line) and not ends_sentence(last.plain)

    def _usual(self, line: Line) -> float:
        return self._leading.get(round(line.size), 1.25 * line.size)

    def _is_full(self, line: Line, after: Line) -> bool:
        """Return whether the first word of the line after would not have fitted on the line."""
        right = self._right.get(round(line.x0 / 20), line.x1)
        word = after.text.split(None, 1)[0]
        slack = _RAGGED * (right - line.x0)
        return line.x1 + slack + (len(word) + 1) * _LETTER * line.size >= right


def _opens(line: Line) -> bool:
    """Return whether a line starts like a sentence."""
    return line.plain[:1].isupper()


def _sign(line: Line) -> str:
    return split_bullet(line.plain)[0]


def _starts_by_tag(last: Line, line: Line) -> bool | None:
    """Return what the tags say, or None where they say nothing."""
    if last.tag is None or line.tag is None:
        return None
    if last.tag.item is not None and last.tag.item == line.tag.item and last.tag.cell == line.tag.cell:
        return False
    if last.tag.element == line.tag.element:
        return False
    if last.tag.level is None and line.tag.level is None and last.tag.cell == line.tag.cell:
        # Some files have an element a line: let the sentence decide.
        near = 0 < last.y - line.y < 1.6 * line.size
        lower = line.plain[:1].islower()
        return not (near and lower and not ends_sentence(last.plain) and _same_size(last, line))
    return True


def _is_tagged_heading(tag: Tag | None) -> bool:
    return tag is not None and tag.level is not None


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _same_font(one: Line, other: Line) -> bool:
    return _same_size(one, other)


def _gap(last: Line, line: Line) -> float | None:
    down = last.y - line.y
    return down / max(line.size, 1.0) if down > 0 else None


def _leading(pages: list[Page]) -> dict[int, float]:
    """Return the usual distance of baselines for each font size, in points."""
    gaps: defaultdict[int, Counter[float]] = defaultdict(Counter)
    for page in pages:
        for last, line in zip(page.lines, page.lines[1:], strict=False):
            gap = last.y - line.y
            if 0.8 * line.size < gap < 2.2 * line.size and _same_size(last, line) and abs(last.x0 - line.x0) < 1:
                gaps[round(line.size)][round(gap * 2) / 2] += 1
    usual = {}
    for size, counted in gaps.items():
        total = counted.total()
        # The smallest gap that is common: paragraphs of a line each would else set the rule.
        usual[size] = min(
            gap for gap, count in counted.items() if count >= 0.2 * total or count == max(counted.values())
        )
    return usual


def _right_edges(lines: list[Line]) -> dict[int, float]:
    """Return the right edge of the text that starts at each left edge (in steps of 20 points), or one beside it."""
    ends: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        ends[round(line.x0 / 20)].append(line.x1)
    edges = {}
    for key in ends:
        found = sorted(ends.get(key - 1, []) + ends[key] + ends.get(key + 1, []))
        edges[key] = found[min(int(len(found) * _EDGE_RANK), len(found) - 1)]
    return edges


def _joined_fragments(lines: list[Line]) -> list[Line]:
    """Return the lines with the parts of one visual line put together: a sign and its item, a raised number."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is None or not _on_one_line(last, line):
            joined.append(line)
        elif is_bullet(last.plain):
            last.confidences += line.confidences
            last.extend(f"{last.plain} {line.text}", line.x1)
            last.size, last.bold, last.tag = line.size, line.bold, line.tag or last.tag
        else:
            space = "" if line.x0 - last.x1 < 0.1 * line.size else " "
            last.extend(f"{last.text}{space}{line.text}", line.x1)
            last.bold = last.bold and line.bold
            last.confidences += line.confidences
    return joined


def _on_one_line(last: Line, line: Line) -> bool:
    apart = abs(last.y - line.y)
    if apart >= max(last.size, line.size):
        return False
    if last.tag is not None and line.tag is not None and last.tag.element != line.tag.element:
        same_item = last.tag.item is not None and last.tag.item == line.tag.item
        if not same_item:
            return False
    if is_bullet(last.plain):
        return apart < line.size
    near = -1.0 <= line.x0 - last.x1 < 3 * line.size
    return near and apart < _SAME_LINE * max(line.size, last.size)


def _marked_notes(chunks: list[Chunk], page: Page, body: float) -> list[Chunk]:
    """Mark the chunks of small print at the page's foot."""
    for chunk in chunks:
        numbered, size = chunk.first.text[:1].isdigit(), chunk.first.size / body
        low = chunk.first.y < _LOW * page.height
        small = size < _NOTE_SIZE and (low or numbered) or size < _NUMBERED_NOTE_SIZE and low and numbered
        tagged = chunk.tag is not None and chunk.tag.role in ("Note", "FENote")
        chunk.is_note = tagged or (small and not (chunk.tag and chunk.tag.cell))
    text = [chunk for chunk in chunks if chunk.first.size >= _NUMBERED_NOTE_SIZE * body]
    for chunk in chunks:
        # What text stands below, in its column, is a quotation or a table's small print, and no note at the foot.
        if chunk.is_note and chunk.tag is None and any(_is_below(other, chunk) for other in text):
            chunk.is_note = False
    notes = [chunk.first.y for chunk in chunks if chunk.is_note and chunk.first.text[:1].isdigit()]
    for chunk in chunks:
        if notes and chunk.first.y <= max(notes) and chunk.first.size < _NUMBERED_NOTE_SIZE * body:
            chunk.is_note = chunk.first.y < _LOW * page.height or chunk.is_note
    return chunks


def _is_below(other: Chunk, chunk: Chunk) -> bool:
    """Return whether a chunk stands below another one, in its column."""
    overlap = min(other.first.x1, chunk.first.x1) - max(other.first.x0, chunk.first.x0)
    return overlap > 0 and other.first.y < chunk.last.y - 1


def _joined_columns(chunks: list[Chunk], layout: Layout) -> list[Chunk]:
    """Put together what a column's end parted; notes come after."""
    text = [chunk for chunk in chunks if not chunk.is_note]
    notes = [chunk for chunk in chunks if chunk.is_note]
    joined: list[Chunk] = []
    for chunk in text:
        to_the_right = joined and chunk.first.x0 > joined[-1].last.x0 + _COLUMN
        if to_the_right and chunk.first.y >= joined[-1].last.y and layout.runs_on(joined[-1], chunk):
            joined[-1].lines += chunk.lines
            layout.fill(joined[-1])
        else:
            joined.append(chunk)
    return joined + notes

"""Lines of a PDF page, with place, font and tag, in content order."""

from __future__ import annotations

import math
import re
from collections import Counter
from ctypes import byref, c_double, c_float, c_size_t, c_ulong, c_ushort, create_string_buffer, sizeof
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from govbot.reading import pdfium
from govbot.reading.glyphs import fold
from govbot.reading.pdf_tags import Tag
from govbot.reading.pdfium import Handle

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Weight from which a font counts as bold.
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.I)
#: Share of lines that must stand another way before the page is read turned.
_TURNED_SHARE = 0.6
_WORD = re.compile(r"\S+")
_DIGITS = re.compile(r"\d+")
#: Digits of a footnote's number, its size as a share of the word's, and by how much of that it is raised.
_MARK_DIGITS, _MARK_SIZE, _MARK_RISE = 3, 0.8, 0.15
#: What else is raised: the square of a metre, and the power of a number that is no year.
_POWER = re.compile(r"(?:(?:\b|\d)[kcm]?m|(?<![\d/–-])\d{1,3}) ?$")
#: Points by which boxes that go on one below the other may lie apart.
_ABUT = 1.0
#: A line; pdfium puts U+FFFE in place of a hyphen and the line's end after it.
_BREAK = re.compile(r"[^\r\n\ufffe]+\ufffe?")


@dataclass(slots=True)
class Line:
    """One line of text, or the part of it that belongs to one element or column."""

    text: str
    page: int
    x0: float
    x1: float
    #: Baseline, in points from the page's lower edge.
    y: float
    size: float
    bold: bool
    tag: Tag | None = None
    #: True where the file marks it as page furniture.
    artifact: bool = False
    #: Places of its first and last character on the page.
    start: int = 0
    end: int = 0
    #: How sure each word is, from 0 to 1, where it was recognised in a picture; empty for real text.
    confidences: tuple[float, ...] = ()
    _plain: str = ""

    @property
    def plain(self) -> str:
        """The text with odd signs mapped and white space folded."""
        if not self._plain:
            self._plain = fold(self.text)
        return self._plain

    def __reduce__(self) -> tuple[type[Line], tuple[Any, ...]]:
        """Hand the line over in half the time that a dataclass with slots takes by itself."""
        return Line, _values(self)

    def extend(self, text: str, x1: float) -> None:
        """Give the line a longer text that ends at `x1`."""
        self.text, self.x1, self._plain = text, x1, ""


_values = attrgetter(*(one.name for one in fields(Line)))


@dataclass(slots=True)
class Page:
    """What a page gives: its lines, and what is drawn on it."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    has_tags: bool = False
    #: Comments of people on the page.
    remarks: int = 0
    #: True where it has few words and a picture, which may be of print.
    may_be_print: bool = False
    #: True where its lines were recognised in a picture.
    is_scan: bool = False


class Box(NamedTuple):
    """Edges of a part of a page, in points from its left and lower edge."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """In square points."""
        return (self.right - self.left) * (self.top - self.bottom)


def joined_downwards(boxes: Iterable[Box]) -> list[Box]:
    """Return the boxes, those of one left and right edge that touch one below the other put together."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda box: (round(box.left), round(box.right), box.bottom)):
        last = joined[-1] if joined else None
        same = last is not None and (round(last.left), round(last.right)) == (round(box.left), round(box.right))
        if last is not None and same and box.bottom <= last.top + _ABUT:
            joined[-1] = last._replace(top=max(last.top, box.top))
        else:
            joined.append(box)
    return joined


class _Look(NamedTuple):
    """How a text object's letters look."""

    size: float
    bold: bool
    #: Quarters by which they are turned.
    turn: int


def _between(first: _Look, middle: _Look, last: _Look) -> _Look:
    """Return how a line looks: as large as most of it, and bold where all of it is."""
    size = sorted((first.size, middle.size, last.size))[1]
    return _Look(size, first.bold and middle.bold and last.bold, middle.turn)


@dataclass(slots=True)
class _Run:
    """A text object's look and mark."""

    look: _Look
    tag: Tag | None
    artifact: bool


#: A character that pdfium put in belongs to no text object.
_NO_RUN = _Run(_Look(10, False, 0), None, False)


class Glyphs:
    """Reads the characters of one page."""

    def __init__(self, text_page: Handle, tags: dict[int, Tag], fonts: dict[int, bool]) -> None:
        """`fonts` holds whether each font of the document that was met is bold."""
        self._text_page = text_page
        self._tags = tags
        self._fonts = fonts
        self._runs: dict[int | None, _Run] = {None: _NO_RUN}
        self._looks: dict[tuple[float, ...], _Look] = {}
        # What pdfium says of places and sizes is written here, by one call after the other.
        self._x, self._y, self._right, self._unused = (c_double() for _ in range(4))
        self._point = (byref(self._x), byref(self._y))
        self._box = (byref(self._unused), byref(self._right), byref(self._unused), byref(self._unused))
        self._size, self._matrix = (c_float * 1)(), (c_float * 6)()
        self.text = _text(text_page)

    def lines(self, number: int) -> list[Line]:
        """Return the page's lines, without those that stand another way than most.

        Raises ValueError where one stands nowhere.
        """
        found = []
        turns: Counter[int] = Counter()
        for match in _BREAK.finditer(self.text):
            for start, end in self._split(match.start(), match.end()) if self._tags else (match.span(),):
                line, turn = self._line(start, end, number)
                if line is not None:
                    found.append((line, turn))
                    turns[turn] += end - start
        if not turns:
            return []
        main, share = turns.most_common(1)[0]
        if main and share < _TURNED_SHARE * turns.total():
            main = 0
        upright = [line for line, turn in found if turn == main]
        return [_turned(line, main) for line in upright] if main else upright

    def place(self, index: int) -> tuple[float, float]:
        """Return where the character stands: left edge and baseline."""
        pdfium.FPDFText_GetCharOrigin(self._text_page, index, *self._point)
        return self._x.value, self._y.value

    def right(self, index: int) -> float:
        """Return the character's right edge."""
        pdfium.FPDFText_GetCharBox(self._text_page, index, *self._box)
        return self._right.value

    def part(self, line: Line, start: int, end: int) -> Line | None:
        """Return the part of the line from character `start` to `end` of the page, or None where it is blank."""
        found, _ = self._line(start, end, line.page)
        return found

    def _line(self, start: int, end: int, number: int) -> tuple[Line | None, int]:
        raw = self.text[start:end]
        text = raw.strip()
        if not text:
            return None, 0
        if len(text) < len(raw):
            start += len(raw) - len(raw.lstrip())
            end = start + len(text)
        first, last = self._run(start), self._run(end - 1)
        middle = first
        if len(text) > 4:
            # A space that pdfium put in has no font: the middle is that of a letter.
            half = len(text) // 2
            middle = self._run(end - len(text[half:].lstrip()))
        (x0, y), x1 = self.place(start), self.right(end - 1)
        look = first.look
        if not look is middle.look is last.look:
            look = _between(look, middle.look, last.look)
        for mark_start, mark_end in reversed(self._marks(start, end)):
            text = text[: mark_start - start] + text[mark_end - start :]
        if not math.isfinite(x0 + x1 + y + look.size):
            # A damaged font: letters that stand nowhere are no text.
            raise ValueError(number)
        tag = first.tag or middle.tag
        line = Line(text, number, x0, max(x1, x0), y, look.size, look.bold, tag, first.artifact, start, end)
        return line, look.turn

    def _marks(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where in the line raised numbers of footnotes stand behind a word."""
        found = []
        for digits in _DIGITS.finditer(self.text, start + 1, end):
            at, stop = digits.span()
            if self.text[at - 1].isspace() and self.text[at - 2].isspace():
                continue
            own = self._run(stop - 1)
            first = max(at, stop - _MARK_DIGITS)
            at = next((place + 1 for place in range(stop - 2, first - 1, -1) if self._run(place) is not own), first)
            word = len(self.text[start:at].rstrip()) + start
            if word == start or self._run(word - 1) is own or _POWER.search(self.text[max(start, word - 6) : word]):
                continue
            size = self._run(word - 1).look.size
            is_raised = self.place(at)[1] > self.place(word - 1)[1] + _MARK_RISE * size
            if own.look.size < _MARK_SIZE * size and is_raised:
                found.append((word, stop))
        return found

    def _split(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the line's parts, one for each element that it runs through."""
        text = self.text[start:end]
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip()) - 1
        if last <= first:
            return [(start, end)]
        opening, closing = self._run(first).tag, self._run(last).tag
        if opening is closing or _element(opening) == _element(closing):
            return [(start, end)]
        parts, opened, before = [], start, _element(opening)
        for match in _WORD.finditer(text):
            element = _element(self._run(start + match.start()).tag)
            if element != before and element is not None:
                if before is not None:
                    parts.append((opened, start + match.start()))
                    opened = start + match.start()
                before = element
        return [*parts, (opened, end)]

    def _run(self, index: int) -> _Run:
        address = pdfium.FPDFText_GetTextObject(self._text_page, index)
        run = self._runs.get(address)
        if run is None:
            run = self._runs[address] = self._read_run(Handle(address))
        return run

    def _read_run(self, text_object: Handle) -> _Run:
        pdfium.FPDFTextObj_GetFontSize(text_object, self._size)
        pdfium.FPDFPageObj_GetMatrix(text_object, self._matrix)
        a, b, c, d = self._matrix[:4]
        font = pdfium.FPDFTextObj_GetFont(text_object) or 0
        # A page has few looks: to find one takes less time than to work it out again.
        known = (font, self._size[0], a, b, c, d)
        look = self._looks.get(known)
        if look is None:
            if font not in self._fonts:
                self._fonts[font] = _is_bold(Handle(font))
            turn = round(math.atan2(b, a) / (math.pi / 2)) % 4
            size = round(abs(self._size[0]) * math.hypot(c, d), 1)
            look = self._looks[known] = _Look(size, self._fonts[font], turn)
        if not self._tags:
            return _Run(look, None, False)
        tag = self._tags.get(pdfium.FPDFPageObj_GetMarkedContentID(text_object))
        return _Run(look, tag, tag is None and _is_artifact(text_object))


def _element(tag: Tag | None) -> tuple[int, int] | None:
    if tag is None:
        return None
    return (0, tag.cell[2]) if tag.cell and tag.cell[2] else (1, tag.element)


def _text(text_page: Handle) -> str:
    """Return the page's text, one character a place of pdfium's own list."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    # Not an array of C's: ctypes makes and keeps a type for each length.
    buffer = bytearray(2 * (count + 1))
    written = pdfium.FPDFText_GetText(text_page, 0, count, byref(c_ushort.from_buffer(buffer)))
    text = buffer[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _is_bold(font: Handle) -> bool:
    """Return whether a font is bold by its name; a weight, which is often guessed from stems, only without one."""
    buffer = create_string_buffer(256)
    size = pdfium.FPDFFont_GetBaseFontName(font, buffer, c_size_t(len(buffer)))
    name = buffer.raw[: max(min(size, 256) - 1, 0)].decode("utf-8", "replace").rpartition("+")[2]
    return bool(_BOLD_NAME.search(name)) if name else pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT


def _is_artifact(text_object: Handle) -> bool:
    buffer, size = create_string_buffer(64), c_ulong()
    for index in range(min(pdfium.FPDFPageObj_CountMarks(text_object), 4)):
        mark = pdfium.FPDFPageObj_GetMark(text_object, index)
        pdfium.FPDFPageObjMark_GetName(mark, buffer, c_ulong(sizeof(buffer)), byref(size))
        if buffer.raw[: size.value].decode("utf-16-le", "replace").rstrip("\0") == "Artifact":
            return True
    return False


def _turned(line: Line, turn: int) -> Line:
    """Return the line as it stands on a page that is turned by `turn` quarters."""
    if not turn:
        return line
    if turn == 2:
        return replace(line, x0=-line.x0, x1=-line.x0 + abs(line.x1 - line.x0), y=-line.y)
    # x grows with the baseline's direction; its length is not measured, for boxes are not turned.
    across, down = (line.y, -line.x0) if turn == 1 else (-line.y, line.x0)
    return replace(line, x0=across, x1=across + len(fold(line.text)) * line.size * 0.5, y=down)

"""Lines of a PDF page, with place, font and tag, in content order."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace

import pypdfium2.raw as pdfium

from govbot.reading.glyphs import fold
from govbot.reading.handles import Handle
from govbot.reading.pdf_tags import Tag

#: Weight from which a font counts as bold.
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.I)
#: Share of lines that must stand another way before the page is read turned.
_TURNED_SHARE = 0.6
_WORD = re.compile(r"\S+")
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
    #: Pointer of the font, the same for the same font in a document.
    font: int
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

    def extend(self, text: str, x1: float) -> None:
        """Give the line a longer text that ends at `x1`."""
        self.text, self.x1, self._plain = text, x1, ""


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
    #: True where its lines were recognised in a picture.
    is_scan: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """A text object's font, size and mark."""

    size: float
    bold: bool
    font: int
    turn: int
    tag: Tag | None
    artifact: bool


class Glyphs:
    """Reads the characters of one page."""

    def __init__(self, page: Handle, text_page: Handle, tags: dict[int, Tag], fonts: dict[int, bool]) -> None:
        self._page = page
        self._text_page = text_page
        self._tags = tags
        self._fonts = fonts
        self._runs: dict[int, _Run] = {}
        self._by_index: dict[int, _Run] = {}
        self._x, self._y, self._a, self._b = (ctypes.c_double() for _ in range(4))
        self._size = ctypes.c_float()
        self._matrix = pdfium.FS_MATRIX()
        self.text = _text(text_page)

    def lines(self, number: int) -> list[Line]:
        """Return the page's lines; those that stand another way than most are left out."""
        found = []
        turns: Counter[int] = Counter()
        for match in _BREAK.finditer(self.text):
            for start, end in self._split(match.start(), match.end()):
                line, turn = self._line(start, end, number)
                if line is not None:
                    found.append((line, turn))
                    turns[turn] += end - start
        if not turns:
            return []
        main, share = turns.most_common(1)[0]
        if main and share < _TURNED_SHARE * turns.total():
            main = 0
        return [_turned(line, main) for line, turn in found if turn == main]

    def place(self, index: int) -> tuple[float, float]:
        """Return where the character stands: left edge and baseline."""
        pdfium.FPDFText_GetCharOrigin(self._text_page, index, self._x, self._y)
        return self._x.value, self._y.value

    def right(self, index: int) -> float:
        """Return the character's right edge."""
        pdfium.FPDFText_GetCharBox(self._text_page, index, self._a, self._b, self._x, self._y)
        return self._b.value

    def part(self, line: Line, start: int, end: int) -> Line | None:
        """Return the part of the line from character `start` to `end` of the page, or None where it is blank."""
        found, _ = self._line(start, end, line.page)
        return found

    def _line(self, start: int, end: int, number: int) -> tuple[Line | None, int]:
        raw = self.text[start:end]
        text = raw.strip()
        if not text:
            return None, 0
        start += len(raw) - len(raw.lstrip())
        end = start + len(text)
        first, last = self._run(start), self._run(end - 1)
        # A space that pdfium put in has no font: the middle is that of a letter.
        half = len(text) // 2
        middle = self._run(start + half + (len(text) - half - len(text[half:].lstrip()))) if len(text) > 4 else first
        x0, y = self.place(start)
        line = Line(
            text=text,
            page=number,
            x0=x0,
            x1=max(self.right(end - 1), x0),
            y=y,
            size=sorted((first.size, middle.size, last.size))[1],
            bold=first.bold and last.bold and middle.bold,
            font=middle.font,
            tag=first.tag or middle.tag,
            artifact=first.artifact,
            start=start,
            end=end,
        )
        return line, middle.turn

    def _split(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the line's parts, one for each element that it runs through."""
        if not self._tags or end - start < 2:
            return [(start, end)]
        text = self.text[start:end]
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip()) - 1
        if last <= first or _element(self._run(first)) == _element(self._run(last)):
            return [(start, end)]
        parts, opened, before = [], start, _element(self._run(first))
        for match in _WORD.finditer(text):
            element = _element(self._run(start + match.start()))
            if element != before and element is not None:
                if before is not None:
                    parts.append((opened, start + match.start()))
                    opened = start + match.start()
                before = element
        return [*parts, (opened, end)]

    def _run(self, index: int) -> _Run:
        run = self._by_index.get(index)
        if run is None:
            text_object = pdfium.FPDFText_GetTextObject(self._text_page, index)
            key = _address(text_object)
            run = self._runs.get(key)
            if run is None:
                run = self._runs[key] = self._read_run(text_object) if key else _Run(10, False, 0, 0, None, False)
            self._by_index[index] = run
        return run

    def _read_run(self, text_object: Handle) -> _Run:
        pdfium.FPDFTextObj_GetFontSize(text_object, self._size)
        pdfium.FPDFPageObj_GetMatrix(text_object, self._matrix)
        matrix = self._matrix
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        font = pdfium.FPDFTextObj_GetFont(text_object)
        key = _address(font)
        if key not in self._fonts:
            self._fonts[key] = _is_bold(font)
        tag, artifact = None, False
        if self._tags:
            content = pdfium.FPDFPageObj_GetMarkedContentID(text_object)
            tag = self._tags.get(content)
            artifact = tag is None and _is_artifact(text_object)
        size = abs(self._size.value) * math.hypot(matrix.c, matrix.d)
        return _Run(round(size, 1), self._fonts[key], key, turn, tag, artifact)


def _address(pointer: Handle) -> int:
    """Return where a handle points, as a key; 0 for none."""
    return ctypes.addressof(pointer.contents) if pointer else 0


def _element(run: _Run) -> tuple[int, int] | None:
    if run.tag is None:
        return None
    return (0, run.tag.cell[2]) if run.tag.cell and run.tag.cell[2] else (1, run.tag.element)


def _text(text_page: Handle) -> str:
    """Return the page's text, one character a place of pdfium's own list."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(written - 1, 0)]).decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _is_bold(font: Handle) -> bool:
    """Return whether a font is bold by its name; a weight, which is often guessed from stems, only without one."""
    buffer = ctypes.create_string_buffer(256)
    size = pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.raw[: max(min(size, 256) - 1, 0)].decode("utf-8", "replace").rpartition("+")[2]
    return bool(_BOLD_NAME.search(name)) if name else pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT


def _is_artifact(text_object: Handle) -> bool:
    buffer = (ctypes.c_ushort * 32)()
    size = ctypes.c_ulong()
    for index in range(min(pdfium.FPDFPageObj_CountMarks(text_object), 4)):
        mark = pdfium.FPDFPageObj_GetMark(text_object, index)
        pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), size)
        if bytes(buffer)[: size.value].decode("utf-16-le", "replace").rstrip("\0") == "Artifact":
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

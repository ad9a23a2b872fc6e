"""Reads plain text and Markdown."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from govbot.reading.flow import Piece, Reading, assemble, ends_sentence, mark_title, sensible_title
from govbot.reading.glyphs import fold, is_number_sign, split_bullet
from govbot.reading.markdown import markdown_pieces

#: Width in characters, 90th percentile of the lines, up to which a text is taken to be wrapped by hand.
_WRAP_WIDTH = 130
#: A line at least this share of the width is full: the sentence runs on to the next.
_FULL = 0.7
_HEADING_WORDS = 12
_NUMBERED = re.compile(
    r"(?:(?:chapter|section|part|appendix|annex) )?\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+[A-Z][^.;:]*$", re.I
)
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,})\s*$")
#: A sign that a converter put after the text of its item: "What is it for?•".
_TRAILING = re.compile(r"\s*[•▪●]\t?\s*")
#: How bytes that are no UTF-8 are read; files that were put together from others mix the two.
_AS_WINDOWS = "govbot-windows"
#: Bytes of the beginning that tell 16-bit text, and the share of its letters that have a byte of 0.
_SAMPLE, _WIDE_SHARE = 4096, 0.8
_FURNITURE = re.compile(r"\s*(?:page )?\d{1,4}(?: of \d{1,4})?\s*$", re.I)


def decode(data: bytes) -> str:
    """Return the bytes as text: UTF-16 or UTF-8 where they are, and Windows-1252 where single bytes are not."""
    encoding = wide_encoding(data[:_SAMPLE])
    if encoding:
        return data.decode(encoding, "replace")
    return data.decode("utf-8-sig", _AS_WINDOWS)


def wide_encoding(head: bytes) -> str | None:
    """Return the encoding of 16-bit text: by its mark, or by a letter's other byte, which is nearly always 0."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    half = len(head) // 2
    even, odd = head[: 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if max(even, odd) < _WIDE_SHARE * half or min(even, odd) > (1 - _WIDE_SHARE) * half or not half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _as_windows(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", "replace"), fault.end


codecs.register_error(_AS_WINDOWS, _as_windows)


def read_plain(text: str) -> Reading:
    """Return plain text as blocks; lines that were wrapped by hand are joined."""
    pieces = _Plain(text).pieces()
    title = mark_title(pieces, "")
    return _reading(pieces, title, "text/plain")


def read_markdown(text: str) -> Reading:
    """Return Markdown as blocks, without its marks, code and front matter."""
    pieces, title = markdown_pieces(text)
    return _reading(pieces, mark_title(pieces, sensible_title(title)), "text/markdown")


def _reading(pieces: list[Piece], title: str, media_type: str) -> Reading:
    for number, piece in enumerate(pieces, start=1):
        piece.paragraph = number
    return Reading(media_type=media_type, blocks=assemble(pieces), title=title)


@dataclass(slots=True)
class _Plain:
    """Plain text on its way to pieces, a line at a time."""

    text: str
    width: int = 0
    _pieces: list[Piece] = field(default_factory=list)
    #: Lines of the open paragraph or item.
    _open: list[str] = field(default_factory=list)
    _kind: str = "paragraph"
    _depth: int = 0

    def pieces(self) -> list[Piece]:
        lines = self._lines()
        lengths = sorted(len(line) for line in lines if line.strip())
        widest = lengths[int(len(lengths) * 0.9)] if lengths else 0
        self.width = widest if widest <= _WRAP_WIDTH else 0
        for index, line in enumerate(lines):
            self._take(line, lines[index + 1] if index + 1 < len(lines) else "")
        self._close()
        return self._pieces

    def _lines(self) -> list[str]:
        """Return the lines; a page's end is an empty line only where it ends a sentence."""
        lines: list[str] = []
        pages = re.sub(r"\r\n?", "\n", self.text).split("\f")
        for number, page in enumerate(pages):
            rest = page.split("\n")
            while rest and (not rest[-1].strip() or len(pages) > 1 and _FURNITURE.match(rest[-1])):
                rest.pop()
            if number and lines and ends_sentence(lines[-1].strip()):
                lines.append("")
            lines += rest
        return lines

    def _take(self, line: str, after: str) -> None:
        folded = fold(line)
        if not folded:
            self._close()
        elif _UNDERLINE.match(line):
            self._underline(line)
        elif not any(sign.isalnum() for sign in folded):
            self._close()
        elif self._is_heading(folded, after):
            self._close()
            self._pieces.append(Piece(kind="heading", text=folded.strip("* "), level=_level(folded)))
        else:
            self._add(line, folded)

    def _underline(self, line: str) -> None:
        """Make the single open line a heading; a rule under anything else parts paragraphs."""
        if len(self._open) == 1 and self._kind == "paragraph" and len(self._open[0].split()) <= _HEADING_WORDS:
            level = 1 if "=" in line else 2
            self._pieces.append(Piece(kind="heading", text=self._open.pop(), level=level))
        self._close()

    def _is_heading(self, folded: str, after: str) -> bool:
        if len(folded.split()) > _HEADING_WORDS or ends_sentence(folded) or self._runs_on(folded):
            return False
        letters = [letter for letter in folded if letter.isalpha()]
        if len(letters) > 3 and all(letter.isupper() for letter in letters):
            return len(folded.split()) > 1 or len(letters) > 5
        if not _NUMBERED.match(folded):
            return False
        # "1. Item" among its like is a list; "4.2 Risk" and "1. Introduction" above an empty line are headings.
        return "." in folded.split()[0].rstrip(".") or not after.strip()

    def _runs_on(self, folded: str) -> bool:
        """Return whether the open paragraph runs on into this line."""
        if not self._open:
            return False
        last = self._open[-1]
        full = bool(self.width) and len(last) >= _FULL * self.width
        return not ends_sentence(last) and (full or folded[0].islower())

    def _add(self, line: str, folded: str) -> None:
        trailing = _TRAILING.search(line) if not split_bullet(folded)[0] else None
        sign, rest = ("•", fold(_TRAILING.sub(" ", line, count=1))) if trailing else split_bullet(folded)
        if sign and is_number_sign(sign) and self._runs_on(folded):
            sign, rest = "", folded
        if sign:
            self._close()
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            self._kind, self._depth = "list_item", 0 if trailing else indent // 2
        elif self._open and not self._continues(line, folded):
            self._close()
        self._open.append(rest)

    def _continues(self, line: str, folded: str) -> bool:
        """Return whether the line belongs to what is open: it was wrapped by hand, or hangs under its item."""
        if not self.width:
            return False
        if self._kind == "list_item" and line[:1].isspace() and not ends_sentence(self._open[-1]):
            return True
        last = self._open[-1]
        return len(last) >= _FULL * self.width or (not ends_sentence(last) and folded[0].islower())

    def _close(self) -> None:
        if self._open:
            text = fold(" ".join(self._open))
            if text and not _FURNITURE.match(text):
                kind = "list_item" if self._kind == "list_item" else "paragraph"
                self._pieces.append(Piece(kind=kind, text=text, depth=self._depth))  # type: ignore[arg-type]
        self._open, self._kind, self._depth = [], "paragraph", 0


def _level(heading: str) -> int:
    """Return 1 for "4 Risk", 2 for "4.2 Risk", 1 for capitals."""
    first = heading.split()[0].rstrip(".")
    return min(first.count(".") + 1, 6) if first[:1].isdigit() else 1

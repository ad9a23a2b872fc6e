"""Markdown as pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from govbot.reading.flow import Piece
from govbot.reading.glyphs import fold
from govbot.reading.tables import row_piece

_FRONT_MATTER = re.compile(r"\A\s*(---|\+\+\+)\s*\n(.*?)\n\1\s*(?:\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r"^title\s*[:=]\s*[\"']?(.+?)[\"']?\s*$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|^\{(?:include|%)[^}\n]*\}+ *$", re.S | re.M)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(?:(#{1,6})\s+|(#{2,6}))(.*?)(?:\s+#+)?\s*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)]|[a-z][.)])\s+(?=\S)")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_REFERENCE = re.compile(r" {0,3}\[[^\]]+\]:\s*\S+")
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[([^\[\]]*)\](?:\([^)\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"), ""),
    (re.compile(r"\[\^[^\[\]]+\]"), ""),
    (re.compile(r"\[([^\[\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]*>"), " "),
    (re.compile(r"(`+)([^`]+)\1"), r"\2"),
    (re.compile(r"(\*{1,3}|~~)(?=\S)(.{1,999}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.{1,999}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\{[:#.][^}]*\}"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])"), r"\1"),
)
_ENTITIES = {"&amp;": "&", "&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"'}


def markdown_pieces(text: str) -> tuple[list[Piece], str]:
    """Return the pieces, and the title that the front matter gives, or nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    named = _FRONT_TITLE.search(front.group(2)) if front else None
    body = _COMMENT.sub("", text[front.end() :] if front else text)
    return _Markdown().pieces(body.split("\n")), named.group(1) if named else ""


def inline(text: str) -> str:
    """Return the text without marks: links as their words, pictures and footnote marks gone."""
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return fold(text)


@dataclass(slots=True)
class _Markdown:
    _pieces: list[Piece] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    #: Indent of the open list item; None in a paragraph.
    _indent: int | None = None
    _header: tuple[str, ...] = ()
    _fence: str = ""
    _in_table: bool = False

    def pieces(self, lines: list[str]) -> list[Piece]:
        for index, line in enumerate(lines):
            if not self._skip_code(line):
                self._take(line, lines[index + 1] if index + 1 < len(lines) else "")
        self._close()
        return self._pieces

    def _skip_code(self, line: str) -> bool:
        """Return whether the line is a fence or lies inside one."""
        fence = _FENCE.match(line.lstrip() if self._indent is not None else line)
        if self._fence:
            if fence and fence.group(1).startswith(self._fence):
                self._fence = ""
            return True
        if fence:
            self._close()
            self._fence = fence.group(1)
        return bool(self._fence)

    def _take(self, line: str, after: str) -> None:
        line = re.sub(r"^(?: {0,3}> ?)+", "", line.replace("\t", "    "))
        if self._take_table(line, after):
            return
        atx = _ATX.match(line)
        item = _ITEM.match(line)
        if not line.strip() or _REFERENCE.match(line):
            self._close()
        elif atx:
            self._close()
            self._heading(atx.group(3), len(atx.group(1) or atx.group(2)))
        elif self._open and self._indent is None and _SETEXT.match(line):
            text = " ".join(self._open)
            self._open = []
            self._heading(text, 1 if "=" in line else 2)
        elif _RULE.match(line):
            self._close()
        elif item:
            self._close()
            self._indent = len(item.group(1))
            self._open.append(line[item.end() :])
        else:
            self._open.append(line)

    def _take_table(self, line: str, after: str) -> bool:
        if not self._in_table and "|" in line and "|" in after and _TABLE_RULE.match(after):
            self._close()
            self._in_table, self._header = True, tuple(_cells(line))
            return True
        if not self._in_table:
            return False
        if "|" not in line:
            self._in_table = False
            return False
        cells = _cells(line)
        if not _TABLE_RULE.match(line) and any(cells):
            self._pieces.append(row_piece(cells, self._header))
        return True

    def _heading(self, text: str, level: int) -> None:
        if heading := inline(text):
            self._pieces.append(Piece(kind="heading", text=heading, level=level))

    def _close(self) -> None:
        text = inline(" ".join(self._open))
        if text and self._indent is not None:
            self._pieces.append(Piece(kind="list_item", text=text, depth=self._indent // 2))
        elif text:
            self._pieces.append(Piece(kind="paragraph", text=text))
        self._open, self._indent = [], None


def _cells(line: str) -> list[str]:
    cells = _CELL_BREAK.split(line.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return [inline(cell) for cell in cells]

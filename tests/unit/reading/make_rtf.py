"""Rich Text for tests."""

from __future__ import annotations

#: Styles: two of headings and one of plain text; lists: one of bullets.
_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\froman Times New Roman;}{\f1\fnil\fcharset2 Symbol;}}"
    r"{\stylesheet{\s0\snext0 Normal;}{\s1\outlinelevel0\sbasedon0\snext0 heading 1;}"
    r"{\s2\outlinelevel1\sbasedon0\snext0 heading 2;}}"
    r"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc23\leveljc0\levelfollow0\levelstartat1"
    r"{\leveltext\'01\u8226 ?;}{\levelnumbers;}\fi-360\li720}{\listname ;}\listid1}}"
    r"{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
)


def make_rtf(*parts: str, title: str = "") -> bytes:
    """Return a Rich Text document of paragraphs, tables or other raw parts."""
    info = rf"{{\info{{\title {title}}}}}" if title else ""
    return f"{_HEAD}{info}{''.join(parts)}}}".encode("ascii")


def para(text: str) -> str:
    return rf"{{\pard\plain\s0 {text}\par}}"


def heading(level: int, text: str) -> str:
    return rf"{{\pard\plain\s{level}\outlinelevel{level - 1}\b {text}\par}}"


def item(text: str) -> str:
    return rf"{{\pard\plain\s0\ls1\ilvl0\fi-360\li720 {{\listtext\bullet\tab}}{text}\par}}"


def table(*rows: tuple[str, ...]) -> str:
    """Return a table, its first row a header."""
    return "".join(
        r"\trowd"
        + (r"\trhdr" if not number else "")
        + "".join(rf"\cellx{3000 * (place + 1)}" for place in range(len(row)))
        + "".join(rf"\pard\plain\intbl {cell}\cell" for cell in row)
        + r"\row"
        for number, row in enumerate(rows)
    )


def field(instruction: str, result: str) -> str:
    return rf"{{\field{{\*\fldinst {{ {instruction} }}}}{{\fldrslt {{{result}}}}}}}"

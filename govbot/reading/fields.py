"""Makes fields of Rich Text and old Word files stand for what they last showed.

LibreOffice works out each field anew: a date becomes today's, a file's name that of its copy, a broken reference an
error. Those are not the draft's words, and change from day to day. What is not worked out is not fetched either.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from govbot.reading.ole import OleFile

#: What a field is to show, as against its result, may stand with or without the sign by which readers skip it.
_INSTRUCTION = re.compile(rb"\{(?:\s|\{\s*\}|\\\*|\\(?!fldinst)[a-z]+-?\d*)*\\fldinst(?![a-z])")
_SKIPPED = rb"{\\*\\fldskip"
#: Fields without a result: date, its long and short form, time and page.
_NOW = re.compile(rb"(?<!\\)\\ch(?:date|dpl|dpa|time|pgn)(?![a-z])")

_WORD, _TABLES = "WordDocument", ("0Table", "1Table")
#: Word 97 and later; the flag for the second table.
_MARK, _FLAGS_AT, _SECOND_TABLE = 0xA5EC, 10, 0x0200
#: Where places and lengths of lists stand, and which lists are of fields: of the text, headers, footnotes, remarks,
#: endnotes, text boxes and those of headers ([MS-DOC] 2.5.6).
_LISTS_AT, _FIELD_LISTS = 154, (16, 17, 18, 19, 48, 57, 59)
#: A list of n fields: n + 1 places of four bytes, then n times a mark and a kind.
_PLACE, _FIELD, _MARK_BITS, _BEGINS = 4, 2, 0x1F, 0x13
#: The kind of links, of which LibreOffice shows the result with all fields in it; and the kinds that stay: contents,
#: which the reader leaves out by what they are, and drop-down boxes, which have no result.
_LINK, _KEPT = 88, (13, 83)


def freeze_rtf(data: bytes) -> bytes:
    """Return the Rich Text with no instruction in its fields, only results."""
    return _NOW.sub(b"", _INSTRUCTION.sub(_SKIPPED, data))


def freeze_doc(data: bytes) -> bytes:
    """Return the old Word file with fields that are all links; as it is where its tables are not in their places."""
    frozen = bytearray(data)
    try:
        for place in _kinds(OleFile(data)):
            if frozen[place] not in _KEPT:
                frozen[place] = _LINK
    except (struct.error, LookupError):
        return data
    return bytes(frozen)


def _kinds(ole: OleFile) -> Iterator[int]:
    """Yield where in the file the kind of each field stands."""
    word = ole.stream(_WORD)
    mark, flags = word.number(0, "<H"), word.number(_FLAGS_AT, "<H")
    if mark != _MARK:
        return
    table = ole.stream(_TABLES[bool(flags & _SECOND_TABLE)])
    for index in _FIELD_LISTS:
        start, length = (word.number(_LISTS_AT + index * 8 + offset, "<I") for offset in (0, 4))
        count = max(length - _PLACE, 0) // (_PLACE + _FIELD)
        first = start + (count + 1) * _PLACE
        for place in range(first, first + count * _FIELD, _FIELD):
            if table.number(place, "<B") & _MARK_BITS == _BEGINS:
                yield table.place(place + 1)

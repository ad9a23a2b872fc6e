"""Looks at Rich Text and old Word files before LibreOffice opens them."""

from __future__ import annotations

import mmap
import re
import struct
from pathlib import Path

from govbot.errors import FileTooLarge, PasswordProtected, TruncatedFile

#: Groups of Rich Text inside each other; real files reach 8, and LibreOffice takes minutes over 300,000.
_DEPTH = 500
#: Signs that are looked at, some 2 s; five real files have up to 4,600, in up to 7 MB.
_SIGNS = 2_000_000
#: A sign that stands for itself, raw bytes of a given number, the beginning or the end of a group.
_SIGN = re.compile(rb"\\(?:[\\{}]|bin(\d{1,12}) ?)|[{}]")
#: What may stand after the document, and bytes of rubbish that do no harm there: LibreOffice reads no further.
_PADDING, _TRAILER = b"}\0\r\n\t\x1a ", 1024

#: An entry of an OLE directory: its length, and where in it and in the file's header numbers stand.
_ENTRY, _START_AT, _SHIFT_AT = 128, 116, 30
_SHIFTS = (9, 12)
#: What a Word stream begins with, Word 95's and later ones', and the flag of one that a password locks.
_WORD_MARKS, _FLAGS_AT, _IS_ENCRYPTED = (0xA5DC, 0xA5EC), 10, 0x0100


def check_rtf(path: Path) -> None:
    """Raise TruncatedFile where the document has no end or goes on after it, FileTooLarge where it nests too much."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = _end_of_group(data)
        if end is None:
            raise FileTooLarge(name=path.name)
        if end > len(data) or len(data[end:].strip(_PADDING)) > _TRAILER:
            raise TruncatedFile(name=path.name)


def _end_of_group(data: mmap.mmap) -> int | None:
    """Return where the first group ends, a place past the data where it does not, None where it is too much to say."""
    depth, place = 0, 0
    for _ in range(_SIGNS):
        found = _SIGN.search(data, place)
        if found is None:
            return len(data) + 1
        place = found.end() + int(found[1] or 0)
        depth += {b"{": 1, b"}": -1}.get(found[0], 0)
        if depth <= 0:
            return place
        if depth > _DEPTH:
            break
    return None


def check_doc(path: Path) -> None:
    """Raise PasswordProtected where the Word stream of an OLE file says that it is encrypted."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = data.find("WordDocument\0".encode("utf-16-le"))
        shift = struct.unpack_from("<H", data, _SHIFT_AT)[0] if len(data) > _SHIFT_AT + 2 else 0
        if shift not in _SHIFTS or place < 0 or place + _ENTRY > len(data):
            return
        # The header takes the place of one sector.
        stream = (struct.unpack_from("<I", data, place + _START_AT)[0] + 1) << shift
        if stream + _FLAGS_AT + 2 > len(data):
            return
        mark, flags = (struct.unpack_from("<H", data, stream + offset)[0] for offset in (0, _FLAGS_AT))
        if mark in _WORD_MARKS and flags & _IS_ENCRYPTED:
            raise PasswordProtected(name=path.name)

"""Finds the streams of an OLE file, in which old Office documents come ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

#: Where in the header stand: the exponent of a sector's size, starts of tables, the size from which streams are long.
_SHIFT_AT, _DIRECTORY_AT, _CUTOFF_AT, _SHORT_TABLE_AT, _MORE_AT, _FIRST_AT = 30, 48, 56, 60, 68, 76
_SHORT = 64
#: Sectors of the table that the header itself lists.
_IN_HEADER = 109
#: Numbers from this one on are no sectors and no entries.
_NONE = 0xFFFF_FFFA
#: An entry of the directory, and where in it stand: length of the name, neighbours and child, start, size.
_ENTRY, _LENGTH_AT, _LINKS_AT, _START_AT = 128, 64, 68, 116


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream, by where its blocks lie in the file."""

    data: bytes
    blocks: Sequence[int]
    #: Bytes of a block.
    size: int

    def place(self, offset: int) -> int:
        """Return where in the file a byte of the stream stands; raise IndexError past its end."""
        return self.blocks[offset // self.size] + offset % self.size

    def number(self, offset: int, form: str) -> int:
        """Return the number at an even `offset`; raise IndexError or struct.error past the end."""
        width = struct.calcsize(form)
        raw = bytes(self.data[self.place(offset + step)] for step in range(width))
        return int(struct.unpack(form, raw)[0])


class OleFile:
    """The root directory of an OLE file; a file that is cut off or crooked raises LookupError or struct.error."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << min(self._number(_SHIFT_AT, "<H"), 12)
        self._table = self._read_table()
        directory = self._chain(self._number(_DIRECTORY_AT), self._table)
        self._entries = [place for sector in directory for place in range(sector, sector + self._size, _ENTRY)]

    def stream(self, name: str) -> Stream:
        """Return the stream of this name; raise KeyError where the root has none."""
        entry = self._find(name)
        start, size = self._number(entry + _START_AT), self._number(entry + _START_AT + 4)
        if size >= self._number(_CUTOFF_AT):
            return Stream(self._data, self._chain(start, self._table), self._size)
        # Short streams share one that is the root's.
        shared = Stream(self._data, self._chain(self._number(self._entries[0] + _START_AT), self._table), self._size)
        numbers = self._numbers(self._chain(self._number(_SHORT_TABLE_AT), self._table))
        return Stream(self._data, [shared.place(at * _SHORT) for at in _follow(start, numbers)], _SHORT)

    def _find(self, name: str) -> int:
        """Return where the entry of this name stands, a child of the root: embedded documents have entries too."""
        wanted = name.encode("utf-16-le")
        waiting, seen = [self._number(self._entries[0] + _LINKS_AT + 8)], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= _NONE or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            length = self._number(entry + _LENGTH_AT, "<H")
            if self._data[entry : entry + max(length - 2, 0)] == wanted:
                return entry
            waiting += [self._number(entry + _LINKS_AT), self._number(entry + _LINKS_AT + 4)]
        raise KeyError(name)

    def _read_table(self) -> list[int]:
        """Return the number of the sector that follows each."""
        sectors = [self._number(_FIRST_AT + 4 * place) for place in range(_IN_HEADER)]
        more, seen = self._number(_MORE_AT), set[int]()
        while more < _NONE and more not in seen:
            seen.add(more)
            *listed, more = self._numbers([self._place(more)])
            sectors += listed
        return self._numbers([self._place(sector) for sector in sectors if sector < _NONE])

    def _chain(self, start: int, table: Sequence[int]) -> list[int]:
        return [self._place(sector) for sector in _follow(start, table)]

    def _numbers(self, places: Sequence[int]) -> list[int]:
        form = f"<{self._size // 4}I"
        return [number for place in places for number in struct.unpack_from(form, self._data, place)]

    def _place(self, sector: int) -> int:
        return (sector + 1) * self._size

    def _number(self, place: int, form: str = "<I") -> int:
        return int(struct.unpack_from(form, self._data, place)[0])


def _follow(start: int, table: Sequence[int]) -> list[int]:
    """Return the numbers from `start` on, each the table's entry for the one before; raise IndexError for a circle."""
    found: list[int] = []
    while start < _NONE:
        found.append(start)
        if len(found) > len(table):
            raise IndexError(start)
        start = table[start]
    return found

"""Messages as Outlook saves them, for tests: OLE files, written by hand as [MS-CFB] has them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

#: A storage by the names of what is in it: bytes for a stream.
Storage = dict[str, "bytes | Storage"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def make_msg(
    subject: str = "", plain: str = "", *, html: bytes = b"", attached: tuple[Storage, ...] = (), **more: bytes
) -> bytes:
    """Return a message; `more` are streams by the numbers of their properties, as in P10090102."""
    return make_ole(message(subject, plain, html=html, attached=attached, **more))


def message(
    subject: str = "", plain: str = "", *, html: bytes = b"", attached: tuple[Storage, ...] = (), **more: bytes
) -> Storage:
    """Return the storage of a message."""
    found: Storage = {"__properties_version1.0": bytes(32)}
    streams = {
        "0037001F": subject.encode("utf-16-le"),
        "1000001F": plain.encode("utf-16-le"),
        "10130102": html,
        **{name.removeprefix("P"): data for name, data in more.items()},
    }
    found |= {f"__substg1.0_{name}": data for name, data in streams.items() if data}
    return found | {f"__attach_version1.0_#{number:08X}": one for number, one in enumerate(attached)}


def attachment(name: str, data: bytes | Storage | None, *, content_id: str = "") -> Storage:
    """Return the storage of something attached; a storage as data is a message."""
    found: Storage = {"__properties_version1.0": bytes(8), "__substg1.0_3707001F": name.encode("utf-16-le")}
    if content_id:
        found["__substg1.0_3712001F"] = content_id.encode("utf-16-le")
    if data is not None:
        found["__substg1.0_37010102" if isinstance(data, bytes) else "__substg1.0_3701000D"] = data
    return found


def make_ole(tree: Storage) -> bytes:
    """Return an OLE file with these streams and storages in its root."""
    return _Ole().write(tree)


@dataclass
class _Ole:
    sectors: list[bytes] = field(default_factory=list)
    #: Of each sector, and each small one, which is next.
    table: list[int] = field(default_factory=list)
    mini: bytes = b""
    mini_table: list[int] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)

    def write(self, tree: Storage) -> bytes:
        self.entries.append(b"")
        child = self._children(tree)
        mini_size = len(self.mini)
        start = self._chain(self.mini)
        self.entries[0] = _entry("Root Entry", 5, child=child, start=start, size=mini_size)
        mini_table = self._chain(struct.pack(f"<{len(self.mini_table)}L", *self.mini_table), fill=b"\xff")
        self.entries += [bytes(64) + struct.pack("<HBBLLL", 0, 0, 0, _NONE, _NONE, _NONE) + bytes(48)] * (
            -len(self.entries) % 4
        )
        directory = self._chain(b"".join(self.entries))
        count = 1
        while (len(self.table) + count) * 4 > count * _SECTOR:
            count += 1
        first = len(self.table)
        table = [*self.table, *[_TABLE] * count]
        table += [_FREE] * (count * _SECTOR // 4 - len(table))
        head = struct.pack(
            "<8s16sHHHHH6sLLLLLLLLL",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, count, directory, 0, _CUTOFF,
            mini_table, -(-len(self.mini_table) * 4 // _SECTOR), _END, 0,
        )  # fmt: skip
        assert count <= 109
        head += struct.pack("<109L", *range(first, first + count), *[_FREE] * (109 - count))
        return head + b"".join(self.sectors) + struct.pack(f"<{len(table)}L", *table)

    def _children(self, tree: Storage) -> int:
        """Write what is in a storage; return the first entry, from which each leads right to the next."""
        after = _NONE
        # By length and then by name, as the format has it; written from the last on.
        for name in sorted(tree, key=lambda name: (len(name), name.upper()), reverse=True):
            content = tree[name]
            number = len(self.entries)
            self.entries.append(b"")
            if isinstance(content, dict):
                self.entries[number] = _entry(name, 1, right=after, child=self._children(content))
            else:
                start = self._stream(content)
                self.entries[number] = _entry(name, 2, right=after, start=start, size=len(content))
            after = number
        return after

    def _stream(self, data: bytes) -> int:
        if len(data) >= _CUTOFF:
            return self._chain(data)
        if not data:
            return _END
        start, count = len(self.mini_table), -(-len(data) // _MINI)
        self.mini += data.ljust(count * _MINI, b"\0")
        self.mini_table += [*range(start + 1, start + count), _END]
        return start

    def _chain(self, data: bytes, fill: bytes = b"\0") -> int:
        if not data:
            return _END
        start, count = len(self.table), -(-len(data) // _SECTOR)
        data = data.ljust(count * _SECTOR, fill)
        self.sectors += [data[at : at + _SECTOR] for at in range(0, len(data), _SECTOR)]
        self.table += [*range(start + 1, start + count), _END]
        return start


def _entry(name: str, kind: int, *, right: int = _NONE, child: int = _NONE, start: int = 0, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le")
    assert len(encoded) < 64
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(encoded) + 2, kind, 1, _NONE, right, child)
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )

"""Takes ZIP archives apart."""

from __future__ import annotations

import stat
import zipfile
import zlib
from functools import partial
from typing import IO, TYPE_CHECKING

from govbot.errors import TruncatedFile
from govbot.reading.enclosures import Enclosure, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govbot.reading.enclosures import Reason

#: A file of more than a megabyte may have been packed by this much at most, as guard.py has it.
_LARGE, _RATIO = 1 << 20, 100
#: Python unpacks these a piece at a time; others at once, whatever they come to.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: Flags of a file: its bytes are encrypted; its name is UTF-8.
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def open_archive(source: IO[bytes]) -> Iterator[Enclosure]:
    """Yield the files of an archive, without its folders; raise TruncatedFile where it cannot be opened."""
    try:
        package = zipfile.ZipFile(source)
    except _FAULTS as exc:
        raise TruncatedFile(name="") from exc
    for entry in package.infolist():
        if entry.is_dir():
            continue
        yield Enclosure(
            name=shown_path(_name(entry)),
            size=entry.file_size,
            left_out=_left_out(entry),
            load=partial(_unpack, package, entry),
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name; many programs write UTF-8 and do not say so, and Python takes that for cp437."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _left_out(entry: zipfile.ZipInfo) -> Reason | None:
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "link"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.compress_type not in _METHODS:
        return "packing"
    if entry.file_size > _LARGE and entry.file_size > _RATIO * max(entry.compress_size, 1):
        return "too_large"
    return None


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the entry's bytes, never more than it says it has; raise TruncatedFile."""
    try:
        with package.open(entry) as stream:
            # With the last byte the checksum is compared.
            data = stream.read(entry.file_size)
    except _FAULTS as exc:
        raise TruncatedFile(name="") from exc
    if len(data) < entry.file_size:
        raise TruncatedFile(name="")
    return data

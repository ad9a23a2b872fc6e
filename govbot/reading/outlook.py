"""Takes e-mails apart that Outlook saved (.msg): an OLE file in which a stream holds each property."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from olefile import OleFileIO

from govbot.errors import UnreadableFile
from govbot.reading.enclosures import Enclosure
from govbot.reading.mail import TNEF_NAME, file_name, letter_name, own_words
from govbot.reading.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEDIA_TYPE = "application/vnd.ms-outlook"
#: Properties by their numbers in [MS-OXPROPS], and the numbers of their types.
_SUBJECT, _PLAIN, _HTML, _RICH = "0037", "1000", "1013", "1009"
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _DATA, _CONTENT_ID = "3707", "3704", "3001", "3701", "3712"
_UNICODE, _EIGHT_BIT, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"
_ATTACHMENT = "__attach_version1.0_"
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".emf", ".wmf", ".webp"))
_FAULTS = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError, struct.error)


def open_message(source: IO[bytes]) -> Iterator[Enclosure]:
    """Yield a message's own words, then what is attached; raise UnreadableFile where it cannot be opened."""
    try:
        ole = OleFileIO(source)
        entries = {tuple(path) for path in ole.listdir(streams=True, storages=True)}
        most = source.seek(0, os.SEEK_END)
    except _FAULTS as exc:
        raise UnreadableFile(name="") from exc
    return _Folder(ole, frozenset(entries), most, ()).open()


def _stream(number: str, kind: str) -> str:
    return f"__substg1.0_{number}{kind}"


@dataclass(frozen=True, slots=True)
class _Folder:
    """A message, or something attached to one, in an OLE file."""

    ole: Any
    #: Paths of everything in the file.
    entries: frozenset[tuple[str, ...]]
    #: Bytes of the file.
    most: int
    path: tuple[str, ...]

    def open(self) -> Iterator[Enclosure]:
        """Yield what is in a message."""
        try:
            plain, html = self._text(_PLAIN), self._page()
        except UnreadableFile:
            yield Enclosure(name="", left_out="damaged")
        else:
            if not plain.strip() and not html.strip() and self._has(_RICH, _BINARY):
                yield Enclosure(name="", left_out="rich_text")
            yield from own_words(self._subject(), plain, html, _MEDIA_TYPE)
        depth = len(self.path)
        inside = {path[depth] for path in self.entries if path[:depth] == self.path and len(path) > depth}
        attached = sorted(name for name in inside if name.startswith(_ATTACHMENT))
        for number, name in enumerate(attached, start=1):
            found = self._below(name)._attachment(number)
            if found is not None:
                yield found

    def _attachment(self, number: int) -> Enclosure | None:
        """Return something attached, or None for a picture that the message shows among its words."""
        try:
            given = self._text(_LONG_NAME) or self._text(_SHORT_NAME)
            name = file_name(given or self._text(_DISPLAY_NAME), number)
            if name.lower() == TNEF_NAME:
                return Enclosure(name=name, left_out="tnef")
            if name.lower().endswith(".p7m"):
                return Enclosure(name=name, left_out="encrypted")
            if PurePosixPath(name).suffix.lower() in _PICTURES and self._text(_CONTENT_ID):
                return None
            if self._has(_DATA, _OBJECT):
                return self._object(name, number)
            if not self._has(_DATA, _BINARY):
                return Enclosure(name=name, left_out="elsewhere")
            size = self.ole.get_size(self._at(_DATA, _BINARY))
        except (*_FAULTS, UnreadableFile):
            return Enclosure(name=file_name("", number), left_out="damaged")
        return Enclosure(name=name, size=size, load=partial(self._read, _DATA, _BINARY))

    def _object(self, name: str, number: int) -> Enclosure:
        """Return what is attached as an object: a message, or something of another program's."""
        message = self._below(_stream(_DATA, _OBJECT))
        if not any(message._has(part, kind) for part in (_SUBJECT, _PLAIN) for kind in (_UNICODE, _EIGHT_BIT)):
            return Enclosure(name=name, left_out="kind")
        return Enclosure(name=letter_name(message._subject(), ".msg", number), inside=message.open)

    def _below(self, name: str) -> _Folder:
        return _Folder(self.ole, self.entries, self.most, (*self.path, name))

    def _at(self, number: str, kind: str) -> list[str]:
        return [*self.path, _stream(number, kind)]

    def _has(self, number: str, kind: str) -> bool:
        return tuple(self._at(number, kind)) in self.entries

    def _read(self, number: str, kind: str) -> bytes:
        """Return the bytes of a property; raise UnreadableFile where they are not all there."""
        try:
            size = self.ole.get_size(self._at(number, kind))
            # Some sectors may be said to follow each other without end.
            data = bytes(self.ole.openstream(self._at(number, kind)).read()) if size <= self.most else b""
        except _FAULTS as exc:
            raise UnreadableFile(name="") from exc
        if len(data) != size:
            raise UnreadableFile(name="")
        return data

    def _text(self, number: str) -> str:
        """Return a property's text; empty where there is none."""
        if self._has(number, _UNICODE):
            return self._read(number, _UNICODE).decode("utf-16-le", "replace").rstrip("\0")
        return decode(self._read(number, _EIGHT_BIT)).rstrip("\0") if self._has(number, _EIGHT_BIT) else ""

    def _page(self) -> bytes:
        """Return the message as a web page; empty where there is none."""
        return self._read(_HTML, _BINARY) if self._has(_HTML, _BINARY) else self._text(_HTML).encode("utf-8", "replace")

    def _subject(self) -> str:
        try:
            return self._text(_SUBJECT)
        except UnreadableFile:
            return ""

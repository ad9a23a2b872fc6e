"""Says what a file is by its content and refuses what is not safe, or not possible, to read."""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Literal

from govbot.errors import (
    EmptyFile,
    FileMissing,
    FileTooLarge,
    FolderGiven,
    PasswordProtected,
    TruncatedFile,
    UnreadableFile,
    UnsupportedFormat,
    WrongExtension,
)
from govbot.reading.guard_word import check_doc, check_rtf
from govbot.reading.text import wide_encoding
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Format = Literal[
    "pdf", "docx", "odt", "pptx", "xlsx", "html", "csv", "text", "markdown", "rtf", "doc", "zip", "eml", "msg"
]

#: What holds documents and is none itself.
CONTAINERS: frozenset[Format] = frozenset(("zip", "eml", "msg"))

_MEGABYTE = 1 << 20
#: Bytes of the head that are sniffed; a PDF's own mark may stand anywhere in the first 1,024.
_HEAD = 65_536
#: What an Office file may unpack to, in all and in one XML part, and by how much a part above 1 MB may
#: have been packed. Real Office files reach a ratio of 24 (facts/readers.md).
_UNPACKED_MB, _XML_PART_MB, _RATIO = 200, 50, 100
#: Parts of a package; a real document has some hundreds.
_PARTS = 10_000
#: Bytes of the list of parts at a package's end; Python takes ten times as much to hold it.
_DIRECTORY = 16 * _MEGABYTE
#: A DOCTYPE stands before the root element: how far we look for that.
_PROLOG = _MEGABYTE
#: Share of control characters above which a file is no text.
_CONTROL_SHARE = 0.02

_FORMATS: dict[str, Format] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".doc": "doc",
    ".rtf": "rtf",
    ".odt": "odt",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".zip": "zip",
    ".eml": "eml",
    ".msg": "msg",
}
#: What files are by their content -> how they are read.
_READ: dict[str, Format] = {format_: format_ for format_ in _FORMATS.values()}
#: Endings of files that govbot reads.
READ_EXTENSIONS: frozenset[str] = frozenset(_FORMATS)
#: The part that holds what a package is about.
_MAIN_PARTS: dict[str, str] = {
    "docx": "word/document.xml",
    "odt": "content.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
}
#: Where an OpenDocument says which of its parts are encrypted, and by what word.
_MANIFEST, _ENCRYPTED = "META-INF/manifest.xml", b"encryption-data"
#: Formats that are written as plain text.
_WRITTEN: frozenset[str] = frozenset(("html", "csv", "text", "markdown"))
#: Largest web page, in megabytes: lxml takes ten times as much memory. Pictures inside a page count too.
_HTML_MB = 30
#: What is looked at in files that are converted before they are read.
_CHECKS: dict[Format, Callable[[Path], None]] = {"rtf": check_rtf, "doc": check_doc}
#: Endings whose files look like plain text, and govbot does not read them.
_TEXT_FORMATS = {
    ".xml": "xml",
    ".json": "json",
    ".jsonl": "json",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
    (b"%!PS", "postscript"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
)
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OLD_OFFICE = (".doc", ".xls", ".ppt")
#: Fields at the head of an e-mail; how many of them tell one whose file's name does not.
_FIELD = re.compile(rb"([!-9;-~]{1,76}):")
_MAIL_FIELDS = frozenset((b"from", b"to", b"date", b"subject", b"received", b"message-id", b"mime-version"))
_TELLING = 3
#: Those that programs write which carry e-mails, and nobody else.
_CARRIED = frozenset((b"received", b"message-id", b"mime-version"))
#: Largest e-mail, in megabytes: taking it apart needs nine times as much memory.
_MAIL_MB = 100
_LARGEST_MB = {"html": _HTML_MB, "eml": _MAIL_MB}
#: Bytes from a package's end within which its list of parts is announced.
_END_WITHIN = 65_536 + 22 + 76
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML = re.compile(rb"^\s*<\?xml\b", re.I)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27} | {127})


def inspect(path: Path, *, file_mb: int) -> Format:
    """Return the format to read `path` as; raise the DocumentError that says why it cannot be read."""
    head = _read_head(path, file_mb)
    found = _sniff(path, head)
    name, extension = path.name, path.suffix.lower()
    expected = _FORMATS.get(extension)
    if found == "locked":
        raise PasswordProtected(name=name)
    if found in ("binary", "damaged"):
        if (expected is not None and expected not in _WRITTEN) or found == "damaged":
            raise TruncatedFile(name=name)
        raise UnsupportedFormat(name=name, found=say("replies/formats", "binary"))
    if found == "text":
        return _text_format(name, extension, expected)
    # Many programs write Rich Text and call it .doc.
    if expected is not None and expected != found and (expected, found) != ("doc", "rtf"):
        raise WrongExtension(name=name, found=say("replies/formats", found), extension=extension)
    format_ = _READ.get(found)
    if format_ is None:
        raise UnsupportedFormat(name=name, found=say("replies/formats", found))
    if format_ in _MAIN_PARTS:
        _check_package(path, _MAIN_PARTS[format_])
    elif path.stat().st_size > _LARGEST_MB.get(format_, file_mb) * _MEGABYTE:
        raise FileTooLarge(name=name)
    if format_ in _CHECKS:
        _CHECKS[format_](path)
    return format_


def is_mail(head: bytes, extension: str) -> bool:
    """Return whether a file that begins so is an e-mail: by its fields, fewer of them where its name says so too."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()
    if extension == ".eml" and lines and lines[0].startswith((b"From ", b">From ")):
        # Mail programs that keep letters in one file begin each so.
        del lines[0]
    found: set[bytes] = set()
    for line in lines:
        field = _FIELD.match(line)
        if field:
            found.add(field.group(1).lower())
        elif not found or not line.startswith((b" ", b"\t")):
            break
    if extension == ".eml":
        return bool(found & _MAIL_FIELDS)
    # A memo begins with fields too, but no program that carries letters has written in it.
    return len(found & _MAIL_FIELDS) >= _TELLING and bool(found & _CARRIED)


def _text_format(name: str, extension: str, expected: Format | None) -> Format:
    if extension in _TEXT_FORMATS:
        raise UnsupportedFormat(name=name, found=say("replies/formats", _TEXT_FORMATS[extension]))
    if expected is not None and expected not in _WRITTEN:
        raise WrongExtension(name=name, found=say("replies/formats", "text"), extension=extension)
    return expected or "text"


def _read_head(path: Path, file_mb: int) -> bytes:
    try:
        if path.is_dir():
            raise FolderGiven(name=path.name)
        if not path.is_file():
            raise FileMissing(name=path.name)
        if path.stat().st_size > file_mb * _MEGABYTE:
            raise FileTooLarge(name=path.name)
        with path.open("rb") as file:
            head = file.read(_HEAD)
            blank = not head.strip(b" \t\r\n\f\v\0\xef\xbb\xbf")
            while blank and (more := file.read(_MEGABYTE)):
                blank = not more.strip(b" \t\r\n\f\v\0")
                head = head if blank else more[:_HEAD]
    except OSError as exc:
        raise FileMissing(name=path.name) from exc
    if blank:
        raise EmptyFile(name=path.name)
    return head


def _sniff(path: Path, head: bytes) -> str:
    """Return a key of prompts/replies/formats.yaml, or "locked" or "damaged"."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(path)
    # A PDF's mark may stand further on: what holds a PDF is told before.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, found in _MAGIC:
        if head.startswith(magic) and (magic != b"BM" or _is_binary(head)):
            return found
    extension = path.suffix.lower()
    if (extension == ".eml" or extension not in _FORMATS | _TEXT_FORMATS) and is_mail(head, extension):
        return "eml"
    if _is_binary(head):
        return "binary"
    if _HTML.match(head):
        return "html"
    return "xml" if _XML.match(head) else "text"


def _is_binary(head: bytes) -> bool:
    if wide_encoding(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" in head or controls > len(head) * _CONTROL_SHARE


def _sniff_ole(path: Path) -> str:
    """Return what an OLE file holds by the names in its directory, without parsing it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:

        def holds(stream: str) -> bool:
            return data.find(stream.encode("utf-16-le")) >= 0

        # A message may hold Office files, and an old Office file a message.
        if path.suffix.lower() not in _OLD_OFFICE and holds("__substg1.0_"):
            return "msg"
        for stream, found in (
            ("EncryptedPackage", "locked"),
            ("WordDocument", "doc"),
            ("Workbook", "xls"),
            ("PowerPoint Document", "ppt"),
        ):
            if holds(stream):
                return found
    return "damaged" if path.suffix.lower() == ".doc" else "office"


def _sniff_zip(path: Path) -> str:
    if _directory_size(path) > _DIRECTORY:
        raise FileTooLarge(name=path.name)
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if len(package.infolist()) > _PARTS:
                raise FileTooLarge(name=path.name)
            if path.suffix.lower() == ".zip" and not names & {"mimetype", "[Content_Types].xml"}:
                return "zip"
            if "mimetype" in names:
                kind = package.open("mimetype").read(100).decode("ascii", "replace").strip()
                if kind == "application/epub+zip":
                    return "epub"
                return _OPEN_DOCUMENT.get(kind.rpartition(".")[2].split("-")[0], "zip")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return "damaged" if path.suffix.lower() in READ_EXTENSIONS else "zip"
    for folder, found in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return found
    return "damaged" if "[Content_Types].xml" in names else "zip"


def _directory_size(path: Path) -> int:
    """Return the bytes that a package's list of its parts says it has, found as zipfile finds it; 0 without a list."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, _END_WITHIN), 2)
        tail = file.read()
    is_last = tail[-22:-18] == b"PK\x05\x06" and tail.endswith(b"\0\0")
    end = len(tail) - 22 if is_last else tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0
    (size,) = struct.unpack_from("<L", tail, end + 12)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07":
        # Of a package too large for 32 bits a second announcement stands before the first.
        size = max(struct.unpack_from("<Q", tail, end - 76 + 40)[0], 0 if size == 0xFFFFFFFF else size)
    return int(size)


def _check_package(path: Path, main: str) -> None:
    """Refuse a package that unpacks to too much, carries a DTD, is encrypted, or lacks its `main` part."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if main not in package.namelist():
                raise TruncatedFile(name=path.name)
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED_MB * _MEGABYTE:
                raise FileTooLarge(name=path.name)
            for part in parts:
                _check_part(package, part, path.name)
            if _MANIFEST in package.namelist() and _ENCRYPTED in package.read(_MANIFEST):
                raise PasswordProtected(name=path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as exc:
        raise TruncatedFile(name=path.name) from exc
    except (NotImplementedError, ValueError, RuntimeError) as exc:
        raise UnreadableFile(name=path.name) from exc


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if part.flag_bits & 0x1:
        raise PasswordProtected(name=name)
    if part.file_size > _MEGABYTE and part.file_size > _RATIO * max(part.compress_size, 1):
        raise FileTooLarge(name=name)
    if not part.filename.endswith((".xml", ".rels")):
        return
    if part.file_size > _XML_PART_MB * _MEGABYTE:
        raise FileTooLarge(name=name)
    if _has_dtd(package, part):
        raise UnreadableFile(name=name)


def _has_dtd(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Return whether the part declares a DTD, or hides its root element behind a megabyte of prolog."""
    prolog = b""
    with package.open(part) as stream:
        while len(prolog) < _PROLOG:
            more = stream.read(4096)
            prolog += more.replace(b"\0", b"")
            if b"<!DOCTYPE" in prolog.upper():
                return True
            if not more or re.search(rb"<[A-Za-z_]", prolog):
                return False
    return True

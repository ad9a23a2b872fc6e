from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from govbot import errors
from govbot.reading import READ_EXTENSIONS, Limits, read_document
from tests.make_pdf import PdfPage, make_pdf
from tests.unit.reading.make_docx import make_docx, with_part, without_part
from tests.unit.reading.reader import Read

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = make_pdf(PdfPage().text(70, 700, "The Board publishes every decision."))
_DOCX = make_docx("The Board publishes every decision.")
_DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


def _ole(stream: str) -> bytes:
    return _OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 512


def _zip(**parts: bytes | str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


_ODF = b"application/vnd.oasis.opendocument."
_XLSX = _zip(**{"xl/workbook.xml": b"<workbook/>" * 50})
_LOCKED = _zip(
    mimetype=_ODF + b"text",
    **{"content.xml": b"rubbish", "META-INF/manifest.xml": b"<manifest:encryption-data/>"},
)
_REFUSED = [
    ("empty.txt", b"", errors.EmptyFile, None),
    ("blank.txt", b" \n\t\n", errors.EmptyFile, None),
    ("blank.md", b"\n" * 200_000, errors.EmptyFile, None),
    ("draft.docx", _PDF, errors.WrongExtension, "a PDF"),
    ("draft.pdf", _DOCX, errors.WrongExtension, "a Word document"),
    ("draft.pdf", b"only some words", errors.WrongExtension, "plain text"),
    ("draft.txt", b"<!DOCTYPE html><html></html>", errors.WrongExtension, "a web page (HTML)"),
    ("draft.docx", _ole("WordDocument"), errors.WrongExtension, "an old Word document (.doc)"),
    ("draft.doc", _ole("Workbook"), errors.WrongExtension, "an old Excel workbook (.xls)"),
    ("draft.docx", _ole("Drawing"), errors.WrongExtension, "an old Office file"),
    ("draft.rtf", b"words", errors.WrongExtension, "plain text"),
    ("draft.docx", _zip(a=b"b"), errors.WrongExtension, "a ZIP archive"),
    ("draft.ods", _zip(mimetype=_ODF + b"spreadsheet"), errors.UnsupportedFormat, "an OpenDocument spreadsheet (.ods)"),
    ("draft.odt", _zip(mimetype=_ODF + b"presentation"), errors.WrongExtension, "an OpenDocument presentation (.odp)"),
    ("draft.pptx", _XLSX, errors.WrongExtension, "an Excel workbook"),
    ("draft.xlsx", b"Risk,Owner", errors.WrongExtension, "plain text"),
    ("draft.ppt", _ole("PowerPoint Document"), errors.UnsupportedFormat, "an old PowerPoint presentation (.ppt)"),
    ("draft.json", b"{}", errors.UnsupportedFormat, "a data file (JSON)"),
    ("draft.txt", bytes(range(256)) * 8, errors.UnsupportedFormat, "a file of an unknown kind"),
    ("locked.docx", _ole("EncryptedPackage"), errors.PasswordProtected, None),
    ("cut.docx", _DOCX[: len(_DOCX) // 2], errors.TruncatedFile, None),
    ("cut.pdf", _PDF[:300], errors.TruncatedFile, None),
    ("rubbish.pdf", bytes(range(256)) * 8, errors.TruncatedFile, None),
    ("cut.xlsx", _XLSX[: len(_XLSX) // 2], errors.TruncatedFile, None),
    ("rubbish.odt", bytes(range(256)) * 8, errors.TruncatedFile, None),
    ("bare.odt", _zip(mimetype=_ODF + b"text"), errors.TruncatedFile, None),
    ("bare.pptx", _zip(ppt__slides="x"), errors.TruncatedFile, None),
    ("bare.xlsx", _zip(xl__styles="x"), errors.TruncatedFile, None),
    ("dtd.odt", _zip(mimetype=_ODF + b"text", **{"content.xml": _DTD}), errors.UnreadableFile, None),
    ("locked.odt", _LOCKED, errors.PasswordProtected, None),
    ("large.html", b"<html>" + b"<p>word" * 5_000_000, errors.FileTooLarge, None),
    ("bare.docx", without_part(_DOCX, "word/document.xml"), errors.TruncatedFile, None),
    ("dtd.docx", with_part(_DOCX, "word/settings.xml", _DTD), errors.UnreadableFile, None),
    ("bomb.docx", with_part(_DOCX, "word/media.bin", b"\0" * 3_000_000), errors.FileTooLarge, None),
    ("bomb.docx", with_part(_DOCX, "word/document.xml", b"<a/>" * 15_000_000), errors.FileTooLarge, None),
]


@pytest.mark.parametrize(("name", "data", "error", "found"), _REFUSED, ids=[name for name, *_ in _REFUSED])
def test_file_that_cannot_be_read_is_refused_for_what_it_is(
    read: Read, name: str, data: bytes, error: type[errors.DocumentError], found: str | None
) -> None:
    with pytest.raises(errors.DocumentError) as caught:
        read(name, data)
    assert type(caught.value) is error
    assert name in str(caught.value)
    if found:
        assert found in str(caught.value)


def test_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing, match=r"nothing\.pdf"):
        read_document(tmp_path / "nothing.pdf")


@pytest.mark.parametrize("name", ["drafts", "drafts.pdf"])
def test_folder_is_told_to_be_one(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(errors.FolderGiven, match=f"{name} is a folder"):
        read_document(tmp_path / name)


def test_large_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"words and words " * 80_000)
    with pytest.raises(errors.FileTooLarge):
        read_document(path, limits=Limits(file_mb=1))


def test_file_without_extension_is_read_for_what_it_is(read: Read) -> None:
    assert read("draft", _PDF).media_type == "application/pdf"
    assert read("draft", _DOCX).blocks == read("draft.docx", _DOCX).blocks


def test_endings_that_are_read_are_known() -> None:
    assert {
        ".pdf",
        ".docx",
        ".odt",
        ".pptx",
        ".xlsx",
        ".csv",
        ".html",
        ".txt",
        ".md",
        ".rtf",
        ".doc",
    } <= READ_EXTENSIONS

from __future__ import annotations

import stat
import struct
import tempfile
import zipfile
from collections.abc import Iterable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from govbot import errors
from govbot.reading import LeftOut, Limits, read_document, read_documents
from govbot.reading.enclosures import Enclosure, own_name, path_inside, shown_path
from govbot.reading.unpacking import Unpacking
from govbot.records import Unread
from tests.make_pdf import PdfPage, encrypted, make_pdf
from tests.unit.reading.make_docx import make_docx
from tests.unit.reading.reader import Read, ReadAll

TEXT = b"The Board publishes the reasons for every decision that it takes."
PAGE = PdfPage().text(70, 700, "The Board publishes every decision.")
PDF, DOCX = make_pdf(PAGE), make_docx("The Board publishes every decision.")


def make_zip(
    *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def _patched(archive: bytes, local: int, central: int, value: bytes) -> bytes:
    """Return the archive of one file with a field of its two headers changed."""
    data = bytearray(archive)
    data[local : local + len(value)] = value
    at = data.rindex(b"PK\x01\x02") + central
    data[at : at + len(value)] = value
    return bytes(data)


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, mode << 16
    return entry


def test_archive_that_begins_with_a_document_packed_as_it_is_is_an_archive(read_all: ReadAll) -> None:
    assert read_all("a.zip", make_zip(("plan.pdf", PDF), method=zipfile.ZIP_STORED)).names == ["a.zip/plan.pdf"]


def test_a_document_without_a_title_is_called_by_its_own_name(read_all: ReadAll) -> None:
    (document,) = read_all("a.zip", make_zip(("folder/Plan v2.txt", TEXT))).documents
    assert document.title == "Plan v2.txt"


def test_documents_are_read_and_junk_is_not_told_of(read_all: ReadAll) -> None:
    found = read_all(
        "bundle.zip",
        make_zip(
            ("folder/", b""),
            ("folder/strategy.docx", DOCX),
            ("plan.pdf", PDF),
            ("scan", PDF),
            ("photo.png", b"\x89PNG"),
            ("README", TEXT),
            ("__MACOSX/folder/._strategy.docx", b"x"),
            (".DS_Store", b"x"),
            ("folder/Thumbs.db", b"x"),
            ("folder/~$strategy.docx", b"x"),
            (".git/notes.txt", TEXT),
        ),
    )
    assert found.names == ["bundle.zip/folder/strategy.docx", "bundle.zip/plan.pdf", "bundle.zip/scan"]
    assert found.left_out == {
        "bundle.zip/photo.png": "kind",
        "bundle.zip/README": "kind",
        "bundle.zip/.git/notes.txt": "hidden",
    }
    assert found.errors == {}


def test_document_is_what_it_is_by_itself(read: Read, read_all: ReadAll, tmp_path: Path) -> None:
    (inside,) = read_all("bundle.zip", make_zip(("a/plan.docx", DOCX))).documents
    (tmp_path / "bundle.zip").unlink()
    alone = read("plan.docx", DOCX)
    assert (inside.blocks, inside.sha256, inside.media_type) == (alone.blocks, alone.sha256, alone.media_type)
    assert (inside.name, inside.title) == ("bundle.zip/a/plan.docx", "plan.docx")


def test_one_bad_document_does_not_stop_the_others(read_all: ReadAll) -> None:
    found = read_all(
        "b.zip",
        make_zip(
            ("cut.docx", DOCX[:900]),
            ("empty.txt", b""),
            ("locked.pdf", encrypted(PAGE, user="secret")),
            ("no.pdf", TEXT),
            ("no.eml", b"words and words\n" * 9),
            ("good.txt", TEXT),
        ),
    )
    assert found.names == ["b.zip/good.txt"]
    assert found.errors == {
        "b.zip/cut.docx": "TruncatedFile",
        "b.zip/empty.txt": "EmptyFile",
        "b.zip/locked.pdf": "PasswordProtected",
        "b.zip/no.pdf": "WrongExtension",
        "b.zip/no.eml": "WrongExtension",
    }


def test_error_keeps_what_it_says_of_a_document_inside(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(make_zip(("folder/draft.docx", PDF)))
    (error,) = read_documents(path)
    assert str(error).startswith("b.zip/folder/draft.docx ends in .docx, but by its content it is a PDF")


def test_archive_in_an_archive_is_left_out(read_all: ReadAll) -> None:
    inner = make_zip(("a.txt", TEXT))
    found = read_all("b.zip", make_zip(("inner.zip", inner), ("inner", inner), ("b.txt", TEXT)))
    assert found.names == ["b.zip/b.txt"]
    assert found.left_out == {"b.zip/inner.zip": "nested", "b.zip/inner": "nested"}


def test_mail_in_an_archive_is_read_and_what_lies_deeper_is_left_out(read_all: ReadAll) -> None:
    mail = b"Subject: Plan\nFrom: a@b.org\n\n" + b"We publish what we decide and we say why we do so. " * 3
    deep = b'Subject: S\nMIME-Version: 1.0\nContent-Type: application/zip; name="in.zip"\n\nPK'
    found = read_all("b.zip", make_zip(("old/mail.eml", mail), ("deep.eml", deep)))
    assert [(one.name, one.title) for one in found.documents] == [("b.zip/old/mail.eml", "Plan")]
    assert found.left_out == {"b.zip/deep.eml/in.zip": "nested"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/plan.txt", "b.zip/etc/plan.txt"),
        ("/root/plan.txt", "b.zip/root/plan.txt"),
        ("..\\..\\windows\\plan.txt", "b.zip/windows/plan.txt"),
        ("a//./b/plan.txt", "b.zip/a/b/plan.txt"),
        ("red\x1b[31m\x07\u202etxt.plan\n.txt", "b.zip/red[31mtxt.plan .txt"),
        ("Straße — été.txt", "b.zip/Straße — été.txt"),
        ("a" * 300 + ".txt", f"b.zip/{'a' * 140}…{'a' * 55}.txt"),
    ],
)
def test_names_are_shown_safely_and_lead_nowhere(read_all: ReadAll, name: str, shown: str) -> None:
    assert read_all("b.zip", make_zip((name, TEXT))).names == [shown]


def test_files_are_written_under_names_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "b.zip"
    path.write_bytes(make_zip(("../../evil.txt", TEXT), ("x/plan.DOCX", DOCX), ("scan", PDF)))
    for _ in read_documents(path):
        written = {item.name for item in next(tmp_path.glob("govbot-*")).rglob("*")}
        assert written == {"0001.txt", "0002.docx", "0003"}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "été.txt"), ("cp437", "été.txt"), ("cp850", "été.txt")],
)
def test_names_that_do_not_say_how_they_are_encoded_are_read(read_all: ReadAll, encoding: str, shown: str) -> None:
    raw = "été.txt".encode(encoding)
    placeholder = "x" * (len(raw) - 4) + ".txt"
    archive = make_zip((placeholder, TEXT)).replace(placeholder.encode(), raw)
    assert read_all("b.zip", archive).names == [f"b.zip/{shown}"]


def test_links_and_devices_are_left_out(read_all: ReadAll) -> None:
    link, device = _entry("link.txt", stat.S_IFLNK | 0o777), _entry("device.txt", stat.S_IFCHR | 0o600)
    plain = _entry("plain.txt", stat.S_IFREG | 0o600)
    found = read_all("b.zip", make_zip((link, b"/etc/passwd"), (device, b"x"), (plain, TEXT)))
    assert found.left_out == {"b.zip/link.txt": "link", "b.zip/device.txt": "link"}
    assert found.names == ["b.zip/plain.txt"]


def test_encrypted_file_is_told_and_an_archive_of_nothing_else_has_nothing(read_all: ReadAll) -> None:
    found = read_all("b.zip", _patched(make_zip(("a.txt", TEXT)), 6, 8, b"\x01\x00"))
    assert found.left_out == {"b.zip/a.txt": "encrypted"}
    assert found.errors == {"b.zip": "NothingInside"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_python_would_unpack_at_once_is_left_out(read_all: ReadAll, method: int) -> None:
    assert read_all("b.zip", make_zip(("a.txt", TEXT), method=method)).left_out == {"b.zip/a.txt": "packing"}


def test_bombs_are_left_out(read_all: ReadAll) -> None:
    bomb = b"\0" * 30_000_000
    lying = _patched(make_zip(("a.txt", bomb)), 22, 24, struct.pack("<L", 2000))
    assert read_all("b.zip", make_zip(("a.txt", bomb), ("b.txt", TEXT))).left_out == {"b.zip/a.txt": "too_large"}
    assert read_all("b.zip", lying).left_out == {"b.zip/a.txt": "damaged"}


def test_file_shorter_than_it_says_is_damaged(read_all: ReadAll) -> None:
    archive = _patched(make_zip(("a.txt", TEXT)), 22, 24, struct.pack("<L", 500))
    assert read_all("b.zip", archive).left_out == {"b.zip/a.txt": "damaged"}


def test_file_whose_checksum_is_wrong_is_damaged(read_all: ReadAll) -> None:
    archive = make_zip(("a.txt", TEXT), method=zipfile.ZIP_STORED).replace(b"reasons", b"treason")
    assert read_all("b.zip", archive).left_out == {"b.zip/a.txt": "damaged"}


def test_documents_in_one_archive_are_counted(read_all: ReadAll) -> None:
    found = read_all("b.zip", make_zip(*((f"{number:03}.txt", b" ") for number in range(103)), ("a.png", b"")))
    assert len(found.errors) == 100
    assert found.left_out == {
        **{f"b.zip/{number}.txt": "too_many" for number in (100, 101, 102)},
        "b.zip/a.png": "kind",
    }


@pytest.mark.parametrize("is_said", [True, False], ids=["size said", "size not said"])
def test_what_an_archive_unpacks_to_is_counted_in_all(is_said: bool) -> None:
    large, told = bytes(60 << 20), []
    enclosures = [
        Enclosure(name=f"{number}.pdf", load=partial(bytes, data), size=len(data) if is_said else 0)
        for number, data in enumerate([large, large, large, large, TEXT])
    ]
    Unpacking(lambda header, _: told.append(header)).open(iter(enclosures), "zip", "b.zip")
    assert [header["name"] for header in told if "left_out" not in header] == [
        f"b.zip/{number}.pdf" for number in (0, 1, 2, 4)
    ]
    assert {"name": "b.zip/3.pdf", "left_out": "too_large"} in told


def test_archive_of_a_hundred_thousand_files_is_not_opened(read_all: ReadAll) -> None:
    archive = make_zip(*((f"{number}.txt", b"") for number in range(100_000)), method=zipfile.ZIP_STORED)
    assert read_all("b.zip", archive).errors == {"b.zip": "FileTooLarge"}
    assert read_all("b", archive).errors == {"b": "FileTooLarge"}


@pytest.mark.parametrize("is_long", [True, False], ids=["64 bits", "32 bits"])
def test_long_list_of_files_is_not_even_read(read_all: ReadAll, is_long: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 17 << 20
    short = 0xFFFFFFFF if is_long else size
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, short, 0, 0)
    if is_long:
        end = (
            struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, 0)
            + struct.pack("<4sLQL", b"PK\x06\x07", 0, size, 1)
            + end
        )
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert read_all("b.zip", b"PK\x03\x04" + bytes(size) + end).errors == {"b.zip": "FileTooLarge"}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (make_zip(("a.txt", TEXT))[:-30], "TruncatedFile"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "TruncatedFile"),
        (make_zip(), "NothingInside"),
        (make_zip(("a/", b"")), "NothingInside"),
        (make_zip((".DS_Store", b"")), "NothingInside"),
        (PDF, "WrongExtension"),
        (DOCX, "WrongExtension"),
    ],
)
def test_what_is_no_archive_is_refused_for_what_it_is(read_all: ReadAll, data: bytes, error: str) -> None:
    found = read_all("b.zip", data)
    assert (found.documents, found.errors) == ([], {"b.zip": error})


def test_archive_with_a_folder_called_word_is_an_archive(read_all: ReadAll) -> None:
    archive = make_zip(("word/a.txt", TEXT), comment=b"by somebody")
    assert read_all("b.zip", archive).names == ["b.zip/word/a.txt"]


def test_one_document_alone_is_the_archive_s_document(read: Read) -> None:
    document = read(
        "b.zip", make_zip(("a/plan.txt", TEXT), ("photo.png", b""), ("run", b"#!/bin/sh"), (".DS_Store", b""))
    )
    assert (document.name, document.text) == ("b.zip/a/plan.txt", TEXT.decode())
    assert document.unread == (
        Unread(reason="inside.kind", part="b.zip/photo.png", matters=False),
        Unread(reason="inside.kind", part="b.zip/run", matters=False),
    )


def test_beside_one_document_a_few_files_are_named_and_the_rest_counted(read: Read) -> None:
    for count, named in ((21, 21), (22, 20)):
        pictures = [(f"{number}.png", b"") for number in range(count)]
        unread = read("b.zip", make_zip(("a.txt", TEXT), *pictures)).unread
        assert [one.part for one in unread[:named]] == [f"b.zip/{name}" for name, _ in pictures[:named]]
        assert [(one.reason, one.part) for one in unread[named:]] == (
            [] if named == count else [("inside.others", "2 more files")]
        )


def test_where_one_is_wanted_several_documents_are_named(read: Read) -> None:
    with pytest.raises(errors.SeveralDocuments, match=r"holds 2 documents.*b\.zip/a\.txt, b\.zip/cut\.pdf\. Take"):
        read("b.zip", make_zip(("a.txt", TEXT), ("cut.pdf", b"\0"), ("c.png", b"")))
    many = make_zip(*((f"{number}.txt", TEXT) for number in range(12)))
    with pytest.raises(errors.SeveralDocuments, match=r"many\.zip/9\.txt and 2 more\."):
        read("many.zip", many)


@pytest.mark.parametrize(
    ("entries", "error"),
    [
        ([("photo.png", b"")], errors.NothingInside),
        ([("run", b"#!/bin/sh")], errors.NothingInside),
        ([("cut.pdf", b"%PD")], errors.WrongExtension),
    ],
)
def test_where_one_is_wanted_none_is_an_error(
    read: Read, entries: list[tuple[str, bytes]], error: type[errors.DocumentError]
) -> None:
    with pytest.raises(error):
        read("b.zip", make_zip(*entries))


def test_unpacking_ends_where_it_takes_too_long(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(make_zip(("a.txt", TEXT)))
    with pytest.raises(errors.ReadingTooLong, match=r"b\.zip"):
        read_document(path, limits=Limits(seconds=0))


def test_reading_one_file_does_not_need_the_others(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(make_zip(("a.txt", TEXT), ("b.txt", TEXT)))
    assert _first(read_documents(path)).name == "b.zip/a.txt"


def test_of_more_documents_than_are_wanted_the_first_are_read_and_the_others_named(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(make_zip(("a.txt", TEXT), ("b.png", b""), ("cut.pdf", b"\0"), ("c.txt", TEXT), ("d.txt", TEXT)))
    picture, first, error, *others = read_documents(path, most=2)
    assert picture == LeftOut(name="b.zip/b.png", reason="kind")
    assert (getattr(first, "name", ""), isinstance(error, errors.DocumentError)) == ("b.zip/a.txt", True)
    assert others == [LeftOut(name=f"b.zip/{name}.txt", reason="beyond") for name in "cd"]


@pytest.mark.parametrize(
    ("name", "inside", "own"),
    [
        ("plan.docx", "", "plan.docx"),
        ("bundle.zip", "", "bundle.zip"),
        ("Budget 2026/27.docx", "", "Budget 2026/27.docx"),
        ("bundle.ZIP/plan.docx", "plan.docx", "plan.docx"),
        ("bundle.zip/north/plan.docx", "north/plan.docx", "plan.docx"),
        ("mail.eml/papers.zip/plan.docx", "papers.zip/plan.docx", "plan.docx"),
    ],
)
def test_where_a_document_lies(name: str, inside: str, own: str) -> None:
    assert (path_inside(name), own_name(name)) == (inside, own)


def _first(found: Iterable[object]) -> errors.DocumentError:
    return next(iter(found))  # type: ignore[return-value]


def test_path_of_nothing_but_steps_up_has_no_name() -> None:
    assert shown_path("../..") == ""

from __future__ import annotations

import hashlib

import pytest

from tests.unit.reading.make_docx import make_docx
from tests.unit.reading.make_msg import attachment, make_msg, make_ole, message
from tests.unit.reading.reader import Read, ReadAll
from tests.unit.reading.test_archives import make_zip
from tests.unit.reading.test_mail import HEAD, WORDS

DOCX = make_docx("The Board publishes every decision.")


def test_message_and_what_is_attached_are_documents(read_all: ReadAll) -> None:
    data = make_msg("The plan", f"{WORDS}\n> Old\n", attached=(attachment("strategy.docx", DOCX),))
    found = read_all("mail.msg", data)
    letter, draft = found.documents
    assert (letter.name, letter.title, letter.media_type, letter.text) == (
        "mail.msg", "The plan", "application/vnd.ms-outlook", WORDS,
    )  # fmt: skip
    assert (draft.name, draft.sha256) == ("mail.msg/strategy.docx", hashlib.sha256(DOCX).hexdigest())
    assert (found.left_out, found.errors) == ({}, {})


def test_message_without_a_name_that_says_so_is_told_by_its_streams(read_all: ReadAll) -> None:
    assert read_all("mail", make_msg("Plan", WORDS)).names == ["mail"]


def test_message_that_holds_an_old_office_file_is_a_message(read_all: ReadAll) -> None:
    old = make_ole({"PowerPoint Document": b"x"})
    found = read_all("mail.msg", make_msg("Plan", WORDS, attached=(attachment("old.ppt", old),)))
    assert (found.names, found.left_out) == (["mail.msg"], {"mail.msg/old.ppt": "kind"})
    assert read_all("old.ppt", make_ole({"PowerPoint Document": make_msg("Plan", WORDS)})).errors == {
        "old.ppt": "UnsupportedFormat"
    }


def test_message_that_is_only_a_page_is_read_as_one(read_all: ReadAll) -> None:
    page = f"<html><head><meta charset='windows-1252'></head><p>Zoë,</p><p>{WORDS}</p></html>".encode("cp1252")
    (letter,) = read_all("mail.msg", make_msg("Plan", html=page)).documents
    assert [block.text for block in letter.blocks] == ["Zoë,", WORDS]


def test_eight_bit_text_is_read(read_all: ReadAll) -> None:
    data = make_msg(P0037001E="Été".encode("cp1252"), P1000001E=WORDS.encode())
    assert [(one.title, one.text) for one in read_all("mail.msg", data).documents] == [("Été", WORDS)]


def test_message_that_is_only_rich_text_is_told(read_all: ReadAll) -> None:
    assert read_all("mail.msg", make_msg("Plan", P10090102=b"LZFu")).left_out == {"mail.msg": "rich_text"}


def test_what_is_not_read_is_told_by_name(read_all: ReadAll) -> None:
    attached = (
        attachment("logo.png", b"x", content_id="1@b"),
        attachment("map.png", b"x"),
        attachment("winmail.dat", b"x"),
        attachment("smime.p7m", b"x"),
        attachment("cloud.docx", None),
        attachment("sheet", {"Workbook": b"x"}),
        attachment("..\\..\\evil.exe", b"x"),
        attachment("", b"#!/bin/sh"),
    )
    found = read_all("mail.msg", make_msg("Plan", WORDS, attached=attached))
    assert found.names == ["mail.msg"]
    assert found.left_out == {
        "mail.msg/map.png": "kind",
        "mail.msg/winmail.dat": "tnef",
        "mail.msg/smime.p7m": "encrypted",
        "mail.msg/cloud.docx": "elsewhere",
        "mail.msg/sheet": "kind",
        "mail.msg/evil.exe": "kind",
        "mail.msg/attachment 8": "kind",
    }


def test_message_attached_to_a_message_is_read_and_what_lies_deeper_is_left_out(read_all: ReadAll) -> None:
    inner = message(
        "Older/letter",
        WORDS,
        attached=(attachment("strategy.docx", DOCX), attachment("deep", message("Deep", WORDS))),
    )
    archive = make_zip(("plan.txt", WORDS.encode()))
    attached = (
        attachment("", inner),
        attachment("papers.zip", archive),
        attachment("old.eml", HEAD + b"\n" + WORDS.encode()),
    )
    found = read_all("mail.msg", make_msg("Plan", attached=attached))
    assert found.names == [
        "mail.msg/Older-letter.msg",
        "mail.msg/Older-letter.msg/strategy.docx",
        "mail.msg/papers.zip/plan.txt",
        "mail.msg/old.eml",
    ]
    assert found.left_out == {"mail.msg/Older-letter.msg/Deep.msg": "nested"}


def test_message_attached_as_a_file_is_read(read_all: ReadAll) -> None:
    archive = make_zip(("old.msg", make_msg("Plan", WORDS)))
    assert read_all("b.zip", archive).names == ["b.zip/old.msg"]


def test_many_and_long_streams_are_read(read_all: ReadAll) -> None:
    attached = tuple(attachment(f"{number}.txt", f"{number} {WORDS}".encode() * 60) for number in range(30))
    found = read_all("mail.msg", make_msg("Plan", attached=attached))
    assert found.names == [f"mail.msg/{number}.txt" for number in range(30)]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_message_cut_off_ends_well(read_all: ReadAll, share: float) -> None:
    data = make_msg("Plan", WORDS, attached=(attachment("strategy.docx", DOCX),))
    found = read_all("mail.msg", data[: int(len(data) * share)])
    assert found.documents == []
    assert found.errors


def _with_field(data: bytes, stream: str, at: int, value: bytes) -> bytes:
    """Return the message with a field of a stream's entry changed: 116 is where it begins, 120 its size."""
    changed = bytearray(data)
    at += data.index(f"__substg1.0_{stream}".encode("utf-16-le"))
    changed[at : at + len(value)] = value
    return bytes(changed)


@pytest.mark.parametrize(
    ("stream", "at", "value", "names", "left_out"),
    [
        ("37010102", 116, b"\xff\xff\xff\x0f", ["mail.msg"], {"mail.msg/strategy.docx": "damaged"}),
        ("37010102", 120, b"\xff\xff\xff\x00", ["mail.msg"], {"mail.msg/strategy.docx": "damaged"}),
        ("37010102", 120, b"\xff\xff\xff\x7f", ["mail.msg"], {"mail.msg/strategy.docx": "too_large"}),
        ("3707001F", 120, b"\xff\xff\xff\x7f", ["mail.msg"], {"mail.msg/attachment 1": "damaged"}),
        ("1000001F", 120, b"\xff\xff\xff\x7f", ["mail.msg/strategy.docx"], {"mail.msg": "damaged"}),
        ("0037001F", 120, b"\xff\xff\xff\x7f", ["mail.msg", "mail.msg/strategy.docx"], {}),
    ],
)
def test_message_with_a_damaged_stream_is_read_beside_it(
    read_all: ReadAll, stream: str, at: int, value: bytes, names: list[str], left_out: dict[str, str]
) -> None:
    data = make_msg("Plan", WORDS, attached=(attachment("strategy.docx", DOCX),))
    found = read_all("mail.msg", _with_field(data, stream, at, value))
    assert (found.names, found.left_out) == (names, left_out)


def test_message_alone_is_the_document(read: Read) -> None:
    assert read("mail.msg", make_msg("Plan", WORDS)).title == "Plan"

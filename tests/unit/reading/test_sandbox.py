from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from govbot.errors import EmptyFile, PasswordProtected, ReadingTooLong
from govbot.reading import Limits, read_document, read_text
from govbot.reading.codec import dump_document, dump_error, dump_lines, load_document, load_lines
from govbot.reading.process import run
from govbot.records import Block, Document, PageTurn, Unread
from tests.make_pdf import PdfPage, encrypted, make_bomb, make_pdf, make_recursive_form
from tests.unit.reading.reader import Read

_PAGE = PdfPage().text(70, 700, "The Board publishes every decision that it takes.")


@pytest.mark.parametrize("data", [make_bomb(320), make_recursive_form()], ids=["bomb", "recursive"])
def test_file_that_takes_all_memory_is_stopped(read: Read, data: bytes) -> None:
    with pytest.raises(ReadingTooLong):
        read("bomb.pdf", data)


def test_file_that_takes_all_time_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(make_bomb(320))
    started = time.monotonic()
    with pytest.raises(ReadingTooLong):
        read_document(path, limits=Limits(seconds=1, memory_mb=4096))
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read off /proc")
def test_memory_of_a_program_is_its_own_and_not_ours() -> None:
    ours = bytearray(b"x" * (300 << 20))
    found = run([sys.executable, "-c", "input()"], {}, seconds=60, given=b"\n")
    assert (found.code, len(ours)) == (0, 300 << 20)
    assert found.peak_mb < 100


def test_user_password_is_named(read: Read) -> None:
    with pytest.raises(PasswordProtected, match=r"locked\.pdf"):
        read("locked.pdf", encrypted(_PAGE, user="secret"))


def test_owner_password_alone_reads(read: Read) -> None:
    assert [block.text for block in read("open.pdf", encrypted(_PAGE, user="")).blocks] == [
        "The Board publishes every decision that it takes."
    ]


def test_importing_the_room_loads_no_parser() -> None:
    parsers = "pypdfium2", "docx", "lxml", "numpy"
    code = f"from govbot.reading import *; import sys; print([name for name in {parsers} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_document_survives_its_way_out_of_the_subprocess() -> None:
    block = Block(
        kind="list_item", text="a b", section=("S",), page=1, page_is_approximate=True, paragraph=2,
        lead_in="We will:", turns=(PageTurn(offset=1, page=2),), layout="sheets",
    )  # fmt: skip
    row = Block(kind="table_row", text="x\ty", header=("A", "B"), ocr_confidence=0.0)
    document = Document(
        name="n", title="t", media_type="m", sha256="0", pages=None, blocks=(block, row),
        unread=(Unread(reason="picture_page", page=3),),
    )  # fmt: skip
    assert load_document(json.loads(dump_document(document))) == document
    lines = dump_lines(document)
    assert load_lines(lines) == document
    with pytest.raises(ValueError):
        load_lines(lines[: lines.rindex(b"\n")])


def test_name_of_an_error_survives_its_way_out_of_the_subprocess() -> None:
    assert load_lines(dump_error("NoText")) == "NoText"


def test_block_of_real_text_is_written_as_it_was_before_scans_were_read() -> None:
    document = Document(
        name="n", title="t", media_type="m", sha256="0", pages=None, blocks=(Block(kind="paragraph", text="a"),)
    )
    assert json.loads(dump_document(document))["blocks"] == [{"kind": "paragraph", "text": "a"}]


def test_same_file_reads_the_same(read: Read) -> None:
    data = make_pdf(_PAGE)
    assert read("a.pdf", data) == read("a.pdf", data)


def test_standard_input_is_plain_text() -> None:
    document = read_text("The Board will:\n- publish\n- listen\n", name="-")
    assert [(block.kind, block.text, block.lead_in) for block in document.blocks] == [
        ("paragraph", "The Board will:", ""),
        ("list_item", "publish", "The Board will:"),
        ("list_item", "listen", "The Board will:"),
    ]
    with pytest.raises(EmptyFile):
        read_text(" \n", name="-")

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.reading import read_text
from govbot.reading.text import decode, read_markdown, read_plain, wide_encoding
from tests.unit.reading.reader import Read


def _plain(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_text(text, name="-").blocks]


def _markdown(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_markdown(text).blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_recognised(encoding: str) -> None:
    assert decode("The Council’s café – £5".encode(encoding)) == "The Council’s café – £5"


def test_a_file_put_together_from_two_encodings_is_read_in_both() -> None:
    assert decode("The café".encode("cp1252") + " has £5 – no more".encode()) == "The café has £5 – no more"


@pytest.mark.parametrize("data", [b"", b"ab" * 50, b"\0" * 100, b"a\0bc" * 25])
def test_other_bytes_are_no_16_bit_text(data: bytes) -> None:
    assert wide_encoding(data) is None


def test_wrapped_lines_are_one_paragraph_and_long_lines_are_their_own() -> None:
    wrapped = "The Council has set out how it will work with residents\nover the next three years and beyond.\n\nNext."
    assert _plain(wrapped) == [
        ("paragraph", "The Council has set out how it will work with residents over the next three years and beyond."),
        ("paragraph", "Next."),
    ]
    line = (
        "A paragraph of its own that is written on a single line, whatever its length may be, as an editor does. " * 2
    )
    assert len(_plain(f"{line}\n{line}\n")) == 2


def test_bullet_at_the_end_of_a_line_belongs_to_that_line() -> None:
    text = "It poses three questions:\n\nWhat is it for?•\t\nTo whom does it\u2022\t\nanswer?\n\nThe aim is clear.\n"
    blocks = read_text(text, name="-").blocks
    assert [(block.kind, block.text, block.lead_in) for block in blocks] == [
        ("paragraph", "It poses three questions:", ""),
        ("list_item", "What is it for?", "It poses three questions:"),
        ("list_item", "To whom does it answer?", "It poses three questions:"),
        ("paragraph", "The aim is clear.", ""),
    ]


@pytest.mark.parametrize(
    ("text", "heading", "level"),
    [
        ("4.2 Risk and assurance\n\nText follows here.\n", "4.2 Risk and assurance", 2),
        ("RISK AND ASSURANCE\nText follows here.\n", "RISK AND ASSURANCE", 1),
        ("Risk\n====\nText follows here.\n", "Risk", 1),
    ],
)
def test_clear_headings_are_seen(text: str, heading: str, level: int) -> None:
    first, second = read_text(f"Before it.\n\nOTHER PART\n\n{text}", name="-").blocks[2:]
    assert (first.kind, first.text, first.level) == ("heading", heading, level)
    assert second.section[-1] == heading


@pytest.mark.parametrize("text", ["Phase two", "NHS", "1. Item one\n2. Item two", "The Board meets monthly"])
def test_doubtful_headings_are_not(text: str) -> None:
    assert all(kind != "heading" for kind, _ in _plain(text))


def test_form_feed_inside_a_sentence_does_not_part_it() -> None:
    text = "The Council has set out how it will work with the many\n\fresidents of the borough in the years to come.\n"
    assert len(_plain(text)) == 1


def test_markdown_marks_go_and_words_stay() -> None:
    text = (
        "---\ntitle: Our plan\n---\n# Risk\n\nThe **Board** reads [the report](http://x.y) _often_.\n<!-- gone -->\n\n"
        "> Quoted words.\n\n```\ncode\n```\n\n* one\n  goes on\n    * deeper\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    )
    assert _markdown(text) == [
        ("heading", "Risk"),
        ("paragraph", "The Board reads the report often."),
        ("paragraph", "Quoted words."),
        ("list_item", "one goes on"),
        ("list_item", "deeper"),
        ("table_row", "1\t2"),
    ]
    assert read_markdown(text).title == "Our plan"
    assert read_markdown(text).blocks[-1].header == ("A", "B")


def test_markdown_files_are_read_as_such(read: Read) -> None:
    blocks = read("plan.md", b"## Risk\n\nThe Board meets.\n").blocks
    assert [(block.kind, block.paragraph, block.page) for block in blocks] == [
        ("heading", 1, None),
        ("paragraph", 2, None),
    ]


@given(st.text(alphabet="aB1. \n\t•-*_[]()#|>`=\f", max_size=200))
def test_any_text_reads_and_keeps_its_order(text: str) -> None:
    for blocks in (read_markdown(text).blocks, read_plain(text).blocks):
        assert all(block.text.strip() == block.text and block.text for block in blocks)
        assert [block.paragraph for block in blocks] == list(range(1, len(blocks) + 1))

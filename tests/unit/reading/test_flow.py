from __future__ import annotations

import pytest

from govbot.reading.flow import Piece, remarks, show_numbers, without_repeats
from govbot.records import Block, BlockKind, PageTurn, Unread

NOTICE = "This plan is a draft and must not be copied."


def _blocks(*pages: int | None, text: str = NOTICE, kind: BlockKind = "paragraph") -> tuple[Block, ...]:
    return tuple(Block(kind=kind, text=text, page=page) for page in pages)


@pytest.mark.parametrize("pages", [(1, 2, 3, 4), (2, 2, 3, 4, 5), (None, None, None, None)])
def test_a_paragraph_on_many_pages_counts_once(pages: tuple[int | None, ...]) -> None:
    blocks, other = _blocks(*pages), _blocks(1, text="We lend books.")
    assert without_repeats(blocks[:1] + other + blocks[1:]) == blocks[:1] + other


@pytest.mark.parametrize(
    "blocks",
    [
        _blocks(1, 2, 3),
        _blocks(1, 1, 2, 3),
        _blocks(1, 2, 3, 4, text="This plan is a draft for you"),
        _blocks(1, 2, 3, 4, kind="table_row"),
        _blocks(1, 2, 3, 4, kind="list_item"),
        _blocks(1, 2, 3, 4, kind="heading"),
    ],
)
def test_what_stands_on_few_pages_is_short_or_no_paragraph_is_kept(blocks: tuple[Block, ...]) -> None:
    assert without_repeats(blocks) == blocks


def test_a_paragraph_that_is_a_list_item_too_counts_once() -> None:
    item = _blocks(1, kind="list_item")
    assert without_repeats(item + _blocks(2, 3, 4, 5)) == item


def test_headings_alone_show_their_numbers_and_their_pages_turn_where_they_did() -> None:
    heading = Piece(
        kind="heading", text="Risk and its owners", level=2, number="7.3", turns=(PageTurn(offset=5, page=2),)
    )
    text = Piece(kind="paragraph", text="The board will meet.", number="7.4")
    show_numbers([heading, text])
    assert (heading.text, heading.turns) == ("7.3 Risk and its owners", (PageTurn(offset=9, page=2),))
    assert text.text == "The board will meet."


def test_comments_are_told_where_there_are_any() -> None:
    assert remarks(0) == ()
    assert remarks(1) == (Unread(reason="comments", part="1 comment", matters=False),)
    assert remarks(3) == (Unread(reason="comments", part="3 comments", matters=False),)

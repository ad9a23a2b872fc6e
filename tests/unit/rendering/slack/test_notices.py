from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.rendering.slack.actions import RETRY, Ref
from govbot.rendering.slack.notices import (
    DraftChoice,
    denied_message,
    failure_message,
    help_message,
    inside_message,
    menu_message,
    progress_message,
)

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]
NAME = "Housing Strategy v3.docx"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"step": "waiting"}, "Waiting to read Housing Strategy v3.docx …"),
        ({"step": "waiting", "queue_position": 1}, "Waiting to read Housing Strategy v3.docx: one draft comes first …"),
        ({"step": "waiting", "queue_position": 2}, "Waiting to read Housing Strategy v3.docx: 2 drafts come first …"),
        ({"step": "reading"}, "Reading Housing Strategy v3.docx …"),
        ({"step": "reading", "done": 2, "total": 3}, "Reading Housing Strategy v3.docx: 2 of 3 documents …"),
        (
            {"step": "matching", "done": 40, "total": 96, "seconds_left": 28.0},
            "Matching Housing Strategy v3.docx: 40 of 96 passages, about 30 seconds left …",
        ),
        ({"step": "matching", "seconds_left": 3.0}, "Matching Housing Strategy v3.docx, a few seconds left …"),
        ({"step": "matching", "seconds_left": 60.0}, "Matching Housing Strategy v3.docx, about a minute left …"),
        ({"step": "matching", "seconds_left": 170.0}, "Matching Housing Strategy v3.docx, about 3 minutes left …"),
        ({"step": "writing"}, "Writing the reply on Housing Strategy v3.docx …"),
    ],
)
def test_progress(arguments: dict[str, Any], sentence: str, drawn: Drawn) -> None:
    message = progress_message(NAME, **arguments)
    assert drawn(message.blocks) == message.text == sentence


def test_failure_can_be_tried_again(drawn: Drawn) -> None:
    message = failure_message("b.pdf", "b.pdf is protected by a password. Remove it.", job="job 1")
    assert drawn(message.blocks).splitlines() == [
        "There is no reply on b.pdf.",
        "b.pdf is protected by a password. Remove it.",
        "[Try again]",
    ]
    (press,) = message.blocks[-1]["elements"]
    assert (press["action_id"], press["value"]) == (RETRY, "job 1")


def test_failure_that_no_second_try_mends(drawn: Drawn) -> None:
    assert "[" not in drawn(failure_message("b.pdf", "It is empty.").blocks)


@pytest.mark.parametrize(
    ("total", "checked", "sentence"),
    [
        (2, 2, "b.zip holds 2 documents. Each is checked by itself and has a reply of its own in this thread."),
        (2, 1, "b.zip holds 2 documents. One of them is checked and has a reply of its own in this thread."),
        (5, 3, "b.zip holds 5 documents. 3 of them are checked, and each has a reply of its own in this thread."),
    ],
)
def test_file_that_holds_several(total: int, checked: int, sentence: str, drawn: Drawn) -> None:
    assert drawn(inside_message("b.zip", total=total, checked=checked).blocks) == sentence


@pytest.mark.parametrize(("count", "last"), [(13, "- Not 12."), (14, "- and 2 more files that were not checked")])
def test_what_a_file_holds_beside_is_told_up_to_a_dozen(count: int, last: str, drawn: Drawn, refused: Refused) -> None:
    message = inside_message("b.zip", total=2, checked=2, left_out=[f"Not {number}." for number in range(count)])
    assert drawn(message.blocks).splitlines()[1:][:2] == ["- Not 0.", "- Not 1."]
    assert drawn(message.blocks).splitlines()[-1] == last
    assert refused(inside_message("<!here>" * 90, total=9, checked=1, left_out=["<!here> " * 400] * 40)) == ()


def test_denial_names_nothing() -> None:
    assert denied_message().text == (
        "You have no access to that draft, so I cannot show it. Ask somebody who shared it to add you to its channel."
    )


def test_menu_remembers_what_waits(drawn: Drawn) -> None:
    drafts = [DraftChoice(document=7, title="Housing", version=2, at=datetime(2027, 5, 3, tzinfo=UTC))]
    message = menu_message(drafts, "errand 9")
    assert drawn(message.blocks) == "Which draft do you mean?\n[Choose a draft v]"
    (menu,) = message.blocks[1]["elements"]
    (option,) = menu["options"]
    assert message.blocks[1]["block_id"] == "which:errand 9"
    assert (option["text"]["text"], option["description"]["text"]) == ("Housing", "version 2, 3 May 2027")
    assert Ref.unpack(option["value"]) == Ref(document=7)


def test_menu_of_no_draft_says_what_to_do() -> None:
    assert menu_message([], "x").text.startswith("I know no draft that you may see here.")


def test_help_shows_three_things_to_try_and_what_is_not_done(drawn: Drawn) -> None:
    lines = drawn(help_message().blocks).splitlines()
    assert [line[:2] for line in lines] == ["# ", "1.", "2.", "3.", "Wh", "I "]


@settings(deadline=None)
@given(text=st.text(max_size=200).map(lambda text: text * 60), number=st.integers(0, 120))
def test_slack_refuses_nothing(text: str, number: int, refused: Refused) -> None:
    drafts = [DraftChoice(document=one, title=text, version=one) for one in range(number)]
    messages = [
        progress_message(text, "matching", done=number, total=number, seconds_left=number),
        failure_message(text, text, job=text),
        menu_message(drafts, text),
    ]
    assert [refused(message) for message in messages] == [()] * 3

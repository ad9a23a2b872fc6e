from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.rendering.plain import cut, heading, one_line


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("R4\tRoof  fails\t\t12", "R4 | Roof fails | 12"),
        ("First.\nSecond.", "First. / Second."),
        ("First.\r\n\u2028Second.", "First. / Second."),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x07", "click"),
        ("\x1b]0;never ended", "0;never ended"),
        ("a\x1bcb\x00c\x07d\x7fe\x9bf", "abcdef"),
        ("pay \u202e001\u202c now\u2066", "pay 001 now"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("का\u200dम 👩\u200d🔧", "का\u200dम 👩\u200d🔧"),
        ("[bold]not bold[/bold] :smile:", "[bold]not bold[/bold] :smile:"),
        ("50\u00a0km", "50 km"),
    ],
)
def test_one_line(raw: str, shown: str) -> None:
    assert one_line(raw) == shown


@given(st.text())
def test_nothing_that_acts_on_a_screen_is_left(text: str) -> None:
    shown = one_line(text)
    assert {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} == set()
    assert one_line(shown) == shown


@pytest.mark.parametrize(
    ("text", "words", "characters", "shown"),
    [
        ("one two three", 3, 50, "one two three"),
        ("one two, three", 2, 50, "one two …"),
        ("one | two | three", 4, 50, "one | two …"),
        ("one two three", 9, 9, "one two …"),
        ("x" * 60, 9, 10, "x" * 10 + " …"),
    ],
)
def test_cut(text: str, words: int, characters: int, shown: str) -> None:
    assert cut(text, words, characters) == shown


def test_heading_is_the_innermost() -> None:
    assert heading(("Bridges", "2\tSafety")) == "2 | Safety"
    assert heading(()) == ""

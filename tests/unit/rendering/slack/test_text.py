from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govbot.rendering.plain import one_line
from govbot.rendering.slack.text import clean, cut, plain


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("tell @channel and @Here", "tell @\u2060channel and @\u2060Here"),
        ("*bold* snake_case", "\u2060*\u2060bold\u2060*\u2060 snake\u2060_\u2060case"),
        ("see https://x.example or www.x.example", "see https:\u2060//x.example or www\u2060.x.example"),
        ("pay \u202e001\u202c\x07 now", "pay 001 now"),
        ("R4\tRoof\nfails", "R4 | Roof / fails"),
    ],
)
def test_plain(raw: str, shown: str) -> None:
    assert plain(raw) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("one two", 7, "one two"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 7, "one…"),
        ("one, two", 5, "one…"),
        ("x" * 50, 10, "x" * 9 + "…"),
        ("a &amp; b", 6, "a…"),
        ("&lt;&lt;&lt;", 10, "&lt;&lt;…"),
        ("&lt;&lt;", 7, "&lt;…"),
        ("a&amp;b", 6, "a…"),
    ],
)
def test_cut(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


def test_a_long_word_is_broken_unseen() -> None:
    assert clean("x" * 130) == "\u200b".join(["x" * 60, "x" * 60, "x" * 10])
    assert one_line(clean("x" * 10_000, 20_000)) == "x" * 10_000


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("&<>@!U1|channel *_~`\u202e\n\x00://w.")), st.integers(5, 60))
@example("://", 5)
@example("w://w.w", 60)
def test_nothing_in_plain_text_acts(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert not re.search(r"[<>\n\x00\u202e]|&(?!amp;|lt;|gt;)|@channel|://", shown)

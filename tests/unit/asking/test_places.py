from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.asking.places import Form, place, shorten
from govbot.records import Layout, Nearest


def stands(*, page: int | None, approximate: bool, paragraph: int | None, layout: Layout = "text") -> Nearest:
    return Nearest(
        quote="x",
        page=page,
        page_is_approximate=approximate,
        paragraph=paragraph,
        section=(),
        score=0.1,
        threshold=0.5,
        layout=layout,
    )


@pytest.mark.parametrize(
    ("page", "approximate", "paragraph", "forms"),
    [
        (4, False, None, ["page 4", "p. 4", "on page 4", "On page 4"]),
        (4, False, 9, ["page 4", "p. 4", "on page 4", "On page 4"]),
        # A page that is a guess is never given where there is a paragraph.
        (4, True, 9, ["paragraph 9", "para. 9", "in paragraph 9", "In paragraph 9"]),
        (None, False, 9, ["paragraph 9", "para. 9", "in paragraph 9", "In paragraph 9"]),
        (4, True, None, ["page 4 or near it", "about p. 4", "on or near page 4", "On or near page 4"]),
        (None, False, None, ["the draft", "the draft", "in the draft", "In the draft"]),
    ],
)
def test_place(page: int | None, approximate: bool, paragraph: int | None, forms: list[str]) -> None:  # noqa: FBT001
    found = stands(page=page, approximate=approximate, paragraph=paragraph)
    ways: tuple[Form, ...] = ("place", "short", "at", "At")
    assert [place(found, form) for form in ways] == forms
    assert place(found) == forms[0]


@pytest.mark.parametrize(
    ("layout", "page", "paragraph", "forms"),
    [
        ("slides", 4, None, ["slide 4", "slide 4", "on slide 4", "On slide 4"]),
        ("sheets", None, 9, ["row 9", "row 9", "in row 9", "In row 9"]),
        ("sheets", None, None, ["the draft", "the draft", "in the draft", "In the draft"]),
    ],
)
def test_slides_and_rows_are_called_what_they_are(
    layout: Layout, page: int | None, paragraph: int | None, forms: list[str]
) -> None:
    found = stands(page=page, approximate=False, paragraph=paragraph, layout=layout)
    ways: tuple[Form, ...] = ("place", "short", "at", "At")
    assert [place(found, form) for form in ways] == forms


def test_what_was_read_by_ocr_is_said_to_be() -> None:
    found = replace(stands(page=4, approximate=False, paragraph=None), ocr_confidence=0.934)
    ways: tuple[Form, ...] = ("place", "inside", "short", "at", "At")
    assert [place(found, form) for form in ways] == [
        "page 4, read by OCR (word confidence 93%)",
        "page 4, read by OCR, word confidence 93%",
        "p. 4, OCR",
        "on page 4 (read by OCR)",
        "On page 4 (read by OCR)",
    ]
    assert place(replace(found, ocr_confidence=0.0)) == "page 4, read by OCR (word confidence 0%)"
    assert place(replace(found, ocr_confidence=None), "inside") == "page 4"


@pytest.mark.parametrize(
    ("quote", "words", "expected"),
    [
        ("One two three.", 3, "One two three."),
        ("One two three.", 2, "One two …"),
        ("One, two; three", 1, "One …"),
        ("One two – three", 3, "One two …"),
        ("One\ttwo\nthree", 5, "One two three"),
        ("", 3, ""),
    ],
)
def test_shorten(quote: str, words: int, expected: str) -> None:
    assert shorten(quote, words) == expected


@given(st.lists(st.sampled_from(["the", "Board,", "–", "meets;"]), max_size=9), st.integers(1, 9))
def test_shortened_quote_starts_as_the_quote_does(words: list[str], most: int) -> None:
    quote, found = " ".join(words), shorten(" ".join(words), most)
    assert quote.startswith(found.removesuffix("…").rstrip())
    assert len(found.removesuffix(" …").split()) <= most
    assert found.endswith("…") == (len(words) > most)

from __future__ import annotations

import tracemalloc

import pytest

from govbot.reading.glyphs import Vocabulary

LINES = ["The board meets in public every month and the swings are mended", "A well-kept park is a long-", "term Gain"]


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [("well", "kept", "well-kept"), ("pub", "lic", "public"), ("PUB", "lic", "PUBlic"), ("foot", "path", "footpath")],
)
def test_the_documents_own_words_decide_on_a_hyphen_at_a_line_s_end(left: str, right: str, joined: str) -> None:
    assert Vocabulary(LINES).join(left, right) == joined


def test_halves_of_a_parted_word_are_no_words() -> None:
    assert not {"long", "term"} & Vocabulary(LINES)._words.keys()
    assert Vocabulary(LINES)._words["gain"] == 1


def test_words_of_a_long_document_take_no_more_memory_than_its_different_ones() -> None:
    def peak(times: int) -> int:
        tracemalloc.start()
        Vocabulary(line for _ in range(times) for line in LINES).join("pub", "lic")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    assert peak(5_000) < 2 * peak(50)

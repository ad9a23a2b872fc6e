from __future__ import annotations

import re

import numpy as np
import pytest
import yaml

from govbot.frameworks import nothing_examples
from govbot.matching import cues
from govbot.matching.cues import count_cues
from govbot.resources import resource

CUES: dict[str, list[str]] = yaml.safe_load(resource("principles/cues.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("goodwill in the willow", {}),
        ("The Board WILL publish it", {"promise": 1, "detail": 1}),
        ("It must and shall, and will and will", {"promise": 3}),
        ("There is no policy", {"missing": 1, "planning": 1}),
        ("We have at present no deputy", {"missing": 1}),
        ("It was reviewed last year", {"done": 2, "checking": 1}),
    ],
)
def test_cues_count_whole_words_once_a_pattern(text: str, expected: dict[str, int]) -> None:
    (found,) = count_cues([text])
    assert {name: int(4 * count) for name, count in zip(CUES, found, strict=True) if count} == expected


def test_no_pattern_is_missed_for_the_words_that_it_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that is not done must be one that would find nothing."""
    texts = [
        "'has been' done; (was agreed) — per cent, 40%; didn't 'plan to'; due to be held by 2027, in response",
        "UNFUNDED in April, each Year; no-one has signed; there is not; it REMAINS unclear, still to come",
        *(example.text for example in nothing_examples()[::5]),
    ]
    found = count_cues(texts)
    cues._cues.cache_clear()
    monkeypatch.setattr(cues, "_openings", lambda _: frozenset())
    try:
        np.testing.assert_array_equal(found, count_cues(texts))
    finally:
        cues._cues.cache_clear()


def test_more_than_four_of_a_kind_count_as_four() -> None:
    text = "It will, shall, must, intends to, is going to, is to be held by April"
    assert count_cues([text])[0][list(CUES).index("promise")] == 1.0


def test_counts_are_a_row_a_text() -> None:
    found = count_cues(["It will", "", "It must not"])
    assert (found.shape, found.dtype) == ((3, len(CUES)), np.float32)
    assert count_cues([]).shape == (0, len(CUES))
    np.testing.assert_array_equal(found[0], count_cues(["It will"])[0])


@pytest.mark.parametrize("name", CUES)
def test_patterns_of_a_cue_are_well_formed_and_differ(name: str) -> None:
    assert all(re.compile(pattern) for pattern in CUES[name])
    assert len(set(CUES[name])) == len(CUES[name])

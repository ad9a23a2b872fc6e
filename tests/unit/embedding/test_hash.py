from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.embedding import Encoder
from govbot.testing import HashEncoder


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_texts_give_unit_vectors_that_depend_on_nothing_else(texts: list[str]) -> None:
    encoder: Encoder = HashEncoder()
    vectors = encoder.encode(texts)
    assert (vectors.shape, vectors.dtype) == ((len(texts), encoder.dim), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(vectors[::-1], HashEncoder().encode(texts[::-1]))


def test_vector_is_the_same_on_every_machine() -> None:
    places = np.flatnonzero(HashEncoder(dim=8).encode(["a"])[0]).tolist()
    assert (places, HashEncoder(dim=8).name) == ([2, 5], "hash-8")


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("The board approves the budget", "The budget is approved by the board", "Buses run late on Sundays"),
        ("planning", "plans", "bridges"),
    ],
)
def test_like_texts_are_near(text: str, near: str, far: str) -> None:
    own, close, distant = HashEncoder().encode([text, near, far])
    assert own @ close > own @ distant + 0.15


def test_encoder_keeps_what_it_was_asked_and_tells_progress() -> None:
    told: list[int] = []
    encoder = HashEncoder()
    encoder.encode(["a", "b"], progress=told.append)
    encoder.encode(["a"])
    assert (encoder.encoded, told) == (["a", "b", "a"], [1, 1])

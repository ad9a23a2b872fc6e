from __future__ import annotations

import numpy as np
import pytest

from govbot.matching.grams import BUCKETS, gram_features, score_grams

TEXTS = ["", "Write it. Publish it | by 3 May", "it", "We publish it"] * 200


def test_scores_are_the_product_of_features_and_weights() -> None:
    weights = np.random.default_rng(1).normal(size=(BUCKETS, 3)).astype(np.float32)
    found = score_grams(TEXTS, weights)
    assert found.shape == (800, 3)
    np.testing.assert_allclose(found, gram_features(TEXTS) @ weights, atol=1e-5)
    # Where a text stands among others changes nothing.
    np.testing.assert_allclose(score_grams(TEXTS[1:2], weights), found[1:2], atol=1e-6)


def test_no_texts_have_no_scores() -> None:
    assert score_grams([], np.ones((BUCKETS, 2), dtype=np.float32)).shape == (0, 2)


def test_texts_of_any_length_weigh_alike() -> None:
    lengths = np.sqrt(gram_features(["publish", "alpha beta gamma delta epsilon zeta eta theta"]).power(2).sum(axis=1))
    assert lengths[0, 0] == pytest.approx(lengths[1, 0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("due on 3 May 2027", "due on 14 May 2031", True),
        ("DONE", "done", True),
        ("It isn’t done", "It isn't done", True),
        ("Owner: clerk", "Owner | clerk", True),
        ("seen and heard", "heard and seen", False),
        ("Done. Reviewed", "Reviewed. Done", False),
        ("register agreed", "agreed register", False),
        ("review", "reviewed", False),
    ],
)
def test_words_and_their_order_count_and_numbers_are_alike(one: str, other: str, *, same: bool) -> None:
    first, second = (sorted(gram_features([text]).indices) for text in (one, other))
    assert (first == second) is same

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from govbot.matching import Heads, Manner, Matcher
from govbot.matching.cues import count_cues
from govbot.matching.grams import BUCKETS, gram_features
from govbot.matching.heads import (
    CUE_WEIGHT,
    calibrate,
    gate_score,
    judge,
    manner_features,
    nearness,
    principle_score,
    rank_score,
    score,
)
from govbot.records import STAGES, STANCES, STRENGTHS


def array(*values: object) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


#: Two criteria in two dimensions, each the axis of its own; the gate knows nothing but nearness to a title.
HEADS = Heads(
    rank=array([1, 0], [0, 1]),
    rank_bias=array(0, 0),
    memory=array([1, 0], [0, 1]),
    memory_criteria=np.array([0, 1]),
    nearness_scale=0.5,
    least_nearness=-1.0,
    titles=array([1, 0], [0, 1]),
    principles=np.array([0, 1]),
    principle_weight=1.0,
    words=np.array(["east", "north"]),
    word_weights=array([2, 0], [0, 4]),
    word_scale=0.5,
    gate=array(0, 0, 0),
    gate_scale=array(0, 1, 0, 1, 0, 1, 0, 1),
    gate_calibration=array(1, 0),
    rank_calibration=array(1, 0, 0),
    thresholds=array(0.5, 0.6),
    precision=array(0.9, 0.8),
    recall=array(0.7, 0.6),
)
EAST, NORTH, WEST = array([1, 0]), array([0, 1]), array([-1, 0])
#: Nothing in common with the words of either criterion.
NOTHING = array([0, 0])


def test_nearness_is_the_mean_of_the_nearest_with_the_rows_mean_taken_off() -> None:
    memory = array([1, 0], [0.8, 0.6], [0, 1], [0, -1], [-1, 0], [0.6, 0.8], [1, 0])
    criteria = np.array([0, 0, 0, 0, 0, 0, 1])
    # The five nearest of the first: 1, .8, .6, 0 and 0, of which the mean is .48; the second has only one.
    np.testing.assert_allclose(nearness(EAST, memory, criteria, 2), [[0.48 - 0.74, 1 - 0.74]], atol=1e-6)


def test_criteria_of_one_principle_speak_for_each_other() -> None:
    found = principle_score(array([1, 1, 1.2], [3, -20, -999]), np.array([0, 0, 1]))
    # Two alike are 2 ln 2 above each; one far below the other adds nothing.
    np.testing.assert_allclose(found, [[1 + 2 * np.log(2)] * 2 + [1.2], [3, 3, -999]], atol=1e-4)
    one = replace(HEADS, rank=array([0, 0], [0, 0]), rank_bias=array(0, 0), word_scale=1.0, principles=np.array([0, 0]))
    # Near: 1 and -1, which count twice; half of it is the principle's, the same for both.
    assert rank_score(one, EAST, NOTHING)[0] == pytest.approx([1, -1])
    assert rank_score(replace(one, principle_weight=0.0), EAST, NOTHING)[0] == pytest.approx([2, -2])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [2.5, -2.5]),  # linear: 1 and 0; near: 1 and -1, which count twice
        ({"nearness_scale": 1.0}, [1.5, -1.5]),
        ({"rank_bias": array(0, 1)}, [2, -2]),
        ({"rank_bias": array(7, 7)}, [2.5, -2.5]),
        ({"rank": array([0, 0], [0, 0])}, [2, -2]),
        # What is nothing is near to no criterion.
        ({"memory": array([1, 0], [0, 1], [1, 0]), "memory_criteria": np.array([0, 1, 2])}, [2.5, -2.5]),
    ],
)
def test_ranks_are_the_sum_of_both_judges(change: dict[str, object], expected: list[float]) -> None:
    np.testing.assert_allclose(rank_score(replace(HEADS, **change), EAST, NOTHING), [expected], atol=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 2 * 0.5 + 1),  # twice the mean cosine to what was taught, and the nearest title's cosine
        ({"gate_scale": array(0, 1, 0.5, 0.25, 0, 1, 0, 1)}, 2 * 0.5 + 2),
        ({"gate_scale": array(1, 0.5, 0, 1, 0, 1, 0, 1)}, 2 * -1 + 1),
        ({"gate": array(3, 9, -1)}, 2 * 0.5 + 1 + 2),  # the linear judge, its bias last
        ({"gate": array(3, 9, -1), "gate_scale": array(0, 1, 0, 1, 1, 0.25, 0, 1)}, 2 * 0.5 + 1 + 4),
        ({"memory": array([1, 0], [0, 1], [-1, 0]), "memory_criteria": np.array([0, 1, 2])}, 2 * 1.5 + 1),
        ({"memory": array([1, 0], [0, 1], [1, 0]), "memory_criteria": np.array([0, 1, 2])}, 2 * -0.5 + 1),
    ],
)
def test_gate_mixes_nearness_with_a_linear_judge(change: dict[str, object], expected: float) -> None:
    np.testing.assert_allclose(gate_score(replace(HEADS, **change), EAST, NOTHING), [expected], atol=1e-6)  # type: ignore[arg-type]


def test_words_in_common_rank_a_criterion_higher_and_open_the_gate() -> None:
    shared = array([1, 3])
    # Half of what is shared, with the row's mean taken off.
    np.testing.assert_allclose(rank_score(HEADS, EAST, shared), [[2.5 - 0.5, -2.5 + 0.5]], atol=1e-6)
    # Three quarters of the most that is shared with any criterion.
    np.testing.assert_allclose(gate_score(HEADS, EAST, shared), [2 * 0.5 + 1 + 0.75 * 3], atol=1e-6)


def test_a_text_is_scored_by_its_own_words() -> None:
    plain, north = score(HEADS, ["nowhere", "North"], np.concatenate([EAST, EAST]))
    assert north[1] > plain[1]
    assert north[1] / north[0] > plain[1] / plain[0]


@pytest.mark.parametrize(
    ("gate_calibration", "rank_calibration", "expected"),
    [
        ((1, 0), (1, 0, 0), [sigmoid(2) * sigmoid(1), sigmoid(2) * sigmoid(-1)]),
        ((2, -3), (1, 0, 0), [sigmoid(1) * sigmoid(1), sigmoid(1) * sigmoid(-1)]),
        ((1, 0), (0, 2, 0.5), [sigmoid(2) * sigmoid(0.5), sigmoid(2) * sigmoid(-3.5)]),
    ],
)
def test_probability_is_governance_times_criterion(
    gate_calibration: tuple[float, ...], rank_calibration: tuple[float, ...], expected: list[float]
) -> None:
    heads = replace(HEADS, gate_calibration=array(*gate_calibration), rank_calibration=array(*rank_calibration))
    np.testing.assert_allclose(calibrate(heads, array(2), array([1, -1])), [expected], atol=1e-6)


def test_scores_are_probabilities_whatever_comes() -> None:
    vectors = np.random.default_rng(1).normal(scale=99, size=(50, 2)).astype(np.float32)
    found = score(HEADS, ["x"] * 50, vectors)
    assert (found.shape, found.dtype) == ((50, 2), np.float32)
    assert 0 <= found.min() <= found.max() <= 1
    assert score(HEADS, [], vectors[:0]).shape == (0, 2)


CUES = count_cues([""]).shape[1]


def manner() -> Manner:
    """Return a manner in which the first dimension speaks for the last name, the second for the first."""

    def weights(names: tuple[str, ...]) -> np.ndarray:
        found = np.zeros((len(names), 2 + CUES + 1), dtype=np.float32)
        found[-1, 0], found[0, 1] = 1, 1
        return found

    return Manner(
        strength=weights(STRENGTHS),
        stance=weights(STANCES)[::-1],
        stage=weights(STAGES),
        grams=np.zeros((BUCKETS, 9), dtype=np.float32),
    )


@pytest.mark.parametrize(
    ("vector", "judged"),
    [
        (EAST, ("evidence", "positive", "act")),
        (NORTH, ("mention", "absent", "plan")),
        (array([1, 2]), ("mention", "absent", "plan")),
    ],
)
def test_manner_is_that_of_the_greatest_score(vector: np.ndarray, judged: tuple[str, ...]) -> None:
    found = judge(manner(), ["x"], vector)
    assert (found.strengths[0], found.stances[0], found.stages[0]) == judged


def test_what_is_missing_is_no_more_than_mentioned() -> None:
    absent = replace(manner(), stance=manner().stance[::-1])
    assert (judge(absent, ["x"], EAST).strengths, judge(absent, ["x"], EAST).stances) == (("mention",), ("absent",))


def test_bias_decides_where_nothing_speaks() -> None:
    biased = manner()
    biased.stage[2, -1] = 0.1
    assert judge(biased, ["x"], array([0, 0])).stages == ("check",)


def test_words_decide_where_nothing_else_speaks() -> None:
    told = manner()
    told.stance[STANCES.index("absent"), -1] = 0.15
    columns = [STRENGTHS.index("commitment"), 3 + STANCES.index("positive"), 5 + STAGES.index("check")]
    told.grams[np.unique(gram_features(["we ought to"]).indices)[:, None], columns] = 0.1
    found = judge(told, ["we ought to", "x"], array([0, 0], [0, 0]))
    assert (found.strengths[0], found.stances[0], found.stages[0]) == ("commitment", "positive", "check")
    assert found.stances[1] == "absent"


def test_features_are_the_vector_and_the_weighted_cues() -> None:
    text = "We will publish it by April."
    expected = np.concatenate([EAST[0], CUE_WEIGHT * count_cues([text])[0]])
    np.testing.assert_array_equal(manner_features([text], EAST), [expected])


def test_matcher_accepts_from_the_threshold_on() -> None:
    vectors = np.concatenate([EAST, NORTH, WEST])
    scores = score(HEADS, ["x"] * 3, vectors)
    heads = replace(HEADS, thresholds=array(scores[0, 0], np.nextafter(scores[1, 1], np.float32(1))))
    matcher = Matcher(framework="f", version="v", model="m", criteria=("a", "b"), heads=heads, manner=manner())
    found = matcher.match(["x"] * 3, vectors)
    assert found.accepted.tolist() == [[True, False], [False, False], [False, False]]
    np.testing.assert_array_equal(found.scores, scores)
    assert (found.criteria, found.stages) == (("a", "b"), ("act", "plan", "plan"))
    assert matcher.match([], vectors[:0]).scores.shape == (0, 2)


def test_reliability_is_known_where_it_was_measured() -> None:
    heads = replace(HEADS, recall=array(0.7, np.nan))
    matcher = Matcher(framework="f", version="v", model="m", criteria=("a", "b"), heads=heads, manner=manner())
    found = matcher.reliability("a")
    assert found is not None
    assert (found.precision, found.recall) == (pytest.approx(0.9), pytest.approx(0.7))
    assert matcher.reliability("b") is None


def test_words_that_are_like_no_example_of_a_criterion_are_not_quoted_for_it() -> None:
    heads = replace(HEADS, least_nearness=0.7)
    matcher = Matcher(framework="f", version="v", model="m", criteria=("east", "north"), heads=heads, manner=manner())
    texts, vectors = ["x"] * 3, np.concatenate([EAST, array([0.6, 0.8]), array([0.8, 0.6])])
    judged = judge(manner(), texts, vectors)
    whole, quoted = matcher.match_judged(texts, vectors, judged), matcher.match_quotes(texts, vectors, judged)
    is_like = np.array([[True, False], [False, True], [True, False]])
    np.testing.assert_array_equal(quoted.scores, np.where(is_like, whole.scores, 0))
    np.testing.assert_array_equal(quoted.accepted, whole.accepted & is_like)
    assert whole.scores.min() > 0

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from govbot.frameworks import Example
from govbot.matching import FOLDS, Lessons, Matcher, Trained, assign_folds, gather_lessons, train_heads, train_manner
from govbot.matching.heads import judge, score
from govbot.matching.training import _fit_gate, choose_thresholds
from govbot.records import STAGES, STANCES, STRENGTHS, Stance, Strength
from govbot.testing import HashEncoder
from tests.unit.made_up import framework, garden_examples


def lessons_of(principles: int) -> Lessons:
    found = framework(principles=principles)
    return gather_lessons(found, garden_examples(*found.criterion_ids), HashEncoder())


def train(lessons: Lessons) -> Trained:
    return train_heads(lessons, folds=assign_folds(lessons, {}), folded=[lessons] * FOLDS)


@pytest.fixture(scope="module", params=[1, 2], ids=["two criteria", "three criteria"])
def lessons(request: pytest.FixtureRequest) -> Lessons:
    return lessons_of(request.param)


@pytest.fixture(scope="module")
def trained(lessons: Lessons) -> Trained:
    return train(lessons)


def test_lessons_are_the_examples_and_what_the_framework_says(lessons: Lessons) -> None:
    count = lessons.labels.shape[1]
    examples = garden_examples(*("P1", "P2", "Q")[:count])
    assert lessons.labels.sum(axis=0).tolist() == [24] * count
    assert lessons.hard.tolist() == [example.hard for example in examples]
    # Eight phrases, title, description, what counts, aliases and four notes of each criterion.
    assert np.bincount(lessons.anchor_criteria).tolist() == [16] * count
    assert len(lessons.titles) == count
    np.testing.assert_array_equal(lessons.vectors, HashEncoder().encode([example.text for example in examples]))


def test_phrases_are_measured_where_no_example_is() -> None:
    nothing = [example for example in garden_examples() if not example.criteria]
    found = gather_lessons(framework(), nothing, HashEncoder())
    assert found.labels.sum(axis=0).tolist() == [8, 8, 8]
    assert len(found.labels) == len(nothing) + 24


def test_held_out_examples_are_told_apart(lessons: Lessons, trained: Trained) -> None:
    something = lessons.labels.any(axis=1)
    best = trained.held_out[something].argmax(axis=1)
    assert (best == lessons.labels[something].argmax(axis=1)).mean() >= 0.95
    accepted = (trained.held_out >= trained.heads.thresholds).any(axis=1)
    assert accepted[something].mean() >= 0.9
    assert accepted[~something].mean() <= 0.1


def test_the_gate_s_linear_judge_tells_something_from_nothing(lessons: Lessons, trained: Trained) -> None:
    gate = trained.heads.gate
    taken = lessons.vectors @ gate[:-1] + gate[-1] > 0
    assert (taken == lessons.labels.any(axis=1)).mean() >= 0.95


def test_without_anything_that_is_nothing_the_gate_has_no_linear_judge() -> None:
    vectors = HashEncoder().encode(["The fence is painted.", "The beds are watered."])
    assert not _fit_gate(vectors, np.array([True, True])).any()


def test_what_is_evidence_of_nothing_teaches_what_is_not_said_to_be_missing() -> None:
    def said(text: str, stance: Stance | None) -> Example:
        strength, stage = ("evidence", "do") if stance else (None, None)
        return Example(id=text, text=text, criteria=(), strength=strength, stance=stance, stage=stage)

    told = [said("There is no fence.", "absent"), said("The fence is painted.", "positive")]
    harmless = [said(f"No bus sang on day {number}.", None) for number in range(20)]
    text = ["No bus sang on day 99."]
    stances = [
        judge(train_manner(examples, HashEncoder()), text, HashEncoder().encode(text)).stances
        for examples in (told, [*told, *harmless])
    ]
    assert stances == [("absent",), ("positive",)]


def test_of_equal_examples_what_real_documents_have_most_is_likeliest() -> None:
    def told(strength: Strength, number: int) -> Example:
        return Example(
            id=f"{number}", text="The same.", criteria=("P1",), strength=strength, stance="positive", stage="plan"
        )

    alike = [told(strength, number) for number in range(3) for strength in STRENGTHS]
    of_two = [told(strength, number) for number in range(3) for strength in STRENGTHS[1:]]
    vectors = HashEncoder().encode(["The same."])
    for examples, likeliest in ((alike, "mention"), (of_two, "commitment")):
        assert judge(train_manner(examples, HashEncoder()), ["The same."], vectors).strengths == (likeliest,)


def test_trained_matcher_knows_new_texts(lessons: Lessons, trained: Trained) -> None:
    examples = [
        Example(id=f"{said}", text=" ".join(said), criteria=(), strength=said[0], stance=said[1], stage=said[2])
        for said in product(STRENGTHS, STANCES, STAGES)
    ]
    manner = train_manner(examples, HashEncoder())
    ids = framework().criterion_ids[: lessons.labels.shape[1]]
    matcher = Matcher(framework="g", version="v", model="m", criteria=ids, heads=trained.heads, manner=manner)
    texts = ["Neighbours fill the watering cans with hoses", "They mend the gate and rails of the fence", "A bus sang"]
    found = matcher.match(texts, HashEncoder().encode(texts))
    assert found.accepted[:, :2].tolist() == [[True, False], [False, True], [False, False]]
    told = [example.text for example in examples]
    judged = judge(manner, told, HashEncoder().encode(told))
    assert judged.stages == tuple(example.stage for example in examples)
    assert judged.stances == tuple(example.stance for example in examples)


def test_training_gives_the_same_heads_again(lessons: Lessons, trained: Trained) -> None:
    again = train(lessons)
    np.testing.assert_array_equal(again.held_out, trained.held_out)
    np.testing.assert_array_equal(again.heads.thresholds, trained.heads.thresholds)


def test_quotes_must_be_as_like_the_examples_as_most_examples_are(lessons: Lessons) -> None:
    assert train(lessons).heads.least_nearness == -1
    folds = assign_folds(lessons, {})
    least = [
        train_heads(narrow, folds=folds, folded=[narrow] * FOLDS).heads.least_nearness
        for narrow in (replace(lessons, unlike=share) for share in (0.1, 0.3, 0.6))
    ]
    assert -1 < least[0] < least[1] < least[2] < 1


def test_framework_of_one_criterion_can_be_trained() -> None:
    value = framework(principles=1)
    (principle,) = value.principles
    one = value.model_copy(update={"principles": (principle.model_copy(update={"criteria": principle.criteria[:1]}),)})
    lessons = gather_lessons(one, garden_examples("P1"), HashEncoder())
    trained = train(lessons)
    # What bears on governance at all bears on its only criterion.
    accepted = trained.held_out >= trained.heads.thresholds
    assert accepted[lessons.labels].mean() >= 0.9
    assert accepted[~lessons.labels].mean() <= 0.1
    texts = ["Neighbours fill the watering cans with hoses", "A bus sang"]
    scores = score(trained.heads, texts, HashEncoder().encode(texts))
    assert (scores >= trained.heads.thresholds).tolist() == [[True], [False]]


def test_a_fold_that_holds_all_examples_of_something_leaves_the_judges_sound() -> None:
    lessons = gather_lessons(framework(), garden_examples("P1", "P2", "Q"), HashEncoder())
    something = lessons.labels.any(axis=1)
    folds = np.where(something, 0, np.arange(len(something)) % 3 + 1)
    found = train_heads(lessons, folds=folds, folded=[lessons] * 4)
    assert np.isfinite(found.held_out).all()
    assert np.isfinite(found.heads.word_scale)


def test_criterion_without_examples_is_trained_without_a_warning() -> None:
    found = train(gather_lessons(framework(), garden_examples("P1", "P2"), HashEncoder()))
    assert found.heads.thresholds.shape == (3,)


def test_rows_are_judged_by_the_encoder_that_was_not_taught_them(lessons: Lessons) -> None:
    folds = assign_folds(lessons, {})
    rng = np.random.default_rng(1)
    nonsense = replace(lessons, vectors=rng.normal(size=lessons.vectors.shape).astype(np.float32))
    found = train_heads(lessons, folds=folds, folded=[nonsense, *[lessons] * (FOLDS - 1)]).held_out
    something = lessons.labels.any(axis=1)
    right = found.argmax(axis=1) == lessons.labels.argmax(axis=1)
    assert right[something & (folds != 0)].mean() >= 0.9
    assert right[something & (folds == 0)].mean() <= 0.8


def test_what_readers_differ_on_is_neither_right_nor_wrong() -> None:
    lessons = lessons_of(1)
    taught = garden_examples("P1", "P2")
    other = [
        example.model_copy(update={"also": ("P2",)}) if example.criteria == ("P1",) else example for example in taught
    ]
    found = gather_lessons(framework(principles=1), other, HashEncoder())
    assert found.also.sum(axis=0).tolist() == [0, 24]
    assert (found.labels == lessons.labels).all()
    assert not (found.also & found.labels).any()


# Thresholds


def thresholds(probabilities: list[list[float]], labels: list[list[bool]], hard: list[bool]) -> np.ndarray:
    also = np.zeros_like(labels, dtype=bool)
    lessons = replace(lessons_of(1), labels=np.array(labels), also=also, hard=np.array(hard))
    return choose_thresholds(np.array(probabilities, dtype=np.float32), lessons)


def test_threshold_parts_what_is_from_what_is_not() -> None:
    some = [[0.8, 0.1], [0.7, 0.2], [0.1, 0.6], [0.1, 0.5]] * 20
    none = [[0.3, 0.1]] * 40
    labels = [[True, False], [True, False], [False, True], [False, True]] * 20 + [[False, False]] * 40
    found = thresholds(some + none, labels, [False] * 80 + [True] * 40)
    assert 0.3 < found[1] < found[0] <= 0.7
    assert found[1] == pytest.approx(0.5)


def test_criterion_of_few_examples_follows_the_common_threshold() -> None:
    common = [[0.5, 0.0]] * 400 + [[0.0, 0.9]] + [[0.2, 0.2]] * 50
    labels = [[True, False]] * 400 + [[False, True]] + [[False, False]] * 50
    found = thresholds(common, labels, [False] * 401 + [True] * 50)
    assert found[0] == pytest.approx(0.5)
    assert found[1] == pytest.approx(0.5 + 0.4 / 201, abs=1e-3)


def test_nothing_that_sounds_like_governance_weighs_as_in_a_draft() -> None:
    labels = [[True, False]] * 30 + [[False, True]] * 30 + [[False, False]] * 10
    probabilities = [[0.8, 0.0], [0.4, 0.0]] * 15 + [[0.0, 0.9]] * 30 + [[0.45, 0.0]] * 10
    strict = thresholds(probabilities, labels, [False] * 60 + [True] * 10)
    easy = thresholds(probabilities, labels, [False] * 70)
    # Ten that count as ninety outweigh the fifteen that a lower threshold would find.
    assert strict[0] > 0.45 > easy[0]


def test_threshold_takes_no_notice_of_what_readers_differ_on() -> None:
    labels = np.array([[True, False]] * 40 + [[False, True]] * 40)
    held_out = np.array([[0.6, 0.9]] * 40 + [[0.1, 0.5]] * 40, dtype=np.float32)
    lessons = replace(lessons_of(1), labels=labels, hard=np.zeros(80, dtype=bool), also=np.zeros((80, 2), dtype=bool))
    differs = replace(lessons, also=labels[:, ::-1] & (held_out > 0.8))
    assert choose_thresholds(held_out, lessons)[1] < 0.6
    assert choose_thresholds(held_out, differs)[1] == pytest.approx(0.5, abs=0.05)

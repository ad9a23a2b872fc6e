from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.frameworks import Example
from govbot.matching import FOLDS, Lessons, assign_folds, gather_lessons, share_out
from govbot.testing import HashEncoder
from tests.unit.made_up import framework, garden_examples


def lessons_of(vectors: np.ndarray, labels: np.ndarray, batches: tuple[str, ...] = ()) -> Lessons:
    found = gather_lessons(framework(), garden_examples("P1", "P2", "Q"), HashEncoder())
    own = tuple(f"only {row}" for row in range(len(vectors)))
    main = labels.argmax(axis=1)
    return replace(found, vectors=vectors, labels=labels, main=main, batches=batches or own)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(2, 6), min_size=30, max_size=40), st.integers(0, 99))
def test_near_duplicates_never_straddle_folds(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(sizes), 64))
    vectors = np.repeat(centres, sizes, axis=0) + rng.normal(scale=0.05, size=(sum(sizes), 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    folds = assign_folds(lessons_of(vectors, np.eye(2, dtype=bool)[cluster % 2]), {})
    assert set(folds) == set(range(FOLDS))
    for number in range(len(sizes)):
        assert len(set(folds[cluster == number])) == 1


def test_duplicates_by_way_of_another_are_held_out_together() -> None:
    angles = np.radians([0, 20, 40, 60])  # neighbours have a cosine of .94, the ends of .5
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ np.eye(2, 20)
    vectors = np.concatenate([chain, np.eye(20)[2:]]).astype(np.float32)
    folds = assign_folds(lessons_of(vectors, np.ones((len(vectors), 1), dtype=bool)), {})
    assert len(set(folds[:4])) == 1


def test_batches_are_held_out_whole_where_there_are_enough() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(120, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    batches = tuple(f"author {row % 6}" for row in range(120))
    folds = assign_folds(lessons_of(vectors, np.eye(2, dtype=bool)[np.arange(120) // 60], batches), {})
    assert set(folds) == set(range(FOLDS))
    assert all(len({folds[row] for row in range(120) if batches[row] == name}) == 1 for name in set(batches))


def test_rows_of_a_taught_batch_keep_the_fold_of_its_encoder() -> None:
    vectors = np.eye(40, dtype=np.float32)
    batches = ("known",) * 10 + tuple(map(str, range(30)))
    folds = assign_folds(lessons_of(vectors, np.ones((40, 1), dtype=bool), batches), {"known": 2})
    assert set(folds[:10]) == {2}
    assert set(folds[10:]) == set(range(FOLDS))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({}, {}),
        ({"": 2}, {"only 0": 0, "only 1": 1}),
        ({"a": 1}, {"a": 0}),
        ({"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}, {"a": 0, "b": 1, "c": 2, "d": 3, "e": 3}),
        ({"b": 2, "a": 2}, {"a": 0, "b": 1}),
    ],
)
def test_batches_are_shared_out_evenly(sizes: dict[str, int], expected: dict[str, int]) -> None:
    examples = [
        Example(id=f"{batch}{number}", text="x", criteria=(), batch=batch)
        for batch, size in sizes.items()
        for number in range(size)
    ]
    assert share_out(examples) == expected


def test_every_group_is_spread_over_the_folds_whatever_else_there_is() -> None:
    def group(name: str, sizes: list[int]) -> list[Example]:
        return [
            Example(id=f"{name}{batch}{number}", text="x", criteria=(), batch=f"{name}{batch}")
            for batch, size in enumerate(sizes)
            for number in range(size)
        ]

    large, small = group("large", [90, 80, 70, 60, 50]), group("small", [3, 3, 3, 3])
    shared = group("large", [5]) + group("last", [2])
    found = share_out(large, small, shared)
    assert [found[f"small{number}"] for number in range(FOLDS)] == list(range(FOLDS))
    assert found["last0"] == 1  # the fold of large0 has some of this group already

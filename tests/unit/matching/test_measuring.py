from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from govbot.frameworks import Example
from govbot.frameworks.examples import Reading
from govbot.matching import FOLDS, Report, assign_folds, gather_lessons, measure, measuring, train_heads
from govbot.testing import HashEncoder
from tests.unit.made_up import framework, garden_examples


def example(*criteria: str, second: tuple[str, ...] | None = None, also: tuple[str, ...] = ()) -> Example:
    again = None if second is None else Reading(criteria=second)
    return Example(id="a", text="x", criteria=criteria, also=also, second=again)


@pytest.fixture(scope="module")
def report() -> Report:
    found = framework()
    examples = list(garden_examples("P1", "P2", "Q"))
    # One batch's worth is labelled as something else than it says, so that there is something to get wrong.
    wrong = next(row for row, one in enumerate(examples) if one.criteria == ("P1",))
    examples[wrong] = examples[wrong].model_copy(update={"criteria": ("Q",)})
    lessons = gather_lessons(found, examples, HashEncoder())
    folds = assign_folds(lessons, {})
    trained = train_heads(lessons, folds=folds, folded=[lessons] * FOLDS)
    return measure(found, examples, lessons, trained, folds=folds, manner={}, untaught=HashEncoder())


def test_report_counts_what_was_taught(report: Report) -> None:
    examples = garden_examples("P1", "P2", "Q")
    assert report.examples == sum(bool(one.criteria) for one in examples)
    assert report.nothing == sum(not one.criteria for one in examples)
    assert report.hard == sum(one.hard for one in examples)
    assert [row.id for row in report.criteria] == ["P1", "P2", "Q"]
    assert [row.examples for row in report.criteria] == [23, 24, 25]


def test_report_finds_the_example_that_is_labelled_wrong(report: Report) -> None:
    assert [(pair.meant, pair.said) for pair in report.confusions] == [("Q", "P1")]
    assert [(miss.meant, miss.said) for miss in report.misses if miss.meant] == [(("Q",), "P1")]
    by_id = {row.id: row for row in report.criteria}
    assert by_id["P1"].precision < 1 == by_id["P2"].precision
    assert by_id["Q"].recall == pytest.approx(24 / 25, abs=0.05)
    for row in report.criteria:
        assert row.f1 == pytest.approx(2 * row.precision * row.recall / (row.precision + row.recall))


def test_govbot_stands_last_in_the_table(report: Report) -> None:
    assert report.shipped is report.rows[-1]
    assert [row.method for row in report.rows][-2:] == ["plain logistic regression", "govbot"]
    assert report.shipped.criterion_top1 >= 0.95


def test_bands_hold_every_pair_once(report: Report) -> None:
    assert sum(band.count for band in report.bands) == 3 * (report.examples + report.nothing)
    for band in report.bands:
        assert band.low <= band.promised <= band.high
        assert 0 <= band.came_true <= 1
    assert report.bands[-1].came_true > 0.9 > 0.1 > report.bands[0].came_true


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("aabb", "aabb", 1),
        ("aabb", "bbaa", -1),
        ("aabb", "abab", 0),
        ("aaab", "aabb", 0.5),  # agree 3/4; by chance 3/4 × 1/2 + 1/4 × 1/2 = 1/2
        ("aaaa", "aaaa", 1),
    ],
)
def test_kappa_is_agreement_beyond_chance(first: str, second: str, expected: float) -> None:
    assert measuring._kappa(first, second) == pytest.approx(expected)


def test_agreement_is_of_those_read_twice() -> None:
    told = {"strength": "evidence", "stance": "positive", "stage": "plan"}
    read = Reading(criteria=("P1",), strength="evidence", stance="positive", stage="do")
    twice = Example(id="a", text="x", criteria=("P1",), second=read, **told)  # type: ignore[arg-type]
    other = replace_second(twice, criteria=("P2",), stage="plan")
    found = measuring._agreement([twice, other, example("P1"), example()])
    assert found is not None
    assert (found.passages, found.strength, found.stance) == (2, 1, 1)
    assert found.main == found.stage == 0
    assert measuring._agreement([example("P1")]) is None


def replace_second(one: Example, **changes: object) -> Example:
    assert one.second is not None
    return one.model_copy(update={"second": one.second.model_copy(update=changes)})


def test_any_reader_is_right() -> None:
    assert measuring.accepted_by_readers(example("P1", also=("P2",), second=("Q",))) == {"P1", "P2", "Q"}
    held_out = np.array([[0.1, 0.8, 0.2]] * 3, dtype=np.float32)
    rows = [example("P1"), example("P1", also=("P2",)), example("P1", second=("P2",))]
    assert [pair.count for pair in measuring._confusions(framework(), rows, held_out)] == [1]


def test_what_readers_differ_on_is_in_no_band() -> None:
    lessons = gather_lessons(framework(), garden_examples("P1", "P2", "Q"), HashEncoder())
    held_out = np.full(lessons.labels.shape, 0.5, dtype=np.float32)
    differs = replace(lessons, also=np.ones_like(lessons.labels))
    assert measuring._bands(held_out, differs) == []
    (band,) = measuring._bands(held_out, lessons)
    assert (band.low, band.promised, band.came_true) == (0.5, 0.5, pytest.approx(lessons.labels.mean()))


def test_manner_is_judged_by_what_was_not_taught_it() -> None:
    told = [
        Example(id=f"{batch}{n}", text=f"{words} number {n}", criteria=("P1",), batch=batch, **manner)  # type: ignore[arg-type]
        for batch in "abcd"
        for words, manner in (
            ("There is no hose", {"strength": "mention", "stance": "absent", "stage": "plan"}),
            ("We will buy hoses", {"strength": "commitment", "stance": "positive", "stage": "plan"}),
            ("We mended hoses", {"strength": "evidence", "stance": "positive", "stage": "act"}),
        )
        for n in range(3)
    ]
    judged = measuring.judge_apart(told, (HashEncoder(),) * FOLDS, {})
    assert set(judged) == {one.text for one in told}
    found = measuring._manner_report([*told, example("P1")], judged)
    assert found == measuring.MannerReport(strength=1, absent_recall=1, absent_precision=1, stage=1)
    other = [one.model_copy(update={"stance": "positive"}) for one in told]
    report = measuring._manner_report(other, measuring.judge_apart(other, (HashEncoder(),) * FOLDS, {}))
    assert report is not None
    assert (report.absent_recall, report.absent_precision) == (0, 0)
    assert measuring._manner_report([example("P1")], {}) is None

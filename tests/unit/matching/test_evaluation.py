from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from govbot.errors import FileMissing, FolderGiven, InvalidLines
from govbot.matching import Labelled, evaluate_baselines, evaluate_scores, load_labelled, score_by_regression
from govbot.testing import HashEncoder
from tests.unit.made_up import FENCE, WATER, framework


def labelled(*criteria: str, also: tuple[str, ...] = (), principle: str | None = None) -> Labelled:
    return Labelled(id="a", text="x", criteria=criteria, also=also, principle=principle)


#: Passages, and for each the criterion with the best score and whether that is accepted; then the shares:
#: principle right, criterion right, accepted, false alarms.
TABLE = {
    "all right": ([(labelled("P1"), "P1", True), (labelled("Q"), "Q", True)], (1, 1, 1, 0)),
    "right but not accepted": ([(labelled("P1"), "P1", False)], (1, 1, 0, 0)),
    "other criterion of the principle": ([(labelled("P1"), "P2", True)], (1, 0, 1, 0)),
    "other principle": ([(labelled("P1"), "Q", True)], (0, 0, 1, 0)),
    "second criterion": ([(labelled("P1", "Q"), "Q", True)], (1, 1, 1, 0)),
    "principle and criterion that are also accepted": ([(labelled("P1", also=("Q",)), "Q", True)], (1, 1, 1, 0)),
    "criterion that is also accepted": ([(labelled("Q", also=("P2",)), "P2", True)], (1, 1, 1, 0)),
    "principle that the file names": ([(labelled("Z9", principle="P"), "P1", True)], (1, 0, 1, 0)),
    "unknown criterion": ([(labelled("Z9"), "P1", True)], (0, 0, 1, 0)),
    "false alarm": ([(labelled(), "P1", True), (labelled(), "P1", False)], (0, 0, 0, 0.5)),
    "no false alarm counts as right": ([(labelled(), "P1", False), (labelled("P1"), "Q", True)], (0, 0, 1, 0)),
    "thirds": (
        [(labelled("P1"), "P1", True), (labelled("P1"), "P2", True), (labelled("P1"), "Q", False)],
        (2 / 3, 1 / 3, 2 / 3, 0),
    ),
    "nothing at all": ([], (0, 0, 0, 0)),
}


@pytest.mark.parametrize(("rows", "shares"), TABLE.values(), ids=TABLE)
def test_shares(rows: list[tuple[Labelled, str, bool]], shares: tuple[float, ...]) -> None:
    ids = framework().criterion_ids
    scores = np.array([[float(name == best) for name in ids] for _, best, _ in rows], dtype=np.float32).reshape(-1, 3)
    accepted = (scores > 0) & np.array([[said] for *_, said in rows], dtype=bool).reshape(-1, 1)
    found = evaluate_scores("m", framework(), [passage for passage, *_ in rows], scores, accepted)
    assert (found.principle_top1, found.criterion_top1, found.accepted, found.false_alarms) == shares


def test_baselines_accept_the_share_that_they_are_told() -> None:
    # A word beside the phrases, drowned ever more: phrases themselves would be equally near, and rounding part them.
    passages = [
        Labelled(id=text, text=f"{text} " * times + "oak", criteria=(principle,))
        for principle, texts in (("P1", WATER), ("P2", FENCE))
        for times, text in enumerate(texts, 1)
    ]
    passages += [Labelled(id=word, text=word, criteria=()) for word in ("bus", "choir")]
    rows = evaluate_baselines(framework(), passages, HashEncoder(), accepted=0.75)
    nearest = ["nearest principle title", "nearest criterion title", "nearest indicator phrase"]
    assert [row.method for row in rows] == [*nearest, "BM25 on criterion words"]
    assert [row.accepted for row in rows] == [pytest.approx(0.75, abs=1 / 16)] * 4
    assert (rows[2].principle_top1, rows[2].criterion_top1, rows[2].false_alarms) == (1, 1, 0)


def test_baselines_without_any_passage_of_something() -> None:
    rows = evaluate_baselines(framework(), [Labelled(id="a", text="bus", criteria=())], HashEncoder(), accepted=0.5)
    assert {row.accepted for row in rows} == {0}


def test_labelled_lines_are_read_and_other_fields_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "x", "criteria": ["P1"], "body": "b"}\n\n', encoding="utf-8")
    assert load_labelled(path, framework()) == (labelled("P1"),)


def test_every_bad_line_is_listed_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = ["{", '{"id": "a", "text": "", "criteria": "P1"}', json.dumps({"text": "x", "criteria": []}), "[1]"]
    lines += [json.dumps({"id": "b", "text": "x", "criteria": ["Z9", "P1", "P"]})]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidLines) as caught:
        load_labelled(path, framework())
    places = [": ".join(fault.split(": ")[:2]) for fault in caught.value.slots["faults"]]  # type: ignore[attr-defined]
    assert places == [
        "a.jsonl, line 1: this is not valid JSON",
        "a.jsonl, line 2: text",
        "a.jsonl, line 2: criteria",
        "a.jsonl, line 3: id",
        "a.jsonl, line 4: this is not a JSON object with names and values",
        "a.jsonl, line 5: there is no criterion Z9 in gardens",
        "a.jsonl, line 5: there is no criterion P in gardens",
    ]


def test_no_labelled_file(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="gone.jsonl"):
        load_labelled(tmp_path / "gone.jsonl", framework())
    with pytest.raises(FolderGiven, match=f"{tmp_path.name} is a folder"):
        load_labelled(tmp_path, framework())


#: Passages with what is accepted of them, and the mean F1 of P and Q.
MACRO = {
    "all right": ([(labelled("P1"), {"P2"}), (labelled("Q"), {"Q"})], 1.0),
    "one missed": ([(labelled("P1"), {"P1"}), (labelled("Q"), set())], 0.5),
    "too much": ([(labelled("P1"), {"P1", "Q"}), (labelled("Q"), {"Q"})], (1 + 2 / 3) / 2),
    "what a reader accepts too is no error": ([(labelled("P1", also=("Q",)), {"P1", "Q"}), (labelled("Q"), {"Q"})], 1),
    "nor need it be found": ([(labelled("P1", also=("Q",)), {"P1"}), (labelled("Q"), {"Q"})], 1),
    "false alarm": ([(labelled("P1"), {"P1"}), (labelled(), {"P1"})], 2 / 3),
    "nothing at all": ([(labelled(), {"P1"})], 0),
}


@pytest.mark.parametrize(("rows", "expected"), MACRO.values(), ids=MACRO)
def test_macro_f1_of_principles(rows: list[tuple[Labelled, set[str]]], expected: float) -> None:
    ids = framework().criterion_ids
    accepted = np.array([[name in said for name in ids] for _, said in rows])
    found = evaluate_scores("m", framework(), [passage for passage, _ in rows], accepted.astype(np.float32), accepted)
    assert found.macro_f1 == pytest.approx(expected)


def test_words_of_a_criterion_are_found_by_bm25() -> None:
    passages = [Labelled(id=text, text=text, criteria=("P1",)) for text in WATER]
    passages += [Labelled(id=text, text=text, criteria=("P2",)) for text in FENCE]
    passages += [Labelled(id="z", text="zzz qqq", criteria=()), Labelled(id="s", text="the of", criteria=())]
    row = evaluate_baselines(framework(), passages, HashEncoder(), accepted=1.0)[-1]
    assert (row.method, row.criterion_top1) == ("BM25 on criterion words", 1)


def test_plain_regression_learns_what_it_is_taught() -> None:
    vectors = np.eye(6, dtype=np.float32)[np.arange(60) % 6]
    labels = np.stack([np.arange(60) % 6 == 0, np.arange(60) % 6 == 1, np.zeros(60, dtype=bool)], axis=1)
    scores = score_by_regression(vectors, labels, np.eye(6, dtype=np.float32)[:3])
    assert scores[:2].argmax(axis=1).tolist() == [0, 1]
    assert scores[2, 0] < scores[0, 0] and scores[:, 2].tolist() == [0, 0, 0]

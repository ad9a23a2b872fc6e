"""How right govbot is on what it was not taught: figures may fall a little with every change, never below these."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from govbot.embedding import TransformerEncoder
from govbot.frameworks import (
    Example,
    framework_folder,
    framework_ids,
    has_background,
    load_examples,
    load_framework,
    read_framework,
    teaching_examples,
)
from govbot.frameworks.background import WIDEST, far_examples
from govbot.frameworks.examples import MANNER_EXAMPLES_FILE, NOTHING_FILE
from govbot.matching import CARD_FILE, FOLDS, assign_folds, gather_lessons, load_matcher, train_heads
from govbot.matching.heads import judge, rank_score
from govbot.matching.wording import share_words
from govbot.passages import split_passages
from govbot.reading import Limits, read_document
from govbot.records import Document
from govbot.resources import resource
from tests.scenario.command import govbot
from tests.scenario.conftest import Write

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared"
DEV = SHARED / "eval" / "real_dev.jsonl"
REAL = SHARED / "real"
#: Times that everything found is taken out.
ROUNDS = 6
#: Real documents that cover much, and one sentence of our own for some criteria that an officer would quote.
DOCUMENTS = (
    "gsa_financial_data_strategy_draft.pdf",
    "gsa_identity_governance_framework.pdf",
    "moj_digital_strategy.pdf",
)
GOOD = {
    "A1": "All members signed the code of conduct in May and declare their interests at the start of every meeting.",
    "B1": "Meetings are held in public and streamed, and every decision is published together with its reasons.",
    "F1": "The risk register names an owner for each risk, and the board reviewed it in March, June and September.",
    "F3": "Internal audit tested the payment controls this year, and the audit committee received its report in June.",
    "G3": "The external auditor gave an unqualified opinion, and all nine recommendations have been carried out.",
}


@pytest.mark.parametrize(("folder", "drafts", "f1", "exact"), [("", 19, 0.86, 0.82), ("later", 6, 0.77, 0.80)])
def test_bundled_drafts_are_judged_well(folder: str, drafts: int, f1: float, exact: float) -> None:
    found = govbot("evaluate", "--data", TESTS / "drafts" / folder, "--format", "json").data
    assert found["drafts"] >= drafts
    assert found["f1"] >= f1
    assert found["exact"] >= exact


@pytest.mark.parametrize("name", [name for name in framework_ids() if has_background(load_framework(name))])
def test_governance_of_another_kind_is_rarely_taken_for_a_narrower_framework_s(name: str) -> None:
    """Of the widest framework's passages that are none of this one's and did not teach it, few are accepted.

    Before they were taught what is nothing under them, the further frameworks accepted .33 to .57.
    """
    framework, encoder = load_framework(name), TransformerEncoder()
    taught = {example.id for example in teaching_examples(framework_folder(name), framework)}
    others = [example for example in far_examples(framework) if f"{WIDEST} {example.id}" not in taught][::12]
    texts = [example.text for example in others]
    matcher = load_matcher(framework_folder(name), framework, encoder.name)
    accepted = matcher.match(texts, encoder.encode(texts)).accepted.any(axis=1)
    assert accepted.mean() <= 0.20


@pytest.mark.parametrize("name", framework_ids())
def test_the_best_criterion_of_held_out_examples_is_right_for_eight_in_ten(name: str) -> None:
    card = (framework_folder(name) / CARD_FILE).read_text(encoding="utf-8")
    (row,) = [line for line in card.splitlines() if line.startswith("| govbot |")]
    _, _, principle, criterion, *_ = (cell.strip() for cell in row.split("|"))
    assert float(criterion) >= 0.80
    assert float(principle) >= float(criterion)


@pytest.mark.skipif(not DEV.exists(), reason="the labelled passages beside the repository are not there")
def test_real_passages_are_matched_well() -> None:
    found = govbot("evaluate", "--data", DEV, "--format", "json").data
    rows = {row["method"]: row for row in found["rows"]}
    own = rows.pop("govbot")
    assert own["principle_top1"] >= 0.78
    assert own["accepted"] >= 0.85
    assert own["false_alarms"] <= 0.13
    for row in rows.values():
        assert own["principle_top1"] > row["principle_top1"]
        assert own["criterion_top1"] > row["criterion_top1"]
        assert own["false_alarms"] < row["false_alarms"]


def test_what_is_done_is_told_from_what_is_merely_so(write: Write) -> None:
    """Three of the six hands taught how passages speak, and none what they are about."""
    taught = resource(MANNER_EXAMPLES_FILE).read_text(encoding="utf-8").splitlines()
    others = (TESTS / "does.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [line for line in (*taught, *others) if json.loads(line)["batch"].startswith("do-")]
    path = write("does.jsonl", "\n".join(lines))
    found = govbot("evaluate", "--data", path, "--format", "json").data
    (own,) = [row for row in found["rows"] if row["method"] == "govbot"]
    assert (found["something"], found["nothing"]) == (378, 252)
    assert own["criterion_top1"] >= 0.80
    assert own["accepted"] >= 0.58
    assert own["false_alarms"] <= 0.19


def test_how_strongly_lines_of_plans_speak_is_told_and_lacks_said_indirectly_are_found() -> None:
    """Other hands than those who taught it; before these forms were taught .63 were right and .19 found."""
    framework, encoder = load_framework(WIDEST), TransformerEncoder()
    manner = load_matcher(framework_folder(WIDEST), framework, encoder.name).manner
    plans, does = (
        [example for example in load_examples(TESTS / name, framework) if example.criteria]
        for name in ("plans.jsonl", "does.jsonl")
    )
    texts = [one.text for one in plans]
    strengths = judge(manner, texts, encoder.encode(texts)).strengths
    assert np.mean([told == one.strength for told, one in zip(strengths, plans, strict=True)]) >= 0.7
    texts = [one.text for one in does]
    is_lack = np.array([told == "absent" for told in judge(manner, texts, encoder.encode(texts)).stances])
    truly = np.array([one.stance == "absent" for one in does])
    assert is_lack[truly].mean() >= 0.3
    assert is_lack[~truly].mean() <= 0.02


def test_model_keeps_its_general_sense() -> None:
    pairs = [json.loads(line) for line in (TESTS / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(pairs) >= 300
    taught, plain = (_auc(pairs, encoder) for encoder in (TransformerEncoder(), TransformerEncoder(plain=True)))
    assert taught >= plain - 0.01


def _auc(pairs: list[dict[str, Any]], encoder: TransformerEncoder) -> float:
    """Return how often a pair of like meaning lies closer than one of other meaning."""
    first, second = (encoder.encode([pair[side] for pair in pairs]) for side in "ab")
    cosines = (first * second).sum(axis=1)
    same = np.array([pair["same"] for pair in pairs])
    return float((cosines[same][:, None] > cosines[~same][None, :]).mean())


@pytest.mark.parametrize("seed", range(3))
def test_own_framework_of_five_examples_loses_nothing_by_what_the_model_was_taught(seed: int) -> None:
    folder = TESTS / "own" / "child-friendly-places"
    framework = read_framework(folder)
    examples = list(load_examples(folder / "examples.jsonl", framework))
    Random(seed).shuffle(examples)
    taught: dict[str, list[Example]] = {}
    for example in examples:
        taught.setdefault(example.criteria[0], []).append(example)
    few = [example for some in taught.values() for example in some[:5]]
    others = [example for some in taught.values() for example in some[5:]]
    nothing = load_examples(resource(NOTHING_FILE), None)
    right = []
    for encoder in (TransformerEncoder(), TransformerEncoder(plain=True)):
        lessons = gather_lessons(framework, [*few, *nothing], encoder)
        heads = train_heads(lessons, folds=assign_folds(lessons, {}), folded=[lessons] * FOLDS).heads
        texts = [example.text for example in others]
        shared = share_words(texts, heads.words, heads.word_weights)
        best = rank_score(heads, encoder.encode(texts), shared).argmax(axis=1)
        right.append(np.mean([framework.criterion_ids[n] == e.criteria[0] for n, e in zip(best, others, strict=True)]))
    assert right[0] >= right[1] - 0.02


# Real documents: what goes must be missed, what comes must be seen


def _text_of(document: Document, without: set[str]) -> str:
    passages = split_passages(document)
    kept = [passage.text for passage in passages if not any(quote in passage.text for quote in without)]
    return "\n\n".join(kept)


def _criteria(path: Path) -> dict[str, dict[str, Any]]:
    (assessment,) = govbot("check", path, "-f", "cipfa-ifac", "--format", "json").data["assessments"]
    return {item["id"]: item for item in assessment["criteria"]}


@pytest.mark.skipif(not REAL.exists(), reason="the real documents beside the repository are not there")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_removed_evidence_is_missed_and_added_evidence_is_seen(name: str, write: Write) -> None:
    document = read_document(REAL / name, limits=Limits(memory_mb=4096, seconds=120, file_mb=100))
    before = _criteria(write("before.txt", _text_of(document, set())))
    covered = [item["id"] for item in before.values() if item["status"] in ("evidenced", "committed")]
    assert covered
    for identity in covered[:3]:
        # What stood in the shadow of the best passages may come out when these are gone, until nothing is left.
        gone: set[str] = set()
        item = before[identity]
        for _ in range(ROUNDS):
            gone |= {found["quote"] for found in item["evidence"]}
            item = _criteria(write("without.txt", _text_of(document, gone)))[identity]
            if item["status"] == "gap":
                break
        assert item["status"] == "gap"
    missing = [identity for identity in GOOD if before[identity]["status"] == "gap"]
    added = "\n\n".join(GOOD[identity] for identity in missing)
    after = _criteria(write("with.txt", f"{_text_of(document, set())}\n\n{added}"))
    assert [identity for identity in missing if after[identity]["status"] not in ("evidenced", "committed")] == []

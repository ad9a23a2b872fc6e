from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from govbot.records import Answer, Check, Evidence, Matches, Nearest, Unread
from govbot.rendering import answer_json, check_json, matches_json

EVIDENCE = {
    "quote": "Each bridge was inspected in May.",
    "page": 4,
    "page_is_approximate": False,
    "paragraph": None,
    "section": ["Bridges", "2 Safety"],
    "score": 0.91,
    "strength": "evidence",
    "stance": "positive",
    "stage": "do",
}
ABSENT = {**EVIDENCE, "quote": "No money is set aside for mending.", "page": 6, "stance": "absent"}
NEAREST = {"quote": "Ferry fares rise in April.", "page": None, "score": 0.2, "threshold": 0.5}
QUESTION = {"criterion": "K2", "stage": "plan", "text": "Who pays for mending?", "why": "The draft says it is missing."}


def criterion(
    identity: str,
    principle: str,
    status: str,
    stages: list[str],
    evidence: list[dict[str, Any]],
    nearest: dict[str, Any] | None,
) -> dict[str, Any]:
    return {
        "id": identity,
        "principle": principle,
        "status": status,
        "stages": stages,
        "evidence": evidence,
        "nearest": nearest,
    }


CHECK = {
    "schema": "govbot.check/1",
    "document": {
        "title": "Bridges for all",
        "name": "bridges.pdf",
        "sha256": "ab12",
        "media_type": "application/pdf",
        "pages": 9,
        "passages": 1,
    },
    "unread": [{"page": 8, "reason": "it is a picture of a page, as scans are, so its words were not read"}],
    "assessments": [
        {
            "framework": "bridges",
            "framework_version": "1.2.0",
            "matcher": "m1",
            "model": "tiny",
            "criteria": [
                criterion("K1", "K", "evidenced", ["do"], [EVIDENCE], None),
                criterion("K2", "K", "absent", [], [ABSENT], None),
                criterion("T", "T", "gap", [], [], NEAREST),
            ],
            "questions": [QUESTION],
        }
    ],
}


def test_check_is_the_contract_to_the_letter(make_check: Callable[..., Check]) -> None:
    # Text and not dicts: the order of keys is part of the contract.
    assert json.dumps(check_json(make_check())) == json.dumps(CHECK)


def test_a_part_that_is_no_page_is_named(make_check: Callable[..., Check]) -> None:
    found = check_json(make_check(unread=(Unread(reason="broken_page", part="table 3"),)))
    assert found["unread"] == [{"part": "table 3", "reason": "it is damaged, so it was not read"}]


def test_answer(answer: Answer) -> None:
    expected = {
        "question": "are bridges inspected?",
        "kind": "criterion",
        "targets": ["K1"],
        "topic": None,
        "verdict": "Yes: inspecting is covered, best on page 4.",
        "evidence": [EVIDENCE],
        "missing_stages": ["check", "act"],
        "questions": [QUESTION],
    }
    assert json.dumps(answer_json(answer)) == json.dumps(expected)


def test_matches_are_best_first_and_plain_python() -> None:
    matches = Matches(
        criteria=("K1", "K2"),
        scores=np.array([[0.25, 0.75]], dtype=np.float32),
        thresholds=np.array([0.5, 0.5], dtype=np.float32),
        accepted=np.array([[False, True]]),
        strengths=("mention",),
        stances=("positive",),
        stages=("plan",),
    )
    assert json.dumps(list(matches_json(["p1"], matches))) == (
        '[{"id": "p1", "matches": [{"criterion": "K2", "score": 0.75, "accepted": true}, '
        '{"criterion": "K1", "score": 0.25, "accepted": false}], '
        '"stage": "plan", "strength": "mention", "stance": "positive"}]'
    )


def test_a_quote_read_by_ocr_says_how_sure_its_words_are_and_others_say_nothing(
    make_check: Callable[..., Check], evidence: Evidence
) -> None:
    check = make_check()
    (first, *others) = check.assessments[0].criteria
    scanned = replace(first, evidence=(replace(evidence, ocr_confidence=0.0), evidence))
    quotes = check_json(make_check(scanned, *others))["assessments"][0]["criteria"][0]["evidence"]
    assert [quote.get("ocr_confidence", "none") for quote in quotes] == [0.0, "none"]
    assert {**quotes[1], "ocr_confidence": 0.0} == quotes[0]


def test_the_nearest_passage_of_a_scan_says_how_sure_its_words_are(make_check: Callable[..., Check]) -> None:
    def told(nearest: Nearest) -> dict[str, Any]:
        (first, *others) = make_check().assessments[0].criteria
        missing = replace(first, evidence=(), nearest=nearest)
        found: dict[str, Any] = check_json(make_check(missing, *others))["assessments"][0]["criteria"][0]["nearest"]
        return found

    near = Nearest(quote="x", page=1, page_is_approximate=False, paragraph=None, section=(), score=0.2, threshold=0.3)
    assert told(near) == {"quote": "x", "page": 1, "score": 0.2, "threshold": 0.3}
    assert told(replace(near, ocr_confidence=0.91)) == {**told(near), "ocr_confidence": 0.91}

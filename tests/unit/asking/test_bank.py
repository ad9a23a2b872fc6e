from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from govbot.asking.bank import SLOTS, load_bank, read_bank
from govbot.errors import InvalidFramework
from govbot.frameworks import framework_ids, load_framework
from govbot.records import STAGES
from govbot.resources import resource
from govbot.words import fill
from tests.unit.made_up import as_yaml, framework


def bank() -> dict[str, Any]:
    wording = {"ask": "Who plans it?", "follow": "{{ At }} you say “{{ quote }}” ({{ section }}). Who?"}
    stages = {stage: dict(wording) for stage in STAGES}
    return {
        "schema": "govbot.questions/1",
        "framework": "gardens",
        "questions": {name: {stage: dict(both) for stage, both in stages.items()} for name in ("P1", "P2", "Q")},
    }


def faults_of(value: dict[str, Any], folder: Path) -> list[str]:
    path = folder / "gardens.yaml"
    path.write_text(as_yaml(value), encoding="utf-8")
    with pytest.raises(InvalidFramework) as caught:
        read_bank(path, framework())
    return caught.value.slots["faults"]  # type: ignore[return-value]


def test_valid_bank_loads(tmp_path: Path) -> None:
    path = tmp_path / "gardens.yaml"
    path.write_text(as_yaml(bank()), encoding="utf-8")
    found = read_bank(path, framework())
    assert found.wording("P2", "act").ask == "Who plans it?"
    with pytest.raises(KeyError):
        found.wording("Z", "act")


#: What is put under questions.P1.plan, which of both wordings it is, and whether that is a fault.
SLOT_CASES = [
    ("ask", "Who {{ quote }}?", True),
    ("ask", "Who {{ colour }}?", True),
    ("ask", "Who {{?", True),
    ("follow", "Who {{ colour }}?", True),
    ("follow", "Who {{ quote?", True),
    ("follow", "Who {{ quote | nonsense }}?", True),
    ("follow", "{{ quote }} {{ place }} {{ at }} {{ At }} {{ section }}", False),
]


@pytest.mark.parametrize(("form", "text", "is_fault"), SLOT_CASES)
def test_bad_slot_is_told_where_it_stands(form: str, text: str, is_fault: bool, tmp_path: Path) -> None:  # noqa: FBT001
    value = bank()
    value["questions"]["P1"]["plan"][form] = text
    if not is_fault:
        (tmp_path / "gardens.yaml").write_text(as_yaml(value), encoding="utf-8")
        assert read_bank(tmp_path / "gardens.yaml", framework()).wording("P1", "plan").follow == text
        return
    (fault,) = faults_of(value, tmp_path)
    line = 6 if form == "ask" else 7
    assert fault.startswith(
        f"gardens.yaml, line {line}, questions.P1.plan.{form}: the question uses a slot that is not"
    )


def test_every_missing_and_unknown_criterion_is_told(tmp_path: Path) -> None:
    value = bank()
    value["questions"]["Z"] = value["questions"].pop("P1")
    del value["questions"]["Q"]
    value["questions"]["P2"]["do"]["follow"] = "{{ hue }}"
    told = [fault.split(", ", 2)[2].split(": ") for fault in faults_of(value, tmp_path)]
    assert [path for path, _ in told] == ["questions.Z", "questions", "questions", "questions.P2.do.follow"]
    assert [message.split()[4] for _, message in told[1:3]] == ["no", "no"]
    assert ["P1" in told[1][1], "Q" in told[2][1]] == [True, True]


@pytest.mark.parametrize("path", [("P1", "act"), ("P1", "act", "ask"), ("Q", "plan", "follow")])
def test_missing_stage_or_wording_is_told(path: tuple[str, ...], tmp_path: Path) -> None:
    value = bank()
    parent = value["questions"]
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    (fault,) = faults_of(value, tmp_path)
    assert f"questions.{'.'.join(path)}: Field required" in fault


def test_questions_of_another_framework_are_told(tmp_path: Path) -> None:
    assert len(faults_of(bank() | {"framework": "parks"}, tmp_path)) == 1


def test_slot_that_holds_no_such_thing_is_told(tmp_path: Path) -> None:
    value = bank()
    value["questions"]["P1"]["plan"]["follow"] = "{{ quote.words.first }}"
    assert len(faults_of(value, tmp_path)) == 1


# What ships

SHIPPED = [(name, criterion) for name in framework_ids() for criterion in load_framework(name).criterion_ids]


def test_every_criterion_has_its_questions() -> None:
    assert len(SHIPPED) == 138
    stems = sorted(path.stem for path in resource("prompts/questions").glob("*.yaml"))
    assert stems == list(framework_ids())
    for name in stems:
        written = yaml.safe_load(resource(f"prompts/questions/{name}.yaml").read_text(encoding="utf-8"))
        assert written["framework"] == name
        assert tuple(written["questions"]) == load_framework(name).criterion_ids


@pytest.mark.parametrize(("name", "criterion"), SHIPPED)
def test_shipped_questions_render_with_a_question_in_them(name: str, criterion: str) -> None:
    found = load_bank(load_framework(name))
    slots = {slot: f"<{slot}>" for slot in SLOTS}
    for stage in STAGES:
        wording = found.wording(criterion, stage)
        told = fill(wording.follow, **slots)
        assert "<quote>" in told
        assert any(f"<{slot}>" in told for slot in ("at", "At", "place", "section"))
        for text in (wording.ask, told):
            assert text.endswith("?")
            assert "{" not in text
            assert 5 <= len(text.split()) <= 60


def test_no_two_shipped_questions_are_alike() -> None:
    banks = {name: load_bank(load_framework(name)) for name in framework_ids()}
    for form in ("ask", "follow"):
        texts = [getattr(banks[name].wording(c, stage), form) for name, c in SHIPPED for stage in STAGES]
        assert len(texts) == len(SHIPPED) * 4
        assert [text for text, count in Counter(text.casefold() for text in texts).items() if count > 1] == []
        alike = [
            (one, other)
            for one, other in combinations(texts, 2)
            if _may_be_alike(one, other) and SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.9
        ]
        assert alike == []


def _may_be_alike(one: str, other: str) -> bool:
    """Return whether the words let two texts be alike: the exact measure of all pairs would take a minute."""
    words, others = set(one.split()), set(other.split())
    return 2 * len(words & others) > min(len(words), len(others))

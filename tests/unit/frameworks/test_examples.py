from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from govbot.errors import FileMissing, FolderGiven, InvalidLines
from govbot.frameworks import (
    Example,
    fingerprint,
    framework_folder,
    framework_ids,
    load_examples,
    load_framework,
    teaching_examples,
)
from govbot.records import STAGES, STANCES
from govbot.resources import resource
from tests.unit.made_up import framework, read_gardens, write_framework


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "text": "x", "criteria": ["P1"]} | fields, ensure_ascii=False)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "examples.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_lines_are_read_as_they_stand(tmp_path: Path) -> None:
    path = write(
        tmp_path, line(strength="mention", stance="absent", stage="act"), "", line(id="b", criteria=[], hard=True)
    )
    assert load_examples(path, framework()) == (
        Example(id="a", text="x", criteria=("P1",), strength="mention", stance="absent", stage="act"),
        Example(id="b", text="x", criteria=(), hard=True),
    )


def test_every_bad_line_is_listed_with_its_number(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        line(),
        "{not json",
        line(id="b", criteria=["Z", "P1", "Y"]),
        "",
        line(id="c", strength="strong", colour="red"),
        line(),
        '{"id": "d"}',
    )
    with pytest.raises(InvalidLines) as caught:
        load_examples(path, framework())
    assert [fault.split(": ", 1) for fault in caught.value.slots["faults"]] == [  # type: ignore[attr-defined]
        ["examples.jsonl, line 2", "this is not valid JSON"],
        ["examples.jsonl, line 3", "there is no criterion Z in gardens"],
        ["examples.jsonl, line 3", "there is no criterion Y in gardens"],
        ["examples.jsonl, line 5", "strength: Input should be 'mention', 'commitment' or 'evidence'"],
        ["examples.jsonl, line 5", "colour: Extra inputs are not permitted"],
        ["examples.jsonl, line 6", "the id a was used on line 1"],
        ["examples.jsonl, line 7", "text: Field required"],
        ["examples.jsonl, line 7", "criteria: Field required"],
    ]


def test_file_of_nothing_allows_no_criterion(tmp_path: Path) -> None:
    with pytest.raises(InvalidLines, match="line 1: there is no criterion P1"):
        load_examples(write(tmp_path, line()), None)


def test_file_that_is_not_utf8_is_at_fault(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(InvalidLines) as caught:
        load_examples(path, framework())
    assert caught.value.slots["faults"] == ["examples.jsonl is not saved as UTF-8 text"]


def test_file_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="examples.jsonl"):
        load_examples(tmp_path / "examples.jsonl", framework())
    (tmp_path / "examples.jsonl").mkdir()
    with pytest.raises(FolderGiven, match="examples.jsonl is a folder"):
        load_examples(tmp_path / "examples.jsonl", framework())


def test_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    path = write(tmp_path, line(text="one\u2028two"))
    assert [example.text for example in load_examples(path, framework())] == ["one\u2028two"]


#: Examples that each criterion of the two main frameworks has at least.
FEWEST = {"cipfa-ifac": 80, "social-value-principles": 60}


@pytest.mark.parametrize("name", framework_ids())
def test_shipped_examples(name: str) -> None:
    found = load_framework(name)
    examples = load_examples(framework_folder(name) / "examples.jsonl", found)
    told = [example for example in examples if example.criteria]
    counts = Counter(criterion for example in told for criterion in example.criteria)
    least = FEWEST.get(name, 25 if len(found.criteria) < 10 else 15)
    assert {criterion: n for criterion in found.criterion_ids if (n := counts[criterion]) < least} == {}
    stances = {(criterion, example.stance) for example in told for criterion in example.criteria}
    assert {(c, stance) for c in found.criterion_ids for stance in STANCES} <= stances
    assert {example.stage for example in told} == set(STAGES)
    assert all(example.strength and example.stance and example.batch and example.second for example in told)
    rest = [example for example in examples if not example.criteria]
    assert all(example.hard and not example.stage and example.second for example in rest)
    assert len({example.text for example in examples}) == len(examples)


def test_shipped_examples_of_nothing() -> None:
    nothing = load_examples(resource("principles/nothing.jsonl"), None)
    assert all((example.strength, example.stance, example.stage) == (None, None, None) for example in nothing)
    assert len(nothing) >= 800
    assert sum(example.hard for example in nothing) >= 350


def test_ids_are_unique_over_everything_that_is_taught() -> None:
    for name in framework_ids():
        ids = [example.id for example in teaching_examples(framework_folder(name), load_framework(name))]
        assert [identity for identity, count in Counter(ids).items() if count > 1] == []


def test_framework_without_examples_is_taught_nothing_only(tmp_path: Path) -> None:
    taught = teaching_examples(write_framework(tmp_path), framework())
    assert taught == load_examples(resource("principles/nothing.jsonl"), None)


@pytest.mark.parametrize(
    "old",
    [
        "Watering beds",
        "- posts and rails of the fence stand firm",
        "id: P2",
        "- Watering beds by somebody",
        "- alias of P2",
        "plan: To plan watering",
    ],
)
def test_fingerprint_changes_with_what_is_taught(old: str, tmp_path: Path) -> None:
    folder = write_framework(tmp_path / "a")
    text = (folder / "framework.yaml").read_text(encoding="utf-8")
    assert old in text
    before = fingerprint(folder, read_gardens(tmp_path / "b", text))
    assert fingerprint(folder, read_gardens(tmp_path / "b", text)) == before
    assert fingerprint(folder, read_gardens(tmp_path / "b", text.replace(old, f"{old}x"))) != before


def test_fingerprint_changes_with_the_examples_and_no_other_file(tmp_path: Path) -> None:
    folder = write_framework(tmp_path)
    prints = [fingerprint(folder, framework())]
    (folder / "notes.txt").write_text("x")
    prints.append(fingerprint(folder, framework()))
    write(folder, line())
    prints.append(fingerprint(folder, framework()))
    write(folder, line(text="y"))
    prints.append(fingerprint(folder, framework()))
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3

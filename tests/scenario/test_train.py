"""`govbot train` into a copy of the principles, and `govbot evaluate`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.scenario.command import folded, govbot
from tests.scenario.conftest import Write

SV = "social-value-principles"
#: Passages of a kind that are kept for training: enough to learn from, few enough to be quick.
KEPT = 6
FILES = (f"{SV}/matcher.npz", "manner.npz")
PASSAGES = [
    {
        "id": "p1",
        "text": "The risk register holds nineteen risks, each with an owner, and the Board reviews it each month.",
        "criteria": ["F1"],
    },
    {"id": "p2", "text": "The finance team checks spending against the budget every month.", "criteria": ["F5"]},
    {"id": "p3", "text": "Swans nest on the island, and the ferry stops for them.", "criteria": ["F1"]},
    {"id": "n1", "text": "The café sells soup from noon.", "criteria": []},
]


@pytest.fixture
def few(principles: Path) -> Path:
    """A copy of the principles with one framework and a few of its examples."""
    shutil.rmtree(principles / "cipfa-ifac")
    for path, count in ((principles / SV / "examples.jsonl", KEPT), (principles / "nothing.jsonl", 20)):
        lines = path.read_text(encoding="utf-8").splitlines()
        kept: dict[str, list[str]] = {}
        for line in lines:
            kept.setdefault("".join(json.loads(line)["criteria"]), []).append(line)
        path.write_text("\n".join(line for some in kept.values() for line in some[:count]), encoding="utf-8")
    return principles


def test_training_gives_matchers_that_load(few: Path, write: Write) -> None:
    draft = write("d.txt", "Patients chose which outcomes we measure, in three workshops held in May.\n")
    outdated = govbot("check", draft, "-f", SV)
    assert (outdated.code, outdated.out) == (1, "")
    assert f'Run "govbot train --framework {SV}" again.' in folded(outdated.err)
    before = [(few / name).read_bytes() for name in FILES]
    done = govbot("train", "--framework", SV)
    shares = r"right for \d+% of the examples and its principle for \d+%; \d+% of them are accepted, and \d+% of"
    assert done.code == 0
    assert re.search(rf"{SV}: held out, the best criterion is {shares} the passages of nothing\.$", folded(done.out))
    made = [(few / name).read_bytes() for name in FILES]
    assert all(old != new for old, new in zip(before, made, strict=True))
    (assessment,) = govbot("check", draft, "-f", SV, "--format", "json").data["assessments"]
    assert re.fullmatch(r"heads-\d+-[0-9a-f]{8}", assessment["matcher"])
    assert [item["id"] for item in assessment["criteria"]] == [f"SV{number}" for number in range(1, 9)]


def test_framework_never_trained_is_told(few: Path, write: Write) -> None:
    (few / SV / "matcher.npz").unlink()
    done = govbot("check", write("d.txt", "Risks have owners.\n"), "-f", SV)
    assert (done.code, done.out) == (1, "")
    assert f'Run "govbot train --framework {SV}" once.' in folded(done.err)


def test_training_an_unknown_framework_changes_nothing(few: Path) -> None:
    before = (few / SV / "matcher.npz").read_bytes()
    done = govbot("train", "--framework", "cipfa", "--framework", SV)
    assert (done.code, "cipfa" in done.err) == (1, True)
    assert (few / SV / "matcher.npz").read_bytes() == before


def test_evaluation_is_a_table_with_baselines(write: Write) -> None:
    path = write("labelled.jsonl", "\n".join(map(json.dumps, PASSAGES)))
    out = govbot("evaluate", "--data", path).out
    assert out.startswith("cipfa-ifac on labelled.jsonl: 3 passages of something, 1 of nothing\n")
    for method in ("nearest principle", "nearest criterion", "nearest indicator", "govbot"):
        assert len(re.findall(rf"^{method} +(?:\d\.\d{{3}} *){{4}}$", out, re.M)) == 1


def test_evaluation_counts_what_is_right(write: Write) -> None:
    path = write("labelled.jsonl", "\n".join(map(json.dumps, PASSAGES)))
    found = govbot("evaluate", "--data", path, "--format", "json", "--mistakes", "5").data
    assert (found["framework"], found["something"], found["nothing"]) == ("cipfa-ifac", 3, 1)
    own = found["rows"][-1]
    assert (own["method"], own["criterion_top1"], own["accepted"], own["false_alarms"]) == (
        "govbot",
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
        0.0,
    )
    assert [item["id"] for item in found["mistakes"]] == ["p3"]


def test_mistakes_are_shown_when_asked_for(write: Write) -> None:
    path = write("labelled.jsonl", "\n".join(map(json.dumps, PASSAGES)))
    assert "Swans" not in govbot("evaluate", "--data", path).out
    assert re.search(
        r"^p3: nothing \(0\.\d\d\) instead of F1: Swans nest",
        govbot("evaluate", "--data", path, "--mistakes", "1").out,
        re.M,
    )


def test_every_bad_line_is_told_without_its_text(write: Write) -> None:
    path = write("l.jsonl", '{"id": "a", "text": "SECRET"}\nSECRET\n{"text": "SECRET", "criteria": []}\n')
    done = govbot("evaluate", "--data", path)
    assert (done.code, done.out) == (1, "")
    assert re.findall(r"line (\d)", done.err) == ["1", "2", "3"]
    assert "SECRET" not in done.err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ('["a"]', "line 1"),
        ('{"id": "a", "text": "x", "criteria": ["ZZ9"]}', "no criterion ZZ9"),
        ('{"id": "a", "text": "caf\udce9", "criteria": []}', "l.jsonl"),
    ],
    ids=["a list", "unknown criterion", "not UTF-8"],
)
def test_bad_labels_are_told(write: Write, data: str, told: str) -> None:
    done = govbot("evaluate", "--data", write("l.jsonl", data.encode(errors="surrogateescape")))
    assert (done.code, done.out) == (1, "")
    assert told in folded(done.err)

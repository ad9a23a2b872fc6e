"""`govbot train` into a copy of the principles, and `govbot evaluate`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from govbot.embedding import TransformerEncoder
from govbot.embedding.adapter import WEIGHTS_FILE
from govbot.frameworks.workbook import write_workbook
from govbot.matching import FOLDS, teaching
from tests.scenario.command import folded, govbot
from tests.scenario.conftest import Write
from tests.unit.made_up import framework, garden_examples

SV = "social-value-principles"
#: Passages of a kind that are kept for training: enough to learn from, few enough to be quick.
KEPT = 6
FILES = (f"{SV}/matcher.npz", f"{SV}/MODEL_CARD.md", "manner.npz")
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
    for folder in principles.iterdir():
        if folder.is_dir() and folder.name not in (SV, "encoder"):
            shutil.rmtree(folder)
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
    assert re.search(
        rf"{SV}: held out, the best criterion is {shares} the passages of nothing\. With 12 examples", folded(done.out)
    )
    made = [(few / name).read_bytes() for name in FILES]
    assert all(old != new for old, new in zip(before, made, strict=True))
    (assessment,) = govbot("check", draft, "-f", SV, "--format", "json").data["assessments"]
    assert re.fullmatch(r"heads-\d+-[0-9a-f]{8}", assessment["matcher"])
    assert [item["id"] for item in assessment["criteria"]] == [f"SV{number}" for number in range(1, 9)]


def test_encoder_is_taught_and_everything_trained_again(
    few: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "EPOCHS", 1)
    draft = write("d.txt", "Patients chose which outcomes we measure, in three workshops held in May.\n")
    before = TransformerEncoder().name
    done = govbot("train", "--encoder")
    assert (done.code, SV in done.out) == (0, True)
    taught = json.loads((few / "encoder" / "taught.json").read_text(encoding="utf-8"))
    assert list(taught["frameworks"]) == [SV]
    assert set(taught["batches"].values()) <= set(range(FOLDS))
    assert len({(few / "encoder" / "folds" / str(n) / WEIGHTS_FILE).read_bytes() for n in range(FOLDS)}) == FOLDS
    (assessment,) = govbot("check", draft, "-f", SV, "--format", "json").data["assessments"]
    assert assessment["model"] == TransformerEncoder().name != before


def test_only_the_packaged_model_can_be_taught(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (few / "encoder" / WEIGHTS_FILE).read_bytes()
    monkeypatch.setenv("GOVBOT_MODEL", "other-model")
    done = govbot("train", "--encoder")
    assert (done.code, "GOVBOT_MODEL is other-model" in folded(done.err)) == (1, True)
    assert (few / "encoder" / WEIGHTS_FILE).read_bytes() == before


def test_imported_framework_is_trained_and_used(
    few: Path, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = write("draft.md", "# Beds\n\nVolunteers water the beds with the hose every morning in June.\n")
    assert "There is no framework called gardens" in govbot("check", draft, "-f", "gardens").err
    monkeypatch.setenv("GOVBOT_FRAMEWORKS", str(tmp_path / "own"))
    write_workbook(tmp_path / "gardens.xlsx", framework(), examples=garden_examples("P1", "P2", "Q"))
    speech = (few / "manner.npz").read_bytes()
    done = govbot("frameworks", "import", tmp_path / "gardens.xlsx")
    assert done.code == 0
    assert done.out.startswith("gardens 1.0.0 is kept and trained: 3 criteria.")
    assert (few / "manner.npz").read_bytes() == speech
    govbot("train", "--framework", SV)  # so that speech fits the few examples
    assert "gardens" in govbot("frameworks", "list").out
    (found,) = govbot("check", draft, "-f", "gardens", "--format", "json").data["assessments"]
    best = max(found["criteria"], key=lambda item: max([one["score"] for one in item["evidence"]], default=0))
    assert (best["id"], bool(best["evidence"])) == ("P1", True)
    assert any("“Sharing fruit”" in question["text"] for question in found["questions"])


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
    for method in (
        "nearest principle .*",
        "nearest criterion .*",
        "nearest indicator .*",
        "BM25.*",
        "plain .*",
        "govbot",
    ):
        assert len(re.findall(rf"^{method} +(?:\d\.\d{{3}} *){{5}}$", out, re.M)) == 1


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


def test_as_many_mistakes_are_shown_as_are_asked_for(write: Write) -> None:
    path = write("labelled.jsonl", "\n".join(map(json.dumps, PASSAGES)))
    assert "Swans" not in govbot("evaluate", "--data", path, "--mistakes", "0").out
    mistake = r"^p3: nothing \(0\.\d\d\) instead of F1: Swans nest"
    assert re.search(mistake, govbot("evaluate", "--data", path).out, re.M)


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


# Whole drafts


GOLD = """draft: plan.md
body: harbour office
kind: strategy
social-value-principles:
  SV1: evidenced
  SV2: gap
  SV3: gap
  SV4: gap
  SV5: gap
  SV6: gap
  SV7: gap
  SV8: committed | gap
"""
PLAN = """# Plan

Patients chose which outcomes we measure, in three workshops held in May, and set the survey questions.
"""


@pytest.fixture
def gold(write: Write) -> Path:
    write("drafts/plan.md", PLAN)
    return write("drafts/plan.gold.yaml", GOLD)


def test_drafts_are_judged_by_their_gold_statuses(gold: Path) -> None:
    found = govbot("evaluate", "--data", gold, "-f", SV, "--format", "json").data
    assert (found["framework"], found["name"], found["drafts"]) == (SV, "plan.gold.yaml", 1)
    assert (found["f1"], found["precision"], found["recall"], found["exact"], found["mistakes"]) == (1, 1, 1, 1, [])
    assert "gap or not F1 1.000" in folded(govbot("evaluate", "--data", gold.parent, "-f", SV).out)


def test_wrong_statuses_are_listed_the_gaps_first(gold: Path) -> None:
    gold.write_text(GOLD.replace("SV1: evidenced", "SV1: absent").replace("SV2: gap", "SV2: mentioned"))
    out = govbot("evaluate", "--data", gold, "-f", SV).out
    assert out.index("! plan.md SV2: gap instead of mentioned") < out.index("plan.md SV1: evidenced instead of absent")
    assert "Patients chose" in out


FAULTS = {
    "no YAML": ("{", "is not valid YAML"),
    "no draft": (GOLD.replace("draft:", "drafts:"), 'add a line such as "draft: plan.docx"'),
    "draft gone": (GOLD.replace("plan.md", "gone.md"), "the draft gone.md is not there"),
    "no such criterion": (GOLD + "  SV9: gap\n", "there is no criterion SV9"),
    "criterion missing": (GOLD.replace("  SV7: gap\n", ""), "the criterion SV7 has no status"),
    "no such status": (GOLD.replace("SV7: gap", "SV7: found"), "found is not one of evidenced, committed"),
    "another framework": (GOLD.replace(SV, "cipfa-ifac"), "holds no file that ends in .gold.yaml with statuses for"),
    "a list": (GOLD.split("  SV1")[0] + "  - gap\n", "does not give one status a criterion"),
}


@pytest.mark.parametrize(("text", "told"), FAULTS.values(), ids=FAULTS)
def test_bad_gold_is_told(text: str, told: str, gold: Path) -> None:
    gold.write_text(text)
    done = govbot("evaluate", "--data", gold, "-f", SV)
    assert (done.code, done.out) == (1, "")
    assert told in folded(done.err)


def test_every_fault_of_a_gold_file_is_told_at_once(gold: Path) -> None:
    gold.write_text(GOLD.replace("SV7: gap", "SV9: good"))
    err = folded(govbot("evaluate", "--data", gold, "-f", SV).err)
    assert all(told in err for told in ("no criterion SV9", "criterion SV7 has no status", "good is not one of"))

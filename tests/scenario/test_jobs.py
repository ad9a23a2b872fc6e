from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.command import folded, govbot, govbot_process
from tests.scenario.conftest import Write
from tests.scenario.test_kept import FULL, THIN, UNDER
from tests.unit.reading.test_archives import make_zip


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOVBOT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def jobs() -> dict[str, dict[str, object]]:
    """Return the jobs by the name of their file."""
    return {str(job["name"]): job for job in govbot("jobs", "list", "--format", "json").lines}


def test_drafts_that_are_handed_in_are_checked_and_kept_by_a_worker(write: Write, data: Path) -> None:
    assert govbot("jobs", "list").out.startswith("There are no jobs.")
    old, new, bad = write("plan v1.txt", THIN), write("plan v2.txt", FULL), write("bad.pdf", b"no PDF")
    missing = govbot("submit", old, "nowhere.txt", *UNDER, "--team", "parks")
    assert (missing.code, "nowhere.txt" in missing.err) == (1, True)
    assert "was handed in already" in govbot("submit", old, *UNDER, "--team", "parks").out
    # One without frameworks: those that suit it, which the worker has ready from its upkeep.
    suited = write("suited.txt", THIN.replace("board", "panel"))
    assert govbot("submit", suited).code == 0
    assert govbot_process("worker", "--until-empty").code == 0
    assert govbot("submit", new, bad, *UNDER, "--team", "parks").code == 0
    cancelled = govbot("submit", write("other.txt", THIN), *UNDER).out.split()[-1].rstrip(".")
    assert "is cancelled" in govbot("jobs", "cancel", cancelled).out
    assert govbot_process("worker", "--until-empty").code == 0

    found = jobs()
    assert {name: job["step"] for name, job in found.items()} == {
        "plan v1.txt": "done",
        "suited.txt": "done",
        "plan v2.txt": "done",
        "bad.pdf": "failed",
        "other.txt": "cancelled",
    }
    drafts = govbot("summary", "--format", "json").data["drafts"]
    assert sorted((row["title"], row["version"]) for row in drafts) == [("plan v2.txt", 2), ("suited.txt", 1)]
    reply = folded(govbot("jobs", "show", found["plan v2.txt"]["id"]).out)
    assert "done, kept as number" in reply
    assert "**From plan v1.txt to plan v2.txt:" in reply
    assert "> “A risk register is reviewed by the audit committee" in reply
    told = folded(govbot("jobs", "list").out)
    assert "bad.pdf: failed. bad.pdf " in told

    assert "waits for a worker again" in govbot("jobs", "retry", found["bad.pdf"]["id"]).out
    assert govbot_process("worker", "--until-empty").code == 0
    assert jobs()["bad.pdf"]["step"] == "failed"

    (kept,) = [row["document"] for row in drafts if row["title"] == "plan v2.txt"]
    assert govbot("forget", kept).code == 0
    held = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"risk register" not in held
    assert "plan v2.txt" not in jobs()


def test_one_content_under_two_names_is_two_teams_files(write: Write) -> None:
    govbot("check", write("first.txt", FULL), *UNDER, "--keep", "--team", "parks")
    govbot("submit", write("second.txt", FULL), *UNDER, "--team", "pools")
    assert govbot_process("worker", "--until-empty").code == 0
    found = govbot("summary", "--format", "json").data["drafts"]
    assert sorted((row["title"], row["team"]) for row in found) == [("first.txt", "parks"), ("second.txt", "pools")]
    reply = govbot("jobs", "show", str(jobs()["second.txt"]["id"])).out
    assert "first.txt" not in reply
    assert "first.txt" not in govbot("search", "risk register", "--team", "pools").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "none"), "There is no job none"),
        (("retry", "none"), "There is no job none"),
        (("cancel", "none"), "There is no job none"),
    ],
)
def test_a_job_that_is_not_there_is_told(arguments: tuple[str, ...], told: str) -> None:
    done = govbot("jobs", *arguments)
    assert (done.code, done.out) == (1, "")
    assert told in done.err


def test_each_document_of_an_archive_is_handed_in_by_itself(write: Write, data: Path) -> None:
    bundle = make_zip(
        ("a/plan.txt", FULL.encode()), ("b/plan.txt", THIN.encode()), ("c.pdf", b"no PDF"), ("d.png", b"")
    )
    assert govbot("submit", write("bundle.zip", bundle), *UNDER, "--team", "parks").code == 0
    assert govbot_process("worker", "--until-empty").code == 0
    found = jobs()
    assert {name: job["step"] for name, job in found.items()} == dict.fromkeys(
        ("bundle.zip", "bundle.zip/a/plan.txt", "bundle.zip/b/plan.txt"), "done"
    )
    drafts = govbot("summary", "--format", "json").data["drafts"]
    assert sorted((row["title"], row["version"]) for row in drafts) == [("a/plan.txt", 1), ("b/plan.txt", 1)]
    told = folded(govbot("jobs", "show", found["bundle.zip"]["id"]).out)
    assert "bundle.zip: done; 2 documents of it are checked, each in a job of its own" in told
    assert "bundle.zip/c.pdf ends in .pdf, but" in told
    assert "bundle.zip/d.png was not checked: it is of a kind that govbot does not read." in told
    assert "> “A risk register is" in folded(govbot("jobs", "show", found["bundle.zip/a/plan.txt"]["id"]).out)


def test_an_archive_is_no_version_of_one_document(write: Write, data: Path) -> None:
    govbot("check", write("plan.txt", THIN), *UNDER, "--keep")
    bundle = write("bundle.zip", make_zip(("a.txt", FULL.encode()), ("b.txt", THIN.encode())))
    assert govbot("submit", bundle, *UNDER, "--version-of", "1").code == 0
    assert govbot_process("worker", "--until-empty").code == 0
    assert "holds 2 documents, and one is wanted here" in folded(govbot("jobs", "list").out)

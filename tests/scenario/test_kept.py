from __future__ import annotations

import csv
import io
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govbot import store
from govbot.embedding import TransformerEncoder
from tests.scenario.command import folded, govbot
from tests.scenario.conftest import Write

THIN = """Openness

Meetings of the board will be held in public.
"""
FULL = """Openness

Meetings of the board are held in public, and agendas and minutes are published within ten days.

Risk

A risk register is reviewed by the audit committee each quarter, and owners report on every risk.

No register of interests has been prepared yet.
"""
UNDER = ("-f", "cipfa-ifac")
MIGRATIONS = Path(store.__file__).parent / "migrations" / "versions"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "data"
    monkeypatch.setenv("GOVBOT_DATA", str(folder))
    yield folder


def keep(path: Path, *options: object) -> str:
    done = govbot("check", path, *UNDER, "--keep", *options)
    assert done.code == 0, done.err
    return folded(done.out)


def test_a_new_version_begins_with_what_changed(write: Write) -> None:
    assert "Kept as number 1, version 1." in keep(write("plan v1.txt", THIN))
    said = keep(write("plan v2.txt", FULL))
    assert said.startswith("Kept as number 1, version 2. From plan v1.txt to plan v2.txt: ")
    assert "gap closed" in said
    assert "“A risk register is reviewed by the audit committee each quarter" in said
    assert "This very file is kept already, as number 1, version 2." in keep(write("plan v2.txt", FULL))


def test_a_kept_check_is_the_check_that_is_not_kept(write: Write) -> None:
    path = write("plan.txt", FULL)
    plain = govbot("check", path, *UNDER, "--format", "json").data
    first = govbot("check", path, *UNDER, "--keep", "--format", "json").data
    looked_up = govbot("check", path, *UNDER, "--keep", "--format", "json").data
    assert plain == first == looked_up
    assert "as number 1, version 1." in govbot("check", path, *UNDER, "--keep", "--format", "json").err


def test_a_draft_that_was_kept_is_not_encoded_again(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(write("plan.txt", FULL))
    monkeypatch.setattr("govbot.embedding.CachedEncoder.encode", None)
    assert "This very file is kept already" in keep(write("plan.txt", FULL))


def test_a_summary_shows_drafts_gaps_changes_and_months(write: Write) -> None:
    keep(write("plan v1.txt", THIN), "--team", "parks")
    keep(write("plan v2.txt", FULL), "--team", "parks")
    keep(write("code.txt", THIN), "--team", "pools")
    found = govbot("summary", "--format", "json").data
    assert [(one["title"], one["team"], one["version"]) for one in found["drafts"]] == [
        ("code.txt", "pools", 1),
        ("plan v2.txt", "parks", 2),
    ]
    assert found["drafts"][1]["criteria"]["F1"] == "evidenced"
    assert {"criterion": "F1", "change": "closed"} in found["drafts"][1]["changes"]
    assert {"criterion": "G3", "drafts": 2} in found["gaps"]
    assert [month["versions"] for month in found["months"]] == [3]
    told = folded(govbot("summary").out)
    assert "2 kept drafts checked against" in told
    assert "1 plan v2.txt (version 2, parks," in told
    assert "gap closed: " in told
    assert "2 kept drafts" not in folded(govbot("summary", "--team", "pools").out)
    assert "No kept draft" in folded(govbot("summary", "--since", "2999-01-01").out)


def test_a_summary_goes_into_a_spreadsheet(write: Write, tmp_path: Path) -> None:
    keep(write("code.txt", FULL), "--team", "=1+1")
    rows = list(csv.reader(io.StringIO(govbot("summary", "--format", "csv").out)))
    assert rows[0] == ["No.", "Draft", "Version", "Team", "Kept", *"ABCDEFG"]
    assert rows[1][:4] == ["1", "code.txt", "1", "'=1+1"]
    assert re.search(r"\d evidenced", " ".join(rows[1][5:]))
    out = tmp_path / "summary.xlsx"
    assert govbot("summary", "--format", "xlsx", "--out", out).code == 0
    book = load_workbook(out)
    assert [cell.value for cell in book.worksheets[0][2]][:4] == [1, "code.txt", 1, "'=1+1"]
    assert govbot("summary", "--format", "xlsx").code == 2
    assert "cannot be written" in folded(govbot("summary", "--format", "xlsx", "--out", "/nowhere/x.xlsx").err)


def test_the_summary_is_a_table_in_markdown(write: Write) -> None:
    keep(write("a|b.txt", THIN))
    lines = govbot("summary", "--format", "md").out.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("| No. |"))
    assert lines[head + 1].count("---") == 12
    assert lines[head + 2].startswith("| 1 | a\\|b.txt | 1 |")


def test_a_decision_counts_at_once_and_for_later_versions(write: Write) -> None:
    keep(write("plan v1.txt", FULL))
    told = govbot("decide", 1, "C1", "--not-relevant", "A code has no outcomes", "--by", "Ann Lee").out
    assert told == "C1 of number 1 now stands as: not relevant here.\n"
    found = govbot("summary", "--format", "json").data
    assert found["drafts"][0]["criteria"]["C1"] == "not_applicable"
    assert [(one["criterion"], one["reason"], one["author"]) for one in found["decisions"]] == [
        ("C1", "A code has no outcomes", "Ann Lee")
    ]
    keep(write("plan v2.txt", FULL + "\nMore is to come.\n"))
    found = govbot("summary", "--format", "json").data
    assert (found["drafts"][0]["version"], found["drafts"][0]["criteria"]["C1"]) == (2, "not_applicable")
    assert "now stands as: not found" in govbot("decide", 1, "C1", "--withdraw").out
    assert govbot("summary", "--format", "json").data["decisions"] == []


def test_a_quote_is_struck_and_another_named(write: Write) -> None:
    keep(write("plan.txt", FULL))
    quote = "A risk register is reviewed by the audit committee each quarter, and owners report on every risk."
    assert "evidenced" not in govbot("decide", 1, "F1", "--not-evidence", quote).out
    assert (
        "now stands as: evidenced" in govbot("decide", 1, "A1", "--evidence", "agendas  and MINUTES are published").out
    )
    checked = govbot("check", write("plan.txt", FULL), *UNDER, "--keep", "--format", "json").data
    covered = {item["id"]: item for item in checked["assessments"][0]["criteria"]}
    assert covered["A1"]["evidence"][0]["quote"].startswith("Meetings of the board are held in public")
    assert quote not in [one["quote"] for one in covered["F1"]["evidence"]]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("decide", 1, "C1"), 2, "Give one decision"),
        (("decide", 1, "C1", "--withdraw", "--not-relevant", "x"), 2, "Give one decision"),
        (("decide", 1, "Z9", "--not-relevant", "x"), 1, "was not checked for Z9 under cipfa-ifac"),
        (("decide", 1, "C1", "--evidence", "no such words"), 1, "does not have these words"),
        (("decide", 1, "C1", "--evidence", "of the"), 1, "at least 3 words"),
        (("decide", 1, "C1", "--not-evidence", "Meetings of the board are held"), 1, "No quote of C1 has these words"),
        (("decide", 1, "Z9", "--withdraw"), 1, "was not checked for Z9"),
        (("forget", 99999999999999999999), 2, "less than or equal to 2147483647"),
        (("search", "?"), 1, "Say what to look for"),
        (("diff", "missing.docx", "other.docx"), 1, "missing.docx"),
        (("decide", 7, "C1", "--not-relevant", "x"), 1, "No kept draft has the number 7"),
        (("forget", 7), 1, "No kept draft has the number 7"),
        (("diff", 7), 1, "No kept draft has the number 7"),
        (("diff", "nothing.docx"), 1, "No kept draft has the number nothing.docx"),
        (("diff", 1), 1, "Only one version of plan.txt is kept"),
        (("summary", "-f", "none"), 1, "none"),
        (("check", "x.txt", "--team", "parks"), 2, "add --keep"),
    ],
)
def test_what_cannot_be_done_is_told(write: Write, arguments: tuple[object, ...], code: int, told: str) -> None:
    keep(write("plan.txt", FULL))
    done = govbot(*arguments)
    assert (done.code, done.out) == (code, "")
    assert told in re.sub(r"[│╭╰─╮╯\s]+", " ", done.err)


def test_a_draft_stands_under_the_frameworks_that_it_was_checked_under(write: Write) -> None:
    assert govbot("check", write("plan.txt", FULL), "-f", "oecd-skills", "--keep").code == 0
    assert govbot("decide", 1, "OS1-1", "-f", "oecd-skills", "--not-relevant", "No skills here").code == 0
    assert govbot("summary", "-f", "oecd-skills", "--format", "json").data["drafts"][0]["criteria"]["OS1-1"] == (
        "not_applicable"
    )
    assert govbot("summary", "-f", "social-value-principles", "--format", "json").data["drafts"] == []


def test_a_part_of_a_quote_strikes_it(write: Write) -> None:
    keep(write("plan.txt", FULL))
    said = govbot("decide", 1, "F1", "--not-evidence", "reviewed by the AUDIT committee").out
    assert "now stands as: not found" in said


def test_drafts_are_compared_as_files_or_as_they_were_kept(write: Write) -> None:
    old, new = write("plan v1.txt", FULL), write("plan v2.txt", THIN)
    files = govbot("diff", old, new, *UNDER, "--format", "json").data
    keep(old), keep(new)
    kept = govbot("diff", 1, *UNDER, "--format", "json").data
    assert kept == files
    mixed = govbot("diff", old, 1, *UNDER, "--format", "json").data
    assert mixed == files
    changes = {item["criterion"]: item["change"] for item in files["changes"]}
    assert (changes["F1"], changes["B1"]) == ("opened", "weaker")
    weaker = next(item for item in files["changes"] if item["criterion"] == "B1")
    assert weaker["before"]["evidence"][0]["quote"].startswith("Meetings of the board are held")
    assert weaker["after"]["evidence"][0]["quote"].endswith("Meetings of the board will be held in public.")
    told = folded(govbot("diff", old, new, *UNDER).out)
    assert told.startswith("From plan v1.txt to plan v2.txt:")
    assert "You asked" not in told + govbot("diff", old, new, *UNDER, "--format", "md").out


def test_a_search_quotes_the_drafts_that_speak_of_it(write: Write) -> None:
    keep(
        write("ferries.txt", "The ferry to Farra sails each day, and its timetable is reviewed in March."),
        "--team",
        "a",
    )
    keep(write("libraries.txt", "Books are lent to all who ask, and the van calls at every village."), "--team", "b")
    told = folded(govbot("search", "which strategies mention the ferry?").out)
    assert "One kept draft speaks of “ferry”:" in told
    assert "ferries.txt (number 1, ferries.txt)" in told
    assert "“The ferry to Farra sails each day" in told
    assert "libraries" not in told
    assert "No kept draft speaks of “ferry”" in folded(govbot("search", "the ferry", "--team", "b").out)


def test_a_forgotten_draft_leaves_nothing_but_its_number(write: Write, data: Path) -> None:
    keep(write("plan.txt", FULL.replace("agendas", "quinces")))
    govbot("decide", 1, "B1", "--not-evidence", "quinces and minutes are published", "--reason", "quinces")
    assert any(b"quinces" in path.read_bytes() for path in data.rglob("*") if path.is_file())
    done = govbot("forget", 1)
    assert folded(done.out).startswith("“plan.txt” is forgotten: 1 version,")
    for path in data.rglob("*"):
        if path.is_file():
            assert b"quince" not in path.read_bytes()
            assert b"risk register" not in path.read_bytes()
    assert govbot("summary", "--format", "json").data["drafts"] == []


def test_vectors_of_a_forgotten_draft_leave_the_cache(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", str(tmp_path / "cache"))
    keep(write("plan.txt", FULL))
    cache = tmp_path / "cache" / "vectors.sqlite3"
    before = rows(cache)
    govbot("forget", 1)
    assert before > 5
    assert rows(cache) == 0


def rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])


def test_the_database_is_looked_after(write: Write, data: Path) -> None:
    newest = max(MIGRATIONS.glob("0*.py")).name[:4]
    assert f"revision {newest}" in govbot("db", "upgrade").out
    assert "fits this govbot" in govbot("db", "check").out
    keep(write("plan.txt", FULL))
    kept = govbot("db", "backup").out.strip()
    govbot("forget", 1)
    assert not Path(kept).exists()
    keep(write("plan.txt", FULL))
    kept = govbot("db", "backup").out.strip()
    keep(write("other.txt", THIN))
    assert "is in place" in folded(govbot("db", "restore", kept).out)
    assert len(govbot("summary", "--format", "json").data["drafts"]) == 1
    assert "not a sound backup" in folded(govbot("db", "restore", write("x", "nothing")).err)


def test_the_doctor_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = govbot("doctor")
    assert (done.code, done.err) == (0, "")
    assert "Database: " in done.out
    assert "Jobs: nothing waits" in done.out
    assert "in .rtf and .doc are" in folded(done.out)
    assert "Scans: " in done.out
    monkeypatch.setenv("GOVBOT_DATABASE", "mysql://host/x")
    done = govbot("doctor")
    assert (done.code, "Model and matchers: " in done.out) == (1, True)
    assert "GOVBOT_DATABASE is not an address" in folded(done.err)


def test_the_doctor_says_whether_old_word_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = govbot("doctor")
    assert (done.code, done.err) == (0, "")
    assert "Rich Text and old Word: LibreOffice Writer is not installed" in folded(done.out)
    (tmp_path / "soffice").write_text(f"#!{sys.executable}\n")
    (tmp_path / "soffice").chmod(0o755)
    done = govbot("doctor")
    assert done.code == 1
    assert "Rich Text and old Word: LibreOffice is installed but converts nothing" in folded(done.err)


def test_the_doctor_says_that_nobody_works(write: Write, data: Path) -> None:
    govbot("submit", write("plan.txt", THIN))
    assert "Jobs: 1 waits for a worker" in govbot("doctor").out
    with closing(sqlite3.connect(data / "govbot.sqlite3")) as connection, connection:
        connection.execute("UPDATE jobs SET made_at = '2026-01-01 12:00:00.000000'")
    done = govbot("doctor")
    assert done.code == 1
    assert "since 2026-01-01 12:00. Check that workers are running" in folded(done.err)


def test_a_kept_draft_answers_as_its_file_does_and_decisions_count(write: Write) -> None:
    path = write("plan.txt", FULL)
    keep(path)
    of_file = govbot("ask", path, "have we covered openness?", *UNDER, "--format", "json").data
    assert govbot("ask", 1, "have we covered openness?", *UNDER, "--format", "json").data == of_file
    govbot("decide", 1, "B1", "--not-relevant", "Nothing to be open about", "--by", "Ann")
    assert "Nothing is expected on openness" in folded(govbot("ask", 1, "have we covered openness?", *UNDER).out)
    told = folded(govbot("chat", 1, *UNDER, stdin="openness\nwhy?\n").out)
    assert "Ask about plan.txt" in told
    assert "No kept draft has the number 9" in folded(govbot("ask", 9, "openness").err)


def test_what_was_asked_of_a_kept_draft_is_kept(write: Write, data: Path) -> None:
    keep(write("plan.txt", FULL)), keep(write("other.txt", THIN), "--version-of", 0)
    govbot("ask", 1, 2, "have we covered openness?", *UNDER)
    with closing(sqlite3.connect(data / "govbot.sqlite3")) as connection:
        asked = connection.execute("SELECT question, kind, version_id FROM enquiries ORDER BY version_id").fetchall()
        audit = connection.execute("SELECT action, document FROM audit WHERE action = 'asked'").fetchall()
    assert asked == [("have we covered openness?", "criterion", 1), ("have we covered openness?", "criterion", 2)]
    assert sorted(audit) == [("asked", 1), ("asked", 2)]


def test_only_what_changed_in_a_new_version_is_encoded(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def section(subject: str) -> str:
        said = f"The {subject} team reports on its work to the board each quarter and publishes what it found. "
        return f"# {subject.title()}\n\n" + said * 3 + "\n"

    subjects = ("parks", "pools", "libraries", "roads")
    keep(write("plan v1.md", "\n".join(map(section, subjects))))
    encoded: list[str] = []
    encode = TransformerEncoder.encode

    def counted(encoder: TransformerEncoder, texts: list[str], **options: object) -> object:
        encoded.extend(texts)
        return encode(encoder, texts, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(TransformerEncoder, "encode", counted)
    keep(write("plan v2.md", "\n".join(map(section, (*subjects[:3], "bridges")))))
    assert encoded
    assert all("bridges" in text.casefold() for text in encoded)

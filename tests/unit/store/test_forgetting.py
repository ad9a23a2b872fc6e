from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from govbot.errors import DatabaseUnreachable, StillInUse, TextRemoved, UnknownDocument
from govbot.records import Decision
from govbot.store import (
    Origin,
    Scope,
    Store,
    add_job,
    add_to_order,
    backup,
    desk,
    find_decisions,
    find_jobs,
    find_versions,
    finish_job,
    forget,
    keep_decision,
    keep_document,
    read_standings,
    read_text,
    remove_old_text,
    schema,
    scrub_if_due,
)
from tests.unit.store.conftest import NOON
from tests.unit.store.made import SECRET, assessment, document, keep

#: Words of the secret that stand nowhere else.
WORDS = re.compile(rb"quince orchard|bee house", re.IGNORECASE)


def decide(store: Store, of: int) -> None:
    decision = Decision(
        framework="gardens",
        criterion="P1",
        kind="not_evidence",
        quote=SECRET,
        reason="Quinces are not plums.",
        author="ann",
        made_at=NOON,
    )
    keep_decision(store, of, decision)


def rows(store: Store) -> dict[str, int]:
    """Return the number of rows of each table that has any."""
    with store.reading() as connection:
        counted = {
            table.name: int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)
            for table in schema.METADATA.sorted_tables
        }
    return {name: count for name, count in counted.items() if count}


def files(store: Store) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


def test_nothing_of_a_forgotten_document_is_left(store: Store) -> None:
    place = keep(store)
    decide(store, place.document)
    if store.engine.dialect.name == "sqlite":
        backup(store.engine, store.folder)
        assert any(WORDS.search(path.read_bytes()) for path in files(store))
    gone = forget(store, place.document, by="ann", at=NOON)
    scrub_if_due(store)
    assert (gone.title, gone.versions, [one.text for one in gone.documents]) == ("Garden Strategy", 1, [SECRET])
    assert rows(store) == {"workspaces": 1, "audit": 3}
    assert [path for path in files(store) if WORDS.search(path.read_bytes())] == []
    if store.engine.dialect.name == "postgresql":
        assert dump(store) == []


def dump(store: Store) -> list[str]:
    """Return every row of the database, as text, that has words of the secret."""
    with store.reading() as connection:
        return [
            str(row)
            for table in schema.METADATA.sorted_tables
            for row in connection.execute(text(f"SELECT t::text FROM {table.name} t"))
            if WORDS.search(str(row).encode())
        ]


def test_what_another_document_holds_too_stays(store: Store) -> None:
    first = keep(store, origin=Origin(team="parks"))
    second = keep(store, origin=Origin(team="pools"))
    assert forget(store, first.document, by="ann", at=NOON).documents == ()
    (version,) = find_versions(store, second.document)
    assert read_text(store, version).document.text == SECRET


def test_a_document_that_is_not_there_cannot_be_forgotten(store: Store) -> None:
    with pytest.raises(UnknownDocument):
        forget(store, 7, by="ann", at=NOON)


def test_old_text_goes_and_coverage_stays(store: Store) -> None:
    old = keep(store, at=NOON - timedelta(days=181))
    new = keep(store, document("Pools", "The paddling pool is cleaned on Mondays by two wardens."), at=NOON)
    gone = remove_old_text(store, before=NOON - timedelta(days=180), at=NOON)
    scrub_if_due(store)
    assert [one.title for one in gone] == ["Garden Strategy"]
    with pytest.raises(TextRemoved, match="Garden Strategy"):
        read_text(store, find_versions(store, old.document)[0])
    assert read_text(store, find_versions(store, new.document)[0]).document.title == "Pools"
    standings = {one.title: one.criteria for one in read_standings(store, "gardens", Scope())}
    assert standings["Garden Strategy"] == {"P1": ("evidenced", "d"), "Q": ("evidenced", "d")}
    assert [path for path in files(store) if WORDS.search(path.read_bytes())] == []
    assert remove_old_text(store, before=NOON - timedelta(days=180), at=NOON) == ()


def test_text_comes_back_with_the_file(store: Store) -> None:
    keep(store, at=NOON - timedelta(days=181))
    remove_old_text(store, before=NOON - timedelta(days=180), at=NOON)
    again = keep(store)
    assert not again.is_new
    assert read_text(store, find_versions(store, again.document)[0]).document.text == SECRET


def test_text_that_a_newer_version_holds_stays(store: Store) -> None:
    keep(store, at=NOON - timedelta(days=181), origin=Origin(team="parks"))
    other = keep(store, at=NOON, origin=Origin(team="pools"))
    assert remove_old_text(store, before=NOON - timedelta(days=180), at=NOON) == ()
    assert read_text(store, find_versions(store, other.document)[0]).document.text == SECRET


def test_what_a_job_has_read_and_nobody_holds_yet_stays_and_so_do_backups(store: Store) -> None:
    keep(store, at=NOON)
    keep_document(store, document("On its way", "The new bee house stands in the west garden."), at=NOON)
    made = backup(store.engine, store.folder) if store.engine.dialect.name == "sqlite" else None
    assert remove_old_text(store, before=NOON - timedelta(days=180), at=NOON) == ()
    assert made is None or made.exists()
    gone = remove_old_text(store, before=NOON - timedelta(days=180), at=NOON + timedelta(days=200))
    assert [one.title for one in gone] == ["On its way"]


def test_text_that_was_kept_anew_is_kept_as_long_as_any(store: Store) -> None:
    keep(store, at=NOON - timedelta(days=200))
    remove_old_text(store, before=NOON - timedelta(days=180), at=NOON)
    again = keep(store, at=NOON)
    remove_old_text(store, before=NOON - timedelta(days=180), at=NOON)
    assert read_text(store, find_versions(store, again.document)[0]).document.text == SECRET


def test_the_file_of_a_job_that_failed_goes_too(store: Store) -> None:
    kept = document()
    job, _ = add_job(store, "k", "a.docx", {}, SECRET.encode(), once=False, sha256=kept.sha256, at=NOON)
    other, _ = add_job(store, "l", "b.docx", {}, b"else", once=False, sha256="0", at=NOON)
    finish_job(store, job, "failed", at=NOON)
    forget(store, keep(store, kept).document, by="ann", at=NOON)
    scrub_if_due(store)
    assert [one.id for one in find_jobs(store)] == [other]
    assert [path for path in files(store) if WORDS.search(path.read_bytes())] == []


def test_what_a_killed_reader_left_behind_goes_too(store: Store) -> None:
    place = keep(store)
    left, used = store.folder / "reading" / "slot-1", store.folder / "reading" / "slot-2"
    left.mkdir(parents=True)
    (left / "a.md").write_text(SECRET)
    with desk(store.folder, "slot-2"):
        (used / "b.md").write_text("in use")
        forget(store, place.document, by="ann", at=NOON)
        assert not left.exists()
        assert (used / "b.md").exists()
    assert not used.exists()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_words_that_another_program_still_reads_are_wiped_as_soon_as_it_is_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = keep(store)
    with store.engine.connect() as reader:
        reader.execute(select(schema.passages.c.text)).fetchone()
        monkeypatch.setattr("govbot.store.opening._PATIENCE", 0)
        with store.engine.connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout = 1")  # type: ignore[union-attr]
        forget(store, place.document, by="ann", at=NOON)
        with pytest.raises((StillInUse, DatabaseUnreachable)):
            scrub_if_due(store)
    scrub_if_due(store)
    assert [path for path in files(store) if WORDS.search(path.read_bytes())] == []
    assert scrub_if_due(store) == 0


def test_quotes_of_decisions_go_with_the_text_and_their_reasons_stay(store: Store) -> None:
    decide(store, keep(store, at=NOON - timedelta(days=200)).document)
    remove_old_text(store, before=NOON - timedelta(days=180), at=NOON)
    (found,) = find_decisions(store, 1)
    assert (found.quote, found.reason) == ("", "Quinces are not plums.")


def test_nothing_that_is_written_down_of_people_has_text(store: Store) -> None:
    decide(store, keep(store, found=assessment(P1="gap")).document)
    with store.reading() as connection:
        written = [tuple(row) for row in connection.execute(select(schema.audit.c["actor", "action", "document"]))]
    assert written == [("", "kept", 1), ("ann", "decided", 1)]


def test_the_job_of_a_file_that_held_several_goes_with_the_last_of_them(store: Store) -> None:
    def wait(name: str, sha256: str = "", **order: object) -> str:
        return add_job(store, name, name, {"asks": [], **order}, None, once=True, sha256=sha256 or None, at=NOON)[0]

    first, second = document("Gardens"), document("Pools", "The paddling pool is cleaned on Mondays.")
    file = wait("bundle.zip", asks=[{"question": SECRET}])
    for one in (first, second):
        job = wait(one.name, one.sha256, inside=file)
        add_to_order(store, file, "holds", {"job": job})
        keep(store, one, job=job)
        finish_job(store, job, "done", at=NOON)
    finish_job(store, file, "done", at=NOON)
    forget(store, 1, by="ann", at=NOON)
    assert {one.name: one.order["asks"] for one in find_jobs(store)} == {"bundle.zip": [], "Pools.docx": []}
    forget(store, 2, by="ann", at=NOON)
    assert find_jobs(store) == ()

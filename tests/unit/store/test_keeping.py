from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from govbot.config import Settings
from govbot.errors import ModelOfAnotherSize, UnknownDocument
from govbot.passages import split_passages
from govbot.records import Unread
from govbot.store import (
    MadeUnder,
    Origin,
    Store,
    add_job,
    connect,
    find_assessments,
    find_versions,
    keep_content,
    open_store,
    read_text,
    renew_document,
    schema,
    upgrade,
)
from govbot.store.keeping import as_file
from govbot.store.lines import title_line
from tests.unit.store.conftest import NOON
from tests.unit.store.made import SECRET, assessment, document, keep, vectors

UNDER = MadeUnder(framework="gardens", framework_version="1.0.0", matcher="m1", model="model")


def test_what_was_kept_is_found_as_it_was(store: Store) -> None:
    kept = document(text=f"{SECRET}\nNobody waters the beds in August, which the strategy says plainly.")
    keep(store, kept)
    (version,) = find_versions(store, 1)
    found = read_text(store, version)
    assert found.document == kept
    assert (version.title, version.number, version.kept_at, version.name) == (
        "Garden Strategy",
        1,
        NOON,
        "Garden Strategy.docx",
    )
    np.testing.assert_allclose(found.vectors, vectors(len(split_passages(kept))), atol=2e-3)
    assert find_assessments(store, kept.sha256, [UNDER]) == {"gardens": assessment()}


def test_a_reading_that_leaves_less_unread_takes_the_place_of_what_was_kept(store: Store) -> None:
    unread = replace(document(), unread=(Unread(reason="scan_off", page=2),))
    keep(store, unread)
    assert renew_document(store, replace(unread, name="other.docx")) is None
    assert find_assessments(store, unread.sha256, [UNDER]) == {"gardens": assessment()}
    block = replace(unread.blocks[0], text="Read from a scan.", ocr_confidence=0.9)
    read = replace(unread, blocks=(block,), unread=(Unread(reason="picture", page=3, matters=False),))
    assert renew_document(store, read) == unread
    assert find_assessments(store, unread.sha256, [UNDER]) == {}
    found = read_text(store, find_versions(store, 1)[0])
    assert (found.document.blocks, len(found.vectors), found.model) == ((block,), 0, "")
    # Neither where there was no time, nor a copy under another name in its e-mail, undoes that.
    assert renew_document(store, replace(read, unread=(Unread(reason="scan_late", page=2),))) is None
    assert (
        renew_document(store, replace(read, unread=(Unread(reason="inside.message", part="a", matters=False),))) is None
    )
    assert renew_document(store, replace(unread, sha256="another")) is None


@pytest.mark.parametrize("field", ["framework", "framework_version", "matcher", "model"])
def test_an_assessment_made_under_anything_else_is_not_taken_for_it(store: Store, field: str) -> None:
    keep(store)
    other = MadeUnder(**{**{name: getattr(UNDER, name) for name in MadeUnder.__slots__}, field: "other"})
    assert find_assessments(store, document().sha256, [other]) == {}


def test_the_same_title_and_team_make_a_line_of_versions(store: Store) -> None:
    first = keep(store, document("Garden Strategy v1 DRAFT"), origin=Origin(team="parks"))
    second = keep(store, document("Garden strategy, final (2)", "Other words."), origin=Origin(team="parks"))
    elsewhere = keep(store, document("Garden Strategy", "More words."), origin=Origin(team="pools"))
    assert [(one.document, one.number) for one in (first, second, elsewhere)] == [(1, 1), (1, 2), (2, 1)]
    assert [one.title for one in find_versions(store, 1)] == ["Garden strategy, final (2)"] * 2


def test_the_same_file_again_is_no_new_version(store: Store) -> None:
    first, again = keep(store), keep(store)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == first.version


def test_what_is_known_by_a_line_of_its_own_is_not_known_by_its_title(store: Store) -> None:
    lines = ("north", "south", "north", "")
    found = [
        keep(store, document("Strategy", f"Words {number}."), origin=Origin(line=line))
        for number, line in enumerate(lines)
    ]
    assert [(one.document, one.number) for one in found] == [(1, 1), (2, 1), (1, 2), (3, 1)]


def test_a_person_says_of_what_it_is_a_version(store: Store) -> None:
    keep(store)
    of = keep(store, document("Quite another title", "Words."), origin=Origin(version_of=1))
    new = keep(store, document("Quite another title", "Words."), origin=Origin(version_of=0))
    assert [(one.document, one.number) for one in (of, new)] == [(1, 2), (2, 1)]
    with pytest.raises(UnknownDocument):
        keep(store, origin=Origin(version_of=99))


def test_workspaces_see_nothing_of_each_other(store: Store, settings: object) -> None:
    keep(store)
    other = open_store(settings, workspace="T2")  # type: ignore[arg-type]
    assert find_assessments(other, document().sha256, [UNDER]) == {}
    with pytest.raises(UnknownDocument):
        find_versions(other, 1)
    other.engine.dispose()


def test_a_job_that_is_begun_again_makes_one_version(store: Store) -> None:
    kept, other = document(), document(text="Other words.")
    job, _ = add_job(store, "k", "a.docx", {}, None, once=True, at=NOON)
    first = keep(store, kept, origin=Origin(version_of=0), job=job)
    keep(store, other)
    again = keep(store, kept, origin=Origin(version_of=0), job=job)
    assert (again.document, again.version, again.is_new) == (first.document, first.version, True)
    assert [one.sha256 for one in find_versions(store, 1)] == [kept.sha256, other.sha256]


def test_titles_without_words_have_nothing_in_common(store: Store) -> None:
    assert [keep(store, document("???", text)).document for text in ("One.", "Two.")] == [1, 2]


def test_a_version_with_another_title_gives_its_title_to_the_line(store: Store) -> None:
    keep(store, document("Garden Strategy", "One."))
    keep(store, document("Green Spaces Plan", "Two."), origin=Origin(version_of=1))
    assert keep(store, document("Green Spaces Plan v3", "Three.")).document == 1


def test_vectors_of_another_model_are_replaced(store: Store) -> None:
    kept = document()
    keep(store, kept)
    keep_content(store, kept, split_passages(kept), vectors(1, seed=5), [], model="newer", at=NOON)
    found = read_text(store, find_versions(store, 1)[0])
    assert found.model == "newer"
    np.testing.assert_allclose(found.vectors, vectors(1, seed=5), atol=2e-3)


def test_many_programs_start_on_an_empty_store_at_once(settings: Settings) -> None:
    upgrade(connect(settings), settings.data_folder)
    opened: list[Store] = []
    threads = [threading.Thread(target=lambda: opened.append(open_store(settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    assert len({one.workspace for one in opened}) == 1
    for one in opened:
        one.engine.dispose()


def test_what_is_read_together_is_of_one_moment(store: Store) -> None:
    keep(store)
    with store.reading() as connection:
        before = connection.execute(select(func.count()).select_from(schema.versions)).scalar()
        keep(store, document(text="Other words."))
        assert connection.execute(select(func.count()).select_from(schema.versions)).scalar() == before


def test_many_hands_keep_one_file_once(store: Store) -> None:
    threads = [threading.Thread(target=keep, args=(store,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (schema.contents, schema.versions, schema.assessments, schema.readings)
        }
    assert counted == {"contents": 1, "versions": 1, "assessments": 1, "readings": 1}


def test_vectors_of_another_length_are_refused(store: Store) -> None:
    with pytest.raises(ModelOfAnotherSize, match="of 64 numbers"):
        keep_content(
            store, document(), split_passages(document()), np.ones((1, 64), np.float32), [], model="model", at=NOON
        )


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Housing Strategy v3 FINAL", "housing strategy"),
        ("Housing_Strategy-draft (2)", "housing strategy"),
        ("Strategy 2027 to 2032", "strategy 2027 to 2032"),
        ("Housing Strategy v1.2", "housing strategy"),
        ("Housing Strategy version 2", "housing strategy"),
        ("Housing Strategy copy (3).docx", "housing strategy docx"),
        ("Annex 1", "annex 1"),
        ("Locality plan 7", "locality plan 7"),
        ("Report to Cabinet, 12 March", "report to cabinet 12 march"),
        ("DRAFT v2", "draft v2"),
        ("", ""),
        ("???", ""),
    ],
)
def test_titles_of_one_document_have_one_line(title: str, line: str) -> None:
    assert title_line(title) == line


@pytest.mark.parametrize(
    ("kept", "title", "name", "shown"),
    [
        ("plan.docx", "plan.docx", "copy.docx", "copy.docx"),
        ("plan.docx", "plan.docx", "b.zip/a/copy.docx", "copy.docx"),
        ("b.zip/a/plan.docx", "plan.docx", "copy.docx", "copy.docx"),
        ("b.zip/a/plan.docx", "plan.docx", "c.zip/copy.docx", "copy.docx"),
        ("b.zip/a/plan.docx", "Our Plan", "copy.docx", "Our Plan"),
        # Which stands for the one document in it.
        ("b.zip/a/plan.docx", "plan.docx", "c.zip", "plan.docx"),
    ],
)
def test_a_title_that_is_a_file_s_name_is_that_of_the_file_it_came_in(
    kept: str, title: str, name: str, shown: str
) -> None:
    one = as_file(replace(document(), name=kept, title=title), name)
    assert (one.name, one.title) == (name, shown)


def test_a_document_beside_another_of_its_title_is_called_and_known_again_by_another(store: Store) -> None:
    north, south = (replace(document("Plan", f"{SECRET} {place}"), name=f"b.zip/{place}.docx") for place in "ns")
    places = [keep(store, one, origin=Origin(title=f"Plan ({one.name[6:]})")) for one in (north, south)]
    assert [one.document for one in places] == [1, 2]
    again = keep(store, replace(document("Plan", "Anew."), name="c.zip/n.docx"), origin=Origin(title="Plan (n.docx)"))
    assert (again.document, again.number) == (1, 2)
    assert read_text(store, find_versions(store, 2)[0]).document.title == "Plan (s.docx)"
    # The same text elsewhere knows nothing of that.
    alone = keep(store, replace(south, name="s.docx"), origin=Origin(team="parks"))
    assert read_text(store, find_versions(store, alone.document)[0]).document.title == "Plan"

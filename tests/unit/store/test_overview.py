from __future__ import annotations

from datetime import timedelta

import numpy as np

from govbot.passages import split_passages
from govbot.records import Unchecked
from govbot.store import (
    Origin,
    Scope,
    Store,
    keep_content,
    keep_version,
    read_standings,
    read_unchecked,
    search_documents,
)
from tests.unit.store.conftest import NOON
from tests.unit.store.made import assessment, document, keep, vectors


def test_standings_are_of_documents_in_scope(store: Store) -> None:
    keep(store, document("Old", "One."), origin=Origin(team="parks"), at=NOON - timedelta(days=9))
    keep(store, document("New", "Two."), assessment(P1="gap"), Origin(team="parks"), at=NOON)
    keep(store, document("Pools", "Three."), origin=Origin(team="pools"), at=NOON)

    def titles(scope: Scope) -> list[str]:
        return sorted(one.title for one in read_standings(store, "gardens", scope))

    assert titles(Scope()) == ["New", "Old", "Pools"]
    assert titles(Scope(teams=("parks",))) == ["New", "Old"]
    assert titles(Scope(since=NOON)) == ["New", "Pools"]
    assert titles(Scope(teams=())) == []
    assert read_standings(store, "other", Scope()) == ()


def test_all_versions_of_a_document_that_changed_since_are_read(store: Store) -> None:
    keep(store, document(text="One."), at=NOON - timedelta(days=9))
    keep(store, document(text="Two."), assessment(P1="gap"), at=NOON)
    found = read_standings(store, "gardens", Scope(since=NOON))
    assert [(one.version, one.criteria["P1"][0]) for one in found] == [(1, "evidenced"), (2, "gap")]


def test_a_newer_version_that_was_not_checked_is_told(store: Store) -> None:
    keep(store, document(text="One."))
    newer = document(text="Two.")
    keep_content(store, newer, split_passages(newer), vectors(1), [], model="model", at=NOON)
    keep_version(store, newer, Origin(), at=NOON)
    assert read_unchecked(store, "gardens", Scope()) == (
        Unchecked(document=1, title="Garden Strategy", version=2, checked=1),
    )


def test_search_finds_words_first_then_what_is_near(store: Store) -> None:
    keep(store, document("A", "The ferry sails to the island each day."))
    keep(store, document("B", "We water the beds of the walled garden."))
    keep(store, document("C", "Bees are kept behind the glass house."))
    near = document("D", "Nothing of the kind is said here.")
    keep_content(store, near, split_passages(near), vectors(1, seed=1), [], model="model", at=NOON)
    keep_version(store, near, Origin(), at=NOON)
    found = search_documents(store, ("beds", "garden"), vectors(1, seed=1)[0], Scope(), model="model", most=10)
    assert found[:2] == (2, 4)
    assert sorted(found) == [1, 2, 3, 4]


def test_search_reads_the_newest_version_of_documents_in_scope(store: Store) -> None:
    keep(store, document(text="The ferry sails to the island."), origin=Origin(team="parks"))
    keep(store, document(text="We water the beds."), origin=Origin(team="parks"))
    keep(store, document("Pools", "The ferry sails to the pools."), origin=Origin(team="pools"))
    asked = np.zeros(384, np.float32)
    assert search_documents(store, ("ferry",), asked, Scope(), model="model", most=1) == (2,)
    assert search_documents(store, ("ferry",), asked, Scope(teams=("parks",)), model="model", most=9) == (1,)
    assert search_documents(store, (), asked, Scope(teams=("none",)), model="model", most=9) == ()


def test_a_word_is_looked_for_as_it_stands(store: Store) -> None:
    keep(store, document(text="100% of the beds are watered."))
    asked = np.zeros(384, np.float32)
    assert search_documents(store, ("%",), asked, Scope(teams=("x",)), model="model", most=9) == ()

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from govbot.store import (
    ChannelSettings,
    Origin,
    Place,
    Store,
    Talk,
    add_job,
    find_digests,
    find_jobs,
    find_settings,
    find_shared,
    find_talk,
    find_workspaces,
    finish_job,
    forget,
    in_workspace,
    keep_installation,
    keep_settings,
    keep_share,
    keep_state,
    keep_talk,
    members_changed,
    note_members,
    read_installation,
    remove_shares,
    remove_workspace,
    shared_numbers,
    take_state,
)
from tests.unit.store.made import document, keep

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
HERE = Place(channel="C1", file="F1", thread="1.5", by="U1")


def test_a_document_is_found_where_it_is_shared(store: Store) -> None:
    kept = keep(store)
    keep_share(store, kept.version, HERE, at=NOW)
    keep_share(store, kept.version, HERE, at=NOW)
    (found,) = find_shared(store)
    assert (found.document, found.version, found.place, found.has_text) == (kept.document, kept.version, HERE, True)
    assert find_shared(store, channel="C1", thread="1.5", by="U1", document=kept.document) == (found,)
    assert find_shared(store, document={kept.document, kept.document + 1}) == (found,)
    assert find_shared(store, document=set()) == ()
    assert find_shared(store, channel="C2") == find_shared(store, thread="2") == find_shared(store, by="U2") == ()


def test_what_is_not_shared_any_more_is_not_found(store: Store) -> None:
    kept = keep(store)
    for channel, file in (("C1", "F1"), ("C2", "F1"), ("C2", "F2")):
        keep_share(store, kept.version, Place(channel=channel, file=file, thread="", by="U1"), at=NOW)
    assert remove_shares(store) == 0
    assert remove_shares(in_workspace(store, "T2"), file="F1") == 0
    assert remove_shares(store, file="F1", channel="C1") == 1
    assert remove_shares(store, file="F1") == 1
    assert [one.place.file for one in find_shared(store)] == ["F2"]


def test_where_the_newest_version_is_taken_away_the_one_before_is_shown(store: Store) -> None:
    old = keep(store)
    new = keep(store, document("Garden Strategy", "Sheds are let to members."), origin=Origin(version_of=old.document))
    for kept, file in ((old, "F1"), (new, "F2")):
        keep_share(store, kept.version, Place(channel="C1", file=file, thread=file, by="U1"), at=NOW)
    assert shared_numbers(store, old.document) == {1, 2}
    both = find_shared(store)
    assert [(one.version, one.number, one.is_newest) for one in both] == [(new.version, 2, True)] * 2
    assert {one.place.file for one in both} == {"F1", "F2"}
    remove_shares(store, file="F2")
    assert shared_numbers(store, old.document) == {1}
    (left,) = find_shared(store)
    assert (left.version, left.number, left.is_newest) == (old.version, 1, False)


def test_errands_about_a_forgotten_draft_go_with_it(store: Store) -> None:
    kept = keep(store, origin=Origin(team="C2"))
    other = keep(store, document("Shed Strategy", "Sheds are let to members."))
    orders: list[dict[str, object]] = [
        {"kind": "submit", "document": kept.document},
        {"kind": "submit", "document": other.document},
        {"kind": "question", "channel": "C1"},
        {"kind": "question", "channel": "C2"},
        {"kind": "question", "channel": "C2"},
    ]
    jobs = [add_job(store, str(at), "", order, None, once=True, at=NOW)[0] for at, order in enumerate(orders)]
    finish_job(store, jobs[4], "done", at=NOW)
    forget(store, kept.document, by="U1", at=NOW)
    assert {one.id for one in find_jobs(store)} == {jobs[1], jobs[2], jobs[3]}


def test_a_workspace_that_is_there_is_found_while_somebody_writes(store: Store) -> None:
    known = in_workspace(store, "T2")
    with store.writing():
        assert in_workspace(store, "T2") == known
    assert set(find_workspaces(store)) == {store.key, "T2"}


def test_a_talk_goes_with_its_document(store: Store) -> None:
    kept = keep(store)
    for seen in (("a",), ("a", "b")):
        keep_talk(store, "C1", "1.5", Talk(document=kept.document, target={"kind": "topic"}, seen=seen), at=NOW)
    assert find_talk(store, "C1", "1.5") == Talk(document=kept.document, target={"kind": "topic"}, seen=("a", "b"))
    assert find_talk(store, "C1", "") is None
    forget(store, kept.document, by="U1", at=NOW)
    assert find_talk(store, "C1", "1.5") is None


def test_a_channel_is_set(store: Store) -> None:
    assert find_settings(store, "C1") == ChannelSettings(channel="C1")
    note_members(store, "C1", at=NOW)
    wanted = ChannelSettings(channel="C1", reads="mentioned", digest="cipfa-ifac", digest_at=NOW)
    keep_settings(store, wanted, by="U1", at=NOW)
    assert (find_settings(store, "C1"), find_digests(store)) == (wanted, (wanted,))
    assert (members_changed(store, "C1"), members_changed(store, "C2")) == (NOW, None)


def test_an_installation_is_kept_and_goes_with_its_workspace(store: Store) -> None:
    other = in_workspace(store, "T2")
    keep_installation(other, b"one", at=NOW)
    keep_installation(other, b"two", at=NOW)
    assert (read_installation(other), read_installation(store)) == (b"two", None)
    remove_workspace(other)
    assert find_workspaces(store) == (store.key,)
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM installations")).scalar() == 0


def test_what_slack_brings_back_is_taken_once_and_in_time(store: Store) -> None:
    for state in ("one", "two"):
        keep_state(store.engine, state, expires_at=NOW + timedelta(minutes=10))
    assert [take_state(store.engine, "one", at=NOW) for _ in range(2)] == [True, False]
    assert not take_state(store.engine, "two", at=NOW + timedelta(minutes=10))

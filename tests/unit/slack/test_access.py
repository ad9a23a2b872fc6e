from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govbot.config import Settings
from govbot.slack.access import GOOD_FOR, Access
from govbot.slack.calling import Api, new_client
from govbot.store import Store, note_members, open_store
from govbot.testing.slack import LocalSlack


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(Settings(data=str(tmp_path)))
    yield found
    found.engine.dispose()


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def access(slack: LocalSlack, store: Store, *, officers: str = "", clock: Clock | None = None) -> Access:
    api = Api(new_client(Settings(slack_api=slack.api_url), slack.bot_token))
    return Access(api, store, team=slack.team, officers=officers, clock=clock or Clock())


def test_members_may_read_and_colleagues_what_is_public(slack: LocalSlack, store: Store) -> None:
    ada, ben, gus = (slack.add_user(name, guest=name == "Gus") for name in ("Ada", "Ben", "Gus"))
    eve = slack.add_user("Eve", stranger=True)
    public, closed = slack.add_channel("open", [ada, gus]), slack.add_channel("closed", [ada, eve], private=True)
    found = access(slack, store)
    may = {user: (found.may_read(user, public), found.may_read(user, closed)) for user in (ada, ben, gus, eve)}
    assert may == {ada: (True, True), ben: (True, False), gus: (True, False), eve: (False, True)}


def test_an_officer_is_a_colleague(slack: LocalSlack, store: Store) -> None:
    olive, guest = slack.add_user("Olive"), slack.add_user("Guy", guest=True)
    stranger = slack.add_user("Sue", stranger=True)
    group = slack.add_group("officers", [olive, guest, stranger])
    for officers in (group, f"{olive}, {guest}, {stranger}"):
        found = access(slack, store, officers=officers)
        assert [found.is_officer(one) for one in (olive, guest, stranger)] == [True, False, False]


def test_a_guest_reads_no_channel_that_they_are_not_in(slack: LocalSlack, store: Store) -> None:
    guest, stranger = slack.add_user("Guy", guest=True), slack.add_user("Sue", stranger=True)
    public = slack.add_channel("square", [slack.add_user("Al")])
    found = access(slack, store)
    assert (found.may_read(guest, public), found.may_read(stranger, public)) == (False, False)
    assert (found.may_read("", public), found.may_read("U0NOBODY", public)) == (False, False)


def test_what_is_not_known_is_refused(slack: LocalSlack, store: Store) -> None:
    ada = slack.add_user("Ada")
    hidden = slack.add_channel("hidden", [ada], private=True, with_bot=False)
    found = access(slack, store)
    assert (found.may_read(ada, hidden), found.may_read(ada, "C0NOWHERE")) == (False, False)


def test_members_are_known_for_a_minute_and_a_departure_at_once(slack: LocalSlack, store: Store) -> None:
    ada = slack.add_user("Ada")
    closed, clock = slack.add_channel("board", [ada], private=True), Clock()
    found = access(slack, store, clock=clock)
    assert found.may_read(ada, closed)
    slack.leave(ada, closed)
    assert found.may_read(ada, closed)
    clock.now = GOOD_FOR
    assert not found.may_read(ada, closed)
    slack.join(ada, closed)
    assert found.may_read(ada, closed, afresh=True)
    slack.leave(ada, closed)
    note_members(store, closed, at=datetime.now(UTC))
    assert not found.may_read(ada, closed)


def test_an_answer_is_for_all_who_read_it(slack: LocalSlack, store: Store) -> None:
    ada, ben = slack.add_user("Ada"), slack.add_user("Ben")
    gus = slack.add_user("Gus", guest=True)
    public, other = slack.add_channel("a", [ada]), slack.add_channel("b", [ben])
    closed, mixed = slack.add_channel("c", [ada], private=True), slack.add_channel("d", [ada, gus])
    found = access(slack, store)
    assert found.all_may_read(closed, closed)
    assert found.all_may_read(other, public)
    assert found.all_may_read(closed, public)
    assert not found.all_may_read(public, closed)
    assert not found.all_may_read(mixed, public)


def test_members_are_listed_page_by_page(slack: LocalSlack, store: Store) -> None:
    people = [slack.add_user(f"P{number}") for number in range(205)]
    closed = slack.add_channel("many", people, private=True)
    assert access(slack, store).members(closed) == set(people)


def test_officers_are_named_or_of_a_group(slack: LocalSlack, store: Store) -> None:
    ada, ben, cy = (slack.add_user(name) for name in ("Ada", "Ben", "Cy"))
    found = access(slack, store, officers=f"{ada}, {slack.add_group('governance', [ben])}")
    assert [found.is_officer(one) for one in (ada, ben, cy)] == [True, True, False]

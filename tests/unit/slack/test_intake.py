from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from govbot.config import Settings
from govbot.errors import DatabaseRefuses, DatabaseUnreachable, StoreError
from govbot.jobs import Queue
from govbot.slack import intake
from govbot.slack.intake import Intake
from govbot.store import Store, add_errands, find_jobs, in_workspace, open_store


class Jobs:
    """Takes note of what is handed over."""

    def __init__(self, done: list[str]) -> None:
        self.done = done

    def hand_over(self, job: str, *, kind: str) -> None:
        self.done.append(f"{kind} {job}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(Settings(data=str(tmp_path)))
    yield found
    found.engine.dispose()


def mention(event: str) -> dict[str, Any]:
    asked = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.5", "text": "have we covered openness?"}
    return {"type": "event_callback", "team_id": "T1", "event_id": event, "event": asked}


def test_a_request_is_written_down_once(store: Store) -> None:
    done: list[str] = []
    taking = Intake(store, cast("Queue", Jobs(done)))
    (first,), again = taking.take(mention("Ev1")), taking.take(mention("Ev1"))
    assert again == (first,)
    taking.hand_over([first])
    taking.close()
    (job,) = find_jobs(in_workspace(store, "T1"))
    assert done == [f"question {job.id}"]


def test_nothing_is_handed_over_while_a_request_is_taken_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    taking = Intake(store, cast("Queue", Jobs(done)))

    def heard(_: object) -> tuple[()]:
        # Another request's job waits to be handed over, and there is time for that.
        taking.hand_over([("j", "question")])
        until = time.monotonic() + 0.2
        while time.monotonic() < until and not done:
            os.sched_yield()
        done.append("taken")
        return ()

    monkeypatch.setattr(intake, "heard", heard)
    monkeypatch.setattr(intake, "_LONGEST", 60.0)
    taking.take(mention("Ev1"))
    taking.close()
    assert done == ["taken", "question j"]


def take_together(taking: Intake, bodies: Sequence[dict[str, Any]]) -> list[tuple[tuple[str, str], ...] | Exception]:
    """Let a thread each take a request in, while another one holds the pen, and return what each was told."""
    found: list[tuple[tuple[str, str], ...] | Exception] = [() for _ in bodies]

    def take(at: int) -> None:
        try:
            found[at] = taking.take(bodies[at])
        except StoreError as exc:
            found[at] = exc

    threads = [threading.Thread(target=take, args=(at,)) for at in range(len(bodies))]
    with taking._writing:
        for one in threads:
            one.start()
        while len(taking._unwritten) < len(bodies):
            os.sched_yield()
    for one in threads:
        one.join()
    return found


def test_requests_that_come_together_are_written_down_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    def noting(of: Store, errands: Sequence[Any], *, at: datetime) -> tuple[str, ...]:
        batches.append(len(errands))
        return add_errands(of, errands, at=at)

    monkeypatch.setattr(intake, "add_errands", noting)
    taking = Intake(store, cast("Queue", Jobs([])))
    elsewhere = {**mention("Ev0"), "team_id": "T2"}
    told = take_together(taking, [mention("Ev1"), mention("Ev2"), elsewhere, mention("Ev1"), mention("Ev3")])
    taking.close()
    assert sorted(batches) == [1, 4]
    ids = [one[0][0] for one in told if not isinstance(one, Exception)]
    assert ids[0] == ids[3]
    assert {job.id for job in find_jobs(in_workspace(store, "T1"))} == {ids[0], ids[1], ids[4]}
    assert [job.id for job in find_jobs(in_workspace(store, "T2"))] == [ids[2]]


def test_what_cannot_be_written_down_is_told_to_every_request_of_the_workspace(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = in_workspace(store, "T1").workspace

    def failing(of: Store, errands: Sequence[Any], *, at: datetime) -> tuple[str, ...]:
        if of.workspace == lost:
            raise DatabaseUnreachable(address="", reason="disk full")
        return add_errands(of, errands, at=at)

    monkeypatch.setattr(intake, "add_errands", failing)
    taking = Intake(store, cast("Queue", Jobs([])))
    first, other, second = take_together(taking, [mention("Ev1"), {**mention("Ev2"), "team_id": "T2"}, mention("Ev3")])
    monkeypatch.undo()
    again = taking.take(mention("Ev1"))
    taking.close()
    assert isinstance(first, DatabaseUnreachable)
    assert isinstance(second, DatabaseUnreachable)
    assert [job.id for job in find_jobs(in_workspace(store, "T2"))] == [cast("Any", other)[0][0]]
    assert [job.id for job in find_jobs(in_workspace(store, "T1"))] == [again[0][0]]


def test_what_is_wrong_with_one_request_keeps_no_other_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(of: Store, errands: Sequence[Any], *, at: datetime) -> tuple[str, ...]:
        if any("Ev2" in key for key, _, _ in errands):
            raise DatabaseRefuses(address="", kind="DataError", reason="a null character")
        return add_errands(of, errands, at=at)

    monkeypatch.setattr(intake, "add_errands", failing)
    taking = Intake(store, cast("Queue", Jobs([])))
    first, second, third = take_together(taking, [mention("Ev1"), mention("Ev2"), mention("Ev3")])
    taking.close()
    assert isinstance(second, DatabaseRefuses)
    written = {job.id for job in find_jobs(in_workspace(store, "T1"))}
    assert written == {cast("Any", one)[0][0] for one in (first, third)}

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from govbot.config import Settings
from govbot.jobs import Queue
from govbot.slack import intake
from govbot.slack.intake import Intake
from govbot.store import Store, find_jobs, in_workspace, open_store


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

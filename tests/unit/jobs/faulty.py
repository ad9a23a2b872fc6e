"""A worker in a process of its own, whose steps do as the job's order says: die, fail, hold on, quote a draft."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

#: How far this machine's clock is put back, in seconds; before anything else looks at it.
BACK = float(os.environ.get("FAULTY_BACK", 0))
if BACK:
    real = time.time
    time.time = lambda: real() - BACK

from sqlalchemy import event  # noqa: E402

import govbot  # noqa: E402
from govbot import jobs  # noqa: E402
from govbot.config import Settings  # noqa: E402
from govbot.errors import NoText, SlackUnreachable, SlotTaken  # noqa: E402
from govbot.jobs import Steps, start_worker  # noqa: E402
from govbot.store import Job, Store, deliver_once, find_job, finish_job, open_store, set_step  # noqa: E402

#: Seconds that short jobs wait for Slack, in their place and then aside.
jobs._IN_PLACE, jobs._LATER = (float(os.environ.get(name, 20)) for name in ("FAULTY_IN_PLACE", "FAULTY_LATER"))
govbot.__version__ = os.environ.get("FAULTY_VERSION", govbot.__version__)
FOLDER = Path(os.environ["FAULTY_FOLDER"])
STEPS = {"ingest": "reading", "assess": "matching", "render": "writing", "deliver": "sending"}


def note(*words: str) -> None:
    """Write a line down for good, whatever becomes of this process."""
    with (FOLDER / "effects").open("a") as file:
        file.write(" ".join(words) + "\n")
        file.flush()
        os.fsync(file.fileno())


def once_more(job: str, what: str, most: int) -> bool:
    """Return True the first `most` times that it is asked for."""
    path = FOLDER / f"{job}-{what}"
    count = int(path.read_text()) if path.exists() else 0
    path.write_text(str(count + 1))
    return count < most


def say(word: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


class Faulty:
    """Steps that do as they are told."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def steps(self) -> Steps:
        return Steps(
            ingest=lambda job: self.step("ingest", job),
            assess=lambda job: self.step("assess", job),
            render=lambda job: self.step("render", job),
            deliver=self.deliver,
            errand=self.errand,
            give_up=self.give_up,
            upkeep=lambda: None,
        )

    def begin(self, name: str, job: str) -> None:
        order = find_job(self.store, job).order
        set_step(self.store, job, STEPS[name], at=datetime.now(UTC))
        note(job, name, "begun")
        if order.get("dies_in") == name and once_more(job, "deaths", order["times"]):
            os.kill(os.getpid(), signal.SIGKILL)
        if order.get("holds_in") == name and not (FOLDER / "go").exists():
            say("holding")
            while not (FOLDER / "go").exists():
                time.sleep(0.01)
        if order.get("stumbles_in") == name and once_more(job, "stumbles", order["times"]):
            raise ValueError("The quince orchard is opened to every neighbour.")
        if order.get("fails_in") == name and not (FOLDER / "mended").exists():
            raise NoText(name="a.pdf")
        if order.get("away_in") == name and not (FOLDER / "back").exists():
            raise SlackUnreachable(reason="away")

    def step(self, name: str, job: str) -> None:
        self.begin(name, job)
        note(job, name, "done")

    def deliver(self, job: str) -> None:
        self.begin("deliver", job)
        if deliver_once(self.store, f"{job} reply", "", at=datetime.now(UTC)):
            note(job, "deliver", "sent")
        finish_job(self.store, job, "done", at=datetime.now(UTC))

    def errand(self, job: str) -> None:
        self.begin("deliver", job)
        if deliver_once(self.store, f"{job} errand", "", at=datetime.now(UTC)):
            note(job, "errand", "sent")
            say(f"sent {job}")
        finish_job(self.store, job, "done", at=datetime.now(UTC))

    def give_up(self, job: Job) -> None:
        assert job.fault is not None
        note(job.id, "gave-up", job.fault.error)


def main() -> None:
    settings = Settings()
    store = open_store(settings)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if os.environ.get("FAULTY_FULL"):
        event.listen(store.engine, "begin", lambda connection: fill(connection))
    try:
        start_worker(
            settings,
            store,
            Faulty(store).steps,
            slot=int(sys.argv[1]),
            stopping=stopping,
            ready=lambda: say("ready"),
            until_empty="until-empty" in sys.argv,
        )
    except SlotTaken as exc:
        sys.exit(str(exc))


def fill(connection: object) -> None:
    """Let the disk be full until the file "go" is there: SQLite may not take one page more than it has."""
    pages = 10**9 if (FOLDER / "go").exists() else 1
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]
    if pages == 1:
        say("full")


if __name__ == "__main__":
    main()

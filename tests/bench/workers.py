"""Prints how many drafts workers check: `python tests/bench/workers.py`.

Drafts are put together from paragraphs of tests/drafts, no two alike; workers are processes of their own, started
before the drafts are handed in. Seconds are of this machine and moment: more workers than cores only share them.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from govbot.config import Settings  # noqa: E402
from govbot.jobs import Queue  # noqa: E402
from govbot.store import add_job, connect, find_jobs, open_store, upgrade  # noqa: E402
from tests.postgres import LocalPostgres  # noqa: E402

ORDER = {"frameworks": ["cipfa-ifac"], "team": "", "by": "bench", "version_of": 0}
PARAGRAPHS_EACH = 25


def main() -> None:
    """Print a line for each number of workers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=200)
    options.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    options.add_argument("--on", nargs="*", default=["sqlite", "postgresql"], help="databases")
    given = options.parse_args()
    say(f"{given.drafts} drafts of {PARAGRAPHS_EACH} paragraphs; {os.cpu_count()} cores\n")
    say("| database | workers | drafts a second | by worker | handed in to done, p50 | p95 |\n" + "| --- " * 6 + "|")
    for kind in given.on:
        for workers in given.workers:
            say(f"| {kind} | {workers} | " + " | ".join(measure(kind, workers, given.drafts)) + " |")


def measure(kind: str, workers: int, drafts: int) -> list[str]:
    """Return the figures of one line."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = ""
        if kind == "postgresql":
            server = stack.enter_context(LocalPostgres())
            database = server.url(server.create_database())
        settings = Settings(data=folder, database=database)
        engine = connect(settings)
        upgrade(engine, settings.data_folder)
        engine.dispose()
        store = open_store(settings)
        queue = Queue(settings, store)
        threads = max(1, (os.cpu_count() or 1) // workers)
        environment = {
            **os.environ,
            "GOVBOT_DATA": folder,
            "GOVBOT_DATABASE": database,
            "GOVBOT_CACHE": "off",
            "OMP_NUM_THREADS": str(threads),
            "PYTHONPATH": str(ROOT),
        }
        # A first draft each loads the model.
        for number in range(workers):
            add(store, queue, f"first {number}", draft(number))
        crew = [start(slot, environment) for slot in range(1, workers + 1)]
        wait(store)
        began = time.time()
        for number in range(drafts):
            add(store, queue, f"draft {number}", draft(1_000 + number))
        wait(store)
        taken = time.time() - began
        for worker in crew:
            worker.terminate()
            worker.wait()
        jobs = [job for job in find_jobs(store) if job.name.startswith("draft")]
        assert {job.step for job in jobs} == {"done"}
        waits = sorted((job.changed_at - job.made_at).total_seconds() for job in jobs)
        queue.close()
        store.engine.dispose()
    rate = drafts / taken
    p95 = waits[int(0.95 * len(waits))]
    return [f"{rate:.2f}", f"{rate / workers:.2f}", f"{statistics.median(waits):.0f} s", f"{p95:.0f} s"]


def start(slot: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a worker."""
    command = [str(Path(sys.executable).with_name("govbot")), "worker", "--slot", str(slot)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def add(store: object, queue: Queue, name: str, text: str) -> None:
    """Hand a draft in."""
    job, _ = add_job(store, name, f"{name}.txt", ORDER, text.encode(), once=True, at=datetime.now(UTC))  # type: ignore[arg-type]
    queue.hand_over(job)


def wait(store: object) -> None:
    """Wait until nothing is left to do."""
    while find_jobs(store, steps=["waiting", "reading", "matching", "writing", "sending"]):  # type: ignore[arg-type]
        time.sleep(0.2)


def draft(seed: int) -> str:
    """Return a draft that no other is like."""
    rng = random.Random(seed)
    found = [
        paragraph
        for path in sorted((ROOT / "tests" / "drafts").glob("*.md"))
        for paragraph in path.read_text(encoding="utf-8").split("\n\n")
        if len(paragraph.split()) > 25
    ]
    picked = rng.sample(found, PARAGRAPHS_EACH)
    return f"Draft {seed}\n\n" + "\n\n".join(f"{paragraph} ({seed})" for paragraph in picked)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

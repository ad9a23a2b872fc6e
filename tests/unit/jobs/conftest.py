from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govbot.config import Settings
from govbot.jobs import Queue
from govbot.store import CHECK, Store, add_job, connect, find_job, open_store, upgrade
from tests.postgres import LocalPostgres

PROGRAM = Path(__file__).with_name("faulty.py")
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def postgres() -> Iterator[LocalPostgres]:
    with LocalPostgres() as server:
        yield server


class Shop:
    """A store, a queue, and workers that come and go."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        engine = connect(settings)
        upgrade(engine, settings.data_folder)
        engine.dispose()
        self.store: Store = open_store(settings)
        self.queue = Queue(settings, self.store)
        self._workers = ExitStack()

    def add(
        self, key: str = "", *, once: bool = False, hand_over: bool = True, is_held: bool = False, **order: str | int
    ) -> str:
        key, now = key or os.urandom(4).hex(), datetime.now(UTC)
        job, _ = add_job(self.store, key, "a.docx", order, b"x", once=once, at=now, is_held=is_held)
        if hand_over and not is_held:
            self.queue.hand_over(job, kind=str(order.get("kind", CHECK)))
        return job

    def start(self, *words: str, slot: int = 1, **environment: str) -> subprocess.Popen[str]:
        given = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GOVBOT_DATA": self.settings.data,
            "GOVBOT_DATABASE": self.settings.database,
            "GOVBOT_CACHE": "off",
            "FAULTY_FOLDER": str(self.folder),
            **environment,
        }
        command = [sys.executable, str(PROGRAM), str(slot), *words]
        worker = subprocess.Popen(
            command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder
        )
        self._workers.callback(self._end, worker)
        return worker

    def work(self, *, slot: int = 1, **environment: str) -> int:
        """Run one worker until nothing is left to do, and return how it ended: -9 where it was killed."""
        worker = self.start("until-empty", slot=slot, **environment)
        out, err = worker.communicate(timeout=120)
        self.told = out + err
        return worker.returncode

    def work_on(self) -> int:
        """Run a worker, and another whenever it is killed, and return how many were."""
        deaths = 0
        while (code := self.work()) == -signal.SIGKILL:
            deaths += 1
            assert deaths < 20
        assert code == 0, self.told
        return deaths

    def go(self) -> None:
        (self.folder / "go").touch()

    def effects(self, job: str, what: str = "") -> list[str]:
        path = self.folder / "effects"
        lines = path.read_text().splitlines() if path.exists() else []
        return [rest for name, _, rest in (line.partition(" ") for line in lines) if name == job and what in rest]

    def step(self, job: str) -> str:
        return find_job(self.store, job).step

    def close(self) -> None:
        self._workers.close()
        self.queue.close()
        self.store.engine.dispose()

    @staticmethod
    def _end(worker: subprocess.Popen[str]) -> None:
        worker.kill()
        worker.communicate()


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    data = str(tmp_path / "data")
    if request.param == "sqlite":
        settings = Settings(data=data)
    else:
        server: LocalPostgres = request.getfixturevalue("postgres")
        settings = Settings(data=data, database=server.url(server.create_database()))
    found = Shop(settings, tmp_path)
    yield found
    found.close()

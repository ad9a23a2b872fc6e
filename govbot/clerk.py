"""Composes the rooms: what a worker does for a draft that was handed in, step by step."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from govbot.archive import Archive
from govbot.errors import JobLost
from govbot.jobs import Steps
from govbot.pipeline import Workshop
from govbot.rendering import check_markdown, reply_markdown
from govbot.store import (
    KeptVersion,
    Origin,
    deliver_once,
    desk,
    find_document,
    find_job,
    find_versions,
    finish_job,
    keep_document,
    keep_reply,
    read_reply,
    read_upload,
    set_content,
    set_step,
)

if TYPE_CHECKING:
    from govbot.config import Settings
    from govbot.records import Document
    from govbot.store import Job, Store

#: Seconds between two notes of how far a job is.
_NOTE = 1.0
#: Choices of frameworks that are kept ready, each with a model of its own.
_READY = 3


def _now() -> datetime:
    return datetime.now(UTC)


class Clerk:
    """Does for each job what is to be done; every step may be begun again without harm."""

    def __init__(self, settings: Settings, store: Store, *, desk: str) -> None:
        """Make ready; the first job loads the model. `desk` is a name that no other worker of this machine has."""
        self._desk = desk
        self._settings = settings
        self._store = store
        self._workshops: dict[tuple[str, ...], Workshop] = {}
        self._job = ""
        self._noted = 0.0

    @property
    def steps(self) -> Steps:
        """What the job engine is to do."""
        return Steps(
            ingest=self.ingest,
            assess=self.assess,
            render=self.render,
            deliver=self.deliver,
            give_up=self.give_up,
            upkeep=self.upkeep,
        )

    def ingest(self, job: str) -> None:
        """Read the file and keep what stands in it; raise JobLost or DocumentError."""
        found = find_job(self._store, job)
        set_step(self._store, job, "reading", at=_now())
        document = self._read(found)
        keep_document(self._store, document, at=_now())
        set_content(self._store, job, document.sha256)

    def assess(self, job: str) -> None:
        """Assess what was read, and keep it as a version of its document."""
        found = find_job(self._store, job)
        set_step(self._store, job, "matching", at=_now())
        document = find_document(self._store, found.sha256 or "", name=found.name)
        if document is None:
            # Forgotten meanwhile with another document of the same content.
            document = self._read(found)
        origin = Origin(team=found.order["team"], by=found.order["by"], version_of=found.order["version_of"])
        self._archive(found).check(document, origin, job=job)

    def render(self, job: str) -> None:
        """Write the reply."""
        found = find_job(self._store, job)
        set_step(self._store, job, "writing", at=_now())
        version = self._version(found)
        kept = self._archive(found).again(version)
        frameworks = self._workshop(_chosen(found)).frameworks
        parts = [check_markdown(kept.check, frameworks, show_all=False)]
        if kept.comparison is not None:
            parts.insert(0, reply_markdown(kept.comparison, frameworks))
        keep_reply(self._store, job, version.version, "\n\n".join(parts), at=_now())

    def deliver(self, job: str) -> None:
        """Give the reply to whoever handed the draft in."""
        set_step(self._store, job, "sending", at=_now())
        if read_reply(self._store, job) is None:
            raise JobLost(id=job, name=find_job(self._store, job).name)
        deliver_once(self._store, f"{job} reply", "", at=_now())
        finish_job(self._store, job, "done", at=_now())

    def give_up(self, job: Job) -> None:
        """Tell nobody: whoever asked looks at the list of jobs."""

    def upkeep(self) -> None:
        """Remove what is older than it may be."""
        days = self._settings.keep_days
        Archive(self._workshop(()), self._store).tidy(days=days)

    def _read(self, job: Job) -> Document:
        data = read_upload(self._store, job.id)
        if data is None:
            raise JobLost(id=job.id, name=job.name)
        with desk(self._store.folder, self._desk) as folder:
            path = folder / Path(job.name).name
            path.write_bytes(data)
            return self._workshop(_chosen(job)).read(path)

    def _version(self, job: Job) -> KeptVersion:
        """Return the version that a job made; raise JobLost where it was forgotten meanwhile."""
        if job.document is None:
            raise JobLost(id=job.id, name=job.name)
        return next(one for one in find_versions(self._store, job.document) if one.version == job.version)

    def _archive(self, job: Job) -> Archive:
        self._job = job.id
        return Archive(self._workshop(_chosen(job)), self._store)

    def _workshop(self, chosen: tuple[str, ...]) -> Workshop:
        if chosen not in self._workshops:
            while len(self._workshops) >= _READY:
                del self._workshops[next(iter(self._workshops))]
            self._workshops[chosen] = Workshop(self._settings, chosen, progress=self._note)
        return self._workshops[chosen]

    def _note(self, step: str, done: int, total: int) -> None:
        """Write down how far the job in hand is, now and then."""
        if step != "reading" and self._job and time.monotonic() - self._noted > _NOTE:
            self._noted = time.monotonic()
            set_step(self._store, self._job, "matching", at=_now(), done=done, total=total)


def _chosen(job: Job) -> tuple[str, ...]:
    return tuple(job.order["frameworks"])

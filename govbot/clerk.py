"""Composes the rooms: what a worker does for a draft that was handed in, step by step."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from govbot.archive import Archive
from govbot.errors import JobLost, NobodyToAsk, StillInUse
from govbot.jobs import Steps
from govbot.pipeline import Workshop, no_progress
from govbot.rendering import check_markdown, reply_markdown
from govbot.store import (
    KeptVersion,
    Origin,
    deliver_once,
    desk,
    find_document,
    find_job,
    find_versions,
    find_workspaces,
    finish_job,
    in_workspace,
    keep_document,
    keep_reply,
    read_reply,
    read_upload,
    scrub_if_due,
    set_content,
    set_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from govbot.archive import KeptCheck
    from govbot.config import Settings
    from govbot.frameworks import Framework
    from govbot.records import Document
    from govbot.store import Job, Store
    from govbot.store.queueing import JobStep

#: Seconds between two notes of how far a job is.
_NOTE = 1.0
#: Choices of frameworks that are kept ready, each with a model of its own.
_READY = 3
#: Bytes of a file's name, and characters of its ending, on a worker's desk.
_NAME, _SUFFIX = 150, 16


def _now() -> datetime:
    return datetime.now(UTC)


class Receiver(Protocol):
    """Whoever handed a job in: has the file, hears how far it is, and gets the reply."""

    def fetch(self, job: Job) -> bytes:
        """Return the file; raise GovbotError."""

    def look_at(self, document: Document, job: Job) -> None:
        """Look at what was read, before it is kept; raise GovbotError where it is not to be checked."""

    def tell(self, job: Job, step: JobStep, done: int, total: int) -> None:
        """Hear how far a job is: passages done, and how many there are, 0 where that is not known."""

    def give(self, job: Job, kept: KeptCheck, frameworks: tuple[Framework, ...]) -> None:
        """Take the reply: once, however often it is given."""

    def give_up(self, job: Job) -> None:
        """Hear that a job failed, and why."""

    def errand(self, job: Job) -> None:
        """Do all of a short job."""

    def upkeep(self) -> None:
        """Do what is done now and then."""


class Counter:
    """The receiver of the command line: the file came along, and whoever asked looks at the list of jobs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fetch(self, job: Job) -> bytes:
        """Return the file that came with the job; raise JobLost."""
        data = read_upload(self._store, job.id)
        if data is None:
            raise JobLost(id=job.id, name=job.name)
        return data

    def look_at(self, document: Document, job: Job) -> None:
        """Take whatever there is: whoever hands it in knows what it is."""

    def tell(self, job: Job, step: JobStep, done: int, total: int) -> None:
        """Hear nothing: the list of jobs says it."""

    def give(self, job: Job, kept: KeptCheck, frameworks: tuple[Framework, ...]) -> None:
        """Note that the reply can be read."""
        if read_reply(self._store, job.id) is None:
            raise JobLost(id=job.id, name=job.name)
        deliver_once(self._store, f"{job.id} reply", "", at=_now())

    def give_up(self, job: Job) -> None:
        """Tell nobody: the list of jobs says it."""

    def errand(self, job: Job) -> None:
        """There are none."""
        raise NobodyToAsk(id=job.id)

    def upkeep(self) -> None:
        """There is nothing more to do."""


class Workshops:
    """A few choices of frameworks, kept ready."""

    def __init__(self, settings: Settings, *, progress: Callable[[str, int, int], None] = no_progress) -> None:
        self._settings, self._progress = settings, progress
        self._ready: dict[tuple[str, ...], Workshop] = {}
        self._lock = threading.Lock()

    def get(self, chosen: tuple[str, ...] = ()) -> Workshop:
        """Return the workshop of some frameworks, or of those that suit each document where none are chosen."""
        with self._lock:
            found = self._ready.pop(chosen, None) or Workshop(self._settings, chosen, progress=self._progress)
            # The one that was used longest ago makes room; the one for every document stays.
            while len(self._ready) >= _READY:
                del self._ready[next(one for one in self._ready if one)]
            self._ready[chosen] = found
            return found


class Clerk:
    """Does for each job what is to be done; every step may be begun again without harm."""

    def __init__(
        self, settings: Settings, store: Store, *, desk: str, receivers: Mapping[str, Receiver] | None = None
    ) -> None:
        """Make ready; the first job loads the model. `desk` is a name that no other worker of this machine has.

        `receivers` are those of other ways in, by the name that their jobs bear ("via").
        """
        self._desk = desk
        self._settings = settings
        self._store = store
        self._receivers: dict[str, Receiver] = {"": Counter(store), **(receivers or {})}
        self._workshops = Workshops(settings, progress=self._note)
        self._job: Job | None = None
        self._noted = 0.0

    @property
    def steps(self) -> Steps:
        """What the job engine is to do."""
        return Steps(
            ingest=self.ingest,
            assess=self.assess,
            render=self.render,
            deliver=self.deliver,
            errand=self.errand,
            give_up=self.give_up,
            upkeep=self.upkeep,
        )

    def ingest(self, job: str) -> None:
        """Read the file and keep what stands in it; raise JobLost or DocumentError."""
        found = self._begin(job, "reading")
        document = self._read(found)
        self._receiver(found).look_at(document, found)
        self._archive(found).renew(document)
        keep_document(self._store_of(found), document, at=_now())
        set_content(self._store, job, document.sha256)

    def assess(self, job: str) -> None:
        """Assess what was read, and keep it as a version of its document."""
        found = self._begin(job, "matching")
        document = find_document(self._store_of(found), found.sha256 or "", name=found.name)
        if document is None:
            # Forgotten meanwhile with another document of the same content.
            document = self._read(found)
        origin = Origin(team=found.order["team"], by=found.order["by"], version_of=found.order["version_of"])
        self._archive(found).check(document, origin, job=job)

    def render(self, job: str) -> None:
        """Write the reply."""
        found = self._begin(job, "writing")
        version = self._version(found)
        kept = self._archive(found).again(version)
        frameworks = self._workshops.get(_chosen(found)).frameworks
        parts = [check_markdown(kept.check, frameworks, show_all=False)]
        if kept.comparison is not None:
            parts.insert(0, reply_markdown(kept.comparison, frameworks))
        keep_reply(self._store, job, version.version, "\n\n".join(parts), at=_now())

    def deliver(self, job: str) -> None:
        """Give the reply to whoever handed the draft in."""
        found = self._begin(job, "sending")
        kept = self._archive(found).again(self._version(found))
        self._receiver(found).give(found, kept, self._workshops.get(_chosen(found)).frameworks)
        finish_job(self._store, job, "done", at=_now())

    def errand(self, job: str) -> None:
        """Do what is short."""
        found = find_job(self._store, job)
        set_step(self._store, job, "writing", at=_now())
        self._receiver(found).errand(found)
        finish_job(self._store, job, "done", at=_now())

    def give_up(self, job: Job) -> None:
        """Tell whoever handed the job in, where this worker knows them."""
        receiver = self._receivers.get(_via(job))
        if receiver is not None:
            receiver.give_up(job)

    def upkeep(self) -> None:
        """Remove what is older than it may be, in every workspace."""
        for key in find_workspaces(self._store):
            Archive(self._workshops.get(), in_workspace(self._store, key)).tidy(days=self._settings.keep_days)
        with suppress(StillInUse):
            scrub_if_due(self._store)
        for receiver in self._receivers.values():
            receiver.upkeep()

    def _begin(self, job: str, step: JobStep) -> Job:
        """Note which step a job is at, tell whoever waits for it, and return it."""
        set_step(self._store, job, step, at=_now())
        found = self._job = find_job(self._store, job)
        self._receiver(found).tell(found, step, 0, 0)
        return found

    def _read(self, job: Job) -> Document:
        data = self._receiver(job).fetch(job)
        with desk(self._store.folder, self._desk) as folder:
            name = Path(job.name)
            # A file system counts bytes.
            path = folder / f"{name.stem.encode()[:_NAME].decode(errors='ignore')}{name.suffix[:_SUFFIX]}"
            path.write_bytes(data)
            return self._workshops.get(_chosen(job)).read(path)

    def _version(self, job: Job) -> KeptVersion:
        """Return the version that a job made; raise JobLost where it was forgotten meanwhile."""
        if job.document is None:
            raise JobLost(id=job.id, name=job.name)
        versions = find_versions(self._store_of(job), job.document)
        return next(one for one in versions if one.version == job.version)

    def _store_of(self, job: Job) -> Store:
        return in_workspace(self._store, job.workspace)

    def _receiver(self, job: Job) -> Receiver:
        """Return whoever handed a job in; raise NobodyToAsk where this worker knows no such way in."""
        if _via(job) not in self._receivers:
            raise NobodyToAsk(id=job.id)
        return self._receivers[_via(job)]

    def _archive(self, job: Job) -> Archive:
        return Archive(self._workshops.get(_chosen(job)), self._store_of(job))

    def _note(self, step: str, done: int, total: int) -> None:
        """Write down how far the job in hand is, now and then."""
        job = self._job
        if step != "reading" and job is not None and time.monotonic() - self._noted > _NOTE:
            self._noted = time.monotonic()
            set_step(self._store, job.id, "matching", at=_now(), done=done, total=total)
            self._receiver(job).tell(job, "matching", done, total)


def _via(job: Job) -> str:
    """Return the way in by which a job came; empty for the command line."""
    return str(job.order.get("via", ""))


def _chosen(job: Job) -> tuple[str, ...]:
    return tuple(job.order["frameworks"])

"""Composes the rooms: what a worker does for a draft that was handed in, step by step."""

from __future__ import annotations

import threading
import time
from collections import Counter as Tally
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from govbot.archive import Archive
from govbot.errors import AllUnreadable, DocumentError, JobLost, NobodyToAsk, SeveralDocuments, StillInUse
from govbot.jobs import Steps
from govbot.pipeline import Workshop, no_progress
from govbot.reading import LeftOut
from govbot.reading.enclosures import own_name, path_inside
from govbot.records import Document
from govbot.rendering import check_markdown, reply_markdown
from govbot.store import (
    LONGEST_LINE,
    KeptVersion,
    Origin,
    add_job,
    add_to_order,
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
    title_line,
)
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from govbot.archive import KeptCheck
    from govbot.config import Settings
    from govbot.frameworks import Framework
    from govbot.jobs import Queue
    from govbot.store import Job, Store
    from govbot.store.queueing import JobStep

#: Seconds between two notes of how far a job is.
_NOTE = 1.0
#: Choices of frameworks that are kept ready, each with a model of its own.
_READY = 3
#: Documents of one archive or e-mail that are checked: each takes its turn among everybody's drafts.
MOST_INSIDE = 10
#: Bytes of a file's name, and characters of its ending, on a worker's desk.
_NAME, _SUFFIX = 150, 16


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A document out of a file that holds several, kept as it was read."""

    #: "bundle.zip/folder/plan.docx".
    name: str
    #: By which it is told from the others.
    title: str
    #: By which it is known again in a later version of the file; empty to go by the title.
    line: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inside:
    """What was in a file that holds several documents."""

    drafts: tuple[Draft, ...]
    #: Why other documents of it cannot be checked.
    faults: tuple[DocumentError, ...]
    #: What else was not read.
    left_out: tuple[LeftOut, ...]


class Receiver(Protocol):
    """Whoever handed a job in: has the file, hears how far it is, and gets the reply."""

    def fetch(self, job: Job) -> bytes:
        """Return the file; raise GovbotError."""

    def look_at(self, document: Document, job: Job) -> None:
        """Look at what was read, before it is kept; raise GovbotError where it is not to be checked."""

    def spread(self, job: Job, inside: Inside) -> None:
        """Let each document of a job's file be checked by a job of its own, once, however often it is told.

        Each has the order of `order_inside`, and stands in the list "holds" of the order of `job`.
        """

    def tell(self, job: Job, step: JobStep, done: int, total: int) -> None:
        """Hear how far a job is: passages done, and how many there are, 0 where that is not known.

        Of documents instead, while a file is read that holds several.
        """

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

    def __init__(self, store: Store, queue: Queue | None = None) -> None:
        """Without a `queue`, jobs that come of other jobs wait for the next sweep."""
        self._store, self._queue = store, queue

    def fetch(self, job: Job) -> bytes:
        """Return the file that came with the job; raise JobLost."""
        data = read_upload(self._store, job.order.get("inside", job.id))
        if data is None:
            raise JobLost(id=job.id, name=job.name)
        return data

    def look_at(self, document: Document, job: Job) -> None:
        """Take whatever there is: whoever hands it in knows what it is."""

    def spread(self, job: Job, inside: Inside) -> None:
        """Write the jobs down, and what the list of jobs says of the rest."""
        refuse_if_empty(job, inside, [str(fault) for fault in inside.faults])
        store = in_workspace(self._store, job.workspace)
        for draft in inside.drafts:
            order, key = order_inside(job, draft), f"inside {job.id} {draft.sha256}"
            one, _ = add_job(store, key, draft.name, order, None, once=True, sha256=draft.sha256, at=_now())
            add_to_order(store, job.id, "holds", {"job": one})
            if self._queue is not None:
                self._queue.hand_over(one)
        for sentence in told_inside(inside, [str(fault) for fault in inside.faults]):
            add_to_order(store, job.id, "left_out", {"told": sentence})

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
        self,
        settings: Settings,
        store: Store,
        *,
        desk: str,
        queue: Queue | None = None,
        receivers: Mapping[str, Receiver] | None = None,
    ) -> None:
        """Make ready; the first job loads the model. `desk` is a name that no other worker of this machine has.

        Jobs that come of other jobs are handed over by `queue`, or else by the next sweep. `receivers` are those of
        other ways in, by the name that their jobs bear ("via").
        """
        self._desk = desk
        self._settings = settings
        self._store = store
        self._receivers: dict[str, Receiver] = {"": Counter(store, queue), **(receivers or {})}
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
        if found.order.get("inside") and self._find(found) is not None:
            # Read with all that lies in the same file.
            return
        with self._file(found) as path:
            try:
                read: Document | Inside = self._read(found, path)
            except SeveralDocuments as several:
                if found.order["version_of"]:
                    raise
                read = self._read_inside(found, path, total=len(cast("list[str]", several.slots["names"])))
        if isinstance(read, Inside):
            self._receiver(found).spread(found, read)
            return
        self._keep(found, read)
        set_content(self._store, job, read.sha256)

    def assess(self, job: str) -> None:
        """Assess what was read, and keep it as a version of its document."""
        if self._is_spread(job):
            return
        found = self._begin(job, "matching")
        document = self._find(found)
        if document is None:
            # Forgotten meanwhile with another document of the same content.
            with self._file(found) as path:
                document = self._read(found, path)
        order = found.order
        origin = Origin(
            team=order["team"],
            by=order["by"],
            version_of=order["version_of"],
            title=order.get("title", ""),
            line=order.get("line", ""),
        )
        self._archive(found).check(document, origin, job=job)

    def render(self, job: str) -> None:
        """Write the reply."""
        if self._is_spread(job):
            return
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
        if not self._is_spread(job):
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

    @contextmanager
    def _file(self, job: Job) -> Iterator[Path]:
        """Lend a job's file, or the one that it lies in."""
        data = self._receiver(job).fetch(job)
        with desk(self._store.folder, self._desk) as folder:
            name = Path(job.order.get("container", job.name))
            # A file system counts bytes.
            path = folder / f"{name.stem.encode()[:_NAME].decode(errors='ignore')}{name.suffix[:_SUFFIX]}"
            path.write_bytes(data)
            yield path

    def _read(self, job: Job, path: Path) -> Document:
        """Return a job's document; raise DocumentError, or JobLost where the file does not hold it any more."""
        workshop = self._workshops.get(_chosen(job))
        if not job.order.get("inside"):
            return workshop.read(path)
        for item in workshop.read_all(path, most=MOST_INSIDE):
            if isinstance(item, Document) and item.sha256 == job.sha256:
                return item
        raise JobLost(id=job.id, name=job.name)

    def _find(self, job: Job) -> Document | None:
        """Return what a job has read; None where it has read nothing yet, or it is not kept any more."""
        return find_document(self._store_of(job), job.sha256 or "", name=job.name)

    def _keep(self, job: Job, document: Document) -> None:
        """Keep what was read, where it is to be checked; raise DocumentError where it is not."""
        self._receiver(job).look_at(document, job)
        self._archive(job).renew(document)
        keep_document(self._store_of(job), document, at=_now())

    def _read_inside(self, job: Job, path: Path, *, total: int) -> Inside:
        """Read each document of a file that holds `total`, keep it, and return what there is to check."""
        documents: dict[str, Document] = {}
        faults: list[DocumentError] = []
        left_out: list[LeftOut] = []
        for item in self._workshops.get(_chosen(job)).read_all(path, most=MOST_INSIDE):
            if isinstance(item, LeftOut):
                left_out.append(item)
                continue
            if isinstance(item, DocumentError):
                faults.append(item)
            elif item.sha256 in documents:
                left_out.append(LeftOut(name=item.name, reason="same"))
            else:
                documents[item.sha256] = item
            done = len(documents) + len(faults)
            self._receiver(job).tell(job, "reading", done, max(done, min(total, MOST_INSIDE)))
        drafts: list[Draft] = []
        for document, (title, line) in zip(documents.values(), _titles(list(documents.values())), strict=True):
            try:
                self._keep(replace(job, name=document.name), document)
            except DocumentError as fault:
                faults.append(fault)
            else:
                drafts.append(Draft(name=document.name, title=title, line=line, sha256=document.sha256))
        return Inside(drafts=tuple(drafts), faults=tuple(faults), left_out=tuple(left_out))

    def _is_spread(self, job: str) -> bool:
        """Return whether others do what there is to do for a job's file, document by document."""
        return bool(find_job(self._store, job).order.get("holds"))

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


def order_inside(job: Job, draft: Draft) -> dict[str, Any]:
    """Return the order of a document's own job: that of the job whose file it lies in, and which document it is."""
    theirs = {field: value for field, value in job.order.items() if field not in ("holds", "left_out")}
    return {**theirs, "inside": job.id, "container": job.name, "title": draft.title, "line": draft.line}


def refuse_if_empty(job: Job, inside: Inside, reasons: Sequence[str]) -> None:
    """Raise AllUnreadable, with these reasons, where no document of a file can be checked."""
    if not inside.drafts:
        raise AllUnreadable(name=job.name, reasons=list(reasons))


def told_inside(inside: Inside, reasons: Sequence[str]) -> tuple[str, ...]:
    """Return in sentences what of a file is not checked: the `reasons` of its faults, then what was left out."""
    others = [
        say("replies/enclosures", "told", name=one.name, reason=say("replies/unread", f"inside.{one.reason}"))
        for one in inside.left_out
        if one.reason != "beyond"
    ]
    beyond = [own_name(one.name) for one in inside.left_out if one.reason == "beyond"]
    last = [say("replies/enclosures", "beyond", names=beyond, most=MOST_INSIDE)] if beyond else []
    return (*last, *reasons, *others)


def _titles(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """Return the titles of the documents of one file and their lines, of those that share one where they lie in it.

    None of them is taken for a version of another then ("plan v1" and "plan v2" of one archive are two drafts), and
    each is known again in a later version of the file.
    """
    lines = Tally(title_line(one.title) for one in documents)
    placed = Tally(_inside(one) for one in documents)
    found: list[tuple[str, str]] = []
    for number, one in enumerate(documents, 1):
        line = title_line(one.title)
        if lines[line] == 1:
            found.append((one.title, ""))
        else:
            # An e-mail may bring two attachments of one name.
            which = "" if placed[_inside(one)] == 1 else f" {number}"
            found.append((_placed(one), f"{line} {_inside(one).casefold()}{which}"[-LONGEST_LINE:]))
    return found


def _placed(document: Document) -> str:
    inside = _inside(document)
    if document.title == own_name(document.name):
        return inside
    return say("replies/enclosures", "placed", title=document.title, inside=inside)


def _inside(document: Document) -> str:
    # An e-mail's own words bear the name of the e-mail.
    return path_inside(document.name) or document.name


def _via(job: Job) -> str:
    """Return the way in by which a job came; empty for the command line."""
    return str(job.order.get("via", ""))


def _chosen(job: Job) -> tuple[str, ...]:
    return tuple(job.order["frameworks"])

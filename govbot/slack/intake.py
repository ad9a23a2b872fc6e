"""Writes down what Slack wants done, before Slack is told that its request has arrived."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from govbot.errors import StillInUse
from govbot.slack.office import now
from govbot.slack.payloads import Gone, Moved, Removed, Wanted, heard, workspace_of
from govbot.store import add_errands, in_workspace, note_members, remove_shares, remove_workspace, scrub_if_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from govbot.jobs import Queue
    from govbot.store import Store


#: Seconds that a job waits to be handed over while others are taken in.
_LONGEST = 1.0


@dataclass(slots=True)
class _Errands:
    """What one request wants, and what became of it."""

    workspace: str
    wanted: Sequence[Wanted]
    #: The jobs' ids, once they are written down.
    jobs: tuple[str, ...] = ()
    fault: Exception | None = None
    is_over: bool = False


class Intake:
    """Takes requests in: what is written down is done, whatever becomes of this process."""

    def __init__(self, store: Store, jobs: Queue) -> None:
        """Begin; jobs are handed to the workers by a thread of its own, so that Slack need not wait for that."""
        self._store, self._jobs = store, jobs
        self._taking, self._count, self._idle = 0, threading.Lock(), threading.Event()
        self._idle.set()
        #: What is to be written down, by whichever thread comes first: one transaction holds all that came meanwhile.
        self._unwritten: list[_Errands] = []
        self._writing = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._hand_over, name="handing-over", daemon=True)
        self._thread.start()

    def take(self, body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Write down what a request wants, and return the new jobs' ids and kinds; raise StoreError."""
        with self._busy():
            return self._take(body)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Let nothing be handed over meanwhile."""
        with self._count:
            self._taking += 1
            self._idle.clear()
        try:
            yield
        finally:
            with self._count:
                self._taking -= 1
                if not self._taking:
                    self._idle.set()

    def _take(self, body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        workspace = workspace_of(body)
        if not workspace:
            return ()
        wanted = heard(body)
        errands = [one for one in wanted if isinstance(one, Wanted)]
        jobs = self._write_down(_Errands(workspace, errands)) if errands else ()
        for one in wanted:
            if isinstance(one, Gone):
                remove_shares(in_workspace(self._store, workspace), file=one.file, channel=one.channel)
            elif isinstance(one, Moved):
                note_members(in_workspace(self._store, workspace), one.channel, at=now())
            elif isinstance(one, Removed):
                store = in_workspace(self._store, workspace)
                remove_workspace(store)
                with suppress(StillInUse):
                    scrub_if_due(store)
        return tuple(zip(jobs, (one.kind for one in errands), strict=True))

    def _write_down(self, errands: _Errands) -> tuple[str, ...]:
        """Return the jobs' ids; raise StoreError."""
        with self._count:
            self._unwritten.append(errands)
        with self._writing:
            if not errands.is_over:
                with self._count:
                    batch, self._unwritten = self._unwritten, []
                self._write(batch)
        if errands.fault is not None:
            raise errands.fault
        return errands.jobs

    def _write(self, batch: Sequence[_Errands]) -> None:
        for workspace in dict.fromkeys(one.workspace for one in batch):
            own = [one for one in batch if one.workspace == workspace]
            every = [(job.key, job.kind, job.order) for one in own for job in one.wanted]
            try:
                jobs = iter(add_errands(in_workspace(self._store, workspace), every, at=now()))
                for one in own:
                    one.jobs = tuple(islice(jobs, len(one.wanted)))
            except Exception as exc:  # noqa: BLE001 (each request tells its own thread)
                if len(own) > 1:
                    # What is wrong with one must keep no other out.
                    for one in own:
                        self._write([one])
                else:
                    own[0].fault = exc
            for one in own:
                one.is_over = True

    def hand_over(self, jobs: Iterable[tuple[str, str]]) -> None:
        """Let workers take jobs up soon; what is lost on the way is handed over by the next sweep."""
        for job in jobs:
            self._waiting.put(job)

    def close(self) -> None:
        """Hand over what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _hand_over(self) -> None:
        while (job := self._waiting.get()) is not None:
            # Slack waits for those that are being taken in, and for nothing here.
            self._idle.wait(_LONGEST)
            try:
                self._jobs.hand_over(job[0], kind=job[1])
            except Exception:  # noqa: BLE001, S112 (whatever the engine raises: a sweep does it again)
                continue

"""Writes down what Slack wants done, before Slack is told that its request has arrived."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from govbot.errors import StillInUse
from govbot.slack.office import now
from govbot.slack.payloads import Gone, Moved, Removed, Wanted, heard, workspace_of
from govbot.store import add_job, in_workspace, note_members, remove_shares, remove_workspace, scrub_if_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from govbot.jobs import Queue
    from govbot.store import Store


#: Seconds that a job waits to be handed over while others are taken in.
_LONGEST = 1.0


class Intake:
    """Takes requests in: what is written down is done, whatever becomes of this process."""

    def __init__(self, store: Store, jobs: Queue) -> None:
        """Begin; jobs are handed to the workers by a thread of its own, so that Slack need not wait for that."""
        self._store, self._jobs = store, jobs
        self._taking, self._count, self._idle = 0, threading.Lock(), threading.Event()
        self._idle.set()
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
        written: list[tuple[str, str]] = []
        wanted = heard(body)
        store = in_workspace(self._store, workspace) if wanted else self._store
        for one in wanted:
            if isinstance(one, Wanted):
                job, _ = add_job(store, one.key, one.kind, one.order, None, once=True, at=now())
                written.append((job, one.kind))
            elif isinstance(one, Gone):
                remove_shares(store, file=one.file, channel=one.channel)
            elif isinstance(one, Moved):
                note_members(store, one.channel, at=now())
            elif isinstance(one, Removed):
                remove_workspace(store)
                with suppress(StillInUse):
                    scrub_if_due(store)
        return tuple(written)

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

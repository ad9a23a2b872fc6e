"""The one module that knows the job engine, DBOS: jobs that survive the death of whoever works on them.

A job is written down in the store first; the engine is told its id and nothing else. What the store holds and the
engine does not is handed over by the next sweep, so that a crash between the two loses nothing. Names of workflows and
steps, and their order, are kept in the engine's tables: change VERSION when they change.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, error
from dbos._migration import get_migration_versions, get_sqlite_migration_versions
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from govbot.errors import (
    DatabaseUnreachable,
    GovbotError,
    JobAtWork,
    JobEnded,
    JobNeedsAway,
    JobsNewer,
    SlackUnreachable,
    SlotTaken,
    StoreError,
)
from govbot.logs import set_up_library
from govbot.store.opening import closing_if_failed, database_url
from govbot.store.queueing import BEGUN, CHECK, UNDER_WAY, Fault, find_job, find_jobs, finish_job, reopen_job
from govbot.store.slots import hold_slot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL, Engine
    from sqlalchemy.engine import ExceptionContext

    from govbot.config import Settings
    from govbot.store import Store
    from govbot.store.queueing import Job, JobStep

#: Of the workflow's steps: jobs in flight are taken up again by workers of the same version only.
VERSION = "govbot-jobs-1"
_APP, _QUEUE, _WORKFLOW = "govbot", "jobs", "check"
#: Seconds that a short job waits in its place for what is away, and seconds until it is taken up again after that.
_IN_PLACE, _LATER = 20.0, 30.0
#: Time in which whoever is to hear of a failed job is told again: whoever wrote it down may have died in between.
_TOLD_AGAIN = timedelta(minutes=10)
#: What is short has a queue of its own, so that nobody who asks a question waits for a long draft.
_SHORT_QUEUE, _SHORT_WORKFLOW = "errands", "errand"
#: Drafts, and errands, which wait for others most of their time, that one worker does at once.
_AT_ONCE = {_QUEUE: 1, _SHORT_QUEUE: 4}
#: File of the engine's tables beside a SQLite store; on PostgreSQL they have a schema of their own.
_FILE = "jobs.sqlite3"
#: Times that a job is taken up again after its worker died; the next death sets it aside.
_RECOVERIES = 2
#: Tries of a step that fails for a reason nobody foresaw, and seconds before the second; doubled each time: 63 in all.
_TRIES, _PAUSE, _FACTOR = 7, 1.0, 2.0
#: Seconds between two tries while the database is away.
_LONGEST_PAUSE = 30.0
#: Seconds between two looks for work, for jobs that the engine gave up, and between two sweeps.
_POLL, _LOOK, _SWEEP = 0.1, 1.0, 30.0
#: Seconds that a stop waits for the step in hand.
_GRACE = 120
#: What SQLAlchemy does not take for a lost connection, though waiting mends it.
_MENDED_BY_WAITING = ("connection is bad", "database or disk is full", "disk I/O error")
#: What a step failed with that nobody remembers.
_UNKNOWN = "unknown"
#: Name of its logger.
_ENGINE = "dbos"
_LOG = logging.getLogger(_ENGINE)
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """What is done for a job, in this order; each may be begun again, so that doing it twice must do no harm."""

    ingest: Callable[[str], None]
    assess: Callable[[str], None]
    render: Callable[[str], None]
    deliver: Callable[[str], None]
    #: All that is done for a short job.
    errand: Callable[[str], None]
    #: Told of a job that failed, was set aside or ran too long, after that was written down; perhaps more than once.
    give_up: Callable[[Job], None]
    #: What else is done now and then: retention, membership.
    upkeep: Callable[[], None]


class _Failed(Exception):
    """A step failed for a reason that trying again does not mend; the reason is in the store."""


class _Stumbled(Exception):
    """A step failed; its text is the exception's class only, since the engine keeps it."""


class _Draining(BaseException):
    """The worker stops between two steps: the engine writes nothing down, and the job goes on elsewhere."""


class _Postponed(_Draining):
    """What a short job needs is away for longer: others go on in its place, and it is taken up again later."""


class Queue:
    """Where jobs are handed over, listed, cancelled and tried again; it works on none."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Make the engine's tables where there are none; raise JobsNewer or DatabaseUnreachable."""
        set_up_library(_ENGINE)
        self._store = store
        self._minutes = settings.job_minutes
        self._engine = _engine(settings)
        with closing_if_failed(self._engine):
            _migrate(self._engine)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=_APP,
            retry_connection_errors=False,
        )

    def hand_over(self, job: str, *, kind: str = CHECK) -> None:
        """Let a worker take up a job that is written down; once more does nothing."""
        options: Any = {
            "workflow_name": _WORKFLOW if kind == CHECK else _SHORT_WORKFLOW,
            "queue_name": _queue_of(kind),
            "workflow_id": job,
            "workflow_timeout": 60.0 * self._minutes,
        }
        self._client.enqueue(options, job)

    def hand_over_rest(self) -> None:
        """Hand over what is written down and the engine was never told of: whoever wrote it died in between."""
        for job in find_jobs(self._store, steps=["waiting"], everywhere=True):
            self.hand_over(job.id, kind=job.kind)

    def cancel(self, job: str) -> None:
        """Let nobody go on with a job; raise UnknownJob or JobEnded. The step in hand is finished."""
        found = find_job(self._store, job)
        if not finish_job(self._store, job, "cancelled", at=datetime.now(UTC)):
            raise JobEnded(id=job, step=found.step)
        self._client.cancel_workflow(job)

    def retry(self, job: str) -> None:
        """Do a job again from the step that failed; raise UnknownJob or JobAtWork."""
        found = find_job(self._store, job)
        if found.step not in ("failed", "cancelled"):
            raise JobAtWork(id=job, step=found.step)
        reopen_job(self._store, job, at=datetime.now(UTC))
        known = self.known(workflow_ids=[job])
        if not known:
            self.hand_over(job, kind=found.kind)
        elif known[0].status in ("ERROR", "SUCCESS"):
            steps = self._client.list_workflow_steps(job)
            failed = next((step["function_id"] for step in steps if step["error"] is not None), 1)
            self._client.rewind_workflow(job, start_step=failed, queue_name=_queue_of(found.kind))
        else:
            self._client.resume_workflow(job, queue_name=_queue_of(found.kind))

    def known(self, **which: Any) -> list[Any]:  # noqa: ANN401 (the engine's own words)
        """Return what the engine knows of jobs; it does not wait for a database that is away.

        Raises SQLAlchemyError, or DBOSQueryTimeoutError where the answer takes half a minute.
        """
        return list(self._client.list_workflows(load_input=False, load_output=False, **which))

    def forget(self, jobs: Sequence[str]) -> None:
        """Let the engine forget jobs that ended; raise SQLAlchemyError while the database is away."""
        self._client.delete_workflows(list(jobs), delete_children=True)

    def take_back(self, job: str, worker: str, queue: str) -> None:
        """Put a job that a worker had in hand back into the queue; raise SQLAlchemyError while the database is away."""
        self._client._sys_db.reenqueue_for_recovery(job, [worker], queue)

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()
        self._engine.dispose()


def start_worker(
    settings: Settings,
    store: Store,
    steps: Steps,
    *,
    slot: int,
    stopping: threading.Event,
    ready: Callable[[], None],
    until_empty: bool = False,
) -> None:
    """Work on jobs until told to stop, and hand back what was not finished; raise SlotTaken or JobsNewer.

    `ready` is called once the worker takes jobs up. `until_empty` stops as soon as nothing is left to do. Only one
    worker of a process may run.
    """
    set_up_library(_ENGINE)
    name = f"slot-{slot}"
    with hold_slot(settings, name) as holds:
        if holds is None:
            raise SlotTaken(slot=slot)
        worker = _Worker(settings, store, steps, name, stopping)
        worker.run(holds, ready=ready, until_empty=until_empty)


class _Worker:
    """One process that works on one job at a time, so that a document that kills it takes no other with it."""

    def __init__(self, settings: Settings, store: Store, steps: Steps, name: str, stopping: threading.Event) -> None:
        self._settings, self._store, self._name, self._stopping = settings, store, name, stopping
        self._steps = steps
        self._engine = _engine(settings)
        self._queue = Queue(settings, store)
        self._in_hand: set[str] = set()
        #: Job -> class of the exception that a step of it failed with last.
        self._stumbled_on: dict[str, str] = {}

    def run(self, holds: Callable[[], bool | None], *, ready: Callable[[], None], until_empty: bool) -> None:
        DBOS(
            config=DBOSConfig(
                name=_APP,
                system_database_engine=self._engine,
                executor_id=self._name,
                application_version=VERSION,
                serializer=DBOSPortableJSONSerializer(),
                log_level="WARNING",
                enable_otlp=False,
            )
        )
        self._register()
        DBOS.listen_queues(list(_AT_ONCE))
        DBOS.launch()
        for queue, most in _AT_ONCE.items():
            DBOS.register_queue(queue, worker_concurrency=most, polling_interval_sec=_POLL, on_conflict="always_update")
        ready()
        try:
            self._watch(holds, until_empty=until_empty)
        finally:
            self._stopping.set()
            DBOS.destroy(workflow_completion_timeout_sec=_GRACE)
            self._put_back()
            self._queue.close()
            self._engine.dispose()

    def _watch(self, holds: Callable[[], bool | None], *, until_empty: bool) -> None:
        swept = looked = -_SWEEP
        while not self._stopping.wait(_POLL):
            if holds() is False:
                # The database was away, and another worker has the slot now.
                return
            try:
                if time.monotonic() - swept > _SWEEP:
                    self._sweep()
                    swept = looked = time.monotonic()
                elif time.monotonic() - looked > _LOOK:
                    self._tell_of_the_dead(BEGUN)
                    looked = time.monotonic()
                if until_empty and not find_jobs(self._store, steps=UNDER_WAY, everywhere=True):
                    return
            except (StoreError, SQLAlchemyError, psycopg.Error, error.DBOSQueryTimeoutError) as exc:
                # The database is away: so are the jobs, until it is back.
                _LOG.warning("the database is away [%s]", type(exc).__name__)

    # The workflow

    def _register(self) -> None:
        retried: Any = {
            "retries_allowed": True,
            "max_attempts": _TRIES,
            "interval_seconds": _PAUSE,
            "backoff_rate": _FACTOR,
            "should_retry": lambda exc: not isinstance(exc, _Failed),
        }
        mine = self._steps
        parts = {"ingest": mine.ingest, "assess": mine.assess, "render": mine.render, "deliver": mine.deliver}
        workflows = {_WORKFLOW: parts, _SHORT_WORKFLOW: {"errand": mine.errand}}
        for name, steps in workflows.items():
            is_short = name == _SHORT_WORKFLOW
            done = [DBOS.step(name=step, **retried)(self._guarded(what, is_short)) for step, what in steps.items()]
            DBOS.workflow(name=name, max_recovery_attempts=_RECOVERIES)(self._workflow(done))

    def _workflow(self, done: Sequence[Callable[[str], None]]) -> Callable[[str], None]:
        def workflow(job: str) -> None:
            self._in_hand.add(job)
            try:
                for step in done:
                    if self._stopping.is_set():
                        raise _Draining
                    step(job)
            except (_Failed, error.DBOSMaxStepRetriesExceeded):
                kind = self._stumbled_on.pop(job, _UNKNOWN)
                self._give_up(job, Fault(error="JobStumbled", slots={"id": job, "kind": kind}))
                raise
            except _Postponed:
                # Where it is the database that is away, the sweep does it.
                with suppress(SQLAlchemyError):
                    self._put_back(job, after=_LATER)
                raise
            finally:
                self._in_hand.discard(job)

        return workflow

    def _guarded(self, what: Callable[[str], None], is_short: bool) -> Callable[[str], None]:
        """Return the step, whose errors leave no text of a draft in the engine's tables."""

        def step(job: str) -> None:
            try:
                self._patiently(what, job, is_short)
            except GovbotError as exc:
                self._give_up(job, Fault(error=type(exc).__name__, slots=exc.slots))
                raise _Failed(type(exc).__name__) from None
            except Exception as exc:
                self._stumbled_on[job] = type(exc).__name__
                raise _Stumbled(type(exc).__name__) from None

        return step

    def _patiently(self, what: Callable[[str], None], job: str, is_short: bool) -> None:
        """Do it, and again while the database or Slack is away: what is short later, a draft for as long as it may."""
        pause, begun = _PAUSE, time.monotonic()
        in_place = _IN_PLACE if is_short else 60.0 * self._settings.job_minutes
        while True:
            try:
                return what(job)
            except (DatabaseUnreachable, SlackUnreachable) as exc:
                _LOG.warning("what a step needs is away: it waits [%s]", type(exc).__name__)
                if time.monotonic() - begun > in_place:
                    if is_short:
                        raise _Postponed from None
                    raise JobNeedsAway(minutes=self._settings.job_minutes) from None
                if self._stopping.wait(pause):
                    raise _Draining from None
                pause = min(pause * _FACTOR, _LONGEST_PAUSE)

    def _give_up(self, job: str, fault: Fault) -> None:
        """Write down why a job failed, if nothing was written before, and tell whoever waits for it."""
        if finish_job(self._store, job, "failed", at=datetime.now(UTC), fault=fault):
            self._steps.give_up(find_job(self._store, job))

    # Upkeep

    def _sweep(self) -> None:
        """Look after jobs that nobody looks after, and do what is done now and then."""
        self._queue.hand_over_rest()
        self._take_up_orphans()
        self._take_up_own()
        self._tell_of_the_dead(UNDER_WAY)
        self._tell_again()
        self._steps.upkeep()
        before = (datetime.now(UTC) - timedelta(days=self._settings.keep_days)).isoformat()
        while old := self._queue.known(status=list(_ENDED), completed_before=before, limit=500):
            self._queue.forget([one.workflow_id for one in old])

    def _take_up_orphans(self) -> None:
        """Put the jobs of workers that are gone back into the queue; how often they died of them is kept."""
        for name in {one.executor_id for one in self._queue.known(status="PENDING")} - {self._name, None}:
            with hold_slot(self._settings, name) as holds:
                if holds is not None:
                    # Of what the watch asks the engine only this waits until the database is back.
                    DBOS._recover_pending_workflows([name])

    def _take_up_own(self) -> None:
        """Put back what is said to be in hand here and is not: its end could not be written down."""
        before = (time.time() - _SWEEP) * 1000
        for one in self._queue.known(status="PENDING", executor_id=self._name):
            if one.workflow_id not in self._in_hand and (one.dequeued_at or 0) < before:
                self._queue.take_back(one.workflow_id, self._name, one.queue_name or _QUEUE)

    def _tell_of_the_dead(self, steps: Sequence[JobStep]) -> None:
        """Write down which jobs the engine has given up: they killed their workers, or ran too long."""
        for job in find_jobs(self._store, steps=steps, everywhere=True):
            if job.id in self._in_hand:
                continue
            found = self._queue.known(workflow_ids=[job.id])
            status = found[0].status if found else ""
            if not found:
                # Its row is gone, with the engine's file perhaps: begun again, it does no harm.
                self._queue.hand_over(job.id, kind=job.kind)
            if status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
                self._give_up(job.id, Fault(error="JobKilledWorkers", slots={"id": job.id}))
            elif status == "CANCELLED":
                what = "JobTooLong" if job.kind == CHECK else "JobNeedsAway"
                self._give_up(job.id, Fault(error=what, slots={"minutes": self._settings.job_minutes}))
            elif status in ("ERROR", "SUCCESS"):
                self._give_up(job.id, Fault(error="JobStumbled", slots={"id": job.id, "kind": _UNKNOWN}))

    def _tell_again(self) -> None:
        """Tell of jobs that failed a moment ago: to be told twice does no harm."""
        since = datetime.now(UTC) - _TOLD_AGAIN
        for job in find_jobs(self._store, steps=["failed"], since=since, everywhere=True):
            self._steps.give_up(job)

    def _put_back(self, job: str = "", *, after: float = 0) -> None:
        """Put a job, or all in hand, back into the queue, to be taken up at once or after so many seconds.

        It costs them none of their recoveries.
        """
        table = "workflow_status" if self._engine.dialect.name == "sqlite" else "dbos.workflow_status"
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    f"UPDATE {table} SET status = :status, owner_xid = NULL, started_at_epoch_ms = NULL,"
                    " recovery_attempts = recovery_attempts - 1, delay_until_epoch_ms = :until"
                    " WHERE status = 'PENDING' AND executor_id = :name AND application_name = :app"
                    " AND queue_name IS NOT NULL AND (workflow_uuid = :job OR :job = '')"
                ),
                {
                    "name": self._name,
                    "app": _APP,
                    "job": job,
                    "status": "DELAYED" if after else "ENQUEUED",
                    "until": int((time.time() + after) * 1000) if after else None,
                },
            )


def _queue_of(kind: str) -> str:
    return _QUEUE if kind == CHECK else _SHORT_QUEUE


def _url(settings: Settings) -> URL:
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        return url.set(database=str(settings.data_folder / _FILE))
    return url


def _engine(settings: Settings) -> Engine:
    url = _url(settings)
    is_file = url.get_backend_name() == "sqlite"
    engine = create_engine(url, pool_size=10, max_overflow=0, hide_parameters=True, pool_pre_ping=not is_file)
    event.listen(engine, "handle_error", _wait_for_more)
    if is_file:
        event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's)
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("busy_timeout = 30000", "foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _wait_for_more(context: ExceptionContext) -> None:
    if any(words in str(context.original_exception) for words in _MENDED_BY_WAITING):
        context.is_disconnect = True


def _migrate(engine: Engine) -> None:
    """Make the engine's tables, and refuse those of a newer one, which it would not notice."""
    if engine.dialect.name == "sqlite":
        os.close(os.open(str(engine.url.database), os.O_CREAT | os.O_RDWR, 0o600))
    DBOS.migrate(engine.url.render_as_string(hide_password=False))
    if engine.dialect.name == "sqlite":
        found, known = get_sqlite_migration_versions(engine)
    else:
        found, known = get_migration_versions(engine, "dbos", use_listen_notify=True)
    if found > known:
        raise JobsNewer(found=found, known=known)

"""What is to be done: jobs as people see them, the files that they wait with, and their replies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, insert, select, update

from govbot.errors import UnknownJob
from govbot.store import schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from govbot.store.opening import Store

#: How far a job is.
JobStep = Literal["held", "waiting", "reading", "matching", "writing", "sending", "done", "failed", "cancelled"]
BEGUN: tuple[JobStep, ...] = ("reading", "matching", "writing", "sending")
UNDER_WAY: tuple[JobStep, ...] = ("waiting", *BEGUN)
#: "held" is written down, and not to be begun before it is released.
OPEN: tuple[JobStep, ...] = ("held", *UNDER_WAY)
ENDS: tuple[JobStep, ...] = ("done", "failed", "cancelled")
#: Kind of the jobs that read a draft and check it.
CHECK = "check"
_ID_BYTES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why a job failed: an error of errors.py by its name, with its slots, which hold no text of a draft."""

    error: str
    slots: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A draft that is to be checked, and how far that is."""

    id: str
    #: Key of the workspace.
    workspace: str
    #: File name.
    name: str
    #: Where the file is, under what it is read, and where the reply goes.
    order: dict[str, Any]
    step: JobStep
    #: Passages done, and how many there are; 0 where that is not known.
    done: int
    total: int
    fault: Fault | None
    #: Of the content that was read; None until then.
    sha256: str | None
    #: Number of the document, once it is kept.
    document: int | None
    #: Row of the version, once it is kept.
    version: int | None
    made_at: datetime
    changed_at: datetime

    @property
    def kind(self) -> str:
        """What is to be done: CHECK, or an errand, which is short."""
        return str(self.order.get("kind", CHECK))


def add_job(
    store: Store,
    key: str,
    name: str,
    order: dict[str, Any],
    data: bytes | None,
    *,
    once: bool,
    at: datetime,
    sha256: str | None = None,
    is_held: bool = False,
) -> tuple[str, bool]:
    """Write a job down, with its file where it comes along, and return its id and whether it is new.

    Of one key there is one job. One that has ended makes room for another, unless it is to be done `once` only.
    One that `is_held` is not begun before it is released.
    """
    with store.writing() as connection:
        row = _job_row(key, name, order, at=at, sha256=sha256, is_held=is_held)
        job, is_new = _add_job(connection, store, row, once=once)
        if is_new and data is not None:
            connection.execute(insert(schema.uploads).values(job_id=job, data=data))
    return job, is_new


def add_errands(store: Store, errands: Sequence[tuple[str, str, dict[str, Any]]], *, at: datetime) -> tuple[str, ...]:
    """Write down errands (key, kind, order) that are done once only, all or none, and return their jobs' ids."""
    with store.writing() as connection:
        rows = [_job_row(key, kind, order, at=at) for key, kind, order in errands]
        return tuple(_add_job(connection, store, row, once=True)[0] for row in rows)


def _job_row(
    key: str,
    name: str,
    order: dict[str, Any],
    *,
    at: datetime,
    sha256: str | None = None,
    is_held: bool = False,
) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "order": order,
        "sha256": sha256,
        "step": "held" if is_held else "waiting",
        "done": 0,
        "total": 0,
        "made_at": at,
        "changed_at": at,
    }


def _add_job(connection: Connection, store: Store, row: dict[str, Any], *, once: bool) -> tuple[str, bool]:
    table, key = schema.jobs, row["key"]
    known = connection.execute(
        select(table.c.id, table.c.step).where(table.c.workspace_id == store.workspace, table.c.key == key)
    ).first()
    if known is not None and (once or known.step not in ENDS):
        return known.id, False
    if known is not None:
        connection.execute(update(table).where(table.c.id == known.id).values(key=f"{key} {known.id}"))
    job = secrets.token_hex(_ID_BYTES)
    connection.execute(insert(table).values(id=job, workspace_id=store.workspace, **row))
    return job, True


def find_job(store: Store, job: str) -> Job:
    """Return a job, of whichever workspace; raise UnknownJob."""
    found = find_jobs(store, ids=[job], everywhere=True)
    if not found:
        raise UnknownJob(id=job)
    return found[0]


def find_jobs(
    store: Store,
    *,
    ids: Sequence[str] | None = None,
    steps: Sequence[JobStep] | None = None,
    key: str = "",
    prefix: str = "",
    since: datetime | None = None,
    everywhere: bool = False,
) -> tuple[Job, ...]:
    """Return jobs, newest first: all, or those of these ids or steps, of this key or one that begins so.

    Those changed `since` a time, of this workspace or of every one.
    """
    table, versions, workspaces = schema.jobs, schema.versions, schema.workspaces
    asked = (
        select(table, versions.c.document_id, workspaces.c.key.label("workspace"))
        .join(workspaces, workspaces.c.id == table.c.workspace_id)
        .outerjoin(versions, versions.c.id == table.c.version_id)
        .order_by(table.c.made_at.desc(), table.c.id)
    )
    if not everywhere:
        asked = asked.where(table.c.workspace_id == store.workspace)
    if key:
        asked = asked.where(table.c.key == key)
    if prefix:
        asked = asked.where(table.c.key.startswith(prefix, autoescape=True))
    if since is not None:
        asked = asked.where(table.c.changed_at >= since)
    if ids is not None:
        asked = asked.where(table.c.id.in_(ids))
    if steps is not None:
        asked = asked.where(table.c.step.in_(steps))
    with store.reading() as connection:
        return tuple(_job(row) for row in connection.execute(asked))


def set_step(store: Store, job: str, step: JobStep, *, at: datetime, done: int = 0, total: int = 0) -> None:
    """Write down how far a job is. One that has ended stays as it is: whoever still works on it comes too late."""
    table = schema.jobs
    with store.writing() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == job, table.c.step.not_in(ENDS))
            .values(step=step, done=done, total=total, changed_at=at)
        )


def set_content(store: Store, job: str, sha256: str) -> None:
    """Write down which content was read."""
    with store.writing() as connection:
        connection.execute(update(schema.jobs).where(schema.jobs.c.id == job).values(sha256=sha256))


def add_to_order(store: Store, job: str, field: str, more: dict[str, str]) -> bool:
    """Add to a list in what a job is to do, and return whether that was in time: before it is about to send its reply.

    What stands in the list already is not added again.
    """
    table = schema.jobs
    early = [step for step in OPEN if step != "sending"]
    with store.writing() as connection:
        order = connection.execute(select(table.c.order).where(table.c.id == job, table.c.step.in_(early))).scalar()
        if order is not None:
            held = [one for one in order.get(field, ()) if one != more]
            connection.execute(update(table).where(table.c.id == job).values(order=order | {field: [*held, more]}))
        return order is not None


def release_job(store: Store, job: str, field: str, value: str, *, at: datetime) -> bool:
    """Set a field of what a job that is held is to do, let it wait for a worker, and return whether it was held."""
    table = schema.jobs
    with store.writing() as connection:
        order = connection.execute(select(table.c.order).where(table.c.id == job, table.c.step == "held")).scalar()
        if order is not None:
            values = {"order": order | {field: value}, "step": "waiting", "changed_at": at}
            connection.execute(update(table).where(table.c.id == job).values(values))
        return order is not None


def finish_job(store: Store, job: str, step: JobStep, *, at: datetime, fault: Fault | None = None) -> bool:
    """Write down how a job ended, and return whether that is news; a file that came along goes once it is done."""
    table = schema.jobs
    plain = None if fault is None else {"error": fault.error, "slots": fault.slots}
    with store.writing() as connection:
        changed = connection.execute(
            update(table)
            .where(table.c.id == job, table.c.step.not_in(ENDS))
            .values(step=step, fault=plain, changed_at=at)
        )
        if step == "done":
            connection.execute(delete(schema.uploads).where(schema.uploads.c.job_id == job))
        return changed.rowcount > 0


def reopen_job(store: Store, job: str, *, at: datetime) -> None:
    """Let a job that failed or was cancelled wait again."""
    table = schema.jobs
    with store.writing() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == job, table.c.step.in_(("failed", "cancelled")))
            .values(step="waiting", fault=None, done=0, total=0, changed_at=at)
        )


def read_upload(store: Store, job: str) -> bytes | None:
    """Return the file that came with a job; None where none did, or where it is gone."""
    with store.reading() as connection:
        return connection.execute(select(schema.uploads.c.data).where(schema.uploads.c.job_id == job)).scalar()


def keep_reply(store: Store, job: str, version: int, body: str, *, at: datetime) -> None:
    """Keep a job's reply, in the place of an earlier one."""
    table = schema.replies
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.job_id == job))
        connection.execute(insert(table).values(version_id=version, job_id=job, body=body, made_at=at))


def read_reply(store: Store, job: str) -> str | None:
    """Return a job's reply; None where there is none yet, or where it is not kept any more."""
    with store.reading() as connection:
        return connection.execute(select(schema.replies.c.body).where(schema.replies.c.job_id == job)).scalar()


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """Something that was delivered, or was about to be."""

    #: What the receiver calls it; empty where nobody knows whether it arrived.
    receipt: str
    begun_at: datetime


def begin_delivery(store: Store, key: str, *, at: datetime) -> Delivery | None:
    """Note that something is about to be delivered, and return what is known of it; None the first time."""
    table = schema.deliveries
    with store.writing() as connection:
        known = connection.execute(
            select(table.c.receipt, table.c.made_at).where(table.c.workspace_id == store.workspace, table.c.key == key)
        ).first()
        if known is not None:
            return Delivery(receipt=known.receipt, begun_at=known.made_at)
        values = {"workspace_id": store.workspace, "key": key, "receipt": "", "made_at": at}
        connection.execute(insert(table).values(values))
        return None


def find_receipt(store: Store, key: str) -> str:
    """Return what the receiver calls what was delivered; empty where that is not known."""
    table = schema.deliveries
    with store.reading() as connection:
        asked = select(table.c.receipt).where(table.c.workspace_id == store.workspace, table.c.key == key)
        return connection.execute(asked).scalar() or ""


def note_delivery(store: Store, key: str, receipt: str) -> None:
    """Write down what the receiver calls what was delivered."""
    table = schema.deliveries
    with store.writing() as connection:
        connection.execute(
            update(table).where(table.c.workspace_id == store.workspace, table.c.key == key).values(receipt=receipt)
        )


def find_receipts(store: Store) -> frozenset[str]:
    """Return the receipts of all that is known to have arrived."""
    table = schema.deliveries
    with store.reading() as connection:
        asked = select(table.c.receipt).where(table.c.workspace_id == store.workspace, table.c.receipt != "")
        return frozenset(connection.execute(asked).scalars())


def deliver_once(store: Store, key: str, receipt: str, *, at: datetime) -> bool:
    """Write down that something was delivered, and return whether that is news."""
    is_news = begin_delivery(store, key, at=at) is None
    if is_news:
        note_delivery(store, key, receipt)
    return is_news


def remove_ended_jobs(store: Store, *, before: datetime) -> int:
    """Remove jobs that ended before a time, with what they hold, and return how many."""
    table = schema.jobs
    with store.writing() as connection:
        gone = connection.execute(
            delete(table).where(
                table.c.workspace_id == store.workspace, table.c.step.in_(ENDS), table.c.changed_at < before
            )
        )
        return int(gone.rowcount)


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        workspace=row.workspace,
        name=row.name,
        order=row.order,
        step=row.step,
        done=row.done,
        total=row.total,
        fault=None if row.fault is None else Fault(**row.fault),
        sha256=row.sha256,
        document=row.document_id,
        version=row.version_id,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )

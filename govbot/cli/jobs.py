"""`govbot submit`, `govbot worker`, `govbot jobs`: drafts that workers check, one after another."""

from __future__ import annotations

import getpass
import hashlib
import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govbot import errors
from govbot.cli.console import print_error, print_json, print_note, print_text
from govbot.cli.options import By, Format, FormatOption, Frameworks, Team, VersionOf, words
from govbot.cli.sources import expand
from govbot.config import load_settings, uses_slack
from govbot.errors import FileMissing, FileTooLarge, GovbotError
from govbot.words import say

if TYPE_CHECKING:
    from govbot.clerk import Receiver
    from govbot.jobs import Queue
    from govbot.store import Job

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help=words("submit_files"), show_default=False)]
JobId = Annotated[str, typer.Argument(metavar="JOB", help=words("job"), show_default=False)]
#: Seconds between two looks at the process that started a worker.
_LOOK = 1.0
jobs = typer.Typer()


def submit(
    files: Files,
    framework: Frameworks = None,
    team: Team = "",
    version_of: VersionOf = None,
    by: By = "",
) -> None:
    """Hand drafts to the workers."""
    # The job engine takes a third of a second to import, which nobody else need wait for; so in every command here.
    from govbot.jobs import Queue
    from govbot.store import add_job, open_store

    settings = load_settings()
    store = open_store(settings)
    queue = Queue(settings, store)
    failed = False
    try:
        for source in expand(files):
            try:
                name, data = _content(source, most=settings.file_mb)
            except GovbotError as exc:
                print_error(str(exc))
                failed = True
                continue
            chosen = sorted(framework or [])
            order = {"frameworks": chosen, "team": team, "version_of": version_of, "by": by or getpass.getuser()}
            sha256 = hashlib.sha256(data).hexdigest()
            key = " ".join([team, sha256, *chosen])
            job, is_new = add_job(store, key, name, order, data, once=False, sha256=sha256, at=datetime.now(UTC))
            queue.hand_over(job)
            print_text(say("cli", "jobs.submitted" if is_new else "jobs.known", id=job, name=name))
    finally:
        queue.close()
        store.engine.dispose()
    if failed:
        raise typer.Exit(1)


def worker(
    slot: Annotated[int, typer.Option("--slot", metavar="N", min=1, help=words("slot"))] = 1,
    until_empty: Annotated[bool, typer.Option("--until-empty", help=words("until_empty"))] = False,
    beside: Annotated[int, typer.Option("--beside", metavar="PID", min=0, help=words("beside"))] = 0,
) -> None:
    """Check the drafts that were handed in, until stopped."""
    from govbot.clerk import Clerk
    from govbot.jobs import Queue, start_worker
    from govbot.store import open_store

    settings = load_settings()
    store = open_store(settings)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if beside:
        threading.Thread(target=_end_with, args=(beside, stopping), daemon=True).start()
    receivers: dict[str, Receiver] = {}
    queue = Queue(settings, store)
    if uses_slack(settings):
        from govbot.logs import set_up_logs
        from govbot.slack.payloads import VIA
        from govbot.slack.reception import Reception

        set_up_logs()

        receivers[VIA] = Reception(settings, store, queue)
    start_worker(
        settings,
        store,
        Clerk(settings, store, desk=f"slot-{slot}", queue=queue, receivers=receivers).steps,
        slot=slot,
        stopping=stopping,
        ready=lambda: print_note(say("cli", "jobs.working", slot=slot)),
        until_empty=until_empty,
    )


def _end_with(process: int, stopping: threading.Event) -> None:
    """Stop once the process that started this one has ended."""
    while os.getppid() == process and not stopping.wait(_LOOK):
        pass
    stopping.set()


@jobs.command("list", help=words("jobs_list"))
def list_jobs(output: FormatOption = Format.TEXT) -> None:
    """Show the jobs, newest first."""
    from govbot.store import find_jobs, open_store

    found = find_jobs(open_store(load_settings()))
    if output is Format.JSON:
        for job in found:
            print_json(_plain(job))
        return
    for job in found:
        print_text(_line(job))
    if not found:
        print_text(say("cli", "jobs.none"))


@jobs.command("show", help=words("jobs_show"))
def show_job(job: JobId) -> None:
    """Show a job and its reply."""
    from govbot.store import find_job, open_store, read_reply

    store = open_store(load_settings())
    found = find_job(store, job)
    print_text(_line(found))
    for one in found.order.get("left_out", ()):
        print_text(one["told"])
    reply = read_reply(store, job)
    if reply is not None:
        print_text("\n" + reply)


@jobs.command("retry", help=words("jobs_retry"))
def retry_job(job: JobId) -> None:
    """Do a job again."""
    with _Desk() as queue:
        queue.retry(job)
    print_text(say("cli", "jobs.again", id=job))


@jobs.command("cancel", help=words("jobs_cancel"))
def cancel_job(job: JobId) -> None:
    """Let nobody go on with a job."""
    with _Desk() as queue:
        queue.cancel(job)
    print_text(say("cli", "jobs.cancelled", id=job))


class _Desk:
    """The queue of one command."""

    def __enter__(self) -> Queue:
        from govbot.jobs import Queue
        from govbot.store import open_store

        settings = load_settings()
        self._store = open_store(settings)
        self._queue = Queue(settings, self._store)
        return self._queue

    def __exit__(self, *error: object) -> None:
        self._queue.close()
        self._store.engine.dispose()


def _content(source: str | GovbotError, *, most: int) -> tuple[str, bytes]:
    """Return a file's name and bytes; raise DocumentError."""
    if isinstance(source, GovbotError):
        raise source
    path = Path(source)
    try:
        if path.stat().st_size > most * 2**20:
            raise FileTooLarge(name=path.name)
        # A name that is no text (in a file system of another encoding) is told with marks in it.
        return path.name.encode("utf-8", "replace").decode(), path.read_bytes()
    except OSError as exc:
        raise FileMissing(name=path.name) from exc


def _line(job: Job) -> str:
    step = say("cli", f"jobs.step.{job.step}")
    reason = "" if job.fault is None else _reason(job)
    if held := len(job.order.get("holds", ())):
        step = say("cli", "jobs.holds", step=step, n=held)
    how_far = f"{job.done}/{job.total}" if job.total else ""
    return say(
        "cli",
        "jobs.line",
        id=job.id,
        name=job.name,
        step=step,
        how_far=how_far,
        document=job.document or "",
        at=f"{job.made_at:%Y-%m-%d %H:%M}",
        reason=reason,
    )


def _reason(job: Job) -> str:
    """Return why a job failed, in the words of its error."""
    assert job.fault is not None
    return str(getattr(errors, job.fault.error)(**job.fault.slots))


def _plain(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "name": job.name,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "document": job.document,
        "fault": None if job.fault is None else {"error": job.fault.error, "message": _reason(job)},
        "made_at": job.made_at.isoformat(),
        "changed_at": job.changed_at.isoformat(),
    }

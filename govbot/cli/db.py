"""`govbot db`: the database's schema, backups; `govbot doctor`: what is wrong with this installation."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govbot.cli.console import print_error, print_text
from govbot.cli.options import words
from govbot.config import load_settings
from govbot.errors import DatabaseOutdated, GovbotError, NobodyWorks
from govbot.pipeline import Workshop, scans_state
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.config import Settings
    from govbot.slack.checkup import Finding

#: Gigabytes of disk that are wanted: a database, its backups, and a draft on its way.
_LEAST_DISK = 2
#: A job that waits as long as this waits in vain.
_LONG = timedelta(minutes=15)
db = typer.Typer()


@db.command("upgrade", help=words("db_upgrade"))
def upgrade_schema() -> None:
    """Bring the tables up to date."""
    # SQLAlchemy takes a third of a second to import, which nobody else need wait for; so in every command here.
    from govbot.store import connect, schema_state, upgrade

    settings = load_settings()
    engine = connect(settings)
    kept = upgrade(engine, settings.data_folder)
    state = schema_state(engine)
    print_text(say("cli", "db.upgraded", found=state.found, backup=str(kept or "")))


@db.command("check", help=words("db_check"))
def check_schema() -> None:
    """Say whether the tables are those that this govbot works with; exit with 1 where they are not."""
    from govbot.store import connect, schema_state

    state = schema_state(connect(load_settings()), deep=True)
    if state.found == state.wanted and not state.differences:
        print_text(say("cli", "db.fits", found=state.found))
        return
    print_error(say("cli", "db.differs", found=state.found or "", wanted=state.wanted, faults=state.differences))
    raise typer.Exit(1)


@db.command("backup", help=words("db_backup"))
def back_up() -> None:
    """Write a backup into the data folder."""
    from govbot.store import backup, connect

    settings = load_settings()
    print_text(str(backup(connect(settings), settings.data_folder)))


@db.command("restore", help=words("db_restore"))
def put_back(
    source: Annotated[Path, typer.Argument(metavar="FILE", help=words("db_file"), show_default=False)],
) -> None:
    """Put a backup in the place of the database."""
    from govbot.store import connect, restore

    settings = load_settings()
    kept = restore(connect(settings), settings.data_folder, source)
    print_text(say("cli", "db.restored", source=str(source), kept=str(kept)))


@db.command("scrub", help=words("db_scrub"))
def scrub() -> None:
    """Wipe the words of what was deleted from the database's file, where that is still due."""
    from govbot.store import open_store, scrub_if_due

    scrub_if_due(open_store(load_settings()))
    print_text(say("cli", "db.scrubbed"))


def doctor() -> None:
    """Look at everything that govbot needs, and say what is wrong; exit with 1 where anything is."""
    settings = load_settings()
    checks: dict[str, Callable[[], str]] = {
        "model": lambda: Workshop(settings).look(),
        "scans": lambda: scans_state(settings),
        "database": _database_state,
        "jobs": _jobs_state,
    }
    faults = 0
    for name, look in checks.items():
        try:
            _show(name, look(), is_fine=True)
        except GovbotError as exc:
            faults += 1
            _show(name, str(exc), is_fine=False)
    for finding in (_disk_state(settings), _office_state(settings), *_slack_state(settings)):
        faults += not finding.is_fine
        _show(finding.about, finding.told, is_fine=finding.is_fine)
    if faults:
        raise typer.Exit(1)


def _show(name: str, found: str, *, is_fine: bool) -> None:
    title = say("cli", f"doctor.{name}")
    if is_fine:
        print_text(say("cli", "doctor.fine", name=title, found=found))
    else:
        print_error(say("cli", "doctor.wrong", name=title, message=found))


def _database_state() -> str:
    from govbot.store import address, connect, schema_state

    engine = connect(load_settings())
    state = schema_state(engine, deep=True)
    where = address(engine.url)
    if state.found is None and engine.dialect.name == "sqlite":
        return say("cli", "doctor.empty", address=where)
    if state.found != state.wanted or state.differences:
        raise DatabaseOutdated
    return say("cli", "doctor.fits", address=where)


def _jobs_state() -> str:
    """Return how many jobs wait; raise NobodyWorks where one has waited long."""
    from govbot.store import connect, find_jobs, open_store, schema_state

    settings = load_settings()
    state = schema_state(connect(settings))
    if state.found != state.wanted:
        return say("cli", "doctor.no_jobs")
    waiting = find_jobs(open_store(settings), steps=["waiting"])
    if waiting and datetime.now(UTC) - waiting[-1].made_at > _LONG:
        raise NobodyWorks(id=waiting[-1].id, n=len(waiting), since=f"{waiting[-1].made_at:%Y-%m-%d %H:%M}")
    return say("cli", "doctor.jobs_wait", n=len(waiting)) if waiting else say("cli", "doctor.no_jobs")


def _disk_state(settings: Settings) -> Finding:
    from govbot.slack.checkup import Finding

    # The folder is made when something is kept.
    folder = next((one for one in (settings.data_folder, *settings.data_folder.parents) if one.exists()), Path("/"))
    free = shutil.disk_usage(folder).free / 2**30
    slots = {"gigabytes": f"{free:.1f}", "path": str(folder)}
    if free < _LEAST_DISK:
        return Finding(about="disk", is_fine=False, told=say("cli", "doctor.disk_full", wanted=_LEAST_DISK, **slots))
    return Finding(about="disk", is_fine=True, told=say("cli", "doctor.disk_free", **slots))


def _office_state(settings: Settings) -> Finding:
    from govbot.reading import Limits, try_converting
    from govbot.slack.checkup import Finding

    state = try_converting(Limits(memory_mb=settings.read_memory_mb, seconds=settings.read_seconds))
    return Finding(about="office", is_fine=state != "fails", told=say("cli", f"doctor.office_is.{state}"))


def _slack_state(settings: Settings) -> list[Finding]:
    from govbot.slack.checkup import examine
    from govbot.store import connect, open_store, schema_state

    try:
        state = schema_state(connect(settings))
        store = open_store(settings) if state.found == state.wanted else None
    except GovbotError:
        # That the database is not as it should be was said before.
        store = None
    return list(examine(settings, store))

"""How much is kept and waits, in figures for whoever looks after govbot; of all workspaces together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from govbot.store import schema

if TYPE_CHECKING:
    from govbot.store.opening import Store


def count_jobs(store: Store) -> dict[str, int]:
    """Return how many jobs stand at each step that any stands at."""
    step = schema.jobs.c.step
    with store.reading() as connection:
        return {row.step: row.n for row in connection.execute(select(step, func.count().label("n")).group_by(step))}


def count_faults(store: Store) -> dict[str, int]:
    """Return how many jobs failed for each class of error."""
    table = schema.jobs
    asked = select(table.c.fault).where(table.c.step == "failed", table.c.fault.is_not(None))
    with store.reading() as connection:
        return dict(Counter(str(fault["error"]) for fault in connection.execute(asked).scalars()))


def count_deliveries(store: Store) -> int:
    """Return how many replies were delivered, as far as that is still kept."""
    table = schema.deliveries
    with store.reading() as connection:
        asked = select(func.count()).select_from(table).where(table.c.receipt != "")
        return int(connection.execute(asked).scalar_one())

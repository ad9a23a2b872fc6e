"""Reads how kept drafts stand, for summaries: coverage, decisions, what was not checked; no text of a draft."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from govbot.records import KeptDecision, Standings, Unchecked
from govbot.store import schema
from govbot.store.deciding import decision_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from govbot.store.opening import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which documents are looked at."""

    #: Their newest version was kept at this time or later; None for all.
    since: datetime | None = None
    #: Channels or teams; None for all.
    teams: Collection[str] | None = None
    #: Numbers of documents; None for all.
    documents: Collection[int] | None = None


def read_standings(store: Store, framework: str, scope: Scope) -> tuple[Standings, ...]:
    """Return how every version of the documents in scope stands that was checked under the framework."""
    documents, versions, readings, coverages = schema.documents, schema.versions, schema.readings, schema.coverages
    heads = (
        select(
            readings.c.id,
            readings.c.framework_version,
            readings.c.matcher,
            readings.c.made_at,
            versions.c.number,
            versions.c.kept_at,
            documents.c.id.label("document"),
            documents.c.title,
            documents.c.team,
        )
        .select_from(readings.join(versions).join(documents))
        .where(readings.c.framework == framework, *inside(store, scope))
    )
    criteria = (
        select(coverages.c.reading_id, coverages.c.criterion, coverages.c.status, coverages.c.stages)
        .select_from(coverages.join(readings).join(versions).join(documents))
        .where(readings.c.framework == framework, *inside(store, scope))
        .order_by(coverages.c.reading_id)
    )
    with store.reading() as connection:
        rows = connection.execute(heads).all()
        found = {
            reading: {criterion: (status, stages) for _, criterion, status, stages in some}
            for reading, some in groupby(connection.execute(criteria), key=lambda row: row[0])
        }
    return tuple(
        Standings(
            document=row.document,
            title=row.title,
            team=row.team,
            version=row.number,
            kept_at=row.kept_at,
            framework_version=row.framework_version,
            matcher=row.matcher,
            made_at=row.made_at,
            criteria=found.get(row.id, {}),
        )
        for row in rows
    )


def read_decisions(store: Store, framework: str, scope: Scope) -> tuple[KeptDecision, ...]:
    """Return the decisions that stand about documents in scope, newest first."""
    documents, table = schema.documents, schema.decisions
    asked = (
        select(table, documents.c.title)
        .join(documents)
        .where(table.c.framework == framework, table.c.withdrawn_at.is_(None), *inside(store, scope))
        .order_by(table.c.id.desc())
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return tuple(KeptDecision(document=row.document_id, title=row.title, decision=decision_of(row)) for row in rows)


def read_unchecked(store: Store, framework: str, scope: Scope) -> tuple[Unchecked, ...]:
    """Return the documents in scope whose newest version was not checked under the framework, an older one was."""
    documents, versions, readings = schema.documents, schema.versions, schema.readings
    checked = (
        select(versions.c.document_id, func.max(versions.c.number).label("checked"))
        .join(readings)
        .where(readings.c.framework == framework)
        .group_by(versions.c.document_id)
        .subquery()
    )
    asked = (
        select(documents.c.id, documents.c.title, versions.c.number, checked.c.checked)
        .select_from(documents.join(versions).join(checked, checked.c.document_id == documents.c.id))
        .where(versions.c.is_current, checked.c.checked < versions.c.number, *inside(store, scope))
        .order_by(documents.c.title)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return tuple(Unchecked(document=row.id, title=row.title, version=row.number, checked=row.checked) for row in rows)


def inside(store: Store, scope: Scope) -> list[ColumnElement[bool]]:
    """Return what holds of the documents in scope, for queries that join them."""
    documents, versions = schema.documents, schema.versions.alias()
    where = [documents.c.workspace_id == store.workspace]
    if scope.teams is not None:
        where.append(documents.c.team.in_(sorted(scope.teams)))
    if scope.documents is not None:
        where.append(documents.c.id.in_(sorted(scope.documents)))
    if scope.since is not None:
        newest = select(versions.c.document_id).where(versions.c.is_current, versions.c.kept_at >= scope.since)
        where.append(documents.c.id.in_(newest))
    return where

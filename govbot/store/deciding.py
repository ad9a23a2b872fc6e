"""What people say of documents: decisions, kept, found and taken back; questions that they asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from govbot.records import Decision
from govbot.store import schema
from govbot.store.keeping import audit, document_row

if TYPE_CHECKING:
    from datetime import datetime

    from govbot.records import Answer
    from govbot.store.finding import KeptVersion
    from govbot.store.opening import Store


def keep_decision(store: Store, document: int, decision: Decision) -> None:
    """Keep a decision; raise UnknownDocument."""
    with store.writing() as connection:
        document_row(connection, store, document)
        connection.execute(
            insert(schema.decisions).values(
                document_id=document,
                framework=decision.framework,
                criterion=decision.criterion,
                kind=decision.kind,
                quote=decision.quote,
                reason=decision.reason,
                author=decision.author,
                made_at=decision.made_at,
            )
        )
        audit(connection, store, actor=decision.author, action="decided", document=document, at=decision.made_at)


def withdraw_decisions(store: Store, document: int, framework: str, criterion: str, *, by: str, at: datetime) -> int:
    """Take back what stands about a criterion of a document, and return how many decisions; raise UnknownDocument."""
    table = schema.decisions
    with store.writing() as connection:
        document_row(connection, store, document)
        found = connection.execute(
            update(table)
            .where(
                table.c.document_id == document,
                table.c.framework == framework,
                table.c.criterion == criterion,
                table.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=at)
        )
        audit(connection, store, actor=by, action="decided", document=document, at=at)
        return int(found.rowcount)


def keep_enquiry(store: Store, version: KeptVersion, question: str, told: Answer, *, by: str, at: datetime) -> None:
    """Keep a question that was asked of a version, and what was answered."""
    with store.writing() as connection:
        connection.execute(
            insert(schema.enquiries).values(
                version_id=version.version,
                asker=by,
                question=question,
                kind=told.kind,
                targets=list(told.targets),
                verdict=told.verdict,
                asked_at=at,
            )
        )
        audit(connection, store, actor=by, action="asked", document=version.document, at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Enquired:
    """A question that was asked of a document, and what was answered."""

    document: int
    title: str
    question: str
    verdict: str
    asked_at: datetime


def find_enquiries(store: Store, asker: str, *, most: int) -> tuple[Enquired, ...]:
    """Return what somebody asked last, latest first."""
    table, versions, documents = schema.enquiries, schema.versions, schema.documents
    asked = (
        select(table.c.question, table.c.verdict, table.c.asked_at, documents.c.id, documents.c.title)
        .select_from(table.join(versions).join(documents))
        .where(documents.c.workspace_id == store.workspace, table.c.asker == asker)
        .order_by(table.c.id.desc())
        .limit(most)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return tuple(
        Enquired(document=row.id, title=row.title, question=row.question, verdict=row.verdict, asked_at=row.asked_at)
        for row in rows
    )


def find_lessons(store: Store, framework: str) -> tuple[Decision, ...]:
    """Return what people of every workspace decided about quotes under a framework, and stands, oldest first."""
    table = schema.decisions
    with store.reading() as connection:
        rows = connection.execute(
            select(table)
            .where(table.c.framework == framework, table.c.withdrawn_at.is_(None), table.c.quote != "")
            .order_by(table.c.id)
        ).all()
    return tuple(decision_of(row) for row in rows)


def find_decisions(store: Store, document: int) -> tuple[Decision, ...]:
    """Return the decisions that stand about a document, oldest first."""
    table = schema.decisions
    with store.reading() as connection:
        rows = connection.execute(
            select(table).where(table.c.document_id == document, table.c.withdrawn_at.is_(None)).order_by(table.c.id)
        ).all()
    return tuple(decision_of(row) for row in rows)


def decision_of(row: Any) -> Decision:  # noqa: ANN401 (a row of the table)
    """Return a row as a decision."""
    return Decision(
        framework=row.framework,
        criterion=row.criterion,
        kind=row.kind,
        quote=row.quote,
        reason=row.reason,
        author=row.author,
        made_at=row.made_at,
    )

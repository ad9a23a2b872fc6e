"""Writes what was read and found of a file: its text once, its version in a document's line, its coverage."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, update

from govbot.errors import ModelOfAnotherSize, UnknownDocument
from govbot.reading.codec import dump_document, load_document
from govbot.reading.enclosures import is_container, own_name, path_inside
from govbot.records import Assessment
from govbot.store import schema
from govbot.store.lines import title_line
from govbot.store.types import DIM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row, Table

    from govbot.embedding import Vectors
    from govbot.records import Document, Passage
    from govbot.store.opening import Store

_ASSESSMENT = TypeAdapter(Assessment)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeUnder:
    """What an assessment depends on beside the text."""

    framework: str
    framework_version: str
    matcher: str
    model: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a file came from."""

    #: The channel in Slack, or a team's name; empty where there is none.
    team: str = ""
    #: Who handed it in; empty where that is not known.
    by: str = ""
    #: Number of the document that it is a version of, 0 for a new document, or None to go by its title.
    version_of: int | None = None
    #: By which it is called where its own title is that of another document beside it, and by which it is known again;
    #: empty to go by its own.
    title: str = ""
    line: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Where a file was put."""

    document: int
    version: int
    #: Its place among the document's versions, from 1.
    number: int
    #: False where this very file was kept as the newest version before.
    is_new: bool


def keep_document(store: Store, document: Document, *, at: datetime) -> int:
    """Keep a document as it was read, once, and return its row."""
    with store.writing() as connection:
        return _keep_document(connection, store, document, at)


def _keep_document(connection: Connection, store: Store, document: Document, at: datetime) -> int:
    content = content_row(connection, store, document.sha256)
    if content is not None:
        return content
    return _insert(
        connection,
        schema.contents,
        workspace_id=store.workspace,
        sha256=document.sha256,
        document=json.loads(dump_document(document)),
        model="",
        kept_at=at,
    )


def renew_document(store: Store, document: Document) -> Document | None:
    """Put a file as it is read now in the place of a reading that left more unread; return that one, or None.

    So a scan that was kept unread is read once it can be, and stays read where it cannot be. What was found in the
    other reading goes with it.
    """
    contents = schema.contents
    with store.writing() as connection:
        content = content_row(connection, store, document.sha256)
        if content is None:
            return None
        plain = connection.execute(select(contents.c.document).where(contents.c.id == content)).scalar_one()
        before = load_document(plain)
        if _left(document) >= _left(before):
            return None
        for table in (schema.passages, schema.assessments):
            connection.execute(delete(table).where(table.c.content_id == content))
        renewed = {"document": json.loads(dump_document(document)), "model": ""}
        connection.execute(update(contents).where(contents.c.id == content).values(renewed))
    return before


def _left(document: Document) -> int:
    """Return how many parts that matter a reading left unread."""
    return sum(one.matters for one in document.unread)


def keep_content(
    store: Store,
    document: Document,
    passages: Sequence[Passage],
    vectors: Vectors,
    assessments: Iterable[Assessment],
    *,
    model: str,
    at: datetime,
) -> int:
    """Keep what a file holds and what was found in it, once, and return its row; raise ModelOfAnotherSize.

    `vectors` are (number of passages, DIM), made by `model`: those of another one are replaced.
    """
    if vectors.shape[1] != DIM:
        raise ModelOfAnotherSize(dim=vectors.shape[1], wanted=DIM)
    with store.writing() as connection:
        content = _keep_document(connection, store, document, at)
        contents = schema.contents
        known = connection.execute(select(contents.c.model).where(contents.c.id == content)).scalar_one()
        if known != model:
            connection.execute(delete(schema.passages).where(schema.passages.c.content_id == content))
            connection.execute(update(contents).where(contents.c.id == content).values(model=model))
            rows = [
                {"content_id": content, "number": passage.index, "text": passage.text, "vector": vector}
                for passage, vector in zip(passages, vectors, strict=True)
            ]
            connection.execute(insert(schema.passages), rows)
        _keep_assessments(connection, content, assessments, at)
    return content


def _keep_assessments(connection: Connection, content: int, assessments: Iterable[Assessment], at: datetime) -> None:
    table = schema.assessments
    for assessment in assessments:
        key = _made_under(assessment)
        if connection.execute(select(table.c.id).where(table.c.content_id == content, *_is(key))).scalar() is None:
            body = _ASSESSMENT.dump_python(assessment, mode="json")
            connection.execute(insert(table).values(content_id=content, body=body, made_at=at, **asdict(key)))


def keep_version(store: Store, document: Document, origin: Origin, *, at: datetime, job: str | None = None) -> Kept:
    """Put a file, whose content is kept, in a document's line of versions; raise UnknownDocument.

    The same file again is no new version, and a `job` makes one version however often it is begun.
    """
    table = schema.versions
    with store.writing() as connection:
        content = content_row(connection, store, document.sha256)
        made = None if job is None else _version_of(connection, job)
        if made is not None:
            connection.execute(update(table).where(table.c.id == made.version).values(content_id=content))
            return made
        place = _keep_version(connection, store, document, origin, content, at)
        if job is not None:
            connection.execute(update(schema.jobs).where(schema.jobs.c.id == job).values(version_id=place.version))
        return place


def _version_of(connection: Connection, job: str) -> Kept | None:
    """Return the version that a job has made; None where it has made none yet."""
    table, jobs = schema.versions, schema.jobs
    row = connection.execute(
        select(table.c.id, table.c.document_id, table.c.number)
        .join(jobs, jobs.c.version_id == table.c.id)
        .where(jobs.c.id == job)
    ).first()
    return None if row is None else Kept(document=row.document_id, version=row.id, number=row.number, is_new=True)


def _keep_version(
    connection: Connection, store: Store, document: Document, origin: Origin, content: int | None, at: datetime
) -> Kept:
    table = schema.versions
    row = _document(connection, store, document, origin, at)
    newest = connection.execute(
        select(table.c.id, table.c.number, table.c.sha256, table.c.content_id).where(
            table.c.document_id == row, table.c.is_current
        )
    ).first()
    if newest is not None and newest.sha256 == document.sha256:
        # Text that had been removed is kept anew, and as long as any other.
        again = {"content_id": content} | ({"kept_at": at} if newest.content_id is None else {})
        connection.execute(update(table).where(table.c.id == newest.id).values(again))
        return Kept(document=row, version=newest.id, number=newest.number, is_new=False)
    number = 1 if newest is None else newest.number + 1
    connection.execute(update(table).where(table.c.document_id == row).values(is_current=False))
    version = _insert(
        connection,
        table,
        document_id=row,
        number=number,
        content_id=content,
        sha256=document.sha256,
        name=document.name,
        is_current=True,
        kept_by=origin.by,
        kept_at=at,
    )
    audit(connection, store, actor=origin.by, action="kept", document=row, at=at)
    return Kept(document=row, version=version, number=number, is_new=True)


def keep_readings(store: Store, version: int, assessments: Iterable[Assessment], *, at: datetime) -> None:
    """Keep a version's coverage, decisions applied, in the place of what was kept of it under the same frameworks."""
    table = schema.readings
    with store.writing() as connection:
        for assessment in assessments:
            connection.execute(
                delete(table).where(table.c.version_id == version, table.c.framework == assessment.framework)
            )
            reading = _insert(
                connection,
                table,
                version_id=version,
                framework=assessment.framework,
                framework_version=assessment.framework_version,
                matcher=assessment.matcher,
                made_at=at,
            )
            rows = [
                {
                    "reading_id": reading,
                    "criterion": item.id,
                    "principle": item.principle,
                    "status": item.status,
                    "stages": "".join(stage[0] for stage in item.stages),
                }
                for item in assessment.criteria
            ]
            connection.execute(insert(schema.coverages), rows)


def find_assessments(store: Store, sha256: str, wanted: Iterable[MadeUnder]) -> dict[str, Assessment]:
    """Return the assessments that were made of the same content under the same conditions, by framework."""
    contents, table = schema.contents, schema.assessments
    found: dict[str, Assessment] = {}
    with store.reading() as connection:
        for key in wanted:
            body = connection.execute(
                select(table.c.body)
                .join(contents)
                .where(contents.c.workspace_id == store.workspace, contents.c.sha256 == sha256, *_is(key))
            ).scalar()
            if body is not None:
                found[key.framework] = _ASSESSMENT.validate_python(body)
    return found


def find_document(store: Store, sha256: str, *, name: str) -> Document | None:
    """Return the document of a content as a file of this name, or None where its text is not kept."""
    table = schema.contents
    with store.reading() as connection:
        plain = connection.execute(
            select(table.c.document).where(table.c.workspace_id == store.workspace, table.c.sha256 == sha256)
        ).scalar()
    return None if plain is None else as_file(load_document(plain), name)


def as_file(document: Document, name: str) -> Document:
    """Return a document under a file's name: what it holds is kept once, under whichever name it came first."""
    # A file that stands for the one document in it lends it no title.
    is_for_another = bool(path_inside(document.name)) and is_container(name)
    is_untitled = document.title == own_name(document.name) and not is_for_another
    return replace(document, name=name, title=own_name(name) if is_untitled else document.title)


def audit(connection: Connection, store: Store, *, actor: str, action: str, document: int | None, at: datetime) -> None:
    """Write down who did what to which document, and never what stands in it."""
    connection.execute(
        insert(schema.audit).values(workspace_id=store.workspace, at=at, actor=actor, action=action, document=document)
    )


def content_row(connection: Connection, store: Store, sha256: str) -> int | None:
    """Return the row of what a file holds, or None where it is not kept."""
    table = schema.contents
    return connection.execute(
        select(table.c.id).where(table.c.workspace_id == store.workspace, table.c.sha256 == sha256)
    ).scalar()


def document_row(connection: Connection, store: Store, document: int) -> Row[Any]:
    """Return a document's row; raise UnknownDocument."""
    table = schema.documents
    found = connection.execute(
        select(table).where(table.c.id == document, table.c.workspace_id == store.workspace)
    ).first()
    if found is None:
        raise UnknownDocument(id=document)
    return found


def _document(connection: Connection, store: Store, document: Document, origin: Origin, at: datetime) -> int:
    """Return the row of the document that a file is a version of."""
    table = schema.documents
    title = origin.title or document.title
    line = origin.line or title_line(title)
    if origin.version_of:
        row = int(document_row(connection, store, origin.version_of).id)
        connection.execute(update(table).where(table.c.id == row).values(title=title, line=line))
        return row
    if origin.version_of is None and line:
        known = connection.execute(
            select(func.max(table.c.id)).where(
                table.c.workspace_id == store.workspace, table.c.team == origin.team, table.c.line == line
            )
        ).scalar()
        if known is not None:
            connection.execute(update(table).where(table.c.id == known).values(title=title))
            return int(known)
    return _insert(
        connection,
        table,
        workspace_id=store.workspace,
        title=title,
        line=line,
        team=origin.team,
        made_at=at,
    )


def _made_under(assessment: Assessment) -> MadeUnder:
    return MadeUnder(
        framework=assessment.framework,
        framework_version=assessment.framework_version,
        matcher=assessment.matcher,
        model=assessment.model,
    )


def _is(key: MadeUnder) -> list[Any]:
    return [schema.assessments.c[name] == value for name, value in asdict(key).items()]


def _insert(connection: Connection, table: Table, **values: Any) -> int:  # noqa: ANN401 (whatever the columns hold)
    """Insert a row and return its id."""
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())

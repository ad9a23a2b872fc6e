"""Finds kept documents: by number, by what they say, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Float, LargeBinary, and_, func, select, type_coerce

from govbot.errors import OneVersion, TextRemoved
from govbot.reading.codec import load_document
from govbot.reading.enclosures import path_inside
from govbot.store import schema
from govbot.store.keeping import as_file, document_row
from govbot.store.overview import inside
from govbot.store.types import DIM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Join

    from govbot.embedding import Vectors
    from govbot.records import Document
    from govbot.store.opening import Store
    from govbot.store.overview import Scope

#: Passages whose vectors are read from SQLite at once.
_AT_ONCE = 20_000
#: Passages in scope up to which PostgreSQL looks at each. With 1% of 100,000 in scope its index finds .61 of the
#: nearest ten in 22 ms, and looking at each finds all in 1 ms; with 10% it is 2 ms and .99 against 16 ms.
_FEW = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptVersion:
    """A version of a document, as it was kept."""

    document: int
    title: str
    team: str
    version: int
    #: From 1.
    number: int
    name: str
    sha256: str
    kept_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptText:
    """A document as it was read, under the version's name, and its passages' vectors, (n, DIM)."""

    document: Document
    vectors: Vectors
    #: The model that made the vectors; empty where there are none.
    model: str


def find_versions(store: Store, document: int) -> tuple[KeptVersion, ...]:
    """Return a document's versions, oldest first; raise UnknownDocument."""
    table = schema.versions
    with store.reading() as connection:
        row = document_row(connection, store, document)
        found = connection.execute(select(table).where(table.c.document_id == document).order_by(table.c.number)).all()
    return tuple(
        KeptVersion(
            document=document,
            title=row.title,
            team=row.team,
            version=one.id,
            number=one.number,
            name=one.name,
            sha256=one.sha256,
            kept_at=one.kept_at,
        )
        for one in found
    )


def last_two(store: Store, document: int) -> tuple[KeptVersion, KeptVersion]:
    """Return a document's last two versions, the older first; raise UnknownDocument or OneVersion."""
    found = find_versions(store, document)
    if len(found) == 1:
        raise OneVersion(title=found[0].title)
    return found[-2], found[-1]


def read_text(store: Store, version: KeptVersion) -> KeptText:
    """Return what a version holds; raise TextRemoved."""
    contents, passages = schema.contents, schema.passages
    with store.reading() as connection:
        content = connection.execute(
            select(contents.c.id, contents.c.document, contents.c.model)
            .join(schema.versions, schema.versions.c.content_id == contents.c.id)
            .where(schema.versions.c.id == version.version)
        ).first()
        if content is None:
            raise TextRemoved(title=version.title)
        vectors = (
            connection.execute(
                select(passages.c.vector).where(passages.c.content_id == content.id).order_by(passages.c.number)
            )
            .scalars()
            .all()
        )
    found = np.stack(vectors) if vectors else np.empty((0, DIM), dtype=np.float32)
    document = as_file(load_document(content.document), version.name)
    if path_inside(version.name):
        # Beside another document of its own title it has one that tells where it lies.
        document = replace(document, title=version.title)
    return KeptText(document=document, vectors=_unit(found), model=content.model)


def find_model(store: Store, sha256: str) -> str | None:
    """Return the model that made the vectors of a content; None where its text is not kept."""
    table = schema.contents
    with store.reading() as connection:
        return connection.execute(
            select(table.c.model).where(table.c.workspace_id == store.workspace, table.c.sha256 == sha256)
        ).scalar()


def find_frameworks(store: Store, version: int) -> tuple[str, ...]:
    """Return the ids of the frameworks that a version was checked under."""
    table = schema.readings
    with store.reading() as connection:
        asked = select(table.c.framework).where(table.c.version_id == version).order_by(table.c.id)
        return tuple(connection.execute(asked).scalars())


def search_documents(
    store: Store, words: Sequence[str], asked: Vectors, scope: Scope, *, model: str, most: int, nearest: int = 100
) -> tuple[int, ...]:
    """Return the documents in scope whose newest version has passages with all the words, then the nearest in meaning.

    `asked` is (DIM,), made by `model`; passages whose vectors another one made are found by words only. `most` bounds
    how many are returned, `nearest` how many passages are looked at for meaning.
    """
    with store.reading() as connection:
        where = [*inside(store, scope), schema.versions.c.is_current]
        with_words = _with_words(connection, words, where, most)
        near = _nearest(connection, asked, [*where, schema.contents.c.model == model], nearest)
    return tuple(dict.fromkeys([*with_words, *near]))[:most]


def _with_words(
    connection: Connection, words: Sequence[str], where: Sequence[ColumnElement[bool]], most: int
) -> list[int]:
    passages = schema.passages
    if not words:
        return []
    if connection.dialect.name == "postgresql":
        has_words: ColumnElement[bool] = func.to_tsvector("english", passages.c.text).op("@@")(
            func.plainto_tsquery("english", " ".join(words))
        )
    else:
        has_words = and_(*(passages.c.text.icontains(word, autoescape=True) for word in words))
    counted = func.count()
    asked = (
        select(schema.versions.c.document_id, counted)
        .select_from(_current())
        .where(has_words, *where)
        .group_by(schema.versions.c.document_id)
        .order_by(counted.desc(), schema.versions.c.document_id)
        .limit(most)
    )
    return [row[0] for row in connection.execute(asked)]


def _nearest(connection: Connection, asked: Vectors, where: Sequence[ColumnElement[bool]], most: int) -> list[int]:
    """Return the documents of the passages nearest in meaning, nearest first."""
    passages, versions = schema.passages, schema.versions
    if connection.dialect.name == "postgresql":
        in_scope = select(passages.c.id).select_from(_current()).where(*where).limit(_FEW + 1).subquery()
        is_narrow = connection.execute(select(func.count()).select_from(in_scope)).scalar_one() <= _FEW
        far = passages.c.vector.op("<#>", return_type=Float())(asked)
        # A sum is no expression of the index, so that all in scope are looked at.
        by = far + 0 if is_narrow else far
        rows = connection.execute(
            select(versions.c.document_id).select_from(_current()).where(*where).order_by(by).limit(most)
        )
        return [row[0] for row in rows]
    owners: list[np.ndarray] = []
    cosines: list[np.ndarray] = []
    # As bytes, since a type that turns each into an array takes five times as long.
    packed = type_coerce(passages.c.vector, LargeBinary)
    rows = connection.execute(select(versions.c.document_id, packed).select_from(_current()).where(*where))
    for some in rows.partitions(_AT_ONCE):
        vectors = np.frombuffer(b"".join([row[1] for row in some]), dtype=np.float16)
        owners.append(np.array([row[0] for row in some]))
        cosines.append(vectors.reshape(len(some), DIM).astype(np.float32) @ asked)
    if not owners:
        return []
    order = np.argsort(-np.concatenate(cosines), kind="stable")[:most]
    return [int(owner) for owner in np.concatenate(owners)[order]]


def _current() -> Join:
    return (
        schema.passages.join(schema.contents)
        .join(schema.versions, schema.versions.c.content_id == schema.contents.c.id)
        .join(schema.documents)
    )


def _unit(vectors: Vectors) -> Vectors:
    """Return the vectors at unit length again, which half precision loses a little of."""
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit

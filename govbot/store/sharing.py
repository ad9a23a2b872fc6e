"""Where files are shared, by which people see them, and what was asked last in a thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update

from govbot.store import schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from govbot.store.opening import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a file was put in Slack; all are Slack's ids."""

    channel: str
    file: str
    #: Time of the message that brought it; empty where there is none.
    thread: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """The newest version of a document that is shared, and where it is."""

    document: int
    title: str
    #: Row of the version.
    version: int
    #: From 1.
    number: int
    place: Place
    shared_at: datetime
    #: False where its text is not kept any more.
    has_text: bool
    #: False where a newer version was kept and is not shared.
    is_newest: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """What was asked last in a thread of a channel, or in a direct message."""

    document: int
    #: As asking understood it; None where nothing was.
    target: dict[str, Any] | None
    #: Hashes of the quotes that were shown of it.
    seen: tuple[str, ...]
    #: None before it is kept.
    changed_at: datetime | None = field(default=None, compare=False)


def keep_share(store: Store, version: int, place: Place, *, at: datetime) -> None:
    """Keep that a version is shared somewhere; once more does nothing."""
    keep_shares(store, [version], place, at=at)


def keep_shares(store: Store, versions: Iterable[int], place: Place, *, at: datetime) -> None:
    """Keep that all that lies in one file is shared somewhere, so that nobody finds a part of it."""
    table = schema.shares
    values = {"channel": place.channel, "file": place.file}
    with store.writing() as connection:
        known = connection.execute(
            select(table.c.version_id).where(*(table.c[name] == value for name, value in values.items()))
        ).scalars()
        values |= {"thread": place.thread, "shared_by": place.by}
        for version in sorted(set(versions) - set(known)):
            connection.execute(insert(table).values(version_id=version, shared_at=at, **values))


def remove_shares(store: Store, *, file: str = "", channel: str = "") -> int:
    """Forget that a file is shared, in one channel or everywhere, or all that is shared in a channel.

    Returns how many shares went. What is shared nowhere is shown to nobody.
    """
    table = schema.shares
    mine = (
        select(table.c.id)
        .select_from(table.join(schema.versions).join(schema.documents))
        .where(schema.documents.c.workspace_id == store.workspace)
    )
    where: list[ColumnElement[bool]] = [table.c.id.in_(mine)]
    if file:
        where.append(table.c.file == file)
    if channel:
        where.append(table.c.channel == channel)
    if len(where) == 1:
        return 0
    with store.writing() as connection:
        return int(connection.execute(delete(table).where(*where)).rowcount)


def find_shared(
    store: Store,
    *,
    document: int | Collection[int] | None = None,
    channel: str = "",
    thread: str = "",
    by: str = "",
) -> tuple[Shared, ...]:
    """Return the newest versions that are shared, latest first: all, or those of a place, a person or of documents.

    In a place where an older version is shared, the document's newest one stands, with that place.
    """
    table, versions, documents = schema.shares, schema.versions, schema.documents
    theirs = versions.alias()
    newest = (
        select(versions.c.document_id, func.max(versions.c.number).label("number"))
        .select_from(table.join(versions))
        .group_by(versions.c.document_id)
        .subquery()
    )
    asked = (
        select(
            table,
            versions.c.id.label("newest_id"),
            versions.c.document_id,
            versions.c.number,
            versions.c.content_id,
            versions.c.is_current,
            documents.c.title,
        )
        .select_from(table)
        .join(theirs, theirs.c.id == table.c.version_id)
        .join(documents, documents.c.id == theirs.c.document_id)
        .join(newest, newest.c.document_id == documents.c.id)
        .join(versions, and_(versions.c.document_id == documents.c.id, versions.c.number == newest.c.number))
        .where(documents.c.workspace_id == store.workspace)
        .order_by(table.c.shared_at.desc(), table.c.id.desc())
    )
    if document is not None:
        asked = asked.where(documents.c.id.in_([document] if isinstance(document, int) else document))
    for column, value in ((table.c.channel, channel), (table.c.thread, thread), (table.c.shared_by, by)):
        if value:
            asked = asked.where(column == value)
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return tuple(
        Shared(
            document=row.document_id,
            title=row.title,
            version=row.newest_id,
            number=row.number,
            place=Place(channel=row.channel, file=row.file, thread=row.thread, by=row.shared_by),
            shared_at=row.shared_at,
            has_text=row.content_id is not None,
            is_newest=row.is_current,
        )
        for row in rows
    )


def shared_files(store: Store) -> tuple[Place, ...]:
    """Return every place in which a file is shared, of older versions too."""
    table = schema.shares
    asked = (
        select(table)
        .select_from(table.join(schema.versions).join(schema.documents))
        .where(schema.documents.c.workspace_id == store.workspace)
        .order_by(table.c.id)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return tuple(Place(channel=row.channel, file=row.file, thread=row.thread, by=row.shared_by) for row in rows)


def shared_numbers(store: Store, document: int) -> frozenset[int]:
    """Return the numbers of a document's versions that are shared."""
    table, versions = schema.shares, schema.versions
    asked = select(versions.c.number).select_from(table.join(versions)).where(versions.c.document_id == document)
    with store.reading() as connection:
        return frozenset(connection.execute(asked).scalars())


def find_talk(store: Store, channel: str, thread: str) -> Talk | None:
    """Return what was talked about last in a thread; None where nothing was."""
    table = schema.conversations
    with store.reading() as connection:
        row = connection.execute(select(table).where(*_in_thread(store, channel, thread))).first()
    if row is None:
        return None
    return Talk(document=row.document_id, target=row.target, seen=tuple(row.seen), changed_at=row.changed_at)


def keep_talk(store: Store, channel: str, thread: str, talk: Talk, *, at: datetime) -> None:
    """Keep what is talked about in a thread, in the place of what was before."""
    table = schema.conversations
    values: dict[str, Any] = {
        "document_id": talk.document,
        "target": talk.target,
        "seen": list(talk.seen),
        "changed_at": at,
    }
    with store.writing() as connection:
        known = connection.execute(update(table).where(*_in_thread(store, channel, thread)).values(values))
        if not known.rowcount:
            values |= {"workspace_id": store.workspace, "channel": channel, "thread": thread}
            connection.execute(insert(table).values(values))


def _in_thread(store: Store, channel: str, thread: str) -> Sequence[ColumnElement[bool]]:
    table = schema.conversations
    return (table.c.workspace_id == store.workspace, table.c.channel == channel, table.c.thread == thread)

"""How channels are set, and the installations of workspaces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, insert, select, update

from govbot.store import schema
from govbot.store.opening import writing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from govbot.store.opening import Store

#: Which drafts of a channel are read: every one, those that mention the bot, or none.
Reads = Literal["all", "mentioned", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSettings:
    """How a channel is set."""

    #: Slack's id.
    channel: str
    reads: Reads = "all"
    #: Framework of the weekly digest; empty where the channel gets none.
    digest: str = ""
    digest_at: datetime | None = None


def find_settings(store: Store, channel: str) -> ChannelSettings:
    """Return how a channel is set; as it comes where nobody set it."""
    table = schema.channels
    with store.reading() as connection:
        row = connection.execute(
            select(table).where(table.c.workspace_id == store.workspace, table.c.key == channel)
        ).first()
    return ChannelSettings(channel=channel) if row is None else _settings(row)


def find_digests(store: Store) -> tuple[ChannelSettings, ...]:
    """Return the channels that get a digest."""
    table = schema.channels
    with store.reading() as connection:
        rows = connection.execute(
            select(table).where(table.c.workspace_id == store.workspace, table.c.digest != "").order_by(table.c.id)
        ).all()
    return tuple(_settings(row) for row in rows)


def keep_settings(store: Store, settings: ChannelSettings, *, by: str, at: datetime) -> None:
    """Keep how a channel is set."""
    table = schema.channels
    values: dict[str, Any] = {
        "reads": settings.reads,
        "digest": settings.digest,
        "digest_at": settings.digest_at,
        "set_by": by,
        "set_at": at,
    }
    mine = (table.c.workspace_id == store.workspace, table.c.key == settings.channel)
    with store.writing() as connection:
        if not connection.execute(update(table).where(*mine).values(values)).rowcount:
            values |= {"workspace_id": store.workspace, "key": settings.channel}
            connection.execute(insert(table).values(values))


def note_digest(store: Store, channel: str, *, at: datetime) -> None:
    """Keep when a channel's digest was sent."""
    table = schema.channels
    with store.writing() as connection:
        mine = (table.c.workspace_id == store.workspace, table.c.key == channel)
        connection.execute(update(table).where(*mine).values(digest_at=at))


def note_members(store: Store, channel: str, *, at: datetime) -> None:
    """Keep that somebody left a channel: what was known of its members is not true any more."""
    table = schema.channels
    mine = (table.c.workspace_id == store.workspace, table.c.key == channel)
    with store.writing() as connection:
        if not connection.execute(update(table).where(*mine).values(members_changed_at=at)).rowcount:
            values = {"reads": "all", "digest": "", "members_changed_at": at, "set_by": "", "set_at": at}
            connection.execute(insert(table).values(workspace_id=store.workspace, key=channel, **values))


def members_changed(store: Store, channel: str) -> datetime | None:
    """Return when somebody left a channel last; None where that was not heard of."""
    table = schema.channels
    with store.reading() as connection:
        return connection.execute(
            select(table.c.members_changed_at).where(table.c.workspace_id == store.workspace, table.c.key == channel)
        ).scalar()


def keep_installation(store: Store, body: bytes, *, at: datetime) -> None:
    """Keep the installation of a workspace, encrypted before, in the place of an earlier one."""
    table = schema.installations
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.workspace_id == store.workspace))
        connection.execute(insert(table).values(workspace_id=store.workspace, body=body, installed_at=at))


def read_installation(store: Store) -> bytes | None:
    """Return the installation of a workspace, encrypted as it was kept; None where there is none."""
    table = schema.installations
    with store.reading() as connection:
        return connection.execute(select(table.c.body).where(table.c.workspace_id == store.workspace)).scalar()


def keep_state(engine: Engine, state: str, *, expires_at: datetime) -> None:
    """Keep what Slack is to bring back at the end of an installation."""
    with writing(engine) as connection:
        connection.execute(insert(schema.oauth_states).values(state=_hash(state), expires_at=expires_at))


def take_state(engine: Engine, state: str, *, at: datetime) -> bool:
    """Return whether Slack brought back what it was given, in time, and let it be brought once only."""
    table = schema.oauth_states
    with writing(engine) as connection:
        found = connection.execute(delete(table).where(table.c.state == _hash(state), table.c.expires_at > at))
        connection.execute(delete(table).where(table.c.expires_at <= at))
        return found.rowcount > 0


def _settings(row: Any) -> ChannelSettings:  # noqa: ANN401 (a row of the table)
    return ChannelSettings(channel=row.key, reads=row.reads, digest=row.digest, digest_at=row.digest_at)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()

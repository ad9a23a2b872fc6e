"""What Alembic runs for every migration: on the connection that it was given, or on the database of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from govbot.config import load_settings
from govbot.store.opening import connect, writing
from govbot.store.schema import METADATA
from govbot.store.upgrading import is_ours

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_object=is_ours,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with writing(connect(load_settings())) as connection:
        _run(connection)

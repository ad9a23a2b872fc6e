"""Column types that are the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from pgvector import HalfVector
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    from govbot.embedding import Vectors

#: Length of a stored vector: that of the packaged model. PostgreSQL wants it in the column's type.
DIM = 384


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: SQLite, which knows no time zones, gives it back with one all the same."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; raise ValueError for one without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time to be kept needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def __repr__(self) -> str:
        return "UtcTime()"


class _HalfVector(HALFVEC):
    """pgvector's type without its own lists of numbers: the driver gives and takes arrays, see opening.py."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Leave values to the driver."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Leave values to the driver."""


class Vector(TypeDecorator["Vectors"]):
    """A (DIM,) vector at half precision: halfvec on PostgreSQL, its bytes on SQLite."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the database calls it."""
        return dialect.type_descriptor(_HalfVector(DIM) if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: Vectors | None, dialect: Dialect) -> object:
        """Return the vector as the database takes it."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return HalfVector(value)
        return np.asarray(value, dtype=np.float16).tobytes()

    def process_result_value(self, value: Any, dialect: Dialect) -> Vectors | None:  # noqa: ANN401 (driver's)
        """Return a float32 vector."""
        if value is None:
            return None
        if isinstance(value, HalfVector):
            return np.asarray(value.to_numpy(), dtype=np.float32)
        return np.frombuffer(value, dtype=np.float16).astype(np.float32)

    def __repr__(self) -> str:
        return "Vector()"


class Packed(TypeDecorator[Any]):
    """Anything that JSON can hold, compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> bytes | None:
        """Return compressed UTF-8 JSON."""
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return zlib.compress(plain.encode("utf-8", "replace"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401 (what JSON holds)
        """Return what was kept."""
        return None if value is None else json.loads(zlib.decompress(value))

    def __repr__(self) -> str:
        return "Packed()"

"""Vectors kept by the content of their text, so that unchanged passages are never encoded again."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from typing import TYPE_CHECKING

import numpy as np

from govbot.embedding.encoder import Encoder, Progress, Vectors, no_progress
from govbot.errors import CacheNotWritable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FILE = "vectors.sqlite3"
_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, key BLOB UNIQUE, vector BLOB NOT NULL)"
#: Most keys that one query asks for; SQLite's own limit is far higher.
_KEYS_A_QUERY = 500
#: The oldest vectors go when the file holds more; about 180 MB at 384 dimensions.
_MOST_VECTORS = 100_000
_PRUNE = "DELETE FROM vectors WHERE number <= (SELECT max(number) FROM vectors) - ?"


class CachedEncoder:
    """An encoder that remembers. The file holds hashes and vectors, no text."""

    def __init__(self, encoder: Encoder, *, folder: Path) -> None:
        """Open or create the cache in `folder`; raise CacheNotWritable."""
        self._encoder = encoder
        self._folder = folder
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Whoever encodes may be in another thread than whoever opened it: one at a time, see _lock.
            self._connection = sqlite3.connect(folder / _FILE, timeout=30, check_same_thread=False)
            (folder / _FILE).chmod(0o600)
            with self._connection:
                self._connection.execute("PRAGMA journal_mode = WAL")
                # What is deleted is overwritten.
                self._connection.execute("PRAGMA secure_delete = ON")
                self._connection.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as exc:
            raise CacheNotWritable(path=str(folder)) from exc

    @property
    def name(self) -> str:
        """Name of the encoder behind the cache."""
        return self._encoder.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    def encode(self, texts: Sequence[str], *, progress: Progress = no_progress) -> Vectors:
        """Return (n, dim) float32 vectors of unit length, encoding only texts never seen before."""
        keys = [self._key(text) for text in texts]
        known = self._known(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        progress(len(keys) - len(fresh))
        if fresh:
            vectors = self._encoder.encode(list(fresh.values()), progress=progress)
            known |= dict(zip(fresh, vectors, strict=True))
            self._keep({key: known[key] for key in fresh})
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def forget(self, texts: Sequence[str]) -> None:
        """Remove the vectors of the texts; raise CacheNotWritable."""
        try:
            with self._lock, self._connection:
                self._connection.executemany("DELETE FROM vectors WHERE key = ?", [(self._key(one),) for one in texts])
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as exc:
            raise CacheNotWritable(path=str(self._folder)) from exc

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text}".encode()).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            try:
                with self._lock:
                    rows = self._connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)
                    found |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
            except sqlite3.Error as exc:
                raise CacheNotWritable(path=str(self._folder)) from exc
        return found

    def _keep(self, vectors: dict[bytes, Vectors]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        try:
            with self._lock, self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", rows)
                self._connection.execute(_PRUNE, (_MOST_VECTORS,))
        except sqlite3.Error as exc:
            raise CacheNotWritable(path=str(self._folder)) from exc

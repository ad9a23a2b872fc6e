"""Locks by name: what is done under one name is done by one thread at a time."""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary


class Locks:
    """A lock for each name; those that nobody holds are forgotten."""

    def __init__(self) -> None:
        """Begin with none."""
        self._own = threading.Lock()
        self._held: WeakValueDictionary[str, _Lock] = WeakValueDictionary()

    def of(self, name: str) -> _Lock:
        """Return a name's lock, for a with statement."""
        with self._own:
            found = self._held.get(name)
            if found is None:
                found = self._held[name] = _Lock()
            return found


class _Lock:
    """A lock that can be referred to weakly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()

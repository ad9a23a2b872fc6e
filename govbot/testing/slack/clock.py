"""A clock that tests move: retries, triggers and limits go by it."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress


class Clock:
    """Seconds since 1970 and what was added to them."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = threading.Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """Return the time."""
        return time.time() + self._ahead

    def move(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._ahead += seconds
            sleepers = list(self._sleepers)
        for loop, moved in sleepers:
            loop.call_soon_threadsafe(moved.set)

    async def until(self, when: float) -> None:
        """Wait until it is that time, by itself or by being moved."""
        moved = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), moved)
        with self._lock:
            self._sleepers.add(sleeper)
        try:
            while (left := when - self.now()) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(moved.wait(), left)
                moved.clear()
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)

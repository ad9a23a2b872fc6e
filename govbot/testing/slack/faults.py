"""Methods that fail when told to, and limits on how often they may be called."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(kw_only=True, slots=True)
class Fault:
    """How a method fails next."""

    method: str
    #: What it refuses with; empty where it fails otherwise.
    error: str = ""
    #: The HTTP status it fails with; 0 cuts the connection.
    status: int | None = None
    #: How often it still does.
    times: int = 1
    #: Seconds that it asks to wait.
    retry_after: int | None = None
    #: True where it does its work first, and only the answer is lost.
    is_done: bool = False

    @property
    def name(self) -> str:
        """What the call is noted to have failed with."""
        return self.error or ("ratelimited" if self.retry_after is not None else f"http {self.status}")


@dataclass(kw_only=True, slots=True)
class _Limit:
    every: float
    burst: int
    #: Channel -> times of the calls that count.
    calls: dict[str, list[float]] = field(default_factory=dict)


class Faults:
    """What is to fail."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._limits: dict[str, _Limit] = {}

    def add(self, fault: Fault) -> None:
        """Let a method fail."""
        self._faults.append(fault)

    def limit(self, method: str, every: float, burst: int) -> None:
        """Let a method be called once in so many seconds for one channel, `burst` times at once; 0 takes that away."""
        if every:
            self._limits[method] = _Limit(every=every, burst=burst)
        else:
            self._limits.pop(method, None)

    def take(self, method: str) -> Fault | None:
        """Return how a call fails; None where it does not."""
        for fault in self._faults:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def wait(self, method: str, channel: str, now: float) -> int:
        """Return the whole seconds that a call must wait; 0 where it may go, and is counted."""
        limit = self._limits.get(method)
        if limit is None:
            return 0
        window = limit.every * limit.burst
        recent = [at for at in limit.calls.get(channel, ()) if now - at < window]
        limit.calls[channel] = recent
        if len(recent) >= limit.burst:
            return max(1, math.ceil(recent[0] + window - now))
        recent.append(now)
        return 0

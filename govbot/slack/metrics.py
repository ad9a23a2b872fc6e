"""What the bot counts, for whoever looks after it: figures alone, no text and no names."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from govbot.errors import StoreError
from govbot.store.counting import count_deliveries, count_faults, count_jobs
from govbot.store.queueing import ENDS, OPEN
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

    from govbot.store import Store

_SHEET = "slack_app"
#: Seconds within which requests are acknowledged; Slack waits for three.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
#: What may stand in a label: one word of the program's own.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")
_OTHER = "other"


class Metrics:
    """Counts since the bot was started, and figures of what is kept."""

    def __init__(self, store: Store) -> None:
        #: The registry that is shown.
        self.registry = CollectorRegistry()
        self._events = self._counter("events", "kind")
        self._written = self._counter("written", "kind")
        self._errors = self._counter("errors", "error")
        self._acknowledged = Histogram(
            "govbot_acknowledgement_seconds",
            say(_SHEET, "metrics.acknowledged"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_Kept(store))

    def received(self, kind: str) -> None:
        """Count a request: "file_shared", "app_mention", "command", "block_actions" and so on."""
        self._events.labels(_word(kind)).inc()

    def written(self, kind: str) -> None:
        """Count a job that was written down, by its kind."""
        self._written.labels(_word(kind)).inc()

    def failed(self, error: BaseException | str) -> None:
        """Count something that went wrong, by the class of its error."""
        self._errors.labels(_word(error if isinstance(error, str) else type(error).__name__)).inc()

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """Take the time of what is done before a request is acknowledged."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._acknowledged.observe(time.perf_counter() - began)

    def page(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)

    def _counter(self, name: str, label: str) -> Counter:
        names = {"written": "govbot_jobs_written"}
        return Counter(
            names.get(name, f"govbot_{name}"), say(_SHEET, f"metrics.{name}"), [label], registry=self.registry
        )


class _Kept:
    """Figures that are read from the database when they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Give the figures; while the database is away, that alone."""
        try:
            steps, faults, deliveries = (
                count_jobs(self._store),
                count_faults(self._store),
                count_deliveries(self._store),
            )
        except (StoreError, SQLAlchemyError):
            yield GaugeMetricFamily("govbot_database_up", say(_SHEET, "metrics.database"), value=0)
            return
        yield GaugeMetricFamily("govbot_database_up", say(_SHEET, "metrics.database"), value=1)
        yield GaugeMetricFamily("govbot_deliveries", say(_SHEET, "metrics.deliveries"), value=deliveries)
        yield _by("govbot_jobs", "jobs", "step", {step: steps.get(step, 0) for step in (*OPEN, *ENDS)})
        yield _by("govbot_failed_jobs", "failed", "error", faults)


def _by(name: str, key: str, label: str, figures: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, say(_SHEET, f"metrics.{key}"), labels=[label])
    for value, figure in figures.items():
        family.add_metric([_word(value)], figure)
    return family


def _word(value: str) -> str:
    return value if _WORD.fullmatch(value) else _OTHER

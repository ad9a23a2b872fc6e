"""Prints how the store does with many drafts, on SQLite and PostgreSQL: `python tests/bench/store.py`.

Drafts are made up; vectors lie in clusters, as those of real passages do. Seconds are of this machine and moment.
`--passages 1000000` takes a quarter of an hour and 3 GB of disk.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from sqlalchemy import insert, text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from govbot.assessing import gather  # noqa: E402
from govbot.config import Settings  # noqa: E402
from govbot.frameworks import load_framework  # noqa: E402
from govbot.records import STATUSES  # noqa: E402
from govbot.store import (  # noqa: E402
    Scope,
    Store,
    connect,
    open_store,
    read_decisions,
    read_standings,
    read_unchecked,
    schema,
    search_documents,
    upgrade,
)
from govbot.store.opening import writing  # noqa: E402
from govbot.store.types import DIM  # noqa: E402
from tests.postgres import LocalPostgres  # noqa: E402

FRAMEWORK = load_framework("cipfa-ifac")
NOW = datetime(2026, 11, 28, tzinfo=UTC)
#: Passages of a made-up draft, and centres that their vectors lie around.
PASSAGES_EACH, CENTRES = 50, 2_000
ASKED = 40


def main() -> None:
    """Print a table a database."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=10_000, help="drafts of two versions each, for the summary")
    options.add_argument("--passages", type=int, default=100_000, help="passages to search in")
    options.add_argument("--on", nargs="*", default=["sqlite", "postgresql"], help="databases")
    given = options.parse_args()
    for kind in given.on:
        with store_of(kind) as store:
            say(f"\n{kind}\n")
            say("| what | seconds |\n| --- | ---: |")
            fill_standings(store, given.drafts)
            taken = [timed(partial(summarise, store)) for _ in range(3)]
            say(f"| summary of {given.drafts:,} drafts, two versions each | {statistics.median(taken):.2f} |")
        with store_of(kind) as store:
            vectors = clustered(given.passages, seed=1)
            taken_in = timed(partial(fill_passages, store, vectors))
            say(f"| {given.passages:,} passages kept ({given.passages / taken_in:,.0f} a second) | {taken_in:.1f} |")
            search(store, vectors)


@contextmanager
def store_of(kind: str) -> Iterator[Store]:
    """Give an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield opened(Settings(data=folder))
            return
        with LocalPostgres("maintenance_work_mem=512MB", "shared_buffers=512MB", "max_wal_size=4GB") as server:
            store = opened(Settings(data=folder, database=server.url(server.create_database())))
            yield store
            store.engine.dispose()


def opened(settings: Settings) -> Store:
    """Return the store, its tables made."""
    engine = connect(settings)
    upgrade(engine, settings.data_folder)
    engine.dispose()
    return open_store(settings)


def fill_standings(store: Store, drafts: int) -> None:
    """Keep drafts of two versions each, without text."""
    rng = np.random.default_rng(0)
    ids = range(1, drafts + 1)
    versions = [(2 * one - 2 + number, one, number) for one in ids for number in (1, 2)]
    with writing(store.engine) as connection:
        connection.execute(
            insert(schema.documents),
            [
                {
                    "id": one,
                    "workspace_id": store.workspace,
                    "title": f"Draft {one}",
                    "line": f"draft {one}",
                    "team": f"team {one % 40}",
                    "made_at": NOW,
                }
                for one in ids
            ],
        )
        connection.execute(
            insert(schema.versions),
            [
                {
                    "id": row,
                    "document_id": one,
                    "number": number,
                    "sha256": "0" * 64,
                    "name": "a.docx",
                    "is_current": number == 2,
                    "kept_by": "",
                    "kept_at": NOW - timedelta(days=row % 700),
                }
                for row, one, number in versions
            ],
        )
        connection.execute(
            insert(schema.readings),
            [
                {
                    "id": row,
                    "version_id": row,
                    "framework": FRAMEWORK.id,
                    "framework_version": FRAMEWORK.version,
                    "matcher": "m1",
                    "made_at": NOW,
                }
                for row, _, _ in versions
            ],
        )
        statuses = np.array(STATUSES)[rng.integers(0, 5, size=(len(versions), len(FRAMEWORK.criterion_ids)))]
        for start in range(0, len(versions), 2_000):
            connection.execute(
                insert(schema.coverages),
                [
                    {
                        "reading_id": row,
                        "criterion": name,
                        "principle": FRAMEWORK.principle_of(name).id,
                        "status": str(statuses[row - 1, column]),
                        "stages": "pd",
                    }
                    for row, _, _ in versions[start : start + 2_000]
                    for column, name in enumerate(FRAMEWORK.criterion_ids)
                ],
            )
    analyse(store)


def summarise(store: Store) -> None:
    """Do what `govbot summary` does before it prints."""
    scope = Scope()
    gather(
        FRAMEWORK,
        read_standings(store, FRAMEWORK.id, scope),
        read_decisions(store, FRAMEWORK.id, scope),
        read_unchecked(store, FRAMEWORK.id, scope),
        matcher="m1",
    )


def clustered(count: int, *, seed: int) -> np.ndarray:
    """Return (count, DIM) unit vectors around common centres."""
    centres = np.random.default_rng(0).normal(size=(CENTRES, DIM)).astype(np.float32)
    rng = np.random.default_rng(seed)
    made = centres[rng.integers(0, CENTRES, count)] + 0.7 * rng.normal(size=(count, DIM)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def fill_passages(store: Store, vectors: np.ndarray) -> None:
    """Keep documents of some passages each: by COPY on PostgreSQL, which takes vectors ten times as fast."""
    documents = (len(vectors) + PASSAGES_EACH - 1) // PASSAGES_EACH
    with writing(store.engine) as connection:
        rows = range(1, documents + 1)
        for table, values in (
            (schema.documents, {"title": "Draft", "line": "draft", "team": "a", "made_at": NOW}),
            (schema.contents, {"document": {}, "model": "m1", "kept_at": NOW}),
        ):
            connection.execute(
                insert(table),
                [
                    {"id": row, "workspace_id": store.workspace, **values}
                    | ({"sha256": f"{row:064x}"} if table is schema.contents else {"team": f"team {row % 100}"})
                    for row in rows
                ],
            )
        connection.execute(
            insert(schema.versions),
            [
                {
                    "id": row,
                    "document_id": row,
                    "number": 1,
                    "content_id": row,
                    "sha256": "0" * 64,
                    "name": "a",
                    "is_current": True,
                    "kept_by": "",
                    "kept_at": NOW,
                }
                for row in rows
            ],
        )
        if store.engine.dialect.name == "postgresql":
            driver = connection.connection.driver_connection
            register_vector(driver)
            copying = "COPY passages (id, content_id, number, text, vector) FROM STDIN (FORMAT BINARY)"
            with driver.cursor().copy(copying) as copy:
                copy.set_types(["int4", "int4", "int4", "text", "halfvec"])
                for row, vector in enumerate(vectors):
                    number = row % PASSAGES_EACH
                    copy.write_row((row + 1, row // PASSAGES_EACH + 1, number, words(row), HalfVector(vector)))
            return
        for start in range(0, len(vectors), 20_000):
            connection.execute(
                insert(schema.passages),
                [
                    {
                        "content_id": row // PASSAGES_EACH + 1,
                        "number": row % PASSAGES_EACH,
                        "text": words(row),
                        "vector": vectors[row],
                    }
                    for row in range(start, min(start + 20_000, len(vectors)))
                ],
            )


def words(row: int) -> str:
    """Return a passage's text: 60 words, one of them rare."""
    return " ".join(f"word{(row * 31 + place * 17) % 5_000}" for place in range(59)) + f" rare{row % 10_000}"


def search(store: Store, vectors: np.ndarray) -> None:
    """Print how quick a search is, and how many of the nearest documents it finds."""
    analyse(store)
    asked = clustered(ASKED, seed=2)
    narrow = Scope(teams=("team 7",))
    for name, scope in (("all drafts", Scope()), ("one team of a hundred", narrow)):
        found: list[float] = []
        shares: list[float] = []
        full = 0
        for one in asked:
            began = time.perf_counter()
            ids = search_documents(store, (), one, scope, model="m1", most=10, nearest=100)
            found.append(time.perf_counter() - began)
            exact = nearest_documents(vectors, one, None if scope is not narrow else 7)
            shares.append(len(set(ids) & set(exact)) / len(exact))
            full += len(ids) == len(exact)
        p50, p95 = statistics.median(found), sorted(found)[int(0.95 * len(found))]
        say(
            f"| search in {name} by meaning, p50; of the nearest ten found {statistics.mean(shares):.3f}, "
            f"full lists {full} of {len(asked)} | {p50:.4f} |"
        )
        say(f"| the same, p95 | {p95:.4f} |")
    taken = [
        timed(partial(search_documents, store, (f"rare{n}",), asked[0], Scope(), model="m1", most=10)) for n in range(5)
    ]
    say(f"| search by a rare word and by meaning, p50 | {statistics.median(taken):.4f} |")


def nearest_documents(vectors: np.ndarray, asked: np.ndarray, team: int | None) -> Sequence[int]:
    """Return the documents of the hundred nearest passages, by looking at each: the first ten of them."""
    owners = np.arange(len(vectors)) // PASSAGES_EACH + 1
    inside = np.flatnonzero(owners % 100 == team) if team is not None else np.arange(len(vectors))
    order = inside[np.argsort(-(vectors[inside] @ asked), kind="stable")[:100]]
    return list(dict.fromkeys(owners[order].tolist()))[:10]


def analyse(store: Store) -> None:
    """Let the database count what it holds, as its own upkeep would."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))


def timed(what: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

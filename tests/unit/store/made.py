"""Documents and assessments to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from govbot.embedding import Vectors
from govbot.passages import split_passages
from govbot.records import Assessment, Block, Coverage, Document, Evidence, Question, Status
from govbot.store import Kept, Origin, Store, keep_content, keep_readings, keep_version
from govbot.store.types import DIM
from tests.unit.store.conftest import NOON

SECRET = "The quince orchard is opened to every neighbour on the first Sunday of the month."


def document(title: str = "Garden Strategy", text: str = SECRET, *, sha256: str = "") -> Document:
    return Document(
        name=f"{title}.docx",
        title=title,
        media_type="text/plain",
        sha256=sha256 or f"{hash((title, text)) & (2**64 - 1):064x}",
        pages=None,
        blocks=tuple(Block(kind="paragraph", text=line, paragraph=n) for n, line in enumerate(text.split("\n"), 1)),
    )


def vectors(count: int, *, seed: int = 0) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def evidence(quote: str = SECRET) -> Evidence:
    return Evidence(
        quote=quote,
        page=None,
        page_is_approximate=False,
        paragraph=1,
        section=("Orchard",),
        score=0.9,
        strength="evidence",
        stance="positive",
        stage="do",
        passage=0,
    )


def assessment(*, matcher: str = "m1", framework: str = "gardens", **statuses: Status) -> Assessment:
    """Return an assessment in which each criterion has a status, P1 and Q evidenced unless it is said otherwise."""
    found: dict[str, Status] = {"P1": "evidenced", "Q": "evidenced", **statuses}
    return Assessment(
        framework=framework,
        framework_version="1.0.0",
        matcher=matcher,
        model="model",
        criteria=tuple(
            Coverage(
                id=name,
                principle=name[0],
                status=status,
                stages=("do",) if status == "evidenced" else (),
                evidence=(evidence(),) if status == "evidenced" else (),
            )
            for name, status in found.items()
        ),
        questions=(Question(criterion="P1", stage="check", text=f"Who counts “{SECRET}”?", why="Nobody does."),),
    )


def keep(
    store: Store,
    kept: Document | None = None,
    found: Assessment | None = None,
    origin: Origin | None = None,
    *,
    at: datetime = NOON,
    job: str | None = None,
) -> Kept:
    """Keep a document, its assessment and how it stands."""
    one, judged = kept or document(), found or assessment()
    passages = split_passages(one)
    keep_content(store, one, passages, vectors(len(passages)), [judged], model="model", at=at)
    place = keep_version(store, one, origin or Origin(), at=at, job=job)
    keep_readings(store, place.version, [judged], at=at)
    return place


def renamed(one: Document, name: str) -> Document:
    return replace(one, name=name)

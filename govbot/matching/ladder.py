"""Sentences about engagement -> the rung of the ladder of participation that each shows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from govbot.lines import read_lines
from govbot.records import RUNGS, Rung
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Encoder
    from govbot.matching.heads import Array

SENTENCES_FILE = "principles/ladder.jsonl"
#: Inverse regularisation; between 3 and 30 it makes no difference. What another writer wrote is judged right for .85,
#: and within one rung for .96; patterns of words found .25 of it.
_C = 10.0
#: Of drafts put together from some five sentences of a writer who was held out and four passages on other things, the
#: highest rung is then right for .81 and too high for .10; without the passages that engage nobody, and with each
#: sentence's likeliest rung, it was right for .37 and too high for .62.
SURE = 0.8


class Sentence(BaseModel):
    """A sentence about engagement, and the highest rung that it shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    rung: Rung
    #: Who wrote it: one batch never straddles what teaches and what measures.
    batch: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """A linear judge of the rung."""

    #: (6, dim + 1), no rung first and then in the order of RUNGS, the bias last.
    weights: Array


def load_sentences() -> tuple[Sentence, ...]:
    """Return the shipped sentences; raise InvalidLines."""
    return read_lines(resource(SENTENCES_FILE), Sentence)


def ladder_fingerprint() -> str:
    """Return the SHA-256 of the sentences."""
    return hashlib.sha256(resource(SENTENCES_FILE).read_bytes()).hexdigest()


def train_ladder(sentences: Sequence[Sentence], aside: Sequence[str], encoder: Encoder) -> Ladder:
    """Return a judge taught the sentences, and texts that engage nobody; every rung must be among the sentences."""
    from sklearn.linear_model import LogisticRegression

    vectors = encoder.encode([*(sentence.text for sentence in sentences), *aside])
    rungs = [*(1 + RUNGS.index(sentence.rung) for sentence in sentences), *(0 for _ in aside)]
    # Balanced, because how many of each were written says nothing of drafts.
    fitted = LogisticRegression(C=_C, max_iter=3000, class_weight="balanced").fit(vectors, rungs)
    return Ladder(weights=np.c_[fitted.coef_, fitted.intercept_].astype(np.float32))


def judge_rungs(ladder: Ladder, vectors: Array, *, sure: float = SURE) -> tuple[Rung | None, ...]:
    """Return the highest rung that each of (n, dim) vectors reaches with a probability of `sure`; None for no rung.

    The highest of many quotes decides a draft, so that one quote that is placed too high is enough to place it too
    high: see SURE.
    """
    logits = vectors @ ladder.weights[:, :-1].T + ladder.weights[:, -1]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    reached = np.cumsum(shares[:, :0:-1], axis=1) >= sure
    highest = np.where(reached.any(axis=1), len(RUNGS) - 1 - reached.argmax(axis=1), -1)
    return tuple(RUNGS[number] if number >= 0 else None for number in highest)

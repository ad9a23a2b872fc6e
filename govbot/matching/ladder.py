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
#: Of drafts put together from some ten sentences of a writer who was held out, the highest rung is then right for .88
#: and too high for .06; with each sentence's likeliest rung it was right for .75 and too high for .24.
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

    #: (5, dim + 1), in the order of RUNGS, the bias last.
    weights: Array


def load_sentences() -> tuple[Sentence, ...]:
    """Return the shipped sentences; raise InvalidLines."""
    return read_lines(resource(SENTENCES_FILE), Sentence)


def ladder_fingerprint() -> str:
    """Return the SHA-256 of the sentences."""
    return hashlib.sha256(resource(SENTENCES_FILE).read_bytes()).hexdigest()


def train_ladder(sentences: Sequence[Sentence], encoder: Encoder) -> Ladder:
    """Return a judge taught the sentences; every rung must be among them."""
    from sklearn.linear_model import LogisticRegression

    vectors = encoder.encode([sentence.text for sentence in sentences])
    rungs = [RUNGS.index(sentence.rung) for sentence in sentences]
    # Balanced, because how many of each were written says nothing of drafts.
    fitted = LogisticRegression(C=_C, max_iter=2000, class_weight="balanced").fit(vectors, rungs)
    return Ladder(weights=np.c_[fitted.coef_, fitted.intercept_].astype(np.float32))


def judge_rungs(ladder: Ladder, vectors: Array, *, sure: float = SURE) -> tuple[Rung, ...]:
    """Return the highest rung that each of (n, dim) vectors reaches with a probability of `sure`.

    The highest of many quotes decides a draft, so that one quote that is placed too high is enough to place it too
    high: see SURE.
    """
    logits = vectors @ ladder.weights[:, :-1].T + ladder.weights[:, -1]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    # The lowest rung is always reached.
    reached = np.cumsum(shares[:, :0:-1], axis=1)[:, ::-1] >= sure
    highest = np.where(reached.any(axis=1), reached.shape[1] - reached[:, ::-1].argmax(axis=1), 0)
    return tuple(RUNGS[number] for number in highest)

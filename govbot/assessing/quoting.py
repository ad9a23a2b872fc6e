"""Which sentences of a passage to quote for a criterion: those that by themselves bear on it most, verbatim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.passages import verbatim, word_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.embedding import Vectors
    from govbot.matching import Matcher
    from govbot.records import Matches, Part, Passage, Stage, Stance, Strength

#: Words of a quote: long enough to be understood alone, short enough to be read at a glance.
LEAST_WORDS = 12
MOST_WORDS = 60
#: Passages of a criterion whose sentences are weighed, best first, and which decide its status. Further ones keep the
#: passage's own score and are quoted by their main paragraph: of thirty weak matches in a long document one always
#: sounds like evidence.
WEIGHED = 8
#: What each word over LEAST_WORDS costs, in logits of the score: of two like quotes the shorter is the better.
_WORD_COST = 0.01

_TINY = 1e-6

#: A passage's index and a criterion's column.
Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What to quote of a passage for one criterion, and how those words speak."""

    parts: tuple[Part, ...]
    #: Calibrated probability of these words by themselves.
    score: float
    strength: Strength
    stance: Stance
    stage: Stage


def pairs_to_weigh(matches: Matches) -> list[Pair]:
    """Return the WEIGHED best passages of each criterion."""
    best = np.argsort(-matches.scores, axis=0, kind="stable")[:WEIGHED]
    return [(row, column) for column in range(best.shape[1]) for row in best[:, column].tolist()]


def weigh(matches: Matches, quotes: Mapping[Pair, Quote]) -> Matches:
    """Return the matches with each quoted pair scored by its passage and its quote together.

    A passage of several subjects hides the one sentence that matters, and a sentence alone lacks what it is about;
    the mean of both logits finds 15 of 16 covered criteria of our own draft where the passage alone finds 11, with no
    false one, at 14% instead of 11% false alarms on the development passages.
    """
    scores = matches.scores.copy()
    for (row, column), quote in quotes.items():
        mean = (_logit(scores[row, column]) + _logit(quote.score)) / 2
        scores[row, column] = 1 / (1 + np.exp(-mean))
    return replace(matches, scores=scores, accepted=scores >= matches.thresholds)


def choose_quotes(
    pairs: Sequence[Pair], passages: Sequence[Passage], matcher: Matcher, part_vectors: Mapping[str, Vectors]
) -> dict[Pair, Quote]:
    """Return a quote for each pair; `part_vectors` holds the unit vector of each part's text."""
    runs: dict[int, list[tuple[Part, ...]]] = {row: _runs(passages[row]) for row in sorted({row for row, _ in pairs})}
    if not runs:
        return {}
    flat = [(row, run) for row, found in runs.items() for run in found]
    texts = [verbatim(run) for _, run in flat]
    vectors = np.stack([_run_vector(run, part_vectors) for _, run in flat])
    matches = matcher.match(texts, vectors)
    costs = np.array([_WORD_COST * max(word_count(text) - LEAST_WORDS, 0) for text in texts])
    worth = _logit(matches.scores) - costs[:, None]
    rows_of = {row: [number for number, (owner, _) in enumerate(flat) if owner == row] for row in runs}
    quotes: dict[Pair, Quote] = {}
    for row, column in pairs:
        best = max(rows_of[row], key=lambda number: worth[number, column])
        quotes[row, column] = Quote(
            parts=flat[best][1],
            score=float(matches.scores[best, column]),
            strength=matches.strengths[best],
            stance=matches.stances[best],
            stage=matches.stages[best],
        )
    return quotes


def main_paragraph(passage: Passage) -> tuple[Part, ...]:
    """Return the parts of the passage's longest block."""
    blocks = [tuple(run) for _, run in groupby(passage.parts, key=lambda part: part.block)]
    return max(blocks, key=lambda run: word_count(verbatim(run)))


def _runs(passage: Passage) -> list[tuple[Part, ...]]:
    """Return every run of consecutive parts that may be quoted: within one block, unless its pieces are too short."""
    parts = passage.parts
    runs = [
        parts[start:end]
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
        if end == start + 1 or word_count(verbatim(parts[start:end])) <= MOST_WORDS
    ]
    sound = [run for run in runs if word_count(verbatim(run)) >= LEAST_WORDS]
    alone = [run for run in sound if run[0].block == run[-1].block]
    return alone or sound or [parts]


def _run_vector(run: Sequence[Part], part_vectors: Mapping[str, Vectors]) -> Vectors:
    total = np.sum([word_count(part.text) * part_vectors[part.text] for part in run], axis=0)
    return np.asarray(total / max(np.linalg.norm(total), 1e-9), dtype=np.float32)


def _logit(probability: Any) -> Any:  # noqa: ANN401 (a number or an array)
    return np.log((probability + _TINY) / (1 - probability + _TINY))

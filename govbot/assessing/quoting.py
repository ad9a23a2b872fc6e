"""Which sentences of a passage to quote for a criterion: those that by themselves bear on it most, verbatim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.assessing.stating import is_stated, statements
from govbot.passages import verbatim, word_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govbot.embedding import Vectors
    from govbot.records import Matches, Part, Passage, Stage, Stance, Strength

#: Words of a quote: long enough to be understood alone, short enough to be read at a glance. Of 33 quotes of 12 words
#: from 12 real drafts a reader called 25 wrong. Right statuses of 19 drafts, and of 6 others, from 12, 15, 18 and 25
#: words on: .812, .822, .827, .830 and .802, .802, .810, .802.
LEAST_WORDS = 15
MOST_WORDS = 60
#: Passages of a criterion whose sentences are weighed, best first, and which decide its status. Further ones keep the
#: passage's own score and are quoted by their main paragraph: of thirty weak matches in a long document one always
#: sounds like evidence.
WEIGHED = 8
#: Share of its threshold under which a passage is not weighed: no sentence would lift it over.
_HOPE = 0.01
#: What the quote's own score counts, against its whole passage's.
_QUOTE_SHARE = 0.5
#: Score below which nothing counts in a document, whatever the threshold: of a hundred passages one always comes near.
#: Of the 120 first quotes under narrow frameworks in 12 real drafts that scored less, a reader called 21 right, 38 near
#: and 61 wrong.
_LEAST_SCORE = 0.4
#: How far, in logits, a passage that is about something else speaks against its quote: one sure sentence inside such a
#: passage must not be lost. F1 of the gaps of 19 drafts, and of 6 others written later: .856 and .728 here; .853 and
#: .726 at -3; .843 and .736 with no floor; .838 and .740 at -2. With a share of .65 and -5, as before: .835 and .726.
_LEAST_LOGIT = -2.5
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Runs:
    """Everything that may be quoted of some passages: n runs of consecutive parts."""

    #: Index of each run's passage.
    rows: tuple[int, ...]
    parts: tuple[tuple[Part, ...], ...]
    #: Each run as it stands in the document.
    texts: tuple[str, ...]
    #: (n, dim) unit vectors, the weighted means of the parts' vectors.
    vectors: Vectors


def rows_to_weigh(matches: Matches, passages: Sequence[Passage]) -> list[int]:
    """Return the passages whose sentences are weighed: the best of each criterion that may be evidence, in order."""
    rows = np.array(evident_rows(passages), dtype=int)
    best = rows[np.argsort(-matches.scores[rows], axis=0, kind="stable")[:WEIGHED]]
    found = {
        row
        for column in range(best.shape[1])
        for place, row in enumerate(best[:, column].tolist())
        if place == 0 or matches.scores[row, column] >= _HOPE * matches.thresholds[column]
    }
    return sorted(found)


def evident_rows(passages: Sequence[Passage]) -> list[int]:
    """Return the passages that may be evidence: none that mostly states nothing, and none that stands there before."""
    seen: set[str] = set()
    rows: list[int] = []
    for passage in passages:
        if passage.text not in seen and is_stated(passage):
            rows.append(passage.index)
        seen.add(passage.text)
    return rows


def decisive(matches: Matches, quotes: Mapping[Pair, Quote]) -> dict[Pair, Quote]:
    """Return the quotes of the WEIGHED best passages of each criterion; `matches` are weighed."""
    found: dict[Pair, Quote] = {}
    for column in sorted({column for _, column in quotes}):
        rows = sorted((row for row, of in quotes if of == column), key=lambda row: -matches.scores[row, column])
        found |= {(row, column): quotes[row, column] for row in rows[:WEIGHED]}
    return found


def weigh(matches: Matches, quotes: Mapping[Pair, Quote]) -> Matches:
    """Return the matches with each quoted pair scored by its passage and its quote together.

    A passage of several subjects hides the one sentence that matters, and a sentence alone lacks what it is about.
    """
    scores = matches.scores.copy()
    for (row, column), quote in quotes.items():
        whole = max(_logit(scores[row, column]), _LEAST_LOGIT)
        mean = (1 - _QUOTE_SHARE) * whole + _QUOTE_SHARE * _logit(quote.score)
        scores[row, column] = 1 / (1 + np.exp(-mean))
    thresholds = np.maximum(matches.thresholds, np.float32(_LEAST_SCORE))
    return replace(matches, scores=scores, thresholds=thresholds, accepted=scores >= thresholds)


def gather_runs(rows: Iterable[int], passages: Sequence[Passage], part_vectors: Mapping[str, Vectors]) -> Runs:
    """Return what may be quoted of the passages at `rows`; `part_vectors` holds the unit vector of each part's text."""
    flat = [(row, run) for row in rows for run in _runs(passages[row])]
    dim = len(next(iter(part_vectors.values()), ()))
    vectors = [_run_vector(run, part_vectors) for _, run in flat]
    return Runs(
        rows=tuple(row for row, _ in flat),
        parts=tuple(run for _, run in flat),
        texts=tuple(verbatim(run) for _, run in flat),
        vectors=np.stack(vectors) if vectors else np.empty((0, dim), dtype=np.float32),
    )


def choose_quotes(runs: Runs, matches: Matches) -> dict[Pair, Quote]:
    """Return the best quote of each passage for each criterion.

    `matches` says how each of the runs by itself bears on each criterion.
    """
    costs = np.array([_WORD_COST * max(word_count(text) - LEAST_WORDS, 0) for text in runs.texts])
    worth = _logit(matches.scores) - costs[:, None]
    numbers: dict[int, list[int]] = {}
    for number, row in enumerate(runs.rows):
        numbers.setdefault(row, []).append(number)
    quotes: dict[Pair, Quote] = {}
    for row, own in numbers.items():
        for column, place in enumerate(worth[own].argmax(axis=0).tolist()):
            best = own[place]
            quotes[row, column] = Quote(
                parts=runs.parts[best],
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
    stated = statements(passage)
    runs = [
        parts[start:end]
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
        if all(stated[start:end]) and (end == start + 1 or word_count(verbatim(parts[start:end])) <= MOST_WORDS)
    ]
    # What only announces a list says nothing by itself.
    runs = [run for run in runs if not run[-1].text.endswith(":")] or runs
    sound = [run for run in runs if word_count(verbatim(run)) >= LEAST_WORDS]
    alone = [run for run in sound if run[0].block == run[-1].block]
    return alone or sound or [max(runs, key=lambda run: word_count(verbatim(run)), default=parts)]


def _run_vector(run: Sequence[Part], part_vectors: Mapping[str, Vectors]) -> Vectors:
    total = np.sum([word_count(part.text) * part_vectors[part.text] for part in run], axis=0)
    return np.asarray(total / max(np.linalg.norm(total), 1e-9), dtype=np.float32)


def _logit(probability: Any) -> Any:  # noqa: ANN401 (a number or an array)
    return np.log((probability + _TINY) / (1 - probability + _TINY))

"""Vectors -> matches: the arithmetic of a trained matcher, no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govbot.matching.cues import count_cues
from govbot.matching.grams import score_grams
from govbot.matching.wording import share_words
from govbot.records import STAGES, STANCES, STRENGTHS, Matches, Reliability, Stage, Stance, Strength

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float32]

#: What one cue weighs beside a vector of unit length. Measured by cross-validation: 5 is no better, 1 is worse.
CUE_WEIGHT = 2.0
#: Nearest texts of a criterion that are asked; 3 and 8 are no better.
NEIGHBOURS = 5
#: How much they count beside the linear judge. Held out they are right about the criterion for 89.7% alone, the linear
#: judge for 88.7%; few examples or a model that was not taught need the linear one more.
NEAR_WEIGHT = 2.0
#: How sharply the best criterion of a principle outweighs its others in what the principle scores: the greater, the
#: nearer to the best alone. Chosen among .2 to 8 on held-out passages.
PRINCIPLE_SHARPNESS = 0.5
#: Nearest texts of anything, and of nothing, whose difference tells what bears on governance at all.
GATE_NEIGHBOURS = 10
#: How that difference, nearness to a criterion's title, a linear judge and words in common with a criterion are mixed.
#: On held-out examples and on real passages the area under the curve is .984 and .959 without the words, .986 and .965
#: with them.
GATE_WEIGHTS = (2.0, 1.0, 1.0, 0.75)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """What training learnt about one framework."""

    #: (k, dim) and (k,): which criterion, given that it is one; a judge that is linear in the vector.
    rank: Array
    rank_bias: Array
    #: (m, dim) and (m,): every text taught, and its criterion's column, k for nothing; a judge by nearness.
    memory: Array
    memory_criteria: NDArray[np.int64]
    #: What the mean nearness is divided by, so that both judges speak equally loud.
    nearness_scale: float
    #: Mean cosine to a criterion's NEIGHBOURS nearest texts below which words by themselves are not quoted for it.
    least_nearness: float
    #: (k, dim) vectors of the criteria's titles.
    titles: Array
    #: (k,): number of the principle that each criterion stands under.
    principles: NDArray[np.int64]
    #: What a principle counts in ranking its criteria, where a criterion's own score counts 1.
    principle_weight: float
    #: (v,) and (v, k): words, and what each weighs that a text has in common with a criterion; see wording.py.
    words: NDArray[np.str_]
    word_weights: Array
    #: What is taken of those weights within a passage: a judge by words.
    word_scale: float
    #: (dim + 1,): what bears on governance at all; a judge that is linear in the vector, the bias last.
    gate: Array
    #: (8,): mean and deviation of each part of the gate over the examples, in the order of GATE_WEIGHTS.
    gate_scale: Array
    #: (2,): slope and bias that turn the mixed gate into a probability.
    gate_calibration: Array
    #: (3,): slope of the rank score, slope of its distance from the best, bias.
    rank_calibration: Array
    #: (k,) probabilities from which a match counts.
    thresholds: Array
    #: (k,) share of what is accepted that is right, and of what is there that is accepted, on held-out examples.
    precision: Array
    recall: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How a passage speaks, whatever it speaks of: linear in its vector, its cues (the bias last) and its words."""

    #: (3, dim + cues + 1), in the order of STRENGTHS.
    strength: Array
    #: (2, dim + cues + 1), in the order of STANCES.
    stance: Array
    #: (4, dim + cues + 1), in the order of STAGES.
    stage: Array
    #: (BUCKETS, 9): what words and pairs of words weigh for each of these nine, in that order.
    grams: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """Strength, stance and stage of n texts."""

    strengths: tuple[Strength, ...]
    stances: tuple[Stance, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matcher:
    """A framework's trained heads, and what they were trained for."""

    framework: str
    #: Kept with every assessment: method and the start of what it was taught.
    version: str
    #: Name of the model whose vectors it reads.
    model: str
    criteria: tuple[str, ...]
    heads: Heads
    manner: Manner

    def match(self, texts: Sequence[str], vectors: Array) -> Matches:
        """Return how each text bears on each criterion; `vectors` is (len(texts), dim) of unit length."""
        return self.match_judged(texts, vectors, judge(self.manner, texts, vectors))

    def match_quotes(self, texts: Sequence[str], vectors: Array, judged: Judged) -> Matches:
        """Return the same for what may be quoted: of a criterion none of whose examples it is like, nothing.

        Whole passages hold more than what is quoted, and are not held to that.
        """
        matches = self.match_judged(texts, vectors, judged)
        near = nearest_means(vectors, self.heads.memory, self.heads.memory_criteria, len(self.criteria))
        scores = np.where(near < self.heads.least_nearness, np.float32(0), matches.scores)
        return replace(matches, scores=scores, accepted=scores >= matches.thresholds)

    def reliability(self, criterion: str) -> Reliability | None:
        """Return how often the criterion was right on held-out examples, None where it has none."""
        column = self.criteria.index(criterion)
        if np.isnan(self.heads.recall[column]):
            return None
        return Reliability(precision=float(self.heads.precision[column]), recall=float(self.heads.recall[column]))

    def match_judged(self, texts: Sequence[str], vectors: Array, judged: Judged) -> Matches:
        """Return the same for texts whose manner is judged: it does not depend on the framework."""
        scores = score(self.heads, texts, vectors)
        return Matches(
            criteria=self.criteria,
            scores=scores,
            thresholds=self.heads.thresholds,
            accepted=scores >= self.heads.thresholds,
            strengths=judged.strengths,
            stances=judged.stances,
            stages=judged.stages,
        )


def score(heads: Heads, texts: Sequence[str], vectors: Array) -> Array:
    """Return (n, k) calibrated probabilities."""
    shared = share_words(texts, heads.words, heads.word_weights)
    return calibrate(heads, gate_score(heads, vectors, shared), rank_score(heads, vectors, shared))


def calibrate(heads: Heads, gate: Array, ranks: Array) -> Array:
    """Return (n, k) probabilities: bears on governance at all × then on this criterion."""
    slope, bias = heads.gate_calibration
    by_score, by_distance, shift = heads.rank_calibration
    criterion = by_score * ranks + by_distance * (ranks - ranks.max(axis=1, keepdims=True)) + shift
    return np.asarray(_sigmoid(slope * gate + bias)[:, None] * _sigmoid(criterion), dtype=np.float32)


def gate_score(heads: Heads, vectors: Array, shared: Array) -> Array:
    """Return (n,) how strongly each text bears on governance at all; 0 is the examples' mean.

    `shared` is (n, k): what each text has in common with each criterion's words.
    """
    means, deviations = heads.gate_scale[::2], heads.gate_scale[1::2]
    parts = gate_parts(vectors, shared, heads.memory, heads.memory_criteria, heads.titles, heads.gate)
    return np.asarray((parts - means) / deviations @ np.array(GATE_WEIGHTS), dtype=np.float32)


def gate_parts(
    vectors: Array, shared: Array, memory: Array, criteria: NDArray[np.int64], titles: Array, linear: Array
) -> Array:
    """Return (n, 4): how much nearer something is than nothing, the nearest title's cosine, the linear judge, words."""
    cosines = vectors @ memory.T
    nothing = criteria == len(titles)
    difference = _mean_of_nearest(cosines[:, ~nothing], GATE_NEIGHBOURS)
    if nothing.any():
        difference = difference - _mean_of_nearest(cosines[:, nothing], GATE_NEIGHBOURS)
    title, by_line = (vectors @ titles.T).max(axis=1), vectors @ linear[:-1] + linear[-1]
    return np.stack([difference, title, by_line, shared.max(axis=1)], axis=1)


def rank_score(heads: Heads, vectors: Array, shared: Array) -> Array:
    """Return (n, k) scores that compare criteria within a passage; each row's mean is 0."""
    linear = vectors @ heads.rank.T + heads.rank_bias
    near = nearness(vectors, heads.memory, heads.memory_criteria, len(heads.titles)) / heads.nearness_scale
    ranks = linear + NEAR_WEIGHT * near + heads.word_scale * shared
    weight = heads.principle_weight
    ranks = (ranks + weight * principle_score(ranks, heads.principles)) / (1 + weight)
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True), dtype=np.float32)


def principle_score(ranks: Array, principles: NDArray[np.int64]) -> Array:
    """Return (n, k) how strongly each text bears on each criterion's principle: a soft maximum over its criteria.

    It is the logarithm of a sum and not of a mean, so that of two principles with like criteria the one with more of
    them scores higher. A criterion alone under its principle keeps its own score.
    """
    found = np.empty_like(ranks, dtype=np.float32)
    for number in np.unique(principles):
        own = principles == number
        together = np.logaddexp.reduce(PRINCIPLE_SHARPNESS * ranks[:, own], axis=1)
        found[:, own] = together[:, None] / PRINCIPLE_SHARPNESS
    return found


def nearness(vectors: Array, memory: Array, criteria: NDArray[np.int64], count: int) -> Array:
    """Return (n, count) mean cosine to the NEIGHBOURS nearest texts of each criterion, each row's mean taken off."""
    found = nearest_means(vectors, memory, criteria, count)
    centred: Array = found - found.mean(axis=1, keepdims=True)
    return centred


def nearest_means(vectors: Array, memory: Array, criteria: NDArray[np.int64], count: int) -> Array:
    """Return (n, count) mean cosine to the NEIGHBOURS nearest texts of each criterion."""
    cosines = vectors @ memory.T
    found = np.empty((len(vectors), count), dtype=np.float32)
    for column in range(count):
        found[:, column] = _mean_of_nearest(cosines[:, criteria == column], NEIGHBOURS)
    return found


def _mean_of_nearest(cosines: Array, most: int) -> Array:
    count = min(most, cosines.shape[1])
    found: Array = np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
    return found


def judge(manner: Manner, texts: Sequence[str], vectors: Array) -> Judged:
    """Return each text's strength, stance and stage."""
    features, said = manner_features(texts, vectors), score_grams(texts, manner.grams)
    after = (len(STRENGTHS), len(STRENGTHS) + len(STANCES))
    of_strength, of_stance, of_stage = np.split(said, after, axis=1)
    stances = tuple(STANCES[number] for number in _best(manner.stance, features, of_stance))
    strengths = (STRENGTHS[number] for number in _best(manner.strength, features, of_strength))
    return Judged(
        # What a draft says is missing can be no more than mentioned.
        strengths=tuple(
            "mention" if s == "absent" else strength for s, strength in zip(stances, strengths, strict=True)
        ),
        stances=stances,
        stages=tuple(STAGES[number] for number in _best(manner.stage, features, of_stage)),
    )


def manner_features(texts: Sequence[str], vectors: Array) -> Array:
    """Return (n, dim + cues) features: the vectors, then the weighted cues."""
    features: Array = np.concatenate([vectors, CUE_WEIGHT * count_cues(texts)], axis=1)
    return features


def _best(weights: Array, features: Array, said: Array) -> list[int]:
    if not len(features):
        return []
    found: list[int] = (features @ weights[:, :-1].T + weights[:, -1] + said).argmax(axis=1).tolist()
    return found


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), dtype=np.float32)

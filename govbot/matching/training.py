"""Examples and phrases -> heads, with everything measured on examples that were held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.matching.heads import Array, Heads, Manner, calibrate, gate_score, manner_features, nearness, rank_score
from govbot.records import STAGES, STRENGTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Encoder
    from govbot.frameworks import Criterion, Example, Framework

FOLDS = 5
#: Examples nearer than this are held out together: one would give the other away.
_SAME = 0.9
#: Inverse regularisation of the logistic regressions, and shrinkage of the discriminant; best of a coarse grid.
_C = 3.0
_C_RANK = 0.3
_SHRINKAGE = 0.8
#: Probability from which a passage counts as saying that something is missing. Held out: recall .54, precision .83.
#: A seventh of the examples say so, hardly any passage of a real document does: at .35 (recall .72) 19 of 881 quotes of
#: the real documents were called missing, and next to none was.
_ABSENT_FROM = 0.6
_C_STANCE = 10.0
#: Real documents speak of everything in more official words than the examples do: their passages of nothing score
#: about this much higher at the gate, and the two kinds lie closer. Measured on the development passages, where it
#: brings false alarms from 30% to 12% while 90% of the real matches stay.
_GATE_SHIFT = 1.15
_GATE_STEEPNESS = 2.0
#: Share of a real draft's passages that are evidence of nothing; the examples hold fewer, so they count more.
_NOTHING_SHARE = 0.6
#: A criterion's own threshold counts as much as the common one when it rests on this many examples.
_PRIOR_EXAMPLES = 40
_SEED = 20141
#: Logit of what is certain.
_SURE = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """What is taught, as vectors. Rows are examples, phrases or label texts."""

    #: (n, dim), the n examples that are measured.
    vectors: Array
    #: (n, k) which criteria truly apply; a row without any is evidence of nothing.
    labels: Any
    #: (n,) True for a row of nothing that sounds like governance.
    hard: Any
    #: (m, dim) phrases and label texts, always taught and never measured.
    anchors: Array
    #: (m,) criterion of each anchor.
    anchor_criteria: Any
    #: (k, dim)
    titles: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """Heads, and the probabilities that they gave to examples while these were held out."""

    heads: Heads
    #: (n, k) probabilities.
    held_out: Array


def gather_lessons(framework: Framework, examples: Sequence[Example], encoder: Encoder) -> Lessons:
    """Return everything that teaches a framework's heads, encoded.

    A criterion without examples has its phrases measured in their place.
    """
    columns = {name: number for number, name in enumerate(framework.criterion_ids)}
    taught = [(example.text, example.criteria, example.hard) for example in examples]
    exemplified = {name for _, criteria, _ in taught for name in criteria}
    taught += [
        (phrase, (criterion.id,), False)
        for criterion in framework.criteria
        if criterion.id not in exemplified
        for phrase in criterion.phrases
    ]
    labels = np.zeros((len(taught), len(columns)), dtype=bool)
    for row, (_, criteria, _) in enumerate(taught):
        labels[row, [columns[name] for name in criteria]] = True
    anchors = [
        anchor
        for criterion in framework.criteria
        for anchor in _anchors(criterion, with_phrases=criterion.id in exemplified)
    ]
    return Lessons(
        vectors=encoder.encode([text for text, _, _ in taught]),
        labels=labels,
        hard=np.array([hard for _, _, hard in taught]),
        anchors=encoder.encode([text for _, text in anchors]),
        anchor_criteria=np.array([columns[name] for name, _ in anchors]),
        titles=encoder.encode([criterion.title for criterion in framework.criteria]),
    )


def train_heads(lessons: Lessons) -> Trained:
    """Return heads taught by everything, calibrated and given thresholds on held-out examples."""
    held_gate, held_rank = _held_out_scores(lessons)
    final = _fit(lessons, np.arange(len(lessons.vectors)))
    gate_calibration, rank_calibration = _calibrate(held_gate, held_rank, lessons)
    calibrated = replace(final, gate_calibration=gate_calibration, rank_calibration=rank_calibration)
    held_out = calibrate(calibrated, held_gate, held_rank)
    thresholds = choose_thresholds(held_out, lessons)
    return Trained(heads=replace(calibrated, thresholds=thresholds), held_out=held_out)


def train_manner(examples: Sequence[Example], encoder: Encoder) -> Manner:
    """Return how passages speak, taught by every example that says so."""
    told = [example for example in examples if example.strength and example.stance and example.stage]
    features = manner_features([example.text for example in told], encoder.encode([example.text for example in told]))
    positive = np.array([example.stance == "positive" for example in told])
    return Manner(
        strength=_classify(features[positive], [e.strength for e in told if e.stance == "positive"], STRENGTHS),
        stance=_classify_stance(features, positive),
        stage=_classify(features, [example.stage for example in told], STAGES),
    )


def folds_of(vectors: Array, labels: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 (boolean and index arrays)
    """Return (taught, held out) row numbers; near-duplicates never straddle folds."""
    from sklearn.model_selection import StratifiedGroupKFold

    main = np.where(labels.any(axis=1), labels.argmax(axis=1), labels.shape[1])
    fewest = int(np.unique(main, return_counts=True)[1].min())
    splitter = StratifiedGroupKFold(min(FOLDS, max(fewest, 2)), shuffle=True, random_state=_SEED)
    return list(splitter.split(vectors, main, groups=_clusters(vectors)))


def choose_thresholds(probabilities: Array, lessons: Lessons) -> Array:
    """Return (k,) thresholds of best F1 on held-out rows, each drawn towards the common one."""
    labels, weights = lessons.labels, _weights(lessons)
    common = _best_threshold(probabilities.ravel(), labels.ravel(), np.repeat(weights, labels.shape[1]))
    own = [_best_threshold(probabilities[:, k], labels[:, k], weights) for k in range(labels.shape[1])]
    trust = labels.sum(axis=0) / (labels.sum(axis=0) + _PRIOR_EXAMPLES)
    found: Array = (trust * np.array(own) + (1 - trust) * common).astype(np.float32)
    return found


def _weights(lessons: Lessons) -> Any:  # noqa: ANN401
    """Return (n,) weights as rows would stand in a real draft: most of it is nothing, and sounds like governance."""
    nothing = ~lessons.labels.any(axis=1)
    like_a_draft = nothing & lessons.hard
    weights = np.where(nothing, 0.0, 1.0)
    if like_a_draft.any():
        weights[like_a_draft] = _NOTHING_SHARE / (1 - _NOTHING_SHARE) * (~nothing).sum() / like_a_draft.sum()
    return weights


def _anchors(criterion: Criterion, *, with_phrases: bool) -> list[tuple[str, str]]:
    """Return (criterion, text) of the words about a criterion, and of its phrases where these are not measured."""
    about = [criterion.title, criterion.description, *criterion.counts, ", ".join(criterion.aliases)]
    phrases = criterion.phrases if with_phrases else ()
    notes = [criterion.stages.note(stage) for stage in STAGES]
    return [(criterion.id, text) for text in (*phrases, *about, *notes)]


def _held_out_scores(lessons: Lessons) -> tuple[Array, Array]:
    count, criteria = lessons.labels.shape
    gate = np.empty(count, dtype=np.float32)
    rank = np.empty((count, criteria), dtype=np.float32)
    for taught, held in folds_of(lessons.vectors, lessons.labels):
        heads = _fit(lessons, taught)
        gate[held] = gate_score(heads, lessons.vectors[held])
        rank[held] = rank_score(heads, lessons.vectors[held])
    return gate, rank


def _fit(lessons: Lessons, rows: Any) -> Heads:  # noqa: ANN401
    """Return uncalibrated heads taught by the example `rows` and all anchors."""
    labels = lessons.labels[rows]
    criteria = labels.shape[1]
    main = np.where(labels.any(axis=1), labels.argmax(axis=1), criteria)
    vectors = np.concatenate([lessons.vectors[rows], lessons.anchors])
    classes = np.concatenate([main, lessons.anchor_criteria])
    about, of = vectors[classes < criteria], classes[classes < criteria]
    rank, rank_bias = _fit_rank(about, of, criteria)
    gate = _fit_gate(vectors, classes != criteria)
    return Heads(
        rank=rank,
        rank_bias=rank_bias,
        memory=about,
        memory_criteria=of,
        nearness_scale=float(nearness(about, about, of).std()) or 1.0,
        gate=gate,
        titles=lessons.titles,
        gate_scale=_gate_scale(gate, lessons.titles, lessons.vectors[rows]),
        gate_calibration=np.array([1, 0], dtype=np.float32),
        rank_calibration=np.array([1, 0, 0], dtype=np.float32),
        thresholds=np.full(criteria, 0.5, dtype=np.float32),
    )


def _fit_rank(vectors: Array, classes: Any, criteria: int) -> tuple[Array, Array]:  # noqa: ANN401
    """Return the sum of two linear judges: each alone is noisy, and they err on different passages."""
    if criteria == 1:
        return np.zeros((1, vectors.shape[1]), dtype=np.float32), np.zeros(1, dtype=np.float32)
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression

    even = np.full(criteria, 1 / criteria)
    judges = (
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage=_SHRINKAGE, priors=even),
        LogisticRegression(C=_C_RANK, max_iter=3000, class_weight="balanced"),
    )
    pairs = [_even_out(*_as_pair(judge.fit(vectors, classes), criteria), vectors) for judge in judges]
    rank, bias = (sum(parts) for parts in zip(*pairs, strict=True))
    return rank.astype(np.float32), bias.astype(np.float32)


def _as_pair(classifier: Any, criteria: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Return a classifier's weights and biases, one row a criterion even where there are only two."""
    if criteria == 2:  # scikit-learn folds two classes into one row
        return np.vstack([-classifier.coef_, classifier.coef_]), np.r_[-classifier.intercept_, classifier.intercept_]
    return classifier.coef_, classifier.intercept_


def _even_out(weights: Any, bias: Any, vectors: Array) -> tuple[Any, Any]:  # noqa: ANN401
    """Return a judge centred and scaled, so that its scores within a passage have a deviation of 1."""
    weights, bias = weights - weights.mean(axis=0), bias - bias.mean()
    deviation = (vectors @ weights.T + bias).std() or 1.0
    return weights / deviation, bias / deviation


def _fit_gate(vectors: Array, is_governance: Any) -> Array:  # noqa: ANN401
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_C, max_iter=3000, class_weight="balanced").fit(vectors, is_governance)
    return np.asarray(np.r_[fitted.coef_[0], fitted.intercept_], dtype=np.float32)


def _gate_scale(gate: Array, titles: Array, vectors: Array) -> Array:
    logit = vectors @ gate[:-1] + gate[-1]
    nearest = (vectors @ titles.T).max(axis=1)
    return np.array([logit.mean(), logit.std(), nearest.mean(), nearest.std()], dtype=np.float32)


def _calibrate(gate: Array, rank: Array, lessons: Lessons) -> tuple[Array, Array]:
    """Return the calibrations of gate and rank (Platt scaling) from held-out scores."""
    from sklearn.linear_model import LogisticRegression

    labels = lessons.labels
    governance = labels.any(axis=1)
    plain = LogisticRegression(C=100.0, max_iter=1000)
    fitted = plain.fit(gate[:, None], governance, sample_weight=_weights(lessons))
    slope, bias = fitted.coef_[0, 0], fitted.intercept_[0]
    gate_calibration = _GATE_STEEPNESS * np.array([slope, bias - slope * _GATE_SHIFT], dtype=np.float32)
    if labels[governance].all():  # whatever bears on governance bears on its only criterion
        return gate_calibration.astype(np.float32), np.array([0, 0, _SURE], dtype=np.float32)
    chosen = rank[governance]
    features = np.stack([chosen, chosen - chosen.max(axis=1, keepdims=True)], axis=2).reshape(-1, 2)
    fitted = plain.fit(features, labels[governance].ravel())
    return gate_calibration.astype(np.float32), np.array([*fitted.coef_[0], fitted.intercept_[0]], dtype=np.float32)


def _best_threshold(probabilities: Any, labels: Any, weights: Any) -> float:  # noqa: ANN401
    """Return the probability from which accepting gives the best F1."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(labels, probabilities, sample_weight=weights)
    both = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return float(thresholds[min(both.argmax(), len(thresholds) - 1)])


def _clusters(vectors: Array) -> Any:  # noqa: ANN401
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_array(vectors @ vectors.T >= _SAME), directed=False)[1]


def _classify(features: Array, names: Sequence[Any], order: Sequence[str]) -> Array:
    """Return (len(order), features + 1) weights of a logistic regression, the bias last."""
    from sklearn.linear_model import LogisticRegression

    targets = [order.index(name) for name in names]
    fitted = LogisticRegression(C=_C, max_iter=5000, class_weight="balanced").fit(features, targets)
    weights, bias = _as_pair(fitted, len(order))
    return np.asarray(np.c_[weights, bias], dtype=np.float32)


def _classify_stance(features: Array, positive: Any) -> Array:  # noqa: ANN401
    """Return (2, features + 1) weights in the order of STANCES, balanced at _ABSENT_FROM."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_C_STANCE, max_iter=5000).fit(features, ~positive)
    absent = np.r_[fitted.coef_[0], fitted.intercept_[0] - np.log(_ABSENT_FROM / (1 - _ABSENT_FROM))]
    return np.stack([-absent, absent]).astype(np.float32)

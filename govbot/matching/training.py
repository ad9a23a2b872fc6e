"""Examples and phrases -> heads, with everything measured on examples that were held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.frameworks import WIDEST, Example, has_background
from govbot.matching.folds import batch_of
from govbot.matching.grams import gram_features
from govbot.matching.heads import (
    Array,
    Heads,
    Manner,
    calibrate,
    gate_parts,
    gate_score,
    manner_features,
    nearest_means,
    nearness,
    rank_score,
)
from govbot.matching.wording import gather_words, share_words
from govbot.records import STAGES, STANCES, STRENGTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Encoder
    from govbot.frameworks import Criterion, Framework

#: Inverse regularisation of the logistic regressions, and shrinkage of the discriminant; best of a coarse grid.
_C = 3.0
_SHRINKAGE = 0.8
#: Probability from which a passage counts as saying that something is missing. Held out: recall .87, precision .91;
#: hardly any passage of a real document says so, and a wrong "said to be missing" is worse.
_ABSENT_FROM = 0.5
_C_STANCE = 10.0
#: Shares of strengths among what is quoted of real documents, in the order of STRENGTHS; examples are taught as if all
#: were as frequent. Of 496 quotes of 13 such documents .61 are as readers say without these shares, and 62 are wrongly
#: called evidence; with them .65, and 33. Of held-out passages .93 and .92 are right.
_STRENGTH_SHARES = (0.46, 0.38, 0.16)
#: Share of a draft's passages that are evidence of nothing; the examples hold fewer, so they count more. At .5 and .6,
#: before criteria of one principle spoke for each other:
#: F1 of the gaps of 19 drafts .878 and .869, of 6 others .787 and .778; of real passages .854 accepted, and .106 and
#: .091 of those of nothing.
_NOTHING_SHARE = 0.5
#: The same of a framework that takes in less than governance at large. Of 220 first quotes under the five largest of
#: these, in 12 real drafts, a reader called about 93 right; at .75, .9 and .95 these are 93, 94 and 87, beside 110, 92
#: and 79 wrong.
_NARROW_NOTHING_SHARE = 0.9
#: A criterion's own threshold counts as much as the common one when it rests on this many examples: of the widest
#: framework, and of narrower ones, which have fewer. For those 200 is no better (macro F1 +.004 to -.017).
_PRIOR_EXAMPLES, _NARROW_PRIOR_EXAMPLES = 200, 40
#: What words in common with a criterion count in ranking criteria, where the linear judge counts 1. Held out and chosen
#: among 0 to 1: of the widest framework, with 80 to 300 examples a criterion, right about the criterion .900 without
#: and .910 with; of the narrow ones, with 10 to 66, .758 to .808, .765 to .808, .888 to .907.
_WORDS, _NARROW_WORDS = 0.3, 0.6
#: What a principle of the widest framework counts in ranking its criteria, whose own scores count 1: passages of real
#: documents often bear on several criteria of one principle, each a little. Held out, chosen among .3 to 30, the
#: principle is right for .928 and the criterion for .910; without it for .926 and .909. Elsewhere it counts nothing: in
#: the nine further frameworks criteria are right within .005 of what they are without (in one .010 more), and fewer
#: passages are accepted.
_PRINCIPLE_WEIGHT = 1.0
#: Share of the examples that are less like the others of their criterion than a quote must be. Of first quotes under
#: narrow frameworks in 18 real drafts that readers judged, 157 right, 183 near and 174 wrong ones are shown without it,
#: 151, 171 and 131 at .3, 147, 152 and 116 at .4, and 141, 138 and 131 with higher thresholds in its place. Under the
#: widest framework .2 loses right statuses of our drafts, and .1 gains none.
_UNLIKE, _NARROW_UNLIKE = 0.0, 0.3
#: Logit of what is certain.
_SURE = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """What is taught, as vectors. Rows are examples, phrases or label texts."""

    #: (n, dim), the n examples that are measured.
    vectors: Array
    #: (n, k) which criteria truly apply; a row without any is evidence of nothing.
    labels: Any
    #: (n,) the main criterion's column; k for a row of nothing.
    main: Any
    #: (n, k) which criteria a careful reader would accept too: neither right nor wrong.
    also: Any
    #: (n,) True for a row of nothing that sounds like governance.
    hard: Any
    #: Who wrote each row; see batch_of.
    batches: tuple[str, ...]
    #: (m, dim) phrases and label texts, always taught and never measured.
    anchors: Array
    #: (m,) criterion of each anchor.
    anchor_criteria: Any
    #: (k, dim)
    titles: Array
    #: (k,) number of the principle that each criterion stands under.
    principles: Any
    #: (v,) and (v, k) words of the criteria; see gather_words.
    words: Any
    word_weights: Array
    #: (n, k) and (m, k): what each row and each anchor has in common with each criterion's words.
    shared: Array
    anchor_shared: Array
    #: What that counts in ranking criteria.
    word_share: float = _WORDS
    #: What its principle counts in ranking a criterion.
    principle_weight: float = 0.0
    #: Share of a real draft's passages that are nothing, for which thresholds are chosen.
    nothing_share: float = _NOTHING_SHARE
    #: Examples on which a criterion's own threshold counts as much as the common one.
    prior_examples: int = _PRIOR_EXAMPLES
    #: Share of the examples that are less like their criterion's others than a quote must be.
    unlike: float = _UNLIKE


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """Heads, and what became of examples while everything, thresholds too, was learnt without them."""

    heads: Heads
    #: (n, k) probabilities.
    held_out: Array
    #: (n, k) decisions.
    accepted: Any


def gather_lessons(framework: Framework, examples: Sequence[Example], encoder: Encoder) -> Lessons:
    """Return everything that teaches a framework's heads, encoded.

    A criterion without examples has its phrases measured in their place.
    """
    columns = {name: number for number, name in enumerate(framework.criterion_ids)}
    exemplified = {name for example in examples for name in example.criteria}
    phrases = [
        Example(id=phrase, text=phrase, criteria=(criterion.id,))
        for criterion in framework.criteria
        if criterion.id not in exemplified
        for phrase in criterion.phrases
    ]
    taught = (*examples, *phrases)
    labels, also = (np.zeros((len(taught), len(columns)), dtype=bool) for _ in range(2))
    for row, example in enumerate(taught):
        labels[row, [columns[name] for name in example.criteria]] = True
        also[row, [columns[name] for name in example.also]] = True
    main = [columns[example.criteria[0]] if example.criteria else len(columns) for example in taught]
    anchors = [
        anchor
        for criterion in framework.criteria
        for anchor in _anchors(criterion, with_phrases=criterion.id in exemplified)
    ]
    texts, about = [example.text for example in taught], [text for _, text in anchors]
    words, weights = gather_words([[text for of, text in anchors if of == name] for name in columns], texts)
    is_narrow = has_background(framework)
    return Lessons(
        vectors=encoder.encode(texts),
        labels=labels,
        main=np.array(main),
        also=also & ~labels,
        hard=np.array([example.hard for example in taught]),
        batches=tuple(batch_of(example) for example in taught),
        anchors=encoder.encode(about),
        anchor_criteria=np.array([columns[name] for name, _ in anchors]),
        titles=encoder.encode([criterion.title for criterion in framework.criteria]),
        principles=np.array(framework.principle_numbers),
        words=words,
        word_weights=weights,
        shared=share_words(texts, words, weights),
        anchor_shared=share_words(about, words, weights),
        word_share=_NARROW_WORDS if is_narrow else _WORDS,
        principle_weight=_PRINCIPLE_WEIGHT if framework.id == WIDEST else 0.0,
        nothing_share=_NARROW_NOTHING_SHARE if is_narrow else _NOTHING_SHARE,
        prior_examples=_NARROW_PRIOR_EXAMPLES if is_narrow else _PRIOR_EXAMPLES,
        unlike=_NARROW_UNLIKE if is_narrow else _UNLIKE,
    )


def train_heads(lessons: Lessons, *, folds: Any, folded: Sequence[Lessons]) -> Trained:  # noqa: ANN401 (see assign_folds)
    """Return heads taught by everything, calibrated and given thresholds on held-out examples.

    `folded` are the same lessons in the vectors of encoders each of which was not taught its own fold.
    """
    held_gate, held_rank, held_near = _held_out_scores(folds, folded)
    fitted = replace(_fit(lessons, np.arange(len(lessons.vectors))), least_nearness=_least_nearness(held_near, lessons))
    heads = _calibrate(fitted, held_gate, held_rank, lessons)
    held_out, accepted = np.empty_like(held_rank), np.zeros(held_rank.shape, dtype=bool)
    for number in np.unique(folds):
        held = folds == number
        others = _rows(lessons, ~held)
        judge_of_fold = (
            _calibrate(heads, held_gate[~held], held_rank[~held], others) if _can_calibrate(others) else heads
        )
        held_out[held] = calibrate(judge_of_fold, held_gate[held], held_rank[held])
        accepted[held] = held_out[held] >= judge_of_fold.thresholds
    return Trained(heads=heads, held_out=held_out, accepted=accepted)


def train_manner(examples: Sequence[Example], encoder: Encoder) -> Manner:
    """Return how passages speak, taught by every example that says so.

    What is evidence of nothing teaches stance alone: its "no" and "not" do not say that governance lacks something.
    """
    from scipy.sparse import csr_matrix, hstack

    told = [example for example in examples if example.strength and example.stance and example.stage]
    of_nothing = [example for example in examples if not example.criteria and example.stance is None]
    texts = [example.text for example in (*told, *of_nothing)]
    features = manner_features(texts, encoder.encode(texts))
    everything = hstack([csr_matrix(features), gram_features(texts)]).tocsr()
    of_told = everything[: len(told)]
    positive = np.array([example.stance == "positive" for example in told], dtype=bool)
    is_absent = np.r_[~positive, np.zeros(len(texts) - len(told), dtype=bool)]
    strengths = [example.strength for example in told if example.stance == "positive"]
    strength = _classify(of_told[np.flatnonzero(positive)], strengths, STRENGTHS)
    strength[:, -1] += np.log(np.array(_STRENGTH_SHARES, dtype=np.float32))
    stance = _classify_stance(everything, ~is_absent)
    stage = _classify(of_told, [example.stage for example in told], STAGES)
    dense = features.shape[1]
    return Manner(
        strength=np.delete(strength, np.s_[dense:-1], axis=1),
        stance=np.delete(stance, np.s_[dense:-1], axis=1),
        stage=np.delete(stage, np.s_[dense:-1], axis=1),
        grams=np.concatenate([strength, stance, stage])[:, dense:-1].T,
    )


def choose_thresholds(probabilities: Array, lessons: Lessons) -> Array:
    """Return (k,) thresholds of best F1 on held-out rows, each drawn towards the common one."""
    labels = lessons.labels
    weights = _weights(lessons)[:, None] * ~lessons.also
    common = _best_threshold(probabilities.ravel(), labels.ravel(), weights.ravel())
    own = [_best_threshold(probabilities[:, k], labels[:, k], weights[:, k]) for k in range(labels.shape[1])]
    trust = labels.sum(axis=0) / (labels.sum(axis=0) + lessons.prior_examples)
    found: Array = (trust * np.array(own) + (1 - trust) * common).astype(np.float32)
    return found


def _weights(lessons: Lessons) -> Any:  # noqa: ANN401
    """Return (n,) weights as rows would stand in a real draft: most of it is nothing, and sounds like governance."""
    nothing = ~lessons.labels.any(axis=1)
    like_a_draft = nothing & lessons.hard
    weights = np.where(nothing, 0.0, 1.0)
    if like_a_draft.any():
        share = lessons.nothing_share
        weights[like_a_draft] = share / (1 - share) * (~nothing).sum() / like_a_draft.sum()
    return weights


def _anchors(criterion: Criterion, *, with_phrases: bool) -> list[tuple[str, str]]:
    """Return (criterion, text) of the words about a criterion, and of its phrases where these are not measured."""
    about = [criterion.title, criterion.description, *criterion.counts, ", ".join(criterion.aliases)]
    phrases = criterion.phrases if with_phrases else ()
    return [(criterion.id, text) for text in (*phrases, *about, *criterion.stage_notes)]


def _held_out_scores(folds: Any, folded: Sequence[Lessons]) -> tuple[Array, Array, Array]:  # noqa: ANN401
    """Return (n,) scores of the gate, (n, k) ranks and (n, k) nearness, each of what was not taught the example."""
    gate = np.empty(len(folds), dtype=np.float32)
    rank, near = (np.empty((len(folds), folded[0].labels.shape[1]), dtype=np.float32) for _ in range(2))
    for number, lessons in enumerate(folded):
        held = folds == number
        if held.any():
            heads = _fit(lessons, np.flatnonzero(~held))
            vectors, shared = lessons.vectors[held], lessons.shared[held]
            gate[held] = gate_score(heads, vectors, shared)
            rank[held] = rank_score(heads, vectors, shared)
            near[held] = nearest_means(vectors, heads.memory, heads.memory_criteria, rank.shape[1])
    return gate, rank, near


def _least_nearness(near: Array, lessons: Lessons) -> float:
    """Return what the given share of examples is below in nearness to their own criteria's others."""
    return float(np.quantile(near[lessons.labels], lessons.unlike)) if lessons.unlike else -1.0


def _fit(lessons: Lessons, rows: Any) -> Heads:  # noqa: ANN401
    """Return uncalibrated heads taught by the example `rows` and all anchors."""
    criteria = lessons.labels.shape[1]
    memory = np.concatenate([lessons.vectors[rows], lessons.anchors])
    shared = np.concatenate([lessons.shared[rows], lessons.anchor_shared])
    shared_by_own = lessons.shared[rows][lessons.main[rows] < criteria]
    centred = shared_by_own - shared_by_own.mean(axis=1, keepdims=True)
    classes = np.concatenate([lessons.main[rows], lessons.anchor_criteria])
    about, of = memory[classes < criteria], classes[classes < criteria]
    rank, rank_bias = _fit_rank(about, of, criteria)
    gate = _fit_gate(memory, classes < criteria)
    return Heads(
        rank=rank,
        rank_bias=rank_bias,
        memory=memory,
        memory_criteria=classes,
        nearness_scale=float(nearness(about, about, of, criteria).std()) or 1.0,
        least_nearness=-1.0,
        titles=lessons.titles,
        principles=lessons.principles,
        principle_weight=lessons.principle_weight,
        words=lessons.words,
        word_weights=lessons.word_weights,
        word_scale=lessons.word_share / ((float(centred.std()) if centred.size else 0.0) or 1.0),
        gate=gate,
        gate_scale=_gate_scale(memory, shared, classes, lessons.titles, gate),
        gate_calibration=np.array([1, 0], dtype=np.float32),
        rank_calibration=np.array([1, 0, 0], dtype=np.float32),
        thresholds=np.full(criteria, 0.5, dtype=np.float32),
        precision=np.zeros(criteria, dtype=np.float32),
        recall=np.zeros(criteria, dtype=np.float32),
    )


def _fit_rank(vectors: Array, classes: Any, criteria: int) -> tuple[Array, Array]:  # noqa: ANN401
    """Return the weights and biases of a linear judge, its scores within a passage with a deviation of 1."""
    if criteria == 1:
        return np.zeros((1, vectors.shape[1]), dtype=np.float32), np.zeros(1, dtype=np.float32)
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    even = np.full(criteria, 1 / criteria)
    judge = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=_SHRINKAGE, priors=even).fit(vectors, classes)
    weights, bias = _as_pair(judge, criteria)
    weights, bias = weights - weights.mean(axis=0), bias - bias.mean()
    deviation = (vectors @ weights.T + bias).std() or 1.0
    return (weights / deviation).astype(np.float32), (bias / deviation).astype(np.float32)


def _as_pair(classifier: Any, criteria: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Return a classifier's weights and biases, one row a criterion even where there are only two."""
    if criteria == 2:  # scikit-learn folds two classes into one row
        return np.vstack([-classifier.coef_, classifier.coef_]), np.r_[-classifier.intercept_, classifier.intercept_]
    return classifier.coef_, classifier.intercept_


def _fit_gate(memory: Array, something: Any) -> Array:  # noqa: ANN401 (boolean array)
    """Return (dim + 1,) a linear judge of what is something, the bias last; all 0 where nothing is nothing."""
    from sklearn.linear_model import LogisticRegression

    if something.all():
        return np.zeros(memory.shape[1] + 1, dtype=np.float32)
    fitted = LogisticRegression(C=_C, max_iter=3000, class_weight="balanced").fit(memory, something)
    found: Array = np.r_[fitted.coef_[0], fitted.intercept_].astype(np.float32)
    return found


def _gate_scale(memory: Array, shared: Array, classes: Any, titles: Array, linear: Array) -> Array:  # noqa: ANN401
    """Return mean and deviation of each part of the gate over what is taught, each text its own neighbour too."""
    parts = gate_parts(memory, shared, memory, classes, titles, linear)
    deviations = parts.std(axis=0)
    return np.stack([parts.mean(axis=0), np.where(deviations, deviations, 1)], axis=1).ravel().astype(np.float32)


def _can_calibrate(lessons: Lessons) -> bool:
    """Return whether there is something, and nothing, to tell apart."""
    something = lessons.labels.any(axis=1)
    return bool(something.any() and not something.all() and (~something & lessons.hard).any())


def _rows(lessons: Lessons, rows: Any) -> Lessons:  # noqa: ANN401 (boolean array)
    """Return the lessons without the other examples."""
    return replace(
        lessons,
        vectors=lessons.vectors[rows],
        labels=lessons.labels[rows],
        main=lessons.main[rows],
        also=lessons.also[rows],
        hard=lessons.hard[rows],
        shared=lessons.shared[rows],
        batches=tuple(batch for batch, kept in zip(lessons.batches, rows, strict=True) if kept),
    )


def _calibrate(heads: Heads, gate: Array, rank: Array, lessons: Lessons) -> Heads:
    """Return the heads calibrated, and given thresholds, by held-out scores."""
    gate_calibration, rank_calibration = _fit_calibrations(gate, rank, lessons)
    calibrated = replace(heads, gate_calibration=gate_calibration, rank_calibration=rank_calibration)
    return replace(calibrated, thresholds=choose_thresholds(calibrate(calibrated, gate, rank), lessons))


def _fit_calibrations(gate: Array, rank: Array, lessons: Lessons) -> tuple[Array, Array]:
    """Return the calibrations of gate and rank (Platt scaling) from held-out scores."""
    from sklearn.linear_model import LogisticRegression

    labels = lessons.labels
    governance = labels.any(axis=1)
    plain = LogisticRegression(C=100.0, max_iter=1000)
    fitted = plain.fit(gate[:, None], governance, sample_weight=_weights(lessons))
    slope, bias = fitted.coef_[0, 0], fitted.intercept_[0]
    gate_calibration = np.array([slope, bias], dtype=np.float32)
    if labels[governance].all():  # whatever bears on governance bears on its only criterion
        return gate_calibration, np.array([0, 0, _SURE], dtype=np.float32)
    chosen = rank[governance]
    features = np.stack([chosen, chosen - chosen.max(axis=1, keepdims=True)], axis=2).reshape(-1, 2)
    counted = ~lessons.also[governance].ravel()
    fitted = plain.fit(features[counted], labels[governance].ravel()[counted])
    return gate_calibration, np.array([*fitted.coef_[0], fitted.intercept_[0]], dtype=np.float32)


def _best_threshold(probabilities: Any, labels: Any, weights: Any) -> float:  # noqa: ANN401
    """Return the probability from which accepting gives the best F1."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(labels, probabilities, sample_weight=weights)
    both = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return float(thresholds[min(both.argmax(), len(thresholds) - 1)])


def _classify(features: Any, names: Sequence[Any], order: Sequence[str]) -> Array:  # noqa: ANN401
    """Return (len(order), features + 1) weights of a logistic regression, the bias last."""
    from sklearn.linear_model import LogisticRegression

    targets = [order.index(name) for name in names]
    present = sorted(set(targets))
    found = np.zeros((len(order), features.shape[1] + 1), dtype=np.float32)
    # What no example shows is never said.
    found[:, -1] = [0 if number in present else -(_SURE**2) for number in range(len(order))]
    if len(present) > 1:
        fitted = LogisticRegression(C=_C, max_iter=5000, class_weight="balanced").fit(features, targets)
        # Of two, each speaks for itself and against the other.
        found[present] = np.c_[_as_pair(fitted, len(present))] / (2 if len(present) == 2 else 1)
    return found


def _classify_stance(features: Any, positive: Any) -> Array:  # noqa: ANN401
    """Return (2, features + 1) weights in the order of STANCES, balanced at _ABSENT_FROM."""
    from sklearn.linear_model import LogisticRegression

    if positive.all() or not positive.any():
        return _classify(features, ["positive" if one else "absent" for one in positive], STANCES)
    fitted = LogisticRegression(C=_C_STANCE, max_iter=5000).fit(features, ~positive)
    absent = np.r_[fitted.coef_[0], fitted.intercept_[0] - np.log(_ABSENT_FROM / (1 - _ABSENT_FROM))]
    return np.stack([-absent, absent]).astype(np.float32)

"""How often a trained matcher is right on examples that were held out: what the model card says."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.matching.evaluation import Labelled, Row, evaluate_baselines, evaluate_scores, score_by_regression
from govbot.matching.folds import FOLDS, batch_of, share_out
from govbot.matching.heads import Judged, judge
from govbot.matching.training import train_manner
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.embedding import Encoder
    from govbot.frameworks import Example, Framework
    from govbot.matching.training import Lessons, Trained

#: Bands of probability in which promises are compared with what came true.
_BANDS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_CONFUSIONS = 12
_WORST = 30
_TINY = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionReport:
    """How often one criterion is right at its threshold. Shares are from 0 to 1, NaN where it has no examples."""

    id: str
    title: str
    examples: int
    threshold: float
    precision: float
    recall: float
    f1: float
    #: Agreement of the two readers beyond chance (Cohen's kappa); None where nobody read twice.
    kappa: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """What came true of the probabilities from `low` to `high`."""

    low: float
    high: float
    count: int
    promised: float
    came_true: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """How many examples of `meant` were taken for `said` first."""

    meant: str
    said: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MannerReport:
    """How often strength, stance and stage are right on the framework's own examples. Shares are from 0 to 1."""

    #: Of positive examples.
    strength: float
    absent_recall: float
    absent_precision: float
    #: Either reader's answer is right.
    stage: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far two readers agreed before anything was settled: Cohen's kappa."""

    passages: int
    main: float
    strength: float
    stance: float
    stage: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """An example whose best criterion no reader accepts, or one of nothing for which something was accepted."""

    id: str
    meant: tuple[str, ...]
    said: str
    score: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything measured about one framework's matcher."""

    framework: str
    examples: int
    nothing: int
    hard: int
    absent: int
    batches: int
    criteria: tuple[CriterionReport, ...]
    #: Simpler methods, then govbot.
    rows: tuple[Row, ...]
    #: Share of the hard passages of nothing for which something was accepted.
    hard_false_alarms: float
    bands: tuple[Band, ...]
    confusions: tuple[Confusion, ...]
    manner: MannerReport | None
    agreement: Agreement | None
    #: Surest first.
    misses: tuple[Miss, ...]

    @property
    def shipped(self) -> Row:
        """How govbot does."""
        return self.rows[-1]


def measure(
    framework: Framework,
    examples: Sequence[Example],
    lessons: Lessons,
    trained: Trained,
    *,
    folds: Any,  # noqa: ANN401 (index array)
    manner: dict[str, Judged],
    untaught: Encoder,
) -> Report:
    """Return the report on held-out examples.

    `folds` are the (n,) folds of the lessons; `manner` is how the examples' texts were judged, see judge_apart.
    """
    passages = [_as_labelled(example) for example in examples]
    held_out = trained.held_out[: len(examples)]
    accepted = trained.accepted[: len(examples)]
    shipped = evaluate_scores(say("evaluate", "shipped"), framework, passages, held_out, accepted)
    regression = _regression(examples, lessons, folds[: len(examples)], untaught)
    baselines = evaluate_baselines(framework, passages, untaught, accepted=shipped.accepted, learnt=regression)
    hard = np.array([example.hard for example in examples])
    return Report(
        framework=framework.id,
        examples=sum(bool(example.criteria) for example in examples),
        nothing=sum(not example.criteria for example in examples),
        hard=int(hard.sum()),
        absent=sum(example.stance == "absent" for example in examples),
        batches=len({example.batch for example in examples if example.batch}),
        criteria=tuple(_criterion_reports(framework, examples, trained)),
        rows=(*baselines, shipped),
        hard_false_alarms=float(accepted[hard].any(axis=1).mean()) if hard.any() else 0.0,
        bands=tuple(_bands(held_out, lessons)),
        confusions=tuple(_confusions(framework, examples, held_out)),
        manner=_manner_report(examples, manner),
        agreement=_agreement(examples),
        misses=tuple(_misses(framework, examples, held_out, accepted)),
    )


def accepted_by_readers(example: Example) -> set[str]:
    """Return every criterion that one of the readers accepts."""
    again = example.second.criteria if example.second else ()
    return {*example.criteria, *example.also, *again}


def _as_labelled(example: Example) -> Labelled:
    also = tuple(sorted(accepted_by_readers(example) - set(example.criteria)))
    return Labelled(id=example.id, text=example.text, criteria=example.criteria, also=also if example.criteria else ())


def _regression(examples: Sequence[Example], lessons: Lessons, folds: Any, untaught: Encoder) -> Any:  # noqa: ANN401
    vectors = untaught.encode([example.text for example in examples])
    labels = lessons.labels[: len(examples)]
    scores = np.zeros(labels.shape, dtype=np.float32)
    for number in range(FOLDS):
        held = folds == number
        if held.any() and not held.all():
            scores[held] = score_by_regression(vectors[~held], labels[~held], vectors[held])
    return scores


def _criterion_reports(framework: Framework, examples: Sequence[Example], trained: Trained) -> list[CriterionReport]:
    found: list[CriterionReport] = []
    accepted = trained.accepted[: len(examples)]
    for column, criterion in enumerate(framework.criteria):
        truly = np.array([criterion.id in example.criteria for example in examples], dtype=bool)
        counted = truly | ~np.array([criterion.id in accepted_by_readers(example) for example in examples], dtype=bool)
        said = accepted[:, column] & counted
        right = int((said & truly).sum())
        precision = right / int(said.sum()) if said.any() else 0.0
        recall = right / int(truly.sum()) if truly.any() else math.nan
        found.append(
            CriterionReport(
                id=criterion.id,
                title=criterion.title,
                examples=int(truly.sum()),
                threshold=float(trained.heads.thresholds[column]),
                precision=precision if truly.any() else math.nan,
                recall=recall,
                f1=2 * precision * recall / max(precision + recall, _TINY) if truly.any() else math.nan,
                kappa=_kappa_of(examples, criterion.id),
            )
        )
    return found


def _kappa_of(examples: Sequence[Example], criterion: str) -> float | None:
    """Return the readers' agreement on whether the criterion is the main one."""
    twice = [example for example in examples if example.second]
    first = [example.criteria[:1] == (criterion,) for example in twice]
    second = [example.second.criteria[:1] == (criterion,) for example in twice if example.second]
    return _kappa(first, second) if any(first) else None


def _agreement(examples: Sequence[Example]) -> Agreement | None:
    twice = [(example, example.second) for example in examples if example.second]
    both = [(first, second) for first, second in twice if first.strength and second.strength]
    if not both:
        return None
    return Agreement(
        passages=len(twice),
        main=_kappa([_main(first.criteria) for first, _ in twice], [_main(second.criteria) for _, second in twice]),
        strength=_kappa([first.strength for first, _ in both], [second.strength for _, second in both]),
        stance=_kappa([first.stance for first, _ in both], [second.stance for _, second in both]),
        stage=_kappa([first.stage for first, _ in both], [second.stage for _, second in both]),
    )


def _main(criteria: Sequence[str]) -> str:
    return criteria[0] if criteria else ""


def _kappa(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Return Cohen's kappa: agreement beyond what chance would give."""
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    one, two = Counter(first), Counter(second)
    chance = sum(one[name] * two[name] for name in one) / len(first) ** 2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def _bands(held_out: Any, lessons: Lessons) -> list[Band]:  # noqa: ANN401
    counted = ~lessons.also[: len(held_out)]
    promised, truly = held_out[counted], lessons.labels[: len(held_out)][counted]
    found: list[Band] = []
    for low, high in zip(_BANDS, _BANDS[1:], strict=False):
        inside = (promised >= low) & ((promised < high) | (high == 1))
        if inside.any():
            found.append(
                Band(
                    low=low,
                    high=high,
                    count=int(inside.sum()),
                    promised=float(promised[inside].mean()),
                    came_true=float(truly[inside].mean()),
                )
            )
    return found


def _confusions(framework: Framework, examples: Sequence[Example], held_out: Any) -> list[Confusion]:  # noqa: ANN401
    best = [framework.criterion_ids[column] for column in held_out.argmax(axis=1)]
    pairs = Counter(
        (example.criteria[0], said)
        for example, said in zip(examples, best, strict=True)
        if example.criteria and said not in accepted_by_readers(example)
    )
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [Confusion(meant=meant, said=said, count=count) for (meant, said), count in ordered[:_CONFUSIONS]]


def judge_apart(examples: Sequence[Example], apart: Sequence[Encoder], batches: Mapping[str, int]) -> dict[str, Judged]:
    """Return text -> how it was judged by what was not taught its fold; `apart` has an encoder a fold.

    Batches that the encoders were not taught are shared out anew.
    """
    told = [example for example in examples if example.strength and example.stance and example.stage]
    folds = {**share_out(examples), **batches}
    found: dict[str, Judged] = {}
    for number, encoder in enumerate(apart):
        held = [example.text for example in told if folds[batch_of(example)] == number]
        taught = [example for example in examples if folds[batch_of(example)] != number]
        if held and taught:
            judged = judge(train_manner(taught, encoder), held, encoder.encode(held))
            one_by_one = zip(held, judged.strengths, judged.stances, judged.stages, strict=True)
            found |= {
                text: Judged(strengths=(strength,), stances=(stance,), stages=(stage,))
                for text, strength, stance, stage in one_by_one
            }
    return found


def _manner_report(examples: Sequence[Example], manner: Mapping[str, Judged]) -> MannerReport | None:
    pairs = [(example, manner[example.text]) for example in examples if example.stance and example.text in manner]
    if not pairs:
        return None
    said = np.array([judged.stances[0] == "absent" for _, judged in pairs])
    truly = np.array([example.stance == "absent" for example, _ in pairs])
    strengths = [judged.strengths[0] == example.strength for example, judged in pairs if example.stance == "positive"]
    return MannerReport(
        strength=float(np.mean(strengths)) if strengths else 0.0,
        absent_recall=float(said[truly].mean()) if truly.any() else 0.0,
        absent_precision=float(truly[said].mean()) if said.any() else 0.0,
        stage=float(np.mean([judged.stages[0] in _stages(example) for example, judged in pairs])),
    )


def _stages(example: Example) -> set[str | None]:
    return {example.stage, example.second.stage if example.second else example.stage}


def _misses(framework: Framework, examples: Sequence[Example], held_out: Any, accepted: Any) -> list[Miss]:  # noqa: ANN401
    best = held_out.argmax(axis=1)
    found = [
        Miss(
            id=example.id,
            meant=example.criteria,
            said=framework.criterion_ids[best[row]],
            score=float(held_out[row, best[row]]),
            text=example.text,
        )
        for row, example in enumerate(examples)
        if (
            accepted[row].any()
            if not example.criteria
            else framework.criterion_ids[best[row]] not in accepted_by_readers(example)
        )
    ]
    return sorted(found, key=lambda miss: -miss.score)[:_WORST]

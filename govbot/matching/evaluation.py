"""How often a way of matching is right, on labelled passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints

from govbot.lines import read_lines
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from govbot.embedding import Encoder, Vectors
    from govbot.frameworks import Framework


class Labelled(BaseModel):
    """A labelled passage: the criteria that it bears on, none where it is evidence of nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: Annotated[str, StringConstraints(min_length=1)]
    criteria: tuple[str, ...]
    #: The main criterion's principle; worked out where the file does not say.
    principle: str | None = None
    #: Principles or criteria that a careful reader would also accept.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table. Shares are from 0 to 1; a criterion or principle that any reader accepts is right."""

    method: str
    #: Passages of something whose best criterion stands under an accepted principle, and is an accepted criterion.
    principle_top1: float
    criterion_top1: float
    #: Mean F1 of the principles, each accepted where one of its criteria is.
    macro_f1: float
    #: Passages of something for which at least one criterion is accepted.
    accepted: float
    #: Passages of nothing for which at least one criterion is accepted.
    false_alarms: float


def load_labelled(path: Path, framework: Framework) -> tuple[Labelled, ...]:
    """Return the labelled passages of a JSON-lines file; raise FileMissing or InvalidLines with every line at fault."""
    known = set(framework.criterion_ids)

    def check(passage: Labelled, _: int) -> list[str]:
        unknown = (name for name in passage.criteria if name not in known)
        return [say("faults", "unknown_criterion", id=name, framework=framework.id) for name in unknown]

    return read_lines(path, Labelled, check=check)


def evaluate_scores(
    method: str,
    framework: Framework,
    passages: Sequence[Labelled],
    scores: Vectors,
    accepted: NDArray[np.bool_],
) -> Row:
    """Return the table's row for (n, k) scores and decisions."""
    ids = framework.criterion_ids
    best = [ids[column] for column in scores.argmax(axis=1)]
    something = [number for number, passage in enumerate(passages) if passage.criteria]
    nothing = [number for number, passage in enumerate(passages) if not passage.criteria]
    any_accepted: NDArray[np.bool_] = np.asarray(accepted.any(axis=1))
    return Row(
        method=method,
        principle_top1=_share(
            framework.principle_of(best[n]).id in _principles(framework, passages[n]) for n in something
        ),
        criterion_top1=_share(best[n] in (*passages[n].criteria, *passages[n].also) for n in something),
        macro_f1=_macro_f1(framework, passages, accepted),
        accepted=_share(any_accepted[something]),
        false_alarms=_share(any_accepted[nothing]),
    )


def evaluate_baselines(
    framework: Framework,
    passages: Sequence[Labelled],
    encoder: Encoder,
    *,
    accepted: float,
    learnt: Vectors | None = None,
) -> list[Row]:
    """Return a row for each simpler method, with one threshold that accepts the same share as govbot does.

    `encoder` is the untaught model. `learnt` are (n, k) scores of a plain logistic regression on its vectors, if there
    is one.
    """
    texts = [passage.text for passage in passages]
    vectors = encoder.encode(texts)
    criteria = framework.criteria
    titles = vectors @ encoder.encode([criterion.title for criterion in criteria]).T
    principles = vectors @ encoder.encode([framework.principle_of(c.id).title for c in criteria]).T
    phrases = np.stack(
        [(vectors @ encoder.encode(list(criterion.phrases)).T).max(axis=1) for criterion in criteria], axis=1
    )
    named = {
        "principle_titles": principles,
        "titles": titles,
        "phrases": phrases,
        "words": _score_words(framework, texts),
    }
    if learnt is not None:
        named["regression"] = learnt
    something = np.array([bool(passage.criteria) for passage in passages])
    rows: list[Row] = []
    for method, scores in named.items():
        threshold = np.quantile(scores.max(axis=1)[something], 1 - accepted) if something.any() else 1.0
        rows.append(evaluate_scores(say("evaluate", method), framework, passages, scores, scores >= threshold))
    return rows


def score_by_regression(train: Vectors, labels: NDArray[np.bool_], vectors: Vectors) -> Vectors:
    """Return (n, k) probabilities of a plain logistic regression a criterion, one against the rest."""
    from sklearn.linear_model import LogisticRegression

    scores = np.zeros((len(vectors), labels.shape[1]), dtype=np.float32)
    for column in range(labels.shape[1]):
        if len(vectors) and labels[:, column].any() and not labels[:, column].all():
            fitted = LogisticRegression(max_iter=1000, class_weight="balanced").fit(train, labels[:, column])
            scores[:, column] = fitted.predict_proba(vectors)[:, 1]
    return scores


def _score_words(framework: Framework, texts: Sequence[str]) -> Vectors:
    """Return (n, k) BM25 scores of each criterion's own words for each text."""
    import bm25s

    words = [
        " ".join(
            (
                c.title,
                c.description,
                *c.counts,
                *c.phrases,
                *c.aliases,
                *(c.stages.model_dump() if c.stages else {}).values(),
            )
        )
        for c in framework.criteria
    ]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(words, stopwords="en", show_progress=False), show_progress=False)
    known = index.vocab_dict
    asked = bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
    scores = np.zeros((len(texts), len(words)), dtype=np.float32)
    for row, text in enumerate(asked):
        if shared := [word for word in text if word in known]:
            scores[row] = index.get_scores(shared)
    return scores


def _macro_f1(framework: Framework, passages: Sequence[Labelled], accepted: NDArray[np.bool_]) -> float:
    """Return the mean F1 of the principles that occur; one that only `also` names is neither right nor wrong."""
    ids = framework.criterion_ids
    scores: list[float] = []
    for principle in framework.principles:
        own = [column for column, name in enumerate(ids) if framework.principle_of(name).id == principle.id]
        said = accepted[:, own].any(axis=1)
        truly = np.array([_bears_on(framework, passage, principle.id) for passage in passages])
        allowed = np.array([principle.id in _principles(framework, passage) for passage in passages])
        if truly.any():
            right = (said & truly).sum()
            scores.append(2 * right / (2 * right + (said & ~allowed).sum() + (~said & truly).sum()))
    return float(np.mean(scores)) if scores else 0.0


def _bears_on(framework: Framework, passage: Labelled, principle: str) -> bool:
    known = set(framework.criterion_ids)
    own = {framework.principle_of(name).id for name in passage.criteria if name in known}
    return principle in own or passage.principle == principle


def _principles(framework: Framework, passage: Labelled) -> set[str]:
    """Return the ids of every principle that a reader accepts."""
    known = set(framework.criterion_ids)
    named = {framework.principle_of(name).id for name in (*passage.criteria, *passage.also) if name in known}
    return named | set(passage.also) | ({passage.principle} if passage.principle else set())


def _share(found: object) -> float:
    values = list(found)  # type: ignore[call-overload]
    return sum(map(bool, values)) / len(values) if values else 0.0

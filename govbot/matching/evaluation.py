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
    #: Principles that a careful reader would also accept.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table. Shares are from 0 to 1."""

    method: str
    #: Passages of something whose best criterion stands under an accepted principle, and is an accepted criterion.
    principle_top1: float
    criterion_top1: float
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
        criterion_top1=_share(best[n] in passages[n].criteria for n in something),
        accepted=_share(any_accepted[something]),
        false_alarms=_share(any_accepted[nothing]),
    )


def evaluate_baselines(
    framework: Framework, passages: Sequence[Labelled], encoder: Encoder, *, accepted: float
) -> list[Row]:
    """Return rows for nearness to titles and to phrases, each with one threshold that accepts the same share."""
    vectors = encoder.encode([passage.text for passage in passages])
    criteria = framework.criteria
    titles = vectors @ encoder.encode([criterion.title for criterion in criteria]).T
    principles = vectors @ encoder.encode([framework.principle_of(c.id).title for c in criteria]).T
    phrases = np.stack(
        [(vectors @ encoder.encode(list(criterion.phrases)).T).max(axis=1) for criterion in criteria], axis=1
    )
    named = {
        say("evaluate", "principle_titles"): principles,
        say("evaluate", "titles"): titles,
        say("evaluate", "phrases"): phrases,
    }
    something = np.array([bool(passage.criteria) for passage in passages])
    rows: list[Row] = []
    for method, scores in named.items():
        threshold = np.quantile(scores.max(axis=1)[something], 1 - accepted) if something.any() else 1.0
        rows.append(evaluate_scores(method, framework, passages, scores, scores >= threshold))
    return rows


def _principles(framework: Framework, passage: Labelled) -> set[str]:
    known = set(framework.criterion_ids)
    own = {framework.principle_of(name).id for name in passage.criteria if name in known}
    return own | set(passage.also) | ({passage.principle} if passage.principle else set())


def _share(found: object) -> float:
    values = list(found)  # type: ignore[call-overload]
    return sum(map(bool, values)) / len(values) if values else 0.0

"""Composes frameworks, embedding and matching: train and evaluate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govbot.frameworks import fingerprint, framework_folder, framework_ids, load_framework, teaching_examples
from govbot.matching import (
    MATCHER_FILE,
    METHOD,
    Labelled,
    Origin,
    Row,
    cues_fingerprint,
    evaluate_baselines,
    evaluate_scores,
    gather_lessons,
    load_labelled,
    load_matcher,
    save_heads,
    save_manner,
    train_heads,
    train_manner,
)
from govbot.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from govbot.embedding import Encoder
    from govbot.frameworks import Example, Framework


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A passage whose best criterion no reader accepts."""

    id: str
    text: str
    #: None where nothing was accepted.
    chosen: str | None
    score: float
    expected: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """How govbot and its baselines do on labelled passages."""

    framework: str
    name: str
    something: int
    nothing: int
    rows: tuple[Row, ...]
    #: Surest first.
    mistakes: tuple[Mistake, ...]


def train(framework_id: str, encoder: Encoder) -> Row:
    """Train a shipped framework's heads and write them; return how they do on examples held out in turn."""
    framework = load_framework(framework_id)
    folder = framework_folder(framework_id)
    lessons = gather_lessons(framework, teaching_examples(folder, framework), encoder)
    trained = train_heads(lessons)
    origin = Origin(method=METHOD, model=encoder.name, fingerprint=fingerprint(folder, framework))
    save_heads(folder / MATCHER_FILE, trained.heads, origin)
    passages = [
        Labelled(id=str(row), text="-", criteria=_names(framework, labels)) for row, labels in enumerate(lessons.labels)
    ]
    accepted = trained.held_out >= trained.heads.thresholds
    return evaluate_scores(say("evaluate", "shipped"), framework, passages, trained.held_out, accepted)


def train_speech(encoder: Encoder) -> None:
    """Train strength, stance and stage on every shipped framework's examples and write them."""
    examples: list[Example] = []
    for name in framework_ids():
        examples += teaching_examples(framework_folder(name), load_framework(name))
    origin = Origin(method=METHOD, model=encoder.name, fingerprint=cues_fingerprint())
    save_manner(train_manner(examples, encoder), origin)


def evaluate(framework_id: str, data: Path, encoder: Encoder) -> Evaluation:
    """Return the table on a labelled file of passages; raise InvalidLines or MatcherError."""
    framework = load_framework(framework_id)
    matcher = load_matcher(framework_folder(framework_id), framework, encoder.name)
    passages = load_labelled(data, framework)
    texts = [passage.text for passage in passages]
    matches = matcher.match(texts, encoder.encode(texts))
    own = evaluate_scores(say("evaluate", "shipped"), framework, passages, matches.scores, matches.accepted)
    baselines = evaluate_baselines(framework, passages, encoder, accepted=own.accepted)
    best = matches.scores.argmax(axis=1)
    mistakes = [
        Mistake(
            id=passage.id,
            text=passage.text,
            chosen=matches.criteria[best[row]] if matches.accepted[row].any() else None,
            score=float(matches.scores[row, best[row]]),
            expected=passage.criteria,
        )
        for row, passage in enumerate(passages)
        if _is_mistake(passage, matches.criteria[best[row]], bool(matches.accepted[row].any()))
    ]
    something = sum(bool(passage.criteria) for passage in passages)
    return Evaluation(
        framework=framework_id,
        name=data.name,
        something=something,
        nothing=len(passages) - something,
        rows=(*baselines, own),
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake.score)),
    )


def _is_mistake(passage: Labelled, best: str, accepted: bool) -> bool:
    return accepted if not passage.criteria else best not in passage.criteria


def _names(framework: Framework, labels: np.ndarray) -> tuple[str, ...]:
    return tuple(name for name, label in zip(framework.criterion_ids, labels, strict=True) if label)

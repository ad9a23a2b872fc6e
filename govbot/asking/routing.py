"""A typed question -> what it is about: criteria, a topic outside every framework, or nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govbot.asking.labels import Label, Name, Names, framework_labels
from govbot.asking.phrasing import Phrasing, Wording, load_phrasing, split_words
from govbot.asking.spelling import mend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.asking.bank import QuestionBank
    from govbot.embedding import Encoder, Vectors
    from govbot.frameworks import Framework
    from govbot.records import AnswerKind

#: Cosine similarity to a criterion's labels from which a question is about it. Measured on the questions marked "dev"
#: in tests/unit/asking/questions.jsonl and on every example of principles/asking.yaml against the others. A sentence
#: shares fewer words with a label than a name does, and a topic is a name more often than a sentence.
NAME_THRESHOLD, SENTENCE_THRESHOLD = 0.56, 0.44
#: What a similarity to a text about a criterion counts, against one to its names.
_TEXT_WEIGHT = 0.9
#: What a name inside a longer question adds, times the share of the question's words that it is; a name of one word
#: is more often in use for something else.
_LONG_NAME_BONUS, _SHORT_NAME_BONUS = 0.35, 0.12
#: Similarity to an example of small talk from which a question is small talk, and from which even one that names the
#: draft is.
_OTHER, _OTHER_FRAMED = 0.42, 0.80
#: A run of consonants that hardly a word has.
_NOISE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_MOST_OTHERS = 3


#: Framework and id of a criterion or principle.
Place = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a typed question is about."""

    kind: AnswerKind
    #: Ids of criteria or principles, likeliest first; empty for a topic or nothing of ours.
    ids: tuple[str, ...] = ()
    #: Framework that all the ids belong to; None where they are of several, or none.
    framework: str | None = None
    #: The topic's words as typed. Of kind other: words that may still be a topic where the draft has them.
    topic: str | None = None
    #: Next likeliest ids.
    others: tuple[str, ...] = ()
    #: What was asked, slips mended, without the frame; empty where the question is a sentence.
    asked: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _LabelVectors:
    """The vectors that questions are compared with, each (n, dim)."""

    labels: Vectors
    topics: Vectors
    other: Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class _Nearness:
    """How near a question is to what it may be about, by cosine similarity."""

    #: One value a place: similarity, and what a name found in the question adds.
    criteria: NDArray[np.float64]
    topic: float
    other: float


class Router:
    """Tells what typed questions are about; encodes its labels when it is first asked."""

    def __init__(
        self,
        frameworks: Sequence[Framework],
        encoder: Encoder,
        *,
        banks: Sequence[QuestionBank] = (),
        phrasing: Phrasing | None = None,
    ) -> None:
        """Of equally likely targets the one in the earlier framework wins."""
        self._encoder = encoder
        self._phrasing = phrasing or load_phrasing()
        by_framework = {bank.framework: bank for bank in banks}
        self._labels: tuple[Label, ...] = tuple(
            label
            for framework in frameworks
            for label in framework_labels(
                framework, by_framework.get(framework.id), self._phrasing.asked.get(framework.id, {})
            )
        )
        self._names = Names(frameworks, self._phrasing.frameworks)
        # Everything that can be asked for, in order.
        self._places: tuple[Place, ...] = tuple(dict.fromkeys((label.framework, label.id) for label in self._labels))

    def load(self) -> None:
        """Encode the labels now rather than with the first question."""
        _ = self._vectors

    def route(self, question: str) -> Target:
        """Return what the question is about."""
        wording = self._phrasing.read(question)
        subject = self._mended(wording.subject)
        if not wording.words:
            return Target(kind="other")
        ids = self._named(wording, subject)
        nearness = self._nearness(wording, subject)
        kind, may_be_topic = _decide(wording, nearness)
        if ids or kind == "criterion":
            ranked = [self._places[place] for place in np.argsort(-nearness.criteria, kind="stable")]
            return _target(ids or ranked[:1], ranked, asked="" if wording.is_clause else " ".join(subject))
        return Target(kind=kind, topic=wording.typed if may_be_topic else None)

    def _mended(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(mend(word, known=self._known_words, towards=self._name_words) for word in words)

    def _named(self, wording: Wording, subject: Sequence[str]) -> list[Place]:
        """Return what the question names by id or with nothing else beside it, in order; empty where it does not."""
        for words in (wording.words, wording.subject, subject):
            found = self._names.exact(words)
            if found is not None:
                return [(found.framework, identity) for identity in found.ids]
        found_ids = list(self._names.find_ids(wording.words))
        if found_ids:
            return _distinct(found_ids)
        names = self._names.find(subject)
        named = {place for name in names for place in range(name.start, name.end)}
        parts = split_words(" ".join(subject))
        rest = self._phrasing.content([part for place, part in enumerate(parts) if place not in named])
        return _distinct(names) if names and not rest else []

    def _nearness(self, wording: Wording, subject: Sequence[str]) -> _Nearness:
        """Return how near the question is to each place, to topics and to small talk."""
        short, whole = " ".join(subject), " ".join(self._mended(wording.words))
        vectors = self._encoder.encode([short, whole, " ".join(wording.subject), " ".join(wording.words)])
        labels = vectors[:2] @ self._vectors.labels.T
        similar = labels.max(axis=0) if wording.is_clause else labels[0]
        weighted = similar * np.where(self._is_name, 1.0, _TEXT_WEIGHT if wording.is_clause else 0.0)
        criteria = np.array([weighted[columns].max() for columns in self._columns])
        content = max(len(self._phrasing.content(subject)), 1)
        for name in self._names.find(subject):
            if len(name.ids) == 1:
                bonus = _LONG_NAME_BONUS if name.end - name.start > 1 else _SHORT_NAME_BONUS
                place = self._places.index((name.framework, name.ids[0]))
                criteria[place] += bonus * min((name.end - name.start) / content, 1)
        return _Nearness(
            criteria=criteria,
            topic=float((vectors[2] @ self._vectors.topics.T).max()),
            other=float((vectors[2:] @ self._vectors.other.T).max()),
        )

    @cached_property
    def _vectors(self) -> _LabelVectors:
        texts = [label.text for label in self._labels]
        topics, other = self._phrasing.topics, self._phrasing.other
        vectors = self._encoder.encode([*texts, *topics, *other])
        return _LabelVectors(
            labels=vectors[: len(texts)],
            topics=vectors[len(texts) : len(texts) + len(topics)],
            other=vectors[len(texts) + len(topics) :],
        )

    @cached_property
    def _is_name(self) -> NDArray[np.bool_]:
        return np.array([label.kind == "name" for label in self._labels])

    @cached_property
    def _columns(self) -> list[list[int]]:
        """Return the labels of each place."""
        columns: dict[Place, list[int]] = {place: [] for place in self._places}
        for column, label in enumerate(self._labels):
            columns[label.framework, label.id].append(column)
        return list(columns.values())

    @cached_property
    def _name_words(self) -> frozenset[str]:
        names = (label.text for label in self._labels if label.kind == "name")
        called = (name for names in self._phrasing.frameworks.values() for name in names)
        return frozenset(word for name in (*names, *called) for word in split_words(name))

    @cached_property
    def _known_words(self) -> frozenset[str]:
        texts = (*(label.text for label in self._labels), *self._phrasing.topics, *self._phrasing.other)
        frame = self._phrasing.frame | self._phrasing.leads | self._phrasing.plain_words | self._phrasing.clause_words
        return frame | {word for text in texts for word in split_words(text)}


def _decide(wording: Wording, nearness: _Nearness) -> tuple[AnswerKind, bool]:
    """Return the kind of question, and whether it may still be a topic where the draft has its words."""
    best = float(nearness.criteria.max())
    if _is_noise(wording) or (wording.framed and nearness.other >= _OTHER_FRAMED):
        return "other", False
    # A sentence that does not speak of the draft is small talk though it should name a topic ("a poem about cats").
    rival = best if wording.is_clause else max(best, nearness.topic)
    if not wording.framed and nearness.other >= _OTHER and nearness.other > rival:
        return "other", False
    threshold = SENTENCE_THRESHOLD if wording.is_clause and not wording.is_command else NAME_THRESHOLD
    if best >= threshold and best > max(nearness.topic, nearness.other):
        return "criterion", False
    if wording.framed or not (wording.is_clause or wording.is_command):
        return "topic", True
    return "other", not wording.is_command


def _is_noise(wording: Wording) -> bool:
    """Return whether all that is asked is a number or the work of a hand dropped on the keys."""
    return not any(any(map(str.isalpha, word)) and not _NOISE.search(word) for word in wording.subject)


def _target(ids: Sequence[Place], ranked: Sequence[Place], *, asked: str) -> Target:
    frameworks = {framework for framework, _ in ids}
    others = [identity for framework, identity in ranked if (framework, identity) not in ids]
    return Target(
        kind="criterion",
        ids=tuple(identity for _, identity in ids),
        framework=frameworks.pop() if len(frameworks) == 1 else None,
        others=tuple(others[:_MOST_OTHERS]),
        asked=asked,
    )


def _distinct(names: Sequence[Name]) -> list[Place]:
    return list(dict.fromkeys((name.framework, identity) for name in names for identity in name.ids))

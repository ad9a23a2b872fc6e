"""A typed question -> what it is about: criteria, a topic outside every framework, or nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govbot.asking.labels import Label, Name, Names, framework_labels, whole_labels
from govbot.asking.phrasing import Phrasing, Wording, load_phrasing, split_words
from govbot.asking.spelling import mend

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from govbot.asking.bank import QuestionBank
    from govbot.embedding import Encoder, Vectors
    from govbot.frameworks import Framework
    from govbot.records import AnswerKind, Wish

#: Cosine similarity to a criterion's labels from which a question is about it: a name, a long one, a sentence. Measured
#: on tests/unit/asking/questions.jsonl and seen.jsonl. A sentence shares fewer words with a label than a name does, and
#: a topic is a name more often than a sentence.
NAME_THRESHOLD, LONG_NAME_THRESHOLD, SENTENCE_THRESHOLD = 0.66, 0.50, 0.41
#: Words of a question from which its name is a long one.
_LONG = 6
#: Words from which it is taken for a sentence beside a topic, whatever it begins with. At 7 .96 of the topics of
#: questions.jsonl are told as such in place of .99, and at 10 .858 of the criteria of mail.jsonl in place of .867.
_SENTENCE = 8
#: How much more a name must have where all its words are unknown to every label ("Pellow Green" is half so, no green
#: policy), and how much nearer to a criterion than to a topic it must be: .14 in place of .10 costs none of the
#: questions of seen.jsonl, unseen.jsonl and questions.jsonl, and wins one of these.
_STRANGER_MARGIN, _NAME_MARGIN = 0.15, 0.14
#: Similarity to a topic from which even a sentence that does not name the draft is about one ("when do the bins go").
_SENTENCE_TOPIC = 0.45
#: What a similarity to a text about a criterion counts, against one to its names.
_TEXT_WEIGHT = 0.9
#: What a name inside a longer question adds, times the share of the question's words that it is; a name of one word
#: is more often in use for something else.
_LONG_NAME_BONUS, _SHORT_NAME_BONUS = 0.35, 0.12
#: Similarity to an example of small talk from which a question is small talk, and from which even one that names the
#: draft is; and how much nearer to a criterion a sentence must be that does not name the draft.
_OTHER, _OTHER_FRAMED, _OTHER_MARGIN = 0.32, 0.60, 0.15
#: What all labels together count beside the nearest, and the strength of the ridge that learns from them. Of the 380
#: questions about criteria in seen.jsonl, late.jsonl and mail.jsonl .895 are right, and at .2, .4 and .5 .897, .892
#: and .895; from .4 on more parts are taken for wholes.
_LEARNED_WEIGHT, _RIDGE = 0.3, 1.0
#: How all labels, topics and small talk together tell the kind of a question: the ridge; what a leaning towards
#: criteria takes off every threshold; what one against them takes off their similarity; by how much small talk may fall
#: short of another kind. Chosen on questions.jsonl, seen.jsonl, late.jsonl and mail.jsonl.
_KIND_RIDGE, _TOWARDS, _AGAINST, _CHAT = 10.0, 0.3, 0.8, 0.2
#: What leaning towards topics more than towards criteria adds to the similarity to a topic. Of the criteria and topics
#: of the same four sets 673 and 158 are understood, 673 and 156 without it; at .2 and .4 672 and 671 of the criteria.
_TOPICAL = 0.1
#: How much nearer a question must be to a whole framework than to anything in it to be about all of it. Of the wholes
#: of wholes.jsonl and wholes_further.jsonl .81, and of their parts .83 are told so; at 0 .87 and .77, at .1 .73 and
#: .89.
_WHOLE_MARGIN = 0.05
#: What a framework's name in a question adds to everything in it. From .1 on it matters little how much: of the wholes
#: of the eight further frameworks .74 to .76 are understood so, without it .63.
_NAMED_BONUS = 0.15
#: A run of consonants that hardly a word has.
_NOISE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_MOST_OTHERS = 3
#: Words beside a letter that is no principle's: "section C", "from A to B", "an A", "the C of E", "I".
_NEVER_BESIDE = frozenset("part parts section sections bit bits point to of a an the i".split())
_JOINERS = frozenset({"and", "or"})
#: Lead of the likeliest place over the next, below which the next ones are offered too.
_UNCLEAR = 0.25


#: Framework and id of a criterion, a principle or the framework itself, which is all of it.
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
    #: True where one of the others may as well be meant.
    is_unclear: bool = False
    #: What the person wants to know of it.
    wish: Wish = "coverage"
    #: True where the question names nothing but the wish: what was asked last may be meant.
    is_bare: bool = False
    #: What was asked, slips mended, without the frame; empty where the question is a sentence.
    asked: str = ""
    #: The question without the words of the wish, as typed.
    said: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _LabelVectors:
    """The vectors that questions are compared with, each (n, dim)."""

    labels: Vectors
    topics: Vectors
    other: Vectors
    #: (dim, places): which place a vector belongs to, learned by ridge regression.
    weights: NDArray[np.float64]
    #: (dim,) mean vector, to be taken off a vector before.
    mean: NDArray[np.float64]
    #: (dim, 3) and (dim,): the same for the kinds: of a place, a topic, small talk.
    kind_weights: NDArray[np.float64]
    kind_mean: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Nearness:
    """How near a question is to what it may be about, by cosine similarity."""

    #: One value a place: similarity to its nearest label, and what a name found in the question adds.
    criteria: NDArray[np.float64]
    #: The same with what all labels together tell, by which places are ranked.
    ranking: NDArray[np.float64]
    topic: float
    other: float
    #: (3,) how it leans towards places, topics and small talk by all of them together; 0 is neither way.
    leanings: NDArray[np.float64]
    #: Share of the subject's words that no label and no example has: a place, a person, a make.
    strangers: float


class Router:
    """Tells what typed questions are about; encodes its labels when it is first asked."""

    def __init__(
        self,
        frameworks: Sequence[Framework],
        encoder: Encoder,
        *,
        banks: Sequence[QuestionBank] = (),
        phrasing: Phrasing | None = None,
        elsewhere: Sequence[Framework] = (),
    ) -> None:
        """Of equally likely targets the one in the earlier framework wins.

        A framework of `elsewhere` can only be asked for as a whole.
        """
        self._encoder = encoder
        self._phrasing = phrasing or load_phrasing()
        by_framework = {bank.framework: bank for bank in banks}
        self._labels: tuple[Label, ...] = tuple(
            label
            for framework in frameworks
            for label in framework_labels(
                framework,
                by_framework.get(framework.id),
                self._phrasing.asked.get(framework.id, {}),
                self._phrasing.wholes.get(framework.id, ()),
            )
        )
        self._labels += tuple(
            label for other in elsewhere for label in whole_labels(other, self._phrasing.wholes.get(other.id, ()))
        )
        self._wholes = {
            (framework.id, framework.id): [(framework.id, principle.id) for principle in framework.principles]
            for framework in (*frameworks, *elsewhere)
            if framework.id in self._phrasing.wholes
        }
        self._names = Names(frameworks, self._phrasing.frameworks, self._phrasing.asked)
        # Principles by their one capital letter, but for the pronoun.
        self._letters = {
            principle.id: (framework.id, principle.id)
            for framework in reversed(frameworks)
            for principle in framework.principles
            if len(principle.id) == 1 and principle.id.isupper() and principle.id != "I"
        }
        # Everything that can be asked for, in order.
        self._places: tuple[Place, ...] = tuple(dict.fromkeys((label.framework, label.id) for label in self._labels))

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that questions are compared with."""
        return (*(label.text for label in self._labels), *self._phrasing.topics, *self._phrasing.other)

    def route(self, question: str) -> Target:
        """Return what the question is about, and what is wanted of it."""
        wished = self._phrasing.wished(question)
        if wished.wish != "coverage" and not wished.rest:
            return replace(self._whole(question), wish=wished.wish, is_bare=True)
        return replace(self._route(wished.rest), wish=wished.wish, said="" if wished.rest == question else wished.rest)

    def _whole(self, question: str) -> Target:
        """Return the framework of which all words of the question are a name ("what are the gaps")."""
        found = self._names.exact(self._phrasing.read(question).words)
        if found is None or len(found.ids) == 1:
            return Target(kind="other")
        return Target(kind="criterion", ids=found.ids, framework=found.framework, said=question)

    def _route(self, question: str) -> Target:
        wording = self._phrasing.read(question)
        subject = self._mended(wording.subject)
        if not wording.words:
            return Target(kind="other")
        named, lettered = self._named(wording, subject), self._lettered(question)
        ids = lettered if set(named) <= set(lettered) else list(dict.fromkeys([*named, *lettered]))
        if self._phrasing.has_lettered_name(question):
            ids = [place for place in ids if place not in self._letters.values()]
        nearness = self._nearness(wording, subject, self._phrasing.named_frameworks(question))
        kind, may_be_topic = _decide(wording, nearness)
        if ids or kind == "criterion":
            order = np.argsort(-nearness.ranking, kind="stable")
            ranked = [self._places[place] for place in order]
            whole = None if ids else self._wholes.get(ranked[0])
            asked = "" if wording.is_clause or whole else " ".join(subject)
            # A whole is never offered beside something else.
            offered = np.array([place for place in order if self._places[place] not in self._wholes])
            rivals = np.concatenate([order[:1], offered[offered != order[0]]])
            unclear = not ids and _is_unclear(nearness.ranking[rivals])
            others = [self._places[place] for place in offered]
            return _target(ids or whole or ranked[:1], others, asked=asked, is_unclear=unclear)
        # Of a sentence its words that carry a subject are the topic.
        words = " ".join(self._phrasing.content(wording.subject)) if wording.is_clause and kind == "topic" else ""
        return Target(kind=kind, topic=(words or wording.typed) if may_be_topic else None)

    def _mended(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(mend(word, known=self._known_words, towards=self._name_words) for word in words)

    def _named(self, wording: Wording, subject: Sequence[str]) -> list[Place]:
        """Return what the question names by id or with nothing else beside it, in order; empty where it does not."""
        for words in (wording.words, wording.subject, subject):
            found = self._names.exact(words)
            if found is not None:
                return [(found.framework, identity) for identity in found.ids]
        every = self._names.whole_range(wording.words)
        found_ids = [every] if every else list(self._names.find_ids(wording.words, self._phrasing.framing))
        if found_ids:
            return _distinct(found_ids)
        names = self._names.find(subject)
        named = {place for name in names for place in range(name.start, name.end)}
        parts = split_words(" ".join(subject))
        rest = [part for place, part in enumerate(parts) if place not in named]
        # "Openness and risk" asks for both; "how were outcomes weighted" has two names in it and asks for one thing.
        alone = len(names) == 1 and not wording.is_clause
        is_list = len(names) > 1 and ("and" in rest or "," in wording.typed)
        return _distinct(names) if (alone or is_list) and not self._phrasing.content(rest) else []

    def _lettered(self, question: str) -> list[Place]:
        """Return the principles whose letters stand in the question as capitals: "is E any good", but not "plan B".

        Letters in a row count where all of them are principles': "A, B and C", but not "R and D".
        """
        if question.isupper():
            return []
        words = ["", *question.replace("&", " and ").split(), ""]
        found: list[Place] = []
        start = 1
        while start < len(words) - 1:
            row, end = _letters(words, start)
            if row and self._letters.keys() >= set(row) and self._stands_free(words[start - 1], row, words[end]):
                found += [self._letters[letter] for letter in row]
            start = max(end, start + 1)
        return list(dict.fromkeys(found))

    def _stands_free(self, before: str, row: Sequence[str], after: str) -> bool:
        """Return whether letters between two words, empty at the ends of a question, belong to neither."""
        plain = (self._phrasing.framing | self._phrasing.closing) - _NEVER_BESIDE
        left, right = (" ".join(split_words(word)) for word in (before, after))
        # "A" alone that opens a question is an article.
        led = left in plain if before else list(row) != ["A"] or not after
        return led and (not after or right in plain)

    def _nearness(self, wording: Wording, subject: Sequence[str], named: Container[str]) -> _Nearness:
        """Return how near the question is to each place, to topics and to small talk.

        What belongs to one of the `named` frameworks is nearer.
        """
        typed, whole = " ".join(wording.subject), " ".join(wording.words)
        mended = [" ".join(subject), " ".join(self._mended(wording.words))]
        vectors = self._encoder.encode([*mended, typed, whole])
        # What looks like a slip may be a word of its own, so that both spellings count.
        sides = vectors if wording.is_clause else vectors[[0, 2]]
        similar = (sides @ self._vectors.labels.T).max(axis=0)
        weighted = similar * np.where(self._is_name, 1.0, _TEXT_WEIGHT if wording.is_clause else 0.0)
        criteria = np.array([weighted[columns].max() for columns in self._columns])
        content = self._phrasing.content(subject)
        for place, bonus in self._bonuses(subject, len(content)):
            criteria[place] += bonus
        criteria += _NAMED_BONUS * np.array([framework in named for framework, _ in self._places])
        learned = (sides.mean(axis=0) - self._vectors.mean) @ self._vectors.weights
        return _Nearness(
            criteria=criteria,
            ranking=criteria + _LEARNED_WEIGHT * learned - _WHOLE_MARGIN * self._is_whole_place,
            topic=float((vectors[2] @ self._vectors.topics.T).max()),
            other=float((vectors[2:] @ self._vectors.other.T).max()),
            leanings=(vectors[[0, 2, 3]].mean(axis=0) - self._vectors.kind_mean) @ self._vectors.kind_weights,
            strangers=sum(word not in self._known_words for word in content) / max(len(content), 1),
        )

    def _bonuses(self, subject: Sequence[str], content: int) -> Iterator[tuple[int, float]]:
        """Yield (number of a place, what its name among the words of the subject adds)."""
        for name in self._names.find(subject):
            length = name.end - name.start
            if len(name.ids) == 1:
                bonus = _LONG_NAME_BONUS if length > 1 else _SHORT_NAME_BONUS
                yield self._places.index((name.framework, name.ids[0])), bonus * min(length / max(content, 1), 1)

    @cached_property
    def _vectors(self) -> _LabelVectors:
        texts = [label.text for label in self._labels]
        topics, other = self._phrasing.topics, self._phrasing.other
        vectors = self._encoder.encode([*texts, *topics, *other])
        # Topics and small talk belong to no place: their rows stay 0.
        belongs = np.zeros((len(vectors), len(self._places)), dtype=np.float32)
        for place, columns in enumerate(self._columns):
            belongs[columns, place] = 1
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        weights = np.linalg.solve(centred.T @ centred + _RIDGE * np.eye(vectors.shape[1]), centred.T @ belongs)
        kind_weights, kind_mean = _kinds(vectors, (len(texts), len(topics), len(other)))
        return _LabelVectors(
            kind_weights=kind_weights,
            kind_mean=kind_mean,
            labels=vectors[: len(texts)],
            topics=vectors[len(texts) : len(texts) + len(topics)],
            other=vectors[len(texts) + len(topics) :],
            weights=weights,
            mean=mean,
        )

    @cached_property
    def _is_name(self) -> NDArray[np.bool_]:
        return np.array([label.kind == "name" for label in self._labels])

    @cached_property
    def _is_whole_place(self) -> NDArray[np.bool_]:
        return np.array([place in self._wholes for place in self._places])

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


def _kinds(vectors: Vectors, counts: tuple[int, int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dim, 3) weights and a (dim,) mean that tell kinds apart, all alike; `counts` vectors are of each."""
    # Single precision takes a third of the time.
    kinds = np.repeat(np.eye(3, dtype=np.float32), counts, axis=0)
    shares = np.repeat(np.array([len(vectors) / 3 / max(count, 1) for count in counts], dtype=np.float32), counts)
    mean = shares @ vectors / len(vectors)
    centred = vectors - mean
    weighted = centred * shares[:, None]
    even = centred.T @ weighted + _KIND_RIDGE * np.eye(vectors.shape[1])
    weights = np.linalg.solve(even, weighted.T @ (kinds - 1 / 3))
    return weights.astype(np.float64), mean.astype(np.float64)


def _decide(wording: Wording, nearness: _Nearness) -> tuple[AnswerKind, bool]:
    """Return the kind of question, and whether it may still be a topic where the draft has its words."""
    best = float(nearness.criteria[nearness.ranking.argmax()])
    is_sentence = wording.is_clause or wording.is_command
    towards, topical, chat = map(float, nearness.leanings)
    # A sentence that does not speak of the draft is small talk though it should name a topic ("a poem about cats").
    rival = best - _OTHER_MARGIN if is_sentence and not wording.framed else max(best, nearness.topic)
    least = _OTHER_FRAMED if wording.framed else _OTHER
    is_chat = nearness.other >= least and nearness.other > rival and chat > max(towards, topical) - _CHAT
    if _is_noise(wording) or is_chat:
        return "other", False
    lean = _TOWARDS * max(towards, 0.0)
    threshold = SENTENCE_THRESHOLD
    if not wording.is_clause:
        threshold = LONG_NAME_THRESHOLD if len(wording.words) >= _LONG else NAME_THRESHOLD
        threshold += _STRANGER_MARGIN * nearness.strangers
    # A sentence may name a topic by the way, as "the council" in one about its powers.
    says_much = wording.is_clause or len(wording.words) >= _SENTENCE
    topic = nearness.topic + _TOPICAL * max(topical - max(towards, 0.0), 0.0) + (0.0 if says_much else _NAME_MARGIN)
    likely = best + lean + _AGAINST * min(towards, 0.0)
    if best + lean >= threshold and likely > max(topic, nearness.other):
        return "criterion", False
    if wording.framed or not is_sentence:
        return "topic", True
    names_one = nearness.topic >= max(_SENTENCE_TOPIC, nearness.other) or topical > max(chat, towards)
    if wording.is_clause and names_one:
        return "topic", True
    return "other", not wording.is_command


def _letters(words: Sequence[str], start: int) -> tuple[list[str], int]:
    """Return the capital letters in a row from `start`, with commas or "and" between them, and where they end."""
    row: list[str] = []
    place = end = start
    while place < len(words):
        letter = words[place].strip("?!.,;:()")
        if len(letter) == 1 and letter.isupper():
            row.append(letter)
            end = place + 1
        elif not row or words[place] not in _JOINERS:
            break
        place += 1
    return row, end


def _is_noise(wording: Wording) -> bool:
    """Return whether all that is asked is a number or the work of a hand dropped on the keys."""
    return not any(any(map(str.isalpha, word)) and not _NOISE.search(word) for word in wording.subject)


def _is_unclear(ranking: NDArray[np.float64]) -> bool:
    """Return whether the best of the rankings, best first, leads by little."""
    return len(ranking) > 1 and float(ranking[0] - ranking[1]) < _UNCLEAR


def _target(ids: Sequence[Place], ranked: Sequence[Place], *, asked: str, is_unclear: bool) -> Target:
    frameworks = {framework for framework, _ in ids}
    others = [identity for framework, identity in ranked if (framework, identity) not in ids]
    return Target(
        kind="criterion",
        ids=tuple(identity for _, identity in ids),
        framework=frameworks.pop() if len(frameworks) == 1 else None,
        others=tuple(others[:_MOST_OTHERS]),
        is_unclear=is_unclear,
        asked=asked,
    )


def _distinct(names: Sequence[Name]) -> list[Place]:
    return list(dict.fromkeys((name.framework, identity) for name in names for identity in name.ids))

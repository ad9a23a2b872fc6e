"""Everything by which a criterion, a principle or a whole framework can be asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govbot.asking.phrasing import singular, split_words
from govbot.records import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from govbot.asking.bank import QuestionBank
    from govbot.frameworks import Criterion, Framework

LabelKind = Literal["name", "text"]
#: Words that an id of one letter must follow, beside the framework's own word for a group.
_BEFORE_ID = frozenset({"principle", "criterion", "principles", "criteria"})
#: Words that it may follow at the very end of a question ("what is missing under F").
_BEFORE_LAST_ID = frozenset({"under", "on", "for", "about", "in"})
#: Words of an example of asking that is a name and not a sentence, at most.
_NAME_WORDS = 2
_NUMBERED = re.compile(r"^[a-z]+-?\d")
#: Principles that are counted, "SV7", are called by their number too, but where drafts count by the same word.
_COUNTED = re.compile(r"[a-z]+(\d{1,2})$")
_COUNTS_IN_DRAFTS = frozenset({"part", "area"})
#: From two: "each principle one by one" is about all.
_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A text that stands for a criterion, a principle or a whole framework."""

    framework: str
    #: A whole framework's is its own.
    id: str
    #: What people ask with (title, alias, example of a question), or a longer text about it.
    kind: LabelKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name found among the words of a question."""

    framework: str
    #: One id, or all principles of a whole framework.
    ids: tuple[str, ...]
    #: Where it starts and ends, in words.
    start: int
    end: int


def framework_labels(
    framework: Framework, bank: QuestionBank | None, asked: Mapping[str, Sequence[str]], wholes: Sequence[str]
) -> tuple[Label, ...]:
    """Return the labels of a framework, those of the whole first, each principle's before its criteria's."""
    labels: list[Label] = _labels(framework.id, framework.id, wholes, ())
    for principle in framework.principles:
        if not principle.is_leaf:
            names = (principle.title, principle.short, *principle.aliases, *asked.get(principle.id, ()))
            labels += _labels(framework.id, principle.id, names, (principle.description,))
        for criterion in principle.criteria:
            names = (criterion.title, *criterion.aliases, *asked.get(criterion.id, ()))
            labels += _labels(framework.id, criterion.id, names, _texts(criterion, bank))
    return tuple(labels)


def _labels(framework: str, identity: str, names: Iterable[str], texts: Iterable[str]) -> list[Label]:
    return [
        *(Label(framework=framework, id=identity, kind="name", text=text) for text in names),
        *(Label(framework=framework, id=identity, kind="text", text=text) for text in texts),
    ]


def _texts(criterion: Criterion, bank: QuestionBank | None) -> tuple[str, ...]:
    questions = () if bank is None else tuple(bank.wording(criterion.id, stage).ask for stage in STAGES)
    return (criterion.description, *criterion.phrases, *questions)


class Names:
    """Finds ids, titles and aliases among the words of a question, whatever the words' endings."""

    def __init__(
        self,
        frameworks: Sequence[Framework],
        called: Mapping[str, Sequence[str]],
        asked: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        """Where two share a name, the first has it.

        `called` gives the names of whole frameworks by id, `asked` the ways to ask about a framework's criteria, of
        which the short ones are names.
        """
        #: An id's parts: "TOM3-1" is typed as two.
        self._ids: dict[tuple[str, ...], Name] = {}
        self._known: dict[tuple[str, ...], Name] = {}
        self._before_id = _BEFORE_ID | {framework.group_word for framework in frameworks}
        for framework in frameworks:
            short = [
                ((name,), tuple(text for text in texts if len(text.split()) <= _NAME_WORDS))
                for name, texts in asked.get(framework.id, {}).items()
            ]
            for ids, names in (*_named(framework, called.get(framework.id, ())), *short):
                found = Name(framework=framework.id, ids=ids, start=0, end=0)
                for name in names:
                    for key in _keys(split_words(name)):
                        self._known.setdefault(key, found)
                if len(ids) == 1:
                    for key in _id_keys(framework, ids[0]):
                        self._ids.setdefault(key, found)
        self._longest, self._longest_id = max(map(len, self._known)), max(map(len, self._ids))

    def exact(self, words: Sequence[str]) -> Name | None:
        """Return what all the words together are the name of, or None."""
        parts = _parts(words)
        found = self._get(parts)
        if found is None:
            found = self._ids.get(parts)
        return None if found is None else _at(found, 0, len(words))

    def find(self, words: Sequence[str]) -> list[Name]:
        """Return the names among the words, in order, the longest where they overlap."""
        parts = _parts(words)
        spans = [
            _at(found, start, start + length)
            for length in range(min(self._longest, len(parts)), 0, -1)
            for start in range(len(parts) - length + 1)
            if (found := self._get(parts[start : start + length])) is not None
        ]
        chosen: list[Name] = []
        for span in spans:
            if all(span.end <= other.start or span.start >= other.end for other in chosen):
                chosen.append(span)
        return sorted(chosen, key=lambda span: span.start)

    def _get(self, parts: Sequence[str]) -> Name | None:
        return next((self._known[key] for key in _keys(parts) if key in self._known), None)

    def find_ids(self, words: Sequence[str]) -> Iterator[Name]:
        """Yield the ids among the words ("B3", "principle f"), in order."""
        parts = _parts(words)
        led = False
        place = 0
        while place < len(parts):
            lengths = range(min(self._longest_id, len(parts) - place), 0, -1)
            length, found = next(
                ((size, name) for size in lengths if (name := self._ids.get(parts[place : place + size]))), (1, None)
            )
            part = "-".join(parts[place : place + length])
            if found is not None and (led or length > 1 or _NUMBERED.match(part)):
                yield _at(found, place, place + length)
            led = part in self._before_id or (led and (found is not None or part == "and"))
            led = led or (part in _BEFORE_LAST_ID and place + 2 == len(parts))
            place += length


def _named(framework: Framework, called: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield (ids, names) of the framework, its principles and its criteria."""
    whole = (framework.id, framework.title, *called)
    yield tuple(principle.id for principle in framework.principles), whole
    for principle in framework.principles:
        yield (principle.id,), (principle.title, principle.short, *principle.aliases)
        if principle.is_leaf:
            yield (principle.id,), principle.criteria[0].aliases
            continue
        for criterion in principle.criteria:
            yield (criterion.id,), (criterion.title, *criterion.aliases)


def _id_keys(framework: Framework, identity: str) -> Iterator[tuple[str, ...]]:
    """Yield the words by which an id is typed: "sv7", "principle 7", "principle seven"."""
    yield tuple(split_words(identity))
    counted = _COUNTED.match(identity.casefold())
    is_principle = any(principle.id == identity for principle in framework.principles)
    if counted and is_principle and framework.group_word not in _COUNTS_IN_DRAFTS:
        number = int(counted[1])
        yield framework.group_word, str(number)
        if 2 <= number <= len(_NUMBER_WORDS) + 1:
            yield framework.group_word, _NUMBER_WORDS[number - 2]


def _at(name: Name, start: int, end: int) -> Name:
    return Name(framework=name.framework, ids=name.ids, start=start, end=end)


def _parts(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for word in words for part in split_words(word))


def _keys(parts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return what words are known by: apart, and as one word, since "co-production" is "coproduction"."""
    return tuple(singular(word) for word in parts), (singular("".join(parts)),)

"""Everything by which a criterion, a principle or a whole framework can be asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govbot.asking.phrasing import singular, split_words
from govbot.records import STAGES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

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
#: Between the ends of a range.
_TO = frozenset({"to", "through", "thru", "till", "until"})
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
    labels: list[Label] = list(whole_labels(framework, wholes))
    for principle in framework.principles:
        if not principle.is_leaf:
            names = (principle.title, principle.short, *principle.aliases, *asked.get(principle.id, ()))
            labels += _labels(framework.id, principle.id, names, (principle.description,))
        for criterion in principle.criteria:
            names = (criterion.title, *criterion.aliases, *asked.get(criterion.id, ()))
            labels += _labels(framework.id, criterion.id, names, _texts(criterion, bank))
    return tuple(labels)


def whole_labels(framework: Framework, wholes: Sequence[str]) -> tuple[Label, ...]:
    """Return the labels of a framework as a whole."""
    return tuple(_labels(framework.id, framework.id, wholes, ()))


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
        #: "principle", "7" and so on; None where two frameworks count by one word.
        self._numbers: dict[tuple[str, str], Name | None] = {}
        #: Framework id -> words of what it is called, which may stand before its numbers.
        self._called: dict[str, frozenset[str]] = {}
        #: First and last id of a framework's principles -> all of them.
        self._ranges: dict[tuple[str, str], Name] = {}
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
                    self._ids.setdefault(tuple(split_words(ids[0])), found)
            self._add_numbers(framework, called.get(framework.id, ()))
            self._add_range(framework)
        self._longest, self._longest_id = max(map(len, self._known)), max(map(len, self._ids))

    def _add_numbers(self, framework: Framework, called: Sequence[str]) -> None:
        self._called[framework.id] = frozenset(word for name in called for word in split_words(name))
        if framework.group_word in _COUNTS_IN_DRAFTS:
            return
        for principle in framework.principles:
            counted = _COUNTED.match(principle.id.casefold())
            number = int(counted[1]) if counted else 0
            spoken = _NUMBER_WORDS[number - 2 : number - 1] if number >= 2 else ()
            found = Name(framework=framework.id, ids=(principle.id,), start=0, end=0)
            for written in (str(number), *spoken) if number else ():
                for word in (framework.group_word, f"{framework.group_word}s"):
                    self._numbers[word, written] = None if (word, written) in self._numbers else found

    def _add_range(self, framework: Framework) -> None:
        ids = tuple(principle.id for principle in framework.principles)
        first, last = ids[0].casefold(), ids[-1].casefold()
        counted = _COUNTED.match(last)
        for end in (last, counted[1]) if counted else (last,):
            self._ranges.setdefault((first, end), Name(framework=framework.id, ids=ids, start=0, end=0))

    def whole_range(self, words: Sequence[str]) -> Name | None:
        """Return the framework from whose first to whose last principle the words reach: "A to G", "SV1-8"."""
        parts = _parts(words)
        spans = [(first, last) for first, to, last in zip(parts, parts[1:], parts[2:], strict=False) if to in _TO]
        spans += [(ends[0], ends[1]) for word in words if len(ends := split_words(word)) == 2]  # noqa: PLR2004
        return next((self._ranges[span] for span in spans if span in self._ranges), None)

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

    def find_ids(self, words: Sequence[str], plain: Container[str] = ()) -> Iterator[Name]:
        """Yield the ids among the words ("B3", "principle f", "principle 7"), in order.

        A number counts where a `plain` word or the framework's own name stands before: "GDPR principle 7" is not ours.
        """
        parts = _parts(words)
        led = False
        group = ""
        place = 0
        while place < len(parts):
            numbered = self._numbered(parts, place, group, plain)
            if numbered is not None:
                group = group if parts[place] == "and" else parts[place]
                yield _at(numbered, place, place + 2)
                place += 2
                continue
            group = ""
            lengths = range(min(self._longest_id, len(parts) - place), 0, -1)
            length, found = next(
                ((size, name) for size in lengths if (name := self._ids.get(parts[place : place + size]))), (1, None)
            )
            part = "-".join(parts[place : place + length])
            if found is not None and (led or _NUMBERED.match(part)):
                yield _at(found, place, place + length)
            led = part in self._before_id or (led and (found is not None or part == "and"))
            led = led or (part in _BEFORE_LAST_ID and place + 2 == len(parts))
            place += length

    def _numbered(self, parts: Sequence[str], place: int, group: str, plain: Container[str]) -> Name | None:
        """Return what "principle 7" names, or "and 7" after it, if these are the words at the place."""
        word, number = (*parts[place : place + 2], "", "")[:2]
        if word == "and" and group:
            return self._numbers.get((group, number))
        found = self._numbers.get((word, number))
        if found is None or place == 0:
            return found
        before = parts[place - 1]
        return found if before in plain or before in self._called[found.framework] else None


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


def _at(name: Name, start: int, end: int) -> Name:
    return Name(framework=name.framework, ids=name.ids, start=start, end=end)


def _parts(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for word in words for part in split_words(word))


def _keys(parts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return what words are known by: apart, and as one word, since "co-production" is "coproduction"."""
    return tuple(singular(word) for word in parts), (singular("".join(parts)),)

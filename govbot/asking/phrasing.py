"""How people ask: principles/asking.yaml, and a typed question's frame told apart from its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from govbot.frameworks.located import load_model
from govbot.frameworks.schema import FrameworkId, Identity, Text
from govbot.records import Wish
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILE = "principles/asking.yaml"
_APOSTROPHES = re.compile(r"['\u2018\u2019`]")
_WORD = re.compile(r"[^\W_]+")
_EDGES = re.compile(r"^\W+|\W+$")
_POSSESSIVE = re.compile(r"['\u2018\u2019`]s\b")
#: Letters that a stem keeps at least.
_STEM_LEAST = 3
#: Letters over which a last "s" is taken for an ending.
_PLURAL_LEAST = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A typed question taken apart."""

    #: All its words in lower case, without punctuation and apostrophes.
    words: tuple[str, ...]
    #: Those of its subject: what is left without the frame, or all where nothing is left.
    subject: tuple[str, ...]
    #: The subject as the person typed it.
    typed: str
    #: True where the frame says that the draft is meant ("have we covered ...").
    framed: bool
    #: True where the subject is a sentence and not the name of something.
    is_clause: bool
    #: True where the program is told to do something ("play some music").
    is_command: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Wished:
    """What a person wants to know, and of what."""

    wish: Wish
    #: The question without the words of the wish, as typed; empty where nothing else was said.
    rest: str


class Phrasing(BaseModel):
    """The words and examples of principles/asking.yaml, which says what each list is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["govbot.asking/1"] = Field(alias="schema")
    document_words: frozenset[Text]
    weak_document_words: frozenset[Text]
    document_plurals: frozenset[Text]
    pointing: frozenset[Text]
    frame: frozenset[Text]
    leads: frozenset[Text]
    weak_leads: frozenset[Text]
    prepositions: frozenset[Text]
    articles: frozenset[Text]
    closing: frozenset[Text]
    weak_closing: frozenset[Text]
    clause_words: frozenset[Text]
    commands: frozenset[Text]
    commanded: frozenset[Text]
    plain_words: frozenset[Text]
    #: What is wished for -> all that is typed, or words with which a longer question begins.
    whole_wishes: dict[Wish, tuple[Text, ...]]
    wish_openings: frozenset[Text]
    wishes: dict[Wish, tuple[Text, ...]]
    missing_of: frozenset[Text]
    #: Framework id -> names that people have for it.
    frameworks: dict[FrameworkId, tuple[Text, ...]]
    #: Those that often mean something else.
    everyday_names: frozenset[Text]
    #: Framework id -> names that are such only in capitals.
    capital_names: dict[FrameworkId, tuple[Text, ...]]
    #: Letters with "and" between them that are no principles ("A and E").
    lettered_names: frozenset[Text]
    #: Examples of what has nothing to do with a draft.
    other: tuple[Text, ...]
    #: Examples of subjects outside every framework.
    topics: tuple[Text, ...]
    #: Framework id -> criterion or principle id -> ways to ask about it.
    asked: dict[FrameworkId, dict[Identity, tuple[Text, ...]]]
    #: Framework id -> ways to ask about all of it.
    wholes: dict[FrameworkId, tuple[Text, ...]]

    @property
    def framing(self) -> frozenset[str]:
        """Words that carry no subject, or lead to one."""
        return self.frame | self.leads | self.plain_words | self.prepositions

    def read(self, question: str) -> Wording:
        """Return the question taken apart."""
        pairs = [(typed, word) for typed in question.split() if (word := _normal(typed))]
        words = tuple(word for _, word in pairs)
        start = self._frame_end(words)
        end = self._closing_start(words, start)
        if not self.content(words[start:end]):
            start, end = 0, len(words)
        framed = self._names_draft(words, start, end)
        is_led = framed and words[start - 1 : start] != () and words[start - 1] not in self.weak_leads
        first = words[start if is_led else 0 :][:1]
        return Wording(
            words=words,
            subject=words[start:end],
            typed=" ".join(_EDGES.sub("", typed) for typed, _ in pairs[start:end]),
            framed=framed,
            is_clause=not self.clause_words.isdisjoint(first),
            is_command=not (self.commands.isdisjoint(words[:1]) or self.commanded.isdisjoint(words[1:2])),
        )

    def searched(self, question: str) -> str:
        """Return what is looked for in many drafts, as typed: "which strategies mention cycling" is about cycling."""
        pairs = [(typed, word) for typed in question.split() if (word := _normal(typed))]
        passed = self.frame | self.clause_words | self.leads | self.prepositions | self.articles
        passed |= self.document_words | self.weak_document_words | self.document_plurals
        start = next((place for place, (_, word) in enumerate(pairs) if word not in passed), 0)
        return " ".join(_EDGES.sub("", typed) for typed, _ in pairs[start:])

    def wished(self, question: str) -> Wished:
        """Return what the person wants, and what of: "what should I ask about risk" is questions, of risk."""
        pairs = [(typed, word) for typed in question.split() if (word := _normal(typed))]
        words = tuple(word for _, word in pairs)
        for wish, phrases in self.whole_wishes.items():
            if " ".join(words) in phrases:
                return Wished(wish=wish, rest="")
        start = next((place for place, word in enumerate(words) if word not in self.wish_openings), len(words))
        for wish, phrases in self.wishes.items():
            lengths = (
                len(phrase.split()) for phrase in phrases if f"{' '.join(words[start:])} ".startswith(f"{phrase} ")
            )
            length = max(lengths, default=0)
            rest = pairs[start + length :]
            if not length or (wish == "missing" and rest and rest[0][1] not in self.missing_of):
                continue
            kept = " ".join(typed for typed, _ in rest)
            has_subject = wish != "compare" and self.content(self.read(kept).subject)
            return Wished(wish=wish, rest=kept if has_subject else "")
        return Wished(wish="coverage", rest=question)

    def named_frameworks(self, question: str) -> tuple[str, ...]:
        """Return the ids of frameworks that the question names.

        A name that is often in use for something else ("best value") must be all that is asked about.
        """
        words = _joined(_POSSESSIVE.sub("", question))
        subject = _joined(" ".join(self.read(question).subject))
        called = {
            framework: any(
                _joined(name) == subject or (name not in self.everyday_names and _joined(name) in words)
                for name in names
            )
            for framework, names in self.frameworks.items()
        }
        typed = {_EDGES.sub("", word) for word in question.split()}
        if question.isupper() and len(typed) > 1:
            # All of it is shouted.
            typed = set()
        return tuple(
            framework
            for framework, is_called in called.items()
            if is_called or not typed.isdisjoint(self.capital_names.get(framework, ()))
        )

    def has_lettered_name(self, question: str) -> bool:
        """Return whether letters in the question are the name of something else."""
        words = _joined(question.replace("&", " and "))
        return any(_joined(name) in words for name in self.lettered_names)

    def content(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the words that carry a subject, hyphens parted, in order."""
        return tuple(part for word in words for part in split_words(word) if part not in self.plain_words)

    def _frame_end(self, words: Sequence[str]) -> int:
        """Return how many words at the start are frame."""
        place = 0
        while place < len(words):
            word = words[place]
            if place and words[place - 1] in self.prepositions:
                while place < len(words) and words[place] in self.articles:
                    place += 1
                break
            if word not in self.frame and word not in self.leads and not self._is_draft(words, place):
                break
            place += 1
        return place

    def _closing_start(self, words: Sequence[str], start: int) -> int:
        """Return where the words after the subject begin."""
        end = len(words)
        while end > start:
            last = words[end - 1]
            weak = last in self.weak_closing and end < len(words)
            if not weak and last not in self.closing and not self._is_draft(words, end - 1):
                break
            end -= 1
        return end

    def _names_draft(self, words: Sequence[str], start: int, end: int) -> bool:
        """Return whether the words before `start` or from `end` say that the draft is meant."""
        before = [word for word in words[:start] if word not in self.articles]
        if (before and before[-1] in self.leads) or "in" in words[end:]:
            return True
        if any(word in self.leads and word not in self.frame for word in words[end:]):
            return True
        return any(self._is_draft(words, place) for place in (*range(start), *range(end, len(words))))

    def _is_draft(self, words: Sequence[str], place: int) -> bool:
        """Return whether the word at `place` means the draft: "the report" does, "an annual report" does not."""
        word, before = words[place], words[place - 1] if place else ""
        return word in self.document_words or (word in self.weak_document_words and before in self.pointing)


@cache
def load_phrasing() -> Phrasing:
    """Return the shipped phrasing; raise InvalidFramework with every fault."""
    return load_model(resource(_FILE), Phrasing)


def split_words(text: str) -> list[str]:
    """Return the words of `text` in lower case, apostrophes left out, hyphens parted."""
    return _WORD.findall(_APOSTROPHES.sub("", text).casefold())


def _joined(text: str) -> str:
    """Return the words of `text` between spaces, so that whole words are found in them, "stokers" as "stoker"."""
    words = (word.removesuffix("s") if len(word) > _PLURAL_LEAST else word for word in split_words(text))
    return f" {' '.join(words)} "


def singular(word: str) -> str:
    """Return the word without a plural's ending."""
    return _without(word, ("ies", "es", "s", "y", "e"))


def stem(word: str) -> str:
    """Return the word without its commonest endings, so that "reports" and "reporting" are one."""
    return _without(word, ("ings", "ing", "ies", "es", "ed", "s", "y", "e"))


def _without(word: str, endings: Sequence[str]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_LEAST and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def _normal(typed: str) -> str:
    return _EDGES.sub("", _APOSTROPHES.sub("", typed)).casefold()

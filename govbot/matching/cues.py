"""Plain words that tell strength, stance and stage: principles/cues.yaml -> counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import yaml

from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Vectors

CUES_FILE = "principles/cues.yaml"
#: More of a kind than this tells nothing more.
_MOST = 4


#: A pattern that is nothing but words to choose from.
_WORD_LIST = re.compile(r"\(?[a-z']+(?:\|[a-z']+)*\)?")
_WORD = re.compile(r"[\w']+")
#: What a pattern begins with: words to choose from, or one word, with nothing or a space after it.
_OPENING = re.compile(r"\(([a-z |]+)\)(?: |$)|([a-z]+) ")


def count_cues(texts: Sequence[str]) -> Vectors:
    """Return (n, cues) float32: how many of each cue's patterns occur, from 0 to 1 in steps of a quarter."""
    rows: list[list[float]] = []
    for text in texts:
        folded = text.lower().replace("’", "'")
        words = set(_WORD.findall(folded))
        pieces = words.union(*(word.split("'") for word in words if "'" in word))
        counts = (
            sum(not words.isdisjoint(names) for names in cue.words)
            + sum(one.occurs(folded, pieces) for one in cue.patterns)
            for cue in _cues()
        )
        rows.append([min(count, _MOST) / _MOST for count in counts])
    return np.array(rows, dtype=np.float32).reshape(len(texts), len(_cues()))


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern that takes a search, which is not done where none of the words is there that it can begin with."""

    search: re.Pattern[str]
    #: Empty where they cannot be told.
    openings: frozenset[str]

    def occurs(self, folded: str, pieces: set[str]) -> bool:
        """Return whether a text in small letters holds it; `pieces` are the text's words, apostrophes apart."""
        if self.openings and pieces.isdisjoint(self.openings):
            return False
        return self.search.search(folded) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cue:
    """One cue's patterns: lists of words, which a look-up finds, and those that take a search."""

    words: tuple[frozenset[str], ...]
    patterns: tuple[_Pattern, ...]


@cache
def _cues() -> tuple[_Cue, ...]:
    sheet = yaml.safe_load(resource(CUES_FILE).read_text(encoding="utf-8"))
    return tuple(
        _Cue(
            words=tuple(frozenset(p.strip("()").split("|")) for p in patterns if _WORD_LIST.fullmatch(p)),
            patterns=tuple(
                _Pattern(re.compile(rf"(?<!\w)(?:{p})(?!\w)"), _openings(p))
                for p in patterns
                if not _WORD_LIST.fullmatch(p)
            ),
        )
        for patterns in sheet.values()
    )


def _openings(pattern: str) -> frozenset[str]:
    found = _OPENING.match(pattern)
    return frozenset(option.split()[0] for option in (found[1] or found[2]).split("|")) if found else frozenset()

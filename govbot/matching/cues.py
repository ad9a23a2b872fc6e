"""Plain words that tell strength, stance and stage: principles/cues.yaml -> counts."""

from __future__ import annotations

import hashlib
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

_CUES_FILE = "principles/cues.yaml"
#: More of a kind than this tells nothing more.
_MOST = 4


#: A pattern that is nothing but words to choose from.
_WORD_LIST = re.compile(r"\(?[a-z']+(?:\|[a-z']+)*\)?")
_WORD = re.compile(r"[\w']+")


def count_cues(texts: Sequence[str]) -> Vectors:
    """Return (n, cues) float32: how many of each cue's patterns occur, from 0 to 1 in steps of a quarter."""
    rows: list[list[float]] = []
    for text in texts:
        words = set(_WORD.findall(text.lower()))
        counts = (
            sum(not words.isdisjoint(names) for names in cue.words) + sum(bool(p.search(text)) for p in cue.patterns)
            for cue in _cues()
        )
        rows.append([min(count, _MOST) / _MOST for count in counts])
    return np.array(rows, dtype=np.float32).reshape(len(texts), len(_cues()))


def cues_fingerprint() -> str:
    """Return the SHA-256 of the patterns: weights learnt with others would be weights of something else."""
    return hashlib.sha256(resource(_CUES_FILE).read_bytes()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cue:
    """One cue's patterns: lists of words, which a look-up finds, and those that take a search."""

    words: tuple[frozenset[str], ...]
    patterns: tuple[re.Pattern[str], ...]


@cache
def _cues() -> tuple[_Cue, ...]:
    sheet = yaml.safe_load(resource(_CUES_FILE).read_text(encoding="utf-8"))
    return tuple(
        _Cue(
            words=tuple(frozenset(p.strip("()").split("|")) for p in patterns if _WORD_LIST.fullmatch(p)),
            patterns=tuple(
                re.compile(rf"(?<!\w)(?:{p})(?!\w)", re.IGNORECASE) for p in patterns if not _WORD_LIST.fullmatch(p)
            ),
        )
        for patterns in sheet.values()
    )

"""Mends slips of the keyboard in a question, towards words that the frameworks use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Collection

#: Fewest letters of a word that is mended, and of one in which two slips are: shorter ones are too alike. In words of
#: the fewest letters only swapped neighbours are mended ("fruad"; "ponds" are no "pounds").
_ONE_SLIP_LETTERS, _TWO_SLIPS_LETTERS = 5, 8


def mend(word: str, *, known: Collection[str], towards: Collection[str]) -> str:
    """Return the nearest word of `towards`, or `word` itself where it is known or nothing is near.

    A slip is a letter too many, too few, wrong, or swapped with its neighbour; the first letter must be right.
    """
    if word in known or len(word) < _ONE_SLIP_LETTERS or not word.isalpha():
        return word
    slips = 2 if len(word) >= _TWO_SLIPS_LETTERS else 1
    near = [
        (OSA.distance(word, other, score_cutoff=slips), abs(len(word) - len(other)), other)
        for other in towards
        if other[:1] == word[0]
        and abs(len(other) - len(word)) <= slips
        and len(other) >= _ONE_SLIP_LETTERS
        and (len(word) > _ONE_SLIP_LETTERS or sorted(other) == sorted(word))
    ]
    best = min(near, default=None)
    return best[2] if best is not None and best[0] <= slips else word

"""How many of a criterion's own words a text uses: what a vector blurs, and what few examples cannot teach."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from govbot.matching.heads import Array

#: Letters that tell a word: "procures", "procurement" and "procuring" are one. Five, or endings cut off by rule, do as
#: well; whole words a little worse.
_LETTERS = 6
_WORD = re.compile(r"[^\W\d_]{3,}")


def gather_words(texts: Sequence[Sequence[str]], examples: Sequence[str]) -> tuple[NDArray[np.str_], Array]:
    """Return the v words of k criteria, sorted, and their (v, k) weights.

    `texts` are those about each criterion. A word weighs the more the fewer `examples` use it, and 0 for a criterion
    whose texts do not use it.
    """
    used = Counter(word for example in examples for word in _words(example))
    own = [frozenset(word for text in about for word in _words(text)) for about in texts]
    words = sorted(frozenset().union(*own))
    rarity = {word: np.log((len(examples) + 1) / (used[word] + 1)) for word in words}
    weights = np.array([[rarity[word] * (word in one) for one in own] for word in words], dtype=np.float32)
    return np.array(words, dtype=np.str_), weights.reshape(len(words), len(own))


def share_words(texts: Sequence[str], words: NDArray[np.str_], weights: Array) -> Array:
    """Return (n, k): the weights of the words that each text shares with each criterion, by the root of its length."""
    places = {word: place for place, word in enumerate(words.tolist())}
    found = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
    for row, text in enumerate(texts):
        # In order: sums of small numbers depend on it, and that of a set on the process.
        shared = sorted(places[word] for word in _words(text) if word in places)
        found[row] = weights[shared].sum(axis=0) / np.sqrt(1 + len(text.split()))
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_LETTERS] for word in _WORD.findall(text.lower()))

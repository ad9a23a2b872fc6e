"""An encoder that needs no model: texts that share words, or parts of words, are near."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from govbot.embedding.encoder import Progress, Vectors, no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

DIM = 64
#: Letters of the parts of words that are counted, so that "plan" is near "planning".
_PART = 3
#: What a part counts beside its whole word.
_PART_WEIGHT = 0.5
_WORD = re.compile(r"\w+")


class HashEncoder:
    """Counts words and their parts of three letters into hashed places, each with a hashed sign."""

    def __init__(self, *, dim: int = DIM) -> None:
        """`dim` is the length of a vector: the shorter, the more unlike texts meet by chance."""
        self._dim = dim
        #: Every text that was encoded so far, in order.
        self.encoded: list[str] = []

    @property
    def name(self) -> str:
        """Name of the encoder; another length is another model."""
        return f"hash-{self._dim}"

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    def encode(self, texts: Sequence[str], *, progress: Progress = no_progress) -> Vectors:
        """Return (n, dim) float32 vectors of unit length, in the order of `texts`, the same on every machine."""
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token, weight in _weights(text).items():
                digest = hashlib.sha256(token.encode()).digest()
                row[int.from_bytes(digest[:4]) % self._dim] += weight if digest[4] % 2 else -weight
            norm = np.linalg.norm(row)
            if norm:
                row /= norm
            else:  # a text without words has a place too
                row[0] = 1
            self.encoded.append(text)
            progress(1)
        return vectors


def _weights(text: str) -> dict[str, float]:
    """Return what each word, and each part of one, counts in a text."""
    weights: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text.casefold()):
        weights[word] += 1
        padded = f"^{word}$"
        for start in range(len(padded) - _PART + 1):
            weights[padded[start : start + _PART]] += _PART_WEIGHT
    return weights

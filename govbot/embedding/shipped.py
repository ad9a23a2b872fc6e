"""Vectors of texts that come with govbot, made once when the encoder was taught, so that nobody waits for them."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from govbot.embedding.encoder import Encoder, Progress, Vectors, no_progress
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Holds the model's name, the texts' hashes and their vectors, no text.
FILE = "principles/router.npz"
_HASH_BYTES = 16


class ShippedEncoder:
    """An encoder that has the vectors of the shipped texts at hand, and leaves the others to the one behind it."""

    def __init__(self, encoder: Encoder) -> None:
        """Vectors of another model than the encoder's are passed over."""
        self._encoder = encoder

    @property
    def name(self) -> str:
        """Name of the encoder behind it."""
        return self._encoder.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    def encode(self, texts: Sequence[str], *, progress: Progress = no_progress) -> Vectors:
        """Return (n, dim) float32 vectors of unit length."""
        model, known = _load()
        at_hand = known if model == self.name else {}
        keys = [_key(text) for text in texts]
        fresh = list(dict.fromkeys(text for key, text in zip(keys, texts, strict=True) if key not in at_hand))
        encoded = (
            dict(zip(map(_key, fresh), self._encoder.encode(fresh, progress=progress), strict=True)) if fresh else {}
        )
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        return np.stack([at_hand[key] if key in at_hand else encoded[key] for key in keys])


def save_shipped(texts: Sequence[str], encoder: Encoder) -> None:
    """Write the vectors of the texts, at half precision."""
    distinct = list(dict.fromkeys(texts))
    keys = np.frombuffer(b"".join(map(_key, distinct)), dtype=np.uint8).reshape(len(distinct), _HASH_BYTES)
    vectors = encoder.encode(distinct).astype(np.float16)
    np.savez_compressed(resource(FILE), model=np.array(encoder.name), keys=keys, vectors=vectors)
    _load.cache_clear()


@cache
def _load() -> tuple[str, dict[bytes, Vectors]]:
    """Return the model's name and the vectors by key: none where there is no sound file, since texts can be encoded."""
    try:
        with resource(FILE).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            model, keys, vectors = str(kept["model"]), kept["keys"], kept["vectors"].astype(np.float32)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return "", {}
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return model, {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_HASH_BYTES]

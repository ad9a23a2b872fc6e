"""What every encoder does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Told the number of texts encoded since the last call.
Progress = Callable[[int], None]


def no_progress(_: int) -> None:
    """Tell nobody."""


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    @property
    def name(self) -> str:
        """Name and version of the model, kept with every assessment."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], *, progress: Progress = no_progress) -> Vectors:
        """Return (len(texts), dim) float32 vectors of unit length, in the order of `texts`."""

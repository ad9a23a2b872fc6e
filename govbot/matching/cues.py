"""Plain words that tell strength, stance and stage: principles/cues.yaml -> counts."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import yaml

from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Vectors

#: More of a kind than this tells nothing more.
_MOST = 4


def count_cues(texts: Sequence[str]) -> Vectors:
    """Return (n, cues) float32: how many of each cue's patterns occur, from 0 to 1 in steps of a quarter."""
    counts = [
        [min(sum(bool(pattern.search(text)) for pattern in patterns), _MOST) / _MOST for patterns in _cues().values()]
        for text in texts
    ]
    return np.array(counts, dtype=np.float32).reshape(len(texts), len(_cues()))


@cache
def _cues() -> dict[str, list[re.Pattern[str]]]:
    """Return each cue's patterns by its name."""
    sheet = yaml.safe_load(resource("principles/cues.yaml").read_text(encoding="utf-8"))
    return {
        name: [re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for pattern in patterns]
        for name, patterns in sheet.items()
    }

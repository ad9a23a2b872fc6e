"""Which titles are of one document."""

from __future__ import annotations

import re

#: Words of a title or file name that tell versions apart, not documents.
_VERSION_WORDS = frozenset(
    "draft drafts final version ver v rev revision revised copy new old latest clean tracked changes comments updated "
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_WORD = re.compile(r"[^\W_]+")
#: Longest line that is kept.
_LONGEST = 400


def title_line(title: str) -> str:
    """Return what titles of the same document have in common: "Housing Strategy v3 FINAL" gives "housing strategy".

    A title of nothing but such words stands for itself.
    """
    words = [word.casefold() for word in _WORD.findall(title)]
    telling = [word for word in words if word not in _VERSION_WORDS and not re.fullmatch(r"v?\d{1,2}", word)]
    return " ".join(telling or words)[:_LONGEST]

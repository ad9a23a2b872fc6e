"""Which titles are of one document."""

from __future__ import annotations

import re

#: Words of a title or file name that tell versions apart, not documents.
_VERSION_WORDS = frozenset("draft drafts final version ver v rev revision revised copy latest clean tracked".split())
_WORD = re.compile(r"[^\W_]+")
#: A version's figure that is joined to its word, and the figure of a copy at the end: "v3", "(2)".
_JOINED = re.compile(r"(?:v|ver|rev|draft)\d{1,3}")
_COPY = re.compile(r"\s*\(\d{1,2}\)(?=(\.\w{1,5})?$)")
#: Characters of the longest line that is kept.
LONGEST_LINE = 400


def title_line(title: str) -> str:
    """Return what titles of the same document have in common: "Housing Strategy v3 FINAL" gives "housing strategy".

    A title of nothing but such words stands for itself; one without words has nothing in common with any.
    """
    words = [word.casefold() for word in _WORD.findall(_COPY.sub("", title))]
    telling = [
        word
        for place, word in enumerate(words)
        if word not in _VERSION_WORDS
        and not _JOINED.fullmatch(word)
        and not (word.isdigit() and len(word) < 3 and place and _is_version(words[:place]))
    ]
    return " ".join(telling or words)[:LONGEST_LINE]


def _is_version(before: list[str]) -> bool:
    """Return whether a figure after these words is a version's: "v 1", and the 2 of "v1.2"."""
    figures = [word for word in before if not (word.isdigit() and len(word) < 3)]
    last = figures[-1] if figures else ""
    return last in _VERSION_WORDS or _JOINED.fullmatch(last) is not None

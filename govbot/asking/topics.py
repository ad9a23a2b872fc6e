"""Which passages of a draft speak of a topic: by its words, whatever their endings and slips, and by meaning."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from govbot.asking.phrasing import Phrasing, load_phrasing, split_words, stem
from govbot.asking.spelling import mend
from govbot.assessing.quoting import LEAST_WORDS
from govbot.passages import verbatim, word_count
from govbot.records import Evidence, Matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.embedding import Encoder, Vectors
    from govbot.records import Part, Passage

#: Cosine similarity from which a passage speaks of a topic without its words, and from which it does with most of them.
#: Measured on the demonstration draft in tests/drafts with 40 topics that it has and has not.
_MEANING, _MEANING_WITH_WORDS = 0.50, 0.30
#: Share of a topic's words, each counted by its rarity in the draft, that are most of them.
_MOST_WORDS_SHARE = 0.6


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What of a draft an answer draws on."""

    passages: Sequence[Passage]
    #: (n, dim) unit vectors of the passages.
    vectors: Vectors
    #: Matches under any framework: strengths, stances and stages are those of the passages themselves.
    matches: Matches

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """The words of each passage's own text and of its innermost heading."""
        return tuple(
            frozenset(_words(passage.text)) | frozenset(_words(" ".join(passage.section[-1:])))
            for passage in self.passages
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the draft."""
        return frozenset().union(*self.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A passage that speaks of a topic."""

    evidence: Evidence
    #: Share of the topic's words that the passage has, each counted by its rarity in the draft.
    share: float


def find_topic(topic: str, draft: Draft, encoder: Encoder, *, phrasing: Phrasing | None = None) -> list[Finding]:
    """Return the passages that speak of the topic, those with all its words first, then the nearest in meaning."""
    stems = _topic_stems(topic, draft, phrasing or load_phrasing())
    if not draft.passages:
        return []
    found = [frozenset(map(stem, words)) for words in draft.words]
    weights = _rarity(stems, found)
    shares = [sum(weights[name] for name in stems if name in passage) / sum(weights.values()) for passage in found]
    cosines = np.clip(draft.vectors @ encoder.encode([topic])[0], 0, 1)
    speaking = [
        number
        for number, share in enumerate(shares)
        if share > 1 - 1e-9
        or cosines[number] >= _MEANING
        or (share >= _MOST_WORDS_SHARE and cosines[number] >= _MEANING_WITH_WORDS)
    ]
    speaking.sort(key=lambda number: (-round(shares[number], 6), -cosines[number], number))
    return [
        Finding(evidence=_evidence(draft, number, weights, score=float(cosines[number])), share=shares[number])
        for number in speaking
    ]


def has_all_words(findings: Sequence[Finding]) -> bool:
    """Return whether any one passage has all words of the topic."""
    return any(finding.share > 1 - 1e-9 for finding in findings)


def _topic_stems(topic: str, draft: Draft, phrasing: Phrasing) -> list[str]:
    """Return the topic's stems, slips mended towards the draft's own words."""
    words = phrasing.content(topic.split()) or tuple(split_words(topic))
    long = {word for word in draft.vocabulary if word not in phrasing.plain_words}
    return list(dict.fromkeys(stem(mend(word, known=draft.vocabulary, towards=long)) for word in words))


def _rarity(stems: Sequence[str], passages: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return what each stem tells: the fewer passages have it, the more (inverse document frequency)."""
    spread = Counter(name for passage in passages for name in stems if name in passage)
    return {name: math.log(1 + (len(passages) + 1) / (spread[name] + 0.5)) for name in stems}


def _evidence(draft: Draft, number: int, weights: Mapping[str, float], *, score: float) -> Evidence:
    passage = draft.passages[number]
    parts = _quote(passage, weights)
    return Evidence(
        quote=verbatim(parts),
        page=parts[0].page,
        page_is_approximate=parts[0].page_is_approximate,
        paragraph=parts[0].paragraph,
        section=passage.section,
        score=round(score, 4),
        strength=draft.matches.strengths[number],
        stance=draft.matches.stances[number],
        stage=draft.matches.stages[number],
    )


def _quote(passage: Passage, weights: Mapping[str, float]) -> Sequence[Part]:
    """Return the sentence that has most of the words, with its neighbours in the block while it is too short."""
    parts = passage.parts
    best = max(range(len(parts)), key=lambda place: _weight(parts[place].text, weights))
    start, end = best, best + 1
    while word_count(verbatim(parts[start:end])) < LEAST_WORDS:
        if end < len(parts) and parts[end].block == parts[best].block:
            end += 1
        elif start and parts[start - 1].block == parts[best].block:
            start -= 1
        else:
            break
    return parts[start:end]


def _weight(text: str, weights: Mapping[str, float]) -> float:
    present = frozenset(map(stem, _words(text)))
    return sum(weight for name, weight in weights.items() if name in present)


def _words(text: str) -> list[str]:
    """Return the words of `text`, hyphened ones both parted and as one ("wi-fi" is "wi", "fi" and "wifi")."""
    joined = [word.replace("-", "") for word in text.split() if "-" in word.strip("-")]
    return split_words(text) + [part for word in joined for part in split_words(word)]

"""Which passages of a draft speak of a topic: by its words, whatever their endings and slips, and by meaning."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from govbot.asking.phrasing import Phrasing, load_phrasing, singular, split_words, stem
from govbot.asking.spelling import mend
from govbot.assessing.quoting import LEAST_WORDS
from govbot.passages import mean_confidence, verbatim, word_count
from govbot.records import Evidence, Matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Encoder, Vectors
    from govbot.records import Part, Passage

#: Cosine similarity from which a passage speaks of a topic without its words, and from which it does with most of them.
#: Measured on the demonstration draft in tests/drafts with 52 topics, of which it speaks of 20.
_MEANING, _MEANING_WITH_WORDS = 0.50, 0.30
#: Share of a topic's words, each counted by its rarity in the draft, that are most of them.
_MOST_WORDS_SHARE = 0.55
#: What a word in another form counts, against the word itself or its plural: parking is not a park.
_OTHER_FORM = 0.7
#: A share from here on is all words; less is for the sums.
_ALL = 1 - 1e-6


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
        return tuple(frozenset(_split(" ".join([passage.text, *passage.section[-1:]]))) for passage in self.passages)

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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """A topic's word."""

    #: Words of the draft that are this word or its plural.
    same: frozenset[str]
    #: Words of the draft that are another form of it.
    like: frozenset[str]
    #: What it tells: the fewer passages have it, the more (inverse document frequency).
    rarity: float


def find_topic(topic: str, draft: Draft, encoder: Encoder, *, phrasing: Phrasing | None = None) -> list[Finding]:
    """Return the passages that speak of the topic, those with all its words first, then the nearest in meaning."""
    if not draft.passages:
        return []
    words = _topic_words(topic, draft, phrasing or load_phrasing())
    asked = encoder.encode([topic])[0]
    cosines = np.clip(draft.vectors @ asked, 0, 1)
    found: list[Finding] = []
    for number, (passage, present) in enumerate(zip(draft.passages, draft.words, strict=True)):
        share, cosine = _share(words, present), float(cosines[number])
        best = _best_by_words(passage, words) if share else 0
        near = share >= _MOST_WORDS_SHARE and cosine >= _MEANING_WITH_WORDS
        if cosine >= _MEANING or near or _share(words, _spoken(passage, best)) >= _ALL:
            quote = _lengthened(passage, best if share else _best_by_meaning(passage, asked, encoder))
            found.append(Finding(evidence=_evidence(draft, number, quote, score=cosine), share=share))
    return sorted(found, key=lambda finding: (-round(finding.share, 6), -finding.evidence.score))


def has_all_words(findings: Sequence[Finding]) -> bool:
    """Return whether any one passage has all words of the topic."""
    return any(finding.share >= _ALL for finding in findings)


def _topic_words(topic: str, draft: Draft, phrasing: Phrasing) -> tuple[_Word, ...]:
    """Return the topic's words, slips mended towards the draft's own."""
    words = phrasing.content(topic.split()) or tuple(split_words(topic))
    towards = draft.vocabulary - phrasing.plain_words
    return tuple(
        _topic_word(word, draft)
        for word in dict.fromkeys(mend(word, known=draft.vocabulary, towards=towards) for word in words)
    )


def _topic_word(word: str, draft: Draft) -> _Word:
    same = frozenset(other for other in draft.vocabulary if singular(other) == singular(word))
    like = frozenset(other for other in draft.vocabulary if stem(other) == stem(word)) - same
    spread = sum(not same.isdisjoint(present) for present in draft.words)
    return _Word(same=same, like=like, rarity=math.log(1 + (len(draft.passages) + 1) / (spread + 0.5)))


def _share(words: Sequence[_Word], present: frozenset[str]) -> float:
    """Return the share of the topic's words that are among `present`."""
    found = sum(
        word.rarity * (1.0 if word.same & present else _OTHER_FORM if word.like & present else 0.0) for word in words
    )
    return found / sum(word.rarity for word in words)


def _evidence(draft: Draft, number: int, parts: Sequence[Part], *, score: float) -> Evidence:
    return Evidence(
        quote=verbatim(parts),
        page=parts[0].page,
        page_is_approximate=parts[0].page_is_approximate,
        paragraph=parts[0].paragraph,
        section=draft.passages[number].section,
        score=round(score, 4),
        strength=draft.matches.strengths[number],
        stance=draft.matches.stances[number],
        stage=draft.matches.stages[number],
        layout=parts[0].layout,
        ocr_confidence=mean_confidence(parts),
    )


def _best_by_words(passage: Passage, words: Sequence[_Word]) -> int:
    """Return the place of the sentence that has most of the words."""
    shares = [_share(words, frozenset(_split(part.text))) for part in passage.parts]
    return max(range(len(shares)), key=shares.__getitem__)


def _best_by_meaning(passage: Passage, asked: Vectors, encoder: Encoder) -> int:
    """Return the place of the sentence nearest to the (dim,) vector `asked`."""
    return int((encoder.encode([part.text for part in passage.parts]) @ asked).argmax())


def _lengthened(passage: Passage, place: int) -> Sequence[Part]:
    """Return the sentence at `place`, with its neighbours in the block while it is too short to be understood."""
    parts = passage.parts
    start, end = place, place + 1
    while word_count(verbatim(parts[start:end])) < LEAST_WORDS:
        if end < len(parts) and parts[end].block == parts[place].block:
            end += 1
        elif start and parts[start - 1].block == parts[place].block:
            start -= 1
        else:
            break
    return parts[start:end]


def _spoken(passage: Passage, place: int) -> frozenset[str]:
    """Return the words of one sentence and of the heading it stands under."""
    return frozenset(_split(" ".join([passage.parts[place].text, *passage.section[-1:]])))


def _split(text: str) -> list[str]:
    """Return the words of `text`, hyphened ones both parted and as one ("wi-fi" is "wi", "fi" and "wifi")."""
    joined = [word.replace("-", "") for word in text.split() if "-" in word.strip("-")]
    return split_words(text) + [part for word in joined for part in split_words(word)]

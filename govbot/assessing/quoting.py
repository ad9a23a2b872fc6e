"""Which sentences of a passage to quote: those that speak most of the criterion, verbatim."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.passages import verbatim, word_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Criterion, Framework
    from govbot.records import Part, Passage

#: Words of a quote: long enough to be understood alone, short enough to be read at a glance.
LEAST_WORDS = 12
MOST_WORDS = 60
#: What a word too many costs, in units of one average word of the criterion's vocabulary.
_WORD_COST = 0.06
#: Letters by which word forms are told apart: "report", "reports" and "reporting" are one.
_STEM_LETTERS = 6
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """How much each word stem tells of each criterion."""

    #: Criterion id -> stem -> weight; 0 for stems that every criterion uses.
    weights: Mapping[str, Mapping[str, float]]

    def weight(self, criterion: str, text: str) -> float:
        """Return the summed weight of the distinct stems of `text`."""
        weights = self.weights[criterion]
        return sum(weights.get(stem, 0.0) for stem in _stems(text))


def learn_vocabulary(framework: Framework) -> Vocabulary:
    """Return the words that set each criterion apart: those of its own text, rare in the others'."""
    stems = {criterion.id: _stems(_own_text(criterion)) for criterion in framework.criteria}
    spread = Counter(stem for found in stems.values() for stem in found)
    most = math.log(1 + len(stems))
    return Vocabulary(
        weights={
            name: {stem: math.log((1 + len(stems)) / spread[stem]) / most for stem in found}
            for name, found in stems.items()
        }
    )


def choose_quote(passage: Passage, criterion: str, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """Return the run of consecutive parts to quote: within one block, unless its pieces are too short alone."""
    parts = passage.parts
    runs = [
        parts[start:end]
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
        if end == start + 1 or word_count(verbatim(parts[start:end])) <= MOST_WORDS
    ]
    alone = [run for run in runs if run[0].block == run[-1].block and word_count(verbatim(run)) >= LEAST_WORDS]
    return max(alone or runs, key=lambda run: _worth(run, criterion, vocabulary))


def _worth(run: Sequence[Part], criterion: str, vocabulary: Vocabulary) -> float:
    text = verbatim(run)
    words = word_count(text)
    too_short = max(LEAST_WORDS - words, 0)
    return vocabulary.weight(criterion, text) - _WORD_COST * (max(words - LEAST_WORDS, 0) + 2 * too_short)


def _own_text(criterion: Criterion) -> str:
    return " ".join([criterion.title, criterion.description, *criterion.counts, *criterion.phrases, *criterion.aliases])


def _stems(text: str) -> set[str]:
    return {word[:_STEM_LETTERS] for word in _WORD.findall(text.lower())}

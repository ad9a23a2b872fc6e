"""Matches -> coverage of every criterion, by the decision rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.assessing.quoting import Vocabulary, choose_quote, learn_vocabulary
from govbot.passages import verbatim
from govbot.records import (
    STAGES,
    STRENGTHS,
    Coverage,
    Evidence,
    Matches,
    Nearest,
    Passage,
    Stage,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework

#: Below this share of its threshold a passage is not near at all: showing it would look foolish.
_NEAR = 0.2


def cover(framework: Framework, passages: Sequence[Passage], matches: Matches, *, unread: bool) -> tuple[Coverage, ...]:
    """Return each criterion's coverage; `unread` says that parts of the document could not be read."""
    vocabulary = learn_vocabulary(framework)
    covered: list[Coverage] = []
    for column, criterion in enumerate(matches.criteria):
        accepted = [number for number in range(len(passages)) if matches.accepted[number, column]]
        evidence = sorted(
            (_evidence(passages[number], number, column, matches, vocabulary) for number in accepted), key=_rank
        )
        status = _status(evidence, unread=unread)
        covered.append(
            Coverage(
                id=criterion,
                principle=framework.principle_of(criterion).id,
                status=status,
                stages=_stages(evidence),
                evidence=tuple(evidence),
                nearest=None if evidence else _nearest(passages, column, matches, vocabulary),
            )
        )
    return tuple(covered)


def _status(evidence: Sequence[Evidence], *, unread: bool) -> Status:
    found = {item.strength for item in evidence if item.stance == "positive"}
    if "evidence" in found:
        return "evidenced"
    if "commitment" in found:
        return "committed"
    # A bare mention does not contradict a draft that says the thing is missing.
    if any(item.stance == "absent" for item in evidence):
        return "absent"
    if found:
        return "mentioned"
    return "unread" if unread else "gap"


def _stages(evidence: Sequence[Evidence]) -> tuple[Stage, ...]:
    shown = {item.stage for item in evidence if item.stance == "positive" and item.strength != "mention"}
    return tuple(stage for stage in STAGES if stage in shown)


def _rank(item: Evidence) -> tuple[bool, int, float]:
    return (item.stance == "absent", -STRENGTHS.index(item.strength), -item.score)


def _evidence(passage: Passage, number: int, column: int, matches: Matches, vocabulary: Vocabulary) -> Evidence:
    parts = choose_quote(passage, matches.criteria[column], vocabulary)
    first = parts[0]
    return Evidence(
        quote=verbatim(parts),
        page=first.page,
        page_is_approximate=first.page_is_approximate,
        paragraph=first.paragraph,
        section=passage.section,
        score=round(float(matches.scores[number, column]), 4),
        strength=matches.strengths[number],
        stance=matches.stances[number],
        stage=matches.stages[number],
    )


def _nearest(passages: Sequence[Passage], column: int, matches: Matches, vocabulary: Vocabulary) -> Nearest | None:
    if not passages:
        return None
    number = int(matches.scores[:, column].argmax())
    threshold = float(matches.thresholds[column])
    if matches.scores[number, column] < _NEAR * threshold:
        return None
    found = _evidence(passages[number], number, column, matches, vocabulary)
    return Nearest(
        quote=found.quote,
        page=found.page,
        page_is_approximate=found.page_is_approximate,
        paragraph=found.paragraph,
        section=found.section,
        score=found.score,
        threshold=round(threshold, 4),
    )

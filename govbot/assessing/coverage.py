"""Matches -> coverage of every criterion, by the decision rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.assessing.quoting import Pair, Quote, evident_rows, main_paragraph
from govbot.passages import mean_confidence, verbatim
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
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Framework

#: Below this share of its threshold a passage is not near at all: showing it would look foolish. On 16 real drafts two
#: in three of the sixty from here on speak of the criterion's subject, and about one in seven of the forty below.
_NEAR = 0.6
#: Share of the score of a quote that says that something is missing from which another contradicts it: a passage that
#: hardly bears on the criterion must not outweigh a sure "we do not".
_CONTRADICTING = 0.7
#: Score from which a draft is told that it says that something is missing. Under ten frameworks all 13 such statuses of
#: 12 real drafts were wrong, 12 of them below this; of 25 drafts of ours it loses 3 of 36 that are right, and both that
#: are wrong.
_SURELY_ABSENT = 0.65


def cover(
    framework: Framework,
    passages: Sequence[Passage],
    matches: Matches,
    quotes: Mapping[Pair, Quote],
    *,
    unread: bool,
) -> tuple[Coverage, ...]:
    """Return each criterion's coverage; one of an optional part that the document says nothing of does not apply.

    `quotes` are of the passages that bear on a criterion most, which decide its status; without any of a criterion all
    its passages do. `unread` says that parts of the document could not be read.
    """
    evident = evident_rows(passages)
    covered: list[Coverage] = []
    for column, criterion in enumerate(matches.criteria):
        found = _hold_back(
            {
                row: item
                for row in evident
                if matches.accepted[row, column] and _is_sure(item := _evidence(passages[row], column, matches, quotes))
            }
        )
        accepted = list(found)
        weighed = sorted((found[row] for row in accepted if (row, column) in quotes), key=_rank)
        further = sorted((found[row] for row in accepted if (row, column) not in quotes), key=_rank)
        if any(owner == column for _, owner in quotes):
            further = [_no_stronger(item, weighed) for item in further]
        evidence = (*weighed, *further)
        principle = framework.principle_of(criterion)
        covered.append(
            Coverage(
                id=criterion,
                principle=principle.id,
                status=status_of(evidence, unread=unread, optional=principle.optional),
                stages=stages_of(evidence),
                evidence=evidence,
                nearest=None if evidence else _nearest(passages, evident, column, matches, quotes),
            )
        )
    return tuple(covered)


def _is_sure(item: Evidence) -> bool:
    return item.stance == "positive" or item.score >= _SURELY_ABSENT


def _hold_back(found: dict[int, Evidence]) -> dict[int, Evidence]:
    """Return the quotes, those that bear on the criterion far less than a "we do not" as mere mentions."""
    least = _CONTRADICTING * max((item.score for item in found.values() if item.stance == "absent"), default=0.0)
    return {
        row: replace(item, strength="mention") if item.stance == "positive" and item.score < least else item
        for row, item in found.items()
    }


def _no_stronger(item: Evidence, best: Sequence[Evidence]) -> Evidence:
    """Return a further match with no more strength than the best ones have: it bears on the criterion less."""
    most = max((STRENGTHS.index(one.strength) for one in best if one.stance == "positive"), default=0)
    return replace(item, strength=STRENGTHS[min(STRENGTHS.index(item.strength), most)])


def status_of(evidence: Sequence[Evidence], *, unread: bool, optional: bool) -> Status:
    """Return the status that quotes give a criterion. `optional`: without any, it does not apply."""
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
    if unread:
        return "unread"
    return "not_applicable" if optional else "gap"


def stages_of(evidence: Sequence[Evidence]) -> tuple[Stage, ...]:
    """Return the stages that quotes show, in the cycle's order."""
    shown = {item.stage for item in evidence if item.stance == "positive" and item.strength != "mention"}
    return tuple(stage for stage in STAGES if stage in shown)


def _rank(item: Evidence) -> tuple[bool, int, float]:
    return (item.stance == "absent", -STRENGTHS.index(item.strength), -item.score)


def _evidence(passage: Passage, column: int, matches: Matches, quotes: Mapping[Pair, Quote]) -> Evidence:
    row = passage.index
    quote = quotes.get((row, column)) or Quote(
        parts=main_paragraph(passage),
        score=float(matches.scores[row, column]),
        strength=matches.strengths[row],
        stance=matches.stances[row],
        stage=matches.stages[row],
    )
    first = quote.parts[0]
    return Evidence(
        quote=verbatim(quote.parts),
        page=first.page,
        page_is_approximate=first.page_is_approximate,
        paragraph=first.paragraph,
        section=passage.section,
        score=round(float(matches.scores[row, column]), 4),
        strength=quote.strength,
        stance=quote.stance,
        stage=quote.stage,
        passage=row,
        layout=first.layout,
        ocr_confidence=mean_confidence(quote.parts),
    )


def _nearest(
    passages: Sequence[Passage],
    evident: Sequence[int],
    column: int,
    matches: Matches,
    quotes: Mapping[Pair, Quote],
) -> Nearest | None:
    if not evident:
        return None
    row = max(evident, key=lambda row: float(matches.scores[row, column]))
    threshold = float(matches.thresholds[column])
    if matches.scores[row, column] < _NEAR * threshold:
        return None
    found = _evidence(passages[row], column, matches, quotes)
    if found.stance == "absent":
        threshold = max(threshold, _SURELY_ABSENT)
    return Nearest(
        quote=found.quote,
        page=found.page,
        page_is_approximate=found.page_is_approximate,
        paragraph=found.paragraph,
        section=found.section,
        score=found.score,
        threshold=round(threshold, 4),
        layout=found.layout,
        ocr_confidence=found.ocr_confidence,
    )

"""Why an answer says what it says: what counts for a criterion, what was found, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.asking.answering import answer, plain_answer, read_target
from govbot.asking.places import place, shorten
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.asking.routing import Target
    from govbot.asking.topics import Draft
    from govbot.embedding import Encoder
    from govbot.frameworks import Framework
    from govbot.records import Answer, Assessment, Coverage

_SHEET = "replies/ask"
#: Things that count which are named.
_MOST_COUNTS = 3
#: Words of the nearest passage that are repeated.
_QUOTE_WORDS = 30


def explain(
    question: str,
    target: Target,
    draft: Draft,
    *,
    frameworks: Sequence[Framework],
    assessments: Mapping[str, Assessment],
    encoder: Encoder,
) -> Answer:
    """Return why the draft stands as it does on what was asked; raise KeyError for a target of no given framework."""
    told = answer(
        question,
        replace(target, wish="coverage"),
        draft,
        frameworks=frameworks,
        assessments=assessments,
        encoder=encoder,
    )
    if target.kind != "criterion":
        key = "topic" if told.evidence else "no_topic"
        return replace(told, verdict=say(_SHEET, f"why.{key}", topic=target.topic))
    asked = read_target(question, target, frameworks=frameworks, assessments=assessments)
    bare = replace(told, missing_stages=(), questions=(), others=())
    if asked.only is None:
        parts = [say(_SHEET, f"why.part.{item.status}", id=item.id) for item in asked.items]
        return replace(bare, verdict=say(_SHEET, "why.several", about=asked.about, parts=parts), evidence=())
    ((framework, criterion),) = asked.covered
    counts = next(one for one in frameworks if one.id == framework).criterion(criterion).counts
    return replace(bare, verdict=_reason(asked.only, counts), evidence=told.evidence[:1])


def nothing_asked(question: str) -> Answer:
    """Return that there is no answer yet to explain or to add to."""
    return plain_answer(question, kind="other", verdict=say(_SHEET, "more.nothing_asked"))


def _reason(item: Coverage, counts: Sequence[str]) -> str:
    told = [
        say(_SHEET, f"why.{_found(item)}", id=item.id, at=_at(item), quote=_nearest(item)),
        say(_SHEET, "why.counts", counts=[_lower(text) for text in counts[:_MOST_COUNTS]]),
    ]
    if item.reliability is not None:
        right, recall = (round(10 * share) for share in (item.reliability.precision, item.reliability.recall))
        told.append(say("replies/check", "explained", right=right, found=recall))
    return " ".join(told)


def _found(item: Coverage) -> str:
    return "gap_near" if item.status == "gap" and item.nearest is not None else item.status


def _at(item: Coverage) -> str:
    """Return where the quote stands that decided the status, or the nearest passage."""
    deciding = [one for one in item.evidence if (one.stance == "absent") == (item.status == "absent")]
    found = deciding[0] if deciding else item.nearest
    return place(found, "at") if found is not None else ""


def _nearest(item: Coverage) -> str:
    return shorten(item.nearest.quote, _QUOTE_WORDS) if item.nearest is not None else ""


def _lower(text: str) -> str:
    """Return the text to stand inside a sentence; a name that begins with capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

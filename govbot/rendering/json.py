"""Check, Answer, Matches -> the JSON that other programs read (contract: govbot.check/1)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from govbot.records import (
        Answer,
        Assessment,
        Check,
        Comparison,
        Coverage,
        Document,
        Evidence,
        JointAnswer,
        Matches,
        Nearest,
        Question,
        Unread,
    )

SCHEMA = "govbot.check/1"
#: Decimal places of a score.
_PLACES = 4


def check_json(check: Check) -> dict[str, Any]:
    """Return what `govbot check --format json` prints; quotes stand in it exactly as in the document."""
    return {
        "schema": SCHEMA,
        "document": _document(check.document, check.passages),
        "unread": [_unread(item) for item in check.document.unread],
        "assessments": [_assessment(item) for item in check.assessments],
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return what `govbot ask --format json` prints."""
    return {
        "question": answer.question,
        "kind": answer.kind,
        "targets": list(answer.targets),
        "topic": answer.topic,
        "verdict": answer.verdict,
        "evidence": [_evidence(item) for item in answer.evidence],
        "missing_stages": list(answer.missing_stages),
        "questions": [_question(item) for item in answer.questions],
    }


def joint_json(answer: JointAnswer) -> dict[str, Any]:
    """Return what `govbot ask --format json` prints of several drafts: the keys of one answer, then each draft's."""
    first = answer.drafts[0].answer if answer.drafts else None
    return {
        "question": answer.question,
        "kind": first.kind if first else "other",
        "targets": list(first.targets) if first else [],
        "topic": first.topic if first else None,
        "verdict": answer.verdict,
        "drafts": [
            {
                "document": _about(item.document),
                "verdict": item.answer.verdict,
                "evidence": [_evidence(found) for found in item.answer.evidence],
                "missing_stages": list(item.answer.missing_stages),
                "questions": [_question(found) for found in item.answer.questions],
            }
            for item in answer.drafts
        ],
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return what `govbot ask OLD NEW "compare" --format json` prints."""
    return {
        "question": comparison.question,
        "verdict": comparison.verdict,
        "old": _about(comparison.old),
        "new": _about(comparison.new),
        "changes": [
            {
                "framework": framework,
                "criterion": item.id,
                "change": item.change,
                "before": _coverage(item.before),
                "after": _coverage(item.after),
            }
            for framework, item in comparison.changes
        ],
    }


def matches_json(ids: Sequence[str], matches: Matches) -> Iterator[dict[str, Any]]:
    """Yield what `govbot match --json` prints, a text at a time: every criterion, best first."""
    for number, name in enumerate(ids):
        scores = matches.scores[number]
        best_first = sorted(range(len(matches.criteria)), key=lambda column: -float(scores[column]))
        yield {
            "id": name,
            "matches": [
                {
                    "criterion": matches.criteria[column],
                    "score": round(float(scores[column]), _PLACES),
                    "accepted": bool(matches.accepted[number, column]),
                }
                for column in best_first
            ],
            "stage": matches.stages[number],
            "strength": matches.strengths[number],
            "stance": matches.stances[number],
        }


def _document(document: Document, passages: int) -> dict[str, Any]:
    return {**_about(document), "passages": passages}


def _about(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "name": document.name,
        "sha256": document.sha256,
        "media_type": document.media_type,
        "pages": document.pages,
    }


def _unread(item: Unread) -> dict[str, Any]:
    where = {"part": item.part} if item.page is None else {"page": item.page}
    return {**where, "reason": say("replies/unread", item.reason)}


def _assessment(item: Assessment) -> dict[str, Any]:
    return {
        "framework": item.framework,
        "framework_version": item.framework_version,
        "matcher": item.matcher,
        "model": item.model,
        "criteria": [_coverage(coverage) for coverage in item.criteria],
        "questions": [_question(question) for question in item.questions],
    }


def _coverage(item: Coverage) -> dict[str, Any]:
    return {
        "id": item.id,
        "principle": item.principle,
        "status": item.status,
        "stages": list(item.stages),
        "evidence": [_evidence(found) for found in item.evidence],
        "nearest": None if item.nearest is None else _nearest(item.nearest),
        **({"reliability": asdict(item.reliability)} if item.reliability else {}),
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "quote": item.quote,
        "page": item.page,
        "page_is_approximate": item.page_is_approximate,
        "paragraph": item.paragraph,
        "section": list(item.section),
        "score": item.score,
        "strength": item.strength,
        "stance": item.stance,
        "stage": item.stage,
        **_recognised(item),
    }


def _nearest(item: Nearest) -> dict[str, Any]:
    told = {"quote": item.quote, "page": item.page, "score": item.score, "threshold": item.threshold}
    return {**told, **_recognised(item)}


def _recognised(item: Evidence | Nearest) -> dict[str, float]:
    """Return how sure the words of a scan are; nothing for any other."""
    return {} if item.ocr_confidence is None else {"ocr_confidence": item.ocr_confidence}


def _question(item: Question) -> dict[str, Any]:
    return {"criterion": item.criterion, "stage": item.stage, "text": item.text, "why": item.why}

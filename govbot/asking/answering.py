"""What a typed question is about, and a draft's coverage -> the answer: a verdict, quotes, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.asking.places import place
from govbot.asking.topics import Draft, find_topic, has_all_words
from govbot.records import STAGES, STATUSES, STRENGTHS, Answer
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govbot.asking.routing import Target
    from govbot.embedding import Encoder
    from govbot.frameworks import Framework
    from govbot.records import AnswerKind, Assessment, Coverage, Evidence, Question, Stage, Status

#: Quotes and questions of an answer, at most.
MOST_QUOTES = 4
MOST_QUESTIONS = 3
#: As many criteria as are still named one by one.
_MOST_NAMED = 4
_SHEET = "replies/ask"


def answer(
    question: str,
    target: Target,
    draft: Draft,
    *,
    frameworks: Sequence[Framework],
    assessments: Mapping[str, Assessment],
    encoder: Encoder,
) -> Answer:
    """Return what the draft says to the question; `assessments` are by framework id, one for each of `frameworks`.

    Raises KeyError for a target of no given framework.
    """
    if target.kind == "criterion":
        return _criterion_answer(question, target, frameworks=frameworks, assessments=assessments)
    found = find_topic(target.topic, draft, encoder) if target.topic else []
    # A sentence that was taken for none of ours is about the draft after all where the draft has its very words.
    if target.topic is None or (target.kind == "other" and not has_all_words(found)):
        return _plain_answer(question, kind="other", verdict=say(_SHEET, "other"))
    unread = any(item.status == "unread" for one in assessments.values() for item in one.criteria)
    quotes = _one_a_section(finding.evidence for finding in found)
    named = "named" if target.kind == "topic" else "sentence"
    key = named if has_all_words(found) else "near" if found else "unread" if unread else "none"
    verdict = say(_SHEET, f"topic.{key}", topic=target.topic, at=place(quotes[0], "at") if quotes else "")
    return _plain_answer(question, kind="topic", verdict=verdict, topic=target.topic, evidence=quotes)


def _plain_answer(
    question: str,
    *,
    kind: AnswerKind,
    verdict: str,
    topic: str | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Answer:
    """Return an answer outside every framework, which has no stages and no questions."""
    return Answer(
        question=question,
        kind=kind,
        targets=(),
        topic=topic,
        verdict=verdict,
        evidence=evidence,
        missing_stages=(),
        questions=(),
    )


def _criterion_answer(
    question: str, target: Target, *, frameworks: Sequence[Framework], assessments: Mapping[str, Assessment]
) -> Answer:
    owners = [_owner(identity, target.framework, frameworks) for identity in target.ids]
    covered = {
        (framework.id, item.id): item
        for identity, framework in zip(target.ids, owners, strict=True)
        for item in assessments[framework.id].criteria
        if identity in (item.id, item.principle)
    }
    items = tuple(covered.values())
    about = _about(question, target, owners)
    return Answer(
        question=question,
        kind="criterion",
        targets=target.ids,
        topic=None,
        verdict=_verdict(items[0], about) if len(items) == 1 else _group_verdict(items, about, _unit(items, owners[0])),
        evidence=_quotes(items),
        missing_stages=_missing(items),
        questions=_questions(covered, assessments),
    )


def _owner(identity: str, preferred: str | None, frameworks: Sequence[Framework]) -> Framework:
    """Return the framework that the id belongs to, the preferred one first; raise KeyError where none has it."""
    for framework in sorted(frameworks, key=lambda one: one.id != preferred):
        if identity in framework.criterion_ids or any(identity == one.id for one in framework.principles):
            return framework
    raise KeyError(identity)


def _about(question: str, target: Target, owners: Sequence[Framework]) -> str:
    """Return what was asked, in the person's words, and how it was read."""
    asked = target.asked or question.strip().rstrip("?!. ")
    form = "name" if target.asked else "sentence"
    if len(target.ids) > 1:
        read = ", ".join(target.ids) if len(target.ids) <= _MOST_NAMED else owners[0].title
        return say(_SHEET, f"about.{form}_of_several", asked=asked, read=read)
    return say(_SHEET, f"about.{form}", asked=asked, id=target.ids[0], title=_title(target.ids[0], owners[0]))


def _title(identity: str, framework: Framework) -> str:
    for principle in framework.principles:
        if principle.id == identity:
            return principle.title if principle.is_leaf else principle.short
    return framework.criterion(identity).title


def _unit(items: Iterable[Coverage], framework: Framework) -> str:
    """Return what the items are called together."""
    leaves = all(item.id == item.principle for item in items)
    return say(_SHEET, "unit.principles", word=framework.group_word) if leaves else say(_SHEET, "unit.criteria")


def _verdict(item: Coverage, about: str) -> str:
    quote = next(iter(_quotes([item])), None)
    if quote is not None:
        return say(_SHEET, f"criterion.{item.status}", about=about, at=place(quote, "at"))
    if item.status == "gap" and item.nearest is not None:
        return say(_SHEET, "criterion.gap_near", about=about, at=place(item.nearest, "at"))
    return say(_SHEET, f"criterion.{item.status}", about=about, at="")


def _group_verdict(items: Sequence[Coverage], about: str, unit: str) -> str:
    """Return one sentence that counts the items by status, and names the few of one status."""
    by_status: dict[Status, list[str]] = {status: [] for status in STATUSES}
    for item in items:
        by_status[item.status].append(item.id)
    counts = [
        say(_SHEET, f"group.{status}", number=len(ids), names=", ".join(ids) if len(ids) <= _MOST_NAMED else "")
        for status, ids in by_status.items()
        if ids
    ]
    tally = say(_SHEET, "group.and", first=", ".join(counts[:-1]), last=counts[-1]) if counts[1:] else counts[0]
    quote = next(iter(_quotes(items)), None)
    at = place(quote, "at") if quote is not None and quote.stance == "positive" else ""
    return say(_SHEET, f"group.{_standing(by_status)}", about=about, total=len(items), unit=unit, tally=tally, at=at)


def _standing(by_status: Mapping[Status, Sequence[str]]) -> str:
    found = {status for status, ids in by_status.items() if ids} - {"not_applicable"}
    if found == {"evidenced"}:
        return "yes"
    if found & {"evidenced", "committed", "mentioned"}:
        return "partly"
    if not found:
        return "aside"
    return "unknown" if found == {"unread"} else "no"


def _quotes(items: Iterable[Coverage]) -> tuple[Evidence, ...]:
    """Return the best quote of each criterion, then the next best, one a section."""
    ranked = [sorted(item.evidence, key=lambda quote: _rank(quote, item.status)) for item in items]
    best = sorted((quotes[0] for quotes in ranked if quotes), key=_rank)
    rest = sorted((quote for quotes in ranked for quote in quotes[1:]), key=_rank)
    return _one_a_section([*best, *rest])


def _rank(quote: Evidence, status: Status = "evidenced") -> tuple[bool, int, float]:
    """Return what best quotes are least by: what says that a thing is missing comes first only where it is."""
    return ((quote.stance == "absent") != (status == "absent"), -STRENGTHS.index(quote.strength), -quote.score)


def _one_a_section(quotes: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the first quotes, at most one a section; without headings a page or paragraph is a section."""
    chosen: dict[tuple[object, ...], Evidence] = {}
    for quote in quotes:
        chosen.setdefault(quote.section or (quote.page, quote.paragraph), quote)
    return tuple(chosen.values())[:MOST_QUOTES]


def _missing(items: Iterable[Coverage]) -> tuple[Stage, ...]:
    """Return the stages that none of the criteria shows; none where all went unread or were set aside."""
    told = [item for item in items if item.status not in ("unread", "not_applicable")]
    shown = {stage for item in told for stage in item.stages}
    return tuple(stage for stage in STAGES if told and stage not in shown)


def _questions(
    covered: Mapping[tuple[str, str], Coverage], assessments: Mapping[str, Assessment]
) -> tuple[Question, ...]:
    """Return the most useful question about each criterion, in the assessment's order."""
    chosen: dict[tuple[str, str], Question] = {}
    for framework in dict.fromkeys(framework for framework, _ in covered):
        for question in assessments[framework].questions:
            if (framework, question.criterion) in covered:
                chosen.setdefault((framework, question.criterion), question)
    return tuple(chosen.values())[:MOST_QUESTIONS]

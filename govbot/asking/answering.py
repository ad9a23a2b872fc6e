"""What a typed question is about, and a draft's coverage -> the answer: a verdict, quotes, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from govbot.asking.places import place
from govbot.asking.topics import Draft, Finding, find_topic, has_all_words
from govbot.records import STAGES, STATUSES, STRENGTHS, Answer
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from govbot.asking.routing import Target
    from govbot.embedding import Encoder
    from govbot.frameworks import Framework
    from govbot.records import (
        AnswerKind,
        Assessment,
        Coverage,
        Evidence,
        Question,
        Stage,
        Standing,
        Status,
        Wish,
    )

#: Quotes of an answer, at most.
MOST_QUOTES = 4
#: Questions for the authors: of an answer on what a draft says, on what it lacks, and on what to ask.
_QUESTIONS: dict[Wish, int] = {"coverage": 1, "missing": 3, "questions": 5}
#: Quotes of an answer on what to ask.
_QUOTES_TO_ASK = 2
#: Criteria that are named as missing.
_MOST_MISSING = 6
#: As many criteria as are still named one by one.
_MOST_NAMED = 4
#: Other targets that are offered where it is not clear what was meant.
_OFFERED = 2
_SHEET = "replies/ask"
_STANDINGS: dict[Status, Standing] = {
    "evidenced": "yes",
    "committed": "partly",
    "mentioned": "hardly",
    "absent": "no",
    "gap": "no",
    "unread": "unknown",
    "not_applicable": "aside",
}
_TOPIC_STANDINGS: dict[str, Standing] = {
    "named": "yes",
    "sentence": "partly",
    "near": "partly",
    "none": "no",
    "unread": "unknown",
}


def answer(
    question: str,
    target: Target,
    draft: Draft,
    *,
    frameworks: Sequence[Framework],
    assessments: Mapping[str, Assessment],
    encoder: Encoder,
    seen: Container[str] = (),
) -> Answer:
    """Return what the draft says to the question; `assessments` are by framework id, one for each of `frameworks`.

    `seen` are quotes that the person was shown before, which are not shown again where more is wanted. Raises KeyError
    for a target of no given framework.
    """
    if target.kind == "criterion":
        asked = read_target(question, target, frameworks=frameworks, assessments=assessments)
        return _criterion_answer(asked, assessments, seen=seen)
    found = find_topic(target.topic, draft, encoder) if target.topic else []
    # A sentence that was taken for none of ours is about the draft after all where the draft has its very words.
    if target.topic is None or (target.kind == "other" and not has_all_words(found)):
        return plain_answer(question, kind="other", verdict=say(_SHEET, "other"))
    if target.wish == "more":
        shell = plain_answer(question, kind="topic", topic=target.topic)
        return _more(replace(shell, standing="yes" if found else "no"), found, seen, about=target.topic)
    unread = any(item.status == "unread" for one in assessments.values() for item in one.criteria)
    quotes = _one_a_section(finding.evidence for finding in found)
    named = "named" if target.kind == "topic" else "sentence"
    key = named if has_all_words(found) else "near" if found else "unread" if unread else "none"
    return replace(
        plain_answer(question, kind="topic", topic=target.topic),
        verdict=say(_SHEET, f"topic.{key}", topic=target.topic, at=place(quotes[0], "at") if quotes else ""),
        evidence=quotes,
        standing=_TOPIC_STANDINGS[key],
    )


def plain_answer(question: str, *, kind: AnswerKind, verdict: str = "", topic: str | None = None) -> Answer:
    """Return an answer outside every framework, which has no stages and no questions."""
    return Answer(
        question=question,
        kind=kind,
        targets=(),
        topic=topic,
        verdict=verdict,
        evidence=(),
        missing_stages=(),
        questions=(),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Criteria of a draft that were asked about."""

    question: str
    target: Target
    #: Framework and criterion -> its coverage, in the order that they were asked for.
    covered: dict[tuple[str, str], Coverage]
    #: What was asked, in the person's words, and how it was read.
    about: str
    #: What the criteria are called together.
    unit: str

    @property
    def items(self) -> tuple[Coverage, ...]:
        """The criteria's coverage."""
        return tuple(self.covered.values())

    @property
    def only(self) -> Coverage | None:
        """The one criterion that was asked about, None where there are several."""
        return self.items[0] if len(self.covered) == 1 else None


def read_target(
    question: str, target: Target, *, frameworks: Sequence[Framework], assessments: Mapping[str, Assessment]
) -> Asked:
    """Return the coverage of what was asked about; raise KeyError for a target of no given framework."""
    owners = [_owner(identity, target.framework, frameworks) for identity in target.ids]
    covered = {
        (framework.id, item.id): item
        for identity, framework in zip(target.ids, owners, strict=True)
        for item in assessments[framework.id].criteria
        if identity in (item.id, item.principle)
    }
    return Asked(
        question=question,
        target=target,
        covered=covered,
        about=_about(question, target, owners),
        unit=_unit(covered.values(), owners[0]),
    )


def asked_about(question: str, target: Target, frameworks: Sequence[Framework]) -> str:
    """Return what was asked about, in the person's words, and how it was read."""
    if target.kind == "criterion":
        return _about(question, target, [_owner(name, target.framework, frameworks) for name in target.ids])
    return target.topic or question.strip()


def _criterion_answer(asked: Asked, assessments: Mapping[str, Assessment], *, seen: Container[str]) -> Answer:
    items, target, wish = asked.items, asked.target, asked.target.wish
    shell = Answer(
        question=asked.question,
        kind="criterion",
        targets=target.ids,
        topic=None,
        verdict="",
        evidence=(),
        missing_stages=_missing_stages(items),
        questions=(),
        standing=_STANDINGS[asked.only.status] if asked.only else _standing(_by_status(items)),
        tally=tuple((status, len(ids)) for status, ids in _by_status(items).items() if ids),
        others=target.others[:_OFFERED] if target.is_unclear else (),
    )
    if wish == "more":
        ordered = sorted((quote for item in items for quote in item.evidence), key=_rank)
        return _more(shell, ordered, seen, about=asked.about)
    if wish == "missing":
        lacking = [item for item in items if item.status != "evidenced"] or list(items)
        verdict, quotes = _missing_verdict(asked), _quotes(lacking)
    elif wish == "questions":
        verdict, quotes = "", _quotes(items)[:_QUOTES_TO_ASK]
    else:
        verdict, quotes = _verdict(asked.only, asked.about) if asked.only else _group_verdict(asked), _quotes(items)
    questions = _questions(asked, assessments, most=_QUESTIONS.get(wish, 1))
    if wish == "questions":
        key = "group.aside" if shell.standing == "aside" else "questions.none"
        verdict = say(_SHEET, key, about=asked.about)
        if questions:
            verdict = say(_SHEET, "questions.some", about=asked.about, n=len(questions))
    return replace(shell, verdict=verdict, evidence=quotes, questions=questions)


def _more(shell: Answer, found: Iterable[Evidence | Finding], seen: Container[str], *, about: str) -> Answer:
    """Return the answer with the next quotes that were not shown yet."""
    quotes = [item.evidence if isinstance(item, Finding) else item for item in found]
    fresh = list({quote.quote: quote for quote in quotes if quote.quote not in seen}.values())
    left = max(len(fresh) - MOST_QUOTES, 0)
    if fresh:
        verdict = say(_SHEET, "more.some", about=about, n=len(fresh) - left, left=left)
    else:
        verdict = say(_SHEET, "more.all" if quotes else "more.none", about=about)
    return replace(shell, verdict=verdict, evidence=tuple(fresh[:MOST_QUOTES]), missing_stages=())


def _owner(identity: str, preferred: str | None, frameworks: Sequence[Framework]) -> Framework:
    """Return the framework that the id belongs to, the preferred one first; raise KeyError where none has it."""
    for framework in sorted(frameworks, key=lambda one: one.id != preferred):
        if identity in framework.criterion_ids or any(identity == one.id for one in framework.principles):
            return framework
    raise KeyError(identity)


def _about(question: str, target: Target, owners: Sequence[Framework]) -> str:
    """Return what was asked, in the person's words, and how it was read."""
    asked = target.asked or (target.said or question).strip().rstrip("?!. ")
    form = "name" if target.asked else "sentence"
    first = _title(target.ids[0], owners[0])
    if target.asked and len(target.ids) == 1 and target.ids[0].casefold() in asked.casefold().split():
        asked = first  # "B3" is no name to answer with
    if len(target.ids) > 1:
        is_whole = target.ids == tuple(principle.id for principle in owners[0].principles)
        read = owners[0].title if is_whole or len(target.ids) > _MOST_NAMED else ", ".join(target.ids)
        return say(_SHEET, f"about.{form}_of_several", asked=asked, read=read)
    return say(_SHEET, f"about.{form}", asked=asked, id=target.ids[0], title=first)


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


def _by_status(items: Iterable[Coverage]) -> dict[Status, list[str]]:
    """Return the ids of the items of each status, best covered first."""
    found: dict[Status, list[str]] = {status: [] for status in STATUSES}
    for item in items:
        found[item.status].append(item.id)
    return found


def _group_verdict(asked: Asked) -> str:
    """Return one sentence that counts the items by status, and names the few of one status."""
    by_status = _by_status(asked.items)
    counts = [
        say(_SHEET, f"group.{status}", number=len(ids), names=", ".join(ids) if len(ids) <= _MOST_NAMED else "")
        for status, ids in by_status.items()
        if ids
    ]
    tally = say(_SHEET, "group.and", first=", ".join(counts[:-1]), last=counts[-1]) if counts[1:] else counts[0]
    quote = next(iter(_quotes(asked.items)), None)
    return say(
        _SHEET,
        f"group.{_standing(by_status)}",
        about=asked.about,
        total=len(asked.items),
        unit=asked.unit,
        tally=tally,
        at=place(quote, "at") if quote is not None and quote.stance == "positive" else "",
    )


def _missing_verdict(asked: Asked) -> str:
    """Return one sentence on what the draft lacks: criteria that are missing, or of one criterion its stages."""
    only = asked.only
    if only is not None:
        if only.status not in ("evidenced", "committed"):
            return _verdict(only, asked.about)
        stages = [say(_SHEET, f"missing.stage.{stage}") for stage in _missing_stages([only])]
        promised = only.status == "committed"
        return say(_SHEET, "missing.criterion", about=asked.about, stages=stages, promised=promised)
    by_status = _by_status(asked.items)
    if _standing(by_status) == "aside":
        return say(_SHEET, "group.aside", about=asked.about)
    statuses: tuple[Status, ...] = ("absent", "gap")
    gone = [say(_SHEET, f"missing.named.{status}", id=name) for status in statuses for name in by_status[status]]
    return say(
        _SHEET,
        "missing.group",
        about=asked.about,
        total=len(asked.items) - len(by_status["not_applicable"]),
        unit=asked.unit,
        n=len(gone),
        names=gone[:_MOST_MISSING],
        more=max(len(gone) - _MOST_MISSING, 0),
        weak=by_status["committed"] + by_status["mentioned"],
        unread=by_status["unread"],
    )


def _standing(by_status: Mapping[Status, Sequence[str]]) -> Standing:
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


def _missing_stages(items: Iterable[Coverage]) -> tuple[Stage, ...]:
    """Return the stages that none of the criteria shows; none where all went unread or were set aside."""
    told = [item for item in items if item.status not in ("unread", "not_applicable")]
    shown = {stage for item in told for stage in item.stages}
    return tuple(stage for stage in STAGES if told and stage not in shown)


def _questions(asked: Asked, assessments: Mapping[str, Assessment], *, most: int) -> tuple[Question, ...]:
    """Return the most useful questions in the assessment's order, one a criterion, or all about the only one."""
    chosen: dict[tuple[str, str, str], Question] = {}
    for framework in dict.fromkeys(framework for framework, _ in asked.covered):
        for question in assessments[framework].questions:
            if (framework, question.criterion) in asked.covered:
                chosen.setdefault((framework, question.criterion, question.stage if asked.only else ""), question)
    return tuple(chosen.values())[:most]

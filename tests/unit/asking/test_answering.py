from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from govbot.asking.answering import answer
from govbot.asking.routing import Target
from govbot.asking.topics import Draft, find_topic, has_all_words
from govbot.frameworks import load_framework
from govbot.passages import split_passages
from govbot.records import (
    Answer,
    Assessment,
    Block,
    Coverage,
    Document,
    Evidence,
    Matches,
    Nearest,
    Question,
    Stage,
    Stance,
    Status,
    Strength,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Vectors

CIPFA, SOCIAL = load_framework("cipfa-ifac"), load_framework("social-value-principles")


class WordEncoder:
    """Texts are alike as far as they share words."""

    name, dim = "words", 64

    def encode(self, texts: Sequence[str], *, progress: object = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.strip(".,?").encode()) % self.dim] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)


def quote(page: int, *, strength: Strength = "evidence", stance: Stance = "positive", score: float = 0.9) -> Evidence:
    return Evidence(
        quote=f"Page {page}.",
        page=page,
        page_is_approximate=False,
        paragraph=None,
        section=(f"Section {page}",),
        score=score,
        strength=strength,
        stance=stance,
        stage="plan",
    )


def coverage(name: str, status: Status = "gap", *evidence: Evidence, stages: tuple[Stage, ...] = ()) -> Coverage:
    principle = CIPFA.principle_of(name).id if name in CIPFA.criterion_ids else name
    return Coverage(id=name, principle=principle, status=status, stages=stages, evidence=evidence)


def assessments(*items: Coverage) -> dict[str, Assessment]:
    """Return assessments in which everything but `items` is a gap."""
    given = {item.id: item for item in items}
    made = {}
    for framework in (CIPFA, SOCIAL):
        criteria = tuple(given.get(name) or coverage(name) for name in framework.criterion_ids)
        questions = tuple(
            Question(criterion=name, stage=stage, text=f"{name} {stage}?", why="")
            for stage in ("check", "plan")
            for name in framework.criterion_ids
        )
        made[framework.id] = Assessment(
            framework=framework.id,
            framework_version="1.0.0",
            matcher="none",
            model="words",
            criteria=criteria,
            questions=questions,
        )
    return made


def make_draft(*paragraphs: str, strength: Strength = "mention") -> Draft:
    """Return a draft with each paragraph in a section, and on a page, of its own."""
    blocks = tuple(
        Block(kind="paragraph", text=text, section=(f"Part {page}",), page=page)
        for page, text in enumerate(paragraphs, start=1)
    )
    document = Document(name="d", title="d", media_type="text/plain", sha256="", pages=len(blocks), blocks=blocks)
    passages = split_passages(document)
    nothing = np.zeros((len(passages), 0), dtype=np.float32)
    matches = Matches(
        criteria=(),
        scores=nothing,
        thresholds=nothing[0] if len(nothing) else np.zeros(0, dtype=np.float32),
        accepted=nothing.astype(bool),
        strengths=(strength,) * len(passages),
        stances=("positive",) * len(passages),
        stages=("do",) * len(passages),
    )
    return Draft(passages=passages, vectors=WordEncoder().encode([one.text for one in passages]), matches=matches)


def ask(
    question: str, target: Target, draft: Draft | None = None, given: dict[str, Assessment] | None = None
) -> Answer:
    return answer(
        question,
        target,
        draft or make_draft(),
        frameworks=[CIPFA, SOCIAL],
        assessments=given or assessments(),
        encoder=WordEncoder(),
    )


OPENNESS = Target(kind="criterion", ids=("B1",), framework="cipfa-ifac", asked="openness")


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (coverage("B1", "evidenced", quote(4)), "Yes: the draft covers openness (B1), best on page 4."),
        (
            coverage("B1", "committed", quote(2, strength="commitment")),
            "Partly: on openness (B1), the draft only makes promises, first of all on page 2.",
        ),
        (
            coverage("B1", "mentioned", quote(3, strength="mention")),
            "Hardly: the draft only mentions openness (B1), on page 3, and says nothing of what is done.",
        ),
        (
            coverage("B1", "absent", quote(3, strength="mention"), quote(7, stance="absent")),
            "No: on openness (B1), the draft itself says that something is missing, on page 7.",
        ),
        (coverage("B1", "gap"), "No: nothing in the draft was found on openness (B1)."),
        (
            coverage("B1", "unread"),
            "Not known: nothing was found on openness (B1) in the parts of the draft that could be read.",
        ),
        (
            coverage("B1", "not_applicable"),
            "Nothing is expected on openness (B1): it was set aside for this draft, or is an optional part that the "
            "draft does not speak of.",
        ),
    ],
)
def test_the_verdict_says_the_status_and_where(item: Coverage, verdict: str) -> None:
    assert ask("have we covered openness?", OPENNESS, given=assessments(item)).verdict == verdict


def test_a_gap_tells_where_the_nearest_passage_is() -> None:
    found = quote(5)
    nearest = Nearest(
        quote=found.quote,
        page=5,
        page_is_approximate=False,
        paragraph=None,
        section=(),
        score=0.2,
        threshold=0.5,
    )
    item = replace(coverage("B1"), nearest=nearest)
    told = ask("openness?", OPENNESS, given=assessments(item))
    assert told.verdict.endswith("on openness (B1); the nearest passage, on page 5, falls short.")
    assert told.evidence == ()


def test_an_answer_has_one_quote_a_section_what_is_missing_and_one_question() -> None:
    best, same, other = quote(4), replace(quote(4, score=0.8), quote="Again."), quote(6, strength="commitment")
    item = coverage("B1", "evidenced", best, same, other, stages=("plan", "do"))
    assert ask("openness?", OPENNESS, given=assessments(item)) == Answer(
        question="openness?",
        kind="criterion",
        targets=("B1",),
        topic=None,
        verdict="Yes: the draft covers openness (B1), best on page 4.",
        evidence=(best, other),
        missing_stages=("check", "act"),
        questions=(Question(criterion="B1", stage="check", text="B1 check?", why=""),),
        standing="yes",
        tally=(("evidenced", 1),),
    )


def test_a_sentence_is_quoted_with_what_it_was_read_as() -> None:
    target = Target(kind="criterion", ids=("F2",), framework="cipfa-ifac")
    verdict = ask("would we notice if it went wrong?", target).verdict
    assert verdict.endswith("on “would we notice if it went wrong” (read as F2, Managing performance).")


def test_a_principle_counts_its_criteria_and_quotes_each() -> None:
    target = Target(kind="criterion", ids=("B",), framework="cipfa-ifac", asked="engagement")
    given = assessments(
        coverage("B1", "committed", quote(9, strength="commitment"), stages=("plan",)),
        coverage("B3", "evidenced", quote(3), quote(8), stages=("do",)),
    )
    told = ask("engagement?", target, given=given)
    assert told.verdict == (
        "Partly: on engagement (B), of 3 criteria 1 evidenced (B3), 1 only promised (B1) and 1 not found (B2); "
        "best on page 3."
    )
    assert [found.page for found in told.evidence] == [3, 9, 8]
    assert told.missing_stages == ("check", "act")
    assert [one.criterion for one in told.questions] == ["B1"]
    assert (told.standing, told.tally) == ("partly", (("evidenced", 1), ("committed", 1), ("gap", 1)))


def test_a_whole_framework_counts_its_principles() -> None:
    ids = tuple(principle.id for principle in SOCIAL.principles)
    target = Target(kind="criterion", ids=ids, framework=SOCIAL.id, asked="social value")
    told = ask("social value?", target)
    assert told.verdict == "No: on social value, of 8 principles 8 not found."
    assert told.targets == ids


def test_a_topic_is_quoted_in_the_sentence_that_has_its_words() -> None:
    draft = make_draft(
        "We began in May. Volunteers run the mobile library on Mondays and on every second Friday of the month.",
        "Nothing of the kind is said here, where the accounts of the year and their audit are set out at length.",
    )
    told = ask("the mobile library?", Target(kind="topic", topic="the mobile library"), draft)
    assert told.verdict == "Yes: the draft mentions the mobile library, best on page 1."
    assert [(found.quote, found.stage) for found in told.evidence] == [
        ("Volunteers run the mobile library on Mondays and on every second Friday of the month.", "do")
    ]


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("volunters", True),
        ("Volunteer", True),
        ("wifi", True),
        ("dogs", False),
        ("care homes", False),
        ("mobile library in Wrayle", False),
    ],
)
def test_a_topic_is_found_by_its_words_with_slips_and_endings(topic: str, found: bool) -> None:
    draft = make_draft(
        "Volunteers and carers run the mobile library from a home of its own, and it has Wi-Fi.",
        "The money for this comes out of the reserves that the council set aside in the spring of last year.",
    )
    assert has_all_words(find_topic(topic, draft, WordEncoder())) is found


def test_a_topic_that_is_not_there_is_said_plainly() -> None:
    told = ask("cycle lanes?", Target(kind="topic", topic="cycle lanes"), make_draft("We lend books to everyone."))
    assert (told.verdict, told.kind, told.topic) == ("The draft does not mention cycle lanes.", "topic", "cycle lanes")
    unread = assessments(coverage("A1", "unread"))
    told = ask("cycle lanes?", Target(kind="topic", topic="cycle lanes"), given=unread)
    assert told.verdict == "The draft does not mention cycle lanes in the parts that could be read."


def test_nothing_of_ours_gets_a_friendly_line() -> None:
    told = ask("tell me a joke", Target(kind="other"))
    assert (told.kind, told.evidence, told.topic) == ("other", (), None)
    assert told.verdict.startswith("I can tell you what a draft says")


def test_a_sentence_about_what_the_draft_says_is_a_topic_after_all() -> None:
    target = Target(kind="other", topic="when is Dane Cross open")
    draft = make_draft("Dane Cross is open on Mondays and on Thursdays from ten until four.")
    told = ask("when is Dane Cross open", target, draft)
    assert (told.kind, told.verdict) == (
        "topic",
        "Perhaps: the words of your question stand together in the draft, best on page 1.",
    )
    assert ask("when is Dane Cross open", target, make_draft("We lend books.")).kind == "other"


def test_part_that_was_set_aside_as_a_whole_is_neither_missing_nor_unknown() -> None:
    items = [coverage("B1", "not_applicable"), coverage("B2", "not_applicable")]
    found = ask("openness and engagement", Target(kind="criterion", ids=("B1", "B2")), given=assessments(*items))
    assert found.verdict.startswith("Nothing is expected on")
    assert found.missing_stages == ()


# What is missing, what to ask, and more


def test_what_is_missing_is_named_with_why_and_three_questions() -> None:
    target = Target(kind="criterion", ids=("F",), framework="cipfa-ifac", asked="f", wish="missing")
    given = assessments(
        coverage("F1", "evidenced", quote(3)),
        coverage("F2", "committed", quote(4, strength="commitment")),
        coverage("F4", "absent", quote(7, stance="absent")),
    )
    told = ask("whats missing under F", target, given=given)
    assert told.verdict == (
        "On Risk, performance and control (F), 3 of 5 criteria are missing: F4 (said to be missing), F3 (not found), "
        "F5 (not found); only promised or mentioned: F2."
    )
    assert [found.page for found in told.evidence] == [4, 7]
    assert len(told.questions) == 3


@pytest.mark.parametrize(
    ("items", "verdict"),
    [
        (
            [coverage(name, "evidenced", quote(1)) for name in ("B1", "B2", "B3")],
            "Nothing is missing on engagement (B): all 3 criteria are evidenced.",
        ),
        (
            [coverage(name, "committed", quote(1, strength="commitment")) for name in ("B1", "B2", "B3")],
            "On engagement (B), none of 3 criteria is missing; only promised or mentioned: B1, B2, B3.",
        ),
    ],
)
def test_where_nothing_is_missing_that_is_said(items: list[Coverage], verdict: str) -> None:
    target = Target(kind="criterion", ids=("B",), framework="cipfa-ifac", asked="engagement", wish="missing")
    assert ask("gaps in engagement", target, given=assessments(*items)).verdict == verdict


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (
            coverage("B1", "evidenced", quote(4), stages=("plan", "do")),
            "On openness (B1), the draft does not show how it is checked, what changes as a result.",
        ),
        (
            coverage("B1", "evidenced", quote(4), stages=("plan", "do", "check", "act")),
            "Nothing is missing on openness (B1): the draft shows what is intended, what is done, how it is checked "
            "and what changes as a result.",
        ),
        (
            coverage("B1", "committed", quote(4, strength="commitment"), stages=("plan", "do", "check")),
            "On openness (B1), the draft only makes promises and does not show what changes as a result.",
        ),
        (coverage("B1", "gap"), "No: nothing in the draft was found on openness (B1)."),
    ],
)
def test_of_one_criterion_its_stages_are_missing(item: Coverage, verdict: str) -> None:
    told = ask("what is missing on openness", replace(OPENNESS, wish="missing"), given=assessments(item))
    assert told.verdict == verdict


def test_what_to_ask_is_every_stage_of_one_criterion() -> None:
    item = coverage("B1", "committed", quote(4, strength="commitment"), quote(5), quote(6))
    told = ask("what should I ask on openness", replace(OPENNESS, wish="questions"), given=assessments(item))
    assert told.verdict == "On openness (B1), ask the authors these 2 questions, the most useful first."
    assert [one.stage for one in told.questions] == ["check", "plan"]
    assert len(told.evidence) == 2


def test_more_shows_what_was_not_seen_and_says_when_that_was_all() -> None:
    item = coverage("B1", "evidenced", *(quote(page, score=1 - page / 100) for page in range(1, 8)))
    target, given = replace(OPENNESS, wish="more"), assessments(item)

    def more(*seen: int) -> Answer:
        return answer(
            "more",
            target,
            make_draft(),
            frameworks=[CIPFA, SOCIAL],
            assessments=given,
            encoder=WordEncoder(),
            seen={f"Page {page}." for page in seen},
        )

    told = more(1, 2)
    assert told.verdict == "On openness (B1), 4 more passages, and 1 after these."
    assert [found.page for found in told.evidence] == [3, 4, 5, 6]
    assert more(*range(1, 8)).verdict == "That is all the draft says on openness (B1)."
    nothing = ask("more", target, given=assessments(coverage("B1", "gap")))
    assert nothing.verdict == "There is no more to show: nothing in the draft was found on openness (B1)."


def test_where_it_is_unclear_what_was_meant_the_next_two_are_offered() -> None:
    target = replace(OPENNESS, others=("G1", "D1", "A3"))
    assert ask("openness?", target).others == ()
    assert ask("openness?", replace(target, is_unclear=True)).others == ("G1", "D1")

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.asking.bank import QuestionBank, load_bank
from govbot.asking.choosing import choose_questions
from govbot.frameworks import load_framework
from govbot.records import STAGES, Coverage, Evidence, Nearest, Question, Stage, Stance, Status, Strength

#: A criterion's first letter is its principle.
CRITERIA = ("A1", "A2", "A3", "B1", "B2", "C1")
BANK = QuestionBank.model_validate(
    {
        "schema": "govbot.questions/1",
        "framework": "made-up",
        "questions": {
            name: {
                stage: {"ask": f"{name} {stage}?", "follow": f"{{{{ At }}}} “{{{{ quote }}}}” {name} {stage}?"}
                for stage in STAGES
            }
            for name in CRITERIA
        },
    }
)
STRENGTH: dict[Status, Strength] = {"evidenced": "evidence", "committed": "commitment"}
QUOTE = "The Board will water the beds;"


def evidence(
    page: int = 4, *, stance: Stance = "positive", strength: Strength = "mention", quote: str = QUOTE
) -> Evidence:
    return Evidence(
        quote=quote,
        page=page,
        page_is_approximate=False,
        paragraph=None,
        section=("Outer", "Inner"),
        score=0.8,
        strength=strength,
        stance=stance,
        stage="plan",
    )


def nearest() -> Nearest:
    return Nearest(
        quote="Near.", page=7, page_is_approximate=False, paragraph=None, section=(), score=0.3, threshold=0.5
    )


def covered(criterion: str, status: Status, stages: tuple[Stage, ...] = (), *, near: Nearest | None = None) -> Coverage:
    """Return a coverage as the decision rules would give it."""
    found: dict[Status, tuple[Evidence, ...]] = {
        "absent": (evidence(3), evidence(9, stance="absent")),
        "mentioned": (evidence(),),
        "evidenced": (evidence(strength="evidence"),),
        "committed": (evidence(strength="commitment"),),
    }
    return Coverage(
        id=criterion,
        principle=criterion[0],
        status=status,
        stages=stages,
        evidence=found.get(status, ()),
        nearest=near,
    )


def test_every_missing_stage_is_asked_once() -> None:
    coverage = [
        covered("A1", "evidenced", ("plan", "do")),
        covered("A2", "gap"),
        covered("B1", "not_applicable"),
        covered("B2", "evidenced", STAGES),
        covered("C1", "committed", ("plan",)),
    ]
    asked = [(question.criterion, question.stage) for question in choose_questions(coverage, BANK)]
    assert sorted(asked) == sorted(
        [("A1", "check"), ("A1", "act"), *(("A2", stage) for stage in STAGES)]
        + [("C1", stage) for stage in ("do", "check", "act")]
    )


@pytest.mark.parametrize(
    ("status", "stages", "order"),
    [
        ("gap", (), list(STAGES)),
        ("mentioned", (), list(STAGES)),
        ("absent", (), list(STAGES)),
        ("unread", (), list(STAGES)),
        ("committed", ("plan",), ["check", "do", "act"]),
        ("evidenced", ("do",), ["check", "act", "plan"]),
        ("evidenced", STAGES, []),
        ("not_applicable", (), []),
    ],
)
def test_order_of_stages(status: Status, stages: tuple[Stage, ...], order: list[Stage]) -> None:
    assert [question.stage for question in choose_questions([covered("A1", status, stages)], BANK)] == order


def test_what_is_missing_most_is_asked_first() -> None:
    statuses: list[Status] = ["unread", "evidenced", "committed", "mentioned", "gap", "absent"]
    bank = BANK.model_copy(update={"questions": {f"{name}1": BANK.questions["A1"] for name in "UVWXYZ"}})
    coverage = [covered(f"{name}1", status) for name, status in zip("UVWXYZ", statuses, strict=True)]
    first = [question.criterion for question in choose_questions(coverage, bank)][:4]
    assert first == ["Z1", "Y1", "X1", "W1"]


def test_principles_take_turns() -> None:
    coverage = [covered(name, "gap") for name in CRITERIA]
    first = [question.criterion for question in choose_questions(coverage, BANK)][:6]
    assert [name[0] for name in first[:3]] == ["A", "B", "C"]
    assert sorted(first) == sorted({*first})  # every criterion before any comes twice


#: status, whether a near passage is known, text, reason
WORDS = [
    ("gap", False, "A1 plan?", "Nothing in the draft was found on this."),
    ("gap", True, "A1 plan?", "Nothing in the draft was found on this; the nearest passage, on page 7, falls short."),
    ("unread", True, "A1 plan?", "Nothing was found on this in the parts that could be read."),
    ("mentioned", False, "On page 4 “The Board will water the beds” A1 plan?", "On page 4 the draft names this, but nothing says what is done about it."),  # noqa: E501
    ("absent", False, "On page 9 “The Board will water the beds” A1 plan?", "On page 9 the draft itself says that this is missing."),  # noqa: E501
    ("committed", False, "On page 4 “The Board will water the beds” A1 check?", "On page 4 the draft plans this; nothing says how it will be checked."),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("status", "is_near", "text", "why"), WORDS)
def test_question_and_its_reason(status: Status, is_near: bool, text: str, why: str) -> None:  # noqa: FBT001
    first = choose_questions([covered("A1", status, near=nearest() if is_near else None)], BANK)[0]
    assert first == Question(criterion="A1", stage="check" if status == "committed" else "plan", text=text, why=why)


def test_long_quote_is_shortened() -> None:
    item = Coverage(
        id="A1",
        principle="A",
        status="mentioned",
        stages=(),
        evidence=(evidence(quote=" ".join(f"word{number}" for number in range(40))),),
    )
    text = choose_questions([item], BANK)[0].text
    assert "word23 …” A1" in text
    assert "word24" not in text


def test_braces_in_a_draft_are_no_slots() -> None:
    item = Coverage(
        id="A1", principle="A", status="mentioned", stages=(), evidence=(evidence(quote="{{ 1 + 1 }} {% if %}"),)
    )
    assert "{{ 1 + 1 }} {% if %}" in choose_questions([item], BANK)[0].text


@pytest.mark.parametrize("name", ["cipfa-ifac", "social-value-principles"])
@pytest.mark.parametrize("status", ["absent", "mentioned", "committed", "evidenced"])
def test_shipped_follow_ups_hold_the_quote_and_the_reason_its_place(name: str, status: Status) -> None:
    framework = load_framework(name)
    coverage = [covered(criterion, status) for criterion in framework.criterion_ids]
    questions = choose_questions(coverage, load_bank(framework))
    page = 9 if status == "absent" else 4
    assert len(questions) == 4 * len(coverage)
    assert all("The Board will water the beds" in question.text for question in questions)
    assert all(question.why.startswith(f"On page {page} the draft ") for question in questions)
    assert all("{" not in question.text + question.why for question in questions)


_COVERAGE = st.lists(
    st.tuples(
        st.sampled_from(CRITERIA),
        st.sampled_from(["evidenced", "committed", "mentioned", "absent", "gap", "unread", "not_applicable"]),
        st.sets(st.sampled_from(STAGES)),
    ),
    unique_by=lambda item: item[0],
)


@given(_COVERAGE)
def test_any_coverage_is_asked_about_once_and_no_need_is_jumped(items: list[tuple[str, Status, set[Stage]]]) -> None:
    coverage = [
        covered(name, status, tuple(s for s in STAGES if s in stages and status in STRENGTH))
        for name, status, stages in items
    ]
    questions = choose_questions(coverage, BANK)
    asked = [(question.criterion, question.stage) for question in questions]
    relevant = [found for found in coverage if found.status != "not_applicable"]
    wanted = [(found.id, stage) for found in relevant for stage in STAGES if stage not in found.stages]
    assert sorted(asked) == sorted(wanted)
    # No criterion is asked about twice running while one of like need, of a principle as little asked, waits.
    status_of = {item.id: item.status for item in coverage}
    for number, (before, after) in enumerate(pairwise(asked)):
        rest = {name for name, _ in asked[number + 1 :]}
        fresh = {name for name in rest - {n for n, _ in asked[: number + 1]} if status_of[name] == status_of[before[0]]}
        assert before[0] != after[0] or not {name for name in fresh if name[0] != before[0][0]}

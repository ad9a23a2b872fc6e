from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from govbot.frameworks import Framework, load_framework
from govbot.records import (
    STATUSES,
    Assessment,
    Check,
    Coverage,
    Engagement,
    Evidence,
    Nearest,
    Question,
    Stage,
    Stance,
    Status,
    Unread,
)
from govbot.rendering.view import view_check


def headline(check: Check, framework: Framework) -> str:
    return view_check(check, [framework], show_all=False).frameworks[0].headline


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        ("evidenced evidenced", "All 2 criteria are evidenced."),
        ("evidenced", "The one criterion is evidenced."),
        ("gap", "The one criterion is not evidenced: 1 not found."),
        ("unread not_applicable", "None of the 2 criteria is evidenced: 1 could not be read, 1 not relevant here."),
        ("gap evidenced committed", "1 of 3 criteria is evidenced, 1 promised, 1 not found."),
        ("evidenced evidenced mentioned", "2 of 3 criteria are evidenced, 1 mentioned."),
    ],
)
def test_headline(
    statuses: str,
    sentence: str,
    make_check: Callable[..., Check],
    make_coverage: Callable[..., Coverage],
    framework: Framework,
) -> None:
    ids = ("K1", "K2", "T")
    covered = [
        make_coverage(id=name, principle=name[0], status=status)
        for name, status in zip(ids, statuses.split(), strict=False)
    ]
    assert headline(make_check(*covered), framework) == sentence


def test_every_status_has_a_sign_of_its_own(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    marks = [
        view_check(make_check(make_coverage(status=status)), [framework], show_all=False).legend[0]
        for status in STATUSES
    ]
    assert [mark.symbol for mark in marks] == ["●", "◐", "○", "✕", "–", "?", "·"]
    assert len({mark.word for mark in marks}) == len(STATUSES)


@pytest.mark.parametrize(
    ("unread", "lines"),
    [
        ((), ()),
        (
            [Unread(reason="picture_page", page=page) for page in (5, 3, 4, 9)],
            ("pages 3–5, 9, each: it is a picture of a page, as scans are, so its words were not read",),
        ),
        (
            [Unread(reason="picture", page=page, matters=False) for page in (3, 1)],
            ("pages 1, 3, each: it is a picture such as a map or a cover; any words in it were not read",),
        ),
        ([Unread(reason="broken_page", part="table\t3")], ("table | 3: it is damaged, so it was not read",)),
        ([Unread(reason="broken_page")], ("the file: it is damaged, so it was not read",)),
    ],
)
def test_what_could_not_be_read_is_named(
    unread: Sequence[Unread], lines: tuple[str, ...], make_check: Callable[..., Check], framework: Framework
) -> None:
    check = make_check(unread=tuple(unread))
    assert view_check(check, [framework], show_all=False).source.unread == lines


def test_a_page_that_was_read_in_part_counts_as_read(make_check: Callable[..., Check], framework: Framework) -> None:
    check = make_check(pages=2, unread=(Unread(reason="print_beside", page=2),))
    source = view_check(check, [framework], show_all=False).source
    assert source.read == "Read: 2 pages, 1 passage."
    assert source.unread == (
        "page 2: a picture on it holds print, such as a scanned table or letter, and the words in that picture were "
        "not read; upload a copy that has them as text",
    )


def test_slides_are_called_slides(make_check: Callable[..., Check], framework: Framework) -> None:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    check = make_check(pages=2, media_type=kind, unread=(Unread(reason="picture_page", page=2),))
    source = view_check(check, [framework], show_all=False).source
    assert source.read == "Read: 1 of 2 slides, 1 passage."
    assert source.unread == ("slide 2: it is a picture of a page, as scans are, so its words were not read",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pages": 1, "unread": ()}, "Read: 1 page, 1 passage."),
        ({"pages": None, "unread": (), "passages": 12}, "Read: 12 passages."),
        ({"pages": 9}, "Read: 8 of 9 pages, 1 passage."),
        ({"unread": (Unread(reason="broken_page", page=2, part="table 1"),)}, "Read: 9 pages, 1 passage."),
        ({"passages": 0}, "No text could be read in this file."),
    ],
)
def test_what_was_read(
    changes: dict[str, Any], sentence: str, make_check: Callable[..., Check], framework: Framework
) -> None:
    assert view_check(make_check(**changes), [framework], show_all=False).source.read == sentence


def criterion_shown(
    coverage: Coverage, make_check: Callable[..., Check], framework: Framework, *, show_all: bool = False
) -> tuple[list[str], str]:
    view = view_check(make_check(coverage), [framework], show_all=show_all)
    shown = view.frameworks[0].principles[0].criteria[0]
    return [quote.text for quote in shown.quotes], shown.note


def test_the_quote_that_decided_stands_first(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], evidence: Evidence, framework: Framework
) -> None:
    denial = dataclasses.replace(evidence, stance="absent", quote="There is none.")
    both = make_coverage(status="absent", evidence=(evidence, denial))
    assert criterion_shown(both, make_check, framework) == (["“There is none.”"], "and 1 more quote")


def test_a_quote_against_the_status_is_told_of(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], evidence: Evidence, framework: Framework
) -> None:
    denial = dataclasses.replace(evidence, stance="absent", quote="There is none.")
    both = make_coverage(evidence=(evidence, evidence, denial))
    _, note = criterion_shown(both, make_check, framework)
    assert note == "and 2 more quotes, 1 of which says that something is missing"


def test_show_all_shows_all_and_cuts_nothing(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], evidence: Evidence, framework: Framework
) -> None:
    long = dataclasses.replace(evidence, quote="word " * 60)
    coverage = make_coverage(evidence=(long, evidence))
    cut, note = criterion_shown(coverage, make_check, framework)
    assert (len(cut), cut[0].endswith("word …”"), note) == (1, True, "and 1 more quote")
    full, note = criterion_shown(coverage, make_check, framework, show_all=True)
    assert (len(full), full[0].count("word"), note) == (2, 60, "")


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ("gap", "No passage is near enough to show."),
        ("unread", "No passage in the parts that could be read is near enough to show."),
        ("not_applicable", "Set aside by a person; not counted as missing."),
    ],
)
def test_what_stands_in_for_a_quote(
    status: Status,
    note: str,
    make_check: Callable[..., Check],
    make_coverage: Callable[..., Coverage],
    framework: Framework,
) -> None:
    empty = make_coverage(status=status, evidence=())
    assert criterion_shown(empty, make_check, framework) == ([], note)


def test_the_nearest_passage_is_marked_as_falling_short(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    near = Nearest(
        quote="Ferries.",
        page=3,
        page_is_approximate=True,
        paragraph=None,
        section=("1 Water",),
        score=0.2,
        threshold=0.5,
    )
    view = view_check(make_check(make_coverage(status="gap", evidence=(), nearest=near)), [framework], show_all=False)
    quote = view.frameworks[0].principles[0].criteria[0].quotes[0]
    assert (quote.lead, quote.text, quote.where) == (
        "The nearest passage falls short:",
        "“Ferries.”",
        "page 3 or near it, in “1 Water”",
    )


@pytest.mark.parametrize(
    ("status", "stages", "words"),
    [
        ("evidenced", ("do",), ["no", "yes", "no", "no"]),
        ("unread", (), ["unread"] * 4),
        ("not_applicable", ("plan",), ["n/a"] * 4),
    ],
)
def test_cycle(
    status: Status,
    stages: tuple[Stage, ...],
    words: list[str],
    make_check: Callable[..., Check],
    make_coverage: Callable[..., Coverage],
    framework: Framework,
) -> None:
    view = view_check(make_check(make_coverage(status=status, stages=stages)), [framework], show_all=False)
    cycle = view.frameworks[0].cycle
    assert cycle is not None
    assert [cell.word for cell in cycle.rows[0].cells] == words


@pytest.mark.parametrize(("stage", "words"), [("plan", ["yes", "no"]), ("check", ["no", "promised"])])
def test_a_stage_that_is_only_promised_is_not_said_to_be_there(
    stage: Stage,
    words: list[str],
    make_check: Callable[..., Check],
    make_coverage: Callable[..., Coverage],
    evidence: Evidence,
    framework: Framework,
) -> None:
    promise = dataclasses.replace(evidence, strength="commitment", stage=stage)
    covered = make_coverage(status="committed", stages=(stage,), evidence=(promise,))
    cycle = view_check(make_check(covered), [framework], show_all=False).frameworks[0].cycle
    assert cycle is not None
    assert [cycle.rows[0].cells[column].word for column in (0, 2)] == words


def test_no_cycle_where_none_is_linked(make_check: Callable[..., Check], framework: Framework) -> None:
    unlinked = framework.model_copy(update={"cycle": ()})
    assert view_check(make_check(), [unlinked], show_all=False).frameworks[0].cycle is None


def test_two_frameworks_take_turns_with_questions(make_check: Callable[..., Check], framework: Framework) -> None:
    def asked(letter: str, count: int) -> tuple[Question, ...]:
        return tuple(Question(criterion="K1", stage="do", text=f"{letter}{n}", why="") for n in range(count))

    first, second = make_check(questions=asked("a", 9)), make_check(questions=asked("b", 2))
    check = dataclasses.replace(first, assessments=first.assessments + second.assessments)
    view = view_check(check, [framework], show_all=False)
    assert [item.text for item in view.questions] == ["a0", "b0", "a1", "b1", "a2", "a3", "a4"]
    assert view.more_questions == "and 4 more questions"
    assert len(view_check(check, [framework], show_all=True).questions) == 11


def test_missing_names_six_and_counts_the_rest(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    principle = framework.principles[0]
    many = tuple(principle.criteria[0].model_copy(update={"id": f"K{n}"}) for n in range(9))
    wide = framework.model_copy(update={"principles": (principle.model_copy(update={"criteria": many}),)})
    covered = [make_coverage(id=item.id, status="gap", evidence=()) for item in many]
    missing = view_check(make_check(*covered), [wide], show_all=False).frameworks[0].missing
    assert missing == (
        "Missing: K0 Inspecting; K1 Inspecting; K2 Inspecting; K3 Inspecting; K4 Inspecting; K5 Inspecting; and 3 more."
    )


def test_framework_of_questions_shows_the_question_that_the_quotes_answer(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    first = framework.principles[0]
    asked = first.criteria[0].model_copy(update={"question": "Who waters  the beds?"})
    principle = first.model_copy(update={"criteria": (asked, *first.criteria[1:])})
    questions = framework.model_copy(update={"principles": (principle, *framework.principles[1:])})
    check = make_check(make_coverage(id="K1"), make_coverage(id="K2"))
    (shown,) = view_check(check, [questions], show_all=False).frameworks[0].principles
    assert [item.question for item in shown.criteria] == ["Who waters the beds?", ""]


def test_optional_part_that_the_draft_does_not_speak_of_is_not_shown(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    first, *others = framework.principles
    optional = framework.model_copy(update={"principles": (first.model_copy(update={"optional": True}), *others)})
    silent = make_coverage(id="K1", status="not_applicable")
    check = make_check(silent, make_coverage(id="K2"), make_coverage(id="T", principle="T"))
    shown = view_check(check, [optional], show_all=False)
    assert [[item.id for item in part.criteria] for part in shown.frameworks[0].principles] == [["K2"], ["T"]]
    assert shown.frameworks[0].headline == "All 2 criteria are evidenced."
    assert [mark.word for mark in shown.legend] == ["evidenced"]


def test_passage_credited_under_two_frameworks_is_told_by_the_crosswalk(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], evidence: Evidence
) -> None:
    cipfa, clear = load_framework("cipfa-ifac"), load_framework("clear")

    def assess(
        framework: Framework, criterion: str, principle: str, passage: int, stance: Stance = "positive"
    ) -> Assessment:
        quote = dataclasses.replace(evidence, passage=passage, stance=stance)
        covered = make_coverage(id=criterion, principle=principle, evidence=(quote,))
        (assessment,) = make_check(covered, questions=()).assessments
        return dataclasses.replace(assessment, framework=framework.id)

    def shared(second: Assessment) -> str:
        check = make_check()
        check = dataclasses.replace(check, assessments=(assess(cipfa, "B3", "B", 7), second))
        return view_check(check, [cipfa, clear], show_all=False).frameworks[1].shared

    told = "Passages that count under International Framework: Good Governance in the Public Sector also count here: "
    assert shared(assess(clear, "AT", "AT", 7)) == told + "AT (as B3)."
    assert shared(assess(clear, "AT", "AT", 8)) == ""
    assert shared(assess(clear, "AT", "AT", 7, stance="absent")) == ""
    assert shared(assess(clear, "LT", "LT", 7)) == ""


def test_engagement_is_placed_on_the_ladder_with_its_quote(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], evidence: Evidence
) -> None:
    cipfa = load_framework("cipfa-ifac")
    quote = dataclasses.replace(evidence, quote="A survey asked tenants for their views.", page=4)
    (assessment,) = make_check(make_coverage(id="B3", principle="B", evidence=(quote,)), questions=()).assessments
    engagement = Engagement(rung="consult", quote=quote, methods=("research",))
    placed = dataclasses.replace(assessment, framework=cipfa.id, engagement=engagement)
    clear = load_framework("clear")
    same = dataclasses.replace(make_check(questions=()).assessments[0], framework=clear.id, engagement=engagement)
    check = dataclasses.replace(make_check(), assessments=(placed, same))
    first, second = view_check(check, [cipfa, clear], show_all=False).frameworks
    assert second.engagement == ()
    lead, text, where, methods = first.engagement
    assert lead.endswith("the draft reaches “consult”: people are asked:")
    assert text == "“A survey asked tenants for their views.”"
    assert where.startswith("page 4")
    assert methods == "Ways of engaging it names: surveys and other research."
    none = dataclasses.replace(placed, engagement=None)
    check = dataclasses.replace(check, assessments=(none, same))
    assert [len(one.engagement) for one in view_check(check, [cipfa, clear], show_all=False).frameworks] == [0, 4]

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.assessing import Quote, cover
from govbot.records import STAGES, STANCES, STRENGTHS, Coverage, Evidence, Nearest, Stage, Stance, Status, Strength
from tests.unit.made_up import THRESHOLD, Said, framework, matches, passage

EVIDENCE: Said = (0.9, "evidence", "positive", "do")
COMMITMENT: Said = (0.9, "commitment", "positive", "plan")
MENTION: Said = (0.9, "mention", "positive", "plan")
ABSENT: Said = (0.9, "mention", "absent", "plan")
NEAR: Said = (0.4, "evidence", "positive", "check")
FAR: Said = (0.1, "evidence", "positive", "check")


def cover_p1(*said: Said, texts: dict[int, tuple[str, ...]] | None = None, unread: bool = False) -> Coverage:
    """Return the coverage of P1 by passages that bear on it as said."""
    passages = [passage(row, *(texts or {}).get(row, (f"Here stands text number {row}.",))) for row in range(len(said))]
    found, *others = cover(framework(), passages, matches(*said), {}, unread=unread)
    assert [(item.id, item.status, item.evidence) for item in others] == [
        ("P2", "unread" if unread else "gap", ()),
        ("Q", "unread" if unread else "gap", ()),
    ]
    assert (found.id, found.principle) == ("P1", "P")
    return found


@pytest.mark.parametrize(
    ("said", "status", "stages"),
    [
        ([], "gap", ()),
        ([FAR], "gap", ()),
        ([NEAR], "gap", ()),
        ([EVIDENCE], "evidenced", ("do",)),
        ([COMMITMENT], "committed", ("plan",)),
        ([MENTION], "mentioned", ()),
        ([ABSENT], "absent", ()),
        ([EVIDENCE, COMMITMENT, MENTION, ABSENT], "evidenced", ("plan", "do")),
        ([ABSENT, COMMITMENT], "committed", ("plan",)),
        ([ABSENT, EVIDENCE], "evidenced", ("do",)),
        ([MENTION, COMMITMENT], "committed", ("plan",)),
        ([MENTION, ABSENT], "absent", ()),
        # What hardly bears on the criterion does not outweigh a sure "we do not".
        ([ABSENT, (0.64, "evidence", "positive", "do")], "evidenced", ("do",)),
        ([ABSENT, (0.62, "evidence", "positive", "do")], "absent", ()),
        ([(0.6, "mention", "absent", "plan"), (0.55, "evidence", "positive", "do")], "evidenced", ("do",)),
        # A draft is told that it says that something is missing only where that is sure.
        ([(0.65, "mention", "absent", "plan")], "absent", ()),
        ([(0.64, "mention", "absent", "plan")], "gap", ()),
        ([(0.64, "mention", "absent", "plan"), MENTION], "mentioned", ()),
        ([MENTION, NEAR], "mentioned", ()),
        ([ABSENT, NEAR], "absent", ()),
        ([(THRESHOLD, "evidence", "positive", "act")], "evidenced", ("act",)),
        # A passage that says that something is missing shows no stage, however strongly it speaks.
        ([(0.9, "evidence", "absent", "act")], "absent", ()),
        ([(0.9, "evidence", "positive", stage) for stage in reversed(STAGES)], "evidenced", STAGES),
    ],
)
def test_decision_rules(said: list[Said], status: Status, stages: tuple[Stage, ...]) -> None:
    found = cover_p1(*said)
    assert (found.status, found.stages) == (status, stages)
    assert len(found.evidence) == sum(
        score >= (THRESHOLD if stance == "positive" else 0.65) for score, _, stance, _ in said
    )


def test_what_is_not_surely_missing_is_the_nearest_and_falls_short() -> None:
    nearest = cover_p1((0.6, "mention", "absent", "plan")).nearest
    assert nearest is not None
    assert (nearest.score, nearest.threshold) == (0.6, 0.65)


@pytest.mark.parametrize(
    ("said", "status"),
    [([], "unread"), ([NEAR], "unread"), ([MENTION], "mentioned"), ([ABSENT], "absent"), ([EVIDENCE], "evidenced")],
)
def test_gap_is_unread_where_parts_could_not_be_read(said: list[Said], status: Status) -> None:
    assert cover_p1(*said, unread=True).status == status


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (("Do you agree that the Board should check it?",), "gap"),
        (("We ask for your view.", "Do you agree that the Board should check it every year?"), "gap"),
        (("Who checks it?", "The Board does, each quarter, and it tells the Council what it has found."), "evidenced"),
        (("The Board checks it.",), "evidenced"),
    ],
)
def test_passage_that_mostly_asks_is_no_evidence(parts: tuple[str, ...], status: Status) -> None:
    assert cover_p1(EVIDENCE, texts={0: parts}).status == status


def test_passage_that_asks_does_not_come_nearest_above_the_threshold() -> None:
    found = cover_p1(EVIDENCE, NEAR, texts={0: ("Do you agree that the Board should check it?",)})
    assert found.nearest is not None
    assert found.nearest.score < found.nearest.threshold


def test_evidence_is_the_quote_and_its_place() -> None:
    passages = [passage(0, "Short.", "A longer paragraph of the passage.", page=7)]
    found = cover(framework(), passages, matches(EVIDENCE), {}, unread=False)[0]
    assert found.evidence == (
        Evidence(
            quote="A longer paragraph of the passage.",
            page=7,
            page_is_approximate=False,
            paragraph=0,
            section=("Section 0",),
            score=0.9,
            strength="evidence",
            stance="positive",
            stage="do",
            passage=0,
        ),
    )


def test_a_quote_s_place_is_of_its_document_s_layout() -> None:
    slide = passage(0, "We meet in public.", page=3)
    slide = replace(slide, parts=tuple(replace(part, layout="slides") for part in slide.parts))
    (evident, *_), (near, *_) = (
        cover(framework(), [slide], matches(said), {}, unread=False) for said in (EVIDENCE, NEAR)
    )
    assert near.nearest is not None
    assert (evident.evidence[0].layout, near.nearest.layout) == ("slides", "slides")


def test_quote_speaks_for_its_passage() -> None:
    passages = [passage(0, "First it says this.", "Second.")]
    quote = Quote(parts=passages[0].parts[:1], score=0.2, strength="mention", stance="absent", stage="act")
    found = cover(framework(), passages, matches(EVIDENCE), {(0, 0): quote}, unread=False)[0]
    assert (found.status, found.evidence[0].quote, found.evidence[0].stage) == ("absent", "First it says this.", "act")


def test_what_is_missing_shows_no_stage_however_strongly_it_speaks() -> None:
    passages = [passage(0, "First it says this.")]
    quote = Quote(parts=passages[0].parts, score=0.9, strength="evidence", stance="absent", stage="act")
    found = cover(framework(), passages, matches(EVIDENCE), {(0, 0): quote}, unread=False)[0]
    assert (found.status, found.stages) == ("absent", ())


def test_weighed_passages_decide_and_come_first() -> None:
    passages = [passage(row, f"Here stands text number {row}.") for row in range(3)]
    said = matches(EVIDENCE, (0.6, "evidence", "positive", "do"), (0.95, "evidence", "positive", "check"))
    quote = Quote(parts=passages[1].parts, score=0.6, strength="mention", stance="positive", stage="act")
    found = cover(framework(), passages, said, {(1, 0): quote}, unread=False)[0]
    assert (found.status, [item.quote for item in found.evidence]) == (
        "mentioned",
        ["Here stands text number 1.", "Here stands text number 2.", "Here stands text number 0."],
    )


def further(strength: Strength, *quotes: tuple[Strength, Stance]) -> Coverage:
    """Return the coverage of P1 by weighed passages that speak so, and a further one of that strength."""
    passages = [passage(row, f"Here stands text number {row}.") for row in range(len(quotes) + 1)]
    said = matches(*[EVIDENCE] * len(quotes), (0.99, strength, "positive", "check"))
    told = {
        (row, 0): Quote(parts=passages[row].parts, score=0.9, strength=spoken, stance=stance, stage="do")
        for row, (spoken, stance) in enumerate(quotes)
    }
    return cover(framework(), passages, said, told, unread=False)[0]


@pytest.mark.parametrize(
    ("strength", "quotes", "lent", "status"),
    [
        ("evidence", [], "evidence", "evidenced"),
        ("evidence", [("evidence", "positive")], "evidence", "evidenced"),
        ("evidence", [("commitment", "positive")], "commitment", "committed"),
        ("evidence", [("mention", "positive"), ("commitment", "positive")], "commitment", "committed"),
        ("mention", [("evidence", "positive")], "mention", "evidenced"),
        # What speaks against lends no strength.
        ("evidence", [("evidence", "absent")], "mention", "absent"),
    ],
)
def test_further_passages_lend_no_more_strength_than_the_weighed(
    strength: Strength, quotes: list[tuple[Strength, Stance]], lent: Strength, status: Status
) -> None:
    found = further(strength, *quotes)
    assert (found.evidence[-1].quote, found.evidence[-1].strength) == (f"Here stands text number {len(quotes)}.", lent)
    assert found.status == status


def test_quotes_of_another_criterion_hold_nothing_back() -> None:
    passages = [passage(row, f"Here stands text number {row}.") for row in range(2)]
    quote = Quote(parts=passages[0].parts, score=0.1, strength="mention", stance="positive", stage="do")
    found = cover(framework(), passages, matches(EVIDENCE, EVIDENCE), {(0, 1): quote}, unread=False)[0]
    assert (found.status, len(found.evidence)) == ("evidenced", 2)


def test_weighed_passages_that_fall_short_hold_the_further_ones_back() -> None:
    passages = [passage(row, f"Here stands text number {row}.") for row in range(2)]
    quote = Quote(parts=passages[0].parts, score=0.1, strength="evidence", stance="positive", stage="do")
    found = cover(framework(), passages, matches(NEAR, EVIDENCE), {(0, 0): quote}, unread=False)[0]
    assert (found.status, [item.quote for item in found.evidence]) == ("mentioned", ["Here stands text number 1."])


def test_passage_that_repeats_an_earlier_one_is_told_once() -> None:
    found = cover_p1(EVIDENCE, EVIDENCE, NEAR, texts={0: ("It says the same.",), 1: ("It says the same.",)})
    assert [item.quote for item in found.evidence] == ["It says the same."]


def test_best_evidence_first_and_what_speaks_against_last() -> None:
    passages = [passage(row, f"Here stands text number {row}.") for row in range(5)]
    said = [ABSENT, (0.6, *MENTION[1:]), (0.7, *EVIDENCE[1:]), (0.8, *EVIDENCE[1:]), (0.99, *COMMITMENT[1:])]
    quotes = {
        (row, 0): Quote(parts=passages[row].parts, score=score, strength=strength, stance=stance, stage=stage)
        for row, (score, strength, stance, stage) in enumerate(said)
    }
    found = cover(framework(), passages, matches(*said), quotes, unread=False)[0]
    assert [item.quote for item in found.evidence] == [
        "Here stands text number 3.",
        "Here stands text number 2.",
        "Here stands text number 4.",
        "Here stands text number 1.",
        "Here stands text number 0.",
    ]


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ([], None),
        ([FAR], None),
        ([EVIDENCE, NEAR], None),
        ([FAR, NEAR, (0.3, *NEAR[1:])], "Here stands text number 1."),
        ([(0.6 * THRESHOLD - 0.01, *NEAR[1:])], None),
        ([(0.6 * THRESHOLD + 0.01, *NEAR[1:])], "Here stands text number 0."),
    ],
)
def test_nearest_is_shown_only_when_it_is_near(said: list[Said], nearest: str | None) -> None:
    found = cover_p1(*said).nearest
    assert (found and found.quote) == nearest


def test_nearest_says_what_it_fell_short_of() -> None:
    assert cover_p1(NEAR).nearest == Nearest(
        quote="Here stands text number 0.",
        page=None,
        page_is_approximate=False,
        paragraph=0,
        section=("Section 0",),
        score=0.4,
        threshold=0.5,
    )


# Properties

_SAID = st.tuples(
    st.sampled_from([0.1, 0.4, 0.5, 0.7, 0.9]),
    st.sampled_from(STRENGTHS),
    st.sampled_from(STANCES),
    st.sampled_from(STAGES),
)
_BEST_FIRST: tuple[Status, ...] = ("evidenced", "committed", "mentioned", "absent", "gap")


@given(st.lists(_SAID, max_size=8))
def test_without_what_was_accepted_there_is_a_gap(said: list[Said]) -> None:
    found = cover_p1(*[one for one in said if one[0] < THRESHOLD])
    assert (found.status, found.evidence, found.stages) == ("gap", (), ())


@given(st.lists(_SAID, max_size=8))
def test_a_passage_of_evidence_makes_any_criterion_evidenced(said: list[Said]) -> None:
    found = cover_p1(*said, EVIDENCE)
    assert (found.status, found.nearest) == ("evidenced", None)
    assert "do" in found.stages


@given(st.lists(_SAID, max_size=6), _SAID)
def test_a_positive_passage_never_makes_it_worse(said: list[Said], more: Said) -> None:
    more = (more[0], more[1], "positive", more[3])
    before, after = cover_p1(*said), cover_p1(*said, more)
    assert _BEST_FIRST.index(after.status) <= _BEST_FIRST.index(before.status)
    assert set(before.stages) <= set(after.stages)


@given(st.lists(_SAID, max_size=6), st.randoms())
def test_order_of_passages_does_not_matter(said: list[Said], random: object) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = cover_p1(*said), cover_p1(*shuffled)
    assert (one.status, one.stages, len(one.evidence)) == (other.status, other.stages, len(other.evidence))
    assert replace(one, evidence=(), nearest=None) == replace(other, evidence=(), nearest=None)


@pytest.mark.parametrize(
    ("said", "status"), [([FAR], "not_applicable"), ([COMMITMENT], "committed"), ([ABSENT], "absent")]
)
def test_optional_part_counts_only_where_the_draft_speaks_of_it(said: list[Said], status: Status) -> None:
    made = framework()
    parts = tuple(part.model_copy(update={"optional": part.id == "P"}) for part in made.principles)
    optional = made.model_copy(update={"principles": parts})
    passages = [passage(row, f"Here stands text number {row}.") for row in range(len(said))]
    p1, p2, q = cover(optional, passages, matches(*said), {}, unread=False)
    assert (p1.status, p2.status, q.status) == (status, "not_applicable", "gap")

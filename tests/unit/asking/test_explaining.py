from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.asking.explaining import explain, nothing_asked
from govbot.asking.routing import Target
from govbot.records import Coverage, Nearest, Reliability
from tests.unit.asking.test_answering import (
    CIPFA,
    OPENNESS,
    SOCIAL,
    WordEncoder,
    assessments,
    coverage,
    make_draft,
    quote,
)

COUNTS = "What counts, for example: "


def why(target: Target, *items: Coverage, draft: tuple[str, ...] = ()) -> str:
    return explain(
        "why?",
        target,
        make_draft(*draft),
        frameworks=[CIPFA, SOCIAL],
        assessments=assessments(*items),
        encoder=WordEncoder(),
    ).verdict


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (
            coverage("B1", "evidenced", quote(4)),
            "B1 is evidenced because the draft says what is done or in place, on page 4.",
        ),
        (
            coverage("B1", "absent", quote(2, strength="mention"), quote(7, stance="absent")),
            "B1 is said to be missing because the draft says so itself, on page 7, and nothing stronger contradicts "
            "it.",
        ),
        (coverage("B1", "gap"), "B1 is not found because no passage comes near it."),
    ],
)
def test_a_status_has_its_reason_and_what_counts(item: Coverage, reason: str) -> None:
    told = why(OPENNESS, item)
    assert told.startswith(f"{reason} {COUNTS}")
    assert CIPFA.criterion("B1").counts[0][1:] in told


def test_a_gap_shows_the_nearest_passage() -> None:
    nearest = Nearest(
        quote="Some are told.",
        page=5,
        page_is_approximate=False,
        paragraph=None,
        section=(),
        score=0.2,
        threshold=0.5,
    )
    told = why(OPENNESS, replace(coverage("B1"), nearest=nearest))
    assert told.startswith(
        "B1 is not found because the nearest passage, on page 5, does not show it clearly enough: “Some are told.”."
    )


def test_how_often_it_is_right_is_told_where_it_was_measured() -> None:
    item = replace(coverage("B1", "gap"), reliability=Reliability(precision=0.84, recall=0.66))
    assert "takes for this, about 8 are; of ten that are, it finds about 7." in why(OPENNESS, item)


def test_a_principle_is_its_criteria() -> None:
    target = Target(kind="criterion", ids=("B",), framework="cipfa-ifac", asked="engagement")
    told = why(target, coverage("B3", "evidenced", quote(3)))
    assert told.startswith(
        "On engagement (B), the criteria are counted one by one: B1 not found, B2 not found, B3 evidenced."
    )


def test_a_topic_is_its_words() -> None:
    target = Target(kind="topic", topic="mobile library")
    assert why(target).startswith("No passage has the words")
    assert why(target, draft=("The mobile library calls on Mondays in all weathers.",)).startswith(
        "These passages have the words “mobile library”"
    )


def test_before_anything_was_asked_there_is_nothing_to_explain() -> None:
    assert nothing_asked("why?").verdict.startswith("Ask something first")

from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.assessing import compare
from govbot.records import Assessment, Coverage, Evidence, Status, Strength


def assessment(**statuses: Status) -> Assessment:
    items = (
        Coverage(id=name, principle=name[0], status=status, stages=(), evidence=()) for name, status in statuses.items()
    )
    return Assessment(framework="f", framework_version="1", matcher="m", model="m", criteria=tuple(items), questions=())


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("gap", "evidenced", "closed"),
        ("absent", "mentioned", "closed"),
        ("committed", "gap", "opened"),
        ("evidenced", "absent", "opened"),
        ("evidenced", "committed", "weaker"),
        ("mentioned", "committed", "stronger"),
        ("gap", "absent", None),
        ("gap", "gap", None),
        ("unread", "evidenced", None),
        ("evidenced", "unread", "unknown"),
        ("evidenced", "not_applicable", None),
    ],
)
def test_what_became_of_a_criterion(before: Status, after: Status, change: str | None) -> None:
    found = compare(assessment(A1=before), assessment(A1=after))
    assert [item.change for item in found] == ([change] if change else [])


def test_gaps_that_opened_come_first() -> None:
    old, new = assessment(A1="gap", A2="evidenced"), assessment(A1="evidenced", A2="gap")
    assert [(item.id, item.change) for item in compare(old, new)] == [("A2", "opened"), ("A1", "closed")]


def test_a_criterion_that_only_one_version_has_is_passed_over() -> None:
    new = assessment(A1="gap", A9="evidenced")
    assert compare(replace(new, criteria=new.criteria[:1]), new) == ()


def quoted(*quotes: str, strength: Strength = "evidence") -> Assessment:
    """Return an assessment in which A1 is evidenced by these quotes."""
    found = tuple(
        Evidence(
            quote=quote,
            page=1,
            page_is_approximate=False,
            paragraph=None,
            section=(),
            score=0.9,
            strength=strength,
            stance="positive",
            stage="do",
        )
        for quote in quotes
    )
    one = assessment(A1="evidenced")
    return replace(one, criteria=(replace(one.criteria[0], evidence=found),))


MINUTES = "Minutes are published within ten days of each meeting."
WEBCAST = "Cabinet is webcast live on the council's channel."


def test_evidence_that_went_is_told_though_the_status_stands() -> None:
    (found,) = compare(quoted(MINUTES, WEBCAST), quoted(MINUTES))
    assert (found.change, [quote.quote for quote in found.before.evidence]) == ("lost", [WEBCAST])


@pytest.mark.parametrize(
    "now",
    [
        (WEBCAST, MINUTES),
        ("The minutes are published on the website within ten days of each meeting.", WEBCAST),
        (f"{MINUTES} {WEBCAST}",),
    ],
)
def test_what_is_said_again_in_other_words_or_elsewhere_is_not_gone(now: tuple[str, ...]) -> None:
    assert compare(quoted(MINUTES, WEBCAST), quoted(*now)) == ()


def test_a_mention_that_went_is_no_loss() -> None:
    assert compare(quoted(MINUTES, strength="mention"), quoted()) == ()

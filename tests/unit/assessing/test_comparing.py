from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.assessing import compare
from govbot.records import Assessment, Coverage, Status


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

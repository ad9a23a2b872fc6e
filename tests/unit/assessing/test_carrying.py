from __future__ import annotations

import numpy as np
import pytest

from govbot.assessing import carry_over
from govbot.frameworks import Link, load_framework
from govbot.records import Carried, Evidence, Matches, Stance, Strength

CLEAR = load_framework("clear")


def quote(text: str, strength: Strength = "evidence", stance: Stance = "positive") -> Evidence:
    return Evidence(
        quote=text,
        page=1,
        page_is_approximate=False,
        paragraph=None,
        section=(),
        score=0.9,
        strength=strength,
        stance=stance,
        stage="do",
    )


def matches(*accepted: set[str]) -> Matches:
    """Return matches under CLEAR that accept these criteria, a set a quote."""
    taken = np.array([[name in names for name in CLEAR.criterion_ids] for names in accepted], dtype=bool)
    return Matches(
        criteria=CLEAR.criterion_ids,
        scores=taken.astype(np.float32),
        thresholds=np.full(len(CLEAR.criterion_ids), 0.5, dtype=np.float32),
        accepted=taken,
        strengths=("evidence",) * len(accepted),
        stances=("positive",) * len(accepted),
        stages=("do",) * len(accepted),
    )


LINKS = [
    Link(criterion="AT", relation="part of", other="B3", reason=""),
    Link(criterion="RT", relation="overlaps", other="B3", reason=""),
    Link(criterion="ET", relation="equal", other="B2", reason=""),
]


def test_a_quote_counts_where_it_bears_on_the_linked_criterion() -> None:
    asked, answered, joint = quote("asked"), quote("answered", "commitment"), quote("joint")
    found = carry_over({"B2": [joint], "B3": [asked, answered]}, LINKS, CLEAR, matches(set(), {"AT"}, {"AT", "RT"}))
    assert {item.criterion: item for item in found} == {
        "CD": Carried(criterion="CD", status=None, sources=(), quote=None),
        "LT": Carried(criterion="LT", status=None, sources=(), quote=None),
        "ET": Carried(criterion="ET", status="evidenced", sources=("B2",), quote=joint),
        "AT": Carried(criterion="AT", status="evidenced", sources=("B3",), quote=asked),
        "RT": Carried(criterion="RT", status="committed", sources=("B3",), quote=answered),
    }


def test_linked_criteria_without_a_quote_that_bears_on_it_leave_it_open() -> None:
    found = carry_over({"B3": [quote("asked")], "A1": [quote("other")]}, LINKS, CLEAR, matches({"RT"}, {"AT"}))
    (asked_to,) = (item for item in found if item.criterion == "AT")
    assert asked_to == Carried(criterion="AT", status="gap", sources=("B3",), quote=None)


@pytest.mark.parametrize(
    ("quotes", "status"),
    [
        ([quote("a", "mention"), quote("b", "mention", "absent")], "absent"),
        ([quote("a", "commitment"), quote("b", "mention", "absent")], "committed"),
        ([quote("a", "mention")], "mentioned"),
    ],
)
def test_the_status_follows_the_rules_of_coverage(quotes: list[Evidence], status: str) -> None:
    found = carry_over({"B3": quotes}, LINKS, CLEAR, matches(*[{"AT"}] * len(quotes)))
    (carried,) = (item for item in found if item.criterion == "AT")
    assert carried.status == status
    assert carried.quote is not None
    assert (carried.quote.stance == "absent") == (status == "absent")

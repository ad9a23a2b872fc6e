from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.assessing import engagement_quotes, place_engagement
from govbot.records import Coverage, Engagement, Evidence

QUOTE = Evidence(
    quote="We asked carers.",
    page=3,
    page_is_approximate=False,
    paragraph=None,
    section=(),
    score=0.9,
    strength="evidence",
    stance="positive",
    stage="do",
)


def covered(criterion: str, *quotes: Evidence) -> Coverage:
    return Coverage(id=criterion, principle="B", status="evidenced", stages=(), evidence=quotes)


def test_only_what_is_said_of_engaging_people_counts() -> None:
    missing = replace(QUOTE, stance="absent")
    items = [covered("B3", missing, QUOTE), covered("F1", QUOTE)]
    assert engagement_quotes("cipfa-ifac", items) == (QUOTE,)
    assert engagement_quotes("clear", items) == ()
    assert engagement_quotes("clear", [covered("AT", QUOTE)]) == (QUOTE,)


@pytest.mark.parametrize(("scores", "best"), [((0.9, 0.5, 0.6), 2), ((0.9, 0.6, 0.5), 1), ((0.5, 0.5, 0.5), 1)])
def test_highest_rung_counts_and_the_surest_quote_that_reaches_it(scores: tuple[float, ...], best: int) -> None:
    texts = ("Leaflets went out.", "We hold a survey.", "We held a poll.")
    quotes = [replace(QUOTE, quote=text, score=score) for text, score in zip(texts, scores, strict=True)]
    found = place_engagement(quotes, ["inform", "consult", "consult"])
    assert found == Engagement(rung="consult", quote=quotes[best], methods=("information", "research"))


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        ("The formal consultation ran for twelve weeks.", ("formal",)),
        ("Our website and newsletters tell residents what was decided.", ("information",)),
        ("Complaints are read each month, and drop-ins are held.", ("service",)),
        ("Focus groups and interviews were held with tenants.", ("research",)),
        ("A citizens’ jury met for four days, after two workshops.", ("deliberative",)),
        ("Wards decide by participatory budgeting.", ("devolved",)),
        ("Carers matter.", ()),
    ],
)
def test_methods_that_are_named(text: str, methods: tuple[str, ...]) -> None:
    assert place_engagement([replace(QUOTE, quote=text)], ["inform"]).methods == methods

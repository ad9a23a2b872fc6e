from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.assessing import place_engagement
from govbot.records import Assessment, Coverage, Evidence, Strength

QUOTE = Evidence(
    quote="",
    page=3,
    page_is_approximate=False,
    paragraph=None,
    section=(),
    score=0.9,
    strength="evidence",
    stance="positive",
    stage="do",
)


def assessment(*quotes: Evidence, criterion: str = "B3", framework: str = "cipfa-ifac") -> Assessment:
    covered = Coverage(id=criterion, principle="B", status="evidenced", stages=(), evidence=quotes, nearest=None)
    return Assessment(
        framework=framework, framework_version="1", matcher="m", model="m", criteria=(covered,), questions=()
    )


def said(text: str, strength: Strength = "evidence") -> Evidence:
    return replace(QUOTE, quote=text, strength=strength)


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("Residents are told of every decision by leaflet.", "inform"),
        ("We asked carers for their views on the new hours.", "consult"),
        ("The opening hours were changed because of comments from carers.", "involve"),
        ("The service was co-designed with young people.", "collaborate"),
        ("A participatory budget of £50,000 is spent as residents vote.", "empower"),
    ],
)
def test_rung_of_a_sentence(text: str, rung: str) -> None:
    found = place_engagement(assessment(said(text)))
    assert found is not None
    assert (found.rung, found.quote.quote) == (rung, text)


def test_highest_rung_counts_and_methods_of_all_quotes_are_named() -> None:
    told, asked = said("Leaflets explain the plan."), said("We will hold a survey of tenants.", "commitment")
    found = place_engagement(assessment(told, asked))
    assert found is not None
    assert (found.rung, found.quote, found.methods) == ("consult", asked, ("information", "research"))


def test_what_is_missing_or_elsewhere_reaches_no_rung() -> None:
    asked = said("We asked carers for their views.")
    assert place_engagement(assessment(replace(asked, stance="absent"))) is None
    assert place_engagement(assessment(asked, criterion="F1")) is None
    assert place_engagement(assessment(said("The river floods."))) is None
    assert place_engagement(assessment(asked, criterion="AT", framework="clear")) is not None

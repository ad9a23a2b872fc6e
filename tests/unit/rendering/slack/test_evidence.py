from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.frameworks import Framework
from govbot.records import Check, Coverage, Decision, Evidence, Reliability
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref, quote_key
from govbot.rendering.slack.deciding import decision_faults, decision_view
from govbot.rendering.slack.evidence import evidence_view, find_quote, why_view

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]
Extreme = Callable[..., tuple[Check, Framework]]
Made = Callable[..., Check]

K = Ref(document=7, framework="bridges", principle="K")
QUOTE = "Each bridge was inspected in May."
SET_ASIDE = Decision(
    framework="bridges",
    criterion="K2",
    kind="not_applicable",
    quote="",
    reason="We own no bridge.",
    author="U012345678",
    made_at=datetime(2027, 5, 3, tzinfo=UTC),
)

SHOWN = """\
[K Safety v]
# K Safety
(The Bridge Code)
● K1 Inspecting: evidenced
> “Each bridge was inspected in May.”
evidence, page 4, in “2 Safety”
[This is not evidence] [Why this?]
---
✕ K2 Mending: said to be missing
> “No money is set aside for mending.”
said to be missing, page 6, in “2 Safety”
[It does not say this] [Why this?]
[It is covered here…] [Not relevant here…]"""


def test_evidence_of_a_principle(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    view = evidence_view(make_check(), [framework], K)
    assert drawn(view["blocks"]) == SHOWN
    assert (view["callback_id"], Ref.unpack(view["private_metadata"])) == (act.EVIDENCE, K)


def test_first_principle_is_shown_where_none_is_named(make_check: Made, framework: Framework) -> None:
    view = evidence_view(make_check(), [framework], Ref(document=7, principle="Z"))
    assert Ref.unpack(view["private_metadata"]) == K


def test_of_a_framework_that_the_draft_was_only_asked_about_no_other_is_shown(
    make_check: Made, framework: Framework, drawn: Drawn
) -> None:
    view = evidence_view(make_check(), [framework], Ref(document=7, framework="roads", principle="K"))
    assert "press “Another framework”" in drawn(view["blocks"])


def test_gap_shows_what_came_nearest(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    shown = drawn(evidence_view(make_check(), [framework], dataclasses.replace(K, principle="T"))["blocks"])
    assert shown.splitlines()[3:] == [
        "– T Taking fair tolls: not found",
        "The nearest passage falls short:",
        "> “Ferry fares rise in April.”",
        "paragraph 31",
        "[It is covered here…] [Not relevant here…]",
    ]


def pressed(view: dict[str, Any]) -> set[tuple[str, Ref]]:
    rows = (block["elements"] for block in view["blocks"] if block["type"] == "actions")
    return {(one["action_id"], Ref.unpack(one["value"])) for row in rows for one in row if "value" in one}


def test_buttons_know_criterion_and_quote(make_check: Made, framework: Framework) -> None:
    first = dataclasses.replace(K, criterion="K1", quote=quote_key(QUOTE))
    second = dataclasses.replace(K, criterion="K2")
    absent = dataclasses.replace(second, quote=quote_key("No money is set aside for mending."))
    assert pressed(evidence_view(make_check(), [framework], K)) == {
        *((name, ref) for name in (act.NOT_EVIDENCE, act.WHY_QUOTE) for ref in (first, absent)),
        *((name, second) for name in (act.COVERED, act.SET_ASIDE)),
    }


def test_decision_is_shown_and_can_be_taken_back(
    make_check: Made, make_coverage: Callable[..., Coverage], framework: Framework, drawn: Drawn
) -> None:
    check = make_check(make_coverage(id="K2", status="not_applicable"))
    view = evidence_view(check, [framework], K, decisions=[SET_ASIDE])
    named = [part for block in view["blocks"] if block["type"] == "rich_text" for part in people(block)]
    assert named == ["U012345678"]
    assert (act.TAKE_BACK, dataclasses.replace(K, criterion="K2")) in pressed(view)


def people(value: Any) -> list[str]:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        return [value["user_id"]] if value.get("type") == "user" else people(list(value.values()))
    return [found for one in value for found in people(one)] if isinstance(value, list) else []


def many(make_coverage: Callable[..., Coverage], evidence: Evidence, count: int) -> Coverage:
    quotes = tuple(dataclasses.replace(evidence, quote=f"Bridge {number} was inspected.") for number in range(count))
    return make_coverage(evidence=quotes)


@pytest.mark.parametrize(
    ("page", "first", "turns"),
    [
        (0, "Bridge 0", "(Page 1 of 3)\n[Next page]"),
        (1, "Bridge 8", "(Page 2 of 3)\n[Page before] [Next page]"),
        (9, "Bridge 16", "(Page 3 of 3)\n[Page before]"),
    ],
)
def test_pages(
    page: int,
    first: str,
    turns: str,
    make_check: Made,
    make_coverage: Callable[..., Coverage],
    evidence: Evidence,
    framework: Framework,
    drawn: Drawn,
) -> None:
    check = make_check(many(make_coverage, evidence, 20))
    shown = drawn(evidence_view(check, [framework], dataclasses.replace(K, page=page))["blocks"])
    assert shown.splitlines()[3:5] == ["● K1 Inspecting: evidenced", f"> “{first} was inspected.”"]
    assert shown.endswith(turns)


# Why


def test_why_a_quote_counts(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    ref = dataclasses.replace(K, criterion="K1", quote=quote_key(QUOTE))
    assert drawn(why_view(make_check(), [framework], ref)["blocks"]).splitlines() == [
        "# K1 Inspecting",
        "> “Each bridge was inspected in May.”",
        "page 4, in “2 Safety”",
        "I take this passage as evidence: the draft says what is done or in place.",
        "It shows what is done (do).",
        "What counts, for example",
        "- x",
        "What does not count",
        "- x",
        "[This is not evidence]",
    ]


def test_how_often_it_is_right_is_said_in_passages(
    make_check: Made, make_coverage: Callable[..., Coverage], framework: Framework, drawn: Drawn
) -> None:
    check = make_check(make_coverage(reliability=Reliability(precision=0.81, recall=0.72)))
    ref = dataclasses.replace(K, criterion="K1", quote=quote_key(QUOTE))
    assert "about 8 are; of ten that are, it finds about 7." in drawn(why_view(check, [framework], ref)["blocks"])


@pytest.mark.parametrize(
    "change", [{"quote": "gone"}, {"criterion": "gone"}, {"framework": "gone"}, {"criterion": "K2"}]
)
def test_quote_that_is_gone(change: dict[str, str], make_check: Made, framework: Framework) -> None:
    ref = dataclasses.replace(dataclasses.replace(K, criterion="K1", quote=quote_key(QUOTE)), **change)
    assert find_quote(make_check(), ref) is None
    assert why_view(make_check(), [framework], ref)["callback_id"] == act.SHOWN


# Deciding


def test_form_on_a_quote(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    ref = dataclasses.replace(K, criterion="K1", quote=quote_key(QUOTE))
    view = decision_view("not_evidence", make_check(), [framework], ref)
    assert drawn(view["blocks"]).splitlines()[:4] == [
        "K1 Inspecting",
        "> “Each bridge was inspected in May.”",
        "page 4, in “2 Safety”",
        "Why?: [plain_text_input v]",
    ]
    assert Ref.unpack(view["private_metadata"]) == dataclasses.replace(ref, note="not_evidence")
    assert view["callback_id"] == act.DECIDE


def test_form_for_a_passage_offers_the_nearest(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    ref = Ref(document=7, framework="bridges", criterion="T")
    view = decision_view("evidence", make_check(), [framework], ref, error="Not there.", filled={act.PASSAGE: "Old."})
    assert drawn(view["blocks"]).splitlines()[:7] == [
        "Not there.",
        "T Taking fair tolls",
        "The nearest passage falls short:",
        "> “Ferry fares rise in April.”",
        "paragraph 31",
        "Is it this passage?: [checkboxes v]",
        "Or paste the passage: [plain_text_input v]",
    ]
    (field,) = (block for block in view["blocks"] if block.get("block_id") == act.PASSAGE)
    assert field["element"]["initial_value"] == "Old."


def test_form_without_a_criterion_asks_which_missing_ones_first(make_check: Made, framework: Framework) -> None:
    view = decision_view("not_applicable", make_check(), [framework], Ref(document=7))
    (group,) = view["blocks"][0]["element"]["option_groups"]
    assert [one["text"]["text"] for one in group["options"]] == [
        "T Taking fair tolls (not found)",
        "K2 Mending (said to be missing)",
        "K1 Inspecting (evidenced)",
    ]
    assert Ref.unpack(group["options"][0]["value"]) == Ref(document=7, framework="bridges", criterion="T")


def test_nothing_is_left_to_set_aside(
    make_check: Made, make_coverage: Callable[..., Coverage], framework: Framework
) -> None:
    check = make_check(make_coverage(status="not_applicable"))
    assert decision_view("not_applicable", check, [framework], Ref(document=7))["callback_id"] == act.SHOWN


@pytest.mark.parametrize(
    ("filled", "faults"),
    [({}, [act.PASSAGE]), ({act.PASSAGE: "We mend."}, []), ({act.SHOWN_PASSAGE: "shown_passage"}, [])],
)
def test_a_passage_is_wanted(filled: dict[str, str], faults: list[str]) -> None:
    assert list(decision_faults("evidence", filled)) == faults
    assert decision_faults("not_applicable", filled) == {}


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=40).map(lambda text: text * 250), count=st.integers(1, 9))
def test_slack_refuses_no_view(
    text: str, count: int, make_extreme: Extreme, make_check: Made, refused: Refused
) -> None:
    check, framework = make_extreme(text, count, make_check())
    ref = Ref(document=7, framework="long", criterion="P0-0", quote=quote_key(text))
    decisions = [
        dataclasses.replace(SET_ASIDE, framework="long", criterion="P0-0", quote=text, reason=text, author=text)
    ] * 9
    assert refused(evidence_view(check, [framework], ref, decisions=decisions)) == ()
    assert refused(why_view(check, [framework], ref)) == ()
    filled = {act.REASON: text, act.PASSAGE: text}
    for kind in ("not_applicable", "not_evidence", "evidence"):
        for one in (ref, Ref(document=7)):
            assert refused(decision_view(kind, check, [framework], one, error=text, filled=filled)) == ()

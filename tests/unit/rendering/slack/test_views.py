from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.frameworks import Framework
from govbot.records import Check, Question
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.views import (
    READS,
    ask_view,
    frameworks_view,
    loading_view,
    notice_view,
    questions_view,
    settings_view,
)

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]
Extreme = Callable[..., tuple[Check, Framework]]
Made = Callable[..., Check]
DRAFT = Ref(document=7)


def test_loading(drawn: Drawn) -> None:
    assert drawn(loading_view("Evidence")["blocks"]) == "Loading …"


def asked(number: int) -> Question:
    return Question(criterion="K2", stage="do", text=f"Who mends bridge {number}?", why="Nobody says.")


def test_all_questions_are_numbered_on(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    check = make_check(questions=tuple(map(asked, range(30))))
    view = questions_view(check, [framework], Ref(document=7, page=1))
    lines = drawn(view["blocks"]).splitlines()
    assert lines[:2] == ["13. Who mends bridge 12?", "K2 Mending (do). Why: Nobody says."]
    assert lines[-2:] == ["(Page 2 of 3)", "[Page before] [Next page]"]
    assert Ref.unpack(view["private_metadata"]) == Ref(document=7, framework="bridges", page=1)


def test_questions_of_another_framework_can_be_chosen(make_check: Made, framework: Framework, drawn: Drawn) -> None:
    check = make_check()
    other = framework.model_copy(update={"id": "other", "title": "The Other Code"})
    second = dataclasses.replace(check.assessments[0], framework="other", questions=())
    check = dataclasses.replace(check, assessments=(*check.assessments, second))
    view = questions_view(check, [framework, other], Ref(document=7, framework="other"))
    assert drawn(view["blocks"]) == "[The Other Code v]\nThere is nothing to ask the authors."


def test_frameworks_are_offered_with_those_in_use_chosen(framework: Framework) -> None:
    other = framework.model_copy(update={"id": "other", "title": "The Other Code"})
    view = frameworks_view([framework, other], ["other"], DRAFT)
    element = view["blocks"][0]["element"]
    assert [one["value"] for one in element["options"]] == ["bridges", "other"]
    assert [one["value"] for one in element["initial_options"]] == ["other"]
    assert (view["callback_id"], Ref.unpack(view["private_metadata"])) == (act.FRAMEWORKS, DRAFT)


def test_asking(drawn: Drawn) -> None:
    view = ask_view(DRAFT, "Bridges, version 2")
    assert drawn(view["blocks"]) == "About Bridges, version 2\nWhat do you want to know?: [Have we covered openness? v]"
    assert view["callback_id"] == act.ASKED


@pytest.mark.parametrize("reads", READS)
def test_settings(reads: Any, framework: Framework) -> None:  # noqa: ANN401 (one of READS)
    view = settings_view(reads, "bridges", [framework], Ref(document=0, note="C1"))
    first, second = (block["element"] for block in view["blocks"])
    assert (first["initial_option"]["value"], second["initial_option"]["value"]) == (reads, "bridges")
    assert (view["callback_id"], Ref.unpack(view["private_metadata"]).note) == (act.SETTINGS, "C1")


def test_settings_that_others_may_change(framework: Framework, drawn: Drawn) -> None:
    view = settings_view("mentioned", "", [framework], Ref(document=0, note="C1"), may_change=False)
    assert drawn(view["blocks"]).splitlines() == [
        "- Which drafts of this channel should I read?",
        "Only those that mention me",
        "- Weekly digest for this channel",
        "No digest",
        "Only the people whom your organisation chose may change this. Ask a governance officer.",
    ]
    assert "submit" not in view


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=40).map(lambda text: text * 250), count=st.integers(1, 9))
def test_slack_refuses_no_view(
    text: str, count: int, make_extreme: Extreme, make_check: Made, refused: Refused
) -> None:
    check, framework = make_extreme(text, count, make_check())
    others = [framework.model_copy(update={"id": f"x{number}"}) for number in range(120)]
    views = [
        loading_view(text),
        notice_view(text, text),
        questions_view(check, [framework], DRAFT),
        frameworks_view(others, ["x3"], DRAFT),
        ask_view(DRAFT, text),
        settings_view("all", "x119", others, DRAFT),
        settings_view("all", "x119", others, DRAFT, may_change=False),
    ]
    assert [refused(view) for view in views] == [()] * 7

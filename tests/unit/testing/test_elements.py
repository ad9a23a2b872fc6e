"""Elements and markup, apart from any server."""

from __future__ import annotations

from typing import Any

import pytest

from govbot.testing.slack import elements
from govbot.testing.slack.markup import pings
from tests.unit.testing.blocks import actions, button, field, menu, option, section

PINGS: list[tuple[str, list[dict[str, Any]], bool, tuple[str, ...]]] = [
    ("<@U1> and <@U1|ada>", [], False, ("U1",)),
    ("&lt;@U1&gt; @channel", [], False, ()),
    ("@channel", [], True, ("!channel",)),
    ("", [section("<!subteam^S1|@officers> <!everyone>")], False, ("S1", "!everyone")),
    ("", [{"type": "section", "text": {"type": "plain_text", "text": "<!here>"}}], False, ()),
    ("", [{"type": "markdown", "text": "<!here>"}], False, ("!here",)),
    ("", [{"type": "rich_text", "elements": [{"type": "user", "user_id": "U2"}]}], False, ("U2",)),
]


@pytest.mark.parametrize(("text", "blocks", "is_parsed", "found"), PINGS)
def test_pings(text: str, blocks: list[dict[str, Any]], is_parsed: bool, found: tuple[str, ...]) -> None:
    assert pings(text, blocks, is_parsed=is_parsed) == found


STATES: list[tuple[dict[str, Any], object, dict[str, Any]]] = [
    ({"type": "plain_text_input"}, "x", {"value": "x"}),
    ({"type": "plain_text_input"}, {"type": "plain_text_input", "value": "x"}, {"value": "x"}),
    (menu("m", "a"), "a", {"selected_option": option("a")}),
    (menu("m", "a"), {"selected_option": {"value": "a", "text": "forged"}}, {"selected_option": option("a")}),
    (menu("m", "a"), None, {"selected_option": None}),
    ({"type": "checkboxes", "options": [option("a")]}, "a", {"selected_options": [option("a")]}),
    ({"type": "multi_users_select"}, ["U1"], {"selected_users": ["U1"]}),
    ({"type": "datepicker"}, "2025-01-31", {"selected_date": "2025-01-31"}),
]


@pytest.mark.parametrize(("element", "given", "state"), STATES)
def test_states(element: dict[str, Any], given: object, state: dict[str, Any]) -> None:
    assert elements.state_of(element, given) == {"type": element["type"], **state}


def test_initial_values_are_a_state() -> None:
    chosen = {**menu("m", "a", "b"), "initial_option": option("b")}
    text = field("q")
    text["element"]["initial_value"] = "so far"
    values = elements.initial_values([actions(button("b"), chosen), text])
    assert values == {
        "row": {"m": {"type": "static_select", "selected_option": option("b")}},
        "q": {"q": {"type": "plain_text_input", "value": "so far"}},
    }


def test_only_what_is_there_is_taken_from_a_page() -> None:
    given = {"q": {"q": {"value": "x"}, "z": {}}, "gone": {"g": {}}, "row": {"b": {}}}
    assert elements.known([field("q"), actions(button("b"))], given) == {"q": {"q": {"value": "x"}}}

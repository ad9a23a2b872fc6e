from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.rendering.slack.limits import Surface, faults_of, size_of


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(number: int) -> dict[str, Any]:
    return {"text": plain(f"Option {number}"), "value": str(number)}


def button(action: str = "press", **extra: object) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain("Press"), **extra}


def menu(number: int = 3, **extra: object) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "choose", "options": [option(one) for one in range(number)], **extra}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": list(parts)}]}


def chart(names: tuple[str, ...] = ("Drafts",), labels: tuple[str, ...] = ("June", "July")) -> dict[str, Any]:
    data = [{"label": label, "value": 3} for label in labels]
    series = [{"name": name, "data": data} for name in names]
    drawn = {"type": "line", "series": series, "axis_config": {"categories": list(labels), "x_label": "Month"}}
    return {"type": "data_visualization", "title": "By month", "chart": drawn}


def section(text: str = "Hello", **extra: object) -> dict[str, Any]:
    return {"type": "section", "text": marked(text), **extra}


def field(**extra: object) -> dict[str, Any]:
    return {"type": "input", "label": plain("Why"), "element": {"type": "plain_text_input", **extra}}


SOUND = [
    section(),
    section(fields=[marked("x")] * 10, accessory=menu(100)),
    {"type": "header", "text": plain("H" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [marked("x")] * 10},
    {"type": "actions", "elements": [button(str(number)) for number in range(25)]},
    {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option(1)]}]},
    rich({"type": "text", "text": "x", "style": {"bold": True}}),
]


@pytest.mark.parametrize(
    "block", [*SOUND, table(100, 20, "12345"), chart(), {"type": "markdown", "text": "x" * 12_000}]
)
def test_sound_block_of_a_message(block: dict[str, Any]) -> None:
    assert faults_of("message", {"text": "Hello", "blocks": [block]}) == ()


@pytest.mark.parametrize("block", [*SOUND, field(multiline=True, max_length=3_000)])
def test_sound_block_of_a_modal(block: dict[str, Any]) -> None:
    assert faults_of("modal", modal(block)) == ()


def modal(*blocks: dict[str, Any], **extra: object) -> dict[str, Any]:
    return {"type": "modal", "title": plain("T" * 24), "submit": plain("Keep"), "blocks": list(blocks), **extra}


@pytest.mark.parametrize(
    ("block", "path"),
    [
        (section("x" * 3_001), "/blocks/0/text/text"),
        (section(""), "/blocks/0/text/text"),
        (section(fields=[marked("x")] * 11), "/blocks/0/fields"),
        (section(fields=[marked("x" * 2_001)]), "/blocks/0/fields/0/text"),
        (section(colour="red"), "/blocks/0/colour"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "blink", "text": plain("x")}, "/blocks/0/type"),
        ({"type": ["section"]}, "/blocks/0/type"),
        ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
        ({"type": "header", "text": marked("x")}, "/blocks/0/text/type"),
        ({"type": "context", "elements": [marked("x")] * 11}, "/blocks/0/elements"),
        ({"type": "context", "elements": []}, "/blocks/0/elements"),
        ({"type": "actions", "elements": [button(str(number)) for number in range(26)]}, "/blocks/0/elements"),
        ({"type": "actions", "elements": [button(), button()]}, "/blocks/0/elements"),
        ({"type": "actions", "elements": [button(text=plain("x" * 76))]}, "/blocks/0/elements/0/text/text"),
        ({"type": "actions", "elements": [button(text=marked("x"))]}, "/blocks/0/elements/0/text/type"),
        ({"type": "actions", "elements": [button(value="x" * 2_001)]}, "/blocks/0/elements/0/value"),
        ({"type": "actions", "elements": [button(style="blue")]}, "/blocks/0/elements/0/style"),
        ({"type": "actions", "elements": [button(action="x" * 256)]}, "/blocks/0/elements/0/action_id"),
        (section(accessory=menu(101)), "/blocks/0/accessory/options"),
        (section(accessory=menu(initial_option=option(9))), "/blocks/0/accessory/initial_option"),
        (section(accessory=menu(option_groups=[{"label": plain("x"), "options": [option(7)]}])), "/blocks/0/accessory"),
        (
            section(accessory={"type": "overflow", "options": list(map(option, range(6)))}),
            "/blocks/0/accessory/options",
        ),
        (section(accessory=menu(placeholder=plain("x" * 151))), "/blocks/0/accessory/placeholder/text"),
        (rich({"type": "text", "text": ""}), "/blocks/0/elements/0/elements/0/text"),
        (rich({"type": "text", "text": "x", "style": {"blink": True}}), "/blocks/0/elements/0/elements/0/style/blink"),
        (table(rows=101), "/blocks/0/rows"),
        (table(columns=21), "/blocks/0/rows/0"),
        (table(text="x" * 2_501), "/blocks/0/rows"),
        (table(text=""), "/blocks/0/rows/0/0/text"),
        ({**table(), "rows": [*table()["rows"], [{"type": "raw_text", "text": "x"}]]}, "/blocks/0/rows"),
        (chart(names=tuple("abcdefg")), "/blocks/0/chart/series"),
        (chart(names=("a", "a")), "/blocks/0/chart/series"),
        (chart(labels=tuple(map(str, range(21)))), "/blocks/0/chart/series/0/data"),
        (chart(labels=("x" * 21,)), "/blocks/0/chart/series/0/data/0/label"),
        ({**chart(), "title": "x" * 51}, "/blocks/0/title"),
        ({"type": "image", "image_url": "https://x.example/a.png"}, "/blocks/0/alt_text"),
    ],
)
def test_faulty_block(block: dict[str, Any], path: str) -> None:
    faults = faults_of("message", {"text": "Hello", "blocks": [block]})
    assert path in [fault.partition(": ")[0] for fault in faults]


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section()] * 51, "/blocks: no more than 50 items allowed"),
        ([section(block_id="a"), section(block_id="a")], "/blocks: block_id a already exists"),
        ([table(), table()], "/blocks/1: no more than 1 table blocks allowed in a message"),
        ([chart()] * 3, "/blocks/2: no more than 2 data_visualization blocks allowed in a message"),
        ([section("x" * 3_000)] * 5, "/blocks: msg_blocks_too_long: 15000 characters, no more than 13000 allowed"),
        ([], ": no_text"),
        ("x", "/blocks: must be an array"),
    ],
)
def test_faulty_message(blocks: object, fault: str) -> None:
    assert fault in faults_of("message", {"text": "", "blocks": blocks})


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (modal(), "/blocks: no fewer than 1 items allowed"),
        (modal(*[section()] * 101), "/blocks: no more than 100 items allowed"),
        (modal(table()), "/blocks/0/type: unsupported type: table"),
        (modal(section(), title=plain("x" * 25)), "/title/text: must be less than 25 characters"),
        (modal(section(), private_metadata="x" * 3_001), "/private_metadata: must be less than 3001 characters"),
        (modal(section(), type="home"), "/type: must be modal"),
        (modal(section(), colour="red"), "/colour: invalid additional property"),
        (modal(field(max_length=0)), "/blocks/0/element/max_length: must be from 1 to 3000"),
        ({"type": "modal", "title": plain("x"), "blocks": [field()]}, "/submit: required where a modal has an input"),
        (modal(*[section("é" * 3_000)] * 20), ": view_too_large: 361368 bytes, no more than 250000 allowed"),
    ],
)
def test_faulty_modal(view: dict[str, Any], fault: str) -> None:
    assert fault in faults_of("modal", view)


def test_home() -> None:
    assert faults_of("home", {"type": "home", "blocks": [section()]}) == ()
    assert faults_of("home", {"type": "home", "blocks": [section()], "title": plain("x")}) == (
        "/title: invalid additional property",
    )


def test_size_counts_what_is_read() -> None:
    assert (
        size_of([section("12345", block_id="not read"), table(2, 2, "x"), rich({"type": "text", "text": "ab"})]) == 11
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
MANGLED: list[tuple[Surface, dict[str, Any]]] = [
    ("message", {"text": "x", "blocks": [*SOUND, table(), chart()]}),
    ("modal", modal(*SOUND, field())),
]


def places(value: object) -> list[tuple[Any, Any]]:
    """Return every container and key of a value."""
    keys = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, held in keys for found in [(value, key), *places(held)]]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_json_breaks_the_check(data: st.DataObject) -> None:
    surface, sound = data.draw(st.sampled_from(MANGLED))
    payload = copy.deepcopy(sound)
    held, key = data.draw(st.sampled_from(places(payload)))
    held[key] = data.draw(JSON)
    assert all(isinstance(fault, str) for fault in faults_of(surface, payload))

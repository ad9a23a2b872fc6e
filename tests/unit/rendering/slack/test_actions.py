from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.rendering.slack.actions import PASSAGE, Ref, Span, quote_key, typed
from govbot.rendering.slack.limits import OPTION_VALUE, VALUE

REFS = st.builds(
    Ref,
    document=st.integers(0, 10**9),
    framework=st.text(max_size=60),
    criterion=st.text(max_size=20),
    principle=st.text(max_size=20),
    page=st.integers(0, 99),
    quote=st.text(max_size=12),
    note=st.text(max_size=40),
)


@settings(deadline=None)
@given(REFS)
def test_ref_comes_back_as_it_was_packed(ref: Ref) -> None:
    assert Ref.unpack(ref.packed()) == ref
    assert len(ref.packed()) <= VALUE


@settings(deadline=None)
@given(st.builds(Span, framework=st.text(max_size=60), channel=st.text(max_size=20), since=st.text(max_size=10)))
def test_span_comes_back_as_it_was_packed(span: Span) -> None:
    assert Span.unpack(span.packed()) == span


def test_ref_to_a_principle_fits_into_an_option() -> None:
    ref = Ref(document=10**6, framework="international-framework-of-2014", principle="PVF12", criterion="PVF12a")
    assert len(ref.packed()) <= OPTION_VALUE


@pytest.mark.parametrize("value", ["", "x", "[]", '{"zz":1}', '{"do":"1"}', '{"do":true}', '{"fr":1}', "null"])
def test_value_of_somebody_else(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever is wrong with it)
        Ref.unpack(value)


def test_a_quote_is_known_whatever_its_spaces_and_case() -> None:
    assert quote_key("We  plant\ntrees.") == quote_key("we plant trees.") != quote_key("We plant bees.")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": " two\nlines\u200b "}, "two lines"),
        ({"type": "plain_text_input", "value": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "a"}}, "a"),
        ({"type": "radio_buttons", "selected_option": None}, ""),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, "a b"),
        ({"type": "channels_select", "selected_channel": "C1"}, "C1"),
        ({"type": "datepicker", "selected_date": None}, ""),
    ],
)
def test_typed(element: dict[str, Any], value: str) -> None:
    assert typed({"state": {"values": {"block": {"field": element}}}}) == {"field": value}


@pytest.mark.parametrize("pasted", ["“R4 | Roof fails …”", "R4\tRoof\nfails", '"R4 Roof fails"'])
def test_passage_that_was_copied_from_a_reply(pasted: str) -> None:
    field = {PASSAGE: {"type": "plain_text_input", "value": pasted}}
    assert typed({"state": {"values": {PASSAGE: field}}}) == {PASSAGE: "R4 Roof fails"}

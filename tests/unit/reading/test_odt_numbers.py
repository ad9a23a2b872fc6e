"""Numbers that the program counts and shows before headings, and headings that are only bold."""

from __future__ import annotations

import pytest

from govbot.reading.odt import read_odt
from tests.unit.reading.make_odt import SPACES, p, package

LEVELS = """
<text:{kind} text:level="1" style:num-format="1" style:num-suffix="."/>
<text:{kind} text:level="2" style:num-format="1" text:display-levels="2"/>
<text:{kind} text:level="3" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
"""
OUTLINE = f'<text:outline-style style:name="Outline">{LEVELS.format(kind="outline-level-style")}</text:outline-style>'
LISTS = (
    f'<text:list-style style:name="L1">{LEVELS.format(kind="list-level-style-number")}</text:list-style>'
    '<text:list-style style:name="Annex"><text:list-level-style-number text:level="1" style:num-format="A" '
    'style:num-prefix="Annex " text:start-value="2"/></text:list-style>'
    '<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style>"
)
STYLES = """
<style:style style:name="Heading" style:family="paragraph" style:default-outline-level="1"/>
<style:style style:name="Plain" style:family="paragraph" style:parent-style-name="Heading" style:list-style-name=""/>
<style:style style:name="PlainToo" style:family="paragraph" style:parent-style-name="Plain"/>
<style:style style:name="Again" style:family="paragraph" style:parent-style-name="Plain" style:list-style-name="L1"/>
<style:style style:name="Hidden" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Strong" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="N" style:family="text"><style:text-properties fo:font-weight="normal"/></style:style>
"""


def h(level: int, text: str, **more: str) -> str:
    said = "".join(f' text:{name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text:h text:outline-level="{level}"{said}>{text}</text:h>'


def listed(*parts: str, said: str = 'text:style-name="L1"') -> str:
    return f"<text:list {said}>{''.join(f'<text:list-item>{part}</text:list-item>' for part in parts)}</text:list>"


def headings(body: str, outline: str = OUTLINE) -> list[str]:
    data = package(
        styles=f"<office:document-styles {SPACES}><office:styles>{outline}{STYLES}</office:styles>"
        "</office:document-styles>",
        content=f"<office:document-content {SPACES}><office:automatic-styles>{LISTS}</office:automatic-styles>"
        f"<office:body><office:text>{p('Draft.')}{body}</office:text></office:body></office:document-content>",
    )
    return [block.text for block in read_odt(data).blocks if block.kind == "heading"]


def test_headings_are_counted_level_by_level() -> None:
    body = h(1, "Risk") + h(2, "Floods") + h(2, "Fire") + h(1, "People") + h(2, "Staff") + h(3, "Pay") + h(4, "Deep")
    assert headings(body) == ["1. Risk", "1.1 Floods", "1.2 Fire", "2. People", "2.1 Staff", "(a) Pay", "Deep"]


def test_a_level_that_was_passed_over_counts_as_begun() -> None:
    assert headings(h(2, "Floods") + h(1, "People")) == ["1.1 Floods", "2. People"]


def test_a_number_that_the_file_holds_is_computed_anew() -> None:
    assert headings(h(1, "<text:number>9.</text:number>Risk")) == ["1. Risk"]


@pytest.mark.parametrize(
    ("middle", "shown"),
    [
        (h(1, "Aside", style_name="Plain"), "Aside"),
        (h(1, "Aside", style_name="PlainToo"), "Aside"),
        (h(1, "Aside", is_list_header="true"), "Aside"),
        (h(1, "Aside", style_name="Hidden"), None),
    ],
)
def test_a_heading_that_is_not_numbered_is_not_counted(middle: str, shown: str | None) -> None:
    found = headings(h(1, "Risk") + middle + h(1, "People"))
    assert found == ["1. Risk", *([shown] if shown else []), "2. People"]


def test_a_style_may_take_its_headings_in_again() -> None:
    assert headings(h(1, "Risk", style_name="Again")) == ["1. Risk"]


def test_a_heading_may_begin_again() -> None:
    found = headings(h(1, "Risk") + h(1, "People", restart_numbering="true", start_value="7") + h(1, "Money"))
    assert found == ["1. Risk", "7. People", "8. Money"]


def test_without_an_outline_nothing_is_numbered() -> None:
    assert headings(h(1, "Risk") + h(2, "Floods"), outline="") == ["Risk", "Floods"]


def test_headings_in_lists_have_the_numbers_of_these() -> None:
    body = listed(h(1, "Risk") + listed(h(2, "Floods"), h(2, "Fire"), said=""), h(1, "People")) + h(1, "Money")
    assert headings(body) == ["1. Risk", "1.1 Floods", "1.2 Fire", "2. People", "1. Money"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ('text:style-name="L1"', "1."),
        ('text:style-name="L1" text:continue-numbering="true"', "2."),
        ('text:style-name="L1" text:continue-list="first"', "2."),
        ('text:style-name="L1" text:continue-list="another"', "1."),
        ('text:style-name="Annex"', "Annex B"),
        ('text:style-name="Dots"', ""),
        ('text:style-name="Unknown"', ""),
    ],
)
def test_a_list_goes_on_with_an_earlier_one_where_it_says_so(said: str, number: str) -> None:
    first = listed(h(1, "Risk"), said='text:style-name="L1" xml:id="first"')
    assert headings(first + listed(h(1, "People"), said=said)) == ["1. Risk", f"{number} People".strip()]


def test_only_the_first_paragraph_of_an_item_is_numbered_and_a_header_is_not() -> None:
    items = f"<text:list-header>{h(1, 'Parts')}</text:list-header><text:list-item>{h(1, 'Risk')}{h(1, 'Loss')}"
    body = f'<text:list text:style-name="L1">{items}</text:list-item></text:list>' + listed(
        p("We publish.") + h(1, "Fire")
    )
    assert headings(body) == ["Parts", "1. Risk", "Loss", "Fire"]


def test_an_item_may_begin_at_any_number() -> None:
    body = f'<text:list text:style-name="L1"><text:list-item text:start-value="99999">{h(1, "Risk")}</text:list-item>'
    assert headings(f"{body}<text:list-item>{h(1, 'Loss')}</text:list-item></text:list>") == [
        "32767. Risk",
        "32767. Loss",
    ]


@pytest.mark.parametrize(
    ("above", "is_heading"),
    [
        (p("Who decides", "Strong"), True),
        (p('<text:span text:style-name="B">Who </text:span> <text:span text:style-name="B">decides</text:span>'), True),
        (p('<text:span text:style-name="B">Who</text:span> decides'), False),
        (p('Who <text:span text:style-name="N">decides</text:span>', "Strong"), False),
        (p("Who decides"), False),
    ],
)
def test_a_short_bold_paragraph_above_text_is_a_heading(above: str, is_heading: bool) -> None:
    assert headings(above + p("The board decides on the plan each year.")) == ["Who decides"] * is_heading

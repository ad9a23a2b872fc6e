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
L1 = 'text:style-name="L1"'
LISTS = (
    f'<text:list-style style:name="L1">{LEVELS.format(kind="list-level-style-number")}</text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" '
    'loext:num-list-format="%1%-%2%"/></text:list-style>'
    '<text:list-style style:name="Annex"><text:list-level-style-number text:level="1" style:num-format="A" '
    'style:num-prefix="Annex " text:start-value="2"/></text:list-style>'
    '<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style>"
)
STYLES = """
<style:style style:name="Heading" style:family="paragraph" style:default-outline-level="1"/>
<style:style style:name="Plain" style:family="paragraph" style:parent-style-name="Heading" style:list-style-name=""/>
<style:style style:name="PlainToo" style:family="paragraph" style:parent-style-name="Plain"/>
<style:style style:name="Again" style:family="paragraph" style:parent-style-name="Plain"
  style:list-style-name="L1"/>
<style:style style:name="Hidden" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Strong" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="N" style:family="text"><style:text-properties fo:font-weight="normal"/></style:style>
"""


#: What hangs on a paragraph and is not bold.
ASIDES = (
    "<office:annotation><text:p>Why?</text:p></office:annotation>"
    "<draw:frame><svg:title>A map</svg:title><draw:text-box><text:p>Map</text:p></draw:text-box></draw:frame>"
)


def h(level: int, text: str, **more: str) -> str:
    said = "".join(f' text:{name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text:h text:outline-level="{level}"{said}>{text}</text:h>'


def listed(*parts: str, said: str = L1) -> str:
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
    seven = h(1, "People", restart_numbering="true", start_value="7")
    assert headings(h(1, "Risk") + seven + h(1, "Money")) == ["1. Risk", "7. People", "8. Money"]


@pytest.mark.parametrize("start", [{}, {"start_value": "-1"}])
def test_a_heading_that_begins_again_without_a_number_begins_where_its_level_does(start: dict[str, str]) -> None:
    again = h(1, "People", restart_numbering="true", **start)
    assert headings(h(1, "Risk") + h(1, "Loss") + again) == ["1. Risk", "2. Loss", "1. People"]


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


def test_an_item_that_holds_only_a_list_is_not_counted() -> None:
    deeper = listed(listed(h(2, "Floods"), said=""), h(1, "People"), said='text:continue-numbering="true" ' + L1)
    assert headings(listed(h(1, "Risk")) + p("Text.") + deeper) == ["1. Risk", "1.1 Floods", "2. People"]


@pytest.mark.parametrize(("said", "last"), [("", "1.1"), ('text:continue-numbering="true"', "1.3")])
def test_a_second_list_in_an_item_begins_again(said: str, last: str) -> None:
    first, second = listed(h(2, "Floods"), h(2, "Fire"), said=""), listed(h(2, "Loss"), said=said)
    found = headings(listed(h(1, "Risk") + first + second))
    assert found == ["1. Risk", "1.1 Floods", "1.2 Fire", f"{last} Loss"]


def test_a_list_in_a_list_counts_with_it_whatever_its_style() -> None:
    inner = listed(h(2, "Floods"), said='text:style-name="L2"')
    assert headings(listed(h(1, "Risk") + inner, h(1, "People") + inner)) == [
        "1. Risk", "1-1 Floods", "2. People", "2-1 Floods",
    ]  # fmt: skip


def test_an_item_may_have_a_style_of_its_own() -> None:
    item = f'<text:list-item text:style-override="Annex">{h(1, "Maps")}</text:list-item>'
    assert headings(f"<text:list {L1}><text:list-item>{h(1, 'Risk')}</text:list-item>{item}</text:list>") == [
        "1. Risk", "Annex B Maps",
    ]  # fmt: skip


def test_headings_in_a_list_of_the_outline_count_with_it() -> None:
    body = h(1, "Risk") + listed(listed(h(2, "Floods"), said=""), said='text:style-name="Outline"') + h(2, "Fire")
    assert headings(body) == ["1. Risk", "1.1 Floods", "1.2 Fire"]


@pytest.mark.parametrize("aside", ["<text:p><draw:frame><draw:text-box>{}</draw:text-box></draw:frame></text:p>"])
def test_a_list_beside_a_list_does_not_count_in_it(aside: str) -> None:
    other = listed(h(1, "Beside"), said='text:style-name="Annex"')
    found = headings(listed(h(1, "Risk") + listed(p("One.") + aside.format(other), h(2, "Fire"), said="")))
    assert found == ["1. Risk", "Annex B Beside", "1.2 Fire"]


@pytest.mark.parametrize(
    ("levels", "number"),
    [
        ('style:num-format="1" loext:num-list-format="Part %1%:" style:num-suffix=":"', "Part 1:"),
        ('style:num-format="" style:num-suffix="Annex"', "Annex"),
        ('style:num-format="01, 02, 03, ..."', "1"),
        ('style:num-format="I" text:start-value="4"', "IV"),
        ('style:num-format="I" loext:num-list-format="%1%" loext:is-legal="true"', "1"),
        ('style:num-format="1" loext:num-list-format="%9%%1%%99%"', "1"),
    ],
)
def test_number_is_written_as_the_level_says(levels: str, number: str) -> None:
    outline = (
        f'<text:outline-style style:name="O"><text:outline-level-style text:level="1" {levels}/></text:outline-style>'
    )
    assert headings(h(1, "Risk"), outline) == [f"{number} Risk"]


def test_a_level_that_is_not_numbered_takes_its_full_stop_along() -> None:
    levels = (
        '<text:outline-level-style text:level="1" style:num-format="1" loext:num-list-format="%1%"/>'
        '<text:outline-level-style text:level="2" style:num-format=""/>'
        '<text:outline-level-style text:level="3" style:num-format="1" loext:num-list-format="%1%.%2%.%3%)"/>'
    )
    outline = f'<text:outline-style style:name="O">{levels}</text:outline-style>'
    assert headings(h(1, "Risk") + h(2, "Staff") + h(3, "Pay"), outline) == ["1 Risk", "Staff", "1.1) Pay"]


@pytest.mark.parametrize(
    "body",
    [
        "<text:list-item>{}</text:list-item>",
        '<text:list text:style-name="L1"><text:list-item/></text:list>{}',
        '<text:list text:style-name="L1"><text:list-item><text:p text:style-name="Hidden">a</text:p></text:list-item>'
        "</text:list>{}",
    ],
)
def test_a_number_without_a_paragraph_goes_nowhere(body: str) -> None:
    assert headings(body.format(h(1, "Risk", style_name="Plain"))) == ["Risk"]


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
        (p(f'<text:span text:style-name="B">Who decides</text:span>{ASIDES}'), True),
        (p('<text:a><text:span text:style-name="B">Who decides</text:span></text:a>'), True),
        (p('<text:a>Who</text:a> <text:span text:style-name="B">decides</text:span>'), False),
        (p('<text:span text:style-name="B">Who</text:span> decides'), False),
        (p('Who <text:span text:style-name="N">decides</text:span>', "Strong"), False),
        (p("Who decides"), False),
    ],
)
def test_a_short_bold_paragraph_above_text_is_a_heading(above: str, is_heading: bool) -> None:
    assert headings(above + p("The board decides on the plan each year.")) == ["Who decides"] * is_heading

from __future__ import annotations

from pathlib import Path

import pytest

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.docx import read_docx
from govbot.reading.odt import read_odt
from govbot.records import PageTurn, Unread
from tests.unit.reading.make_odt import blocks, content, h, items, note, odt, p, package, row, table, told

REAL = Path(__file__).parents[4] / "shared" / "real" / "eu_dcat_ap.odt"

# Headings and the title


def test_headings_have_their_levels_and_sections() -> None:
    found = blocks(h(1, "Risk") + h(2, "Floods") + p("We publish.") + h(1, "People") + h(9, "Deep"))
    assert [(block.kind, block.level, block.section) for block in found] == [
        ("heading", 1, ()), ("heading", 2, ("Risk",)), ("paragraph", None, ("Risk", "Floods")), ("heading", 1, ()),
        ("heading", 6, ("People",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "level"),
    [("Heading_20_2", 2), ("Annex", 2), ("P1", 2), ("Plain", None), ("Heading", None), ("Loop", None), ("None", None)],
)
def test_paragraph_is_a_heading_by_its_style(style: str, level: int | None) -> None:
    assert blocks(h(1, "One") + h(1, "Two") + p("Staff", style))[-1].level == level


def test_a_whole_paragraph_styled_as_a_heading_is_text() -> None:
    assert told(h(1, "word " * 31)) == [("paragraph", ("word " * 31).strip())]


def test_numbers_that_the_file_holds_are_not_read() -> None:
    assert told(h(1, "<text:number>1.</text:number>Risk") + p("We.") + items(h(2, "Flood")) + p("On."))[::2] == [
        ("heading", "Risk"),
        ("heading", "Flood"),
    ]


def test_comments_are_counted_and_no_text() -> None:
    remark = "<office:annotation><text:p>Why?</text:p></office:annotation>"
    reading = read_odt(odt(p(f"One.{remark}<office:annotation-end/>") + p(f"Two.{remark}")))
    assert [block.text for block in reading.blocks] == ["One.", "Two."]
    assert reading.unread == (Unread(reason="comments", part="2 comments", matters=False),)


def test_title_is_that_of_the_metadata() -> None:
    assert read_odt(odt(p("One."), "Library Strategy")).title == "Library Strategy"
    assert read_odt(odt(p("One."), "Untitled 1")).title == ""


def test_title_of_the_text_is_no_section() -> None:
    reading = read_odt(odt(p("Library Strategy", "Title") + h(1, "Risk") + h(1, "People")))
    assert reading.title == "Library Strategy"
    assert [block.section for block in reading.blocks] == [(), (), ()]


# Words


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("one<text:s text:c='3'/>two", "one two"),
        ("one<text:tab/>two", "one two"),
        ("one<text:line-break/>two", "one two"),
        ("one <text:span>two <text:span>three</text:span></text:span> four", "one two three four"),
        ("see <text:a>the plan</text:a>.", "see the plan."),
        ("due <text:date>1 May</text:date> at <text:bookmark-ref>4</text:bookmark-ref>", "due 1 May at 4"),
        ("<text:ruby><text:ruby-base>plan</text:ruby-base><text:ruby-text>plæn</text:ruby-text></text:ruby>s", "plans"),
        ("a<text:change-start text:change-id='c'/> new<text:change-end text:change-id='c'/> plan", "a new plan"),
        ("plan<office:annotation><text:p>Why?</text:p></office:annotation>s<office:annotation-end/>", "plans"),
        ("plan<!-- no -->s", "plans"),
        ("one<text:bookmark text:name='b'/>two", "onetwo"),
    ],
)
def test_words_are_read_where_they_are_shown(xml: str, text: str) -> None:
    assert told(p(xml)) == [("paragraph", text)]


@pytest.mark.parametrize(
    "xml",
    [
        p("gone", "Hidden"),
        p("<text:span text:style-name='T1'>gone<text:span> too</text:span></text:span>"),
        p("<text:hidden-text text:is-hidden='true'>gone</text:hidden-text>"),
        p("gone<text:hidden-paragraph text:is-hidden='true'/>"),
        f"<text:section text:display='none'>{p('gone')}</text:section>",
        f"<text:section text:display='condition' text:is-hidden='true'>{p('gone')}</text:section>",
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('gone')}</text:deletion></text:changed-region>"
        "</text:tracked-changes>",
        f"<text:table-of-content><text:index-body>{p('gone')}</text:index-body></text:table-of-content>",
        f"<text:alphabetical-index><text:index-body>{p('gone')}</text:index-body></text:alphabetical-index>",
        f"<text:bibliography><text:index-body>{p('gone')}</text:index-body></text:bibliography>",
        p("gone", "Contents_20_1"),
        p("before<text:tab/>12"),
    ],
)
def test_what_is_hidden_deleted_or_made_of_the_text_is_left_out(xml: str) -> None:
    assert told(p("before") + xml + p("after")) == [("paragraph", "before"), ("paragraph", "after")]


def test_words_shown_among_hidden_ones_are_read() -> None:
    assert told(p("no <text:span text:style-name='T2'>yes</text:span> no", "Hidden")) == [("paragraph", "yes")]


def test_sections_are_read_through() -> None:
    assert told(f"<text:section text:name='s'><text:section>{p('In it.')}</text:section></text:section>") == [
        ("paragraph", "In it.")
    ]


# Lists


def test_nested_lists_keep_their_depths_and_lead_ins() -> None:
    found = blocks(p("The Board will:") + items(p("publish:") + items(p("monthly")), p("listen")) + p("So."))
    assert [(block.kind, block.text, block.lead_in) for block in found] == [
        ("paragraph", "The Board will:", ""),
        ("list_item", "publish:", "The Board will:"),
        ("list_item", "monthly", "publish:"),
        ("list_item", "listen", "The Board will:"),
        ("paragraph", "So.", ""),
    ]


def test_every_paragraph_of_an_item_is_kept_in_its_list() -> None:
    found = blocks(p("The Board will:") + items(p("publish") + p("This is law."), p("listen")))
    assert [(block.kind, block.text, block.lead_in) for block in found[1:]] == [
        ("list_item", text, "The Board will:") for text in ("publish", "This is law.", "listen")
    ]


def test_numbered_paragraph_is_a_list_item() -> None:
    inside = f"<text:number>1.1</text:number>{p('publish')}"
    assert told(f"<text:numbered-paragraph text:level='2'>{inside}</text:numbered-paragraph>") == [
        ("list_item", "publish")
    ]


def test_bullets_typed_by_hand_make_list_items() -> None:
    assert told(p("• publish") + p("a) listen to people")) == [
        ("list_item", "publish"),
        ("list_item", "listen to people"),
    ]


# Notes, text boxes and pictures


def test_note_stands_after_its_paragraph_without_its_mark() -> None:
    found = blocks(p(f"The Board{note('Of ten.')} will:") + items(p("publish")))
    assert [(block.kind, block.text) for block in found] == [
        ("paragraph", "The Board will:"), ("paragraph", "Of ten."), ("list_item", "publish"),
    ]  # fmt: skip
    assert found[2].lead_in == "The Board will:"


def test_text_box_stands_after_its_paragraph() -> None:
    box = f"<draw:frame><draw:text-box>{h(2, 'Aside')}{p('In the box.')}</draw:text-box></draw:frame>"
    assert told(h(1, "A") + h(1, "B") + p(f"One{box} two."))[2:] == [
        ("paragraph", "One two."), ("heading", "Aside"), ("paragraph", "In the box."),
    ]  # fmt: skip


def test_the_heading_of_a_story_in_a_box_heads_nothing_after_it() -> None:
    story = "The mill opened in May and sixty neighbours came to see its wheel turn again. " * 2
    box = f"<draw:frame><draw:text-box>{h(1, 'A mill in Ash')}{p(story)}</draw:text-box></draw:frame>"
    found = blocks(h(1, "Risk") + p(f"We name each risk.{box}") + p("The board looks at it."))
    assert [block.section for block in found if block.kind == "paragraph"] == [("Risk",), ("A mill in Ash",), ("Risk",)]


def test_text_in_a_group_of_shapes_is_read() -> None:
    group = f"<draw:g><draw:custom-shape>{p('Left.')}</draw:custom-shape><draw:rect>{p('Right.')}</draw:rect></draw:g>"
    assert told(group) == [("paragraph", "Left."), ("paragraph", "Right.")]


def _picture(description: str, size: str = "", inside: str = "<draw:image/>") -> str:
    return p(f"<draw:frame draw:name='Map' {size}>{inside}<svg:title>Map</svg:title>{description}</draw:frame>")


def test_description_of_a_picture_is_read_where_it_is_a_sentence() -> None:
    described = "The wards that flooded in May"
    assert told(_picture(f"<svg:desc>{described}</svg:desc>")) == [("paragraph", described)]
    assert told(_picture("<svg:desc>Map of the wards</svg:desc>")) == []


@pytest.mark.parametrize(
    ("xml", "unread"),
    [
        (_picture("", "svg:width='17cm' svg:height='10in'"), (Unread(reason="picture", part="Map", matters=False),)),
        (_picture("", "svg:width='17cm' svg:height='100mm'"), ()),
        (_picture("", "svg:width='wide' svg:height='high'"), ()),
        (_picture("", "", "<draw:object/><draw:image/>"), (Unread(reason="object", part="Map", matters=False),)),
    ],
)
def test_pictures_of_a_page_and_objects_are_told_as_unread(xml: str, unread: tuple[Unread, ...]) -> None:
    assert read_odt(odt(p("One.") + xml)).unread == unread


# Places


def test_paragraphs_are_numbered_and_pages_are_not_invented() -> None:
    assert [(b.paragraph, b.page, b.page_is_approximate) for b in blocks(p("One.") + p("") + p("Two."))] == [
        (1, None, False), (2, None, False),
    ]  # fmt: skip


_MARK = "<text:soft-page-break/>"


@pytest.mark.parametrize(
    ("xml", "pages"),
    [
        (p("1") + _MARK + p("2"), [1, 2]),
        (p("1") + p(f"{_MARK}2"), [1, 2]),
        (p("1") + p("2", "New"), [1, 2]),
        (p("1", "New") + p("1") + p("2", "New"), [1, 1, 2]),
        (p("1") + p("2", "Wide") + p("2", "Same"), [1, 2, 2]),
        (p("1", "Last") + p("2", "New"), [1, 2]),
        (p("1") + _MARK + p("2", "New"), [1, 2]),
        (p("1") + p(f"{_MARK}2", "New"), [1, 2]),
        (p("1") + p("", "New") + p("3", "New"), [1, 3]),
        (p("1") + _MARK + p("", "New") + p("3", "New"), [1, 3]),
        (p("1") + p("2", "New") + _MARK + p("3"), [1, 2, 3]),
        (p("1") + f"<text:table-of-content>{p('a' + _MARK)}</text:table-of-content>" + p("2"), [1, 2]),
        (p("1") + table(row("A", "B"), row("1", "2"), _MARK, row("3", "4")), [1, 1, 2]),
        (table(row("A", "B"), row(f"a{_MARK}a", f"b{_MARK}b")) + p("2"), [1, 2]),
    ],
)
def test_pages_are_counted_and_approximate(xml: str, pages: list[int]) -> None:
    found = blocks(xml)
    assert [block.page for block in found] == pages
    assert all(block.page_is_approximate for block in found)


def test_text_that_runs_on_to_another_page_says_where() -> None:
    (found,) = blocks(p(f"• Two goes {_MARK}on."))
    assert (found.text, found.page, found.turns) == ("Two goes on.", 1, (PageTurn(offset=len("Two goes "), page=2),))


# Files that are broken or meant to harm


def test_file_without_styles_and_metadata_is_read() -> None:
    assert [block.text for block in read_odt(package(content=content(h(1, "Risk")))).blocks] == ["Risk"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", odt(p("One."))[:-40], package(styles="<a/>")])
def test_file_that_is_cut_off_or_lacks_its_text_is_said_to_be(data: bytes) -> None:
    with pytest.raises(TruncatedFile):
        read_odt(data)


def test_damaged_part_is_said_to_be() -> None:
    whole = bytearray(odt(p("One.")))
    start = whole.index(b"content.xml") + len("content.xml")
    whole[start + 40] ^= 0xFF
    with pytest.raises(TruncatedFile):
        read_odt(bytes(whole))


@pytest.mark.parametrize(
    "parts",
    [
        {"content": "<office"},
        {"content": ""},
        {"content": "<a/>"},
        {"content": content("").replace("office:text", "office:spreadsheet")},
        {"content": content(p("One.")), "styles": "<a>"},
        {"content": content("<text:section>" * 5000 + "</text:section>" * 5000)},
        {"content": content("<text:p>" + "<text:span>" * 5000 + "</text:span>" * 5000 + "</text:p>")},
        {"content": content(p("&x;"))},
    ],
)
def test_parts_that_are_wrong_make_a_file_unreadable(parts: dict[str, str]) -> None:
    with pytest.raises(UnreadableFile):
        read_odt(package(**parts))


@pytest.mark.parametrize("depth", [10, 60, 200, 600])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<text:p><text:span>", "</text:span></text:p>"),
        ("<text:list><text:list-item>", "</text:list-item></text:list>"),
        (
            "<table:table><table:table-row><table:table-cell>",
            "</table:table-cell></table:table-row></table:table>",
        ),
        ("<text:p><draw:frame><draw:text-box>", "</draw:text-box></draw:frame></text:p>"),
        (
            "<text:p><text:note><text:note-body>",
            "</text:note-body></text:note></text:p>",
        ),
    ],
)
def test_deep_nesting_is_read_or_refused(before: str, after: str, depth: int) -> None:
    data = odt(before * depth + p("in") + after * depth)
    try:
        found = read_odt(data)
    except UnreadableFile:
        assert depth > 60
    else:
        assert len(found.blocks) == 1 or "span" in before


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    xml = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]>' + content(p("One &x; two."))
    assert [block.text for block in read_odt(package(content=xml)).blocks] == ["One two."]


# A real file


@pytest.mark.skipif(not REAL.exists(), reason="the real documents beside the repository are not there")
def test_real_file_has_its_structure_and_text() -> None:
    found = read_odt(REAL.read_bytes()).blocks
    text = [block.text for block in found]
    same = read_docx(REAL.with_suffix(".docx").read_bytes()).blocks
    named, named_in_word = ([b.text for b in blocks if b.kind == "heading"] for blocks in (found, same))
    assert len(named) == 66
    assert named == named_in_word
    assert found[text.index("Annex II. Change Log")].level == 1
    headings = (
        "4. DCAT Application Profile Properties per Class",
        "4.1. Catalogue",
        "4.1.1. Mandatory properties for Catalogue",
    )
    dataset = next(block for block in found if block.text.startswith("dataset\tdcat:dataset\tdcat:Dataset\tThis"))
    assert (dataset.section, dataset.header[0]) == (headings, "Property")
    item = found[text.index("foaf: http://xmlns.com/foaf/0.1/")]
    assert (item.kind, item.section) == ("list_item", ("2. Terminology used in the DCAT Application Profile",))
    assert "W3C. Resource Description Framework (RDF). http://www.w3.org/RDF/" in text
    assert not any("Change Log\t34" in line or line.endswith("Change Log 34") for line in text)
    assert all(a.page <= b.page for a, b in zip(found, found[1:], strict=False) if a.page and b.page)

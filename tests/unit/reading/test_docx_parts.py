"""What Word shows and does not show: tracked changes, controls, drawings, fields, signs, hidden text."""

from __future__ import annotations

import pytest
from docx.oxml.ns import nsdecls

from govbot.errors import UnreadableFile
from govbot.reading.docx import read_docx
from govbot.reading.flow import Reading
from govbot.records import Unread
from tests.unit.reading.make_docx import body_docx, with_linked, with_notes, with_part, with_styles

ALT = "A map of the seven libraries and their mobile stops."
OTHER_ALT = "A chart of visits to each of the seven libraries."


def _run(text: str, settings: str = "") -> str:
    return f'<w:r><w:rPr>{settings}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _p(*runs: str, mark: str = "") -> str:
    return f"<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr>{''.join(runs)}</w:p>"


def _deleted(text: str) -> str:
    return f'<w:del><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def _sdt(content: str, settings: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{settings}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def _cell(content: str, settings: str = "") -> str:
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{content}</w:tc>"


def _row(*cells: str, settings: str = "") -> str:
    return f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(cells)}</w:tr>"


def _table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _texts_row(*texts: str) -> str:
    return _row(*(_cell(_p(_run(text))) for text in texts))


def _drawing(inside: str, descr: str = "", size: tuple[int, int] = (1, 1)) -> str:
    extent = f'<wp:extent cx="{size[0]}" cy="{size[1]}"/>'
    return f'<w:r><w:drawing><wp:inline>{extent}<wp:docPr descr="{descr}"/>{inside}</wp:inline></w:drawing></w:r>'


def _box(content: str) -> str:
    return f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"


def _old_box(content: str) -> str:
    return f"<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict>"


def _either(first: str, last: str) -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{first}</mc:Choice>'
        f"<mc:Fallback>{last}</mc:Fallback></mc:AlternateContent>"
    )


def _field(instruction: str, *inside: str) -> tuple[str, ...]:
    """The runs of a field: its marks, its instruction and what it shows."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return (marks[0], f"<w:r><w:instrText>{instruction}</w:instrText></w:r>", marks[1], *inside, marks[2])


def _reading(body: str) -> Reading:
    return read_docx(body_docx(body))


def _texts(body: str) -> list[str]:
    return [block.text for block in _reading(body).blocks]


# Tracked changes

CHANGED = (
    _run("We publish ")
    + _deleted("no ")
    + f"<w:moveFrom>{_run('old ')}</w:moveFrom><w:moveTo>{_run('every ')}</w:moveTo><w:ins>{_run('new ')}</w:ins>"
    + _run("decision.")
)


def test_changes_are_read_as_accepted_in_the_body_tables_boxes_and_notes() -> None:
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    table = _table(_texts_row("Name", "Owner"), _row(_cell(_p(CHANGED)), _cell(_p(_run("Clerk")))))
    body = _p(CHANGED) + table + _p(_drawing(_box(_p(CHANGED)))) + _p(_run("Note."), mark)
    said = "We publish every new decision."
    assert [block.text for block in read_docx(with_notes(body_docx(body), _p(CHANGED))).blocks] == [
        said, f"{said}\tClerk", said, "Note.", said,
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>"])
def test_a_paragraph_whose_end_was_taken_away_joins_the_next(mark: str) -> None:
    assert _texts(_p(_run("We publish "), mark=mark) + _p(_run("decisions.")) + _p(_run("Always."))) == [
        "We publish decisions.", "Always.",
    ]  # fmt: skip


def test_joined_paragraph_keeps_the_notes_and_boxes_of_both() -> None:
    box = _drawing(_box(_p(_run("In a box."))))
    assert _texts(_p(_run("We "), box, mark="<w:del/>") + _p(_run("publish."), box)) == [
        "We publish.", "In a box.", "In a box.",
    ]  # fmt: skip


STORY = "The mill opened in May and sixty neighbours came to see its wheel turn again. " * 2


def _headed(text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{_run(text)}</w:p>'


@pytest.mark.parametrize(
    ("inside", "section"),
    [(STORY, "Risk"), ("Where the water goes.", "A mill in Ash"), ("", "A mill in Ash")],
    ids=["story", "banner", "alone"],
)
def test_the_heading_of_a_story_in_a_box_heads_it_and_that_of_a_banner_the_chapter(inside: str, section: str) -> None:
    box = _p(
        _run("We name each risk."), _drawing(_box(_headed("A mill in Ash") + (_p(_run(inside)) if inside else "")))
    )
    blocks = _reading(_headed("Risk") + box + _p(_run("The board looks at it."))).blocks
    assert [block.section for block in blocks if block.kind == "paragraph"] == [
        ("Risk",),
        *([("A mill in Ash",)] if inside else []),
        (section,),
    ]


def test_what_stands_in_a_box_after_another_is_not_under_its_heading() -> None:
    boxes = _drawing(_box(_headed("A mill in Ash") + _p(_run(STORY)))) + _drawing(_box(_p(_run(f"And so. {STORY}"))))
    blocks = _reading(_headed("Risk") + _p(_run("We name each risk."), boxes)).blocks
    assert [block.section for block in blocks if block.kind == "paragraph"] == [
        ("Risk",),
        ("A mill in Ash",),
        ("Risk",),
    ]


@pytest.mark.parametrize("after", ["", _table(_texts_row("Name", "Owner"), _texts_row("Risk", "Clerk"))])
def test_a_paragraph_with_no_next_one_stands_alone(after: str) -> None:
    table = _table(_row(_cell(_p(_run("We publish."), mark="<w:del/>") + after)))
    assert _texts(table + _p(_run("End.")))[0] == "We publish."


def test_a_paragraph_in_a_cell_does_not_join_one_outside() -> None:
    cut = _cell(_p(_run("Clerk"), mark="<w:del/>"))
    table = _table(_texts_row("Name", "Owner"), _row(_cell(_p(_run("Risk"))), cut))
    assert _texts(table + _p(_run("The end."))) == ["Risk\tClerk", "The end."]


def test_rows_and_cells_that_were_taken_away_are_not_read() -> None:
    gone = _row(_cell(_p(_run("Old"))), _cell(_p(_run("Mayor"))), settings="<w:del/>")
    cut = _row(_cell(_p(_run("Gone")), "<w:cellDel/>"), _cell(_p(_run("Flood"))), _cell(_p(_run("Clerk"))))
    assert _texts(_table(_texts_row("Name", "Owner"), gone, cut)) == ["Flood\tClerk"]


# Comments


def test_comments_are_counted_and_no_text() -> None:
    each = f"<w:comment>{_p(_run('Why?'))}</w:comment>"
    comments = f"<w:comments {nsdecls('w')}>{each * 2}</w:comments>"
    reading = read_docx(with_linked(body_docx(_p(_run("We publish."))), "comments", comments.encode()))
    assert [block.text for block in reading.blocks] == ["We publish."]
    assert reading.unread == (Unread(reason="comments", part="2 comments", matters=False),)


def test_one_comment_is_one() -> None:
    comments = f"<w:comments {nsdecls('w')}><w:comment/></w:comments>".encode()
    reading = read_docx(with_linked(body_docx(_p(_run("We publish."))), "comments", comments))
    assert [unread.part for unread in reading.unread] == ["1 comment"]


# Content controls


@pytest.mark.parametrize("settings", ["", '<w:showingPlcHdr w:val="0"/>'])
def test_controls_are_read_at_every_level(settings: str) -> None:
    table = _table(
        _texts_row("Name", "Owner"),
        _row(_sdt(_cell(_p(_run("Risk"))), settings), _cell(_p(_sdt(_run("Clerk"), settings)))),
        _sdt(_texts_row("Flood", "Mayor"), settings),
    )
    assert _texts(_sdt(_p(_run("Block.")), settings) + _p(_run("A "), _sdt(_run("run."), settings)) + table) == [
        "Block.", "A run.", "Risk\tClerk", "Flood\tMayor",
    ]  # fmt: skip


def test_placeholders_are_no_text_and_keep_their_cell() -> None:
    waiting = "<w:showingPlcHdr/>"
    hint = _run("Click here to enter text.")
    table = _table(
        _texts_row("Name", "Owner", "Due"),
        _row(_cell(_p(_run("Risk"))), _sdt(_cell(_p(hint)), waiting), _cell(_p(_run("May")))),
        _sdt(_row(*(_cell(_p(hint)) for _ in range(3))), waiting),
    )
    layout = _table(_row(_sdt(_cell(_p(hint)), waiting)))
    body = _sdt(_p(hint), waiting) + _p(_run("Date: "), _sdt(hint, waiting)) + table + layout
    assert _texts(body) == ["Date:", "Risk\t\tMay"]


def test_boxes_to_tick_leave_their_words() -> None:
    assert _texts(_p(_sdt(_run("☒")), _run(" We publish."))) == ["☒ We publish."]


# Tables


def test_merged_cells_and_tables_in_tables_are_read_once() -> None:
    merged = [_cell(_p(_run("Risk")), f"<w:vMerge{start}/>") for start in (' w:val="restart"', "")]
    wide = _cell(_p(_run("Both")), '<w:gridSpan w:val="2"/>')
    inner = _cell(_table(_texts_row("a", "b"), _texts_row("c", "d")) + _p())
    rows = (_row(merged[0], _cell(_p(_run("Clerk")))), _row(merged[1], inner), _row(wide))
    assert _texts(_table(_texts_row("Name", "Owner"), *rows)) == ["Risk\tClerk", "\tc d", "Both"]


# Drawings


def test_text_box_is_read_once_in_its_newest_form() -> None:
    box = _p(_run("In a box."))
    either = _either(f"<w:drawing>{_box(box)}</w:drawing>", _old_box(box))
    assert _texts(_p(_run("Before."), f"<w:r>{either}</w:r>")) == ["Before.", "In a box."]


def test_old_text_box_is_read_where_there_is_no_newer() -> None:
    assert _texts(_p(f"<w:r>{_either('', _old_box(_p(_run('In a box.'))))}</w:r>")) == ["In a box."]


def test_text_box_in_a_text_box_is_read_once() -> None:
    inner = _drawing(_box(_p(_run("Inner."))))
    assert _texts(_p(_drawing(_box(_p(_run("Outer."), inner))))) == ["Outer.", "Inner."]


def test_alternative_text_is_read_once_apart_from_the_list_around_it() -> None:
    body = (
        _p(_run("The board will:"), _drawing("", ALT))
        + f"<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>{_run('publish')}</w:p>"
        + _p(_drawing("", ALT), _drawing("", "Picture 4"), _drawing("", "a long name of a scanned file.png"))
    )
    blocks = _reading(body).blocks
    assert [block.text for block in blocks] == ["The board will:", ALT, "publish"]
    assert blocks[2].lead_in == "The board will:"


def test_alternative_text_of_an_old_picture_is_read() -> None:
    assert _texts(_p(f'<w:r><w:pict><v:shape alt="{ALT}"/></w:pict></w:r>')) == [ALT]


def test_alternative_text_in_a_table_stands_after_it() -> None:
    row = _row(_cell(_p(_run("Risk"), _drawing("", ALT))), _cell(_p(_run("Clerk"))))
    assert _texts(_table(_texts_row("Name", "Owner"), row)) == ["Risk\tClerk", ALT]


def _graphic(inside: str) -> str:
    return f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic>"


def test_diagram_is_read_and_one_that_is_lost_is_told() -> None:
    found, lost = (_drawing(_graphic(f'<dgm:relIds r:dm="{link}"/>')) for link in ("rIdNew", "rIdLost"))
    point = "<dgm:pt modelId='1'><dgm:t><a:p><a:r><a:t>We listen.</a:t></a:r></a:p></dgm:t></dgm:pt>"
    part = f"<dgm:dataModel {nsdecls('dgm', 'a')}><dgm:ptLst>{point}</dgm:ptLst></dgm:dataModel>".encode()
    reading = read_docx(with_linked(body_docx(_p(found) + _p(lost)), "diagramData", part))
    assert [(block.kind, block.text) for block in reading.blocks] == [("list_item", "We listen.")]
    assert reading.unread == (Unread(reason="object", part="diagram 1", matters=False),)


def test_chart_gives_its_titles_and_is_told_to_be_unread() -> None:
    title = "<c:title><c:tx><c:rich><a:p><a:r><a:t>Visits</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    part = f"<c:chartSpace {nsdecls('c', 'a')}><c:chart>{title}</c:chart></c:chartSpace>".encode()
    chart = _drawing(_graphic('<c:chart r:id="rIdNew"/>'), OTHER_ALT)
    reading = read_docx(with_linked(body_docx(_p(chart) + _p(chart)), "chart", part))
    assert [block.text for block in reading.blocks] == ["Visits", OTHER_ALT, "Visits"]
    assert [(unread.reason, unread.part) for unread in reading.unread] == [("object", "chart 1"), ("object", "chart 2")]


def test_large_pictures_that_nothing_describes_are_counted() -> None:
    large = _drawing("<a:blip/>", size=(3_600_000, 2_160_000))
    small = _drawing("<a:blip/>", size=(3_600_000, 2_159_999)) + _drawing("<a:blip/>", size=(3_599_999, 2_160_000))
    described = _drawing("<a:blip/>", ALT, size=(3_600_000, 2_160_000))
    line = _drawing("", size=(3_600_000, 2_160_000))
    reading = _reading(_p(_run("Text."), large, small, described, line) + _p(large))
    assert reading.unread == (Unread(reason="pictures", part="2 large pictures", matters=False),)


def test_embedded_objects_are_told_to_be_unread_and_buttons_are_not() -> None:
    sheet = "<w:r><w:object><o:OLEObject/></w:object></w:r>"
    button = "<w:r><w:object><w:control/></w:object></w:r>"
    assert _reading(_p(_run("Text."), sheet, button)).unread == (
        Unread(reason="object", part="object 1", matters=False),
    )


@pytest.mark.parametrize("name", ["altChunk", "subDoc"])
def test_inserted_file_is_told_to_be_unread_and_matters(name: str) -> None:
    assert _reading(_p(_run("Text.")) + f'<w:{name} r:id="rId1"/>').unread == (
        Unread(reason="inserted_file", part="inserted file 1", matters=True),
    )


# Fields


def test_fields_show_their_results_and_not_their_instructions() -> None:
    runs = _field('HYPERLINK "http://a"', _run("a link"))
    assert _texts(_p(_run("See "), *runs) + _p(f'<w:fldSimple w:instr="REF x">{_run("Table 1")}</w:fldSimple>')) == [
        "See a link", "Table 1",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["TOC \\o", " toc".upper(), "INDEX", "TOA"])
def test_lists_made_of_the_text_are_left_out(name: str) -> None:
    entry = _field("PAGEREF _1", _run("7"))
    begin, said, separate, *shown, end = _field(name, _run("Risk and its owners "), *entry)
    body = _p(_run("Before.")) + _p(begin, said, separate, *shown) + _p(_run("More entries")) + _p(end, _run("After."))
    assert _texts(body) == ["Before.", "After."]


def test_simple_field_that_lists_the_text_is_left_out() -> None:
    assert _texts(_p(f'<w:fldSimple w:instr=" TOC ">{_run("Risk")}</w:fldSimple>', _run("After."))) == ["After."]


def test_contents_without_an_end_take_no_text_away() -> None:
    *opened, _ = _field("TOC", _run("Risk"))
    assert _texts(_p(*opened) + _p(_run("We publish."))) == ["Risk", "We publish."]


def test_an_instruction_that_only_speaks_of_contents_is_none() -> None:
    assert _texts(_p(*_field("REF TOC", _run("Chapter 2")))) == ["Chapter 2"]


# Signs


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ('<w:sym w:font="Wingdings" w:char="F0E0"/>', "one → two"),
        ('<w:sym w:font="Symbol" w:char="F02D"/>', "one – two"),
        ('<w:sym w:font="symbol" w:char="B3"/>', "one ≥ two"),
        ('<w:sym w:font="Wingdings" w:char="F041"/>', "one two"),
        ('<w:sym w:font="Webdings" w:char="F0E0"/>', "one two"),
        ('<w:sym w:font="Symbol" w:char="xyz"/>', "one two"),
        ("<w:softHyphen/>", "one two"),
        ("<w:tab/>", "one two"),
        ("<w:cr/>", "one two"),
    ],
)
def test_signs_are_read_as_they_show(sign: str, text: str) -> None:
    assert _texts(_p(_run("one "), f"<w:r>{sign}</w:r>", _run(" two"))) == [text]


@pytest.mark.parametrize(
    ("sign", "text"), [("softHyphen", "longterm"), ("noBreakHyphen", "long-term"), ("cr", "long term")]
)
def test_hyphens_and_breaks_inside_a_word(sign: str, text: str) -> None:
    assert _texts(_p(_run("long"), f"<w:r><w:{sign}/></w:r>", _run("term"))) == [text]


def test_sign_of_a_symbol_font_makes_a_list_item() -> None:
    sign = '<w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:tab/></w:r>'
    (block,) = _reading(_p(sign, _run("publish decisions"))).blocks
    assert (block.kind, block.text) == ("list_item", "publish decisions")


def test_formula_leaves_its_letters() -> None:
    formula = "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>"
    assert _texts(_p(_run("where "), formula) + _p(f"<m:oMathPara>{formula}</m:oMathPara>")) == ["where a=b", "a=b"]


def test_word_with_its_reading_is_read_once() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{_run('how')}</w:rt><w:rubyBase>{_run('word')}</w:rubyBase></w:ruby></w:r>"
    assert _texts(_p(ruby)) == ["word"]


# Hidden text, headers


def test_hidden_text_is_not_read() -> None:
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{base}<w:rPr>{hidden}</w:rPr></w:style>'
        for kind, name, base, hidden in (
            ("character", "Secret", "", "<w:vanish/>"),
            ("character", "Heir", '<w:basedOn w:val="Secret"/>', ""),
            ("paragraph", "Aside", "", "<w:vanish/>"),
        )
    )
    off = '<w:vanish w:val="0"/>'
    body = (
        _p(_run("Shown."), _run(" Gone.", "<w:vanish/>"), _run(" Gone.", '<w:rStyle w:val="Heir"/>'))
        + _p(_run("Back.", f'<w:rStyle w:val="Secret"/>{off}'))
        + f'<w:p><w:pPr><w:pStyle w:val="Aside"/></w:pPr>{_run("Gone.")}{_run("Said.", off)}</w:p>'
    )
    blocks = read_docx(with_styles(body_docx(body), styles)).blocks
    assert [block.text for block in blocks] == ["Shown.", "Back.", "Said."]


def test_headers_and_footers_are_not_read() -> None:
    part = f"<w:hdr {nsdecls('w')}>{_p(_run('Draft, confidential'))}</w:hdr>".encode()
    reading = read_docx(with_linked(body_docx(_p(_run("Text."))), "header", part))
    assert [block.text for block in reading.blocks] == ["Text."]


# Bold letters

BOLD = "<w:b/>"


def _kinds(body: str, styles: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    made = with_styles(body_docx(body), styles) if styles else body_docx(body)
    return [(block.kind, block.text, block.section) for block in read_docx(made).blocks]


def test_short_bold_paragraph_heads_what_follows_below_other_headings() -> None:
    heading = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{_run("Governance")}</w:p>'
    body = heading + _p(_run("Ri", BOLD), _run(" "), _run("sk", BOLD)) + _p(_run("We publish.")) + heading
    assert _kinds(body)[1:3] == [
        ("heading", "Ri sk", ("Governance",)),
        ("paragraph", "We publish.", ("Governance", "Ri sk")),
    ]


@pytest.mark.parametrize(
    "above",
    [
        _p(_run("Risk")),
        _p(_run("Risk", BOLD), _run(" and its owners")),
        _p(_run("Risk", '<w:b w:val="0"/>')),
        _p(_run("Risk:", BOLD)),
        _p(_run("We publish.", BOLD)),
        _p(_run("We will publish all decisions within five days", BOLD)),
        _p(_run("In 2027 carbon emissions must fall by half", BOLD)),
        _p(_run("2026", BOLD)),
        _p(_run("one two three four five six seven eight nine ten eleven twelve thirteen", BOLD)),
    ],
)
def test_what_is_not_bold_short_or_a_title_heads_nothing(above: str) -> None:
    assert [kind for kind, _, _ in _kinds(above + _p(_run("We lend books.")))] == ["paragraph", "paragraph"]


def test_of_bold_lines_only_the_last_heads_what_follows() -> None:
    body = _p(_run("Draft", BOLD)) + _p(_run("Risk", BOLD)) + _p(_run("We lend books.")) + _p(_run("End", BOLD))
    assert [kind for kind, _, _ in _kinds(body)] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_bold_may_come_from_a_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style>'
    )
    strong = '<w:p><w:pPr><w:pStyle w:val="Strong"/></w:pPr>{}</w:p>'
    body = strong.format(_run("Risk")) + _p(_run("We lend.")) + _p(_run("Owners", '<w:rStyle w:val="Loud"/>'))
    body += _p(_run("Each has one.")) + strong.format(_run("Light", '<w:b w:val="0"/>')) + _p(_run("The end."))
    assert [text for kind, text, _ in _kinds(body, styles) if kind == "heading"] == ["Risk", "Owners"]


def test_list_items_and_notes_head_nothing() -> None:
    item = f"<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>{_run('Risk', BOLD)}</w:p>"
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    body = item + _p(_run("We publish."), note) + _p(_run("The end."))
    made = with_notes(body_docx(body), _p(_run("Bold note", BOLD)))
    assert [block.kind for block in read_docx(made).blocks] == ["list_item", "paragraph", "paragraph", "paragraph"]


def test_a_link_to_nowhere_between_the_parts_of_the_file_is_refused() -> None:
    relations = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    relations += b'<Relationship Id="rId1" Type="x"/></Relationships>'
    with pytest.raises(UnreadableFile):
        read_docx(with_part(body_docx(_p(_run("We will."))), "word/_rels/document.xml.rels", relations))

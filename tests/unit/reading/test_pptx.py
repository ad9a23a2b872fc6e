from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from govbot.errors import DocumentError, TruncatedFile, UnreadableFile
from govbot.reading.flow import Reading
from govbot.reading.pptx import read_pptx
from govbot.records import Unread

_REAL = Path(__file__).parents[4] / "shared" / "real"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_NAMES = f'xmlns:a="{_A}" xmlns:p="{_P}" xmlns:r="{_R}" xmlns:mc="{_MC}" xmlns:dgm="{_DGM}" xmlns:c="{_C}"'
_BLIP = '<a:blipFill><a:blip r:embed="rId9"/></a:blipFill>'
#: A slide's width and height, in EMU.
_WIDTH, _HEIGHT = 9_144_000, 6_858_000


def _links(*entries: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{id_}" Type="{_R}/{kind}" Target="{to}"/>' for id_, kind, to in entries)
    return f'<Relationships xmlns="x">{inner}</Relationships>'


def _tree(root: str, shapes: str) -> str:
    return f"<p:{root} {_NAMES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{root}>"


def _slide(*shapes: str) -> str:
    return _tree("sld", "".join(shapes))


def _parts(*slides: str, title: str = "", **links: tuple[str, str]) -> dict[str, str]:
    """Return a deck's parts; `links` are the first slide's, by id: kind of part and content."""
    ids = [f"r{number}" for number in range(1, len(slides) + 1)]
    listed = "".join(f'<p:sldId id="{256 + i}" r:id="{id_}"/>' for i, id_ in enumerate(ids))
    parts = {
        "ppt/presentation.xml": f"<p:presentation {_NAMES}><p:sldIdLst>{listed}</p:sldIdLst>"
        f'<p:sldSz cx="{_WIDTH}" cy="{_HEIGHT}"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _links(*((i, "slide", f"slides/{i}.xml") for i in ids)),
        "docProps/core.xml": f"<core><title>{title}</title></core>",
        "ppt/slides/_rels/r1.xml.rels": _links(*((id_, kind, f"../{id_}.xml") for id_, (kind, _) in links.items())),
    }
    parts |= {f"ppt/slides/{id_}.xml": slide for id_, slide in zip(ids, slides, strict=True)}
    return parts | {f"ppt/{id_}.xml": content for id_, (_, content) in links.items()}


def _zip(parts: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _read(*slides: str, title: str = "", **links: tuple[str, str]) -> Reading:
    return read_pptx(_zip(_parts(*slides, title=title, **links)))


def _para(text: str, settings: str = "", level: int = 0) -> str:
    return f'<a:p><a:pPr lvl="{level}">{settings}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'


def _place(top: int | None, left: int = 0, width: int = 0, height: int = 0) -> str:
    off = f'<a:off x="{left * 12_700}" y="{(top or 0) * 12_700}"/><a:ext cx="{width}" cy="{height}"/>'
    return "" if top is None else f"<a:xfrm>{off}</a:xfrm>"


def _sp(*paras: str, ph: str = "", top: int | None = None, left: int = 0, style: str = "") -> str:
    """Return a shape of paragraphs, placed in points."""
    inner = "".join(para if para.startswith("<") else _para(para) for para in paras)
    mark = f"<p:ph {ph}/>" if ph else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr>{mark}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{_place(top, left)}</p:spPr>"
        f"<p:txBody><a:bodyPr/><a:lstStyle>{style}</a:lstStyle>{inner}</p:txBody></p:sp>"
    )


def _title(text: str) -> str:
    return _sp(text, ph='type="title"', top=10)


def _pic(descr: str = "", *, share: float = 1.0) -> str:
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="3" name="x" descr="{descr}"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="rId9"/></p:blipFill>'
        f"<p:spPr>{_place(0, 0, _WIDTH, int(_HEIGHT * share))}</p:spPr></p:pic>"
    )


def _frame(content: str, *, share: float = 1.0) -> str:
    place = _place(0, 0, _WIDTH, int(_HEIGHT * share)).replace("a:xfrm", "p:xfrm")
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="x"/><p:nvPr/></p:nvGraphicFramePr>'
        f"{place}<a:graphic><a:graphicData>{content}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _table(look: str, *rows: str) -> str:
    inner = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    return _frame(f"<a:tbl><a:tblPr {look}/>{inner}</a:tbl>")


def _cell(text: str, span: str = "") -> str:
    return f"<a:tc {span}><a:txBody>{_para(text)}</a:txBody></a:tc>"


def _shown(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in reading.blocks]


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def test_title_is_the_section_of_its_own_slide_only() -> None:
    reading = _read(
        _slide(_sp("Our plan", ph='type="ctrTitle"'), _sp("Draft for comment")),
        _slide(_title("Risk"), _sp("We register risks.")),
        _slide(_sp("We have no title.")),
    )
    assert (reading.title, reading.pages) == ("Our plan", 3)
    assert [(b.kind, b.level, b.section, b.page) for b in reading.blocks] == [
        ("heading", 1, (), 1), ("paragraph", None, (), 1), ("heading", 1, (), 2), ("paragraph", None, ("Risk",), 2),
        ("paragraph", None, (), 3),
    ]  # fmt: skip


def test_page_is_exact_and_paragraphs_are_not_numbered() -> None:
    block = _read(_slide(_sp("We register risks."))).document(name="d.pptx", sha256="").blocks[0]
    assert (block.page, block.page_is_approximate, block.paragraph, block.layout) == (1, False, None, "slides")


def test_title_of_the_properties_comes_first() -> None:
    assert _read(_slide(_title("Welcome")), title="Library Strategy").title == "Library Strategy"
    assert _read(_slide(_title("Welcome")), title="PowerPoint Presentation").title == "Welcome"


def test_title_of_a_later_slide_is_not_the_document_s() -> None:
    reading = _read(_slide(_sp("Cover words")), _slide(_title("Risk"), _sp("We register risks.")))
    assert (reading.title, reading.blocks[-1].section) == ("", ("Risk",))


def test_long_title_is_text() -> None:
    assert _shown(_read(_slide(_title("word " * 31))))[0][0] == "paragraph"


def test_slides_stand_in_the_order_of_the_presentation() -> None:
    parts = _parts(_slide(_sp("Second")), _slide(_sp("First")))
    links = parts["ppt/_rels/presentation.xml.rels"]
    parts["ppt/_rels/presentation.xml.rels"] = links.replace("r1.xml", "x").replace("r2.xml", "r1.xml").replace(
        "slides/x", "/ppt/slides/r2.xml"
    )  # fmt: skip
    assert [(block.text, block.page) for block in read_pptx(_zip(parts)).blocks] == [("First", 1), ("Second", 2)]


def test_hidden_slide_is_read() -> None:
    assert _texts(_read(_slide(_sp("Kept back")).replace("<p:sld ", '<p:sld show="0" '))) == ["Kept back"]


def test_shapes_are_read_row_by_row_under_the_title() -> None:
    slide = _slide(
        _sp("right", top=100, left=300), _sp("below", top=200), _sp("left", top=103), _sp("above", top=0),
        _title("Risk"),
    )  # fmt: skip
    assert _texts(_read(slide)) == ["Risk", "above", "left", "right", "below"]


def test_group_is_read_together() -> None:
    inner = _sp("two", top=900) + _sp("one", top=800)
    group = f"<p:grpSp><p:nvGrpSpPr/><p:grpSpPr>{_place(50)}</p:grpSpPr>{inner}</p:grpSp>"
    assert _texts(_read(_slide(_sp("three", top=100), group))) == ["one", "two", "three"]


def test_placeholder_stands_where_its_layout_or_master_puts_it() -> None:
    master = _tree("sldMaster", _sp("x", ph='type="body" idx="1"', top=300))
    layout = _tree("sldLayout", _sp("x", ph='type="body" idx="7"', top=100) + _sp("x", ph='type="body" idx="8"'))
    parts = _parts(
        _slide(_sp("last", ph='idx="8"'), _sp("middle", top=200), _sp("first", ph='idx="7"')),
        layout=("slideLayout", layout), master=("x", master),
    )  # fmt: skip
    parts["ppt/_rels/layout.xml.rels"] = _links(("m", "slideMaster", "master.xml"))
    assert _texts(read_pptx(_zip(parts))) == ["first", "middle", "last"]


def test_body_is_a_list_with_depths_and_what_introduces_it() -> None:
    body = _sp(
        _para("The Board will:", "<a:buNone/>"), "publish:", _para("minutes", level=1), "listen",
        ph='type="body" idx="1"',
    )  # fmt: skip
    assert [(b.kind, b.text, b.lead_in) for b in _read(_slide(body)).blocks] == [
        ("paragraph", "The Board will:", ""),
        ("list_item", "publish:", "The Board will:"),
        ("list_item", "minutes", "publish:"),
        ("list_item", "listen", "The Board will:"),
    ]


def test_list_is_not_introduced_by_another_shape_or_slide() -> None:
    item = _sp("publish", ph='idx="1"', top=50)
    reading = _read(_slide(_sp("Costs:", top=10), item), _slide(item))
    assert [block.lead_in for block in reading.blocks] == ["", "", ""]


@pytest.mark.parametrize(
    ("shape", "kind", "text"),
    [
        (_sp(_para("publish", '<a:buChar char="•"/>')), "list_item", "publish"),
        (_sp(_para("publish", '<a:buAutoNum type="arabicPeriod"/>')), "list_item", "publish"),
        (_sp("publish", style='<a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr>'), "list_item", "publish"),
        (_sp("• publish"), "list_item", "publish"),
        (_sp("1. publish every decision"), "list_item", "publish every decision"),
        (_sp("2021 was the year"), "paragraph", "2021 was the year"),
        (_sp("Draft for comment", ph='type="subTitle" idx="1"'), "paragraph", "Draft for comment"),
    ],
)
def test_bullets_make_list_items(shape: str, kind: str, text: str) -> None:
    assert _shown(_read(_slide(shape))) == [(kind, text)]


def test_layout_can_take_the_bullets_off() -> None:
    style = "<a:lvl1pPr><a:buNone/></a:lvl1pPr>"
    layout = _tree("sldLayout", _sp("x", ph='type="body" idx="1"', style=style))
    reading = _read(_slide(_sp("We register risks.", ph='type="body" idx="1"')), layout=("slideLayout", layout))
    assert _shown(reading) == [("paragraph", "We register risks.")]


def test_master_s_style_of_body_text_sets_bullets() -> None:
    style = "<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></p:bodyStyle></p:txStyles></p:sldMaster>"
    master = _tree("sldMaster", "").replace("</p:sldMaster>", style)
    slide = _slide(_sp("We register risks.", ph='idx="1"'))
    parts = _parts(slide, layout=("slideLayout", _tree("sldLayout", "")), master=("x", master))
    parts["ppt/_rels/layout.xml.rels"] = _links(("m", "slideMaster", "master.xml"))
    assert _shown(read_pptx(_zip(parts))) == [("paragraph", "We register risks.")]


def test_line_breaks_part_words_and_runs_do_not() -> None:
    para = "<a:p><a:r><a:t>long</a:t></a:r><a:r><a:t>term</a:t></a:r><a:br/><a:r><a:t>plan</a:t></a:r></a:p>"
    assert _texts(_read(_slide(_sp(para)))) == ["longterm plan"]


def test_numbers_dates_and_footers_are_left_out() -> None:
    field = '<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>'
    marks = [_sp("Council 2026", ph=f'type="{kind}" idx="9"') for kind in ("ftr", "dt", "sldNum")]
    assert _texts(_read(_slide(*marks, _sp(field), _sp("Kept")))) == ["Kept"]


def test_table_gives_rows_with_their_column_headings() -> None:
    rows = [_cell("Measure") + _cell("Due"), _cell("Visits") + _cell("May"), _cell("Loans") + _cell("June")]
    reading = _read(_slide(), _slide(_title("Risk"), _table('firstRow="1"', *rows)))
    assert [(b.kind, b.text, b.header, b.section, b.page) for b in reading.blocks[1:]] == [
        ("table_row", "Visits\tMay", ("Measure", "Due"), ("Risk",), 2),
        ("table_row", "Loans\tJune", ("Measure", "Due"), ("Risk",), 2),
    ]


def test_table_without_a_header_row_has_none() -> None:
    rows = [_cell("Visits") + _cell("May"), _cell("Loans") + _cell("June")]
    assert [block.header for block in _read(_slide(_table('firstRow="0"', *rows))).blocks] == [(), ()]


def test_paragraphs_of_a_cell_are_lines() -> None:
    two = f"<a:tc><a:txBody>{_para('Visits')}{_para('Loans')}</a:txBody></a:tc>"
    rows = [_cell("Measure") + _cell("Due"), two + _cell("May")]
    assert _texts(_read(_slide(_table('firstRow="1"', *rows)))) == ["Visits\nLoans\tMay"]


def test_merged_cell_is_read_once() -> None:
    wide = _cell("Both", 'gridSpan="2"') + _cell("old", 'hMerge="1"') + _cell("x")
    rows = [_cell("A") + _cell("B") + _cell("C"), wide, _cell("old", 'vMerge="1"') + _cell("y") + _cell("z")]
    assert _texts(_read(_slide(_table('firstRow="1"', *rows)))) == ["Both\t\tx", "\ty\tz"]


def test_diagram_is_read_as_its_outline() -> None:
    def point(id_: str, text: str, kind: str = "node") -> str:
        return f'<dgm:pt modelId="{id_}" type="{kind}"><dgm:t>{_para(text)}</dgm:t></dgm:pt>'

    def link(above: str, below: str, order: int) -> str:
        return f'<dgm:cxn modelId="c" srcId="{above}" destId="{below}" srcOrd="{order}"/>'

    points = [("0", "", "doc"), ("3", "Check"), ("2", "draft"), ("1", "Plan"), ("4", "drawn", "pres")]
    links = [("0", "3", 1), ("0", "1", 0), ("1", "2", 0), ("2", "1", 0)]
    data = (
        f"<dgm:dataModel {_NAMES}><dgm:ptLst>{''.join(point(*entry) for entry in points)}</dgm:ptLst>"
        f"<dgm:cxnLst>{''.join(link(*entry) for entry in links)}</dgm:cxnLst></dgm:dataModel>"
    )
    reading = _read(_slide(_frame('<dgm:relIds r:dm="d"/>')), d=("diagramData", data))
    assert _shown(reading) == [("list_item", "Plan"), ("list_item", "draft"), ("list_item", "Check")]


def test_chart_gives_its_title_and_is_told_to_be_unread() -> None:
    title = f"<c:title><c:tx><c:rich>{_para('Visits by year')}</c:rich></c:tx></c:title>"
    chart = f"<c:chartSpace {_NAMES}><c:chart>{title}<c:v>2021</c:v></c:chart></c:chartSpace>"
    reading = _read(_slide(_title("Use"), _frame('<c:chart r:id="c"/>')), c=("chart", chart))
    assert _texts(reading) == ["Use", "Visits by year"]
    assert reading.unread == (Unread(reason="object", page=1, part="the chart of slide 1", matters=False),)


@pytest.mark.parametrize(("share", "count"), [(0.5, 1), (0.001, 0)])
def test_object_that_shows_is_told_to_be_unread(share: float, count: int) -> None:
    reading = _read(_slide(_sp("Words"), _frame("<p:oleObj/>", share=share)))
    assert [unread.part for unread in reading.unread] == ["the object of slide 1"] * count


def test_objects_of_a_slide_are_told_once_and_read_by_their_alternative_text() -> None:
    frame = _frame("<p:oleObj/>").replace('name="x"', 'name="x" descr="Visits rose by a third."')
    reading = _read(_slide(_sp("Words", top=0), frame, _frame("<p:oleObj/>")))
    assert (_texts(reading), len(reading.unread)) == (["Words", "Visits rose by a third."], 1)


def test_notes_follow_their_slide() -> None:
    notes = _tree("notes", _sp("3", ph='type="sldNum"') + _sp("Say this:", "Then that.", ph='type="body" idx="1"'))
    slides = _slide(_title("Risk"), _sp("We register risks.")), _slide(_title("People"))
    reading = _read(*slides, title="Library Strategy", n=("notesSlide", notes))
    assert [(b.kind, b.text, b.section, b.page) for b in reading.blocks[2:-1]] == [
        ("paragraph", "Say this:", ("Risk",), 1), ("paragraph", "Then that.", ("Risk",), 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", ["<cmLst><cm/><cm/></cmLst>", "<cmLst><cm><replyLst><reply/></replyLst></cm></cmLst>"]
)
def test_comments_and_replies_are_counted(content: str) -> None:
    reading = _read(_slide(_sp(_para("We listen."))), c1=("comments", content))
    assert _texts(reading) == ["We listen."]
    assert reading.unread == (Unread(reason="comments", part="2 comments", matters=False),)


def test_damaged_comments_leave_their_slide_read() -> None:
    reading = _read(_slide(_sp(_para("We listen."))), c1=("comments", "<cmLst"))
    assert (_texts(reading), reading.unread) == (["We listen."], ())


def test_newest_of_alternatives_is_read() -> None:
    both = f"<mc:Choice>{_sp('new')}</mc:Choice><mc:Fallback>{_sp('old')}</mc:Fallback>"
    assert _texts(_read(_slide(f"<mc:AlternateContent>{both}</mc:AlternateContent>"))) == ["new"]


@pytest.mark.parametrize(
    ("descr", "texts"),
    [
        ("Residents discuss the draft plan.", ["Residents discuss the draft plan."]),
        ("Council logo", []),
        ("A screenshot of a page Description automatically generated", []),
        ("C:\\My Files\\photo of the town hall.JPG", []),
    ],
)
def test_alternative_text_is_read_where_it_is_a_sentence(descr: str, texts: list[str]) -> None:
    assert _texts(_read(_slide(_title("Risk"), _pic(descr))))[1:] == texts


@pytest.mark.parametrize(
    ("slide", "unread"),
    [
        (_slide(_pic("Residents discuss the draft plan.")), [Unread(reason="picture_page", page=1)]),
        (_slide().replace("<p:spTree>", f"<p:bg>{_BLIP}</p:bg><p:spTree>"), [Unread(reason="picture_page", page=1)]),
        (_slide(_sp().replace("<p:spPr>", f"<p:spPr>{_BLIP}")), [Unread(reason="picture_page", page=1)]),
        (_slide(_pic(share=0.1)), [Unread(reason="picture", page=1, part="the picture of slide 1", matters=False)]),
        (
            _slide(_title("Map"), _pic()),
            [Unread(reason="picture", page=1, part="the picture of slide 1", matters=False)],
        ),
        (_slide(_title("Map"), _pic(share=0.1)), []),
        (_slide(_sp("word " * 13), _pic()), []),
        (_slide(), []),
    ],
)
def test_pictures_that_stand_for_text_are_told_to_be_unread(slide: str, unread: list[Unread]) -> None:
    assert list(_read(slide, _slide(_sp("Words"))).unread) == unread


@pytest.mark.parametrize(
    "slide", ["<p:sld", "<x/>", _tree("sld", "<p:grpSp>" * 300 + "</p:grpSp>" * 300), "<!DOCTYPE x []><x>&y;</x>"]
)
def test_damaged_slide_is_unread_and_the_others_are_read(slide: str) -> None:
    reading = _read(slide, _slide(_sp("Words")))
    assert [(block.text, block.page) for block in reading.blocks] == [("Words", 2)]
    assert (reading.unread, reading.pages) == ((Unread(reason="broken_page", page=1),), 2)


def test_damaged_notes_leave_their_slide_read() -> None:
    reading = _read(_slide(_sp("Words")), n=("notesSlide", "<p:notes"))
    assert _texts(reading) == ["Words"]
    assert [unread.part for unread in reading.unread] == ["the notes page of slide 1"]


@pytest.mark.parametrize("missing", ["layout", "chart", "diagram"])
def test_part_that_is_missing_costs_no_other(missing: str) -> None:
    frames = {"chart": '<c:chart r:id="n"/>', "diagram": '<dgm:relIds r:dm="n"/>', "layout": "<p:oleObj/>"}
    parts = _parts(_slide(_sp("Words", ph='idx="1"'), _frame(frames[missing])), n=("slideLayout", "<x"))
    del parts["ppt/n.xml"]
    assert _texts(read_pptx(_zip(parts))) == ["Words"]


def test_groups_within_groups_are_read_to_the_bottom() -> None:
    assert _texts(_read(_slide("<p:grpSp>" * 200 + _sp("Deep") + "</p:grpSp>" * 200))) == ["Deep"]


def test_forged_numbers_are_read_as_none() -> None:
    shape = _sp(_para("Words").replace('lvl="0"', 'lvl="-9x"'), ph='idx="1"', top=5).replace('y="63500"', 'y="far"')
    assert _shown(_read(_slide(shape))) == [("list_item", "Words")]


_GOOD = _parts(_slide(_title("Risk"), _sp("We register risks.")))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (_zip(_GOOD)[:400], TruncatedFile),
        (b"", TruncatedFile),
        (_zip({"word/document.xml": "<x/>"}), TruncatedFile),
        (_zip({**_GOOD, "ppt/presentation.xml": "<p:presentation"}), UnreadableFile),
        (_zip({**_GOOD, "ppt/_rels/presentation.xml.rels": "<x/>"}), TruncatedFile),
        (_zip({**_GOOD, "ppt/slides/r1.xml": "rubbish"}), TruncatedFile),
    ],
)
def test_damaged_package_is_refused(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(DocumentError) as caught:
        read_pptx(data)
    assert type(caught.value) is error


def test_any_byte_may_be_wrong() -> None:
    good = _zip(_GOOD)
    for place in range(0, len(good), 3):
        forged = bytearray(good)
        forged[place] ^= 0xFF
        try:
            read_pptx(bytes(forged))
        except (TruncatedFile, UnreadableFile):
            continue


def _real(name: str) -> Reading:
    path = _REAL / name
    if not path.exists():
        pytest.skip("the real documents beside the repository are not there")
    return read_pptx(path.read_bytes())


def test_real_deck_with_titles_reads() -> None:
    reading = _real("eu_cpsv_webinar.pptx")
    assert (reading.title, reading.pages) == ("ISA2 Action 2016.29: Catalogue of public services", 32)
    assert [u.page for u in reading.unread if u.reason == "picture_page"] == [20]
    titles = [block.text for block in reading.blocks if block.kind == "heading"]
    assert titles[:2] == ["ISA2 Action 2016.29: Catalogue of public services", "Agenda"]
    assert len(titles) == 25
    lists = [(b.text, b.lead_in) for b in reading.blocks if b.page == 31 and b.kind == "list_item"]
    assert ("Workshop towards the end of May 2019", "Upcoming events:") in lists
    assert [b.section for b in reading.blocks if b.page == 30] == [()]


def test_real_deck_of_shapes_reads() -> None:
    reading = _real("gsa_icam_governance.pptx")
    assert (reading.title, reading.pages, {block.page for block in reading.blocks}) == ("", 9, set(range(1, 10)))
    assert all(block.kind != "heading" for block in reading.blocks)
    texts = _texts(reading)
    assert texts.count("Implements Multi-Factor Authentication as a staple of cybersecurity") == 1
    assert "Core components on the left side of the slide" in texts

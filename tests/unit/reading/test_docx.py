from __future__ import annotations

import docx
import pytest
from docx.document import Document as WordDocument

from govbot.errors import NoText
from govbot.records import Document
from tests.unit.reading.make_docx import body_docx, make_docx, saved, with_notes
from tests.unit.reading.reader import Read


def _shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def _run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_styles_give_headings_lists_and_the_title(read: Read) -> None:
    document = read(
        "a.docx",
        make_docx(
            ("Title", "Library Strategy"), ("Heading 1", "Risk"), "The Board will:", ("List Bullet", "publish"),
            ("List Bullet 2", "monthly"), ("Heading 2", "People"), "Staff are trained.",
        ),
    )  # fmt: skip
    assert document.title == "Library Strategy"
    assert [(block.kind, block.section, block.level) for block in document.blocks] == [
        ("heading", (), 1), ("heading", (), 1), ("paragraph", ("Risk",), None), ("list_item", ("Risk",), None),
        ("list_item", ("Risk",), None), ("heading", ("Risk",), 2), ("paragraph", ("Risk", "People"), None),
    ]  # fmt: skip
    assert document.blocks[3].lead_in == "The Board will:"


def test_paragraphs_are_numbered_and_pages_are_not_invented(read: Read) -> None:
    blocks = read("a.docx", make_docx("One.", "", "Two.")).blocks
    assert [(block.paragraph, block.page, block.page_is_approximate) for block in blocks] == [
        (1, None, False), (2, None, False),
    ]  # fmt: skip


def test_page_of_the_last_layout_is_approximate(read: Read) -> None:
    xml = f"<w:p>{_run('One.')}</w:p><w:p>{_run('Two goes')}<w:r><w:lastRenderedPageBreak/></w:r>{_run(' on.')}</w:p>"
    first, second = read("a.docx", body_docx(xml)).blocks
    assert (first.page, second.page, second.page_is_approximate) == (1, 1, True)
    assert second.text == "Two goes on."
    assert second.page_at(len("Two goes on")) == 2


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (f"<w:sdt><w:sdtContent><w:p>{_run('In a control.')}</w:p></w:sdtContent></w:sdt>", "In a control."),
        (f"<w:p>{_run('Kept')}<w:del><w:r><w:delText> gone</w:delText></w:r></w:del></w:p>", "Kept"),
        (f"<w:p>{_run('Kept')}<w:ins>{_run(' and new')}</w:ins></w:p>", "Kept and new"),
        (f"<w:p>{_run('long')}<w:r><w:noBreakHyphen/></w:r>{_run('term')}</w:p>", "long-term"),
        (f"<w:p><w:hyperlink>{_run('a link')}</w:hyperlink></w:p>", "a link"),
        (f"<w:p>{_run('one')}<w:r><w:tab/><w:t>two</w:t></w:r></w:p>", "one two"),
    ],
)
def test_words_are_read_where_word_shows_them(read: Read, xml: str, text: str) -> None:
    assert _shown(read("a.docx", body_docx(xml))) == [("paragraph", text)]


def _table(rows: list[list[str]]) -> WordDocument:
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return document


def test_table_gives_rows_with_their_column_headings(read: Read) -> None:
    document = read(
        "a.docx", saved(_table([["Measure", "Owner", "Due"], ["Visits", "", "May"], ["Loans", "Head", ""]]))
    )
    assert [(b.kind, b.text, b.header, b.paragraph) for b in document.blocks] == [
        ("table_row", "Visits\t\tMay", ("Measure", "Owner", "Due"), 1),
        ("table_row", "Loans\tHead", ("Measure", "Owner", "Due"), 2),
    ]


def test_paragraphs_of_a_cell_are_lines_and_those_of_a_column_heading_are_not(read: Read) -> None:
    made = _table([["", "Owner"], ["Visits", "Head"]])
    for cell, text in (((0, 0), "What we do"), ((1, 0), "Loans")):
        made.tables[0].cell(*cell).add_paragraph(text)
    (row,) = read("a.docx", saved(made)).blocks
    assert (row.text, row.header) == ("Visits\nLoans\tHead", ("What we do", "Owner"))


def test_merged_cell_is_read_once(read: Read) -> None:
    made = _table([["Measure", "Owner", "Due"], ["Visits", "Head", "May"], ["", "", ""]])
    table = made.tables[0]
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Both"
    table.cell(2, 2).text = "June"
    assert read("a.docx", saved(made)).blocks[-1].text == "Both\t\tJune"


def test_table_of_one_column_is_laid_out_text(read: Read) -> None:
    made = _table([["The Board publishes its decisions."], ["It also listens."]])
    assert _shown(read("a.docx", saved(made))) == [
        ("paragraph", "The Board publishes its decisions."),
        ("paragraph", "It also listens."),
    ]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_follows_what_refers_to_it(read: Read, kind: str) -> None:
    mark = '<w:r><w:{kind}Reference w:id="{id}"/></w:r>'
    first, second, lost = (mark.format(kind=kind, id=number) for number in (1, 2, 9))
    body = (
        f"<w:p><w:r><w:t>We publish</w:t></w:r>{first}<w:r><w:t xml:space='preserve'> every decision.</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Risk</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Owner</w:t></w:r></w:p>"
        f"</w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>Flood</w:t></w:r>{second}</w:p></w:tc><w:tc><w:p><w:r><w:t>Clerk</w:t>"
        f"</w:r>{lost}</w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>The end.</w:t></w:r></w:p>"
    )
    # The second refers to itself, as only a hostile file does.
    notes = [
        "<w:p><w:r><w:t>On the website.</w:t></w:r></w:p>",
        f"<w:p><w:r><w:t>Since 2020.</w:t></w:r>{second}</w:p>",
    ]
    blocks = read("draft.docx", with_notes(body_docx(body), *notes, kind=kind)).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "We publish every decision."),
        ("paragraph", "On the website."),
        ("table_row", "Flood\tClerk"),
        ("paragraph", "Since 2020."),
        ("paragraph", "The end."),
    ]


def test_word_file_without_text_has_none(read: Read) -> None:
    with pytest.raises(NoText):
        read("a.docx", make_docx(""))

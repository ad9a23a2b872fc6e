from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from govbot.errors import NoText
from govbot.reading.pdf import read_pdf
from govbot.reading.pdf_page import Box, Glyphs, Page, joined_downwards
from govbot.reading.pdf_pictures import _drawn
from govbot.reading.pdfium import Handle
from govbot.records import Document, PageTurn, Unread
from tests.make_pdf import PdfPage, make_pdf
from tests.make_scan import Scan, fax, make_scans, scan
from tests.unit.reading.reader import Read

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "real"
_FILLER = (
    "The Council has set out how it will work with residents over the next",
    "three years and how it will report on what has been done each quarter.",
)


def _shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def _page() -> PdfPage:
    return PdfPage()


def _hidden(page: PdfPage) -> PdfPage:
    return PdfPage(operators=["3 Tr", *page.operators])


def test_lines_become_paragraphs_and_headings_become_sections(read: Read) -> None:
    page = _page().text(70, 700, "Risk", size=18, bold=True).lines(70, 660, *_FILLER)
    page.text(70, 600, "People", size=18, bold=True).lines(70, 560, *_FILLER)
    blocks = read("a.pdf", make_pdf(page)).blocks
    assert [(block.kind, block.section) for block in blocks] == [
        ("heading", ()), ("paragraph", ("Risk",)), ("heading", ()), ("paragraph", ("People",)),
    ]  # fmt: skip
    assert blocks[1].text == " ".join(_FILLER)
    assert (blocks[1].page, blocks[1].paragraph) == (1, None)


def test_two_columns_are_read_one_after_the_other(read: Read) -> None:
    left = ("The left column speaks of risk and", "goes on to speak of assurance.")
    right = ("The right column speaks of people", "and then of pay.")
    page = _page().lines(50, 700, *left).lines(320, 700, *right)
    assert _shown(read("a.pdf", make_pdf(page))) == [("paragraph", " ".join(left)), ("paragraph", " ".join(right))]


def test_line_that_is_drawn_late_stands_where_it_is_seen(read: Read) -> None:
    page = _page().lines(70, 700, *_FILLER).text(70, 750, "Foreword", size=20, bold=True)
    assert _shown(read("a.pdf", make_pdf(page)))[0] == ("heading", "Foreword")


def test_tags_name_headings_before_fonts_do(read: Read) -> None:
    page = _page()
    for number, words in enumerate(("Risk", "People", "Money")):
        page.text(70, 700 - 100 * number, words, tag="H2")
        page.text(70, 670 - 100 * number, "This is checked each year by the Board.", size=20, bold=True, tag="P")
    document = read("a.pdf", make_pdf(page))
    assert [block.text for block in document.blocks if block.kind == "heading"] == ["Risk", "People", "Money"]


def test_bold_start_of_a_paragraph_is_no_heading(read: Read) -> None:
    page = _page().text(70, 700, "Risk.", bold=True).text(104, 700, "The Council has set out how it will work with")
    page.text(70, 686, "residents over the next three years.")
    assert [block.kind for block in read("a.pdf", make_pdf(page)).blocks] == ["paragraph"]


def test_headers_footers_and_page_numbers_are_left_out(read: Read) -> None:
    pages = [
        _page().text(70, 810, "Draft strategy 2026").lines(70, 700, *_FILLER).text(290, 30, f"Page {number} of 4")
        for number in range(1, 5)
    ]
    assert {block.text for block in read("a.pdf", make_pdf(*pages)).blocks} == {" ".join(_FILLER)}


def test_contents_list_is_left_out(read: Read) -> None:
    contents = _page().text(70, 780, "Contents", size=18).lines(70, 700, "Risk 3", "People 5", "Money and assets 9")
    document = read("a.pdf", make_pdf(contents, _page().lines(70, 700, *_FILLER, "Dots ........... 12")))
    assert _shown(document) == [("paragraph", " ".join(_FILLER))]


def test_paragraph_that_runs_over_a_page_is_one_block(read: Read) -> None:
    first = _page().lines(70, 100, *_FILLER, "It will also publish the results of every survey that it")
    second = _page().lines(70, 780, "commissions in full.")
    (block,) = read("a.pdf", make_pdf(first, second)).blocks
    assert block.text.endswith("every survey that it commissions in full.")
    assert block.turns == (PageTurn(offset=block.text.index("commissions"), page=2),)
    assert (block.page_at(0), block.page_at(len(block.text) - 1)) == (1, 2)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("The plan was co-", "ordinated with care.", "The plan was co-ordinated with care."),
        ("It is an assess-", "ment of the assessment.", "It is an assessment of the assessment."),
        ("This is a long-", "term plan; a long-term one.", "This is a long-term plan; a long-term one."),
    ],
)
def test_hyphen_at_the_end_of_a_line_is_mended(read: Read, first: str, second: str, whole: str) -> None:
    assert _shown(read("a.pdf", make_pdf(_page().lines(70, 700, first, second)))) == [("paragraph", whole)]


def test_bullets_keep_their_lead_in_and_lose_their_sign(read: Read) -> None:
    page = _page().text(70, 700, "The Board will:")
    page.lines(80, 680, "• publish its decisions each month and", "  explain them", "• listen to residents")
    blocks = read("a.pdf", make_pdf(page.lines(80, 620, "1. First of all", "2. Second"))).blocks
    assert [(block.kind, block.text) for block in blocks[1:3]] == [
        ("list_item", "publish its decisions each month and explain them"),
        ("list_item", "listen to residents"),
    ]
    assert {block.lead_in for block in blocks[1:3]} == {"The Board will:"}
    assert [block.text for block in blocks[3:]] == ["First of all", "Second"]


def test_ruled_table_gives_rows_with_their_column_headings(read: Read) -> None:
    page = _page().lines(70, 780, *_FILLER).grid([70, 200, 400], [700, 680, 660, 640])
    for row, (left, right) in enumerate([("Measure", "Owner"), ("Visits", "Head of Service"), ("Loans", "Director")]):
        page.text(75, 686 - 20 * row, left).text(205, 686 - 20 * row, right)
    rows = read("a.pdf", make_pdf(page)).blocks[1:]
    assert [(block.kind, block.text) for block in rows] == [
        ("table_row", "Visits\tHead of Service"), ("table_row", "Loans\tDirector"),
    ]  # fmt: skip
    assert {block.header for block in rows} == {("Measure", "Owner")}


def test_a_table_whose_upright_rules_stop_short_of_each_row_s_end_is_one_table(read: Read) -> None:
    page = _page().lines(70, 780, *_FILLER)
    for y in (700, 680, 660, 640):
        page.rule(70, y, 400, y)
    for top in (700, 680, 660):
        for x in (70, 200, 400):
            page.rule(x, top, x, top - 20 + 4.6)
    for row, (left, right) in enumerate([("Measure", "Owner"), ("Visits", "Head of Service"), ("Loans", "Director")]):
        page.text(75, 686 - 20 * row, left).text(205, 686 - 20 * row, right)
    assert _shown(read("a.pdf", make_pdf(page)))[1:] == [
        ("table_row", "Visits\tHead of Service"), ("table_row", "Loans\tDirector"),
    ]  # fmt: skip


def test_a_table_that_is_like_the_one_on_the_page_before_has_column_headings_of_its_own(read: Read) -> None:
    def page(*rows: tuple[str, str, str]) -> PdfPage:
        made = _page().grid([70, 200, 300, 400], [700, 680, 660])
        for place, row in enumerate(rows):
            for x, text in zip((75, 205, 305), row, strict=True):
                made.text(x, 686 - 20 * place, text)
        return made

    first, row = ("Group 1: families", "Needs", "Use"), ("Nine of ten", "Advice", "Phones")
    for second, heads in (
        (("Group 2: students", "Needs", "Use"), [first, ("Group 2: students", "Needs", "Use")]),
        (first, [first, first]),
        (("Six of ten", "Money", "Laptops"), [first, first, first]),
    ):
        found = read("a.pdf", make_pdf(page(first, row), page(second, row))).blocks
        assert [block.header for block in found] == heads
        assert found[-1].text == "Nine of ten\tAdvice\tPhones"


def test_items_of_a_list_in_a_cell_are_parted_as_they_are_on_the_page(read: Read) -> None:
    page = _page().lines(70, 780, *_FILLER).grid([70, 200, 400], [700, 680, 640, 620])
    page.text(75, 686, "Measure").text(205, 686, "How").text(75, 666, "Visits").text(75, 626, "Loans")
    page.lines(205, 666, "\u2022 Count them", "\u2022 Publish them").text(205, 626, "\u2022 Renew them")
    rows = read("a.pdf", make_pdf(page)).blocks[1:]
    assert [row.text for row in rows] == ["Visits\tCount them • Publish them", "Loans\tRenew them"]


def test_small_print_that_text_stands_below_stays_where_it_is(read: Read) -> None:
    quoted, after = "What a tenant said of it, set in small print.", "The board read it at its meeting in May."
    page = _page().lines(70, 780, *_FILLER).text(70, 140, quoted, size=8).text(70, 100, after)
    assert [block.text for block in read("a.pdf", make_pdf(page)).blocks] == [" ".join(_FILLER), quoted, after]


@pytest.mark.parametrize(
    ("ends", "starts", "whole"),
    [
        ("It is told on pages 737–", "739 of the report.", "pages 737–739 of"),
        ("It is told on pages 737-", "739 of the report.", "pages 737-739 of"),
        ("All of it stands at https://", "www.example.org and in print.", "at https://www.example.org and"),
        ("The board met in May –", "and so did the panel.", "May – and so"),
        ("The board met in 2026 –", "40 people came to hear it.", "2026 – 40 people"),
    ],
)
def test_spans_and_addresses_are_put_together_over_the_ends_of_lines(
    read: Read, ends: str, starts: str, whole: str
) -> None:
    page = _page().lines(70, 700, _FILLER[0], f"{_FILLER[0][:30]} {ends}", starts)
    assert whole in read("a.pdf", make_pdf(page)).blocks[0].text


def test_a_list_number_may_stand_right_before_its_item(read: Read) -> None:
    items = ("1.Facilitating growth in every ward.", "2.The board sets rents.", "3.We keep them low.")
    blocks = read("a.pdf", make_pdf(_page().lines(70, 700, *_FILLER).lines(70, 640, *items))).blocks
    assert [(block.kind, block.text) for block in blocks[1:]] == [("list_item", item[2:]) for item in items]


def test_the_ground_of_a_cell_that_is_drawn_line_by_line_parts_no_rows(read: Read) -> None:
    page = _page().lines(70, 780, *_FILLER).grid([60, 200, 540], [720, 670, 620])
    for row, (action, owner) in enumerate((("Open the archive", "Clerk"), ("Train the wardens", "Housing"))):
        top = 720 - 50 * row
        for line in range(3):
            page.ground(62, top - 15 * (line + 1), 198, top - 15 * line)
        page.lines(66, top - 11, owner, "and the", "whole team", leading=15)
        page.lines(206, top - 11, f"{action} to all", "who ask for it, and say", "each year how often.", leading=15)
    blocks = read("a.pdf", make_pdf(page)).blocks
    assert [(block.kind, block.text) for block in blocks[1:]] == [
        ("table_row", "Clerk and the whole team\tOpen the archive to all who ask for it, and say each year how often."),
        (
            "table_row",
            "Housing and the whole team\tTrain the wardens to all who ask for it, and say each year how often.",
        ),
    ]


@pytest.mark.parametrize("greys", [(0.8, 0.6), (0.8, 0.8)], ids=["two", "one"])
def test_grounds_without_rules_part_rows(read: Read, greys: tuple[float, float]) -> None:
    page = _page().lines(70, 780, *_FILLER)
    for row, owner in enumerate(("Clerk", "Housing", "Treasurer")):
        top, grey = 720 - 30 * row, greys[row % 2]
        page.ground(60, top - 30, 200, top, grey).ground(200, top - 30, 540, top, grey)
        page.text(66, top - 18, owner).text(206, top - 18, f"Reports to the board in month {row + 1}.")
    blocks = read("a.pdf", make_pdf(page)).blocks
    assert [block.text for block in blocks[1:]] == [
        f"{owner}\tReports to the board in month {month}."
        for month, owner in enumerate(("Clerk", "Housing", "Treasurer"), start=1)
    ]


def test_rules_drawn_as_one_filled_path_make_a_table(read: Read) -> None:
    page = _page().lines(70, 780, *_FILLER).rule(60, 800, 540, 800).rule(60, 810, 540, 810)
    page.operators.append(" ".join(f"60 {y} 480 1 re" for y in (720, 690, 660)) + " f")
    page.operators.append(" ".join(f"{x} 660 1 61 re" for x in (60, 200, 540)) + " f")
    for y, owner, month in ((702, "Clerk", "May"), (672, "Housing", "June")):
        page.text(66, y, owner).text(206, y, f"It reports to the board in {month}.")
    blocks = read("a.pdf", make_pdf(page)).blocks
    assert [block.text for block in blocks[1:]] == [
        "Clerk\tIt reports to the board in May.",
        "Housing\tIt reports to the board in June.",
    ]


def test_box_around_text_is_no_table(read: Read) -> None:
    page = _page().grid([60, 540], [720, 600]).lines(70, 700, *_FILLER)
    assert _shown(read("a.pdf", make_pdf(page))) == [("paragraph", " ".join(_FILLER))]


def test_title_that_is_no_text_keeps_nobody_from_reading(read: Read) -> None:
    data = make_pdf(_page().lines(70, 700, *_FILLER), title="0123456789")
    document = read("a.pdf", data.replace(b"(0123456789)", b"<FEFFD80041>"))
    assert (document.title, _shown(document)) == ("a.pdf", [("paragraph", " ".join(_FILLER))])


@pytest.mark.parametrize(
    ("own", "rows", "pages"),
    [("", 14, [2]), ("Figure 3: where the buses stop", 14, []), ("", 4, [])],
    ids=["print", "print with a caption", "a map"],
)
def test_running_heads_do_not_hide_that_a_page_is_a_picture_of_print(
    read: Read, own: str, rows: int, pages: list[int]
) -> None:
    def headed(number: int) -> PdfPage:
        return _page().text(70, 810, "Draft strategy 2026, of the transport board").text(290, 30, f"Page {number} of 4")

    printed = scan(_page().lines(70, 700, *["The board meets in public each month."] * rows))
    picture = printed._replace(over=headed(2).text(70, 100, own) if own else headed(2))
    texts = [headed(number).lines(70, 700, *_FILLER) for number in (1, 3, 4)]
    document = read("a.pdf", make_scans(texts[0], picture, *texts[1:]))
    assert [(one.reason, one.page) for one in document.unread] == [("picture_page", page) for page in pages]


@pytest.mark.parametrize(
    ("make", "rows", "place", "unread"),
    [
        (fax, 14, (70, 60, 400, 565), [("print_beside", 1)]),
        (fax, 2, (70, 60, 400, 565), []),
        (fax, 14, (70, 60, 100, 141), []),
        (scan, 14, (70, 60, 400, 565), []),
    ],
    ids=["print", "a drawing with a caption", "too small to read", "a photograph"],
)
def test_print_in_a_picture_beside_text_is_told(
    read: Read,
    make: Callable[[PdfPage], Scan],
    rows: int,
    place: tuple[float, float, float, float],
    unread: list[tuple[str, int]],
) -> None:
    printed = make(_page().lines(70, 700, *["The board meets in public each month."] * rows))
    page = printed._replace(over=_page().lines(70, 780, *_FILLER * 3), place=place)
    document = read("a.pdf", make_scans(page))
    assert [(one.reason, one.page) for one in document.unread] == unread
    assert _FILLER[0] in document.blocks[0].text


def test_print_that_a_scan_holds_as_text_too_is_read(read: Read) -> None:
    printed = ["The board meets in public each month."] * 14
    lines = _page().lines(70, 700, *printed)
    document = read("a.pdf", make_scans(fax(lines)._replace(over=_hidden(lines))))
    assert (document.unread, len(document.blocks[0].text.split())) == ((), 7 * 14)


def test_strips_of_a_picture_are_one() -> None:
    strips = [Box(70, 60 + 20 * number, 470, 80 + 20 * number) for number in (2, 0, 1, 5)]
    assert joined_downwards(strips) == [Box(70, 60, 470, 120), Box(70, 160, 470, 180)]


def test_picture_of_a_page_is_unread_and_a_blank_page_is_not(read: Read) -> None:
    document = read("a.pdf", make_pdf(_page().lines(70, 700, *_FILLER), _page().picture(), _page()))
    assert document.unread == (Unread(reason="picture_page", page=2),)
    assert document.pages == 3


def test_pdf_of_pictures_has_no_text(read: Read) -> None:
    with pytest.raises(NoText):
        read("a.pdf", make_pdf(_page().picture(), _page().picture()))


@pytest.mark.parametrize(
    ("metadata", "title"),
    [
        ("Library Strategy 2026", "Library Strategy 2026"),
        ("Microsoft Word - draft v3.docx", "Our libraries"),
        ("untitled", "Our libraries"),
        ("", "Our libraries"),
    ],
)
def test_title_is_the_documents_own(read: Read, metadata: str, title: str) -> None:
    page = _page().text(70, 760, "Our libraries", size=26, bold=True).lines(70, 700, *_FILLER)
    assert read("a.pdf", make_pdf(page, title=metadata)).title == title


def test_title_on_the_cover_heads_nothing(read: Read) -> None:
    cover = _page().text(70, 500, "Our libraries", size=30, bold=True)
    body = _page().text(70, 780, "Risk", size=18, bold=True).lines(70, 740, *_FILLER)
    blocks = read("a.pdf", make_pdf(cover, body)).blocks
    assert blocks[-1].section == ("Risk",)


@pytest.mark.parametrize(
    ("annotation", "count"),
    [
        ("/Subtype/Text/Contents(Why?)", 1),
        ("/Subtype/Highlight/Contents(Why?)", 1),
        ("/Subtype/FreeText/Contents(Why?)", 1),
        ("/Subtype/Highlight", 0),
        ("/Subtype/Text/Contents()", 0),
        ("/Subtype/Link/Contents(A link)", 0),
        ("/Subtype/Popup/Contents(Why?)", 0),
        ("/Subtype/Widget/Contents(Name)", 0),
        ("/Subtype/Text/Contents(Accepted)/State(Accepted)/StateModel(Review)", 0),
    ],
)
def test_comments_are_counted_and_no_text(read: Read, annotation: str, count: int) -> None:
    pages = [_page().lines(70, 700, *_FILLER), _page().lines(70, 700, "We publish every decision.")]
    plain = read("a.pdf", make_pdf(*pages))
    pages[0].annotations.append(f"<</Type/Annot/Rect[0 0 9 9]{annotation}>>")
    document = read("b.pdf", make_pdf(*pages))
    assert document.blocks == plain.blocks
    assert [unread.part for unread in document.unread] == ["1 comment"] * count


def test_a_page_as_large_as_a_field_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="14400"):
        _drawn(Handle(), Page(number=1, width=14_400, height=14_400), (0, 0, 14_400, 14_400))


def test_a_page_whose_letters_stand_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Glyphs.right
    monkeypatch.setattr(Glyphs, "right", lambda self, at: float("nan") if "damaged" in self.text else right(self, at))
    pages = [_page().lines(70, 700, *_FILLER), _page().lines(70, 700, "A damaged line.", "And another one.")]
    reading = read_pdf(make_pdf(*pages))
    assert reading.unread == (Unread(reason="broken_page", page=2),)
    assert [block.text for block in reading.blocks] == [" ".join(_FILLER)]


@pytest.mark.parametrize(
    ("word", "mark", "after", "read_as"),
    [
        ("It began in 2010", "2", ".", "It began in 2010."),
        ("All residents", "15", " were asked.", "All residents were asked."),
        ("Every ward", " 3", " was asked.", "Every ward was asked."),
        ("In 2011-12", "5", " it grew.", "In 2011-12 it grew."),
        ("A park of 300 m", "2", " is planned.", "A park of 300 m2 is planned."),
        ("Some 10", "6", " litres were used.", "Some 106 litres were used."),
    ],
)
def test_raised_numbers_of_footnotes_are_left_out(word: str, mark: str, after: str, read_as: str) -> None:
    page = _page().lines(70, 780, *_FILLER)
    page.operators.append(
        f"BT /F1 11 Tf 70 700 Td ({word}) Tj /F1 7 Tf 4 Ts ({mark}) Tj /F1 11 Tf 0 Ts ({after}) Tj ET"
    )
    assert read_pdf(make_pdf(page)).blocks[-1].text == read_as


def test_numbers_that_are_not_raised_or_not_smaller_stay() -> None:
    page = _page().lines(70, 780, *_FILLER)
    page.operators.append("BT /F1 11 Tf 70 700 Td (Table A) Tj /F1 7 Tf (1) Tj /F1 11 Tf ( and B) Tj 3 Ts (2) Tj ET")
    assert read_pdf(make_pdf(page)).blocks[-1].text == "Table A1 and B2"


#: Reads what comes in as a PDF in one process and in two, and prints how often it copied itself.
_IN_TWO = """
import os, sys
from govbot.reading.pdf import read_pdf
data, fork, count = sys.stdin.buffer.read(), os.fork, []
def counted():
    count.append(1)
    return fork()
os.fork = counted
one = read_pdf(data)
assert not count
assert one == read_pdf(data, in_two=True)
print(len(count), len(one.blocks), *one.unread)
"""


@pytest.mark.parametrize(("count", "copies"), [(2, 0), (9, 0), (10, 1), (39, 1)])
def test_a_long_file_is_read_alike_in_one_process_and_in_two(count: int, copies: int) -> None:
    pages = [
        _page().text(70, 800, f"Chapter {number}", size=18, bold=True).lines(70, 760, *_FILLER, f"Line {number}.")
        for number in range(count)
    ]
    pages[-2].annotations.append("<</Type/Annot/Rect[0 0 9 9]/Subtype/Text/Contents(Is this so?)>>")
    data = make_pdf(*pages)
    done = subprocess.run([sys.executable, "-c", _IN_TWO], input=data, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == [str(copies).encode(), str(len(read_pdf(data).blocks)).encode()]
    assert b"1 comment" in done.stdout


@pytest.mark.parametrize(
    ("count", "written", "covers"),
    [
        (12, {2}, {1, 12}),
        (12, {5}, {1, 12}),
        (12, {6}, {1, 12}),
        (12, {2, 5}, {1, 12}),
        (12, {7, 8, 9}, {1, 12}),
        (12, {1, 6}, {12}),
        (12, {6, 12}, {1}),
        (12, {12}, {1}),
        # What follows a letter of one page is no cover.
        (12, {1}, set()),
        (2, {1}, set()),
        (2, {2}, {1}),
        (3, {1}, set()),
        (3, {2}, {1, 3}),
    ],
)
def test_pictures_that_fill_the_first_and_last_page_are_covers_whoever_reads_the_text_between(
    count: int, written: set[int], covers: set[int]
) -> None:
    numbers = range(1, count + 1)
    data = make_pdf(*(_page().lines(70, 700, *_FILLER) if one in written else _page().picture() for one in numbers))
    unread = {one.page: one.reason for one in read_pdf(data).unread}
    assert unread == {one: "picture" if one in covers else "picture_page" for one in numbers if one not in written}
    done = subprocess.run([sys.executable, "-c", _IN_TWO], input=data, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not REAL.exists(), reason="the real documents beside the repository are not there")
@pytest.mark.parametrize("name", ["moj_digital_strategy.pdf", "gsa_identity_governance_framework.pdf"])
def test_a_real_tagged_file_is_read_alike_in_one_process_and_in_two(name: str) -> None:
    data = (REAL / name).read_bytes()
    done = subprocess.run([sys.executable, "-c", _IN_TWO], input=data, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"1 ")

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from govbot import errors
from govbot.reading.sheets import _MOST_ROWS, read_csv, read_xlsx
from govbot.records import Block, Unread
from tests.unit.reading.reader import Read

Rows = list[list[object]]
REGISTER: Rows = [["Risk", "Owner", "Score"], ["Flood of the depot", "Head of Estates", 12]]


def workbook(hidden: tuple[str, ...] = (), title: str = "", bold: tuple[int, ...] = (), **sheets: Rows) -> bytes:
    """Return a workbook; the rows numbered `bold` are, in every sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title or None
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
        for cell in (cell for number in bold for cell in sheet[number]):
            cell.font = Font(bold=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def told(blocks: tuple[Block, ...]) -> list[tuple[str, tuple[str, ...], int | None, str]]:
    return [(block.kind, block.section, block.paragraph, block.text) for block in blocks]


def test_a_row_stands_with_its_sheet_its_number_and_its_column_headings() -> None:
    reading = read_xlsx(workbook(Risks=REGISTER, Actions=[["Action", "When"], ["Publish the register", "May"]]))
    assert told(reading.blocks) == [
        ("heading", (), None, "Risks"),
        ("table_row", ("Risks",), 2, "Flood of the depot\tHead of Estates\t12"),
        ("heading", (), None, "Actions"),
        ("table_row", ("Actions",), 2, "Publish the register\tMay"),
    ]
    assert reading.blocks[1].header == ("Risk", "Owner", "Score")
    document = reading.document(name="risks.xlsx", sha256="")
    assert {block.layout for block in document.blocks} == {"sheets"}


@pytest.mark.parametrize(
    ("bold", "last"), [((1,), ("Risk", "Owner", "Score")), ((1, 4), ()), ((), ())], ids=["rows", "another", "unknown"]
)
def test_rows_below_an_empty_one_stand_under_bold_column_headings(bold: tuple[int, ...], last: tuple[str, ...]) -> None:
    more: Rows = [["Fire in the kitchen", "Head of Schools", "High"], ["Loss of the grant", "Treasurer", 9]]
    reading = read_xlsx(workbook(S=[*REGISTER, [], *more], bold=bold))
    rows = [(block.text, block.paragraph, block.header) for block in reading.blocks if block.kind == "table_row"]
    assert rows[0] == ("Flood of the depot\tHead of Estates\t12", 2, ("Risk", "Owner", "Score"))
    fire = ("Fire in the kitchen", "Head of Schools", "High")
    assert rows[1:] == [
        *([("\t".join(fire), 4, last)] if last else []),
        ("Loss of the grant\tTreasurer\t9", 5, last or fire),
    ]


def test_rows_wider_than_the_column_headings_above_are_a_table_of_their_own() -> None:
    wide: Rows = [["Site", "Owner", "Cost", "Year"], ["Depot", "Estates", 4, 2027]]
    reading = read_xlsx(workbook(S=[*REGISTER, [], *wide], bold=(1,)))
    assert [block.header for block in reading.blocks if block.kind == "table_row"] == [
        ("Risk", "Owner", "Score"),
        ("Site", "Owner", "Cost", "Year"),
    ]


def test_a_bold_line_or_a_narrower_table_does_not_stand_under_the_headings_above() -> None:
    rows: Rows = [["Made by", "J Hall"], [], *REGISTER, [], ["Item", "Cost"], ["Paper", 120]]
    reading = read_xlsx(workbook(S=rows, bold=(1, 3)))
    assert [(block.text, block.header) for block in reading.blocks if block.kind == "table_row"] == [
        ("Flood of the depot\tHead of Estates\t12", ("Risk", "Owner", "Score")),
        ("Paper\t120", ("Item", "Cost")),
    ]


def test_a_style_that_the_book_does_not_have_keeps_nobody_from_reading() -> None:
    book = BytesIO(workbook(S=REGISTER))
    out = BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'<c r="A1"', b'<c s="99" r="A1"') if "sheet1" in name else content)
    assert b's="99"' in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
    assert read_xlsx(out.getvalue()).blocks[1].text.startswith("Flood of the depot")


def test_an_empty_row_parts_tables_and_a_line_above_one_is_its_heading() -> None:
    rows: Rows = [["Risk register 2026"], *REGISTER, [], ["The board looks at every risk each quarter."]]
    assert told(read_xlsx(workbook(S=rows)).blocks) == [
        ("heading", (), None, "S"),
        ("heading", ("S",), 1, "Risk register 2026"),
        ("table_row", ("S", "Risk register 2026"), 3, "Flood of the depot\tHead of Estates\t12"),
        ("paragraph", ("S", "Risk register 2026"), 5, "The board looks at every risk each quarter."),
    ]


def test_values_read_as_they_are_shown() -> None:
    row: list[object] = [date(2026, 3, 4), datetime(2026, 3, 4, 9, 30), 12345.67, 3.0, 0.5, True, "two\nlines"]  # noqa: DTZ001
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(row)
    sheet.append(row)
    for number in (1, 2):
        sheet.cell(number, 5).number_format = "0%"
    out = BytesIO()
    book.save(out)
    text = read_xlsx(out.getvalue()).blocks[-1].text
    assert text == "4 March 2026\t4 March 2026, 09:30\t12345.67\t3\t50%\tTrue\ttwo\nlines"


def test_a_hidden_sheet_is_told_and_not_read() -> None:
    reading = read_xlsx(workbook(hidden=("Old",), Risks=REGISTER, Old=[["Secret", "word"]]))
    assert "Secret" not in " ".join(block.text for block in reading.blocks)
    assert reading.unread == (Unread(reason="hidden_sheet", part="Old", matters=False),)


def test_of_a_very_long_sheet_the_beginning_is_read_and_the_rest_is_told() -> None:
    lines = "\n".join(["Risk,Owner", *(f"Risk {number},Owner {number}" for number in range(_MOST_ROWS))])
    reading = read_csv(lines)
    assert len(reading.blocks) == _MOST_ROWS - 1
    assert reading.unread == (Unread(reason="long_sheet"),)
    assert read_csv("Risk,Owner\nFlood,Clerk").unread == ()


def test_what_a_sheet_declares_of_its_size_is_not_believed() -> None:
    data = workbook(Risks=REGISTER)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"'))
    assert out.getvalue() != data
    assert told(read_xlsx(out.getvalue()).blocks) == told(read_xlsx(data).blocks)


def test_a_workbook_s_title_is_the_document_s() -> None:
    assert (
        read_xlsx(workbook(title="Risk register of the council", Risks=REGISTER)).title
        == "Risk register of the council"
    )
    assert read_xlsx(workbook(Risks=REGISTER)).title == ""


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_s_separator_is_found(separator: str) -> None:
    rows = (("Action", "Owner"), ("Publish, print and post the register", "Clerk"))
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    (block,) = read_csv(text).blocks
    assert (block.kind, block.paragraph, block.text) == ("table_row", 2, "Publish, print and post the register\tClerk")
    assert block.header == ("Action", "Owner")


def test_a_workbook_and_a_csv_are_read_in_the_sandbox(read: Read) -> None:
    assert [block.text for block in read("risks.xlsx", workbook(Risks=REGISTER)).blocks][0] == "Risks"
    document = read("risks.csv", "Risk,Owner\nFlood,Café".encode("cp1252"))
    assert (document.title, document.text, document.media_type) == ("risks.csv", "Flood\tCafé", "text/csv")


@pytest.mark.parametrize(
    ("damaged", "whole", "broken"),
    [
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<row"),
        # Nothing in it says which part is the workbook.
        ("[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.mair+xml"),
    ],
)
def test_a_damaged_workbook_is_refused(damaged: str, whole: bytes, broken: bytes) -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(Risks=REGISTER))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            assert part != damaged or whole in content
            new.writestr(part, content.replace(whole, broken) if part == damaged else content)
    with pytest.raises(errors.DocumentError):
        read_xlsx(out.getvalue())
    with pytest.raises(errors.TruncatedFile):
        read_xlsx(out.getvalue()[:200])


def test_a_csv_whose_quotes_never_close_is_refused() -> None:
    with pytest.raises(errors.UnreadableFile):
        read_csv('"' + "a" * 200_000)


def test_comments_on_cells_are_counted_and_no_text() -> None:
    book = Workbook()
    for row in REGISTER:
        book.worksheets[0].append(row)
    book.worksheets[0]["A1"].comment = Comment("Why?", "Clerk")
    book.worksheets[0]["A2"].comment = Comment("Who?", "Clerk")
    out = BytesIO()
    book.save(out)
    reading = read_xlsx(out.getvalue())
    assert [block.text for block in reading.blocks] == ["Sheet", "Flood of the depot\tHead of Estates\t12"]
    assert reading.unread == (Unread(reason="comments", part="2 comments", matters=False),)


@pytest.mark.parametrize(("part", "count"), [("xl/comments1.xml", 1), ("xl/threadedComments/threadedComment1.xml", 0)])
def test_a_thread_on_a_cell_counts_once_and_damaged_comments_not_at_all(part: str, count: int) -> None:
    for content, told in (("<comments><comment/></comments>", count), ("<comments", 0)):
        out = BytesIO(workbook(Risks=REGISTER))
        with zipfile.ZipFile(out, "a") as book:
            book.writestr(part, content)
        assert len(read_xlsx(out.getvalue()).unread) == told

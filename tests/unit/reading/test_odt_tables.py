"""Tables of OpenDocument texts: rows, cells and pages laid out as tables."""

from __future__ import annotations

import pytest

from tests.unit.reading.make_odt import blocks, h, items, note, p, row, table, told

_FULL = table(
    f"<table:table-header-rows>{row('Measure', 'Owner')}</table:table-header-rows>",
    row("Visits", "Head"), row("Loans", "Clerk"),
)  # fmt: skip


def test_rows_stand_beside_their_column_headings() -> None:
    assert [(block.kind, block.text, block.header, block.paragraph) for block in blocks(_FULL)] == [
        ("table_row", "Visits\tHead", ("Measure", "Owner"), 1),
        ("table_row", "Loans\tClerk", ("Measure", "Owner"), 2),
    ]


def test_header_rows_are_those_that_the_file_names() -> None:
    long = "This column says in more words than a heading may have who it is that answers for the measure."
    found = blocks(table(f"<table:table-header-rows>{row('Measure', long)}</table:table-header-rows>", row("A", "B")))
    assert [block.header for block in found] == [("Measure", long)]


def test_merged_cell_is_read_once() -> None:
    wide = f"<table:table-cell table:number-columns-spanned='2'>{p('Both')}</table:table-cell>"
    covered = f"<table:covered-table-cell>{p('gone')}</table:covered-table-cell>"
    found = told(table(row("A", "B", "C"), row("a", "b", "c"), row(wide, covered, "June")))
    assert found == [("table_row", "a\tb\tc"), ("table_row", "Both\t\tJune")]


def test_repeated_cells_are_read_once_and_keep_their_places() -> None:
    twice = f"<table:table-cell table:number-columns-repeated='2'>{p('Yes')}</table:table-cell>"
    assert told(table(row("A", "B", "C"), row(twice, "June")))[-1] == ("table_row", "Yes\t\tJune")


@pytest.mark.parametrize("times", ["16384", "999999999", "9" * 5000, "-5", "²"])
def test_repeated_cells_are_not_written_out_without_end(times: str) -> None:
    many = f"<table:table-cell table:number-columns-repeated='{times}'>{p('Yes')}</table:table-cell>"
    found = told(table(row("A", "B"), row(many, "June")))
    assert len(found[-1][1]) <= 64 + len("YesJune")


def test_tables_in_cells_are_read_in_their_cell() -> None:
    inner = f"<table:table-cell>{table(row('x', 'y'), row('1', '2'))}</table:table-cell>"
    assert told(table(row("A", "B"), row("a", inner), row("c", "d")))[0] == ("table_row", "a\t1 2")


def test_paragraphs_of_a_cell_are_lines() -> None:
    cell = "<table:table-cell><text:p>x</text:p><text:p/><text:p>y</text:p></table:table-cell>"
    assert told(table(row("A", "B"), row("a", cell)))[0] == ("table_row", "a\tx\ny")


def test_notes_of_a_row_stand_after_it() -> None:
    found = told(table(row("A", "B"), row(f"a{note('On a.')}", "b"), row("c", "d")))
    assert found == [("table_row", "a\tb"), ("paragraph", "On a."), ("table_row", "c\td")]


@pytest.mark.parametrize(
    "xml",
    [
        table(row("First."), row("Second.")),
        table(row("First.", "Second.")),
        table(row("", "First."), row("", "Second.")),
    ],
)
def test_table_of_one_column_or_row_is_laid_out_text(xml: str) -> None:
    assert told(xml) == [("paragraph", "First."), ("paragraph", "Second.")]


@pytest.mark.parametrize("rows", [(row("", "{}"), row("", "One.")), (row("One.", "{}"),)])
def test_laid_out_text_keeps_its_headings_and_lists(rows: tuple[str, ...]) -> None:
    inside = f"</text:p>{h(2, 'Aside')}{items(p('publish'), p('listen'))}<text:p>"
    assert {("heading", "Aside"), ("list_item", "listen")} <= set(told(table(*rows).replace("{}", inside)))


def test_page_laid_out_as_a_table_is_text() -> None:
    cell = f"<table:table-cell>{p('word ' * 40) * 4}</table:table-cell>"
    assert {kind for kind, _ in told(table(row(cell, cell), row(cell, cell)))} == {"paragraph"}

from __future__ import annotations

import pytest

from govbot.reading.tables import table_pieces

STEPS = [["Next steps", "Measures"], ["Open a desk", "Visits each month"], ["Train guides", "Guides by June"]]


def shown(rows: list[list[str]]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(piece.kind, piece.text, piece.header) for _, piece in table_pieces(rows, header_rows=None)[1]]


def test_lines_above_the_column_headings_say_what_the_table_is() -> None:
    above = [["", "A library for all"], ["", "We will work with every ward."]]
    found = shown([*above, *STEPS])
    assert found[:2] == [("paragraph", "A library for all", ()), ("paragraph", "We will work with every ward.", ())]
    assert found[2:] == shown(STEPS)
    assert shown([["", "A library\nfor all"], *above[1:], *STEPS])[:2] == [
        ("paragraph", "A library", ()),
        ("paragraph", "for all", ()),
    ]
    assert found[2] == ("table_row", "Open a desk\tVisits each month", ("Next steps", "Measures"))


@pytest.mark.parametrize(
    "above",
    [[["", "2025"]], [["Ward", ""]], [["", "2025"], ["North", "4 out of 5 asked were content with the library."]]],
)
def test_one_line_or_a_row_of_figures_is_no_such_line(above: list[list[str]]) -> None:
    assert {kind for kind, *_ in shown([*above, *STEPS])} == {"table_row"}


def test_single_cells_without_column_headings_below_stay_rows() -> None:
    rows = [
        ["", "One"],
        ["", "Two"],
        ["", "Three"],
        ["Four is a sentence that ends here.", "Five is one too, as said."],
    ]
    assert "paragraph" not in {kind for kind, *_ in shown(rows)}

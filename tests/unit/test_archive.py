from __future__ import annotations

import pytest

from govbot.archive import _around
from tests.unit.made_up import passage

FOUND = passage(0, "Visits are free.\nLoans are not.", "Fines end / will end in May.", "Nobody pays twice.")


@pytest.mark.parametrize(
    ("quote", "parts"),
    [
        ("Loans are not.", slice(0, 1)),
        ("visits are free. loans are NOT.", slice(0, 1)),
        # As a reply shows it, on one line.
        ("Visits are free. / Loans are not.", slice(0, 1)),
        ("Loans are not. / Fines", slice(0, 2)),
        ("Fines end / will end", slice(1, 2)),
        ("in May. Nobody", slice(1, 3)),
        ("Loans are.", None),
    ],
)
def test_a_quote_is_found_as_it_stands_or_as_a_reply_shows_it(quote: str, parts: slice | None) -> None:
    assert _around(FOUND, quote) == parts

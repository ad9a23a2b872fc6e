from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from govbot.frameworks import Framework
from govbot.records import Answer, Check
from govbot.rendering import answer_report, check_report

REPORT = """\
Bridges for all
bridges.pdf

Read: 8 of 9 pages, 1 passage.
Could not be read, and not counted as missing:
? page 8: it is a picture of a page, as scans are, so its words were not read

The Bridge Code
---------------
1 of 3 criteria is evidenced, 1 said to be missing, 1 not found.
Missing: K2 Mending; T Taking fair tolls.

K  Safety      ● K1 evidenced   ✕ K2 said to be missing
T  Fair tolls  – not found

What the signs mean
● evidenced           the draft says what is done or in place
✕ said to be missing  the draft itself says so
– not found           nothing in the draft speaks of it clearly

What the draft says
-------------------

K  Safety
● K1 Inspecting: evidenced
    “Each bridge was inspected in May.”
    page 4, in “2 Safety”

✕ K2 Mending: said to be missing
    “No money is set aside for mending.”
    page 6, in “2 Safety”

T  Fair tolls
– T Taking fair tolls: not found
    The nearest passage falls short:
    “Ferry fares rise in April.”
    paragraph 31

Plan, do, check, act
--------------------
Does the draft say what is intended, what is done, how it is checked, and what
changes as a result?

           Plan  Do     Check  Act
K  Safety  – no  ● yes  – no   – no

What to ask the authors
-----------------------

1. Who pays for mending?
   Why: The draft says it is missing.
   K2 Mending (plan)
"""

ANSWER = """\
You asked: are bridges inspected?
Yes: inspecting is covered, best on page 4.
About: K1 Inspecting

“Each bridge was inspected in May.”
evidence, page 4, in “2 Safety”

Nothing was found that shows: how it is checked (check), what changes as a
result (act).

What to ask the authors

1. Who pays for mending?
   Why: The draft says it is missing.
   K2 Mending (plan)
"""


def test_report_in_a_pipe(make_check: Callable[..., Check], framework: Framework, printed: Callable[..., str]) -> None:
    assert printed(check_report(make_check(), [framework], show_all=False)) == REPORT


def test_answer_in_a_pipe(answer: Answer, framework: Framework, printed: Callable[..., str]) -> None:
    assert printed(answer_report(answer, [framework])) == ANSWER


def test_colour_on_a_terminal_only(
    make_check: Callable[..., Check], framework: Framework, printed: Callable[..., str]
) -> None:
    report = check_report(make_check(), [framework], show_all=False)
    assert "\x1b[32m● K1 evidenced" in printed(report, terminal=True)
    assert "─" in printed(report, terminal=True)
    assert "\x1b" not in printed(report)


def test_groups_are_broken_between_groups(
    make_check: Callable[..., Check], framework: Framework, printed: Callable[..., str]
) -> None:
    lines = printed(check_report(make_check(), [framework], show_all=False), width=44).splitlines()
    start = lines.index("K  Safety      ● K1 evidenced")
    assert lines[start + 1] == "               ✕ K2 said to be missing"


def test_lines_are_no_wider_than_is_easy_to_read(
    make_hostile: Callable[[str], Check], framework: Framework, printed: Callable[..., str]
) -> None:
    out = printed(check_report(make_hostile("word " * 90), [framework], show_all=True), width=200)
    assert max(map(cell_len, out.splitlines())) <= 100


@pytest.mark.parametrize("width", [60, 80, 120])
@given(text=st.text(max_size=120))
def test_any_text_keeps_the_width_and_acts_on_nothing(
    width: int, text: str, make_hostile: Callable[[str], Check], framework: Framework, printed: Callable[..., str]
) -> None:
    out = printed(check_report(make_hostile(text), [framework], show_all=True), width=width)
    assert all(cell_len(line) <= width and line == line.rstrip(" ") for line in out.split("\n"))
    assert all(sign.isprintable() or sign in "\n \u200c\u200d" for sign in out)


@pytest.mark.parametrize("text", ["[bold red]x[/]", "[/]", "[link=https://evil.example]x[/link]", ":smile:", "\\[x]"])
def test_markup_in_a_draft_is_only_text(
    text: str, make_hostile: Callable[[str], Check], framework: Framework, printed: Callable[..., str]
) -> None:
    assert f"“{text}”" in printed(check_report(make_hostile(text), [framework], show_all=False), terminal=True)

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.frameworks import Framework
from govbot.records import Change, Changed, Check, Comparison, Coverage
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.draft import draft_message, several_message, since_line

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]
Extreme = Callable[..., tuple[Check, Framework]]

REPLY = """\
# Bridges for all
Could not be read, and not counted as missing:
- page 8: it is a picture of a page, as scans are, so its words were not read
1 of 3 criteria is evidenced, 1 said to be missing, 1 not found.
The Bridge Code
- K Safety: ● K1 evidenced; ✕ K2 said to be missing
- T Fair tolls: – not found
Main gaps
K2 Mending. The draft itself says so, page 6, in “2 Safety”:
> “No money is set aside for mending.”
T Taking fair tolls. Not found. The nearest passage, paragraph 31, falls short:
> “Ferry fares rise in April.”
Plan, do, check, act
Does the draft say what is intended, what is done, how it is checked, and what changes as a result?
Principle | Plan | Do | Check | Act
K Safety | – no | ● yes | – no | – no
What to ask the authors
1. Who pays for mending?
K2 Mending (plan)
[Evidence by principle] [All questions] [Full report] [Another framework] [Not relevant here…] [Ask]
(Read: 8 of 9 pages, 1 passage. I find and quote passages. Whether what they say is true is for you to judge.)"""


def test_reply_on_a_draft(make_check: Callable[..., Check], framework: Framework, drawn: Drawn) -> None:
    assert drawn(draft_message(make_check(), [framework], document=7, version=1).blocks) == REPLY


def test_what_is_heard_has_no_signs(make_check: Callable[..., Check], framework: Framework) -> None:
    told = draft_message(make_check(), [framework], document=7, version=1).text
    assert "K Safety: K1 evidenced; K2 said to be missing\n" in told
    assert "K Safety: Plan no, Do yes, Check no, Act no\n" in told


def test_buttons_know_the_draft_and_its_framework(make_check: Callable[..., Check], framework: Framework) -> None:
    message = draft_message(make_check(), [framework], document=7, version=1)
    (row,) = (block for block in message.blocks if block["type"] == "actions")
    assert {Ref.unpack(one["value"]) for one in row["elements"]} == {Ref(document=7, framework="bridges")}


def changed(check: Check, *changes: tuple[str, Change]) -> Comparison:
    covered = {item.id: item for item in check.assessments[0].criteria}
    return Comparison(
        question="",
        verdict="",
        old=check.document,
        new=check.document,
        changes=tuple(
            ("bridges", Changed(id=name, change=change, before=covered[name], after=covered[name]))
            for name, change in changes
        ),
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ([], "Since version 2, no criterion has changed."),
        (
            [("K2", "opened"), ("K1", "closed"), ("T", "weaker")],
            "Since version 2: 1 gap closed (K1 Inspecting); 1 gap opened (K2 Mending); 1 weaker (T).",
        ),
    ],
)
def test_what_changed_comes_first(
    changes: list[tuple[str, Change]],
    line: str,
    make_check: Callable[..., Check],
    framework: Framework,
    drawn: Drawn,
) -> None:
    check = make_check()
    message = draft_message(check, [framework], document=7, version=3, comparison=changed(check, *changes))
    assert drawn(message.blocks).splitlines()[1] == line


def test_only_three_gaps_are_named() -> None:
    changes: list[tuple[str, str, Change]] = [(f"K{number}", f"K{number} Name", "closed") for number in range(5)]
    assert since_line(changes) == "5 gaps closed (K0 Name, K1 Name, K2 Name and 2 more)"


def test_draft_without_gaps(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework, drawn: Drawn
) -> None:
    message = draft_message(make_check(make_coverage(), questions=()), [framework], document=7, version=1)
    shown = drawn(message.blocks)
    assert "\nNothing is missing.\n" in shown
    assert "[All questions]" not in shown


def test_gap_that_nothing_came_near(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework, drawn: Drawn
) -> None:
    check = make_check(make_coverage(id="T", principle="T", status="gap", evidence=()))
    shown = drawn(draft_message(check, [framework], document=7, version=1).blocks)
    assert "\nT Taking fair tolls. No passage is near enough to show.\n" in shown


def test_second_framework_is_a_line(make_check: Callable[..., Check], framework: Framework, drawn: Drawn) -> None:
    check = make_check()
    other = framework.model_copy(update={"id": "other", "title": "The Other Code"})
    second = dataclasses.replace(check.assessments[0], framework="other")
    check = dataclasses.replace(check, assessments=(*check.assessments, second))
    shown = drawn(draft_message(check, [framework, other], document=7, version=1).blocks)
    assert (
        "- The Other Code: 1 of 3 criteria is evidenced, 1 said to be missing, 1 not found."
        " Missing: K2 Mending; T Taking fair tolls.\n" in shown
    )


@pytest.mark.parametrize(
    ("name", "shown"), [("b.zip/a/plan.docx", "(From b.zip/a/plan.docx. Read: "), ("b.zip", "(Read: ")]
)
def test_draft_out_of_a_file_that_holds_several_says_which(
    name: str, shown: str, make_check: Callable[..., Check], framework: Framework, drawn: Drawn
) -> None:
    check = make_check()
    check = dataclasses.replace(check, document=dataclasses.replace(check.document, name=name))
    last = drawn(draft_message(check, [framework], document=7, version=1).blocks).splitlines()[-1]
    assert last.startswith(shown)


def test_several_drafts(
    make_check: Callable[..., Check], make_coverage: Callable[..., Coverage], framework: Framework, drawn: Drawn
) -> None:
    good = make_check(make_coverage(), title="A good one")
    message = several_message([good, make_check()], [framework], failed=[("b.pdf", "It is empty.")])
    assert drawn(message.blocks).splitlines() == [
        "2 drafts are checked, the weakest first. Each has a reply of its own in this thread.",
        "Against The Bridge Code.",
        "Draft | Evidenced | Promised | Missing | Main gap",
        "Bridges for all | 1 of 3 | 0 | 2 | K2 Mending",
        "A good one | 1 of 1 | 0 | 0 | –",
        "Could not be checked",
        "- b.pdf: It is empty.",
    ]


def test_markup_in_a_draft_is_shown_and_does_nothing(
    make_hostile: Callable[[str], Check], framework: Framework, refused: Refused
) -> None:
    hostile = "<!channel> @here <@U1> *now* https://evil.example \u202e`x`"
    message = draft_message(make_hostile(hostile), [framework], document=7, version=1)
    assert set(types_of(message.blocks)) <= {
        *("header", "plain_text", "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "text"),
        *("table", "raw_text", "actions", "button", "context"),
    }
    assert not {sign for sign in "<>\u202e" if sign in message.text}
    assert "@here" not in message.text
    assert "https://" not in message.text
    assert refused(message) == ()


def types_of(value: Any) -> list[str]:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        own = [value["type"]] if "type" in value else []
        return own + types_of(list(value.values()))
    return [found for one in value for found in types_of(one)] if isinstance(value, list) else []


def test_a_hundred_drafts_and_more(make_check: Callable[..., Check], framework: Framework, refused: Refused) -> None:
    message = several_message([make_check()] * 120, [framework])
    (table,) = (block for block in message.blocks if block["type"] == "table")
    assert len(table["rows"]) == 100
    assert refused(message) == ()


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=40).map(lambda text: text * 250), count=st.integers(1, 9))
def test_slack_refuses_no_reply(
    text: str, count: int, make_extreme: Extreme, make_check: Callable[..., Check], refused: Refused
) -> None:
    check, framework = make_extreme(text, count, make_check())
    assert refused(draft_message(check, [framework], document=1, version=1)) == ()
    assert refused(several_message([check] * 4, [framework], failed=[(text, text)] * 20)) == ()

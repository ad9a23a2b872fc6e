"""`govbot check` for people: what was read, a line a principle, quotes with places, the cycle, the questions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from govbot.frameworks import load_framework
from govbot.rendering import one_line
from tests.scenario.command import DRAFT, Outcome, folded, govbot
from tests.scenario.conftest import Write
from tests.scenario.drafts import pdf_draft, words_of

TITLE = "Ennerdown Library Strategy 2027 to 2032: consultation draft"
#: A quote in the report, and the line that says where it stands.
QUOTED = re.compile(r"^ {4}“(.+?)”\n {4}((?:page|paragraph) \d+)(?:, in “.+?”)?$", re.M | re.S)
ASKED = re.compile(r"^(\d)\. (.+?)\n   Why: (.+?)\n   ([A-Z]+\d? [A-Z].+?\((?:plan|do|check|act)\))$", re.M | re.S)
WORDS = {"evidenced": "evidenced", "committed": "promised", "mentioned": "mentioned", "gap": "not found"}
WORDS |= {"absent": "said to be missing", "unread": "could not be read"}


def _quotes(out: str) -> list[str]:
    """Return the words that were quoted, without the sign that some were left out."""
    return [folded(quote).removesuffix(" …") for quote, _ in QUOTED.findall(out)]


def test_report_is_plain_text_where_nobody_watches(shown: Outcome) -> None:
    assert shown.code == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown.out)
    assert max(map(len, shown.out.splitlines())) <= 80
    assert not [line for line in shown.out.splitlines() if line != line.rstrip()]


def test_report_starts_with_title_and_what_was_read(shown: Outcome, checked: dict[str, Any]) -> None:
    passages = checked["document"]["passages"]
    assert shown.out.splitlines()[:4] == [TITLE, DRAFT.name, "", f"Read: {passages} passages."]


@pytest.mark.parametrize("number", [0, 1], ids=["cipfa-ifac", "social-value"])
def test_report_has_a_line_a_principle_that_counts_its_criteria(
    shown: Outcome, checked: dict[str, Any], number: int
) -> None:
    assessment = checked["assessments"][number]
    framework = load_framework(assessment["framework"])
    overview = shown.out[shown.out.index(framework.title) :].split("\n\n")[1]
    starts = [overview.index(f"{item.id}  {item.short}") for item in framework.principles]
    lines = [folded(overview[start:end]) for start, end in pairwise([*starts, None])]
    for principle, line in zip(framework.principles, lines, strict=True):
        for item in (item for item in assessment["criteria"] if item["principle"] == principle.id):
            ids = "" if principle.is_leaf else rf"(?:\w\d, )*{item['id']}(?:, \w\d)* "
            assert re.search(rf"[●◐○✕–?] {ids}{WORDS[item['status']]}", line), (item["id"], line)


def test_report_counts_what_it_found(shown: Outcome, checked: dict[str, Any]) -> None:
    for assessment in checked["assessments"]:
        statuses = [item["status"] for item in assessment["criteria"]]
        told = f"{statuses.count('evidenced')} of {len(statuses)} criteria are evidenced"
        out = folded(shown.out)
        for status in set(statuses) - {"evidenced"}:
            assert re.search(rf"{told}[^.]*, {statuses.count(status)} {WORDS[status]}[,.]", out)


def test_every_quote_stands_in_the_draft_and_has_a_place(shown: Outcome) -> None:
    words = words_of(DRAFT)
    quotes = _quotes(shown.out)
    assert len(quotes) > 20
    # Cells of a table are parted by a stroke.
    assert [quote for quote in quotes if quote.replace(" | ", " ") not in words] == []
    assert shown.out.count("\n    “") == len(quotes)


def test_every_criterion_has_a_quote_or_says_that_there_is_none(shown: Outcome, checked: dict[str, Any]) -> None:
    report = shown.out[shown.out.index("What the draft says") : shown.out.index("Plan, do, check, act")]
    for assessment in checked["assessments"]:
        framework = load_framework(assessment["framework"])
        for item in assessment["criteria"]:
            title = framework.criterion(item["id"]).title
            part = re.search(rf"^. {item['id']} (.+?)(?=^[●◐○✕–?] |^[A-G]  |\Z)", report, re.M | re.S)
            assert part is not None
            words = folded(part[1])
            assert words.startswith(f"{title}: {WORDS[item['status']]}")
            assert ("falls short: “" in words) == (item["nearest"] is not None)
            assert ("No passage is near enough to show." in words) == (not item["evidence"] and not item["nearest"])
            found = item["evidence"] or [item["nearest"]] * bool(item["nearest"])
            assert not found or any(one_line(quote["quote"]).startswith(_quotes(part[0])[0]) for quote in found)


def test_grid_shows_the_stages_of_each_linked_principle(shown: Outcome, checked: dict[str, Any]) -> None:
    grid = shown.out[shown.out.index("Plan, do, check, act") : shown.out.index("What to ask the authors")]
    assert re.search(r"^ +Plan +Do +Check +Act$", grid, re.M)
    for name in load_framework("cipfa-ifac").cycle:
        items = [item for item in checked["assessments"][0]["criteria"] if item["principle"] == name]
        shown_stages = {stage for item in items for stage in item["stages"]}
        signs = ["yes" if stage in shown_stages else "no" for stage in ("plan", "do", "check", "act")]
        (line,) = re.findall(rf"^{name}  .+$", grid, re.M)
        assert re.findall(r"\b(yes|no)\b", line) == signs


def test_five_to_seven_questions_each_with_its_reason(shown: Outcome, checked: dict[str, Any]) -> None:
    asked = ASKED.findall(shown.out[shown.out.index("What to ask the authors") :])
    known = {(item["text"], item["why"]) for one in checked["assessments"] for item in one["questions"]}
    assert 5 <= len(asked) <= 7
    assert [number for number, *_ in asked] == [str(number) for number in range(1, len(asked) + 1)]
    assert {(folded(text), folded(why)) for _, text, why, _ in asked} <= {(folded(a), folded(b)) for a, b in known}
    assert shown.out.endswith(f"and {len(known) - len(asked)} more questions\n")


def test_all_shows_every_quote_in_full_and_every_question(checked: dict[str, Any]) -> None:
    out = folded(govbot("check", DRAFT, "--all").out)
    for assessment in checked["assessments"]:
        for item in assessment["criteria"]:
            assert all(f"“{one_line(quote['quote'])}”" in out for quote in item["evidence"])
        assert all(f"{folded(question['text'])} Why: {question['why']}" in out for question in assessment["questions"])
    assert "more question" not in out and "more quote" not in out


def test_page_that_is_a_picture_is_told_and_counts_as_unread(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_OCR", "off")
    done = govbot("check", write("harbour.pdf", pdf_draft(scanned=True)), "--framework", "cipfa-ifac")
    assert "3 of 4 pages" in done.out
    assert re.search(r"^\? page 3: it is a scan", done.out, re.M)
    assert ": could not be read\n" in done.out
    assert not re.search(r"–|: not found|Missing:", done.out[: done.out.index("What to ask")])


def test_pdf_quotes_tell_the_page(write: Write) -> None:
    out = govbot("check", write("harbour.pdf", pdf_draft())).out
    assert re.search(r"risk register holds nineteen risks.+?”\s+page 2, in “Risk”", out, re.S)
    assert re.search(r"checks spending against the budget.+?”\s+page 3, in “Money”", out, re.S)


def test_markdown_says_the_same(shown: Outcome) -> None:
    done = govbot("check", DRAFT, "--format", "md")
    assert done.out.startswith(f"# {TITLE}\n")
    assert "| Principle | | Criteria |\n|---|---|---|\n" in done.out
    plain = folded(re.sub(r"[\\>]", "", done.out))
    assert [quote for quote in _quotes(shown.out) if quote not in plain] == []
    assert len(re.findall(r"^\d\. .+<br>\n +Why: ", done.out, re.M)) == len(ASKED.findall(shown.out))


def test_document_text_stays_off_standard_error(shown: Outcome) -> None:
    words = words_of(DRAFT).split()
    runs = {" ".join(words[start : start + 4]) for start in range(len(words))}
    said = folded(shown.err).split()
    assert [run for start in range(len(said)) if (run := " ".join(said[start : start + 4])) in runs] == []

from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.asking.joining import compare_drafts, describe, join
from govbot.records import Answer, Changed, Document, DraftAnswer
from tests.unit.asking.test_answering import OPENNESS, ask, assessments, coverage, quote


def document(name: str) -> Document:
    return Document(name=name, title=name, media_type="text/plain", sha256="", pages=None, blocks=())


def drafts(**answers: Answer) -> list[DraftAnswer]:
    return [DraftAnswer(document=document(f"{name}.docx"), answer=one) for name, one in answers.items()]


def openness(*evidence: object, status: str = "gap") -> Answer:
    return ask("openness?", OPENNESS, given=assessments(coverage("B1", status, *evidence)))  # type: ignore[arg-type]


GAP = openness()
PROMISED = openness(quote(2, strength="commitment"), status="committed")
EVIDENCED = openness(quote(4), status="evidenced")
UNREAD = openness(status="unread")


def test_the_best_draft_is_named_first_and_those_that_say_nothing_last() -> None:
    told = join("openness?", drafts(a=GAP, b=PROMISED, c=EVIDENCED), about="openness (B1)")
    assert [item.document.name for item in told.drafts] == ["c.docx", "b.docx", "a.docx"]
    assert told.verdict == (
        "On openness (B1), c.docx (evidenced, best on page 4) covers most, then b.docx (promised, best on page 2); "
        "nothing was found in a.docx."
    )


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([GAP, GAP], "On openness (B1), nothing was found in either draft."),
        (
            [GAP, GAP, UNREAD],
            "On openness (B1), nothing was found in any of the 3 drafts; parts of d2.docx could not be read.",
        ),
    ],
)
def test_where_no_draft_says_anything_that_is_said(answers: list[Answer], verdict: str) -> None:
    named = drafts(**{f"d{number}": one for number, one in enumerate(answers)})
    assert join("openness?", named, about="openness (B1)").verdict == verdict


def test_a_draft_that_could_not_be_read_is_not_called_empty() -> None:
    told = join("openness?", drafts(a=EVIDENCED, b=UNREAD), about="openness (B1)")
    assert told.verdict.endswith("covers most; not known of b.docx, parts of which could not be read.")


def test_of_two_alike_the_one_that_shows_more_stages_is_first() -> None:
    fuller = replace(EVIDENCED, missing_stages=("act",))
    told = join("openness?", drafts(a=EVIDENCED, b=fuller), about="openness")
    assert [item.document.name for item in told.drafts] == ["b.docx", "a.docx"]


def test_nothing_of_ours_is_answered_once() -> None:
    other = replace(GAP, kind="other", standing=None, tally=(), verdict="I can tell you …")
    told = join("hello", drafts(a=other, b=other), about="hello")
    assert (told.verdict, told.drafts) == ("I can tell you …", ())


def test_several_criteria_are_counted() -> None:
    assert describe(replace(GAP, tally=(("evidenced", 2), ("gap", 3)))) == "2 of 5 evidenced"
    assert describe(replace(GAP, tally=(), standing="yes")) == "mentioned"


def test_what_changed_is_counted_what_matters_most_first() -> None:
    gap, promised, evidenced = coverage("B1"), coverage("B1", "committed"), coverage("B1", "evidenced")
    changes = [
        ("cipfa-ifac", Changed(id="B1", change="closed", before=gap, after=evidenced)),
        ("cipfa-ifac", Changed(id="F1", change="opened", before=evidenced, after=gap)),
        ("cipfa-ifac", Changed(id="F2", change="weaker", before=evidenced, after=promised)),
    ]
    told = compare_drafts("compare", document("old.docx"), document("new.docx"), changes)  # type: ignore[arg-type]
    assert told.verdict == ("From old.docx to new.docx: 1 gap opened (F1); 1 became weaker (F2); 1 gap closed (B1).")
    same = compare_drafts("compare", document("old.docx"), document("new.docx"), [])
    assert same.verdict == "From old.docx to new.docx, no criterion changed its status."

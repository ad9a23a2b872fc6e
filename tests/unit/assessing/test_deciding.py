from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from govbot.assessing import apply_decisions
from govbot.records import Coverage, Decision, DecisionKind, Evidence, Status
from tests.unit.made_up import framework

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOSE = Evidence(
    quote="We water the beds with the hose.",
    page=1,
    page_is_approximate=False,
    paragraph=None,
    section=(),
    score=0.9,
    strength="evidence",
    stance="positive",
    stage="do",
)
CAN = replace(HOSE, quote="Cans will be bought.", strength="commitment", stage="plan")


def covered(status: Status = "evidenced", *evidence: Evidence) -> Coverage:
    stages = tuple(dict.fromkeys(one.stage for one in evidence))
    return Coverage(id="P1", principle="P", status=status, stages=stages, evidence=evidence)


def decided(
    kind: DecisionKind, quote: str = "", *, after: int = 0, of: str = "gardens", criterion: str = "P1"
) -> Decision:
    return Decision(
        framework=of,
        criterion=criterion,
        kind=kind,
        quote=quote,
        reason="So it is.",
        author="ann",
        made_at=NOON + timedelta(minutes=after),
    )


def apply(item: Coverage, *decisions: Decision, unread: bool = False, **located: Evidence) -> Coverage:
    found = {one.quote: one for one in located.values()}
    (applied,) = apply_decisions([item], decisions, framework(), found, unread=unread)
    return applied


def test_without_a_decision_nothing_changes() -> None:
    item = covered("evidenced", HOSE)
    assert apply(item, decided("not_applicable", of="other"), decided("not_applicable", criterion="Q")) is item


def test_a_criterion_that_does_not_apply_is_set_aside_with_its_quotes() -> None:
    found = apply(covered("evidenced", HOSE), decided("not_applicable"))
    assert (found.status, found.evidence) == ("not_applicable", (HOSE,))


def test_a_quote_that_is_no_evidence_is_struck_and_the_rest_decides() -> None:
    found = apply(covered("evidenced", HOSE, CAN), decided("not_evidence", " we water  the beds with the hose. "))
    assert (found.status, found.evidence, found.stages) == ("committed", (CAN,), ("plan",))


def test_with_the_last_quote_struck_there_is_a_gap_or_nobody_knows() -> None:
    item, struck = covered("evidenced", HOSE), decided("not_evidence", HOSE.quote)
    assert apply(item, struck).status == "gap"
    assert apply(item, struck, unread=True).status == "unread"


def test_a_quote_that_a_person_names_comes_first_and_counts() -> None:
    found = apply(covered("committed", CAN), decided("evidence", HOSE.quote), hose=HOSE)
    assert (found.status, found.evidence, found.stages) == ("evidenced", (HOSE, CAN), ("plan", "do"))


def test_a_quote_that_the_document_has_no_more_counts_for_nothing() -> None:
    item = covered("committed", CAN)
    assert apply(item, decided("evidence", HOSE.quote)) == item


def test_the_last_word_on_a_quote_stands_whatever_the_clock_says() -> None:
    item = covered("evidenced", HOSE)
    last = [decided("not_evidence", HOSE.quote, after=2), decided("evidence", HOSE.quote, after=1)]
    assert apply(item, *last, hose=HOSE).status == "evidenced"


def test_some_words_of_a_quote_strike_it() -> None:
    found = apply(covered("evidenced", HOSE, CAN), decided("not_evidence", "the beds with"))
    assert found.evidence == (CAN,)


def test_of_a_quote_that_is_not_kept_any_more_nothing_is_applied() -> None:
    item = covered("evidenced", HOSE)
    assert apply(item, decided("not_evidence", "")) is item

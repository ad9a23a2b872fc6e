from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from govbot.frameworks import load_framework
from govbot.records import Decision
from govbot.training import decided_examples

GARDENS = load_framework("clear")
KNOWN = GARDENS.criterion_ids[0]
YES = Decision(
    framework="clear",
    criterion=KNOWN,
    kind="evidence",
    quote="Residents chair the panel.",
    reason="they do",
    author="U1",
    made_at=datetime(2026, 11, 29, tzinfo=UTC),
)


def test_a_quote_that_counts_teaches_its_criterion_and_says_nothing_of_others() -> None:
    (example,) = decided_examples(GARDENS, [YES])
    assert (example.text, example.criteria, example.strength) == (YES.quote, (KNOWN,), "evidence")
    assert set(example.also) == set(GARDENS.criterion_ids) - {KNOWN}


def test_a_quote_that_does_not_count_teaches_that_it_is_not_this_one() -> None:
    (example,) = decided_examples(GARDENS, [replace(YES, kind="not_evidence")])
    assert (example.criteria, example.hard, KNOWN in example.also) == ((), True, False)


def test_the_last_word_on_a_quote_counts_and_the_rest_teaches_nothing() -> None:
    decisions = [
        replace(YES, kind="not_evidence"),
        YES,
        replace(YES, kind="not_applicable", quote=""),
        replace(YES, criterion="of another version"),
    ]
    assert [one.criteria for one in decided_examples(GARDENS, decisions)] == [(KNOWN,)]

from __future__ import annotations

from pathlib import Path

import pytest

from govbot.config import Settings
from govbot.pipeline import Workshop
from govbot.reading import read_document
from govbot.records import Block
from tests.unit.made_up import document


@pytest.mark.model
def test_document_that_does_nothing_but_ask_is_evidence_of_nothing() -> None:
    workshop = Workshop(Settings(cache="off"), ["cipfa-ifac", "social-value-principles"])
    asking = document(
        Block(kind="paragraph", text="Do you agree that the Board should publish every decision?", paragraph=1),
        Block(kind="paragraph", text="Who should check the plan every year?", paragraph=2),
    )
    check = workshop.examine(asking).check
    assert [len(found.criteria) for found in check.assessments] == [21, 8]
    assert {(item.status, item.nearest) for found in check.assessments for item in found.criteria} == {("gap", None)}


@pytest.mark.model
def test_a_draft_stands_on_one_rung_whatever_each_framework_quotes() -> None:
    draft = read_document(Path(__file__).parents[1] / "drafts" / "museum-trust-statement.md")
    workshop = Workshop(Settings(cache="off"), ["cipfa-ifac", "clear", "social-value-principles"])
    first, second, neither = (found.engagement for found in workshop.examine(draft).check.assessments)
    assert first is not None
    assert first == second
    assert neither is None

from __future__ import annotations

from dataclasses import replace

import pytest

from govbot.assessing.stating import is_stated, statements
from tests.unit.made_up import passage

SAID = "The risk register was reviewed in March and every risk has an owner."
#: Sentences, and which of them the draft itself says.
CASES = {
    "statement": ([SAID], [True]),
    "question": (["Do you agree that the register should be public?", SAID], [False, True]),
    "question in quotation marks": (["“Who reviews the register?”", SAID], [False, True]),
    "note to the author": (
        ["[Say here how risks are owned and reviewed.", "Delete this note.]", SAID],
        [False, False, True],
    ),
    "reference in brackets": (["[12] The register was reviewed in March."], [True]),
    "quotation": (["The guidance says “risks are owned, scored and reviewed by those who can act on them”."], [False]),
    "straight quotation": (
        ['A founder wrote: "lawful in its acts, open in its counsels and honest in its dealings".'],
        [False],
    ),
    "a few words quoted": (["We call this “open by default” and publish each decision with its reasons."], [True]),
    "titles": (["Corporate Plan 2023–27, Annual Governance Statement and Internal Audit Charter"], [False]),
    "capitals": (["THE REGISTER WAS REVIEWED IN MARCH"], [True]),
    "names in a sentence": (["The Audit Committee reviewed the register with Internal Audit in March."], [True]),
    "pointer": (["See Table 1 below for the partners who take part.", SAID], [False, True]),
    "pointer in brackets": (["(For a list of risk owners, please refer to Annex B.)"], [False]),
    "rule that refers": (["Refer to the monitoring officer any gift worth £50 or above."], [True]),
    "rule that sees to it": (["See that every part-time member of staff is trained."], [True]),
    "rule that refers a breach": (["Refer to the audit committee any breach of Part 4."], [True]),
    "apostrophes": (["The council’s register and the members’ interests are published in the library’s hall."], [True]),
}


@pytest.mark.parametrize(("parts", "expected"), CASES.values(), ids=CASES)
def test_what_the_draft_says_itself(parts: list[str], expected: list[bool]) -> None:
    assert statements(passage(0, *parts)) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([SAID], True),
        ([SAID, "Who owns it?"], True),
        (["Yes.", "Do you agree that the register should be public?"], False),
        (["Corporate Plan", "Annual Governance Statement", "Internal Audit Charter"], False),
        (["Corporate Plan", SAID], True),
        (["July 2019"], False),
        (["Supports growth + + + 0 -"], False),
        (["Risks are reviewed quarterly."], True),
    ],
)
def test_passage_counts_by_what_most_of_it_is(parts: list[str], expected: bool) -> None:  # noqa: FBT001
    assert is_stated(passage(0, *parts)) is expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Glossary", False),
        ("7. GLOSSARY", False),
        ("Annex B: Glossary of terms and abbreviations", False),
        ("Appendix 2 – List of acronyms", False),
        ("A.1 Glossary", False),
        ("B.2.1. Bibliography", False),
        ("Schedule 1 Glossary", False),
        ("Appendix One: References", False),
        ("Abbreviations and definitions", False),
        ("References", False),
        ("Table of contents", False),
        ("Index", False),
        ("Index of risks under review", True),
        ("References to the ombudsman", True),
        ("Risk", True),
    ],
)
def test_what_explains_words_or_names_sources_states_nothing(heading: str, expected: bool) -> None:  # noqa: FBT001
    for section in ((heading,), (heading, "R to S")):
        assert is_stated(replace(passage(0, SAID), section=section)) is expected

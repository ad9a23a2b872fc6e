from __future__ import annotations

import pytest

from govbot.assessing.forms import waits_for_answer
from govbot.assessing.stating import statements
from tests.unit.made_up import passage

SAID = "The risk register was reviewed in March and every risk has an owner."


@pytest.mark.parametrize(
    "text",
    [
        "Name: ______",
        "Signature ........................",
        "Date……………",
        "Telephone . . . . . . . .",
        "______________________",
        f"{SAID[:-1]} and these are the people who were asked about it at the time: ______",
        "☐ Yes ☐ No ☒ Not sure",
        "Click or tap here to enter text.",
        "Tap to add details",
        "Choose an item.",
        "[Insert text here]",
        "Please tick all that apply",
        "Members of the board, please tick one option",
        "Yes/No (delete as appropriate)",
        "Put an X in the column that fits.",
        "Is the register public? (Yes/No)",
        "Yes / No",
        "Is there a register: yes/no/not sure",
        "Fill in the form in block capitals.",
        "For office use only",
        "Please describe how risks are owned.",
        "If so, please give details of the owner.",
        "Please provide any further evidence that you have.",
        "Please state your reasons.",
        "1.2\tSite plan The plan must show the boundaries. Please indicate the scale.\t",
        "1.2\tIs the site open to the public? e.g. footpaths, gates",
        "Name: ______\tDate: ______",
        "\tInsert here or add an annex.",
    ],
)
def test_line_of_a_form_waits_for_an_answer(text: str) -> None:
    assert waits_for_answer(text)
    assert statements(passage(0, text, SAID)) == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        f"______________ {SAID}",
        "Staff tick the box when a visit is done.",
        "☐ Publish the register every year.",
        f"☒ {SAID} ☐ {SAID} {SAID}",
        "We analysed the responses to the yes/no questions.",
        "Please send us your views by 5 May.",
        "Please provide feedback at any of our seven libraries.",
        "Officers are asked to please describe each risk in one sentence.",
        "We ask members to choose an item of business for each meeting.",
        "The form is for the use of the office only.",
        "1\tHow will we know it works? We will survey residents every year and publish the results in June.",
        "2\tWhat about risk? The audit committee reviews the risk register each quarter.",
        "Our online forms let people tick all that apply so that we know their needs.",
        "All officers must answer each control question (Yes/No) in the annual assurance statement, and internal audit "
        "tests a sample of the answers of each service and reports on them.",
        "We put an X on each street that was cleaned.",
        "☑ We published the annual report ☑ We held four public meetings ☑ We answered all questions",
        "The Chief Executive, _____, will be accountable for delivery of this strategy.",
        "Click to enter the consultation portal, where each decision and its reasons are published.",
        "3\tIs the register public? Yes: it is on our website.\tClerk",
        "1.2\tWhy it matters\tWhat is a risk? A risk is owned by one person.",
        f"2\tWhat we did? {SAID * 8}",
        "Review the register every March\t\t",
        "",
        "\t\t",
    ],
)
def test_what_a_body_says_does_not(text: str) -> None:
    assert not waits_for_answer(text)

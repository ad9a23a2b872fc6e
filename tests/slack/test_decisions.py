"""Decisions of people, and versions of a draft that they carry over to."""

from __future__ import annotations

import pytest

from govbot.rendering.slack import actions as act
from tests.slack.bot import PATIENCE, buttons, texts
from tests.slack.conftest import Town

INTERESTS = (
    "Every member has entered their interests in the public register, which the monitoring officer checks each May."
)
LEASE = "The lease of the cider press runs until 2031, and its roof was mended after the storm in February."
FIRST = f"""# Orchard Strategy

## Conduct

{INTERESTS} Gifts of more than 25 pounds were declared by four members last year, and the list is on the website.

## Buildings

{LEASE} The barn holds forty crates. In a good autumn some nine hundred visitors come to pick fruit at weekends.
"""
SECOND = f"""{FIRST}
## Risk

A risk register has been kept since 2024. Each of its twelve risks has an owner, and the audit committee reviews it
every quarter.
"""


@pytest.fixture(scope="module")
def draft(place: Town) -> tuple[str, str]:
    """A channel, and the time of the reply to a draft in it."""
    channel = place.channel(place.ada, place.ben)
    dropped = place.slack.upload(place.ada, channel, "orchard.md", FIRST.encode())
    return channel, place.replied(channel, dropped.ts).ts


def seen(place: Town, user: str, words: str) -> str:
    """Return the text of the modal that somebody sees, once it has these words."""
    return place.slack.wait_for(lambda: text if words in (text := texts(place.slack.view(user))) else "", PATIENCE)


def replies(place: Town, channel: str, reply: str, words: str) -> str:
    """Return the text of a reply, once it has these words."""
    return place.slack.wait_for(
        lambda: text if words in (text := texts(place.slack.message(channel, reply))) else "", PATIENCE
    )


def test_a_quote_that_is_no_evidence_counts_no_more_until_that_is_taken_back(
    place: Town, draft: tuple[str, str]
) -> None:
    channel, reply = draft
    place.slack.press(place.ada, channel, reply, act.EVIDENCE)
    assert "entered their interests" in seen(place, place.ada, "entered their interests")
    before = texts(place.slack.message(channel, reply))
    place.slack.press_in_view(place.ada, act.NOT_EVIDENCE)
    seen(place, place.ada, "Why")
    place.slack.submit(place.ada, {act.REASON: "That is the council's register, not ours."})
    seen(place, place.ada, "Noted")
    place.slack.wait_for(lambda: texts(place.slack.message(channel, reply)) != before, PATIENCE)
    place.slack.close_view(place.ada, is_all=True)
    # A colleague sees who decided, and why, and takes it back.
    place.slack.press(place.ben, channel, reply, act.EVIDENCE)
    assert "not ours" in seen(place, place.ben, "not ours")
    place.slack.press_in_view(place.ben, act.TAKE_BACK)
    place.slack.wait_for(lambda: "not ours" not in texts(place.slack.view(place.ben)), PATIENCE)
    place.slack.wait_for(lambda: texts(place.slack.message(channel, reply)) == before, PATIENCE)
    place.slack.close_view(place.ben, is_all=True)


def test_a_passage_is_given_for_what_was_not_found(place: Town, draft: tuple[str, str]) -> None:
    channel, reply = draft
    place.slack.press(place.ada, channel, reply, act.EVIDENCE)
    seen(place, place.ada, "Integrity")
    place.slack.press_in_view(place.ada, act.COVERED)
    seen(place, place.ada, "Why")
    wrong = {act.PASSAGE: "Nobody wrote this sentence into any draft.", act.REASON: "It stands there."}
    place.slack.submit(place.ada, wrong)
    # What does not stand in the draft is asked for again, with what was typed.
    assert "It stands there." in str(place.slack.wait_for(lambda: _again(place), PATIENCE))
    place.slack.submit(place.ada, {act.PASSAGE: LEASE, act.REASON: "It stands there."})
    seen(place, place.ada, "Noted")
    place.slack.close_view(place.ada, is_all=True)
    place.slack.press(place.ada, channel, reply, act.EVIDENCE)
    assert "cider press" in seen(place, place.ada, "cider press")
    place.slack.close_view(place.ada, is_all=True)


def _again(place: Town) -> object:
    view = place.slack.view(place.ada)
    return view if "Loading" not in texts(view) and "Nobody wrote" in str(view) else None


def test_a_new_version_says_first_what_closed_and_keeps_decisions(place: Town, draft: tuple[str, str]) -> None:
    channel, _ = draft
    dropped = place.slack.upload(place.ben, channel, "orchard.md", SECOND.encode())
    reply = place.replied(channel, dropped.ts)
    shown = texts(reply)
    assert "closed" in shown
    assert shown.index("closed") < shown.index("Main gaps") if "Main gaps" in shown else "F1" in shown
    place.slack.press(place.ben, channel, reply.ts, act.EVIDENCE)
    assert "cider press" in seen(place, place.ben, "cider press")
    place.slack.close_view(place.ben, is_all=True)


def test_all_questions_and_why_a_quote_are_shown(place: Town, draft: tuple[str, str]) -> None:
    channel, reply = draft
    place.slack.press(place.ada, channel, reply, act.QUESTIONS)
    assert "?" in seen(place, place.ada, "?")
    place.slack.close_view(place.ada, is_all=True)
    place.slack.press(place.ada, channel, reply, act.EVIDENCE)
    seen(place, place.ada, "Integrity")
    assert act.WHY_QUOTE in buttons(place.slack.view(place.ada))
    place.slack.press_in_view(place.ada, act.WHY_QUOTE)
    seen(place, place.ada, "I take this passage")
    place.slack.close_view(place.ada, is_all=True)

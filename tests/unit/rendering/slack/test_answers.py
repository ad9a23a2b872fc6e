from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.frameworks import Framework
from govbot.records import Answer, Changed, Check, Comparison, DraftAnswer, JointAnswer
from govbot.rendering.slack.actions import EVIDENCE, MORE, WHY, Ref
from govbot.rendering.slack.answers import answer_message

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]

REPLY = """\
Yes: inspecting is covered, best on page 4.
> “Each bridge was inspected in May.”
evidence, page 4, in “2 Safety”
Nothing was found that shows: how it is checked (check), what changes as a result (act).
Ask the authors
1. Who pays for mending?
K2 Mending (plan)
[Show more] [Why?] [Evidence]
(From Bridges for all, version 2)"""


def said_yes(answer: Answer) -> Answer:
    return dataclasses.replace(answer, standing="yes", tally=(("evidenced", 1),))


def test_answer_of_one_draft(answer: Answer, framework: Framework, drawn: Drawn) -> None:
    message = answer_message(said_yes(answer), [framework], document=7, name="Bridges for all, version 2")
    assert drawn(message.blocks) == REPLY
    assert message.text.startswith("Yes: inspecting is covered")


def test_buttons_lead_to_what_was_asked_about(answer: Answer, framework: Framework) -> None:
    message = answer_message(said_yes(answer), [framework], document=7)
    pressed = {one["action_id"]: Ref.unpack(one["value"]) for one in message.blocks[-1]["elements"]}
    asked = Ref(document=7, framework="bridges", principle="K")
    assert pressed == {MORE: asked, WHY: asked, EVIDENCE: asked}


def test_what_is_said_of_no_draft_has_nothing_to_press(answer: Answer, framework: Framework, drawn: Drawn) -> None:
    told = dataclasses.replace(
        answer, kind="other", verdict="Ask me.", evidence=(), questions=(), missing_stages=(), targets=()
    )
    assert drawn(answer_message(told, [framework], document=7, name="Bridges").blocks) == "Ask me."


def test_topic_that_is_not_there(answer: Answer, framework: Framework, drawn: Drawn) -> None:
    told = dataclasses.replace(
        answer,
        kind="topic",
        standing="no",
        verdict="The draft does not mention parking.",
        **dict.fromkeys(("evidence", "questions", "missing_stages", "targets"), ()),
    )
    shown = drawn(answer_message(told, [framework], document=7, name="Bridges").blocks)
    assert shown == "The draft does not mention parking.\n(From Bridges)"


def test_answer_of_several_drafts(
    answer: Answer, make_check: Callable[..., Check], framework: Framework, drawn: Drawn
) -> None:
    drafts = tuple(
        DraftAnswer(document=make_check(name=f"{number}.pdf").document, answer=said_yes(answer)) for number in range(12)
    )
    reply = JointAnswer(question="x", verdict="On bridges, 0.pdf covers most.", drafts=drafts)
    lines = drawn(answer_message(reply, [framework]).blocks).splitlines()
    assert lines[:4] == [
        "On bridges, 0.pdf covers most.",
        "0.pdf: evidenced",
        "> “Each bridge was inspected in May.”",
        "evidence, page 4, in “2 Safety”",
    ]
    assert lines[-1] == "and 2 more"


def test_comparison(make_check: Callable[..., Check], framework: Framework, drawn: Drawn) -> None:
    check = make_check()
    first, second, _ = check.assessments[0].criteria
    changed = Changed(id="K1", change="closed", before=second, after=first)
    reply = Comparison(
        question="", verdict="1 gap closed.", old=check.document, new=check.document, changes=(("bridges", changed),)
    )
    assert drawn(answer_message(reply, [framework]).blocks) == (
        "1 gap closed.\n- K1 Inspecting: said to be missing → evidenced (gap closed)"
    )


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=40).map(lambda text: text * 250), number=st.integers(1, 12))
def test_slack_refuses_no_answer(
    text: str, number: int, answer: Answer, make_check: Callable[..., Check], framework: Framework, refused: Refused
) -> None:
    question = dataclasses.replace(answer.questions[0], text=text, why=text)
    quote = dataclasses.replace(answer.evidence[0], quote=text, section=(text,))
    told = dataclasses.replace(
        said_yes(answer), verdict=text, evidence=(quote,) * number, questions=(question,) * number, others=(text, text)
    )
    draft = DraftAnswer(document=make_check(name=text).document, answer=told)
    joint = JointAnswer(question=text, verdict=text, drafts=(draft,) * number, wish="more")
    assert refused(answer_message(told, [framework], document=1, name=text)) == ()
    assert refused(answer_message(joint, [framework])) == ()

"""`govbot ask`: a criterion, a principle, a framework, a topic, nothing of ours; one question or a file of them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.scenario.command import DRAFT, folded, govbot
from tests.scenario.conftest import Write
from tests.scenario.contract import ANSWER, STAGES, assert_contract
from tests.scenario.drafts import pdf_draft, words_of

B = {"B1", "B2", "B3"}
#: Question, kind, targets (None: any), and what the verdict says.
ASKED: list[tuple[str, str, list[str] | None, str]] = [
    ("have we covered openness?", "criterion", ["B1"], r"openness \(B1\)"),
    ("F4", "criterion", ["F4"], r"F4"),
    ("how does the draft do on principle B?", "criterion", ["B"], r"of 3 criteria"),
    ("what about the principles of social value?", "criterion", None, r"of 8 principles"),
    ("does it say anything about the mobile library?", "topic", [], r"Yes: the draft mentions .*mobile library"),
    ("does it say anything about nuclear submarines?", "topic", [], r"does not mention nuclear submarines"),
    ("hello, how are you?", "other", [], r"I can tell you what a draft says"),
    (
        "do residents have the means, the belonging, the groups, the invitation and the response? verdict on the lot",
        "criterion",
        ["CD", "LT", "ET", "AT", "RT"],
        r"CLEAR",
    ),
    (
        "does this stand up against Stoker's lessons",
        "criterion",
        ["BV1", "BV2", "BV3", "BV4"],
        r"From Best Value to Public Value",
    ),
]
IDS = ["criterion", "id", "principle", "framework", "topic present", "topic absent", "unrelated"]
IDS += ["framework not read", "small framework"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The answers to ASKED, asked as a file of questions whose ids are no sequence."""
    path = tmp_path_factory.mktemp("asked") / "questions.jsonl"
    lines = [json.dumps({"id": f"q{9 - place}", "q": item[0]}) for place, item in enumerate(ASKED)]
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    return govbot("ask", DRAFT, "--questions", path, "--format", "json").lines


@pytest.mark.parametrize("place", range(len(ASKED)), ids=IDS)
def test_question_is_read_and_answered(answers: list[dict[str, Any]], place: int) -> None:
    question, kind, targets, verdict = ASKED[place]
    found = answers[place]
    assert (found["question"], found["kind"]) == (question, kind)
    assert targets is None or found["targets"] == targets
    assert re.search(verdict, found["verdict"]), found["verdict"]
    assert (found["topic"] is not None) == (kind == "topic")


def test_batch_keeps_ids_and_order(answers: list[dict[str, Any]]) -> None:
    assert [found["id"] for found in answers] == [f"q{9 - place}" for place in range(len(ASKED))]


def test_every_key_is_there_and_none_else(answers: list[dict[str, Any]]) -> None:
    for found in answers:
        assert list(found)[0] == "id"
        assert_contract({key: value for key, value in found.items() if key != "id"}, ANSWER)


def test_one_question_gives_what_the_batch_gives(answers: list[dict[str, Any]]) -> None:
    found = govbot("ask", DRAFT, ASKED[0][0], "--format", "json").data
    assert {"id": "q9", **found} == answers[0]


def test_every_quote_is_verbatim_and_bears_on_the_question(
    answers: list[dict[str, Any]], checked: dict[str, Any]
) -> None:
    words = words_of(DRAFT)
    known = {item["id"]: item for one in checked["assessments"] for item in one["criteria"]}
    for found in answers:
        assert all(folded(quote["quote"]) in words for quote in found["evidence"])
    own = [quote["quote"] for quote in known["B1"]["evidence"]]
    assert [quote["quote"] for quote in answers[0]["evidence"]][0] in own
    assert "mobile library" in answers[4]["evidence"][0]["quote"].lower()
    assert answers[5]["evidence"] == answers[6]["evidence"] == []


def test_answer_agrees_with_the_check(answers: list[dict[str, Any]], checked: dict[str, Any]) -> None:
    assessment = checked["assessments"][0]
    items = {item["id"]: item for item in assessment["criteria"]}
    yes = {"evidenced": "Yes", "committed": "Partly", "mentioned": "Hardly", "absent": "No", "gap": "No"}
    for answer, name in ((answers[0], "B1"), (answers[1], "F4")):
        assert answer["verdict"].startswith(yes[items[name]["status"]])
        assert answer["missing_stages"] == [stage for stage in STAGES if stage not in items[name]["stages"]]
        assert {question["criterion"] for question in answer["questions"]} <= {name}
        assert all(question in assessment["questions"] for question in answer["questions"])
    assert {question["criterion"] for question in answers[2]["questions"]} <= B


def test_principle_counts_its_criteria(answers: list[dict[str, Any]], checked: dict[str, Any]) -> None:
    items = [item for item in checked["assessments"][0]["criteria"] if item["principle"] == "B"]
    for status, word in (("evidenced", "evidenced"), ("committed", "only promised"), ("gap", "not found")):
        ids = [item["id"] for item in items if item["status"] == status]
        told = f"{len(ids)} {word} ({', '.join(ids)})"
        assert (told in answers[2]["verdict"]) == bool(ids)


def test_text_tells_verdict_quotes_and_questions(answers: list[dict[str, Any]]) -> None:
    done = govbot("ask", DRAFT, ASKED[0][0])
    out = folded(done.out)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert out.startswith(f"You asked: {ASKED[0][0]} {answers[0]['verdict']} About: B1 Openness")
    for quote in answers[0]["evidence"]:
        assert folded(quote["quote"])[:60] in out and f"paragraph {quote['paragraph']}" in out
    assert f"Why: {folded(answers[0]['questions'][0]['why'])}" in out


def test_markdown_tells_the_same(answers: list[dict[str, Any]]) -> None:
    out = govbot("ask", DRAFT, ASKED[0][0], "--format", "md").out
    assert f"**{answers[0]['verdict']}**" in out.replace("\\", "")
    assert re.search(r"^> “", out, re.M)


def test_pdf_is_answered_with_pages(write: Write) -> None:
    found = govbot(
        "ask", write("h.pdf", pdf_draft()), "how do we handle risk?", "-f", "cipfa-ifac", "--format", "json"
    ).data
    assert found["targets"] == ["F1"]
    assert found["evidence"][0]["page"] == 2
    assert "on page 2" in found["verdict"]


def test_standard_input_can_be_asked() -> None:
    text = "The Board publishes the reasons for every decision that it takes.\n"
    found = govbot("ask", "-", "openness", "--format", "json", "-f", "cipfa-ifac", stdin=text).data
    assert (found["targets"], found["evidence"][0]["quote"]) == (["B1"], text.strip())


@pytest.mark.parametrize("question", ["openness", "what about social value?"])
def test_only_the_framework_in_use_is_asked_about(write: Write, question: str) -> None:
    path = write("d.txt", "Ten people were asked what changed for them, and three said nothing had.\n")
    found = govbot("ask", path, question, "-f", "social-value-principles", "--format", "json").data
    assert set(found["targets"]) <= {f"SV{number}" for number in range(1, 9)}


def test_batch_as_text_answers_in_order(write: Write) -> None:
    asked = write("q.jsonl", '{"id": 1, "q": "openness"}\n{"id": 2, "q": "risk"}\n')
    out = folded(govbot("ask", DRAFT, "--questions", asked).out)
    assert out.index("You asked: openness") < out.index("You asked: risk")


def test_batch_as_markdown_is_markdown(write: Write) -> None:
    asked = write("q.jsonl", '{"id": "a", "q": "openness"}\n')
    assert not govbot("ask", DRAFT, "--questions", asked, "--format", "md").out.startswith("{")


def test_every_bad_line_of_a_batch_is_told(write: Write) -> None:
    asked = write("q.jsonl", '{"id": "a", "q": "fine"}\n{"id": "b"}\nnot JSON\n{"q": "no id"}\n')
    done = govbot("ask", DRAFT, "--questions", asked)
    assert (done.code, done.out) == (1, "")
    assert re.findall(r"q\.jsonl, line (\d): (\w+)", done.err) == [("2", "q"), ("3", "this"), ("4", "id")]

"""`govbot chat` and `govbot ask` of several drafts: questions that follow one another, drafts beside each other."""

from __future__ import annotations

import json
import re

import pytest

from tests.scenario.command import DRAFT, folded, govbot
from tests.scenario.conftest import Write

#: Says what B1 and F1 need, and nothing of F4.
FULL = (
    "Meetings are held in public and streamed, and every decision is published together with its reasons.\n\n"
    "The risk register names an owner for each risk, and the board reviewed it in March, June and September.\n"
)
#: Only promises what B1 needs.
THIN = "We will publish every decision of the board together with its reasons and the advice it rests on.\n"


@pytest.fixture(scope="module")
def said() -> list[str]:
    """The replies to a conversation about the bundled draft, a reply a question."""
    typed = ["have we covered openness?", "why?", "more", "whats missing under F", "what should I ask?", "and B3?"]
    out = govbot("chat", DRAFT, stdin="\n".join([*typed, "bye", "never read"])).out
    return [folded(reply) for reply in re.split(r"(?=^You asked: )", out, flags=re.MULTILINE)]


def test_it_says_what_it_is_about_and_ends_when_told(said: list[str]) -> None:
    assert said[0].startswith(f"Ask about {DRAFT.name}")
    assert len(said) == 7


def test_what_was_asked_last_is_meant(said: list[str]) -> None:
    assert "openness (B1)" in said[1]
    assert re.match(r"You asked: why\? B1 is only promised because .* What counts, for example: ", said[2])
    assert "That is all the draft says on openness (B1)." in said[3]
    assert "On Risk, performance and control (F)," in said[4]
    assert "On Risk, performance and control (F), ask the authors these" in said[5]
    assert "(B3)" in said[6]


def test_a_sentence_is_named_again_in_its_own_words() -> None:
    out = folded(govbot("chat", DRAFT, stdin="how do we handle risk then?\nwhat is missing?\nmore\n:q\nopenness\n").out)
    assert out.count("You asked:") == 3
    assert "“more”" not in out and "“what is missing”" not in out


def test_a_line_that_cannot_be_read_does_not_end_it() -> None:
    out = govbot("chat", DRAFT, stdin=b"opt\xe9n\nopenness\n").out
    assert "openness (B1)" in folded(out)


def test_what_is_missing_after_a_topic_is_of_the_framework_and_more_is_of_the_topic() -> None:
    out = govbot("chat", DRAFT, stdin="the mobile library\nmore\nwhat is missing?\n").out
    replies = [folded(reply) for reply in re.split(r"(?=^You asked: )", out, flags=re.MULTILINE)]
    assert "mobile library" in replies[2].replace("You asked: more", "")
    assert re.search(r"of 21 criteria are missing", replies[3])


def test_before_anything_was_asked_there_is_nothing_more_to_show() -> None:
    assert "Ask something first" in govbot("chat", DRAFT, stdin="more\n").out


def test_a_conversation_cannot_be_about_standard_input() -> None:
    done = govbot("chat", "-", stdin="openness")
    assert (done.code, done.out) == (2, "")
    assert "the draft must be a file" in folded(done.err)


def test_of_several_drafts_the_one_that_covers_it_best_is_named(write: Write) -> None:
    thin, full = write("thin.txt", THIN), write("full.txt", FULL)
    found = govbot("ask", thin, full, "have we covered openness?", "-f", "cipfa-ifac", "--format", "json").data
    assert (found["kind"], found["targets"]) == ("criterion", ["B1"])
    assert [item["document"]["name"] for item in found["drafts"]] == ["full.txt", "thin.txt"]
    assert found["verdict"].startswith("On openness (B1), full.txt (evidenced, best in paragraph 1) covers most")
    told = folded(govbot("ask", thin, full, "have we covered openness?", "-f", "cipfa-ifac").out)
    assert folded(found["verdict"]) in told
    assert "full.txt: evidenced “Meetings are held in public" in told


def test_of_several_drafts_what_to_ask_is_told_draft_by_draft(write: Write) -> None:
    thin, full = write("thin.txt", THIN), write("full.txt", FULL)
    for output in ("text", "md"):
        told = folded(
            govbot("ask", thin, full, "what should I ask on openness", "-f", "cipfa-ifac", "--format", output).out
        )
        assert "On openness (B1), draft by draft:" in told.replace("\\", "")
        assert told.count("ask the authors these") == 2
        assert told.count("Why: ") >= 4


def test_of_several_drafts_a_topic_is_kept_in_mind(write: Write) -> None:
    first, second = write("a.txt", "The ferry sails to Farra each day.\n"), write("b.txt", "We lend books to all.\n")
    out = folded(govbot("chat", first, second, "-f", "cipfa-ifac", stdin="does it mention the ferry?\nwhy?\n").out)
    assert "a.txt (mentioned, best in paragraph 1) covers most; nothing was found in b.txt" in out
    assert "These passages have the words “ferry”" in out


def test_a_file_that_cannot_be_read_does_not_stop_the_others(write: Write) -> None:
    full, bad = write("full.txt", FULL), write("bad.pdf", b"no PDF")
    done = govbot("ask", bad, full, "openness", "-f", "cipfa-ifac", "--format", "json")
    assert (done.code, done.data["targets"]) == (1, ["B1"])
    assert "bad.pdf" in done.err


def test_a_question_may_be_long(write: Write) -> None:
    question = "have we covered openness and " * 40
    assert govbot("ask", write("full.txt", FULL), question, "-f", "cipfa-ifac").code == 0


def test_what_changed_between_two_drafts_is_told_with_both_quotes(write: Write) -> None:
    thin, full = write("old.txt", THIN), write("new.txt", FULL)
    found = govbot("ask", thin, full, "compare", "-f", "cipfa-ifac", "--format", "json").data
    changes = {item["criterion"]: (item["change"], item["before"]["status"]) for item in found["changes"]}
    assert changes["B1"] == ("stronger", "committed")
    assert changes["F1"] == ("closed", "gap")
    told = folded(govbot("ask", thin, full, "compare", "-f", "cipfa-ifac", "--format", "md").out).replace("\\", "")
    assert "**B1 Openness: promised → evidenced**, became stronger" in told
    assert "Older draft: > “We will publish every decision" in told


def test_one_draft_cannot_be_compared() -> None:
    assert "give two drafts" in govbot("ask", DRAFT, "compare with last week's version").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((DRAFT,), "Ask a question after the files"),
        ((DRAFT, DRAFT), "Ask a question after the files"),
        (("no question of a draft",), "Name the draft before the question"),
        ((DRAFT, "openness?", "--questions", DRAFT), "not both"),
    ],
)
def test_what_is_not_given_is_told(arguments: tuple[object, ...], told: str) -> None:
    done = govbot("ask", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in folded(done.err)


def test_a_framework_that_a_later_question_names_is_read_then() -> None:
    out = folded(govbot("chat", DRAFT, stdin="openness\nhow does this do on the OECD skills?\nwhy\n").out)
    assert "OS1" in out
    assert "the criteria are counted one by one: OS1-1" in out


def test_a_framework_that_is_asked_for_without_its_name_is_read_then() -> None:
    asked = "have residents the means, the belonging, the groups, the invitation and the response? verdict on the lot"
    out = folded(govbot("chat", DRAFT, stdin=f"{asked}\nmore\nwhy\n").out)
    assert "read as CLEAR" in out
    assert "the criteria are counted one by one: CD" in out


# A finished check under another framework


def test_a_finished_check_is_read_under_another_framework(write: Write) -> None:
    draft = write(
        "d.txt",
        "We invited everyone who lives on the estate by letter, by text and at the school gate to have their say.\n\n"
        "After the consultation we wrote to every person who replied to say what changed because of it and why.\n",
    )
    checked = write("c.json", govbot("check", draft, "-f", "cipfa-ifac", "--format", "json").out)
    out = folded(govbot("frameworks", "crosswalk", "cipfa-ifac", "clear", "--assessment", checked).out)
    assert out.startswith("d.txt read under CLEAR: five factors of participation: its quotes cover")
    assert re.search(r"RT Responded to: evidenced, by what counts as B3 “After the consultation", out)
    assert "LT Like to: open; none of the first framework's criteria bears on it" in out


def test_a_check_under_another_framework_cannot_be_read(write: Write) -> None:
    checked = write("c.json", govbot("check", write("d.txt", FULL), "-f", "clear", "--format", "json").out)
    done = govbot("frameworks", "crosswalk", "cipfa-ifac", "clear", "--assessment", checked)
    assert (done.code, done.out) == (1, "")
    assert "d.txt was not checked under cipfa-ifac" in done.err


def test_what_is_no_finished_check_is_told_with_its_line(write: Write) -> None:
    bad = write("c.json", json.dumps({"schema": "govbot.check/1"}) + "\n")
    done = govbot("frameworks", "crosswalk", "cipfa-ifac", "clear", "--assessment", bad)
    assert (done.code, done.out) == (1, "")
    assert "c.json, line 1: document" in done.err

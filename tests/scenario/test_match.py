"""`govbot match`: every criterion of each passage, best first."""

from __future__ import annotations

import json
import re

import pytest
from torch.cpu import get_capabilities

from govbot.frameworks import load_framework
from tests.scenario.command import govbot
from tests.scenario.conftest import Write
from tests.scenario.contract import MATCH, assert_contract

PASSAGES = [
    {"id": "risk", "text": "The risk register holds nineteen risks, each with an owner and a score."},
    {"id": "menu", "text": "Soup is served from noon. The café has a view of the bandstand."},
    {"id": "audit", "text": "No internal audit of the fund has taken place, and none is planned."},
]
LINES = "".join(json.dumps(passage) + "\n" for passage in PASSAGES)


@pytest.mark.parametrize("framework", ["cipfa-ifac", "social-value-principles"])
def test_every_criterion_best_first(framework: str) -> None:
    lines = govbot("match", "-", "--framework", framework, "--json", stdin=LINES).lines
    assert [line["id"] for line in lines] == ["risk", "menu", "audit"]
    for line in lines:
        assert_contract(line, MATCH)
        scores = [item["score"] for item in line["matches"]]
        assert scores == sorted(scores, reverse=True)
        assert sorted(item["criterion"] for item in line["matches"]) == sorted(load_framework(framework).criterion_ids)


def test_passages_are_matched_for_what_they_say() -> None:
    risk, menu, audit = govbot("match", "--json", stdin=LINES).lines
    assert (risk["matches"][0]["criterion"], risk["matches"][0]["accepted"]) == ("F1", True)
    assert (risk["strength"], risk["stance"]) == ("evidence", "positive")
    assert not any(item["accepted"] for item in menu["matches"])
    assert (audit["matches"][0]["criterion"], audit["stance"]) == ("F3", "absent")


def test_file_and_standard_input_give_the_same(write: Write) -> None:
    path = write("passages.jsonl", LINES)
    assert govbot("match", path, "--json").out == govbot("match", "-", "--json", stdin=LINES).out


def test_text_names_the_accepted_criteria() -> None:
    out = govbot("match", stdin=LINES).out
    assert re.match(r"risk: F1(, \w\d)*\nmenu: ", out)


def test_text_says_where_nothing_is_accepted() -> None:
    assert "\nmenu: nothing\n" in govbot("match", stdin=LINES).out


@pytest.mark.parametrize("stdin", ["", "\n \n"])
def test_no_passages_give_no_lines(stdin: str) -> None:
    done = govbot("match", "--json", stdin=stdin)
    assert (done.code, done.out) == (0, "")


def test_extra_keys_and_numbers_as_ids_are_taken() -> None:
    (line,) = govbot("match", "--json", stdin='{"id": 7, "text": "Risks have owners.", "page": 3}').lines
    assert line["id"] == "7"


@pytest.mark.parametrize("text", ["", "   ", "risk " * 4000, "\\u0000\\ud83d\\ude00", "<b>[red]risk[/red]</b>"])
def test_odd_texts_are_matched(text: str) -> None:
    done = govbot("match", "--json", stdin=f'{{"id": "x", "text": "{text}"}}')
    assert done.code == 0
    assert_contract(done.data, MATCH)


def test_every_bad_line_is_told_without_its_text(write: Write) -> None:
    bad = [
        '{"id": "a", "text": "fine"}',
        "SECRET",
        "[1]",
        '{"id": "b"}',
        '{"text": "SECRET"}',
        '{"id": "c", "text": ["SECRET"]}',
        '{"id": null, "text": "SECRET"}',
    ]
    done = govbot("match", write("passages.jsonl", "\n".join(bad)), "--json")
    assert (done.code, done.out) == (1, "")
    assert re.findall(r"passages\.jsonl, line (\d)", done.err) == ["2", "3", "4", "5", "6", "7"]
    assert "SECRET" not in done.err


def test_bad_line_is_told_in_words_for_people() -> None:
    assert "GivenPassage" not in govbot("match", stdin="[1]").err


def test_byte_order_mark_is_no_fault() -> None:
    assert govbot("match", "--json", stdin=b"\xef\xbb\xbf" + LINES.encode()).code == 0


def test_a_passage_scores_the_same_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", "off")
    lines = [*LINES.splitlines(), json.dumps({"id": "long", "text": "The audit committee met. " * 60})]
    together = govbot("match", "--json", stdin="\n".join(lines)).out.splitlines()
    alone = [govbot("match", "--json", stdin=line).out.strip() for line in lines]
    if not get_capabilities().get("amx_bf16", False):
        assert alone == together
    # A processor that multiplies matrices in tiles adds up few rows in another order: the last places differ.
    for one, other in zip(map(json.loads, alone), map(json.loads, together), strict=True):
        scores = [{match["criterion"]: match["score"] for match in told["matches"]} for told in (one, other)]
        assert scores[0] == pytest.approx(scores[1], abs=0.002)
        accepted = [{match["criterion"] for match in told["matches"] if match["accepted"]} for told in (one, other)]
        assert accepted[0] == accepted[1]
        rest = [{key: value for key, value in told.items() if key != "matches"} for told in (one, other)]
        assert rest[0] == rest[1]

"""Blocks drawn as text, and checks whose every text is as long and hostile as can be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from govbot.frameworks import Framework
from govbot.records import STATUSES, Check, Coverage, Evidence, Nearest, Question
from govbot.rendering.slack.blocks import Message
from govbot.rendering.slack.limits import faults_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _runs(element: dict[str, Any]) -> str:
    return "".join(one["text"] for one in element["elements"])


def _rich(block: dict[str, Any]) -> Iterator[str]:
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            first = 1 + element.get("offset", 0)
            for number, item in enumerate(element["elements"], start=first):
                yield ("- " if element["style"] == "bullet" else f"{number}. ") + _runs(item)
        else:
            yield ("> " if element["type"] == "rich_text_quote" else "") + _runs(element)


def _table(block: dict[str, Any]) -> Iterator[str]:
    for row in block["rows"]:
        yield " | ".join(cell["text"] if "text" in cell else _runs(cell["elements"][0]) for cell in row)


def _pressed(element: dict[str, Any]) -> str:
    if "text" in element:
        return f"[{element['text']['text']}]"
    chosen = element.get("initial_option", {}).get("text") or element.get("placeholder") or {"text": element["type"]}
    return f"[{chosen['text']} v]"


def _lines(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        kind = block["type"]
        if kind == "header":
            yield "# " + block["text"]["text"]
        elif kind == "rich_text":
            yield from _rich(block)
        elif kind == "table":
            yield from _table(block)
        elif kind == "context":
            yield "(" + " ".join(one["text"] for one in block["elements"]) + ")"
        elif kind == "actions":
            yield " ".join(map(_pressed, block["elements"]))
        elif kind == "input":
            yield f"{block['label']['text']}: {_pressed(block['element'])}"
        elif kind == "data_visualization":
            yield f"<{block['title']}>"
        else:
            yield "---"


@pytest.fixture(scope="session")
def drawn() -> Callable[[list[dict[str, Any]]], str]:
    """Return what a person reads in blocks, line by line."""
    return lambda blocks: "\n".join(_lines(blocks))


@pytest.fixture(scope="session")
def refused() -> Callable[[Message | dict[str, Any]], tuple[str, ...]]:
    """Return what Slack would refuse."""

    def refuse(shown: Message | dict[str, Any]) -> tuple[str, ...]:
        if isinstance(shown, Message):
            return faults_of("message", {"text": shown.text, "blocks": shown.blocks})
        return faults_of(shown["type"], shown)

    return refuse


def _long(count: int, text: str) -> Framework:
    criterion = {
        **{key: text for key in ("title", "description")},
        **{key: [text] for key in ("counts", "does_not_count", "aliases")},
        "phrases": [text] * 8,
        "stages": dict.fromkeys(("plan", "do", "check", "act"), text),
    }
    principles = [
        {
            "id": f"P{number}",
            "title": text,
            "short": text[:32],
            "description": text,
            "criteria": [{"id": f"P{number}-{one}", **criterion} for one in range(count)],
        }
        for number in range(count)
    ]
    return Framework.model_validate(
        {
            "schema": "govbot.framework/1",
            "id": "long",
            "version": "1.0.0",
            "published": "2020",
            "group_word": "pillar",
            "cycle": [one["id"] for one in principles],
            "principles": principles,
            **{key: text for key in ("title", "publisher", "source", "licence", "description")},
        }
    )


@pytest.fixture(scope="session")
def make_extreme() -> Callable[..., tuple[Check, Framework]]:
    """Return a check in which one text stands everywhere, under `count` pillars of `count` criteria each."""

    def make(text: str, count: int, check: Check) -> tuple[Check, Framework]:
        framework = _long(count, text.strip() or "x")
        where: dict[str, Any] = {"page": None, "page_is_approximate": False, "paragraph": None, "section": (text,)}
        quote = Evidence(quote=text, score=1, strength="evidence", stance="positive", stage="do", **where)
        near = Nearest(quote=text, score=0, threshold=1, **where)
        covered = [
            Coverage(
                id=one.id,
                principle=framework.principle_of(one.id).id,
                status=STATUSES[number % len(STATUSES)],
                stages=(),
                evidence=(quote,) * (number % 7),
                nearest=near if number % 2 else None,
            )
            for number, one in enumerate(framework.criteria)
        ]
        questions = tuple(Question(criterion=one.id, stage="do", text=text, why=text) for one in covered)
        assessment = dataclasses.replace(
            check.assessments[0], framework=framework.id, criteria=tuple(covered), questions=questions
        )
        document = dataclasses.replace(check.document, title=text, name=text)
        return dataclasses.replace(check, document=document, assessments=(assessment,)), framework

    return make

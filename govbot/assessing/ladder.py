"""Quotes about engagement -> the rung of the ladder of participation that they reach, and the methods they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.records import Assessment, Evidence

_FILE = "principles/ladder.yaml"

Rung = Literal["inform", "consult", "involve", "collaborate", "empower"]
#: A family of methods of engagement.
Method = Literal["formal", "information", "service", "research", "deliberative", "devolved"]


class _Ladder(BaseModel):
    """principles/ladder.yaml, which says what each list is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["govbot.ladder/1"] = Field(alias="schema")
    #: Framework and criterion, as "clear AT".
    criteria: tuple[str, ...]
    #: Lowest first.
    rungs: dict[Rung, tuple[str, ...]]
    methods: dict[Method, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """How far a draft's engagement goes."""

    rung: Rung
    #: The quote that reaches it.
    quote: Evidence
    #: Families of methods that any of the quotes names.
    methods: tuple[Method, ...]


def place_engagement(assessment: Assessment) -> Engagement | None:
    """Return the highest rung that quotes about engagement reach, None where none says anything of the kind.

    What the draft says is missing reaches no rung. Of quotes that reach the same rung the strongest counts.
    """
    ladder = _ladder()
    quotes = [
        quote
        for item in assessment.criteria
        if f"{assessment.framework} {item.id}" in ladder.criteria
        for quote in item.evidence
        if quote.stance == "positive"
    ]
    for rung, patterns in reversed(ladder.rungs.items()):
        for quote in quotes:
            if _found(patterns, quote.quote):
                return Engagement(rung=rung, quote=quote, methods=_methods(quotes))
    return None


def _methods(quotes: Sequence[Evidence]) -> tuple[Method, ...]:
    text = "\n".join(quote.quote for quote in quotes)
    return tuple(method for method, patterns in _ladder().methods.items() if _found(patterns, text))


def _found(patterns: Sequence[str], text: str) -> bool:
    return any(_compiled(pattern).search(text) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _ladder() -> _Ladder:
    return _Ladder.model_validate(yaml.safe_load(resource(_FILE).read_text(encoding="utf-8")))

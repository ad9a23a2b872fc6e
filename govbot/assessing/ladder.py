"""Quotes about engagement -> how far it goes on the ladder of participation, and the methods that it names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from govbot.records import RUNGS, Engagement, Method
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.records import Coverage, Evidence, Rung

_FILE = "principles/ladder.yaml"


class _Ladder(BaseModel):
    """principles/ladder.yaml, which says what each list is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["govbot.ladder/1"] = Field(alias="schema")
    #: Framework and criterion, as "clear AT".
    criteria: tuple[str, ...]
    methods: dict[Method, tuple[str, ...]]


def engagement_quotes(framework_id: str, covered: Sequence[Coverage]) -> tuple[Evidence, ...]:
    """Return the quotes that say how people are engaged; what is missing, or merely mentioned, engages nobody."""
    return tuple(
        quote
        for item in covered
        if f"{framework_id} {item.id}" in _ladder().criteria
        for quote in item.evidence
        if quote.stance == "positive" and quote.strength != "mention"
    )


def place_engagement(quotes: Sequence[Evidence], rungs: Sequence[Rung | None]) -> Engagement | None:
    """Return the highest of the quotes' rungs, with the surest quote that reaches it; None without any."""
    placed = [(rung, quote) for rung, quote in zip(rungs, quotes, strict=True) if rung is not None]
    if not placed:
        return None
    highest, best = max(placed, key=lambda one: (RUNGS.index(one[0]), one[1].score))
    text = "\n".join(quote.quote for _, quote in placed)
    methods = tuple(method for method, patterns in _ladder().methods.items() if _found(patterns, text))
    return Engagement(rung=highest, quote=best, methods=methods)


def _found(patterns: Sequence[str], text: str) -> bool:
    return any(_compiled(pattern).search(text) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _ladder() -> _Ladder:
    return _Ladder.model_validate(yaml.safe_load(resource(_FILE).read_text(encoding="utf-8")))

"""Days and months in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.words import say

if TYPE_CHECKING:
    from datetime import date

_SHEET = "replies/slack"


def day(at: date) -> str:
    """Return such as "3 May 2027"."""
    return say(_SHEET, "day", day=at.day, name=_months()[at.month - 1], year=at.year)


def month(name: str) -> str:
    """Return "2027-05" as "May 2027"."""
    year, _, number = name.partition("-")
    return say(_SHEET, "month", name=_months()[int(number) - 1], year=year)


def _months() -> list[str]:
    return say(_SHEET, "months").split("; ")

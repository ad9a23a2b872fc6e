"""Buttons to the pages before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.rendering.slack import actions as act
from govbot.rendering.slack.blocks import Block, Element, actions, button, context
from govbot.words import say

if TYPE_CHECKING:
    from govbot.rendering.slack.actions import Ref

_SHEET = "replies/slack"


def turning(ref: Ref, pages: int) -> list[Block]:
    """Return which of the pages this is, and the buttons; none where there is one page. Pages count from 0."""
    if pages <= 1:
        return []
    turns = [_turn("back", act.BACK, ref, ref.page - 1), _turn("next", act.NEXT, ref, ref.page + 1)]
    return [
        *context(say(_SHEET, "modal.page", page=ref.page + 1, pages=pages)),
        *actions(turns[0] if ref.page else None, turns[1] if ref.page + 1 < pages else None),
    ]


def _turn(name: str, action: str, ref: Ref, page: int) -> Element:
    label = say(_SHEET, f"modal.{name}_label", page=page + 1)
    return button(say(_SHEET, f"modal.{name}"), action, replace(ref, page=page).packed(), label=label)

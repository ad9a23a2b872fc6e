"""Blocks and views for tests of the local Slack."""

from __future__ import annotations

from typing import Any


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.upper()), "value": value}


def button(action_id: str, value: str = "1") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), "value": value}


def menu(action_id: str, *values: str) -> dict[str, Any]:
    return {"type": "static_select", "action_id": action_id, "options": [option(value) for value in values]}


def actions(*elements: dict[str, Any], block_id: str = "row") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    element = {"type": "plain_text_input", "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def modal(*blocks: dict[str, Any], title: str = "Ask", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks), **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}

"""What is read of messages and views."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govbot.testing.slack import LocalSlack, Message
from govbot.testing.trial import Trial, trial

DRAFTS = Path(__file__).parents[1] / "drafts"
#: Seconds that a worker may need to begin, and then for one thing after another.
PATIENCE = 240


#: Words of every draft that is dropped in these tests, of questions, reasons and names.
CONTENT = ("uince", "rchard", "arbour", "nnerdown", "publishes", "openness", "histle", "cider", "not ours", "Ada")


@contextmanager
def watched(slack: LocalSlack, data: Path, **settings: str) -> Iterator[Trial]:
    """Give a bot at work, and see at its end that its worker logged no word of what went through its hands."""
    logs = data.with_name(f"{data.name}.log")
    unsaid = (*CONTENT, slack.bot_token, slack.app_token)
    with trial(slack, data, logs=logs, **settings) as bot:
        yield bot
    logged = logs.read_text(encoding="utf-8")
    assert "ready" in logged
    assert [word for word in unsaid if word in logged] == []


def texts(found: Message | dict[str, Any] | None) -> str:
    """Return all that is shown in a message or a view, as one text."""
    if found is None:
        return ""
    shown = list(found.blocks) if isinstance(found, Message) else found
    return " ".join(_texts(shown))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif key not in ("value", "action_id", "block_id", "private_metadata"):
                yield from _texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)


def buttons(found: Message | dict[str, Any] | None) -> dict[str, str]:
    """Return the buttons of a message or a view: action -> value, the first of each."""
    text: dict[str, str] = {}
    shown = json.loads(json.dumps(list(found.blocks) if isinstance(found, Message) else found))
    for one in _elements(shown):
        text.setdefault(one["action_id"], one.get("value", ""))
    return text


def _elements(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "action_id" in part:
            yield part
        for value in part.values():
            yield from _elements(value)
    elif isinstance(part, list):
        for one in part:
            yield from _elements(one)

"""Who is pinged by a message: Slack's own marks in its text and in the blocks that are read as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: "<@U1>", "<@U1|ada>", "<!channel>", "<!here|here>", "<!subteam^S1|@officers>".
_MARK = re.compile(r"<(?:@([UW]\w+)|!(channel|here|everyone)|!subteam\^(S\w+))(?:\|[^>]*)?>")
#: What pings where names are looked for that are only written.
_WRITTEN = re.compile(r"(?<!\w)@(channel|here|everyone)\b")


def pings(text: str, blocks: Iterable[dict[str, Any]], *, is_parsed: bool = False) -> tuple[str, ...]:
    """Return who is told of a message: ids of people and groups, "!channel" and the like, each once."""
    texts = [text, *_marked(list(blocks))]
    found = [_name(mark) for one in texts for mark in _MARK.finditer(one)]
    if is_parsed:
        found += [f"!{mark[1]}" for one in texts for mark in _WRITTEN.finditer(one)]
    return tuple(dict.fromkeys([*found, *_rich(list(blocks))]))


def mentions(text: str, user: str) -> bool:
    """Return whether a text mentions somebody."""
    return user in pings(text, ())


def _name(mark: re.Match[str]) -> str:
    return mark[1] or (f"!{mark[2]}" if mark[2] else mark[3])


def _marked(value: object) -> Iterator[str]:
    """Yield the texts in blocks that are read as markup."""
    if isinstance(value, list):
        for one in value:
            yield from _marked(one)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        for one in value.values():
            yield from _marked(one)


def _rich(value: object) -> Iterator[str]:
    """Yield who is named in rich text as a person, a group or everybody."""
    if isinstance(value, list):
        for one in value:
            yield from _rich(one)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind == "user":
            yield str(value.get("user_id"))
        elif kind == "usergroup":
            yield str(value.get("usergroup_id"))
        elif kind == "broadcast":
            yield f"!{value.get('range')}"
        for one in value.values():
            yield from _rich(one)

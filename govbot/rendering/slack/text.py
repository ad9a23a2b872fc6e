"""Any text -> text that Slack shows as it stands: nobody is pinged, nothing is marked up, nothing acts on a screen."""

from __future__ import annotations

import re

from govbot.rendering.plain import one_line

#: Characters after which a word without a space is broken, so that no line is wider than a screen.
_WIDEST = 60
#: A break that is not seen, and that one_line takes out again.
_BREAK = "\u200b"
#: Parts a sign from the word after it, unseen, so that Slack does not know the two together.
_JOINER = "\u2060"
_LONG = re.compile(rf"\S{{{_WIDEST}}}(?=\S)")
#: What pings everybody, should a client look for it in plain words.
_CALLS = re.compile(r"@(?=channel|here|everyone|group)", re.IGNORECASE)
#: What Slack knows as a link without being told.
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=mailto)(?=:)|(?<=www)(?=\.)", re.IGNORECASE)
#: What makes words bold, italic, struck out or code.
_MARKS = re.compile(r"([*_~`])")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPE = re.compile(r"[&<>]")
_HALF_ESCAPE = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?$")
_ELLIPSIS = "…"
#: Characters that are given up to end with a whole word.
_BACK = 40


def clean(text: str, limit: int = 3_000) -> str:
    """Return text for where Slack parses no markup, plain_text and rich_text: on one line, long words broken."""
    return cut(_broken(one_line(text)), limit)


def plain(text: str, limit: int = 3_000) -> str:
    """Return text for where Slack parses markup, mrkdwn and a message's own text: every sign is shown as it stands."""
    found = _broken(one_line(text))
    found = _MARKS.sub(rf"{_JOINER}\1{_JOINER}", found)
    found = _LINKS.sub(_JOINER, _CALLS.sub(f"@{_JOINER}", found))
    return cut(_ESCAPE.sub(lambda sign: _ESCAPES[sign[0]], found), limit)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, with an ellipsis where it was cut: at a word, never inside an escape."""
    if len(text) <= limit:
        return text
    kept = _HALF_ESCAPE.sub("", text[: limit - 1])
    if not text[len(kept)].isspace():
        # Back to a whole word, where there is one near.
        kept = re.sub(rf"\s\S{{0,{_BACK}}}$", " ", kept)
    return kept.rstrip(" ,:–-|/") + _ELLIPSIS


def _broken(text: str) -> str:
    return _LONG.sub(lambda found: found[0] + _BREAK, text)

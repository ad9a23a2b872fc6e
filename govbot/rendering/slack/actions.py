"""What can be pressed, chosen and sent in Slack, and what a button remembers.

Listeners know what was pressed by these ids alone; what it was about stands in its value, packed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from govbot.assessing import fold
from govbot.rendering.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Pressed under a reply, and on Home: the value is a Ref.
EVIDENCE = "evidence"
QUESTIONS = "questions"
REPORT = "report"
REFRAME = "reframe"
NOT_RELEVANT = "not_relevant"
ASK = "ask"
#: Further passages, and why: as if the word were typed in the thread.
MORE = "more"
WHY = "why"
#: The value is the job's id.
RETRY = "retry"
#: A menu of drafts: the chosen option's value is a Ref, the block's id ends in what waits for the choice.
WHICH = "which"

# In a modal: the value, or the chosen option's value, is a Ref.
PRINCIPLE = "principle"
FRAMEWORK = "framework"
BACK = "back"
NEXT = "next"
WHY_QUOTE = "why_quote"
NOT_EVIDENCE = "not_evidence"
COVERED = "covered"
SET_ASIDE = "set_aside"
TAKE_BACK = "take_back"

# On Home: a channel is chosen, whose settings are wanted.
SETTINGS_OF = "settings_of"

# Summaries, in a message or on Home: the value is a Span, or the chosen option's value or the date is one part of it.
EXPORT = "export"
#: Of the block with the three filters: its id is "span:" and the packed Span that is shown.
SPAN = "span"
SPAN_FRAMEWORK = "span_framework"
SPAN_CHANNEL = "span_channel"
SPAN_SINCE = "span_since"

#: Every id of something that can be pressed or chosen and wants an answer.
PRESSED = frozenset(
    {
        *(EVIDENCE, QUESTIONS, REPORT, REFRAME, NOT_RELEVANT, ASK, MORE, WHY, RETRY, WHICH),
        *(PRINCIPLE, FRAMEWORK, BACK, NEXT, WHY_QUOTE, NOT_EVIDENCE, COVERED, SET_ASIDE, TAKE_BACK),
        *(SETTINGS_OF, EXPORT, SPAN_FRAMEWORK, SPAN_CHANNEL, SPAN_SINCE),
    }
)

#: What opens a modal; in a modal, one on top of it.
OPENS = frozenset(
    {EVIDENCE, QUESTIONS, REFRAME, NOT_RELEVANT, ASK, WHY_QUOTE, NOT_EVIDENCE, COVERED, SET_ASIDE, SETTINGS_OF}
)

# Modals that are sent: callback ids. What they are about is their private metadata, a Ref.
DECIDE = "decide"
FRAMEWORKS = "frameworks"
ASKED = "asked"
SETTINGS = "settings"
#: Modals that only show; nothing is sent.
SHOWN = "shown"
SENT = frozenset({DECIDE, FRAMEWORKS, ASKED, SETTINGS})
#: The message shortcut.
CHECK = "check"

# Fields of the modals that are sent: each is the id of its block and of its element.
REASON = "reason"
PASSAGE = "passage"
#: Chosen where the passage that is shown is the one.
SHOWN_PASSAGE = "shown_passage"
CRITERION = "criterion"
CHOSEN = "chosen"
QUESTION = "question"
READS = "reads"
DIGEST = "digest"

#: Value of a menu's option that stands for nothing or for everything.
NONE = "-"
#: Characters of a quote's key, and letters by which a packed field is known.
_KEY, _LETTERS = 12, 2
_NOT_OURS = "not a packed value"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """What a button is about."""

    #: Number of the kept draft; 0 where it is about none.
    document: int
    framework: str = ""
    criterion: str = ""
    principle: str = ""
    #: Page of what is shown, from 0.
    page: int = 0
    #: Key of a quote, by quote_key.
    quote: str = ""
    #: What a modal that is sent is for, such as the kind of a decision or the channel that is set.
    note: str = ""

    def packed(self) -> str:
        """Return it as a button's value."""
        return _pack(self)

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Return what a button's value says; raise ValueError where it was not packed by this class."""
        return cls(**{"document": 0, **_unpack(cls, value)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What a summary is over."""

    framework: str = ""
    #: Slack's id; empty for all.
    channel: str = ""
    #: "2027-05-01"; empty for all.
    since: str = ""

    def packed(self) -> str:
        """Return it as a button's value."""
        return _pack(self)

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Return what a button's value says; raise ValueError where it was not packed by this class."""
        return cls(**_unpack(cls, value))


def quote_key(quote: str) -> str:
    """Return what a quote is known by in a button, which does not hold its words."""
    return hashlib.sha256(fold(quote).encode()).hexdigest()[:_KEY]


def typed(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what was filled into a modal: the id of each field, and what was typed or chosen, "" for nothing.

    What was typed is on one line, without signs that are not seen; several chosen options are parted by spaces.
    """
    found = {name: _value(element) for name, element in _elements(view.get("state", {}).get("values", {}))}
    return {name: _unquoted(value) if name == PASSAGE else value for name, value in found.items()}


def _elements(values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block in values.values():
        yield from block.items()


def _value(element: Mapping[str, Any]) -> str:
    for key in ("selected_option", "selected_options"):
        if key in element:
            found = element[key] or []
            return " ".join(one["value"] for one in (found if isinstance(found, list) else [found]))
    selected = (held for key, held in element.items() if key.startswith("selected_"))
    return one_line(" ".join((element.get("value") or next(selected, "") or "").split()))


def _unquoted(passage: str) -> str:
    """Return a passage as the draft has it where it was copied out of a reply, which marks quotes, cells and cuts."""
    return passage.strip('“”" ').removesuffix("…").replace(" | ", " ").strip()


def _pack(record: Ref | Span) -> str:
    """Return the fields that say something, by the first letters of their names: an option has little room."""
    said = {one.name[:_LETTERS]: getattr(record, one.name) for one in fields(record)}
    return json.dumps({key: value for key, value in said.items() if value}, separators=(",", ":"))


def _unpack(kind: type[Ref | Span], value: str) -> dict[str, Any]:
    names = {one.name[:_LETTERS]: one.name for one in fields(kind)}
    found = json.loads(value)
    if not isinstance(found, dict):
        raise ValueError(_NOT_OURS)
    for key, held in found.items():
        wanted = int if names.get(key) in ("document", "page") else str
        if key not in names or not isinstance(held, wanted) or isinstance(held, bool):
            raise ValueError(_NOT_OURS)
    return {names[key]: held for key, held in found.items()}

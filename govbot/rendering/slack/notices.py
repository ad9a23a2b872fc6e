"""Short messages: how far a draft is, why there is no reply, who may not see it, which draft is meant, what to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.blocks import (
    Message,
    Option,
    actions,
    button,
    header,
    listed,
    menu,
    message,
    paragraph,
    rich,
    run,
    said,
    section,
)
from govbot.rendering.slack.dates import day
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_SHEET = "replies/slack"
Step = Literal["waiting", "reading", "matching", "writing", "sending"]
#: Stands in a sentence for what is put there later.
_MARK = "\0"
#: Characters of a file's name.
_NAME = 150
#: Sentences on what is not checked in a file that holds several documents, and characters of one.
_LEFT_OUT, _SENTENCE = 12, 800
#: Seconds: as good as none, what is rounded to tens, and what is a minute.
_SOON, _TENS, _MINUTE = 10, 45, 90


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftChoice:
    """A draft that may be meant."""

    document: int
    title: str
    version: int
    at: datetime | None = None


def progress_message(
    name: str,
    step: Step,
    *,
    done: int = 0,
    total: int = 0,
    seconds_left: float | None = None,
    queue_position: int = 0,
) -> Message:
    """Return how far a draft is: how many of its passages are matched, about how long it takes, what waits before it.

    `seconds_left` is None where nobody knows; `queue_position` counts the drafts that come first.
    """
    left = "" if seconds_left is None else _left(seconds_left)
    # The name is bold, so the sentence is built around a mark in its place.
    what = say(_SHEET, f"progress.{step}", name=_MARK, done=done, total=total, ahead=queue_position)
    before, _, after = say(_SHEET, "progress.line", what=what, left=left).partition(_MARK)
    return message(paragraph(run(before), said(name, _NAME, bold=True), run(after)))


def failure_message(name: str, sentence: str, *, job: str = "") -> Message:
    """Return why there is no reply on a file, and what to do; with a button to try again where there is a `job`."""
    retry = button(say(_SHEET, "failure.retry"), act.RETRY, job, primary=True) if job else None
    blocks = rich(section(said(say(_SHEET, "failure.headline", name=name), bold=True)), section(said(sentence)))
    return message([*blocks, *actions(retry)])


def inside_message(name: str, *, total: int, checked: int, left_out: Sequence[str] = ()) -> Message:
    """Return how many documents a file holds and how many are checked, and in sentences what is not."""
    headline = say(_SHEET, "inside.headline", name=name, total=total, n=checked)
    more = len(left_out) - _LEFT_OUT
    told = [said(sentence, _SENTENCE) for sentence in left_out[: _LEFT_OUT if more > 1 else None]]
    if more > 1:
        told.append(run(say(_SHEET, "inside.more", n=more)))
    return message(rich(section(said(headline, _SENTENCE)), listed(told)))


def notice_message(sentence: str) -> Message:
    """Return a sentence."""
    return message(paragraph(said(sentence)))


def denied_message() -> Message:
    """Return that the person may not see the draft, without a word on what it is."""
    return notice_message(say(_SHEET, "denied"))


def menu_message(drafts: Sequence[DraftChoice], pending: str) -> Message:
    """Return which of the drafts is meant; the block's id is "which:" and `pending`, what waits for the choice.

    Slack takes a hundred drafts; the first ones are offered.
    """
    if not drafts:
        return notice_message(say(_SHEET, "menu.none"))
    options = [
        Option(
            text=one.title,
            value=Ref(document=one.document).packed(),
            about=say(_SHEET, "menu.option", version=one.version, at=day(one.at) if one.at else ""),
        )
        for one in drafts
    ]
    choose = menu(act.WHICH, say(_SHEET, "menu.choose"), options)
    return message([*paragraph(run(say(_SHEET, "menu.ask"))), *actions(choose, block=f"{act.WHICH}:{pending}")])


def help_message() -> Message:
    """Return three things to try, and what govbot cannot do."""
    tries = [say(_SHEET, "help.drop"), say(_SHEET, "help.ask"), say(_SHEET, "help.summary")]
    blocks = rich(
        listed([run(one) for one in tries], numbered=True),
        section(run(say(_SHEET, "help.cannot_title"), bold=True)),
        section(run(say(_SHEET, "help.cannot"))),
    )
    return message([*header(say(_SHEET, "help.headline")), *blocks])


def _left(seconds: float) -> str:
    if seconds < _SOON:
        return say(_SHEET, "progress.soon")
    if seconds < _TENS:
        return say(_SHEET, "progress.seconds", n=int(round(seconds, -1)))
    if seconds < _MINUTE:
        return say(_SHEET, "progress.minute")
    return say(_SHEET, "progress.minutes", n=round(seconds / 60))

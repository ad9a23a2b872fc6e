"""Questions -> those to show, with the criterion that each is about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from govbot.rendering.names import name_of
from govbot.rendering.plain import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from govbot.frameworks import Framework
    from govbot.records import Question


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question on screen."""

    text: str
    why: str
    #: Criterion and stage, such as "F3 Robust internal control (check)".
    about: str


def take_turns(questions: Sequence[Sequence[Question]]) -> tuple[Question, ...]:
    """Return each framework's best question, then each one's second, and so on."""
    return tuple(item for item in chain.from_iterable(zip_longest(*questions)) if item is not None)


def view_question(question: Question, frameworks: Iterable[Framework]) -> Asked:
    """Return a question as shown."""
    stage = say("replies/check", f"stage.{question.stage}")
    return Asked(
        text=one_line(question.text),
        why=say("replies/check", "why", why=one_line(question.why)),
        about=say("replies/check", "about", name=name_of(question.criterion, frameworks), stage=stage),
    )

"""What was asked -> the answer in Slack: a sentence, quotes, what is missing, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbot.records import Answer, Comparison, JointAnswer
from govbot.rendering.several import view_comparison, view_joint
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.blocks import (
    Block,
    Element,
    Message,
    Part,
    actions,
    button,
    context,
    fit,
    lines,
    listed,
    message,
    paragraph,
    quoted,
    rich,
    run,
    said,
    section,
)
from govbot.rendering.view import view_answer
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework
    from govbot.rendering.questions import Asked
    from govbot.rendering.quotes import Quote

_SHEET = "replies/slack"
#: Drafts and changes that an answer names one by one, and the quotes and questions of a draft.
_MOST, _QUOTES, _ASKED = 10, 5, 5
#: Characters of a verdict up to which it is bold, and at all; of a quote, a question and a name.
_BOLD, _VERDICT, _QUOTE, _QUESTION, _NAME = 250, 1_500, 400, 400, 150


def answer_message(
    reply: Answer | JointAnswer | Comparison,
    frameworks: Sequence[Framework],
    *,
    document: int = 0,
    name: str = "",
) -> Message:
    """Return the answer of one draft, of several, or what changed between two.

    `name` is what the draft is called that was asked, and `document` its number, 0 where there are several or none:
    then there is nothing to press. Raises KeyError where `frameworks` lacks one that was compared under.
    """
    if isinstance(reply, JointAnswer):
        return message(fit(_joint(reply, frameworks)))
    if isinstance(reply, Comparison):
        return message(fit(_comparison(reply, frameworks)))
    view = view_answer(reply, frameworks)
    # What govbot can do, and what it did not understand, is said of no draft.
    is_of_draft = reply.standing is not None
    ask = run(say(_SHEET, "answer.ask"), bold=True) if view.questions else []
    parts = [
        Part(blocks=_verdict(view.verdict)),
        Part(blocks=_quotes(view.quotes), rank=1),
        Part(blocks=rich(section(said(view.missing)), section(ask), _questions(view.questions)), rank=2),
        Part(blocks=paragraph(said(view.others, italic=True))),
        Part(blocks=_buttons(reply, frameworks, document) if document and is_of_draft else []),
        Part(blocks=context(say(_SHEET, "answer.from", name=name)) if name and is_of_draft else []),
    ]
    return message(fit(parts))


def _verdict(verdict: str) -> list[Block]:
    return paragraph(said(verdict, _VERDICT, bold=len(verdict) <= _BOLD))


def _quotes(quotes: Sequence[Quote]) -> list[Block]:
    return rich(*(element for quote in quotes[:_QUOTES] for element in _quote(quote)))


def _quote(quote: Quote) -> list[Element | None]:
    return [section(said(quote.lead)), quoted(quote.text, _QUOTE), section(said(quote.where, italic=True))]


def _questions(questions: Sequence[Asked]) -> Element | None:
    return listed(
        [lines(said(one.text, _QUESTION), said(one.about, _NAME, italic=True)) for one in questions[:_ASKED]],
        numbered=True,
    )


def _buttons(reply: Answer, frameworks: Sequence[Framework], document: int) -> list[Block]:
    """Return buttons that ask on, and that open the evidence where it was asked about."""
    is_ours = reply.kind == "criterion"
    value = _ref(reply, frameworks, document).packed()
    return actions(
        button(say(_SHEET, "answer.press.more"), act.MORE, value) if reply.evidence else None,
        button(say(_SHEET, "answer.press.why"), act.WHY, value) if is_ours else None,
        button(say(_SHEET, "answer.press.evidence"), act.EVIDENCE, value) if is_ours else None,
    )


def _ref(reply: Answer, frameworks: Sequence[Framework], document: int) -> Ref:
    """Return the draft, and the principle that was asked about first."""
    for framework in frameworks:
        for principle in framework.principles:
            ids = {principle.id, *(criterion.id for criterion in principle.criteria)}
            if not ids.isdisjoint(reply.targets[:1]):
                return Ref(document=document, framework=framework.id, principle=principle.id)
    return Ref(document=document)


def _joint(reply: JointAnswer, frameworks: Sequence[Framework]) -> list[Part]:
    view = view_joint(reply, frameworks)
    left = len(view.drafts) - _MOST
    parts = [Part(blocks=_verdict(view.verdict))]
    for number, draft in enumerate(view.drafts[:_MOST]):
        heading = say(_SHEET, "answer.draft", name=draft.name, standing=draft.standing)
        blocks = rich(
            section(said(heading, _NAME * 2, bold=True)),
            section(said(draft.verdict)),
            *(element for quote in draft.quotes[:_QUOTES] for element in _quote(quote)),
            _questions(draft.questions),
        )
        parts.append(Part(blocks=blocks, rank=number + 1))
    return [*parts, Part(blocks=_more(left))]


def _comparison(reply: Comparison, frameworks: Sequence[Framework]) -> list[Part]:
    view = view_comparison(reply, frameworks)
    changes = [say(_SHEET, "answer.change", heading=one.heading, change=one.change) for one in view.changes]
    shown = listed([said(one, _NAME * 2) for one in changes[:_MOST]])
    return [Part(blocks=_verdict(view.verdict)), Part(blocks=rich(shown)), Part(blocks=_more(len(changes) - _MOST))]


def _more(left: int) -> list[Block]:
    return paragraph(run(say(_SHEET, "answer.more", n=left))) if left > 0 else []

"""Modals that are plain: loading, a sentence, all questions, other frameworks, asking, settings of a channel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from govbot.rendering.questions import Asked, view_question
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.blocks import (
    Block,
    Option,
    Run,
    actions,
    choice,
    field,
    form,
    lines,
    listed,
    menu,
    modal,
    multi_menu,
    paragraph,
    rich,
    run,
    said,
    text_field,
)
from govbot.rendering.slack.paging import turning
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework
    from govbot.records import Check
    from govbot.rendering.slack.actions import Ref

_SHEET = "replies/slack"
#: Which drafts of a channel are read.
Reads = Literal["all", "mentioned", "none"]
READS: tuple[Reads, ...] = ("all", "mentioned", "none")
#: Questions of a page, and their characters.
_PAGE, _QUESTION = 12, 700


def loading_view(title: str) -> Block:
    """Return what opens at once, and is replaced."""
    return notice_view(title, say(_SHEET, "modal.loading"))


def notice_view(title: str, sentence: str) -> Block:
    """Return a sentence."""
    return modal(title, paragraph(said(sentence) or run("–")), act.SHOWN, close=say(_SHEET, "modal.close"))


def questions_view(check: Check, frameworks: Sequence[Framework], ref: Ref) -> Block:
    """Return all questions under the framework that `ref` names, else the first, most useful first, on its page.

    Raises KeyError where `frameworks` lacks one that the draft was checked under.
    """
    known = {framework.id: framework for framework in frameworks}
    under = {one.framework: one for one in check.assessments}
    assessment = under.get(ref.framework, check.assessments[0])
    asked = [view_question(one, [known[assessment.framework]]) for one in assessment.questions]
    pages = max(-(-len(asked) // _PAGE), 1)
    here = replace(ref, framework=assessment.framework, page=min(max(ref.page, 0), pages - 1))
    first = here.page * _PAGE
    options = [Option(text=known[name].title, value=replace(ref, framework=name, page=0).packed()) for name in under]
    chosen = replace(here, page=0).packed()
    shown = listed([_question(one) for one in asked[first : first + _PAGE]], numbered=True, first=first + 1)
    blocks = [
        *(actions(menu(act.FRAMEWORK, say(_SHEET, "questions.choose"), options, chosen)) if len(under) > 1 else []),
        *(rich(shown) or paragraph(run(say(_SHEET, "questions.none")))),
        *turning(here, pages),
    ]
    return modal(
        say(_SHEET, "questions.title"), blocks, act.QUESTIONS, ref=here.packed(), close=say(_SHEET, "modal.close")
    )


def _question(asked: Asked) -> list[Run]:
    return lines(said(asked.text, _QUESTION), said(f"{asked.about}. {asked.why}", _QUESTION, italic=True))


def frameworks_view(frameworks: Sequence[Framework], chosen: Sequence[str], ref: Ref) -> Block:
    """Return the form that asks what a draft should be checked against; `chosen` are ids of what it was."""
    options = [Option(text=one.title, value=one.id) for one in frameworks]
    blocks = field(
        multi_menu(act.CHOSEN, say(_SHEET, "frameworks.choose"), options, chosen),
        say(_SHEET, "frameworks.label"),
        hint=say(_SHEET, "frameworks.hint"),
    )
    return form(say(_SHEET, "frameworks.title"), blocks, act.FRAMEWORKS, ref, submit=say(_SHEET, "modal.check"))


def ask_view(ref: Ref, name: str) -> Block:
    """Return the form for a question about a draft of this name."""
    blocks = [
        *paragraph(said(say(_SHEET, "ask.about", name=name), bold=True)),
        *field(
            text_field(act.QUESTION, placeholder=say(_SHEET, "ask.placeholder"), long=False),
            say(_SHEET, "ask.label"),
            hint=say(_SHEET, "ask.hint"),
        ),
    ]
    return form(say(_SHEET, "ask.title"), blocks, act.ASKED, ref, submit=say(_SHEET, "modal.send"))


def settings_view(
    reads: Reads, digest: str, frameworks: Sequence[Framework], ref: Ref, *, may_change: bool = True
) -> Block:
    """Return how a channel is set, as a form for who may change it.

    `digest` is the id of a framework, empty for no digest; `ref.note` is the channel. Of what is sent, DIGEST is NONE
    for no digest.
    """
    offered = [Option(text=say(_SHEET, f"settings.{one}"), value=one) for one in READS]
    digests = [
        Option(text=say(_SHEET, "settings.no_digest"), value=act.NONE),
        *(Option(text=one.title, value=one.id) for one in frameworks),
    ]
    labels = say(_SHEET, "settings.reads"), say(_SHEET, "settings.digest")
    if not may_change:
        return _fixed(labels, [(offered, reads), (digests, digest or act.NONE)])
    blocks = [
        *field(choice(act.READS, offered, reads), labels[0]),
        *field(
            menu(act.DIGEST, labels[1], digests, digest or act.NONE),
            labels[1],
            hint=say(_SHEET, "settings.digest_hint"),
        ),
    ]
    return form(say(_SHEET, "settings.title"), blocks, act.SETTINGS, ref, submit=say(_SHEET, "modal.save"))


def _fixed(labels: Sequence[str], chosen: Sequence[tuple[Sequence[Option], str]]) -> Block:
    told = [
        lines(run(label, bold=True), said(one.text))
        for label, (options, value) in zip(labels, chosen, strict=True)
        for one in options
        if one.value == value
    ]
    blocks = [*rich(listed(told)), *paragraph(run(say(_SHEET, "settings.fixed")))]
    return modal(say(_SHEET, "settings.title"), blocks, act.SHOWN, close=say(_SHEET, "modal.close"))

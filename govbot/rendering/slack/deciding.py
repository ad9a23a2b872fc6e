"""The forms in which a person says where govbot is wrong, or that something does not apply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.rendering.marks import mark
from govbot.rendering.names import name_of
from govbot.rendering.quotes import view_nearest, view_quote
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.blocks import (
    Block,
    Option,
    checkboxes,
    context,
    field,
    form,
    grouped_menu,
    paragraph,
    quoted,
    rich,
    said,
    section,
    text_field,
)
from govbot.rendering.slack.evidence import find_coverage, find_quote
from govbot.rendering.slack.views import notice_view
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Framework
    from govbot.records import Check, Coverage, DecisionKind, Status
    from govbot.rendering.quotes import Quote
    from govbot.rendering.slack.actions import Ref

_SHEET = "replies/slack"
#: Characters of a quote, and the fewest of a reason.
_QUOTE, _REASON = 1_400, 3
#: What a person may want to set aside, likeliest first.
_ORDER: tuple[Status, ...] = ("gap", "absent", "unread", "mentioned", "committed", "evidenced")


def decision_view(
    kind: DecisionKind,
    check: Check,
    frameworks: Sequence[Framework],
    ref: Ref,
    *,
    error: str = "",
    filled: Mapping[str, str] | None = None,
) -> Block:
    """Return the form for a decision on the criterion and the quote that `ref` names.

    Where it names no criterion, the form asks which; of that field the value is a Ref. What it remembers is `ref` with
    the kind as its note. `error` is why the decision could not be kept, and `filled` what was typed before.
    """
    title = say(_SHEET, f"decide.title.{kind}")
    if not ref.criterion and all(item.status == "not_applicable" for one in check.assessments for item in one.criteria):
        return notice_view(title, say(_SHEET, "decide.nothing"))
    filled = filled or {}
    coverage = find_coverage(check, ref) if ref.criterion else None
    quote = _quote(kind, check, ref, coverage)
    blocks = [
        *paragraph(said(error, bold=True)),
        *(_named(ref, frameworks) if ref.criterion else _criteria(check, frameworks, ref)),
        *_shown(quote),
        *(_passage(has_nearest=quote is not None, filled=filled) if kind == "evidence" else []),
        *field(
            text_field(act.REASON, value=filled.get(act.REASON, ""), least=_REASON),
            say(_SHEET, "decide.reason"),
            hint=say(_SHEET, "decide.reason_hint"),
        ),
        *context(say(_SHEET, "decide.about")),
    ]
    return form(title, blocks, act.DECIDE, replace(ref, note=kind), submit=say(_SHEET, "modal.save"))


def decision_faults(kind: DecisionKind, filled: Mapping[str, str]) -> dict[str, str]:
    """Return what is missing in a decision's form: the field's block and a sentence, as Slack shows errors."""
    if kind == "evidence" and not filled.get(act.PASSAGE) and not filled.get(act.SHOWN_PASSAGE):
        return {act.PASSAGE: say(_SHEET, "decide.no_passage")}
    return {}


def _quote(kind: DecisionKind, check: Check, ref: Ref, coverage: Coverage | None) -> Quote | None:
    """Return the quote that the decision is about, or of a gap the nearest passage."""
    if kind == "not_evidence":
        found = find_quote(check, ref)
        return None if found is None else view_quote(found[1], show_all=True, with_kind=False)
    if kind == "evidence" and coverage is not None and not coverage.evidence and coverage.nearest is not None:
        return view_nearest(coverage.nearest, show_all=True)
    return None


def _shown(quote: Quote | None) -> list[Block]:
    if quote is None:
        return []
    return rich(section(said(quote.lead)), quoted(quote.text, _QUOTE), section(said(quote.where, italic=True)))


def _named(ref: Ref, frameworks: Sequence[Framework]) -> list[Block]:
    known = [one for one in frameworks if one.id == ref.framework]
    return paragraph(said(name_of(ref.criterion, known), bold=True))


def _criteria(check: Check, frameworks: Sequence[Framework], ref: Ref) -> list[Block]:
    known = {framework.id: framework for framework in frameworks}
    groups = [
        (
            known[assessment.framework].title,
            [
                Option(
                    text=say(
                        _SHEET,
                        "decide.option",
                        name=name_of(item.id, [known[assessment.framework]]),
                        word=mark(item.status).word,
                    ),
                    value=replace(ref, framework=assessment.framework, criterion=item.id).packed(),
                )
                for status in _ORDER
                for item in assessment.criteria
                if item.status == status
            ],
        )
        for assessment in check.assessments
    ]
    choose = grouped_menu(act.CRITERION, say(_SHEET, "decide.choose"), groups, "")
    return field(choose, say(_SHEET, "decide.criterion"))


def _passage(*, has_nearest: bool, filled: Mapping[str, str]) -> list[Block]:
    """Return a field for a passage, and a box to tick where the nearest one is shown."""
    this = Option(text=say(_SHEET, "decide.this"), value=act.SHOWN_PASSAGE)
    box = field(checkboxes(act.SHOWN_PASSAGE, [this]), say(_SHEET, "decide.shown"), optional=True)
    return [
        *(box if has_nearest else []),
        *field(
            text_field(act.PASSAGE, value=filled.get(act.PASSAGE, "")),
            say(_SHEET, "decide.passage" if has_nearest else "decide.passage_only"),
            hint=say(_SHEET, "decide.passage_hint"),
            optional=has_nearest,
        ),
    ]

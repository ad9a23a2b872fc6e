"""Check -> the modal in which a person reads a principle's evidence quote by quote, and says where it is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from govbot.rendering.names import named
from govbot.rendering.quotes import in_order, view_nearest, view_quote
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import quote_key
from govbot.rendering.slack.blocks import (
    Block,
    Element,
    Option,
    Run,
    actions,
    button,
    context,
    divider,
    grouped_menu,
    header,
    lines,
    listed,
    modal,
    paragraph,
    quoted,
    rich,
    run,
    said,
    section,
)
from govbot.rendering.slack.dates import day
from govbot.rendering.slack.paging import turning
from govbot.rendering.slack.views import notice_view
from govbot.rendering.view import CriterionView, FrameworkView, PrincipleView, view_check
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.frameworks import Framework
    from govbot.records import Check, Coverage, Decision, Evidence
    from govbot.rendering.slack.actions import Ref

_SHEET = "replies/slack"
#: Quotes and gaps of a page, and decisions of a criterion that are shown.
_PAGE, _DECISIONS = 8, 5
#: Examples of what counts.
_EXAMPLES = 4
#: Characters of a quote, of a reason, and of a quote within a sentence.
_QUOTE, _REASON, _SHORT = 1_400, 500, 120
#: Slack's id of a person, who is shown by name.
_USER = re.compile(r"[UW](?=.*\d)[A-Z0-9]{7,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    """A quote or a gap of a page."""

    criterion: CriterionView
    coverage: Coverage
    #: None where there is no quote.
    quote: Evidence | None
    #: True for the first one of its criterion, on its page.
    is_first: bool
    #: True for the last one.
    is_last: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """A principle, and the framework and the draft that it is read under."""

    ref: Ref
    framework: FrameworkView
    principle: PrincipleView
    covered: dict[str, Coverage]


def evidence_view(
    check: Check, frameworks: Sequence[Framework], ref: Ref, *, decisions: Sequence[Decision] = ()
) -> Block:
    """Return the modal of the principle that `ref` names, else of the first one, on its page.

    `decisions` are those that stand about the draft; `check` has them applied. Raises KeyError where `frameworks` lacks
    one that it was checked under.
    """
    views = view_check(check, frameworks, show_all=False).frameworks
    found = _find(check, views, ref)
    if found is None:
        is_checked = not ref.framework or any(one.framework == ref.framework for one in check.assessments)
        return notice_view(
            say(_SHEET, "evidence.title"), say(_SHEET, "evidence.nothing" if is_checked else "evidence.unchecked")
        )
    items = _items(found)
    pages = -(-len(items) // _PAGE)
    page = min(max(ref.page, 0), pages - 1)
    here = replace(found.ref, page=page)
    mine = [one for one in decisions if one.framework == here.framework]
    name = say(_SHEET, "draft.principle", id=found.principle.id, short=found.principle.short)
    blocks = [
        *actions(_picker(check, views, here)),
        *header(name),
        *context(found.framework.title),
        *_page(_on_page(items, page), here, mine),
        *turning(here, pages),
    ]
    return modal(
        say(_SHEET, "evidence.title"), blocks, act.EVIDENCE, ref=here.packed(), close=say(_SHEET, "modal.close")
    )


def why_view(check: Check, frameworks: Sequence[Framework], ref: Ref) -> Block:
    """Return the modal that says why a quote counts, and what counts for its criterion."""
    title = say(_SHEET, "why.title")
    found = find_quote(check, ref)
    if found is None:
        return notice_view(title, say(_SHEET, "why.gone"))
    coverage, quote = found
    criterion = {one.id: one for one in frameworks}[ref.framework].criterion(ref.criterion)
    shown = view_quote(quote, show_all=True, with_kind=False)
    key = "absent" if quote.stance == "absent" else quote.strength
    stage = say(_SHEET, "why.stage", stage=say("replies/check", f"answer.stage.{quote.stage}"))
    blocks = [
        *header(named(criterion)),
        *rich(quoted(shown.text, _QUOTE), section(said(shown.where, italic=True))),
        *paragraph(lines(run(say(_SHEET, f"why.{key}"), bold=True), run("" if key == "absent" else stage))),
        *_examples("counts", criterion.counts),
        *_examples("does_not_count", criterion.does_not_count),
        *context(_reliability(coverage)),
        *actions(_strike(quote, ref)),
    ]
    return modal(title, blocks, act.WHY_QUOTE, ref=ref.packed(), close=say(_SHEET, "modal.close"))


def find_quote(check: Check, ref: Ref) -> tuple[Coverage, Evidence] | None:
    """Return the quote that `ref` names and its criterion's coverage; None where it is not there."""
    coverage = find_coverage(check, ref)
    if coverage is None:
        return None
    quote = next((one for one in coverage.evidence if quote_key(one.quote) == ref.quote), None)
    return None if quote is None else (coverage, quote)


def find_coverage(check: Check, ref: Ref) -> Coverage | None:
    """Return the coverage of the criterion that `ref` names; None where the draft was not checked for it."""
    for assessment in check.assessments:
        if assessment.framework == ref.framework:
            return next((item for item in assessment.criteria if item.id == ref.criterion), None)
    return None


# Finding


def _find(check: Check, views: Sequence[FrameworkView], ref: Ref) -> _Shown | None:
    """Return the principle that is asked for, the first one where it is not there; None of another framework."""
    known = {one.framework: number for number, one in enumerate(check.assessments)}
    if ref.framework and ref.framework not in known:
        return None
    number = known.get(ref.framework, 0)
    principles = views[number].principles
    if not principles:
        return None
    principle = next((one for one in principles if one.id == ref.principle), principles[0])
    assessment = check.assessments[number]
    return _Shown(
        ref=replace(ref, framework=assessment.framework, principle=principle.id, criterion="", quote=""),
        framework=views[number],
        principle=principle,
        covered={item.id: item for item in assessment.criteria},
    )


def _items(found: _Shown) -> list[_Item]:
    items = []
    for criterion in found.principle.criteria:
        coverage = found.covered[criterion.id]
        quotes: Sequence[Evidence | None] = in_order(coverage) or (None,)
        if coverage.status == "not_applicable":
            quotes = (None,)
        items += [
            _Item(
                criterion=criterion,
                coverage=coverage,
                quote=quote,
                is_first=number == 0,
                is_last=number == len(quotes) - 1,
            )
            for number, quote in enumerate(quotes)
        ]
    return items


def _on_page(items: Sequence[_Item], page: int) -> list[_Item]:
    """Return the items of a page; the first one names its criterion, which may have begun on the page before."""
    first, *others = items[page * _PAGE : (page + 1) * _PAGE]
    return [replace(first, is_first=True), *others]


def _picker(check: Check, views: Sequence[FrameworkView], ref: Ref) -> Element:
    groups = [
        (
            view.title,
            [
                Option(
                    text=say(_SHEET, "draft.principle", id=one.id, short=one.short),
                    value=_place(ref, assessment.framework, one.id),
                )
                for one in view.principles
            ],
        )
        for assessment, view in zip(check.assessments, views, strict=True)
    ]
    chosen = _place(ref, ref.framework, ref.principle)
    return grouped_menu(act.PRINCIPLE, say(_SHEET, "evidence.choose"), groups, chosen)


def _place(ref: Ref, framework: str, principle: str) -> str:
    return replace(ref, framework=framework, principle=principle, page=0).packed()


# Showing


def _page(items: Sequence[_Item], ref: Ref, decisions: Sequence[Decision]) -> list[Block]:
    """Return the items, a line between two criteria."""
    return [
        block
        for number, item in enumerate(items)
        for block in [*(divider() if number and item.is_first else []), *_item(item, ref, decisions)]
    ]


def _item(item: _Item, ref: Ref, decisions: Sequence[Decision]) -> list[Block]:
    here = replace(ref, criterion=item.coverage.id)
    mine = [one for one in decisions if one.criterion == item.coverage.id]
    blocks = _head(item.criterion) if item.is_first else []
    if item.quote is not None:
        shown = view_quote(item.quote, show_all=True, with_kind=True)
        about = replace(here, quote=quote_key(item.quote.quote))
        blocks += rich(quoted(shown.text, _QUOTE), section(said(shown.where, italic=True)))
        blocks += actions(_strike(item.quote, about), _press("why", act.WHY_QUOTE, about))
    elif item.coverage.status != "not_applicable":
        blocks += _nearest(item)
    return [*blocks, *_deciding(item, here, mine)] if item.is_last else blocks


def _head(criterion: CriterionView) -> list[Block]:
    name = say("replies/check", "named", id=criterion.id, title=criterion.title)
    head = say(_SHEET, "evidence.criterion", symbol=criterion.mark.symbol, name=name, word=criterion.mark.word)
    return paragraph(lines(said(head, bold=True), said(criterion.question, italic=True)))


def _nearest(item: _Item) -> list[Block]:
    if item.coverage.nearest is None:
        return paragraph(said(item.criterion.note))
    shown = view_nearest(item.coverage.nearest, show_all=True)
    return rich(section(said(shown.lead)), quoted(shown.text, _QUOTE), section(said(shown.where, italic=True)))


def _deciding(item: _Item, ref: Ref, decisions: Sequence[Decision]) -> list[Block]:
    """Return what people decided, and what a person may decide."""
    is_open = item.coverage.status not in ("evidenced", "not_applicable")
    told = [_decided(one) for one in decisions[-_DECISIONS:]]
    return [
        *rich(listed(told)),
        *actions(
            _press("covered", act.COVERED, ref) if is_open else None,
            _press("set_aside", act.SET_ASIDE, ref) if is_open else None,
            _press("take_back", act.TAKE_BACK, ref) if decisions else None,
        ),
    ]


def _decided(decision: Decision) -> list[Run]:
    quote = said(decision.quote, _SHORT)
    words = quote[0]["text"] if quote else ""
    sentence = say(_SHEET, f"decided.{decision.kind}", reason=decision.reason, quote=words)
    by = [{"type": "user", "user_id": decision.author}] if _USER.fullmatch(decision.author) else said(decision.author)
    at = run(say(_SHEET, "decided.at", day=day(decision.made_at)))
    return lines(said(sentence, _REASON), [*run(say(_SHEET, "decided.by") + " "), *by, *run(" "), *at])


def _strike(quote: Evidence, ref: Ref) -> Element:
    return _press("not_absent" if quote.stance == "absent" else "not_evidence", act.NOT_EVIDENCE, ref)


def _press(name: str, action: str, ref: Ref) -> Element:
    text = say(_SHEET, f"evidence.{name}")
    return button(text, action, ref.packed(), label=say(_SHEET, "evidence.label", press=text, id=ref.criterion))


def _examples(name: str, examples: Sequence[str]) -> list[Block]:
    heading = run(say(_SHEET, f"why.{name}"), bold=True)
    return rich(section(heading), listed([said(one) for one in examples[:_EXAMPLES]]))


def _reliability(coverage: Coverage) -> str:
    if coverage.reliability is None:
        return ""
    right, found = round(10 * coverage.reliability.precision), round(10 * coverage.reliability.recall)
    return say("replies/check", "explained", right=right, found=found)

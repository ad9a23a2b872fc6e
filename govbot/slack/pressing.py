"""Buttons and menus: what each does, once it is clear that whoever pressed it may see the draft."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from govbot.rendering import check_markdown
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.deciding import decision_view
from govbot.rendering.slack.evidence import evidence_view, why_view
from govbot.rendering.slack.views import ask_view, frameworks_view, questions_view
from govbot.slack import home, officers
from govbot.slack.answers import reply
from govbot.slack.arrivals import Arrival, arrive
from govbot.slack.office import Request, now
from govbot.slack.telling import deny, open_modal, replace_modal, tell_sentence
from govbot.slack.viewing import Seen, find_seen, look_up, refresh_reply
from govbot.store import find_job
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.records import DecisionKind
    from govbot.slack.office import Office
    from govbot.store import Job

#: Buttons that open a modal for a decision.
_DECISIONS: dict[str, DecisionKind] = {
    act.NOT_RELEVANT: "not_applicable",
    act.SET_ASIDE: "not_applicable",
    act.NOT_EVIDENCE: "not_evidence",
    act.COVERED: "evidence",
}
#: What is pressed within a modal to see another part of the same.
_TURNS = frozenset({act.PRINCIPLE, act.FRAMEWORK, act.BACK, act.NEXT})
#: What a file's name may hold beside letters and digits, and its longest.
_IN_NAME, _NAME = " -_,()", 80


def answer_press(office: Office, job: Job) -> None:
    """Do what a button or a menu is for."""
    request = Request(job=job)
    action = request.text("action")
    others: dict[str, Callable[[Office, Request], None]] = {
        act.RETRY: _retry,
        act.WHICH: _choose,
        act.EXPORT: officers.export,
        act.SPAN_FRAMEWORK: home.filter_home,
        act.SPAN_CHANNEL: home.filter_home,
        act.SPAN_SINCE: home.filter_home,
        act.SETTINGS_OF: officers.show_settings,
    }
    if action in others:
        others[action](office, request)
        return
    ref = Ref.unpack(request.text("value"))
    shared = find_seen(office, request.user, ref)
    if shared is None:
        deny(office, request)
        return
    if action in (act.MORE, act.WHY):
        _ask(office, request, say("slack", f"pressed.{action}"), ref)
        return
    seen = look_up(office, shared)
    if request.is_set("opens"):
        open_modal(office, request, _view(action, seen, ref))
    elif action in _TURNS:
        replace_modal(office, request, _view(request.text("callback"), seen, ref))
    elif action == act.TAKE_BACK:
        _take_back(office, request, ref)
    elif action == act.REPORT:
        _report(office, request, seen)


def check_message(office: Office, job: Job) -> None:
    """Check the files of a message, as the shortcut wants."""
    request = Request(job=job)
    if not office.access.may_read(request.user, request.channel):
        deny(office, request)
        return
    for file in request.words("files"):
        arrival = Arrival(
            channel=request.channel, file=file, user=request.user, thread=request.text("thread"), is_wanted=True
        )
        arrive(office, job, arrival)
    if not request.words("files"):
        tell_sentence(office, request, say("slack", "no_files"))


def _view(what: str, seen: Seen, ref: Ref) -> dict[str, Any]:
    """Return the modal that a button opens, or another part of the one that is open."""
    check, frameworks = seen.check, seen.frameworks
    if what in _DECISIONS:
        return decision_view(_DECISIONS[what], check, frameworks, ref)
    if what == act.QUESTIONS:
        return questions_view(check, frameworks, ref)
    if what == act.WHY_QUOTE:
        return why_view(check, frameworks, ref)
    if what == act.ASK:
        return ask_view(ref, seen.shared.title)
    if what == act.REFRAME:
        return frameworks_view(frameworks, [one.framework for one in check.assessments], ref)
    return evidence_view(check, frameworks, ref, decisions=seen.decisions)


def _ask(office: Office, request: Request, question: str, ref: Ref) -> None:
    """Ask as if it were typed in the thread; where one person alone saw an answer, that person alone sees the next."""
    order = {**request.job.order, "document": ref.document}
    if request.is_set("is_passing"):
        order["message"] = ""
    else:
        order["answer_to"] = ""
    reply(office, Request(job=replace(request.job, order=order)), question)


def _choose(office: Office, request: Request) -> None:
    """Answer the question that waited for a draft to be chosen."""
    ref = Ref.unpack(request.text("value"))
    waiting = find_job(office.store, request.text("block").partition(":")[2])
    if find_seen(office, request.user, ref) is None:
        deny(office, request)
        return
    order = {**waiting.order, "document": ref.document, "user": request.user}
    if request.is_set("is_passing"):
        order["answer_to"] = request.text("answer_to")
    question = str(order.get("question") or order.get("text") or "")
    reply(office, Request(job=replace(request.job, order=order)), question)


def _retry(office: Office, request: Request) -> None:
    """Do a job again, for whoever may read where it was asked for."""
    if not office.access.may_read(request.user, request.channel):
        deny(office, request)
        return
    office.queue.retry(request.text("value"))


def _take_back(office: Office, request: Request, ref: Ref) -> None:
    """Take back what was decided about a criterion, and show how it stands then."""
    with office.thinking:
        office.archive().undecide(ref.document, ref.criterion, framework=ref.framework, by=request.user)
    shared = find_seen(office, request.user, ref)
    if shared is not None:
        refresh_reply(office, shared)
        replace_modal(office, request, _view(act.EVIDENCE, look_up(office, shared), replace(ref, criterion="")))


def _report(office: Office, request: Request, seen: Seen) -> None:
    """Put the full report where it was asked for; into a direct message where others read it, or on Home."""
    shared = seen.shared
    is_here = request.channel and office.access.all_may_read(request.channel, shared.place.channel)
    if is_here and not request.is_set("is_passing"):
        channel, thread = request.channel, request.text("thread") or request.text("message")
    else:
        channel, thread = office.poster.direct(request.user), ""
    text = check_markdown(seen.check, seen.frameworks, show_all=True)
    title = say("slack", "report_title", title=shared.title, version=shared.number)
    plain = "".join(sign for sign in shared.title if sign.isalnum() or sign in _IN_NAME)[:_NAME].strip()
    name = say("slack", "report_name", title=plain, version=shared.number, day=f"{now():%Y-%m-%d}")
    key = f"{request.job.id} report"
    office.poster.upload_once(key, channel, text.encode(), name=name, title=title, thread=thread)

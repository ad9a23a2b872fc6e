"""Forms that were sent: decisions, another framework, a question, settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from govbot.archive import Archive
from govbot.errors import DatabaseUnreachable, StoreError
from govbot.records import Decision
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.rendering.slack.deciding import decision_view
from govbot.rendering.slack.evidence import evidence_view, find_coverage, find_quote
from govbot.slack import officers
from govbot.slack.office import Request, reason
from govbot.slack.replying import as_reply
from govbot.slack.telling import deny, replace_modal, tell_sentence
from govbot.slack.viewing import find_seen, look_up, refresh_reply
from govbot.store import Origin, find_decisions
from govbot.words import say

if TYPE_CHECKING:
    from govbot.records import DecisionKind
    from govbot.slack.office import Office
    from govbot.slack.viewing import Seen
    from govbot.store import Job, Shared


def answer_form(office: Office, job: Job) -> None:
    """Do what a form wants, and say in its place what came of it."""
    request = Request(job=job)
    ref = Ref.unpack(request.text("metadata"))
    callback = request.text("callback")
    if callback == act.SETTINGS:
        officers.set_channel(office, request, ref)
        return
    filled = request.values("values")
    if filled.get(act.CRITERION):
        ref = replace(Ref.unpack(filled[act.CRITERION]), note=ref.note)
    shared = find_seen(office, request.user, ref)
    if shared is None:
        deny(office, request)
    elif callback == act.DECIDE:
        _decide(office, request, ref, shared)
    elif callback == act.FRAMEWORKS:
        _reframe(office, request, shared, tuple(filled.get(act.CHOSEN, "").split()))
    elif callback == act.ASKED:
        _ask(office, request, shared, filled.get(act.QUESTION, ""))


def _decide(office: Office, request: Request, ref: Ref, shared: Shared) -> None:
    """Keep a decision, once, and show how the draft stands then; ask again where it cannot be kept."""
    seen = look_up(office, shared)
    decision = _decision(request, ref, seen)
    try:
        if decision not in find_decisions(office.store, shared.document):
            with office.thinking:
                office.archive().decide(shared.document, decision)
    except DatabaseUnreachable:
        raise
    except StoreError as exc:
        told = reason(type(exc).__name__, exc.slots)
        form = decision_view(
            decision.kind,
            seen.check,
            seen.frameworks,
            ref,
            error=told,
            filled=request.values("values"),
        )
        if not replace_modal(office, request, form):
            tell_sentence(office, request, told)
        return
    refresh_reply(office, shared)
    tell_sentence(office, request, say("slack", f"decided.{decision.kind}"))
    if request.text("root") != request.text("view"):
        now = look_up(office, shared)
        beneath = evidence_view(now.check, now.frameworks, replace(ref, note="", quote=""), decisions=now.decisions)
        replace_modal(office, request, beneath, root=True)


def _decision(request: Request, ref: Ref, seen: Seen) -> Decision:
    kind = cast("DecisionKind", ref.note)
    filled = request.values("values")
    quote = ""
    if kind == "not_evidence":
        found = find_quote(seen.check, ref)
        quote = "" if found is None else found[1].quote
    elif kind == "evidence":
        coverage = find_coverage(seen.check, ref)
        nearest = "" if coverage is None or coverage.nearest is None else coverage.nearest.quote
        quote = filled.get(act.PASSAGE) or nearest
    return Decision(
        framework=ref.framework,
        criterion=ref.criterion,
        kind=kind,
        quote=quote,
        reason=filled.get(act.REASON, ""),
        author=request.user,
        # The same however often the job is begun.
        made_at=request.job.made_at,
    )


def _reframe(office: Office, request: Request, shared: Shared, chosen: tuple[str, ...]) -> None:
    """Check a kept draft under other frameworks, and put that into its thread."""
    tell_sentence(office, request, say("slack", "reframing"))
    with office.thinking:
        workshop = office.workshops.get(chosen)
        archive = Archive(workshop, office.store)
        _, document = archive.reopen(shared.document, number=shared.number)
        origin = Origin(team=shared.place.channel, by=request.user, version_of=shared.document)
        kept = archive.check(document, origin)
        message = as_reply(replace(kept, comparison=None), workshop.frameworks)
    office.poster.once(f"{request.job.id} reframed", shared.place.channel, message, thread=shared.place.thread)


def _ask(office: Office, request: Request, shared: Shared, question: str) -> None:
    """Have a question answered in the draft's thread."""
    tell_sentence(office, request, say("slack", "asked"))
    order = {
        "channel": shared.place.channel,
        "thread": shared.place.thread,
        "message": shared.place.thread,
        "user": request.user,
        "text": question,
        "document": shared.document,
        "is_caption": True,
    }
    office.add(f"asked {request.job.id}", "question", order)

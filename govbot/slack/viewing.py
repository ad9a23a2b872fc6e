"""What somebody is shown of a draft: found, and allowed, at the moment that it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govbot.errors import SlackRefused
from govbot.rendering.slack.notices import denied_message, notice_message
from govbot.rendering.slack.views import notice_view
from govbot.slack.arrivals import as_reply
from govbot.store import find_decisions, find_jobs, find_shared, find_versions
from govbot.words import say

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import Check, Decision
    from govbot.rendering.slack.actions import Ref
    from govbot.slack.office import Office, Request
    from govbot.store import Shared

#: What Slack says of a view that was closed, or replaced, meanwhile.
_NO_VIEW = ("not_found", "view_not_found", "hash_conflict", "expired_trigger_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A draft that somebody may see, as it stands now."""

    shared: Shared
    check: Check
    frameworks: tuple[Framework, ...]
    decisions: tuple[Decision, ...]


def find_seen(office: Office, user: str, ref: Ref) -> Shared | None:
    """Return where somebody may see a draft; None where they may not, or where it is not there any more."""
    return next(iter(office.visible(user, find_shared(office.store, document=ref.document))), None)


def look_up(office: Office, shared: Shared) -> Seen:
    """Return a draft as it stands now; raise TextRemoved."""
    with office.thinking:
        return Seen(
            shared=shared,
            check=office.archive().newest(shared.document),
            frameworks=office.frameworks,
            decisions=find_decisions(office.store, shared.document),
        )


def refresh_reply(office: Office, document: int) -> None:
    """Put the reply on a draft as it stands now in the place of each that was posted."""
    with office.thinking:
        versions = find_versions(office.store, document)
        kept = office.archive().again(versions[-1])
        message = as_reply(kept, office.frameworks)
    for shared in find_shared(office.store, document=document):
        place = shared.place
        for job in find_jobs(office.store, key=f"check {place.channel} {place.file}"):
            office.poster.replace(place.channel, str(job.order["message"]), message)


def fill_modal(office: Office, request: Request, view: dict[str, Any]) -> bool:
    """Show a view in the modal that was opened for this request, and return False where it was closed meanwhile."""
    return _update(office, view, external_id=request.job.id)


def replace_modal(office: Office, request: Request, view: dict[str, Any], *, root: bool = False) -> bool:
    """Show a view in the modal that the request came from, or in the one beneath, and return False where it is gone."""
    return _update(office, view, view_id=request.text("root" if root else "view"))


def deny(office: Office, request: Request, *, is_modal: bool) -> None:
    """Say to the person who asked, and to nobody else, that they may not see the draft."""
    if is_modal:
        show_notice(office, request, say("replies/slack", "denied"))
    elif request.channel:
        office.poster.whisper(request.channel, request.user, denied_message(), thread=request.text("thread"))
    else:
        office.poster.once(f"{request.job.id} denied", office.poster.direct(request.user), denied_message())


def show_notice(office: Office, request: Request, sentence: str) -> None:
    """Show a sentence in the modal that was opened for a request, or that it came from; else in a message."""
    view = notice_view(say("slack", "modal_title"), sentence)
    tries = [fill_modal, replace_modal] if request.job.kind == "press" else [replace_modal, fill_modal]
    if any(one(office, request, view) for one in tries if one is fill_modal or request.text("view_kind") == "modal"):
        return
    channel = request.channel or office.poster.direct(request.user)
    if request.channel:
        office.poster.whisper(channel, request.user, notice_message(sentence), thread=request.text("thread"))
    else:
        office.poster.once(f"{request.job.id} notice", channel, notice_message(sentence))


def _update(office: Office, view: dict[str, Any], **which: str) -> bool:
    kept = {"external_id": which["external_id"]} if "external_id" in which else {}
    try:
        office.api("views.update", view={**view, **kept}, **which)
    except SlackRefused as exc:
        if exc.slots.get("error") in _NO_VIEW:
            return False
        raise
    return True

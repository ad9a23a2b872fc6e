"""Says something to one person: in the modal that waits for it, by the command's address, in a message for them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from govbot.errors import SlackRefused, SlackUnreachable
from govbot.rendering.slack.notices import notice_message
from govbot.rendering.slack.views import notice_view
from govbot.slack.office import now
from govbot.words import say

if TYPE_CHECKING:
    from govbot.rendering.slack.blocks import Message
    from govbot.slack.office import Office, Request

#: What Slack says of a view that was closed, or replaced, meanwhile.
_NO_VIEW = ("not_found", "view_not_found", "hash_conflict", "expired_trigger_id")
#: Time in which a modal may still be opening.
_OPENING = timedelta(seconds=5)


def tell(office: Office, request: Request, message: Message) -> None:
    """Say something to whoever asked, and to nobody else."""
    address = request.text("answer_to")
    if address and office.poster.respond(address, message):
        return
    if request.channel and not request.is_direct:
        office.poster.whisper(request.channel, request.user, message, thread=request.text("thread"))
        return
    channel = request.channel or office.poster.direct(request.user)
    thread = request.text("thread") if request.channel else ""
    # An errand may have two things to say.
    what = hashlib.sha256(message.text.encode()).hexdigest()[:16]
    office.poster.once(f"{request.job.id} told {what}", channel, message, thread=thread)


def tell_sentence(office: Office, request: Request, sentence: str) -> None:
    """Say a sentence to whoever asked: in the modal that was opened for it, or that it came from; else in a message."""
    view = notice_view(say("slack", "modal_title"), sentence)
    places = [fill_modal] if request.is_set("opens") else []
    places += [replace_modal] if request.text("view_kind") == "modal" else []
    if not any(show(office, request, view) for show in places):
        tell(office, request, notice_message(sentence))


def deny(office: Office, request: Request) -> None:
    """Say to the person who asked, and to nobody else, that they may not see the draft."""
    tell_sentence(office, request, say("replies/slack", "denied"))


def open_modal(office: Office, request: Request, view: dict[str, Any]) -> None:
    """Show a view in the modal that was opened for a request; say so where that did not open.

    Raises SlackUnreachable where it may still be opening.
    """
    if fill_modal(office, request, view):
        return
    if now() - request.job.made_at < _OPENING:
        raise SlackUnreachable(reason="modal")
    tell(office, request, notice_message(say("slack", "press_again")))


def fill_modal(office: Office, request: Request, view: dict[str, Any]) -> bool:
    """Show a view in the modal that was opened for this request, and return False where it is not there."""
    return _update(office, {**view, "external_id": request.job.id}, external_id=request.job.id)


def replace_modal(office: Office, request: Request, view: dict[str, Any], *, root: bool = False) -> bool:
    """Show a view in the modal that the request came from, or in the one beneath, and return False where it is gone."""
    return _update(office, view, view_id=request.text("root" if root else "view"))


def _update(office: Office, view: dict[str, Any], **which: str) -> bool:
    try:
        office.api("views.update", view=view, **which)
    except SlackRefused as exc:
        if exc.slots.get("error") in _NO_VIEW:
            return False
        raise
    return True

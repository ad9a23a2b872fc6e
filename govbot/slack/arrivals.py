"""Files that arrive: said to be read at once, and handed to the workers; questions that come along."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from govbot.errors import FileNotShared, SlackUnreachable
from govbot.reading import READ_EXTENSIONS
from govbot.rendering.slack.notices import notice_message, progress_message
from govbot.slack.files import SlackFile, find_file
from govbot.slack.office import now
from govbot.slack.payloads import VIA
from govbot.store import (
    CHECK,
    Place,
    add_job,
    add_to_order,
    find_job,
    find_jobs,
    find_settings,
    finish_job,
    keep_shares,
    release_job,
)
from govbot.store.queueing import ENDS, OPEN
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.slack.office import Office
    from govbot.store import Job

#: Time in which whoever wrote a check down says that the file is being read.
_GREETING = timedelta(seconds=30)
#: Time that Slack may take until it says where a new file is shared.
_LAG = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A file that is to be checked."""

    channel: str
    file: str
    user: str
    #: Time of the message under which to reply; empty to go by the file's own.
    thread: str = ""
    #: What was asked along with it.
    question: str = ""
    #: True where somebody asked for it, so that the channel's settings do not matter.
    is_wanted: bool = False


def arrive(office: Office, errand: Job, arrival: Arrival) -> None:
    """Say that a file is being read, and hand it to the workers; nothing where nobody wants it read there."""
    if not arrival.is_wanted and find_settings(office.store, arrival.channel).reads != "all":
        return
    try:
        file = find_file(office.api, arrival.file)
    except FileNotShared:
        if arrival.is_wanted:
            raise
        return
    is_readable = PurePath(file.name).suffix.lower() in READ_EXTENSIONS
    if not arrival.is_wanted and (not is_readable or file.is_elsewhere):
        return
    if arrival.channel in file.shares or not file.shares:
        if arrival.channel not in file.shares and now() - errand.made_at < _LAG:
            raise SlackUnreachable(reason="shares")
        _begin(office, errand, arrival, file)
    elif arrival.is_wanted:
        # Its name is for those alone who may see it.
        told = notice_message(say("slack", "not_shared_here"))
        office.poster.whisper(arrival.channel, arrival.user, told, thread=arrival.thread)
    elif now() - errand.made_at < _LAG:
        raise SlackUnreachable(reason="shares")


def _begin(office: Office, errand: Job, arrival: Arrival, file: SlackFile) -> None:
    """Write the check down, say that the file is read, and only then let a worker begin.

    Of all who come with the same file one alone does so: whoever wrote the check down, or, where that takes too long,
    the next.
    """
    thread = arrival.thread or next(iter(file.shares.get(arrival.channel, ())), "")
    check, is_new = _write_down(office, errand, arrival, file, thread)
    if check.step == "held":
        is_ours = is_new or check.order["greeter"] == errand.id
        if not is_ours and now() - check.made_at < _GREETING:
            raise SlackUnreachable(reason="greeting")
        let_begin(office, check, ahead=count_ahead(office, aside=[check.id]))
    if not is_new:
        _ask_along(office, errand, check, arrival)


def count_ahead(office: Office, *, aside: Sequence[str]) -> int:
    """Return how many drafts are read, or wait to be, these jobs aside."""
    found = find_jobs(office.store, steps=OPEN, everywhere=True)
    return sum(one.kind == CHECK and one.id not in aside for one in found)


def let_begin(office: Office, check: Job, *, ahead: int) -> None:
    """Say that a draft is read, and let a worker begin with it."""
    order = check.order
    greeting = progress_message(check.name, "waiting", queue_position=ahead)
    again = partial(find_file, office.api, order["file"])
    message = office.poster.once(f"{check.id} greeting", order["channel"], greeting, thread=order["thread"], file=again)
    if release_job(office.store, check.id, "message", message, at=now()):
        office.queue.hand_over(check.id, kind=CHECK)


def _write_down(office: Office, errand: Job, arrival: Arrival, file: SlackFile, thread: str) -> tuple[Job, bool]:
    """Return the job that checks the file there, held where it is new, and whether it is."""
    order: dict[str, Any] = {
        "via": VIA,
        "kind": CHECK,
        "frameworks": [],
        "team": arrival.channel,
        "by": file.by or arrival.user,
        "version_of": None,
        "channel": arrival.channel,
        "file": arrival.file,
        "thread": thread,
        "message": "",
        "greeter": errand.id,
        "asks": [{"question": arrival.question, "user": arrival.user, "thread": thread}] if arrival.question else [],
    }
    key = f"check {arrival.channel} {arrival.file}"
    known = next(iter(find_jobs(office.store, key=key)), None)
    # What was checked under the very message is not checked there again.
    is_done = known is not None and known.step == "done" and known.order["thread"] == thread
    once = is_done or not arrival.is_wanted
    job, is_new = add_job(office.store, key, file.name, order, None, once=once, at=now(), is_held=True)
    return find_job(office.store, job), is_new


def let_fail(office: Office, errand: Job) -> tuple[Job, ...]:
    """Let the checks fail that an errand wrote down and could not let begin, and return them."""
    held = [one.id for one in find_jobs(office.store, steps=["held"]) if one.order.get("greeter") == errand.id]
    for check in held:
        finish_job(office.store, check, "failed", at=now(), fault=errand.fault)
    return tuple(find_job(office.store, check) for check in held)


def _ask_along(office: Office, errand: Job, check: Job, arrival: Arrival) -> None:
    """Have a question answered about a draft that is known already, once it is read."""
    held = [one["job"] for one in check.order.get("holds", ())]
    read = [one for one in (check, *find_jobs(office.store, ids=held)) if one.step == "done"]
    versions = [one.version for one in read if one.version is not None]
    if versions:
        thread = arrival.thread or check.order["thread"]
        place = Place(channel=arrival.channel, file=arrival.file, thread=thread, by=check.order["by"])
        # It may have been taken away, and shared here again.
        keep_shares(office.store, versions, place, at=now())
    if not arrival.question:
        return
    if check.step in ENDS:
        ask_in_thread(office, check, arrival.question, arrival.user, thread=arrival.thread, by=errand.id)
    else:
        ask_later(office, check, arrival.question, arrival.user, thread=arrival.thread)


def ask_later(office: Office, check: Job, question: str, user: str, *, thread: str = "") -> None:
    """Have a question answered once a draft is read; raise SlackUnreachable where its reply is on its way just now."""
    if not add_to_order(office.store, check.id, "asks", {"question": question, "user": user, "thread": thread}):
        raise SlackUnreachable(reason="sending")


def ask_in_thread(office: Office, check: Job, question: str, user: str, *, thread: str = "", by: str = "") -> None:
    """Ask a question under a draft that is read, or under another message; once for each errand that it is asked by."""
    thread = thread or check.order["thread"]
    order = {
        "channel": check.order["channel"],
        "thread": thread,
        "message": thread,
        "user": user,
        "text": question,
        "document": check.document or 0,
        "is_caption": True,
    }
    asked = hashlib.sha256(question.encode()).hexdigest()[:16]
    office.add(f"caption {check.id} {thread} {user} {asked} {by}", "question", order)

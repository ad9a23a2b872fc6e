"""Files that arrive: said to be read at once, checked by a worker, answered in the message that said so."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from govbot.errors import FileNotShared, SlackUnreachable
from govbot.reading import READ_EXTENSIONS
from govbot.rendering.slack.draft import draft_message, several_message
from govbot.rendering.slack.notices import failure_message, notice_message, progress_message
from govbot.slack.files import SlackFile, fetch_file, find_file
from govbot.slack.office import Request, now, reason
from govbot.slack.payloads import VIA
from govbot.store import (
    CHECK,
    Place,
    add_job,
    add_to_order,
    find_job,
    find_jobs,
    find_settings,
    is_due,
    keep_share,
    remove_shares,
    set_in_order,
    shared_files,
)
from govbot.store.queueing import ENDS, OPEN
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.archive import KeptCheck
    from govbot.frameworks import Framework
    from govbot.rendering.slack.blocks import Message
    from govbot.rendering.slack.notices import Step
    from govbot.slack.office import Office
    from govbot.store import Job
    from govbot.store.queueing import JobStep

#: Files of one message that are told of together.
_SEVERAL = 2
#: Seconds between two notes of progress in Slack.
_PACE = 3.0
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


@dataclass(kw_only=True)
class Pace:
    """When somebody was told last how far a job is."""

    told: dict[str, float] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)

    def is_due(self, job: str) -> bool:
        """Return whether it is time to tell again, and take note of it."""
        if time.monotonic() - self.told.get(job, -_PACE) < _PACE:
            return False
        self.told[job] = time.monotonic()
        return True

    def seconds_left(self, job: str, done: int, total: int) -> int | None:
        """Return how long the rest takes if it goes on as it went; None where that is not known."""
        begun = self.begun.setdefault(job, time.monotonic())
        taken = time.monotonic() - begun
        return round(taken / done * (total - done)) if done and taken > 1 else None

    def forget(self, job: str) -> None:
        """Forget a job that has ended."""
        self.told.pop(job, None)
        self.begun.pop(job, None)


def arrive(office: Office, job: Job, arrival: Arrival) -> None:
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
    if arrival.channel not in file.shares and not arrival.is_wanted and now() - job.made_at < _LAG:
        raise SlackUnreachable(reason="shares")
    if arrival.channel not in file.shares and arrival.is_wanted and file.shares:
        office.poster.whisper(
            arrival.channel,
            arrival.user,
            notice_message(say("slack", "not_shared_here")),
            thread=arrival.thread,
        )
        return
    _begin(office, job, arrival, file)


def _begin(office: Office, errand: Job, arrival: Arrival, file: SlackFile) -> None:
    """Write the check down first, which of all who come with the same file one alone can do, and say so."""
    thread = arrival.thread or next(iter(file.shares.get(arrival.channel, ())), "")
    order = {
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
        "asks": [{"question": arrival.question, "user": arrival.user}] if arrival.question else [],
    }
    key = f"check {arrival.channel} {arrival.file}"
    known = next(iter(find_jobs(office.store, key=key)), None)
    # What was checked under the very message is not checked there again.
    is_done = known is not None and known.step == "done" and known.order["thread"] == thread
    once = is_done or not arrival.is_wanted
    job, is_new = add_job(office.store, key, file.name, order, None, once=once, at=now())
    check = find_job(office.store, job)
    is_ours = is_new or check.order["greeter"] == errand.id
    if not is_ours and not check.order["message"] and now() - check.made_at < _GREETING and check.step not in ENDS:
        # Somebody else is about to say so.
        raise SlackUnreachable(reason="greeting")
    if not is_new:
        _ask_along(office, check, arrival)
    if not check.order["message"] and check.step not in ENDS:
        greeting = progress_message(file.name, "waiting", queue_position=_before(office) - 1)
        message = office.poster.once(
            f"{job} greeting",
            arrival.channel,
            greeting,
            thread=thread,
            file=lambda: find_file(office.api, arrival.file),
        )
        set_in_order(office.store, job, "message", message)
        office.queue.hand_over(job, kind=CHECK)


def _ask_along(office: Office, check: Job, arrival: Arrival) -> None:
    """Have a question answered about a draft that is known already, once it is read."""
    if check.step == "done" and check.version is not None:
        place = Place(
            channel=arrival.channel,
            file=arrival.file,
            thread=arrival.thread or check.order["thread"],
            by=check.order["by"],
        )
        # It may have been taken away, and shared here again.
        keep_share(office.store, check.version, place, at=now())
    if not arrival.question:
        return
    if check.step in ENDS:
        ask_in_thread(office, check, arrival.question, arrival.user, thread=arrival.thread)
    else:
        ask_later(office, check, arrival.question, arrival.user)


def ask_later(office: Office, check: Job, question: str, user: str) -> None:
    """Have a question answered once a draft is read; raise SlackUnreachable where its reply is on its way just now."""
    if not add_to_order(office.store, check.id, "asks", {"question": question, "user": user}):
        raise SlackUnreachable(reason="sending")


def ask_in_thread(office: Office, check: Job, question: str, user: str, *, thread: str = "") -> None:
    """Ask a question under a draft that is read, or under another message."""
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
    office.add(f"caption {check.id} {thread} {user} {asked}", "question", order)


# What a worker does for a file


def fetch(office: Office, job: Job) -> bytes:
    """Return the file of a job; raise SlackError or FileTooLarge."""
    return fetch_file(find_file(office.api, job.order["file"]), office.token, office.settings)


def tell(office: Office, job: Job, step: JobStep, done: int, total: int, pace: Pace) -> None:
    """Say in Slack how far a job is, now and then."""
    message = Request(job=job).text("message")
    if message and pace.is_due(job.id):
        left = pace.seconds_left(job.id, done, total) if total else None
        office.poster.tell(
            job.order["channel"],
            message,
            progress_message(job.name, cast("Step", step), done=done, total=total, seconds_left=left),
        )


def give(office: Office, job: Job, kept: KeptCheck, frameworks: Sequence[Framework], pace: Pace) -> None:
    """Put the reply in the place of the greeting; raise FileNotShared where the file is gone."""
    order = job.order
    file = find_file(office.api, order["file"])
    if order["channel"] not in file.shares:
        raise FileNotShared(name=job.name)
    place = Place(channel=order["channel"], file=order["file"], thread=order["thread"], by=order["by"])
    keep_share(office.store, kept.kept.version, place, at=now())
    message = as_reply(kept, frameworks)
    # Where nobody noted that it was said that the file is read, that message is looked for, or this is the first.
    again = partial(find_file, office.api, order["file"])
    first = order["message"] or office.poster.once(
        f"{job.id} greeting", order["channel"], message, thread=order["thread"], file=again
    )
    if not office.poster.replace(order["channel"], first, message):
        office.poster.once(f"{job.id} reply", order["channel"], message, thread=order["thread"], file=lambda: file)
    pace.forget(job.id)
    job = find_job(office.store, job.id)
    for one in order["asks"]:
        ask_in_thread(office, job, one["question"], one["user"])
    _look_at_several(office, job)


def _look_at_several(office: Office, job: Job) -> None:
    """Have it looked at whether all that came with one message is read."""
    ended = job.changed_at.isoformat()
    office.add(f"several {job.id} {ended}", "several", place_of(job))


def as_reply(kept: KeptCheck, frameworks: Sequence[Framework]) -> Message:
    """Return the reply on a draft."""
    return draft_message(
        kept.check,
        frameworks,
        document=kept.kept.document,
        version=kept.kept.number,
        comparison=kept.comparison,
    )


def _before(office: Office) -> int:
    """Return how many drafts wait or are being read."""
    return sum(one.kind == CHECK for one in find_jobs(office.store, steps=OPEN, everywhere=True))


def place_of(job: Job) -> dict[str, str]:
    """Return where the reply to a draft stands."""
    return {"channel": job.order["channel"], "thread": job.order["thread"]}


def summarise_several(office: Office, job: Job) -> None:
    """Where several files came with one message and all are read, say in one message how they stand."""
    request = Request(job=job)
    channel, thread = request.channel, request.text("thread")
    every = [
        one
        for one in find_jobs(office.store, prefix=f"check {channel} ")
        if thread and one.order.get("thread") == thread
    ]
    done = [one for one in every if one.step == "done" and one.document is not None]
    failed = [one for one in every if one.step == "failed" and one.fault is not None]
    together = len({one.document for one in done}) + len(failed)
    if together < _SEVERAL or not done or any(one.step not in ENDS for one in every):
        return
    with office.thinking:
        archive = office.archive()
        checks = [archive.newest(document) for document in dict.fromkeys(one.document for one in done) if document]
    told = [(one.name, reason(one.fault.error, one.fault.slots)) for one in failed if one.fault is not None]
    message = several_message(checks, office.frameworks, failed=told)
    key = f"several {channel} {thread}"
    known = office.poster.posted(key)
    if not (known and office.poster.replace(channel, known, message)):
        office.poster.once(key, channel, message, thread=thread)


def give_up(office: Office, job: Job) -> None:
    """Put the reason in the place of the message that said that the file is read, with a way to try again."""
    assert job.fault is not None
    sentence = reason(job.fault.error, job.fault.slots)
    message = failure_message(job.name, sentence, job=job.id)
    order = job.order
    if not office.poster.replace(order["channel"], order["message"], message):
        office.poster.once(f"{job.id} failure", order["channel"], message, thread=order["thread"])
    _look_at_several(office, job)


def look_again(office: Office) -> None:
    """Look once a day whether what is shown is still shared: Slack does not tell of files that its own rules delete."""
    if not is_due(office.store, "shares"):
        return
    for place in shared_files(office.store):
        try:
            file = find_file(office.api, place.file)
        except FileNotShared:
            remove_shares(office.store, file=place.file)
            continue
        if place.channel not in file.shares:
            remove_shares(office.store, file=place.file, channel=place.channel)

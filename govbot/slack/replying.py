"""What a worker does for a file: fetches it, says how far it is, puts the reply in the place of the greeting."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from govbot.clerk import order_inside, refuse_if_empty, told_inside
from govbot.errors import FileNotShared, SlackRefused, TextRemoved, TooShort
from govbot.rendering.slack.draft import draft_message, several_message
from govbot.rendering.slack.notices import failure_message, inside_message, progress_message
from govbot.slack.arrivals import ask_in_thread, count_ahead, let_begin
from govbot.slack.files import fetch_file, find_file
from govbot.slack.office import Request, now, reason
from govbot.store import (
    Place,
    add_job,
    add_to_order,
    find_job,
    find_jobs,
    find_shared,
    is_due,
    keep_share,
    remove_shares,
    shared_files,
)
from govbot.store.queueing import ENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.archive import KeptCheck
    from govbot.clerk import Draft, Inside
    from govbot.frameworks import Framework
    from govbot.records import Check, Document
    from govbot.rendering.slack.blocks import Message
    from govbot.rendering.slack.notices import Step
    from govbot.slack.files import SlackFile
    from govbot.slack.office import Office
    from govbot.store import Job
    from govbot.store.queueing import JobStep

#: Files of one message that are told of together.
_SEVERAL = 2
#: Seconds between two notes of progress in Slack.
_PACE = 3.0
#: Words under which a file is a note rather than a draft.
_FEWEST_WORDS = 60


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


def fetch(office: Office, job: Job) -> bytes:
    """Return the file of a job; raise SlackError or FileTooLarge."""
    return fetch_file(_find_file(office, job), office.token, office.settings)


def look_at(document: Document, job: Job) -> None:
    """Raise TooShort where a file is a note rather than a draft."""
    if len(document.text.split()) < _FEWEST_WORDS:
        raise TooShort(name=job.name, words=_FEWEST_WORDS)


def tell_progress(office: Office, job: Job, step: JobStep, done: int, total: int, pace: Pace) -> None:
    """Say in Slack how far a job is, now and then."""
    if pace.is_due(job.id):
        left = pace.seconds_left(job.id, done, total) if total else None
        told = progress_message(job.name, cast("Step", step), done=done, total=total, seconds_left=left)
        office.poster.tell(job.order["channel"], job.order["message"], told)


def give(office: Office, job: Job, kept: KeptCheck, frameworks: Sequence[Framework], pace: Pace) -> None:
    """Put the reply in the place of the greeting; raise FileNotShared where the file is gone."""
    pace.forget(job.id)
    order = job.order
    file = _find_file(office, job)
    if order["channel"] not in file.shares:
        raise FileNotShared(name=job.name)
    place = Place(channel=order["channel"], file=order["file"], thread=order["thread"], by=order["by"])
    keep_share(office.store, kept.kept.version, place, at=now())
    _reply(office, job, as_reply(kept, frameworks), "reply")
    job = find_job(office.store, job.id)
    for one in order["asks"] if not order.get("inside") else ():
        ask_in_thread(office, job, one["question"], one["user"], thread=one["thread"])
    _look_at_several(office, job)


def spread(office: Office, job: Job, inside: Inside, pace: Pace) -> None:
    """Say what a file holds, and let each document of it be checked, with a reply of its own.

    Raises AllUnreadable, or FileNotShared where the file is gone.
    """
    pace.forget(job.id)
    order = job.order
    if order["channel"] not in _find_file(office, job).shares:
        raise FileNotShared(name=job.name)
    reasons = [reason(type(fault).__name__, fault.slots) for fault in inside.faults]
    refuse_if_empty(job, inside, reasons)
    # All are written down before the first begins, so that whoever looks whether all are read sees them.
    checks = [_write_down_inside(office, job, draft) for draft in inside.drafts]
    told = told_inside(inside, reasons)
    total = len(checks) + sum(one.reason in ("beyond", "same") for one in inside.left_out) + len(reasons)
    _reply(office, job, inside_message(job.name, total=total, checked=len(checks), left_out=told), "inside")
    ahead = count_ahead(office, aside=[job.id, *(one.id for one in checks)])
    for place, check in enumerate(checks):
        if check.step == "held":
            let_begin(office, check, ahead=ahead + place)
        elif check.step == "failed":
            # It failed with the job of its file, which is tried again.
            office.queue.retry(check.id)


def _write_down_inside(office: Office, job: Job, draft: Draft) -> Job:
    """Return the job that checks a document of a job's file, held where it is new."""
    channel, file = job.order["channel"], job.order["file"]
    order = {**order_inside(job, draft), "asks": [], "message": "", "greeter": job.id}
    key, sha256 = f"check {channel} {file} {job.id} {draft.sha256}", draft.sha256
    check, _ = add_job(office.store, key, draft.name, order, None, once=True, sha256=sha256, at=now(), is_held=True)
    add_to_order(office.store, job.id, "holds", {"job": check})
    return find_job(office.store, check)


def give_up(office: Office, job: Job) -> None:
    """Put the reason in the place of the greeting, with a way to try again."""
    assert job.fault is not None
    sentence = reason(job.fault.error, job.fault.slots)
    _reply(office, job, failure_message(job.name, sentence, job=job.id), "failure")
    _look_at_several(office, job)


def as_reply(kept: KeptCheck, frameworks: Sequence[Framework]) -> Message:
    """Return the reply on a draft."""
    return draft_message(
        kept.check,
        frameworks,
        document=kept.kept.document,
        version=kept.kept.number,
        comparison=kept.comparison,
    )


def summarise_several(office: Office, job: Job) -> None:
    """Where several files came with one message and all are read, say in one message how they stand."""
    request = Request(job=job)
    channel, thread = request.channel, request.text("thread")
    every = [
        one
        for one in find_jobs(office.store, prefix=f"check {channel} ")
        if thread and one.order.get("thread") == thread
    ]
    # The one that had this looked at has its reply, and is about to end; others do what one that was spread has to do.
    if any(one.step not in ENDS and one.id != request.text("ended") and not one.order.get("holds") for one in every):
        return
    here = find_shared(office.store, channel=channel, thread=thread)
    shared = {(one.place.file, one.document): one for one in here}
    checks: dict[int, Check] = {}
    for one in every:
        found = shared.get((one.order["file"], one.document or 0))
        if found is not None and one.step != "failed":
            with suppress(TextRemoved), office.thinking:
                checks[found.document] = office.archive().check_again(found.document, number=found.number)
    failed = [(one.name, reason(one.fault.error, one.fault.slots)) for one in every if one.fault is not None]
    if checks and len(checks) + len(failed) >= _SEVERAL:
        message = several_message(list(checks.values()), office.frameworks, failed=failed)
        key = f"several {channel} {thread}"
        known = office.poster.posted(key)
        if not (known and office.poster.replace(channel, known, message)):
            office.poster.once(key, channel, message, thread=thread)
    if checks:
        _ask_of_all(office, every)


def _ask_of_all(office: Office, every: Sequence[Job]) -> None:
    """Have what was asked along with a file that holds several documents answered, once, about all of them."""
    for one in every:
        if one.order.get("holds") or one.order.get("inside"):
            file = replace(one, id=one.order.get("inside") or one.id, version=None, document=None)
            for asked in one.order["asks"]:
                ask_in_thread(office, file, asked["question"], asked["user"], thread=asked["thread"])


def plan_look(office: Office) -> None:
    """Have it looked once a day whether what is shown is still shared: Slack tells of no file that its rules delete."""
    if is_due(office.store, "shares"):
        office.add(f"look {now():%Y-%m-%d}", "look", {})


def look_again(office: Office, _job: Job) -> None:
    """Forget the shares of files that are not there, or not in a channel, any more."""
    # Several documents may lie in one file.
    for place in dict.fromkeys(shared_files(office.store)):
        try:
            file = find_file(office.api, place.file)
        except FileNotShared:
            remove_shares(office.store, file=place.file)
            continue
        except SlackRefused:
            # Of one file that Slack will not speak of, nothing is known.
            continue
        if place.channel not in file.shares:
            remove_shares(office.store, file=place.file, channel=place.channel)


def _find_file(office: Office, job: Job) -> SlackFile:
    """Return a job's file; raise FileNotShared by the name that people know it by."""
    try:
        return find_file(office.api, job.order["file"])
    except FileNotShared as exc:
        raise FileNotShared(name=job.name) from exc


def _reply(office: Office, job: Job, message: Message, what: str) -> None:
    """Put a message in the place of the greeting, or under the file where that is gone."""
    order = job.order
    if not office.poster.replace(order["channel"], order["message"], message):
        office.poster.once(f"{job.id} {what}", order["channel"], message, thread=order["thread"])


def _look_at_several(office: Office, job: Job) -> None:
    """Have it looked at whether all that came with one message is read."""
    order = {"channel": job.order["channel"], "thread": job.order["thread"], "ended": job.id}
    office.add(f"several {job.id} {job.changed_at.isoformat()}", "several", order)

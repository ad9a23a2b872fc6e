"""Questions: which draft is meant, what it says, and who may read the answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from govbot.asking.phrasing import load_phrasing
from govbot.asking.routing import Target
from govbot.enquiry import Conversation, Enquiry
from govbot.errors import FileNotShared, OneVersion, TextRemoved
from govbot.records import Answer
from govbot.rendering.slack.answers import answer_message
from govbot.rendering.slack.notices import DraftChoice, help_message, menu_message
from govbot.slack.arrivals import Arrival, arrive, ask_later
from govbot.slack.files import find_file
from govbot.slack.office import Request, now
from govbot.slack.telling import deny, tell, tell_sentence
from govbot.store import Place, Scope, Talk, find_jobs, find_shared, find_talk, keep_share, keep_talk, shared_numbers
from govbot.store.queueing import ENDS
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from govbot.enquiry import Reply
    from govbot.rendering.slack.blocks import Message
    from govbot.slack.office import Office
    from govbot.store import Job, KeptVersion, Shared

#: Drafts of one thread that are more than one, those that are asked at once, and those that a menu offers.
_SEVERAL, _MOST_AT_ONCE, _MOST_OFFERED = 2, 10, 50
#: Words at the start of a question that say whether it is about many drafts, and those that do.
_LEAD = 5
_OF_MANY = frozenset({"which", "what", "all", "any", "our", "other", "many", "list", "find", "show"})
#: Seconds before and after a message in which its files may have been uploaded.
_BEFORE, _AFTER = 3600, 5


def answer_question(office: Office, job: Job) -> None:
    """Answer what was asked in a message, or have the files that came with it checked first."""
    request = Request(job=job)
    files = _files(office, request)
    _have_read(office, request, files, request.text("text"))
    if not files:
        reply(office, request, request.text("text"))


def reply(office: Office, request: Request, question: str) -> None:
    """Answer a question about the draft that is meant."""
    if not any(map(str.isalnum, question)) or load_phrasing().wished(question).wish == "help":
        _say(office, request, help_message())
        return
    if _is_across(question) and not request.text("document"):
        _say_found(office, request, question)
        return
    checks = _checks(office, request)
    meant = _meant(office, request, checks) or _shared_again(office, request, checks)
    if not meant and not request.text("document") and not checks:
        if _read_now(office, request, question):
            return
        meant = _dropped_last(office, request.channel)
    seen = office.visible(request.user, meant)
    if meant and not seen:
        deny(office, request)
    elif not meant:
        _answer_without(office, request, question, checks)
    else:
        _answer(office, request, question, [one for one in seen if one.has_text][:_MOST_AT_ONCE], seen[0])


def _files(office: Office, request: Request) -> tuple[str, ...]:
    """Return the files that a message brought or links to; a mention does not say what it brought, so that is asked."""
    found = [*request.words("files"), *request.words("links")]
    message = request.text("message")
    if not found and message and not request.is_direct and not request.is_set("is_caption"):
        found = _came_with(office, request.channel, message, user=request.user)
    return tuple(dict.fromkeys(found))


def _came_with(office: Office, channel: str, message: str, *, user: str = "") -> list[str]:
    """Return the files that came with a message, of a person where one is named; raise SlackUnreachable."""
    about = float(message)
    listed = office.api(
        "files.list",
        channel=channel,
        team_id=office.team,
        ts_from=str(int(about - _BEFORE)),
        ts_to=str(int(about + _AFTER)),
        **({"user": user} if user else {}),
    )
    # Most are uploaded right before, and each that is looked at costs a call.
    near = sorted(listed.get("files") or (), key=lambda one: abs(float(one.get("created") or 0) - about))
    every = [one["id"] for one in near[:_MOST_AT_ONCE]]
    return [one for one in every if message in find_file(office.api, one).messages.get(channel, ())]


def _meant(office: Office, request: Request, checks: Sequence[Job]) -> tuple[Shared, ...]:
    """Return the drafts that a question is about, whoever may see them; none where that is not clear.

    They are those of the thread, or what was talked about last, unless a draft was dropped there since.
    """
    store, channel = office.store, request.channel
    thread = request.text("thread")
    if request.text("document"):
        return find_shared(store, document=int(request.text("document")))
    talk = find_talk(store, channel, _alone(request) or _thread(request))
    talked_of = find_shared(store, document=talk.document) if talk is not None else ()
    # Looked for after the other: of what is shared again just now, all that lies in the file is found or none.
    in_thread = find_shared(store, channel=channel, thread=thread) if thread else ()
    if talk is not None and len({one.document for one in in_thread}) < _SEVERAL:
        dropped = (in_thread or find_shared(store, channel=channel))[:1]
        is_later = any(one.shared_at > talk.changed_at for one in dropped if talk.changed_at is not None)
        if talked_of and not is_later:
            return talked_of
    if in_thread or checks:
        # A file that was shared before stands in the thread where it was first.
        return in_thread or find_shared(store, document={one.document for one in checks if one.document is not None})
    return ()


def _dropped_last(office: Office, channel: str) -> tuple[Shared, ...]:
    """Return the draft that was dropped last in a channel, or all that its file holds."""
    every = find_shared(office.store, channel=channel)
    return tuple(one for one in every if one.place == every[0].place)


def _shared_again(office: Office, request: Request, checks: Sequence[Job]) -> tuple[Shared, ...]:
    """Return the thread's drafts that were taken away and are shared here again: Slack may not have told of it yet."""
    for check in checks:
        if check.step != "done" or check.version is None:
            continue
        order = check.order
        with suppress(FileNotShared):
            if order["channel"] in find_file(office.api, order["file"]).shares:
                place = Place(channel=order["channel"], file=order["file"], thread=order["thread"], by=order["by"])
                keep_share(office.store, check.version, place, at=now())
    return _meant(office, request, checks)


def _answer_without(office: Office, request: Request, question: str, checks: Sequence[Job]) -> None:
    """Say what can be said where no draft is at hand: it is being read, could not be, or is gone; else offer others."""
    reading = [one for one in checks if one.step not in ENDS]
    if not checks and not request.text("document"):
        _offer(office, request, question)
    elif not office.access.may_read(request.user, request.channel):
        deny(office, request)
    elif reading:
        ask_later(office, reading[0], question, request.user)
    else:
        is_unread = bool(checks) and checks[0].step == "failed"
        tell_sentence(office, request, say("slack", "not_read" if is_unread else "gone"))


def _read_now(office: Office, request: Request, question: str) -> bool:
    """Have the files read that the thread began with, where govbot was not asked to before; return whether it has any.

    A channel may be set so that a file is read only where somebody asks for it.
    """
    thread = request.text("thread")
    if not thread or request.is_direct or not office.access.may_read(request.user, request.channel):
        return False
    files = _came_with(office, request.channel, thread)
    _have_read(office, request, files, question)
    return bool(files)


def _have_read(office: Office, request: Request, files: Iterable[str], question: str) -> None:
    """Have files read under the thread that a question stands in, and the question answered then."""
    thread = request.text("thread") or request.text("message")
    for file in files:
        arrival = Arrival(
            channel=request.channel, file=file, user=request.user, thread=thread, question=question, is_wanted=True
        )
        arrive(office, request.job, arrival)


def _checks(office: Office, request: Request) -> tuple[Job, ...]:
    """Return the jobs that read the drafts of a thread, latest first."""
    thread = request.text("thread")
    jobs = find_jobs(office.store, prefix=f"check {request.channel} ") if thread else ()
    return tuple(one for one in jobs if one.order.get("thread") == thread)


def _offer(office: Office, request: Request, question: str) -> None:
    """Offer the drafts that somebody may see, where it is not clear which is meant."""
    drafts = office.visible(request.user, find_shared(office.store))
    readable = [one for one in drafts if one.has_text]
    if len(readable) == 1 and (request.is_direct or request.text("answer_to")):
        _answer(office, request, question, readable, readable[0])
    elif readable:
        choices = [
            DraftChoice(document=one.document, title=one.title, version=one.number, at=one.shared_at)
            for one in readable[:_MOST_OFFERED]
        ]
        tell(office, request, menu_message(choices, request.job.id))
    else:
        tell_sentence(office, request, say("slack", "nothing_yet"))


def _answer(office: Office, request: Request, question: str, drafts: list[Shared], first: Shared) -> None:
    if not drafts:
        raise TextRemoved(title=first.title)
    talked_in = _talked_in(office, request, drafts)
    # Two questions of one conversation are answered one after the other: the second may go on from the first.
    with office.talking.of(f"{office.team} {request.channel} {talked_in}"):
        with office.thinking:
            asked = _ask(office, find_talk(office.store, request.channel, talked_in), question, drafts)
            frameworks = office.frameworks
        told = asked.told
        document = drafts[0].document if len(drafts) == 1 else 0
        is_here = drafts[0].place.channel == request.channel and drafts[0].place.thread == request.text("thread")
        name = "" if document == 0 or is_here else drafts[0].title
        _say(office, request, answer_message(told, frameworks, document=document, name=name), about=drafts)
        # Noted once it is posted: tried again, "show me more" must not take what nobody saw for shown.
        if isinstance(told, Answer):
            office.archive().note_question(asked.version, question, told, by=request.user)
        if asked.talk is not None:
            keep_talk(office.store, request.channel, talked_in, asked.talk, at=now())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """An answer, and what is to be kept of it once it is posted."""

    told: Reply
    #: The first of the drafts.
    version: KeptVersion
    #: None for several drafts, or where nothing is talked about on.
    talk: Talk | None = None


def _thread(request: Request) -> str:
    """Return where a conversation stands: its thread, or for a direct message or a command none."""
    return request.text("thread") or ("" if request.is_direct else request.text("message"))


def _alone(request: Request) -> str:
    """Return where the conversation is kept of somebody whom alone the answer is shown to; empty where all see it."""
    return f"@{request.user}" if request.text("answer_to") else ""


def _talked_in(office: Office, request: Request, drafts: Sequence[Shared]) -> str:
    """Return where a conversation is kept: one that a person alone sees is theirs alone."""
    seen_alone = _alone(request) or ("" if _readers_may(office, request, drafts) else f"@{request.user}")
    return seen_alone or _thread(request)


def _readers_may(office: Office, request: Request, drafts: Sequence[Shared]) -> bool:
    """Return whether all who read where it was asked may see the drafts; raise SlackUnreachable."""
    return all(office.access.all_may_read(request.channel, one.place.channel) for one in drafts)


def _ask(office: Office, talk: Talk | None, question: str, drafts: Sequence[Shared]) -> _Asked:
    """Return the answer, in the light of what was talked about before."""
    archive = office.archive()
    opened = [archive.reopen(one.document, number=one.number) for one in drafts]
    enquiry = Enquiry(
        office.workshops.get(),
        [document for _, document in opened],
        expected=[question],
        examine=archive.examiner([version for version, _ in opened]),
    )
    is_same = talk is not None and len(drafts) == 1 and talk.document == drafts[0].document
    last = _target(talk) if talk is not None and is_same else None
    conversation = Conversation(enquiry, last=last, shown=talk.seen if talk is not None and is_same else ())
    if enquiry.route(question).wish == "compare" and len(drafts) == 1:
        told = _compare(office, drafts[0], question)
        return _Asked(told=told, version=opened[0][0])
    told = conversation.ask(question)
    if len(drafts) > 1:
        return _Asked(told=told, version=opened[0][0])
    kept = None if conversation.last is None else asdict(conversation.last)
    talked = Talk(document=drafts[0].document, target=kept, seen=conversation.shown)
    return _Asked(told=told, version=opened[0][0], talk=talked)


def _compare(office: Office, draft: Shared, question: str) -> Reply:
    """Return what changed since the version before; raise OneVersion or TextRemoved where that cannot be told."""
    if not draft.is_newest or draft.number - 1 not in shared_numbers(office.store, draft.document):
        # What was kept and is not shared is nobody's to see.
        raise OneVersion(title=draft.title)
    return replace(office.archive().compare_versions(draft.document), question=question)


def _target(talk: Talk) -> Target | None:
    if talk.target is None:
        return None
    held: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in talk.target.items()
    }
    return Target(**held)


def _is_across(question: str) -> bool:
    """Return whether a question is about drafts rather than one: "which strategies mention whistleblowing?"."""
    words = [word.strip("?!.,;:()").casefold() for word in question.split()[:_LEAD]]
    return not load_phrasing().document_plurals.isdisjoint(words) and not _OF_MANY.isdisjoint(words)


def _say_found(office: Office, request: Request, question: str) -> None:
    """Say which of the drafts that somebody may see speak of something."""
    # Only newest versions are searched.
    drafts = [one for one in office.visible(request.user, find_shared(office.store)) if one.is_newest and one.has_text]
    scope = Scope(documents=[one.document for one in drafts])
    with office.thinking:
        found = office.archive().search(question, scope, is_numbered=False)
        frameworks = office.frameworks
    _say(office, request, answer_message(found, frameworks, document=0), about=drafts)


def _say(office: Office, request: Request, message: Message, *, about: Sequence[Shared] = ()) -> None:
    """Post an answer where it was asked, or show it to the asker alone where not all there may see the drafts."""
    if _alone(request) or not _readers_may(office, request, about):
        tell(office, request, message)
        return
    thread = _thread(request)
    place = next((one.place for one in about if one.place.thread == thread), None)
    file = None if place is None else partial(find_file, office.api, place.file)
    office.poster.once(f"{request.job.id} answer", request.channel, message, thread=thread, file=file)

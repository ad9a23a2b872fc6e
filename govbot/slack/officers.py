"""The command, and what governance officers see across drafts: summaries, digests, how channels are set."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from govbot.asking.phrasing import load_phrasing
from govbot.errors import SlackRefused
from govbot.rendering import write_portfolio
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref, Span
from govbot.rendering.slack.notices import help_message
from govbot.rendering.slack.summary import digest_message, summary_message
from govbot.rendering.slack.views import settings_view
from govbot.slack.answers import reply
from govbot.slack.office import Request, is_direct, now
from govbot.slack.telling import open_modal, tell, tell_sentence
from govbot.store import Scope, find_digests, find_settings, find_shared, keep_settings, note_digest
from govbot.words import say

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import Portfolio
    from govbot.slack.office import Office
    from govbot.store import Job, Reads, Shared

_WEEK = timedelta(days=7)
#: Words that mean the channel where they are typed, and those with which a span is told.
_HERE = frozenset({"here", "channel", "team"})
_SPAN = _HERE | {"since", "under", "for"}


def obey(office: Office, job: Job) -> None:
    """Do what somebody commands."""
    request = Request(job=job)
    text = request.text("text").strip()
    word, _, rest = text.partition(" ")
    if word.casefold() == "settings" and not rest:
        show_settings(office, request)
    elif word.casefold() == "summary":
        _summarise(office, request, rest)
    elif word.casefold() == "ask" and rest:
        reply(office, request, rest)
    elif text.casefold() in ("", "help", "ask"):
        tell(office, request, help_message())
    else:
        reply(office, request, text)


# Summaries


def in_view(office: Office, user: str, *, channel: str = "") -> tuple[Shared, ...]:
    """Return the drafts whose scores somebody may see: those that they may read, and for officers as the policy is."""
    # A summary is over newest versions.
    shared = [one for one in find_shared(office.store, channel=channel) if one.is_newest]
    if office.settings.slack_officers_see_private and office.access.is_officer(user):
        # A direct message is between a person and the bot.
        channels = [one for one in shared if not is_direct(one.place.channel)]
        return tuple({one.document: one for one in [*reversed(channels), *office.visible(user, shared)]}.values())
    return office.visible(user, shared)


def portfolio_of(office: Office, user: str, span: Span) -> tuple[Portfolio, Framework]:
    """Return how the drafts that somebody may see stand; raise UnknownFramework."""
    documents = [one.document for one in in_view(office, user, channel=span.channel)]
    return _gather(office, documents, span)


def export(office: Office, request: Request) -> None:
    """Put the summary as an Excel file into a direct message: what it holds is for who asked."""
    span = Span.unpack(request.text("value"))
    portfolio, framework = portfolio_of(office, request.user, span)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.xlsx"
        write_portfolio(path, _named(office, portfolio), framework)
        data = path.read_bytes()
    name = say("slack", "export_name", framework=framework.id, day=f"{now():%Y-%m-%d}")
    title = say("slack", "export_title", title=framework.title)
    office.poster.upload_once(
        f"{request.job.id} export", office.poster.direct(request.user), data, name=name, title=title
    )


def _summarise(office: Office, request: Request, words: str) -> None:
    span = _span(office, request, words)
    portfolio, framework = portfolio_of(office, request.user, span)
    is_officer = office.access.is_officer(request.user)
    try:
        tell(office, request, summary_message(portfolio, framework, span, is_officer=is_officer))
    except SlackRefused:
        # Slack knows charts in some places only.
        tell(office, request, summary_message(portfolio, framework, span, is_officer=is_officer, has_chart=False))


def _span(office: Office, request: Request, words: str) -> Span:
    """Return what a summary is to be over: "here", a channel, "since 2026-11-01", a framework by any of its names."""
    given = words.split()
    # A name that means other things as well counts where nothing else stands beside it.
    others = [one for one in given if one.casefold() not in _SPAN and not _day(one)]
    named = load_phrasing().named_frameworks(" ".join(others))
    frameworks = [one.id for one in office.frameworks if one.id in named or one.id in given]
    since = next((day for one in given if (day := _day(one))), "")
    here = request.channel if _HERE & {one.casefold() for one in given} else ""
    channel = next(iter(request.words("channels")), here)
    return Span(framework=frameworks[0] if frameworks else "", channel=channel, since=since)


def _named(office: Office, portfolio: Portfolio) -> Portfolio:
    """Return it with the names of channels and people in the place of their ids."""
    access = office.access
    drafts = [
        replace(one, now=replace(one.now, team=access.channel_name(one.now.team) or one.now.team))
        for one in portfolio.drafts
    ]
    decisions = [
        replace(
            one, decision=replace(one.decision, author=access.person_name(one.decision.author) or one.decision.author)
        )
        for one in portfolio.decisions
    ]
    return replace(portfolio, drafts=tuple(drafts), decisions=tuple(decisions))


def _day(word: str) -> str:
    """Return a day as "2026-11-01"; empty where a word is none."""
    try:
        return f"{datetime.strptime(word, '%Y-%m-%d').replace(tzinfo=UTC):%Y-%m-%d}"
    except ValueError:
        return ""


def _gather(office: Office, documents: list[int], span: Span) -> tuple[Portfolio, Framework]:
    known = {one.id: one for one in office.frameworks}
    framework = known.get(span.framework) or office.frameworks[0]
    since = datetime.fromisoformat(span.since).replace(tzinfo=UTC) if span.since else None
    with office.thinking:
        return office.archive().portfolio(framework.id, Scope(since=since, documents=documents)), framework


# Digests


def plan_digests(office: Office) -> None:
    """Have each digest sent that is due."""
    for one in find_digests(office.store):
        if one.digest_at is None or now() - one.digest_at >= _WEEK:
            # Of a day there is one; where it fails, the next day's comes.
            office.add(f"digest {one.channel} {now():%Y-%m-%d}", "digest", {"channel": one.channel})


def send_digest(office: Office, job: Job) -> None:
    """Post what was checked in a week, of the drafts that all who read the channel may read."""
    channel = Request(job=job).channel
    settings = find_settings(office.store, channel)
    if not settings.digest:
        return
    documents = [
        one.document
        for one in find_shared(office.store)
        if one.is_newest and office.access.all_may_read(channel, one.place.channel)
    ]
    span = Span(framework=settings.digest)
    portfolio, framework = _gather(office, sorted(set(documents)), span)
    message = digest_message(portfolio, framework, span, since=settings.digest_at or job.made_at - _WEEK)
    office.poster.once(f"{job.id} digest", channel, message)
    note_digest(office.store, channel, at=job.made_at)


# Settings


def _may_set(office: Office, user: str, channel: str) -> bool:
    """Return whether somebody may set a channel: its members, or officers alone, by setting."""
    if user not in office.access.members(channel):
        return False
    return office.settings.slack_settings_by == "members" or office.access.is_officer(user)


def show_settings(office: Office, request: Request) -> None:
    """Show how a channel is set: the one in which it was asked for, or that was chosen on Home."""
    channel = request.channel or request.text("value")
    if not office.access.may_read(request.user, channel):
        tell_sentence(office, request, say("slack", "not_there"))
        return
    settings = find_settings(office.store, channel)
    may_change = _may_set(office, request.user, channel)
    ref = Ref(document=0, note=channel)
    open_modal(
        office,
        request,
        settings_view(settings.reads, settings.digest, office.frameworks, ref, may_change=may_change),
    )


def set_channel(office: Office, request: Request, ref: Ref) -> None:
    """Set a channel as a form says."""
    if not _may_set(office, request.user, ref.note):
        tell_sentence(office, request, say("slack", "may_not_set"))
        return
    filled = request.values("values")
    chosen = filled.get(act.DIGEST, act.NONE)
    settings = replace(
        find_settings(office.store, ref.note),
        reads=cast("Reads", filled.get(act.READS) or "all"),
        digest="" if chosen == act.NONE else chosen,
    )
    keep_settings(office.store, settings, by=request.user, at=now())
    tell_sentence(office, request, say("slack", "set"))

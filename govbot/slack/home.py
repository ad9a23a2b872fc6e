"""Home: a person's drafts, what is shared with them, what they were told last, and for officers all that they see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Span
from govbot.rendering.slack.home import LastAnswer, Overview, home_view
from govbot.rendering.slack.notices import help_message
from govbot.slack.office import Request
from govbot.slack.officers import portfolio_of
from govbot.store import Scope, find_enquiries, find_shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.records import DraftRow
    from govbot.slack.office import Office
    from govbot.store import Job, Shared

#: Drafts of a person's own, those of others, and answers, that are shown.
_MOST, _ANSWERS = 20, 5
_PARTS = {act.SPAN_FRAMEWORK: "framework", act.SPAN_CHANNEL: "channel", act.SPAN_SINCE: "since"}


def show_home(office: Office, job: Job) -> None:
    """Show somebody their Home."""
    _publish(office, Request(job=job).user, Span())


def filter_home(office: Office, request: Request) -> None:
    """Show Home again, filtered as was chosen."""
    value = request.text("value")
    chosen = "" if value == act.NONE else value
    # The filters as they stand are in the id of their block.
    before = Span.unpack(request.text("block").partition(":")[2])
    _publish(office, request.user, replace(before, **{_PARTS[request.text("action")]: chosen}))


def greet(office: Office, job: Job) -> None:
    """Say once to somebody who opens the direct message what can be done there."""
    request = Request(job=job)
    office.poster.once(f"greeting {request.user}", request.channel, help_message())


def _publish(office: Office, user: str, span: Span) -> None:
    visible = office.visible(user, find_shared(office.store))
    mine = [one for one in visible if one.place.by == user][:_MOST]
    others = [one for one in visible if one.place.by != user][:_MOST]
    readable = {one.document for one in visible}
    answers = [
        LastAnswer(question=one.question, verdict=one.verdict, title=one.title)
        for one in find_enquiries(office.store, user, most=_ANSWERS)
        if one.document in readable
    ]
    overview = None
    if office.access.is_officer(user):
        portfolio, framework = portfolio_of(office, user, span)
        channels = {one.place.channel: office.access.room(one.place.channel) for one in visible}
        overview = Overview(
            portfolio=portfolio,
            span=replace(span, framework=framework.id),
            frameworks=office.frameworks,
            channels=[(key, room.name) for key, room in channels.items() if room is not None and room.name],
        )
    first = office.frameworks[0]
    view = home_view(_rows(office, mine), _rows(office, others), framework=first, answers=answers, overview=overview)
    # Opened again, it is there again: nobody waits for it.
    office.api.hurry("views.publish", user_id=user, view=view)


def _rows(office: Office, shared: Sequence[Shared]) -> list[DraftRow]:
    """Return how drafts stand, latest first."""
    if not shared:
        return []
    order = [one.document for one in shared]
    with office.thinking:
        portfolio = office.archive().portfolio(office.frameworks[0].id, Scope(documents=order))
    return sorted(portfolio.drafts, key=lambda row: order.index(row.now.document))

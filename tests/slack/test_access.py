"""Who sees what: whoever may not see a draft is told so in every way of asking, and nobody else is told anything."""

from __future__ import annotations

import pytest

from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from tests.slack.bot import PATIENCE, buttons, texts
from tests.slack.conftest import Town

SECRET = "The quince orchard is opened to every neighbour, and its board publishes the accounts of the quince harvest. "
DRAFT = b"# Quince Orchard Strategy\n\n" + SECRET.encode() * 12
DENIED = "no access"


@pytest.fixture(scope="module")
def closed(place: Town) -> tuple[str, str, str]:
    """A private channel that Ada alone is in, the time of a draft there, and that of the reply."""
    channel = place.channel(place.ada, private=True)
    dropped = place.slack.upload(place.ada, channel, "orchard.md", DRAFT)
    return channel, dropped.ts, place.replied(channel, dropped.ts).ts


def told(place: Town, user: str, words: str) -> str:
    """Return what somebody alone was shown, once it has these words."""

    def found() -> str:
        shown = [*place.slack.ephemerals(user), *place.slack.messages(place.slack.open_dm(user))]
        every = [*map(texts, shown), texts(place.slack.view(user)), *(one.text for one in shown)]
        return next((text for text in every if words in text), "")

    return place.slack.wait_for(found, PATIENCE)


def everything_seen(place: Town, user: str, channel: str) -> str:
    """Return all that somebody could read: the channel, messages to them alone, the modal, Home."""
    threads = [one for message in place.slack.messages(channel) for one in place.slack.messages(channel, message.ts)]
    direct = place.slack.messages(place.slack.open_dm(user))
    shown = [*place.slack.messages(channel), *threads, *place.slack.ephemerals(user), *direct]
    return " ".join([*map(texts, shown), texts(place.slack.view(user)), texts(place.slack.home(user))])


def test_a_stranger_to_a_channel_presses_what_was_copied_from_there(place: Town, closed: tuple[str, str, str]) -> None:
    channel, first, reply = closed
    place.slack.join(place.ben, channel)
    ref = Ref.unpack(buttons(place.slack.message(channel, reply))[act.EVIDENCE])
    place.slack.press(place.ben, channel, reply, act.EVIDENCE)
    place.slack.wait_for(lambda: "Integrity" in texts(place.slack.view(place.ben)), PATIENCE)
    place.slack.leave(place.ben, channel)
    # The modal is still open, and its buttons still know the draft.
    place.slack.press_in_view(place.ben, act.PRINCIPLE, selected=_other(place, place.ben))
    place.slack.wait_for(lambda: DENIED in texts(place.slack.view(place.ben)), PATIENCE)
    assert ref.document
    place.slack.close_view(place.ben, is_all=True)


def _other(place: Town, user: str) -> str:
    """Return another principle's value in the picker of the modal that somebody sees."""
    view = place.slack.view(user)
    assert view is not None
    menu = next(
        one for block in view["blocks"] for one in block.get("elements", ()) if one.get("action_id") == act.PRINCIPLE
    )
    groups = menu.get("option_groups") or [{"options": menu["options"]}]
    return [option["value"] for group in groups for option in group["options"]][-1]


@pytest.mark.parametrize(
    "question", ["what does it say on quince?", "which drafts mention quince?", "compare with the last version"]
)
def test_one_who_is_not_in_the_channel_asks_elsewhere(place: Town, closed: tuple[str, str, str], question: str) -> None:
    here = place.channel(place.ben)
    asked = place.slack.say(place.ben, here, f"<@{place.slack.bot_user}> {question}")
    place.slack.command(place.ben, here, "/govbot", f"ask {question}")
    place.slack.say(place.ben, place.slack.open_dm(place.ben), question)

    def answers() -> bool:
        direct = place.slack.messages(place.slack.open_dm(place.ben))
        ours = [one for one in place.slack.ephemerals(place.ben) if one.channel == here]
        return bool(ours) and bool([one for one in direct if one.is_bot])

    place.slack.wait_for(answers, PATIENCE)
    assert asked
    assert "rchard" not in everything_seen(place, place.ben, here).replace("quince?", "")


def test_summaries_and_home_know_nothing_of_it(place: Town, closed: tuple[str, str, str]) -> None:
    place.slack.command(place.ben, place.housing, "/govbot", "summary")
    place.slack.open_home(place.ben)
    place.slack.wait_for(lambda: place.slack.home(place.ben), PATIENCE)
    told(place, place.ben, "rafts")
    assert "rchard" not in everything_seen(place, place.ben, place.housing)


def test_a_guest_sees_a_public_channel_s_drafts_as_a_member_only(place: Town) -> None:
    guest = place.slack.add_user("Gus", guest=True)
    channel = place.channel(place.ada)
    dropped = place.slack.upload(place.ada, channel, "parks.md", DRAFT.replace(b"quince", b"parks"))
    place.replied(channel, dropped.ts)
    here = place.channel(guest)
    place.slack.say(guest, here, f"<@{place.slack.bot_user}> which drafts mention parks?")
    place.slack.wait_for(lambda: place.slack.ephemerals(guest) or _replies(place, here), PATIENCE)
    assert "Orchard" not in everything_seen(place, guest, here)
    place.slack.join(guest, channel)
    place.slack.say(guest, channel, f"<@{place.slack.bot_user}> what does it say on parks?", thread=dropped.ts)
    place.slack.wait_for(lambda: len(place.slack.messages(channel, dropped.ts)) > 2, PATIENCE)


def test_a_stranger_in_a_shared_channel_sees_what_is_shared_there_and_nothing_else(place: Town) -> None:
    stranger = place.slack.add_user("Sam", stranger=True)
    channel, here = place.channel(place.ada), place.channel(place.ada)
    dropped = place.slack.upload(place.ada, channel, "quays.md", DRAFT.replace(b"quince", b"quays"))
    place.replied(channel, dropped.ts)
    place.slack.share_channel(here, place.slack.world.users[stranger].team)
    place.slack.join(stranger, here)
    asked = place.slack.say(stranger, here, f"<@{place.slack.bot_user}> which drafts mention quays?")
    place.slack.wait_for(lambda: place.slack.messages(here, asked), PATIENCE)
    assert "Orchard" not in everything_seen(place, stranger, here)
    # A colleague who asks there alone sees the answer: the stranger reads the channel too.
    place.slack.say(place.ada, here, f"<@{place.slack.bot_user}> which drafts mention quays?")
    assert "Orchard" in told(place, place.ada, "Orchard")
    assert "Orchard" not in everything_seen(place, stranger, here)
    place.slack.upload(place.ada, here, "moor.md", DRAFT.replace(b"Orchard", b"Moor").replace(b"quince", b"moor"))
    place.slack.say(stranger, here, f"<@{place.slack.bot_user}> which drafts mention moor?")
    place.slack.wait_for(lambda: "Moor" in everything_seen(place, stranger, here), PATIENCE)


def test_a_link_to_a_file_tells_nothing_of_it(place: Town, closed: tuple[str, str, str]) -> None:
    here = place.channel(place.ben)
    channel, first, _ = closed
    file = place.slack.message(channel, first).files[0]
    place.slack.say(place.ben, here, f"<@{place.slack.bot_user}> check {place.slack.link_to(file)}")
    place.slack.wait_for(lambda: [one for one in place.slack.ephemerals(place.ben) if one.channel == here], PATIENCE)
    assert "rchard" not in " ".join(texts(one) for one in place.slack.ephemerals(place.ben))


def test_a_draft_that_is_deleted_is_not_found_any_more(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = place.slack.upload(place.ada, channel, "rivers.md", DRAFT.replace(b"quince", b"river"))
    place.replied(channel, dropped.ts)
    place.slack.delete_file(dropped.file)
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> what does it say on river?", thread=dropped.ts)
    answer = place.slack.wait_for(lambda: _answer_to_nothing(place, channel, dropped.ts), PATIENCE)
    assert "not there any more" in answer


def test_an_answer_that_not_all_here_may_read_is_shown_to_the_asker_alone(
    place: Town, closed: tuple[str, str, str]
) -> None:
    here = place.channel(place.ada, place.ben)
    place.slack.say(place.ada, here, f"<@{place.slack.bot_user}> which drafts mention quince?")
    assert "rchard" in told(place, place.ada, "rchard")
    assert "rchard" not in everything_seen(place, place.ben, here)


def _replies(place: Town, channel: str) -> list[str]:
    return [
        texts(one) for message in place.slack.messages(channel) for one in place.slack.messages(channel, message.ts)
    ]


def _answer_to_nothing(place: Town, channel: str, thread: str) -> str:
    shown = [*place.slack.ephemerals(place.ada), *place.slack.messages(channel, thread)[2:]]
    return next((texts(one) for one in shown if one.channel == channel), "")


def test_a_draft_that_speaks_slack_s_own_language_is_shown_as_text(place: Town) -> None:
    channel = place.channel(place.ada, place.ben)
    evil = (
        f"The board <!channel> and <@{place.ben}> will publish *all* papers at <https://evil.example|our site> @here; "
        + "x" * 10_000
        + " \u202e\u0007. "
    )
    dropped = place.slack.upload(
        place.ada, channel, "<!channel> *plan*.md", (b"# <!here> plan\n\n" + evil.encode() * 6)
    )
    reply = place.replied(channel, dropped.ts)
    place.slack.press(place.ada, channel, reply.ts, act.EVIDENCE)
    place.slack.wait_for(lambda: "Loading" not in texts(place.slack.view(place.ada)), PATIENCE)
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> what does it say on papers?", thread=dropped.ts)
    place.slack.wait_for(lambda: len(place.slack.messages(channel, dropped.ts)) > 2, PATIENCE)
    ours = [one for one in place.slack.messages(channel, dropped.ts) if one.is_bot]
    assert [one.pings for one in ours] == [()] * len(ours)

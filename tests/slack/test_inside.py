"""Archives and e-mails with several documents: each is a draft of its own, under the file that holds it."""

from __future__ import annotations

import json
import signal
from email.message import EmailMessage

import pytest

from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref
from govbot.testing.slack import Message, Uploaded
from tests.slack.bot import PATIENCE, buttons, texts
from tests.slack.conftest import Town
from tests.slack.test_access import everything_seen, told
from tests.slack.test_faults import worker_of
from tests.slack.test_people import MOOR, PARKS, answered, shown
from tests.unit.reading.test_archives import make_zip

BROKEN = b"%PDF-1.7 and no more"
OPEN = b"Every decision is published with its reasons on the website of the board within a week. " * 3
BOTH = (("plans/parks.md", PARKS), ("moor.md", MOOR))


def drop(place: Town, channel: str, *entries: tuple[str, bytes], text: str = "", name: str = "bundle.zip") -> Uploaded:
    return place.slack.upload(place.ada, channel, name, make_zip(*entries), text=text)


def replies(place: Town, channel: str, thread: str, count: int) -> list[Message]:
    """Return the replies on drafts in a thread, in its order, once there are so many."""

    def found() -> list[Message]:
        every = [one for one in place.slack.messages(channel, thread) if act.EVIDENCE in buttons(one)]
        return every if len(every) == count else []

    return place.slack.wait_for(found, PATIENCE)


def finished(place: Town, channel: str, thread: str) -> None:
    """Wait for the summary of two drafts, and see that nothing stands there but what is in it, and it, each once."""
    answered(place, channel, thread, "2 drafts are checked")
    (first, *drafts, last) = [texts(one) for one in place.slack.messages(channel, thread)]
    assert "bundle.zip holds 2 documents. Each is checked by itself" in first
    assert [f"From bundle.zip/{name}." in text for (name, _), text in zip(BOTH, drafts, strict=True)] == [True, True]
    assert "2 drafts are checked" in last


def mention(place: Town, channel: str, thread: str, question: str) -> None:
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> {question}", thread=thread)


@pytest.fixture(scope="module")
def bundle(place: Town) -> tuple[str, str, list[Message]]:
    """A channel, the time of an archive's message in it, and the replies on its two drafts."""
    channel = place.channel(place.ada, place.ben)
    # A caption is a question about all that is in it.
    text = f"<@{place.slack.bot_user}> does it say anything about heather?"
    dropped = drop(place, channel, *BOTH, ("photo.png", b""), ("again/moor.md", MOOR), text=text)
    return channel, dropped.ts, replies(place, channel, dropped.ts, 2)


def test_each_document_of_an_archive_has_a_reply_and_all_of_them_a_summary(
    place: Town, bundle: tuple[str, str, list[Message]]
) -> None:
    channel, thread, (parks, moor) = bundle
    summary = answered(place, channel, thread, "2 drafts are checked")
    assert "Parks plan" in summary
    assert "Moor plan" in summary
    assert "From bundle.zip/plans/parks.md." in texts(parks)
    assert "From bundle.zip/moor.md." in texts(moor)
    answered(place, channel, thread, "On heather")
    first, *others = place.slack.messages(channel, thread)
    assert texts(first) == (
        "bundle.zip holds 3 documents. 2 of them are checked, and each has a reply of its own in this thread. "
        "bundle.zip/photo.png was not checked: it is of a kind that govbot does not read. "
        "bundle.zip/again/moor.md was not checked: it is the same as another document in there."
    )
    assert len(others) == 4


def test_a_question_in_the_thread_is_answered_with_the_documents_named(
    place: Town, bundle: tuple[str, str, list[Message]]
) -> None:
    channel, thread, _ = bundle
    mention(place, channel, thread, "does it say anything about swings?")
    answer = answered(place, channel, thread, "On swings")
    assert "bundle.zip/plans/parks.md: " in answer
    assert "bundle.zip/moor.md: not mentioned" in answer


def test_buttons_and_decisions_are_about_the_document_of_their_reply(
    place: Town, bundle: tuple[str, str, list[Message]]
) -> None:
    channel, thread, (parks, moor) = bundle
    assert Ref.unpack(buttons(parks)[act.EVIDENCE]).document != Ref.unpack(buttons(moor)[act.EVIDENCE]).document
    place.slack.press(place.ada, channel, moor.ts, act.EVIDENCE)
    shown(place, place.ada, "A Integrity")
    place.slack.press_in_view(place.ada, act.SET_ASIDE)
    shown(place, place.ada, "Why")
    place.slack.submit(place.ada, {act.REASON: "The moor's code is another paper."})
    shown(place, place.ada, "Noted")
    place.slack.wait_for(lambda: "not relevant" in texts(place.slack.message(channel, moor.ts)).casefold(), PATIENCE)
    assert "1 not relevant" not in texts(place.slack.message(channel, parks.ts))
    place.slack.close_view(place.ada, is_all=True)


def test_each_document_of_a_new_archive_is_compared_with_its_own_version_before(
    place: Town, bundle: tuple[str, str, list[Message]]
) -> None:
    channel, _, before = bundle
    dropped = drop(place, channel, ("moor.md", MOOR + OPEN), ("plans/parks.md", PARKS))
    moor, parks = replies(place, channel, dropped.ts, 2)
    assert "1 gap closed" in texts(moor)
    assert "Since version" not in texts(parks)
    documents = [Ref.unpack(buttons(one)[act.EVIDENCE]).document for one in (parks, moor)]
    assert documents == [Ref.unpack(buttons(one)[act.EVIDENCE]).document for one in before]


def test_a_stranger_to_the_channel_sees_nothing_of_what_an_archive_holds(place: Town) -> None:
    channel = place.channel(place.ada, private=True)
    quince = PARKS.replace(b"Parks", b"Quince orchard").replace(b"swings", b"quinces")
    dropped = drop(place, channel, ("orchard.md", quince), ("moor.md", MOOR))
    orchard, _ = replies(place, channel, dropped.ts, 2)
    here = place.channel(place.ben)
    asked = place.slack.say(place.ben, here, f"<@{place.slack.bot_user}> which drafts mention quinces?")
    place.slack.open_home(place.ben)
    answered(place, here, asked, "No kept draft")
    assert "rchard" not in everything_seen(place, place.ben, here)
    place.slack.join(place.ben, channel)
    place.slack.press(place.ben, channel, orchard.ts, act.EVIDENCE)
    shown(place, place.ben, "A Integrity")
    place.slack.leave(place.ben, channel)
    place.slack.press_in_view(place.ben, act.SET_ASIDE)
    assert told(place, place.ben, "no access")


def test_documents_go_from_answers_with_the_file_that_held_them(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, *BOTH)
    replies(place, channel, dropped.ts, 2)
    answered(place, channel, dropped.ts, "2 drafts are checked")
    place.slack.delete_file(dropped.file)
    mention(place, channel, dropped.ts, "does it say anything about heather?")
    told(place, place.ada, "not there any more")


def test_a_file_that_is_shared_again_brings_its_documents_back(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, *BOTH)
    answered(place, channel, dropped.ts, "2 drafts are checked")
    place.slack.unshare(dropped.file, channel)
    place.slack.share(dropped.file, place.ada, channel)
    mention(place, channel, dropped.ts, "does it say anything about heather?")
    assert "bundle.zip/moor.md: " in answered(place, channel, dropped.ts, "On heather")


def test_each_document_of_an_e_mail_is_checked(place: Town) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ben@example.org", "Two plans"
    mail.set_content(
        "Here are the two plans that we spoke of, for you to look at before the meeting of the board. " * 2
    )
    for name, draft in BOTH:
        mail.add_attachment(draft, maintype="text", subtype="markdown", filename=name.rpartition("/")[2])
    channel = place.channel(place.ada)
    dropped = place.slack.upload(place.ada, channel, "plans.eml", mail.as_bytes())
    parks, moor = replies(place, channel, dropped.ts, 2)
    assert "From plans.eml/parks.md." in texts(parks)
    assert "From plans.eml/moor.md." in texts(moor)
    note = "plans.eml was not checked: it is the message that the document was attached to."
    assert texts(place.slack.messages(channel, dropped.ts)[0]).endswith(note)
    answered(place, channel, dropped.ts, "2 drafts are checked")


def test_in_a_direct_message_all_that_was_dropped_last_is_meant(place: Town) -> None:
    gwen = place.slack.add_user("Gwen")
    direct = place.slack.open_dm(gwen)
    dropped = place.slack.upload(gwen, direct, "bundle.zip", make_zip(*BOTH))
    answered(place, direct, dropped.ts, "2 drafts are checked")
    place.slack.say(gwen, direct, "does it say anything about swings?")
    (answer,) = place.slack.wait_for(lambda: [one for one in place.slack.messages(direct) if one.is_bot], PATIENCE)
    assert "bundle.zip/moor.md: not mentioned" in texts(answer)


def test_of_two_documents_one_that_is_damaged_is_told_of_once(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, ("parks.md", PARKS), ("broken.pdf", BROKEN))
    replies(place, channel, dropped.ts, 1)
    # What is asked after is answered after.
    mention(place, channel, dropped.ts, "does it say anything about swings?")
    answered(place, channel, dropped.ts, "Yes")
    first, reply, _question, answer = [texts(one) for one in place.slack.messages(channel, dropped.ts)]
    assert "bundle.zip holds 2 documents. One of them is checked and has a reply of its own" in first
    assert "bundle.zip/broken.pdf is cut off or damaged" in first
    assert "broken.pdf" not in reply + answer


def test_of_many_documents_ten_are_checked_and_the_others_named(place: Town) -> None:
    channel = place.channel(place.ada)
    wards = [(f"{ward}.md", PARKS.replace(b"Parks", f"Ward {ward}".encode())) for ward in "abcdefghijkl"]
    dropped = drop(place, channel, *wards)
    answered(place, channel, dropped.ts, "10 drafts are checked")
    first, *others = [texts(one) for one in place.slack.messages(channel, dropped.ts)]
    assert "holds 12 documents. 10 of them are checked" in first
    assert "2 more documents were not checked, as 10 of one file are checked at most. Put them into another" in first
    assert "one by one: k.md, l.md." in first
    assert len(others) == 11


def test_where_no_document_can_be_checked_each_reason_is_told(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, ("broken.pdf", BROKEN), ("note.md", b"# Note\n\nThe board meets in public at noon."))
    told = answered(place, channel, dropped.ts, "holds no document that could be checked")
    assert "bundle.zip/broken.pdf is cut off" in told
    assert "bundle.zip/note.md has fewer than 60 words" in told
    (only,) = place.slack.messages(channel, dropped.ts)
    assert act.RETRY in buttons(only)


def test_two_documents_of_one_title_are_two_drafts_in_every_version(place: Town) -> None:
    channel = place.channel(place.ada)
    twins = [("north/plan.md", PARKS), ("south/plan.md", PARKS.replace(b"swings", b"slides"))]
    first = replies(place, channel, drop(place, channel, *twins).ts, 2)
    second = replies(place, channel, drop(place, channel, *((name, draft + OPEN) for name, draft in twins[::-1])).ts, 2)
    assert ["Parks plan (north/plan.md)" in texts(one) for one in first] == [True, False]
    assert ["1 gap closed" in texts(one) for one in second] == [True, True]
    numbers = [[Ref.unpack(buttons(one)[act.EVIDENCE]).document for one in every] for every in (first, second[::-1])]
    assert numbers[0] == numbers[1]


# Nothing is lost, nothing comes twice


def test_an_event_that_comes_again_and_a_file_that_is_shared_again_double_nothing(place: Town) -> None:
    channel = place.channel(place.ada)
    before = place.slack.event_ids("file_shared")
    dropped = drop(place, channel, *BOTH)
    event = place.slack.wait_for(lambda: [one for one in place.slack.event_ids("file_shared") if one not in before])[0]
    for _ in range(3):
        place.slack.redeliver(event)
    replies(place, channel, dropped.ts, 2)
    again = place.slack.share(dropped.file, place.ada, channel)
    place.slack.redeliver(event)
    place.replied(channel, place.drop(channel).ts)
    finished(place, channel, dropped.ts)
    assert place.slack.messages(channel, again) == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_worker_is_killed_in_the_middle(place: Town, count: int) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, *BOTH)
    place.slack.wait_for(lambda: len(place.slack.messages(channel, dropped.ts)) >= count, PATIENCE)
    worker_of(place).send_signal(signal.SIGKILL)
    finished(place, channel, dropped.ts)


def test_messages_arrive_and_the_answers_do_not(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, *BOTH)
    place.slack.wait_for(lambda: place.slack.messages(channel, dropped.ts), PATIENCE)
    place.slack.fail("chat.postMessage", status=0, times=2, done=True)
    place.slack.fail("chat.update", status=503, times=2)
    finished(place, channel, dropped.ts)


def test_what_could_not_be_greeted_is_tried_again(place: Town) -> None:
    channel = place.channel(place.ada)
    dropped = drop(place, channel, *BOTH)
    first = place.slack.wait_for(lambda: place.slack.messages(channel, dropped.ts), PATIENCE)[0]
    place.slack.fail("chat.postMessage", error="restricted_action")
    place.slack.wait_for(lambda: act.RETRY in buttons(place.slack.message(channel, first.ts)), PATIENCE)
    place.slack.press(place.ada, channel, first.ts, act.RETRY)
    found = replies(place, channel, dropped.ts, 2)
    answered(place, channel, dropped.ts, "2 drafts are checked")
    assert len({json.dumps(buttons(one)) for one in found}) == 2

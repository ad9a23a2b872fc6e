"""What people do with the bot, each from the message to the reply."""

from __future__ import annotations

import re

import pytest

from govbot.frameworks import WIDEST
from govbot.rendering.slack import actions as act
from govbot.testing.slack import Message
from tests.scenario.command import govbot_process
from tests.slack.bot import DRAFTS, PATIENCE, buttons, texts
from tests.slack.conftest import Town
from tests.unit.reading.test_archives import make_zip

PARKS = b"# Parks plan\n\n" + b"The board meets in public every month, and the swings are mended each spring. " * 10
MOOR = b"# Moor plan\n\n" + b"The heather is burnt in strips, as the wardens decide together in autumn. " * 10


@pytest.fixture(scope="module")
def thread(place: Town) -> tuple[str, str, str]:
    """A channel, the time of a draft's message in it, and that of the reply."""
    dropped, reply = place.checked(place.housing)
    return place.housing, dropped.ts, reply.ts


def answered(place: Town, channel: str, thread: str, words: str) -> str:
    """Return the text of the message in a thread that has these words, once it is there."""

    def found() -> str:
        return next((text for one in place.slack.messages(channel, thread) if words in (text := texts(one))), "")

    return place.slack.wait_for(found, PATIENCE)


def shown(place: Town, user: str, words: str) -> str:
    """Return the text of the modal that somebody sees, once it has these words."""
    return place.slack.wait_for(lambda: text if words in (text := texts(place.slack.view(user))) else "", PATIENCE)


def test_a_draft_is_answered_in_its_thread(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, reply = thread
    (only,) = place.slack.messages(channel, first)
    assert (only.ts, only.pings, only.changes > 1) == (reply, (), True)
    assert only.text.startswith("Ennerdown Library Strategy 2027 to 2032")
    on_the_command_line = govbot_process("check", DRAFTS / "ennerdown-library-strategy.docx", "--framework", WIDEST)
    counts = re.compile(r"(?<!\d)\d+ of 21 criteria are evidenced")
    (counted,) = counts.findall(on_the_command_line.out)
    assert counts.findall(texts(only)) == [counted]
    assert {act.EVIDENCE, act.QUESTIONS, act.REPORT, act.REFRAME, act.NOT_RELEVANT, act.ASK} <= set(buttons(only))


def test_a_question_in_the_thread_is_answered_there_and_goes_on(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, _ = thread
    place.slack.say(place.ben, channel, f"<@{place.slack.bot_user}> have we covered openness?", thread=first)
    assert "B1" in answered(place, channel, first, "openness")
    place.slack.say(place.ben, channel, f"<@{place.slack.bot_user}> show me more", thread=first)
    third = place.slack.wait_for(
        lambda: [one for one in place.slack.messages(channel, first) if one.is_bot][2:], PATIENCE
    )
    assert "openness" in texts(third[0])


def test_a_caption_is_answered_once_the_draft_is_read(place: Town) -> None:
    channel = place.channel()
    dropped = place.drop(channel, f"<@{place.slack.bot_user}> have we covered whistleblowing?")
    assert answered(place, channel, dropped.ts, "whistleblowing")
    assert sum("Main gaps" in texts(one) for one in place.slack.messages(channel, dropped.ts)) == 1


def test_questions_asked_while_a_draft_is_read_are_answered_after(place: Town) -> None:
    channel = place.channel(place.ada, place.ben)
    dropped = place.drop(channel)
    place.slack.wait_for(lambda: place.slack.messages(channel, dropped.ts), PATIENCE)
    for user, question in ((place.ada, "have we covered openness?"), (place.ben, "any thing about whistelblowing")):
        place.slack.say(user, channel, f"<@{place.slack.bot_user}> {question}", thread=dropped.ts)
    assert answered(place, channel, dropped.ts, "openness")
    assert answered(place, channel, dropped.ts, "histle")


def test_a_direct_message_is_answered(place: Town) -> None:
    direct = place.slack.open_dm(place.ada)
    dropped = place.drop(direct, "have we covered openness?")
    place.replied(direct, dropped.ts)
    assert "B1" in answered(place, direct, dropped.ts, "openness")


def test_what_was_asked_under_another_framework_goes_on(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, _ = thread
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> how do we do on the TOMs?", thread=first)
    answered(place, channel, first, "TOM1")
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> why?", thread=first)
    answered(place, channel, first, "counted one by one")


def test_a_modal_shows_the_evidence_and_takes_a_decision(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, reply = thread
    place.slack.press(place.ada, channel, reply, act.EVIDENCE)
    assert "A Integrity, ethics and law" in shown(place, place.ada, "A Integrity")
    assert place.slack.view(place.ada)
    place.slack.press_in_view(place.ada, act.SET_ASIDE)
    shown(place, place.ada, "Why")
    place.slack.submit(place.ada, {act.REASON: "The council's code is another paper."})
    shown(place, place.ada, "Noted")
    place.slack.wait_for(lambda: "not relevant" in texts(place.slack.message(channel, reply)).casefold(), PATIENCE)


def test_the_report_comes_as_a_file(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, reply = thread
    place.slack.press(place.ada, channel, reply, act.REPORT)
    files = place.slack.wait_for(lambda: [one for one in place.slack.messages(channel, first) if one.files], PATIENCE)
    assert b"Ennerdown" in place.slack.file_data(files[0].files[0])


def test_another_framework_is_answered_in_the_thread(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, reply = thread
    place.slack.press(place.ada, channel, reply, act.REFRAME)
    shown(place, place.ada, "CLEAR")
    place.slack.submit(place.ada, {act.CHOSEN: ["best-value"]})
    assert answered(place, channel, first, "Best Value")


def test_help_and_summary_are_commands(place: Town, thread: tuple[str, str, str]) -> None:
    place.slack.command(place.ada, place.housing, "/govbot", "help")
    place.slack.command(place.ada, place.housing, "/govbot", "summary")
    place.slack.wait_for(lambda: any("Ennerdown" in texts(one) for one in place.slack.ephemerals(place.ada)), PATIENCE)


def test_home_shows_a_person_s_drafts(place: Town, thread: tuple[str, str, str]) -> None:
    place.slack.open_home(place.ada)
    home = place.slack.wait_for(
        lambda: text if "Ennerdown" in (text := texts(place.slack.home(place.ada))) else "", PATIENCE
    )
    assert "Ennerdown Library Strategy" in home


def test_a_channel_is_set_to_drafts_that_mention_the_bot(place: Town) -> None:
    channel = place.channel()
    place.slack.command(place.ada, channel, "/govbot", "settings")
    shown(place, place.ada, "digest")
    place.slack.submit(place.ada, {act.READS: "mentioned", act.DIGEST: act.NONE})
    shown(place, place.ada, "Saved")
    silent = place.drop(channel)
    wanted = place.drop(channel, f"<@{place.slack.bot_user}>", name="again.docx")
    place.replied(channel, wanted.ts)
    assert place.slack.messages(channel, silent.ts) == ()


def test_a_file_that_was_left_alone_is_read_once_somebody_asks_under_it(place: Town) -> None:
    channel = place.channel()
    # Of another draft of the channel nobody asks.
    other = place.slack.upload(place.ada, channel, "parks.md", PARKS)
    place.replied(channel, other.ts)
    place.slack.command(place.ada, channel, "/govbot", "settings")
    shown(place, place.ada, "digest")
    place.slack.submit(place.ada, {act.READS: "mentioned", act.DIGEST: act.NONE})
    shown(place, place.ada, "Saved")
    dropped = place.drop(channel)
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> have we covered openness?", thread=dropped.ts)
    place.replied(channel, dropped.ts)
    assert "Partly" in answered(place, channel, dropped.ts, "openness")


def test_in_a_direct_message_the_draft_that_was_dropped_last_is_meant(place: Town) -> None:
    gwen = place.slack.add_user("Gwen")
    direct = place.slack.open_dm(gwen)
    for name, draft, word in (("parks.md", PARKS, "swings"), ("moor.md", MOOR, "heather")):
        dropped = place.slack.upload(gwen, direct, name, draft)
        place.replied(direct, dropped.ts)
        before = len(place.slack.messages(direct))
        place.slack.say(gwen, direct, f"does it say anything about {word}?")
        shown = place.slack.wait_for(lambda: place.slack.messages(direct)[before + 1 :], PATIENCE)  # noqa: B023
        assert word in texts(shown[0])


def test_a_note_is_told_to_be_too_short_and_is_in_no_summary(place: Town) -> None:
    channel = place.channel()
    dropped = place.slack.upload(place.ada, channel, "note.md", b"# Lunch note\n\nThe board meets in public at noon.")
    assert "too short" in answered(place, channel, dropped.ts, "too short")
    place.slack.command(place.ada, channel, "/govbot", "summary here")
    summary = place.slack.wait_for(
        lambda: [texts(one) for one in place.slack.ephemerals(place.ada) if one.channel == channel], PATIENCE
    )
    assert "Lunch" not in summary[-1]


def test_who_greets_the_bot_is_told_what_to_try(place: Town) -> None:
    gwen = place.slack.add_user("Gwen")
    direct = place.slack.open_dm(gwen)
    place.slack.say(gwen, direct, "Hello!")
    assert place.slack.wait_for(
        lambda: [one for one in place.slack.messages(direct) if "Three things to try" in texts(one)], PATIENCE
    )


def test_with_one_version_only_there_is_nothing_to_compare(place: Town, thread: tuple[str, str, str]) -> None:
    channel, first, _ = thread
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> compare with the last version", thread=first)
    told = place.slack.wait_for(
        lambda: [text for one in place.slack.ephemerals(place.ada) if "Only one version" in (text := texts(one))],
        PATIENCE,
    )
    assert "--" not in told[0]


def test_the_shortcut_checks_a_message_s_files(place: Town) -> None:
    channel = place.channel()
    place.slack.command(place.ada, channel, "/govbot", "settings")
    shown(place, place.ada, "digest")
    place.slack.submit(place.ada, {act.READS: "none", act.DIGEST: act.NONE})
    shown(place, place.ada, "Saved")
    dropped = place.drop(channel)
    place.slack.shortcut(place.ada, channel, dropped.ts, act.CHECK)
    assert place.replied(channel, dropped.ts)


def test_a_file_that_cannot_be_read_is_told_with_a_way_out(place: Town) -> None:
    channel = place.channel()
    dropped = place.slack.upload(place.ada, channel, "plan.pdf", b"%PDF-1.7 and no more")
    message = place.slack.wait_for(
        lambda: next((one for one in place.slack.messages(channel, dropped.ts) if act.RETRY in buttons(one)), None),
        PATIENCE,
    )
    assert "plan.pdf" in texts(message)


def test_the_one_draft_in_an_archive_is_answered_as_if_it_were_the_file(place: Town) -> None:
    channel = place.channel()
    dropped = place.slack.upload(place.ada, channel, "one.zip", make_zip(("parks.md", PARKS), ("photo.png", b"")))
    assert "one.zip/photo.png: it is of a kind" in texts(place.replied(channel, dropped.ts))
    assert len(place.slack.messages(channel, dropped.ts)) == 1


def test_several_files_are_answered_one_by_one_and_together(place: Town) -> None:
    channel = place.channel()
    dropped = place.slack.upload(
        place.ada,
        channel,
        "one.docx",
        place.draft(),
        also=[
            ("two.md", b"# Parks plan\n\n" + b"The board meets in public every month and publishes its papers. " * 30)
        ],
    )
    answered(place, channel, dropped.ts, "2 drafts are checked")


def test_of_several_files_one_that_cannot_be_read_is_named_in_the_summary(place: Town) -> None:
    channel = place.channel()
    plan = b"# Parks plan\n\n" + b"The board meets in public every month and publishes its papers. " * 30
    dropped = place.slack.upload(place.ada, channel, "parks.md", plan, also=[("broken.pdf", b"%PDF-1.7 and no more")])
    assert "broken.pdf" in answered(place, channel, dropped.ts, "Could not be checked")


def test_a_press_in_a_direct_message_goes_on_from_the_last_answer(place: Town) -> None:
    direct = place.slack.open_dm(place.ben)
    dropped = place.drop(direct, user=place.ben)
    place.replied(direct, dropped.ts)
    place.slack.say(place.ben, direct, "have we covered openness?")

    def answers() -> list[Message]:
        return [one for one in place.slack.messages(direct) if one.is_bot and "openness" in texts(one)]

    first = place.slack.wait_for(answers, PATIENCE)
    place.slack.press(place.ben, direct, first[0].ts, act.MORE)
    second = place.slack.wait_for(lambda: answers()[1:], PATIENCE)
    assert "B1" in texts(second[0])


def test_a_file_that_is_shared_again_can_be_asked_about_again(place: Town) -> None:
    channel = place.channel()
    dropped, _ = place.checked(channel)
    place.slack.unshare(dropped.file, channel)
    again = place.slack.share(dropped.file, place.ada, channel)
    place.slack.say(place.ada, channel, f"<@{place.slack.bot_user}> have we covered openness?", thread=dropped.ts)
    assert again
    assert "B1" in answered(place, channel, dropped.ts, "openness")

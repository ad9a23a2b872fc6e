"""What the app hears of what people do, over Socket Mode and over HTTP."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from govbot.testing.slack import LocalSlack, Refused
from tests.unit.testing.conftest import Desk


def test_an_upload_is_told_without_its_message(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "draft.docx", b"draft", text="please")
    slack.wait_for(lambda: open_desk.heard)
    event = open_desk.events("file_shared")[0]
    assert (event["file_id"], event["channel_id"], event["user_id"]) == (sent.file, housing, ada)
    assert not {"ts", "thread_ts"} & set(event)


def test_a_mention_is_told_without_its_files(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "draft.docx", b"draft", text=f"<@{slack.bot_user}> have we covered openness?")
    slack.wait_for(lambda: open_desk.events("app_mention"))
    event = open_desk.events("app_mention")[0]
    assert (event["ts"], event["channel"], event["user"]) == (sent.ts, housing, ada)
    assert "files" not in event


def test_what_is_said_to_the_bot_alone_is_told_as_a_message(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    dm = slack.open_dm(ada)
    first = slack.say(ada, dm, "hello")
    slack.say(ada, dm, f"<@{slack.bot_user}> again", thread=first)
    slack.wait_for(lambda: len(http_desk.events("message")) == 2)
    one, two = sorted(http_desk.events("message"), key=lambda event: event["ts"])
    assert (one["channel_type"], one["text"], "thread_ts" in one) == ("im", "hello", False)
    assert (two["thread_ts"], two["parent_user_id"]) == (first, ada)
    assert http_desk.events("app_mention") == []


def test_files_in_direct_messages_are_told_twice(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    sent = slack.upload(ada, slack.open_dm(ada), "draft.docx", b"draft", text="is it open?", also=[("b.pdf", b"b")])
    slack.wait_for(lambda: len(http_desk.heard) == 3)
    # Each event is a request of its own: none waits for another, so any may come first.
    assert sorted(event["file_id"] for event in http_desk.events("file_shared")) == sorted(sent.files)
    message = http_desk.events("message")[0]
    assert message["subtype"] == "file_share"
    assert [file["name"] for file in message["files"]] == ["draft.docx", "b.pdf"]


def test_a_file_of_slack_connect_is_told_by_its_id_alone(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    slack.upload(ada, slack.open_dm(ada), "draft.docx", b"draft", connect=True)
    slack.wait_for(lambda: http_desk.events("message"))
    file = http_desk.events("message")[0]["files"][0]
    assert file["file_access"] == "check_file_info"
    assert not {"name", "url_private_download"} & set(file)


def test_only_what_is_subscribed_and_allowed_is_told(
    slack: LocalSlack, http_desk: Desk, ada: str, housing: str
) -> None:
    slack.say(ada, housing, "nothing for the bot")
    slack.add_scope("channels:history")
    slack.subscribe("message.channels")
    heard = slack.say(ada, housing, "for the bot")
    slack.remove_scope("channels:history")
    slack.say(ada, housing, "no more")
    slack.say(ada, housing, f"<@{slack.bot_user}> at last")
    slack.wait_for(lambda: http_desk.events("app_mention"))
    assert [event["ts"] for event in http_desk.events("message")] == [heard]


def test_nothing_is_told_of_channels_without_the_bot(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    elsewhere = slack.add_channel("elsewhere", [ada], with_bot=False)
    slack.upload(ada, elsewhere, "draft.docx", b"draft", text=f"<@{slack.bot_user}>")
    slack.join(slack.bot_user, elsewhere)
    slack.upload(ada, elsewhere, "later.docx", b"draft")
    slack.wait_for(lambda: http_desk.heard)
    assert len(http_desk.heard) == 1


def test_who_left_and_what_is_gone_is_told(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "a.docx", b"a", also=[("b.docx", b"b")])
    slack.unshare(sent.files[0], housing)
    slack.delete_file(sent.files[1])
    slack.leave(ada, housing)
    slack.leave(slack.bot_user, housing)
    slack.wait_for(lambda: len(http_desk.heard) == 6)
    assert http_desk.events("file_unshared")[0]["channel_id"] == housing
    assert http_desk.events("file_deleted")[0]["file_id"] == sent.files[1]
    assert {event["user"] for event in http_desk.events("member_left_channel")} == {ada, slack.bot_user}


def test_a_deleted_message_takes_its_files_along(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "a.docx", b"a")
    slack.delete_message(housing, sent.ts)
    slack.wait_for(lambda: http_desk.events("file_unshared"))
    assert slack.files(housing) == ()
    assert slack.messages(housing) == ()


def test_a_shared_channel_is_told(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    stranger = slack.add_user("Eve", stranger=True)
    team = slack.world.users[stranger].team
    slack.share_channel(housing, team)
    slack.join(stranger, housing)
    slack.say(stranger, housing, f"<@{slack.bot_user}> hello")
    slack.unshare_channel(housing, team)
    slack.wait_for(lambda: len(http_desk.heard) == 3)
    mention = next(body for body in http_desk.heard if body["event"]["type"] == "app_mention")
    assert mention["is_ext_shared_channel"] is True
    assert mention["authorizations"][0]["team_id"] == slack.team
    with pytest.raises(Refused, match="not_in_channel"):
        slack.say(stranger, housing, "still here?")


def test_the_bots_own_words_in_direct_messages_are_told(
    slack: LocalSlack, client: WebClient, http_desk: Desk, ada: str
) -> None:
    dm = slack.open_dm(ada)
    posted = client.chat_postMessage(channel=dm, text="one")
    client.chat_update(channel=dm, ts=posted["ts"], text="two")
    client.chat_delete(channel=dm, ts=posted["ts"])
    slack.wait_for(lambda: len(slack.acks.get("message", ())) == 3)
    events = [one.payload["event"] for one in slack.deliveries]
    kinds = {event.get("subtype", ""): event for event in events}
    assert set(kinds) == {"", "message_changed", "message_deleted"}
    assert kinds[""]["bot_id"]
    assert kinds["message_changed"]["message"]["text"] == "two"


def test_home_is_told_with_what_is_shown_there(slack: LocalSlack, client: WebClient, http_desk: Desk, ada: str) -> None:
    slack.open_home(ada)
    client.views_publish(user_id=ada, view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.open_home(ada)
    slack.open_home(ada, "messages")
    slack.wait_for(lambda: len(http_desk.heard) == 3)
    assert sorted((event["tab"], "view" in event) for event in http_desk.events("app_home_opened")) == [
        ("home", False),
        ("home", True),
        ("messages", False),
    ]


def test_a_removed_app_is_told_and_can_do_nothing(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    slack.uninstall()
    slack.say(ada, housing, f"<@{slack.bot_user}> still there?")
    slack.wait_for(lambda: len(http_desk.heard) == 2)
    assert http_desk.events("app_uninstalled") and http_desk.events("tokens_revoked")
    answer = http_desk.client.api_call
    with pytest.raises(Exception, match="account_inactive"):
        answer("auth.test")

"""The Web API as slack_sdk calls it: what it answers, and what it refuses with."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from govbot.testing.slack import LocalSlack
from tests.unit.testing.blocks import actions, button, section


def refusal(client: WebClient, method: str, **arguments: Any) -> str:  # noqa: ANN401
    """Return what a method refuses with; empty where it does what is asked."""
    try:
        client.api_call(method, json=arguments)
    except SlackApiError as exc:
        return str(exc.response["error"])
    return ""


# Tokens and scopes


def test_a_token_says_whose_it_is_and_what_it_may(slack: LocalSlack, client: WebClient) -> None:
    found = client.auth_test()
    assert (found["team_id"], found["user_id"], found["team"]) == (slack.team, slack.bot_user, "Ennerdown Council")
    assert "files:read" in found.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(("token", "error"), [("xoxb-unknown", "invalid_auth"), ("", "not_authed")])
def test_tokens_that_are_none(slack: LocalSlack, token: str, error: str) -> None:
    assert refusal(WebClient(token=token, base_url=slack.api_url), "auth.test") == error


def test_tokens_that_are_of_another_kind(slack: LocalSlack, client: WebClient) -> None:
    assert refusal(client, "apps.connections.open") == "not_allowed_token_type"
    app = WebClient(token=slack.app_token, base_url=slack.api_url)
    assert app.apps_connections_open(app_token=slack.app_token)["url"].startswith("ws://127.0.0.1:")
    assert refusal(app, "users.info", user="U1") == "not_allowed_token_type"


def test_tokens_that_were_revoked(slack: LocalSlack, client: WebClient) -> None:
    slack.revoke_tokens()
    assert refusal(client, "auth.test") == "token_revoked"
    assert slack.bot_token == ""


SCOPED = [
    ("files:read", "files.info", {"file": "F1"}),
    ("files:read", "files.list", {}),
    ("files:write", "files.getUploadURLExternal", {"filename": "a", "length": 1}),
    ("chat:write", "chat.postMessage", {"channel": "C1", "text": "x"}),
    ("users:read", "users.info", {"user": "U1"}),
    ("usergroups:read", "usergroups.users.list", {"usergroup": "S1"}),
    ("im:write", "conversations.open", {"users": "U1"}),
]


@pytest.mark.parametrize(("scope", "method", "arguments"), SCOPED)
def test_a_scope_that_is_missing_is_named(
    slack: LocalSlack, client: WebClient, scope: str, method: str, arguments: dict[str, Any]
) -> None:
    slack.remove_scope(scope)
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=arguments)
    answer = caught.value.response
    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"].split(",")
    assert scope not in answer["provided"].split(",")


def test_a_method_that_is_none(client: WebClient) -> None:
    assert refusal(client, "chat.postMassage") == "unknown_method"


# Channels and people


def test_channels_are_told_as_they_are(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    closed = slack.add_channel("cabinet", [ada], private=True)
    told = {one: client.conversations_info(channel=one)["channel"] for one in (housing, closed, slack.open_dm(ada))}
    kinds = [(one["is_channel"], one["is_private"], one["is_im"]) for one in told.values()]
    assert kinds == [(True, False, False), (False, True, False), (False, True, True)]
    assert [one.get("name") for one in told.values()] == ["housing", "cabinet", None]
    assert told[housing]["is_member"] is True


def test_the_bot_knows_nothing_of_closed_channels_without_it(slack: LocalSlack, client: WebClient, ada: str) -> None:
    closed = slack.add_channel("cabinet", [ada], private=True, with_bot=False)
    opened = slack.add_channel("open", [ada], with_bot=False)
    assert refusal(client, "conversations.info", channel=closed) == "channel_not_found"
    assert refusal(client, "conversations.info", channel=opened) == ""
    assert refusal(client, "chat.postMessage", channel=closed, text="x") == "channel_not_found"
    assert refusal(client, "chat.postMessage", channel=opened, text="x") == "not_in_channel"
    assert refusal(client, "conversations.info", channel="C404") == "channel_not_found"


def test_channels_take_the_scope_of_their_kind(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    closed = slack.add_channel("cabinet", [ada], private=True)
    slack.remove_scope("groups:read")
    assert refusal(client, "conversations.members", channel=closed) == "missing_scope"
    assert refusal(client, "conversations.members", channel=housing) == ""
    assert refusal(client, "conversations.replies", channel=housing, ts="1") == "missing_scope"


def test_members_come_in_pages(slack: LocalSlack, client: WebClient) -> None:
    people = [slack.add_user(f"Person {n}") for n in range(5)]
    channel = slack.add_channel("many", people)
    found: list[str] = []
    for page in client.conversations_members(channel=channel, limit=2):
        assert len(page["members"]) <= 2
        found += page["members"]
    assert found == [*people, slack.bot_user]
    assert refusal(client, "conversations.members", channel=channel, cursor="nonsense") == "invalid_cursor"


def test_people_are_told_as_they_are(slack: LocalSlack, client: WebClient) -> None:
    guest, ultra = slack.add_user("Guest", guest=True), slack.add_user("Ultra", ultra=True)
    stranger = slack.add_user("Eve", stranger=True)
    slack.add_channel("shared", [guest, stranger], is_ext_shared=True)
    keys = ("is_restricted", "is_ultra_restricted", "is_stranger")
    told = [client.users_info(user=one)["user"] for one in (guest, ultra, stranger)]
    assert [tuple(bool(one.get(key)) for key in keys) for one in told] == [
        (True, False, False),
        (True, True, False),
        (False, False, True),
    ]
    assert told[2]["team_id"] != slack.team
    assert refusal(client, "users.info", user="U404") == "user_not_found"


def test_groups_and_direct_messages(slack: LocalSlack, client: WebClient, ada: str) -> None:
    officers = slack.add_group("officers", [ada])
    assert client.usergroups_users_list(usergroup=officers)["users"] == [ada]
    assert refusal(client, "usergroups.users.list", usergroup="S404") == "no_such_subteam"
    direct = client.conversations_open(users=ada)["channel"]["id"]
    assert direct == client.conversations_open(users=ada)["channel"]["id"] == slack.open_dm(ada)
    assert set(client.conversations_members(channel=direct)["members"]) == {ada, slack.bot_user}


# Messages


def test_messages_are_posted_changed_and_deleted(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    first = slack.say(ada, housing, "hello")
    posted = client.chat_postMessage(channel=housing, thread_ts=first, text="one", blocks=[section("one")])
    assert posted["message"]["thread_ts"] == first
    client.chat_update(channel=housing, ts=posted["ts"], text="two", blocks=[section("two")])
    assert [(one.text, one.edited, one.changes) for one in slack.messages(housing, first)] == [("two", False, 1)]
    client.chat_update(channel=housing, ts=posted["ts"], text="three")
    assert [(one.blocks, one.edited) for one in slack.messages(housing, first)] == [((), True)]
    client.chat_delete(channel=housing, ts=posted["ts"])
    assert slack.messages(housing, first) == ()


def test_the_bot_changes_only_its_own(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    said = slack.say(ada, housing, "hello")
    assert refusal(client, "chat.update", channel=housing, ts=said, text="x") == "cant_update_message"
    assert refusal(client, "chat.delete", channel=housing, ts=said) == "cant_delete_message"
    assert refusal(client, "chat.update", channel=housing, ts="1.000000", text="x") == "message_not_found"


def test_a_message_is_changed_to_a_short_one(client: WebClient, housing: str) -> None:
    posted = client.chat_postMessage(channel=housing, text="x" * 4_001)["ts"]
    assert refusal(client, "chat.update", channel=housing, ts=posted, text="x" * 4_001) == "msg_too_long"


def test_threads_begin_at_messages_that_are_none_of_a_thread(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    first = slack.say(ada, housing, "hello")
    reply = slack.say(ada, housing, "and more", thread=first)
    post = {"channel": housing, "text": "x"}
    assert refusal(client, "chat.postMessage", **post, thread_ts=reply) == "cannot_reply_to_message"
    assert refusal(client, "chat.postMessage", **post, thread_ts="1.000000") == "thread_not_found"


def test_one_person_alone_sees_an_ephemeral_message(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    ben = slack.add_user("Ben")
    client.chat_postEphemeral(channel=housing, user=ada, text="only you")
    assert [one.text for one in slack.ephemerals(ada)] == ["only you"]
    assert slack.ephemerals(ben) == slack.messages(housing) == ()
    assert refusal(client, "chat.postEphemeral", channel=housing, user=ben, text="x") == "user_not_in_channel"


def test_what_slack_does_not_take_is_refused_with_its_place(client: WebClient, housing: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=housing, text="x", blocks=[section("x" * 3001)])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "no_text"),
    ({"text": "x" * 40_001}, "msg_too_long"),
    ({"text": "x", "blocks": [section("x" * 2_900)] * 6}, "msg_blocks_too_long"),
    ({"text": "x", "blocks": [section("x")] * 51}, "invalid_blocks"),
    ({"text": "x", "blocks": [actions(button("a"), button("a"))]}, "invalid_blocks"),
    ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks_format"),
]


@pytest.mark.parametrize(("message", "error"), REFUSED)
def test_messages_that_are_refused(client: WebClient, housing: str, message: dict[str, Any], error: str) -> None:
    assert refusal(client, "chat.postMessage", channel=housing, **message) == error


def test_blocks_and_elements_get_ids(slack: LocalSlack, client: WebClient, housing: str) -> None:
    nameless = {"type": "button", "text": {"type": "plain_text", "text": "x"}}
    client.chat_postMessage(channel=housing, text="x", blocks=[{"type": "actions", "elements": [nameless]}])
    block = slack.messages(housing)[0].blocks[0]
    assert block["block_id"] and block["elements"][0]["action_id"]


def test_who_is_pinged_is_known(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": f"<!channel> <@{ada}>"}]}
    client.chat_postMessage(channel=housing, text="&lt;!here&gt;", blocks=[{"type": "rich_text", "elements": [quote]}])
    client.chat_postMessage(channel=housing, text=f"<!here> <@{ada}>", blocks=[section("<!channel>")])
    assert [one.pings for one in slack.messages(housing)] == [(), ("!here", ada, "!channel")]


def test_what_was_said_is_read_with_the_scope_for_it(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    slack.add_scope("channels:history")
    first = slack.say(ada, housing, "hello")
    mark = {"event_type": "govbot", "event_payload": {"key": "k"}}
    posted = client.chat_postMessage(channel=housing, text="yes", thread_ts=first, metadata=mark)
    client.chat_postEphemeral(channel=housing, user=ada, text="unseen", thread_ts=first)
    found = client.conversations_replies(channel=housing, ts=first, include_all_metadata=True)["messages"]
    assert [one["text"] for one in found] == ["hello", "yes"]
    assert (found[0]["reply_count"], found[0]["latest_reply"], found[0]["reply_users"]) == (
        1,
        posted["ts"],
        [slack.bot_user],
    )
    assert found[1]["metadata"] == mark
    history = client.conversations_history(channel=housing)["messages"]
    assert [one["text"] for one in history] == ["hello"]
    slack.delete_message(housing, first)
    assert client.conversations_replies(channel=housing, ts=first)["messages"][0]["subtype"] == "tombstone"


def test_calls_are_noted_without_their_token(slack: LocalSlack, client: WebClient, housing: str) -> None:
    client.chat_postMessage(channel=housing, text="x")
    refusal(client, "chat.postMessage", channel="C404", text="x", token=slack.bot_token)
    assert [(one.method, one.error) for one in slack.calls] == [
        ("chat.postMessage", ""),
        ("chat.postMessage", "channel_not_found"),
    ]
    assert slack.bot_token not in str(slack.calls)

from __future__ import annotations

from typing import Any

import pytest

from govbot.slack.payloads import Gone, Moved, Removed, Wanted, heard, linked_files, spoken, workspace_of

BOT = "U0BOT"


def event(**fields: object) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T2",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": True}],
        "event": fields,
    }


def test_a_request_comes_from_the_workspace_that_the_app_is_installed_in() -> None:
    assert workspace_of(event(type="file_shared")) == "T1"
    assert workspace_of({"command": "/govbot", "team_id": "T1"}) == "T1"
    assert (
        workspace_of({"type": "block_actions", "team": {"id": "T9"}, "view": {"app_installed_team_id": "T1"}}) == "T1"
    )
    assert workspace_of({"type": "view_submission", "team": {"id": "T1"}}) == "T1"
    assert workspace_of({"type": "url_verification"}) == ""


def test_an_upload_is_one_arrival_however_slack_tells_of_it() -> None:
    (found,) = heard(event(type="file_shared", file_id="F1", channel_id="C1", user_id="U1"))
    assert found == Wanted(
        key="file C1 F1 Ev1",
        kind="arrival",
        order={"via": "slack", "kind": "arrival", "channel": "C1", "file": "F1", "user": "U1"},
    )


def test_a_mention_is_a_question_under_the_message_that_asks() -> None:
    text = f"<@{BOT}> have we covered <https://x.org|openness> &amp; trust? <https://a.slack.com/files/U1/F7/d.docx>"
    (found,) = heard(event(type="app_mention", channel="C1", user="U1", ts="2.5", thread_ts="1.5", text=text))
    assert isinstance(found, Wanted)
    assert found.order["text"] == "have we covered openness & trust?"
    assert [found.order[key] for key in ("thread", "message", "links")] == ["1.5", "2.5", ["F7"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D1"},
        {"type": "message", "channel_type": "im", "bot_id": "B1", "channel": "D1", "user": "U1", "ts": "1"},
        {"type": "message", "channel_type": "channel", "channel": "C1", "user": "U1", "ts": "1", "text": "hello"},
        {"type": "file_shared", "file_id": "F1", "channel_id": "C1", "user_id": BOT},
        {"type": "app_mention", "user": BOT, "channel": "C1", "ts": "1"},
        {"type": "reaction_added"},
    ],
)
def test_what_is_none_of_ours_is_left_alone(fields: dict[str, Any]) -> None:
    assert heard(event(**fields)) == ()


def test_a_direct_message_brings_its_files_along() -> None:
    fields = {
        "type": "message",
        "subtype": "file_share",
        "channel_type": "im",
        "channel": "D1",
        "user": "U1",
        "ts": "1",
    }
    (found,) = heard(event(**fields, text="and openness?", files=[{"id": "F1"}, {"id": "F2"}]))
    assert isinstance(found, Wanted)
    assert (found.kind, found.order["files"]) == ("question", ["F1", "F2"])


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"type": "file_deleted", "file_id": "F1"}, Gone(file="F1")),
        ({"type": "file_unshared", "file_id": "F1", "channel_id": "C1"}, Gone(file="F1", channel="C1")),
        ({"type": "member_left_channel", "channel": "C1", "user": "U1"}, Moved(channel="C1")),
        ({"type": "member_left_channel", "channel": "C1", "user": BOT}, Moved(channel="C1", is_bot=True)),
        ({"type": "channel_shared", "channel": "C1"}, Moved(channel="C1")),
        ({"type": "tokens_revoked", "tokens": {"bot": [BOT]}}, Removed()),
        ({"type": "app_uninstalled"}, Removed()),
    ],
)
def test_what_is_gone_is_heard_of(fields: dict[str, Any], wanted: object) -> None:
    assert heard(event(**fields)) == (wanted,)


def test_a_button_is_known_by_what_it_remembers() -> None:
    (found,) = heard(
        {
            "type": "block_actions",
            "user": {"id": "U1"},
            "team": {"id": "T1"},
            "trigger_id": "t.1",
            "container": {"type": "message", "message_ts": "2.5", "channel_id": "C1", "thread_ts": "1.5"},
            "actions": [{"action_id": "which", "block_id": "which:j1", "selected_option": {"value": "v"}}],
        }
    )
    assert isinstance(found, Wanted)
    wanted = {"action": "which", "block": "which:j1", "value": "v", "channel": "C1", "message": "2.5", "thread": "1.5"}
    assert {key: found.order[key] for key in wanted} == wanted


def test_a_form_brings_what_was_typed() -> None:
    state = {"reason": {"reason": {"type": "plain_text_input", "value": "not ours"}}}
    view = {"id": "V1", "hash": "h", "callback_id": "decide", "private_metadata": "{}", "state": {"values": state}}
    (found,) = heard({"type": "view_submission", "user": {"id": "U1"}, "team": {"id": "T1"}, "view": view})
    assert isinstance(found, Wanted)
    assert (found.kind, found.order["values"], found.order["view"]) == ("submit", {"reason": "not ours"}, "V1")


def test_marks_of_slack_are_read_as_people_read_them() -> None:
    assert spoken(f"<@{BOT}>  ask <#C1|housing> &lt;b&gt; <!here> <@U2>", BOT) == "ask #housing <b> !here @U2"
    assert linked_files(
        "<https://a.slack.com/files/U1/F7/x|x> <https://a.slack.com/files/U1/F7/x> <https://b.org/files>"
    ) == ("F7",)

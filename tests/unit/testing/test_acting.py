"""What people press, fill in and send, and what the app makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from govbot.testing.slack import LocalSlack, Refused
from tests.unit.testing.blocks import actions, button, field, home, menu, modal, option, plain, section
from tests.unit.testing.conftest import Desk
from tests.unit.testing.test_methods import refusal


def _opening(view: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return what answers a press with a modal."""

    def open_it(ack: Ack, body: dict[str, Any], client: WebClient, **_: object) -> None:
        ack()
        method = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
        method(trigger_id=body["trigger_id"], view=view)

    return open_it


def _post(desk: Desk, channel: str, *blocks: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    return str(desk.client.chat_postMessage(channel=channel, text="x", blocks=list(blocks), **more)["ts"])


def _open(slack: LocalSlack, desk: Desk, user: str, view: dict[str, Any]) -> None:
    """Let somebody have a modal open."""
    desk.answer = _opening(view)
    channel = slack.open_dm(user)
    slack.press(user, channel, _post(desk, channel, actions(button("open"))), "open")
    slack.wait_for(lambda: slack.view(user))


def test_a_button_says_what_was_pressed_and_where(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    first = slack.say(ada, housing, "hello")
    rows = actions(button("b", "1"), block_id="one"), actions(button("b", "2"))
    ts = _post(open_desk, housing, *rows, thread_ts=first)
    slack.press(ada, housing, ts, "b", value="2")
    body = open_desk.interactions("block_actions")[0]
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == ("b", "row", "2", "button")
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": housing,
        "is_ephemeral": False,
        "thread_ts": first,
    }
    assert (body["user"]["id"], body["channel"]["id"], body["message"]["ts"]) == (ada, housing, ts)


def test_a_menu_says_what_was_chosen(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    people = {"type": "users_select", "action_id": "who"}
    more = {"type": "overflow", "action_id": "more", "options": [option("no"), option("why")]}
    ts = _post(http_desk, housing, actions(menu("m", "a", "b"), people, more))
    slack.press(ada, housing, ts, "m", selected="b")
    slack.press(ada, housing, ts, "who", selected=ada)
    slack.press(ada, housing, ts, "more", selected="why")
    chosen = [body["actions"][0] for body in http_desk.interactions("block_actions")]
    assert chosen[0]["selected_option"] == option("b")
    assert chosen[1]["selected_user"] == ada
    assert chosen[2]["selected_option"]["value"] == "why"
    assert http_desk.heard[0]["state"]["values"]["row"]["m"]["selected_option"] == option("b")


def test_what_is_not_there_cannot_be_pressed(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    ts = _post(http_desk, housing, actions(menu("m", "a"), button("b")))
    with pytest.raises(Refused, match=r"no_such_action: c; there are: b, m"):
        slack.press(ada, housing, ts, "c")
    with pytest.raises(Refused, match=r"no_such_option: z; there are: a"):
        slack.press(ada, housing, ts, "m", selected="z")
    with pytest.raises(Refused, match="no_such_message"):
        slack.press(ada, housing, "1.000000", "b")
    with pytest.raises(Refused, match="no_view"):
        slack.submit(ada)


def test_a_trigger_opens_one_modal_and_soon(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    ts = _post(http_desk, housing, actions(button("b")))
    for _ in range(2):
        slack.press(ada, housing, ts, "b")
    used, late = (body["trigger_id"] for body in http_desk.interactions("block_actions"))
    view = modal(section("x"))
    assert refusal(http_desk.client, "views.open", trigger_id=used, view=view) == ""
    assert refusal(http_desk.client, "views.open", trigger_id=used, view=view) == "exchanged_trigger_id"
    slack.pass_time(4)
    assert refusal(http_desk.client, "views.open", trigger_id=late, view=view) == "expired_trigger_id"
    assert refusal(http_desk.client, "views.open", trigger_id="1.2.3", view=view) == "invalid_trigger_id"


def test_a_modal_is_filled_in_and_sent(slack: LocalSlack, open_desk: Desk, ada: str) -> None:
    tick = {"type": "checkboxes", "action_id": "t", "options": [option("x"), option("y")]}
    blocks = (field("q"), {"type": "input", "block_id": "t", "label": plain("t"), "element": tick, "optional": True})
    _open(slack, open_desk, ada, modal(*blocks, callback_id="asked", private_metadata="kept"))
    with pytest.raises(Refused, match="not_filled_in: q"):
        slack.submit(ada, {"t": ["x"]})
    open_desk.answer = lambda ack, **_: ack()
    assert slack.submit(ada, {"q": {"q": "openness?"}, "t": ["x"]}) is None
    view = open_desk.interactions("view_submission")[0]["view"]
    assert (view["callback_id"], view["private_metadata"]) == ("asked", "kept")
    assert view["state"]["values"]["q"]["q"] == {"type": "plain_text_input", "value": "openness?"}
    assert view["state"]["values"]["t"]["t"]["selected_options"] == [option("x")]
    assert slack.view(ada) is None


def test_the_app_answers_a_modal(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    _open(slack, http_desk, ada, modal(field("q")))
    http_desk.answer = lambda ack, **_: ack(response_action="errors", errors={"q": "Say more."})
    assert slack.submit(ada, {"q": "?"}) == {"response_action": "errors", "errors": {"q": "Say more."}}
    http_desk.answer = lambda ack, **_: ack(response_action="push", view=modal(field("r"), title="Two"))
    slack.submit(ada)
    assert slack.depth(ada) == 2
    http_desk.answer = lambda ack, **_: ack(response_action="update", view=modal(field("s"), title="Three"))
    slack.submit(ada, {"r": "?"})
    shown = slack.view(ada)
    assert shown and (shown["title"]["text"], slack.depth(ada)) == ("Three", 2)
    http_desk.answer = lambda ack, **_: ack()
    slack.submit(ada, {"s": "?"})
    assert slack.depth(ada) == 1
    http_desk.answer = lambda ack, **_: ack(response_action="clear")
    slack.submit(ada)
    assert slack.view(ada) is None


def test_answers_that_slack_cannot_follow_are_faults(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    _open(slack, http_desk, ada, modal(field("q")))
    http_desk.answer = lambda ack, **_: ack(response_action="errors", errors={"nowhere": "x"})
    with pytest.raises(Refused, match="invalid_response_action"):
        slack.submit(ada, {"q": "?"})
    http_desk.answer = lambda ack, **_: ack(response_action="update", view=modal(title="x" * 25))
    with pytest.raises(Refused, match="invalid_arguments"):
        slack.submit(ada, {"q": "?"})
    assert len(slack.faults) == 2


def test_three_modals_lie_on_each_other(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    more = modal(actions(button("more")))
    _open(slack, http_desk, ada, more)
    for depth in (2, 3):
        slack.press_in_view(ada, "more")
        slack.wait_for(lambda depth=depth: slack.depth(ada) == depth)
    http_desk.answer = lambda ack, **_: ack()
    slack.press_in_view(ada, "more")
    trigger = http_desk.interactions("block_actions")[-1]["trigger_id"]
    assert refusal(http_desk.client, "views.push", trigger_id=trigger, view=more) == "push_limit_reached"
    slack.close_view(ada)
    assert slack.depth(ada) == 2


def test_a_view_is_replaced_by_the_name_that_the_app_gave_it(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    _open(slack, http_desk, ada, modal(field("q"), external_id="job-1"))
    old = slack.view(ada)
    update = {"external_id": "job-1", "view": modal(field("q"), field("r"), external_id="job-1")}
    assert old and refusal(http_desk.client, "views.update", **update, hash="1.stale") == "hash_conflict"
    assert refusal(http_desk.client, "views.update", **update, hash=old["hash"]) == ""
    assert refusal(http_desk.client, "views.update", **update, hash=old["hash"]) == "hash_conflict"
    assert refusal(http_desk.client, "views.update", external_id="job-2", view=update["view"]) == "not_found"
    slack.close_view(ada)
    assert refusal(http_desk.client, "views.update", **update) == "not_found"


def test_what_was_typed_stays_when_a_view_is_replaced(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    _open(slack, http_desk, ada, modal(field("q"), actions(menu("m", "a", "b")), external_id="e"))
    http_desk.answer = lambda ack, **_: ack()
    slack.press_in_view(ada, "m", selected="b", values={"q": "half"})
    http_desk.client.views_update(external_id="e", view=modal(field("q"), actions(menu("m", "a", "b"))))
    slack.submit(ada)
    values = http_desk.interactions("view_submission")[0]["view"]["state"]["values"]
    assert values["q"]["q"]["value"] == "half"
    assert values["row"]["m"]["selected_option"] == option("b")


def test_the_app_hears_of_closing_where_it_wants_to(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    _open(slack, http_desk, ada, modal(section("x")))
    slack.close_view(ada)
    _open(slack, http_desk, ada, modal(section("x"), notify_on_close=True))
    http_desk.answer = lambda ack, **_: ack()
    slack.close_view(ada)
    assert len(http_desk.interactions("view_closed")) == 1


def test_home_is_published_and_pressed(slack: LocalSlack, http_desk: Desk, ada: str) -> None:
    view = home(section("Drafts"), actions(menu("m", "a", "b")))
    http_desk.client.views_publish(user_id=ada, view=view)
    slack.press_home(ada, "m", selected="b")
    body = http_desk.interactions("block_actions")[0]
    assert (body["container"]["type"], body["view"]["type"], "response_url" in body) == ("view", "home", False)
    publish = {"user_id": ada, "view": view}
    assert refusal(http_desk.client, "views.publish", **publish, hash="1.stale") == "hash_conflict"
    assert refusal(http_desk.client, "views.publish", user_id=ada, view=home()) == "invalid_arguments"
    shown = slack.home(ada)
    assert shown and refusal(http_desk.client, "views.publish", **publish, hash=shown["hash"]) == ""


def test_a_command_is_answered_at_once_and_later(slack: LocalSlack, open_desk: Desk, ada: str, housing: str) -> None:
    def answer(ack: Ack, respond: Respond, **_: object) -> None:
        ack("At once.")
        respond("Later.")
        respond("To all.", response_type="in_channel")

    open_desk.answer = answer
    assert slack.command(ada, housing, "/govbot", "ask x").text == "At once."
    slack.wait_for(lambda: slack.messages(housing))
    assert {one.text for one in slack.ephemerals(ada)} == {"At once.", "Later."}
    assert [one.text for one in slack.messages(housing)] == ["To all."]
    body = open_desk.heard[0]
    assert (body["command"], body["text"], body["channel_id"], body["user_id"]) == ("/govbot", "ask x", housing, ada)


def test_response_urls_are_good_five_times_for_half_an_hour(
    slack: LocalSlack, http_desk: Desk, ada: str, housing: str
) -> None:
    statuses: list[int] = []

    def answer(ack: Ack, respond: Respond, **_: object) -> None:
        ack()
        statuses.extend(respond(str(n)).status_code for n in range(6))
        slack.pass_time(1801)

    http_desk.answer = answer
    slack.command(ada, housing, "/govbot", "many")
    slack.wait_for(lambda: len(statuses) == 6)
    assert statuses == [200] * 5 + [404]


def test_an_answer_takes_the_place_of_the_message(slack: LocalSlack, http_desk: Desk, ada: str, housing: str) -> None:
    http_desk.client.chat_postEphemeral(channel=housing, user=ada, text="x", blocks=[actions(button("b"))])

    def answer(ack: Ack, respond: Respond, **_: object) -> None:
        ack()
        respond("instead", replace_original=True)

    http_desk.answer = answer
    slack.press(ada, housing, slack.ephemerals(ada)[0].ts, "b")
    slack.wait_for(lambda: [one.text for one in slack.ephemerals(ada)] == ["instead"])
    body = http_desk.interactions("block_actions")[0]
    assert (body["container"]["is_ephemeral"], "message" in body) == (True, False)


def test_a_shortcut_brings_the_message_with_its_files(
    slack: LocalSlack, open_desk: Desk, ada: str, housing: str
) -> None:
    sent = slack.upload(ada, housing, "a.docx", b"a")
    slack.shortcut(ada, housing, sent.ts, "check")
    body = open_desk.interactions("message_action")[0]
    assert (body["callback_id"], body["message"]["ts"]) == ("check", sent.ts)
    assert [file["id"] for file in body["message"]["files"]] == [sent.file]

"""What the page of a trial asks and tells."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from govbot.testing.slack import LocalSlack
from tests.unit.testing.blocks import actions, button, field, home, menu, modal, section
from tests.unit.testing.conftest import Desk

MARK = {"X-Govbot-Try": "1"}


class Page:
    """Asks and tells as the page does."""

    def __init__(self, slack: LocalSlack) -> None:
        self.host = urlsplit(slack.url).netloc

    def ask(self, path: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """Return status, answer and headers."""
        return self._send("GET", path, None, headers)

    def tell(self, path: str, **body: Any) -> tuple[int, Any]:  # noqa: ANN401
        """Return status and answer."""
        kind = {"Content-Type": "application/json"}
        return self._send("POST", f"/try/{path}", json.dumps(body).encode(), kind | MARK)[:2]

    def upload(self, files: list[tuple[str, bytes]], **fields: str) -> tuple[int, Any]:
        """Return status and answer."""
        edge = uuid4().hex
        parts = [f'form-data; name="{name}"\r\n\r\n{one}'.encode() for name, one in fields.items()]
        parts += [f'form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + data for name, data in files]
        body = b"".join(f"--{edge}\r\nContent-Disposition: ".encode() + part + b"\r\n" for part in parts)
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._send("POST", "/try/upload", body + f"--{edge}--\r\n".encode(), kind | MARK)[:2]

    def _send(
        self, verb: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        line = http.client.HTTPConnection(self.host)
        line.request(verb, path, body, headers)
        answer = line.getresponse()
        data, told = answer.read(), dict(answer.headers)
        line.close()
        is_json = told.get("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(data) if is_json else data, told


@pytest.fixture
def page(slack: LocalSlack) -> Page:
    return Page(slack)


def _state(page: Page, user: str) -> Any:  # noqa: ANN401
    return page.ask(f"/try/state?user={user}")[1]


def test_everybody_sees_what_is_theirs(slack: LocalSlack, page: Page, ada: str, housing: str) -> None:
    guest = slack.add_user("Cleo", guest=True)
    ben = slack.add_user("Ben")
    slack.add_channel("cabinet", [ada], private=True)
    seen = {user: _state(page, user)["channels"] for user in (ada, guest, ben)}
    assert [[(one["name"], one["member"]) for one in every] for every in seen.values()] == [
        [("housing", True), ("cabinet", True), ("govbot", True)],
        [("govbot", True)],
        [("housing", False), ("govbot", True)],
    ]
    assert [one["kind"] for one in _state(page, "")["users"]] == ["member", "guest", "member"]
    assert _state(page, "nobody")["me"] == ada


def test_messages_come_with_their_threads(slack: LocalSlack, page: Page, ada: str, housing: str) -> None:
    ben = slack.add_user("Ben")
    slack.join(ben, housing)
    sent = page.upload([("Entwurf ä.docx", b"draft")], user=ada, channel=housing, thread="", text="look")[1]
    desk = Desk(slack)
    desk.client.chat_postMessage(channel=housing, thread_ts=sent["ts"], text="yes", blocks=[section("yes")])
    desk.client.chat_postEphemeral(channel=housing, thread_ts=sent["ts"], user=ada, text="for Ada")
    message = _state(page, ada)["messages"][housing][0]
    assert [(one["text"], one["only_me"]) for one in message["replies"]] == [("yes", False), ("for Ada", True)]
    assert len(_state(page, ben)["messages"][housing][0]["replies"]) == 1
    assert message["files"] == [{"id": sent["files"][0], "name": "Entwurf ä.docx", "size": 5, "deleted": False}]
    slack.delete_message(housing, sent["ts"])
    assert _state(page, ada)["messages"][housing][0]["gone"] is True


def test_files_are_kept_from_those_who_may_not_see_them(slack: LocalSlack, page: Page, ada: str, housing: str) -> None:
    guest = slack.add_user("Cleo", guest=True)
    file = slack.upload(ada, housing, "<b>ä.html", b"<script>").file
    status, data, headers = page.ask(f"/try/file/{file}?user={ada}")
    assert (status, data, headers["Content-Type"]) == (200, b"<script>", "application/octet-stream")
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''%3Cb%3E%C3%A4.html"
    assert page.ask(f"/try/file/{file}?user={guest}")[:2] == (404, {"error": "no_such_file"})
    assert page.tell("delete", user=guest, file=file) == (403, {"error": "refused"})
    assert page.tell("delete", user=ada, file=file) == (200, {"ok": True})
    assert page.ask(f"/try/file/{file}?user={ada}")[0] == 404
    assert _state(page, ada)["messages"][housing][0]["files"][0]["deleted"] is True


def test_modals_are_opened_refused_and_sent(slack: LocalSlack, http_desk: Desk, page: Page, ada: str) -> None:
    dm = slack.open_dm(ada)
    ts = http_desk.client.chat_postMessage(channel=dm, text="x", blocks=[actions(button("open"))])["ts"]

    def open_it(ack: Any, body: dict[str, Any], client: Any, **_: object) -> None:  # noqa: ANN401
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("q")))

    http_desk.answer = open_it
    press = {"where": "message", "channel": dm, "ts": ts, "block_id": "row", "action_id": "open", "selected": None}
    assert page.tell("press", user=ada, values={}, **press) == (200, {"ok": True})
    slack.wait_for(lambda: slack.view(ada))
    shown = _state(page, ada)["modal"]
    assert (shown["depth"], shown["view"]["title"]["text"]) == (1, "Ask")
    values = {"q": {"q": {"type": "plain_text_input", "value": "openness?"}}}
    http_desk.answer = lambda ack, **_: ack(response_action="errors", errors={"q": "More, please."})
    sent = page.tell("submit", user=ada, id=shown["id"], values=values)
    assert sent == (200, {"ok": True, "errors": {"q": "More, please."}})
    http_desk.answer = lambda ack, **_: ack()
    assert page.tell("submit", user=ada, id=shown["id"], values=values)[1] == {"ok": True, "errors": {}}
    assert _state(page, ada)["modal"] is None
    assert page.tell("close", user=ada, id=shown["id"], all=False) == (404, {"error": "no_view"})


def test_commands_shortcuts_and_home(slack: LocalSlack, http_desk: Desk, page: Page, ada: str, housing: str) -> None:
    http_desk.answer = lambda ack, **_: ack("At once.")
    assert page.tell("command", user=ada, channel=housing, command="/govbot", text="help")[0] == 200
    assert [one["only_me"] for one in _state(page, ada)["messages"][housing]] == [True]
    http_desk.answer = lambda ack, **_: ack()
    ts = page.tell("say", user=ada, channel=housing, thread="", text="hello")[1]["ts"]
    assert page.tell("shortcut", user=ada, channel=housing, ts=ts, callback_id="check")[0] == 200
    http_desk.client.views_publish(user_id=ada, view=home(actions(menu("m", "a"))))
    press = {"where": "home", "block_id": "row", "action_id": "m", "selected": "a", "values": {}}
    assert page.tell("press", user=ada, **press)[0] == 200
    assert page.tell("home", user=ada, tab="home")[0] == 200
    state = _state(page, ada)
    assert state["home"]["view"]["blocks"][0]["type"] == "actions"
    assert state["commands"] == [{"command": "/govbot", "hint": "ask …"}]
    assert state["shortcuts"] == [{"callback_id": "check", "name": "Check with govbot"}]


def test_news_is_waited_for(slack: LocalSlack, page: Page, ada: str, housing: str) -> None:
    before = _state(page, ada)["version"]
    assert page.ask(f"/try/wait?user={ada}&after={before - 1}")[1] == {"version": before}
    told: list[int] = []
    waiting = threading.Thread(
        target=lambda: told.append(page.ask(f"/try/wait?user={ada}&after={before}")[1]["version"])
    )
    waiting.start()
    slack.say(ada, housing, "news")
    waiting.join()
    assert told[0] > before


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("say", {"channel": "C404", "text": "x"}, 404, "no_such_channel"),
    ("say", {"channel": "cabinet", "text": "x"}, 403, "not_in_channel"),
    ("command", {"channel": "cabinet", "command": "/govbot", "text": ""}, 404, "no_such_channel"),
    ("command", {"channel": "housing", "command": "/govbot", "text": ""}, 503, "app_away"),
    ("press", {"where": "modal", "action_id": "a", "block_id": "b"}, 404, "no_view"),
    ("press", {"where": "message", "channel": "housing", "ts": "1"}, 404, "no_such_message"),
    ("submit", {"id": "V1", "values": {}}, 404, "no_view"),
]


@pytest.mark.parametrize(("path", "body", "status", "error"), REFUSED)
def test_refusals(
    slack: LocalSlack, page: Page, ada: str, housing: str, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    cabinet = slack.add_channel("cabinet", private=True)
    names = {"housing": housing, "cabinet": cabinet}
    if "channel" in body:
        body = {**body, "channel": names.get(body["channel"], body["channel"])}
    assert page.tell(path, user=ada, **body) == (status, {"error": error})


def test_only_this_machines_own_page_is_answered(slack: LocalSlack, page: Page, ada: str, housing: str) -> None:
    assert page.ask("/try/state", Host="evil.example.org")[:2] == (403, {"error": "refused"})
    assert page._send("POST", "/try/say", b"{}", {"Content-Type": "application/json"})[0] == 403
    status, _, headers = page.ask("/try/")
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"]
    assert not any(name.lower().startswith("access-control") for name in headers)
    assert [page.ask(f"/try/page/{name}")[0] for name in ("page.js", "..%2Ftry_api.py", "index.html")] == [
        200,
        404,
        404,
    ]
    assert page.ask("/")[2]["Location"] == "/try/"
    assert isinstance(page.ask("/try/words")[1], dict)
    for header in ("X-Content-Type-Options", "Referrer-Policy", "Cache-Control"):
        assert header in headers

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any, Literal
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from govbot.testing.slack import LocalSlack

ANYTHING = re.compile(r".*", re.DOTALL)
SCOPES = (
    "app_mentions:read channels:read chat:write commands files:read files:write groups:read im:history im:read "
    "im:write usergroups:read users:read"
)
EVENTS = (
    "app_home_opened app_mention app_uninstalled channel_shared channel_unshared file_deleted file_shared "
    "file_unshared member_left_channel message.im tokens_revoked"
)
MANIFEST: dict[str, Any] = {
    "features": {
        "bot_user": {"display_name": "govbot"},
        "slash_commands": [{"command": "/govbot", "usage_hint": "ask …"}],
        "shortcuts": [{"name": "Check with govbot", "type": "message", "callback_id": "check"}],
    },
    "oauth_config": {"scopes": {"bot": SCOPES.split()}, "redirect_urls": ["https://govbot.example.org/back"]},
    "settings": {"event_subscriptions": {"bot_events": EVENTS.split()}},
}


class _Server(ThreadingMixIn, WSGIServer):
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Desk:
    """An app of slack_bolt's that writes down all that it hears, and answers as it is told to."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        self.app = App(client=self.client, signing_secret=slack.signing_secret)
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, Any]] = []
        #: What is done with the next interactions: told the acknowledgement and what came.
        self.answer: Callable[..., Any] = lambda ack, **_: ack()
        self._closing: list[Callable[[], None]] = []
        self._listen()

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a kind that were heard."""
        return [body["event"] for body in self.heard if body.get("event", {}).get("type") == kind]

    def interactions(self, kind: str) -> list[dict[str, Any]]:
        """Return the interactions of a kind that were heard."""
        return [body for body in self.heard if body.get("type") == kind]

    def serve(self, transport: Literal["socket", "http"]) -> Desk:
        """Begin to hear."""
        if transport == "socket":
            handler = SocketModeHandler(self.app, self.slack.app_token, ping_interval=0.5)
            handler.connect()
            self._closing.append(lambda: self._hang_up(handler))
            self.slack.wait_for(lambda: self.slack.connections)
        else:
            server = make_server("127.0.0.1", 0, SlackRequestHandler(self.app), _Server, _Quiet)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            self._closing += [server.shutdown, thread.join, server.server_close]
            self.slack.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
        return self

    def close(self) -> None:
        """Hear no more."""
        while self._closing:
            self._closing.pop(0)()

    def _hang_up(self, handler: SocketModeHandler) -> None:
        # The client waits three seconds for its own connection to end; cut from this side it ends at once.
        handler.client.auto_reconnect_enabled = False
        self.slack.cut_sockets()
        handler.close()

    def _listen(self) -> None:
        def write_down(body: dict[str, Any], request: Any, next: Callable[[], None]) -> None:  # noqa: A002, ANN401
            self.heard.append(body)
            self.headers.append(request.headers)
            next()

        def hear() -> None:
            pass

        def act(ack: Any, body: dict[str, Any], respond: Any, client: WebClient) -> None:  # noqa: ANN401
            self.answer(ack, body=body, respond=respond, client=client)

        self.app.middleware(write_down)
        self.app.event(ANYTHING)(hear)
        for listening in (self.app.action, self.app.view, self.app.view_closed, self.app.shortcut, self.app.command):
            listening(ANYTHING)(act)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(manifest=MANIFEST) as local:
        yield local


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def ada(slack: LocalSlack) -> str:
    return slack.add_user("Ada")


@pytest.fixture
def housing(slack: LocalSlack, ada: str) -> str:
    return slack.add_channel("housing", [ada])


@pytest.fixture
def desk(slack: LocalSlack) -> Iterator[Desk]:
    made = Desk(slack)
    yield made
    made.close()


@pytest.fixture(params=["socket", "http"])
def open_desk(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """Give an app that hears, over either transport."""
    return desk.serve(request.param)


@pytest.fixture
def http_desk(desk: Desk) -> Desk:
    return desk.serve("http")


@pytest.fixture
def socket_desk(desk: Desk) -> Desk:
    return desk.serve("socket")

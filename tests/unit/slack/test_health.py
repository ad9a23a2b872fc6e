from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from govbot.config import Settings
from govbot.slack.health import Lately, Server, application, database_answers, new_app, serve
from govbot.slack.installing import Installations, States, new_key, token_of
from govbot.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, manifest
from govbot.slack.metrics import Metrics
from govbot.store import Fault, Store, add_job, deliver_once, finish_job, open_store
from govbot.store.queueing import ENDS, OPEN
from govbot.testing.slack import LocalSlack

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECRET = "a signing secret"  # noqa: S105


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(Settings(data=str(tmp_path)))
    yield store
    store.engine.dispose()


@pytest.fixture
def metrics(store: Store) -> Metrics:
    return Metrics(store)


class Answer:
    """What came back."""

    def __init__(self, server: Server, path: str, method: str = "GET", body: str = "", **headers: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request(
            method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        found = connection.getresponse()
        self.status, self.headers, self.body = found.status, found.headers, found.read().decode()
        connection.close()


@pytest.fixture
def started() -> Iterator[list[Server]]:
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.close()


def start(started: list[Server], app: WSGIApplication) -> Server:
    started.append(serve(app, "127.0.0.1", 0, 2))
    return started[-1]


def is_listening(server: Server) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


def signed(body: str, *, secret: str = SECRET, at: str = "") -> dict[str, str]:
    at = at or str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    return {
        "X_Slack_Request_Timestamp": at,
        "X_Slack_Signature": str(signature),
        "Content_Type": "application/json",
    }


def bolt() -> App:
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U9")
    return App(signing_secret=SECRET, authorize=lambda: known)


def several(slack: LocalSlack, settings: Settings, store: Store) -> App:
    """Return an app that many workspaces may install."""
    oauth = OAuthSettings(
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        scopes=list(SCOPES),
        installation_store=Installations(settings, store),
        state_store=States(store.engine),
        authorization_url=slack.authorize_url,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
    )
    return App(signing_secret=SECRET, client=WebClient(base_url=slack.api_url), oauth_settings=oauth)


def location(address: str) -> str:
    """Return where an address sends a browser on to."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}")
    found = connection.getresponse().headers["Location"]
    connection.close()
    return found


# Health


def test_the_bot_is_alive_and_ready(metrics: Metrics, store: Store, started: list[Server]) -> None:
    checks = {"database": lambda: database_answers(store), "slack": lambda: True}
    server = start(started, new_app(metrics, checks))
    alive, ready = Answer(server, "/healthz"), Answer(server, "/readyz")
    assert (alive.status, alive.body) == (200, "ok\n")
    assert (ready.status, json.loads(ready.body)) == (200, {"database": True, "slack": True})
    assert ready.headers["Cache-Control"] == "no-store"
    assert "Server" not in ready.headers


def test_the_bot_is_alive_but_not_ready_while_anything_is_missing(metrics: Metrics, started: list[Server]) -> None:
    def fail() -> bool:
        raise RuntimeError("a secret")

    server = start(started, new_app(metrics, {"database": lambda: True, "slack": lambda: False, "token": fail}))
    ready = Answer(server, "/readyz")
    assert (ready.status, json.loads(ready.body)) == (503, {"database": True, "slack": False, "token": False})
    assert Answer(server, "/healthz").status == 200


@pytest.mark.parametrize(("is_connected", "works"), [(True, True), (False, True), (True, False)])
def test_the_bot_is_ready_while_connected_and_its_token_works(
    is_connected: bool, works: bool, store: Store, started: list[Server]
) -> None:
    app = application(store, app=None, is_connected=lambda: is_connected, token_works=lambda: works)
    ready = Answer(start(started, app), "/readyz")
    assert ready.status == (200 if is_connected and works else 503)
    assert json.loads(ready.body) == {"database": True, "slack": is_connected, "token": works}


def test_a_database_that_is_none_does_not_answer(metrics: Metrics, store: Store, tmp_path: Path) -> None:
    assert database_answers(store)
    store.engine.dispose()
    for path in tmp_path.glob("govbot.sqlite3*"):
        path.write_bytes(b"no database" * 1_000)
    assert not database_answers(store)
    assert "govbot_database_up 0.0" in metrics.page().decode()
    assert "govbot_jobs{" not in metrics.page().decode()


def test_what_was_said_lately_is_not_asked_again() -> None:
    now, asked = [0.0], []

    def look() -> bool:
        asked.append(now[0])
        if now[0] == 30:
            raise OSError
        return True

    check = Lately(look, seconds=30, clock=lambda: now[0])
    found = []
    for now[0] in (0, 29, 30, 31, 60):
        found.append(check())
    assert (found, asked) == ([True, True, False, False, True], [0, 30, 60])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/healthz", 405), ("HEAD", "/readyz", 200), ("GET", "/", 404), ("POST", EVENTS_PATH, 404)],
)
def test_nothing_else_is_answered(method: str, path: str, status: int, metrics: Metrics, started: list[Server]) -> None:
    answer = Answer(start(started, new_app(metrics, {})), path, method)
    assert (answer.status, answer.body) == (status, "")


# Figures


def test_figures_are_of_jobs_deliveries_and_errors(metrics: Metrics, store: Store, started: list[Server]) -> None:
    jobs = [add_job(store, str(n), "secret plan.docx", {}, b"x", once=True, at=NOON)[0] for n in range(3)]
    finish_job(store, jobs[0], "done", at=NOON)
    fault = Fault(error="SlackRefused", slots={"method": "secret", "error": "secret"})
    finish_job(store, jobs[1], "failed", at=NOON, fault=fault)
    deliver_once(store, "secret", "C1 1.2", at=NOON)
    metrics.received("file_shared")
    metrics.written("check")
    metrics.failed(ValueError("secret"))
    with metrics.acknowledging():
        pass
    page = Answer(start(started, new_app(metrics, {})), "/metrics").body
    steps = dict.fromkeys((*OPEN, *ENDS), 0) | {"done": 1, "failed": 1, "waiting": 1}
    wanted = [f'govbot_jobs{{step="{step}"}} {n}.0' for step, n in steps.items()]
    wanted += ['govbot_failed_jobs{error="SlackRefused"} 1.0', "govbot_deliveries 1.0", "govbot_database_up 1.0"]
    wanted += ['govbot_events_total{kind="file_shared"} 1.0', 'govbot_jobs_written_total{kind="check"} 1.0']
    wanted += ['govbot_errors_total{error="ValueError"} 1.0', "govbot_acknowledgement_seconds_count 1.0"]
    assert [line for line in wanted if line not in page.splitlines()] == []
    assert "secret" not in page


@pytest.mark.parametrize("said", ["the housing strategy", "", "x" * 41, "1.2", 'a"b', "naïve"])
def test_a_label_that_is_no_word_of_ours_is_left_out(said: str, metrics: Metrics) -> None:
    metrics.received(said)
    metrics.written(said)
    metrics.failed(said)
    labels = [line for line in metrics.page().decode().splitlines() if "_total{" in line]
    assert [line.split('"')[1] for line in labels] == ["other"] * 3


# Slack's requests


def test_slack_s_requests_are_answered_and_timed(store: Store, metrics: Metrics, started: list[Server]) -> None:
    server = start(started, application(store, app=bolt(), is_connected=lambda: True, metrics=metrics))
    body = json.dumps({"type": "url_verification", "challenge": "echo this"})
    answer = Answer(server, EVENTS_PATH, "POST", body, **signed(body))
    assert (answer.status, "echo this" in answer.body) == (200, True)
    assert "govbot_acknowledgement_seconds_count 1.0" in metrics.page().decode()


@pytest.mark.parametrize("at", ["", "1700000000"])
def test_forged_and_stale_requests_are_refused(at: str, metrics: Metrics, started: list[Server]) -> None:
    server = start(started, new_app(metrics, {}, SlackRequestHandler(bolt())))
    body = json.dumps({"type": "url_verification", "challenge": "echo this"})
    headers = signed(body, at=at, secret=SECRET if at else "another secret")
    answer = Answer(server, EVENTS_PATH, "POST", body, **headers)
    assert (answer.status, "echo" in answer.body) == (401, False)


@pytest.mark.parametrize(("body", "length", "status"), [("", 2**20 + 1, 413), ("\xff", 1, 500)])
def test_requests_that_slack_never_sends_do_no_harm(
    body: str, length: int, status: int, metrics: Metrics, started: list[Server]
) -> None:
    server = start(started, new_app(metrics, {}, SlackRequestHandler(bolt())))
    assert Answer(server, EVENTS_PATH, "POST", body, Content_Length=str(length)).status == status
    assert Answer(server, "/healthz").status == 200


def test_an_installation_begins_with_a_page_and_ends_only_where_it_began(
    store: Store, metrics: Metrics, started: list[Server]
) -> None:
    with LocalSlack(installed=False) as slack:
        app = several(slack, Settings(data=str(store.folder), slack_key=SecretStr(new_key())), store)
    server = start(started, new_app(metrics, {}, SlackRequestHandler(app)))
    page = Answer(server, INSTALL_PATH)
    state = page.headers["Set-Cookie"].split("=")[1].split(";")[0]
    assert page.status == 200
    assert f"state={state}" in page.body
    assert all(scope in page.body for scope in SCOPES)
    assert Answer(server, f"{REDIRECT_PATH}?code=1&state={state}").status == 400
    assert Answer(server, f"{REDIRECT_PATH}?code=1&state=other", Cookie="slack-app-oauth-state=other").status == 401


def test_an_installation_that_ends_where_it_began_is_kept(
    store: Store, metrics: Metrics, started: list[Server]
) -> None:
    with LocalSlack(manifest=manifest("https://govbot.example.org"), installed=False) as slack:
        settings = Settings(data=str(store.folder), slack_key=SecretStr(new_key()))
        server = start(started, new_app(metrics, {}, SlackRequestHandler(several(slack, settings, store))))
        begun = Answer(server, INSTALL_PATH)
        state = begun.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
        query = f"client_id={slack.client_id}&scope={','.join(SCOPES)}&state={state}"
        agreed = urlsplit(location(f"{slack.authorize_url}?{query}"))
        ended = Answer(server, f"{agreed.path}?{agreed.query}", Cookie=f"slack-app-oauth-state={state}")
        assert (agreed.path, ended.status) == (REDIRECT_PATH, 200)
        assert token_of(settings, store, slack.team) == slack.bot_token
        again = Answer(server, f"{agreed.path}?{agreed.query}", Cookie=f"slack-app-oauth-state={state}")
        assert again.status == 401


# The server


def test_a_request_in_hand_is_answered_before_the_server_stops(started: list[Server]) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slow(_environ: WSGIEnvironment, begin: StartResponse) -> Iterable[bytes]:
        arrived.set()
        assert go_on.wait(30)
        begin("200 OK", [("Content-Length", "4")])
        return [b"done"]

    server = start(started, slow)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(Answer(server, "/").body))
    asking.start()
    assert arrived.wait(30)
    closing = threading.Thread(target=server.close)
    closing.start()
    while is_listening(server):
        pass
    go_on.set()
    asking.join(30)
    closing.join(30)
    assert (answers, closing.is_alive()) == (["done"], False)


def test_a_server_is_closed_twice_without_harm_and_its_port_is_free_then() -> None:
    server = serve(new_app(None, {}), "127.0.0.1", 0)  # type: ignore[arg-type]
    server.close()
    server.close()
    again = serve(new_app(None, {}), "127.0.0.1", server.port)  # type: ignore[arg-type]
    assert Answer(again, "/healthz").body == "ok\n"
    again.close()


def test_a_port_that_is_taken_is_said_to_be(started: list[Server]) -> None:
    server = start(started, new_app(None, {}))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="in use"):
        serve(new_app(None, {}), "127.0.0.1", server.port)  # type: ignore[arg-type]

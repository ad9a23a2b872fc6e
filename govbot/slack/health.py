"""Answers over HTTP: whether the bot is alive and ready, its figures, and Slack's own requests."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy import text
from waitress import wasyncore
from waitress.server import create_server

from govbot.errors import StoreError
from govbot.logs import new_logger
from govbot.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from govbot.slack.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from slack_bolt import App

    from govbot.store import Store

#: Threads that answer; each acknowledges one request at a time.
THREADS = 16
#: Bytes of the largest request; Slack's own have some tens of thousands.
_MOST = 2**20
#: Seconds between two looks of the server's loop, and that requests in hand may take once it is to end.
_LOOK, _GRACE = 1.0, 10.0
#: Seconds that Slack's word on a token is good for.
_GOOD_FOR = 60.0
_SLACKS = (EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH)
_OK, _NOT_FOUND, _NOT_ALLOWED = "200 OK", "404 Not Found", "405 Method Not Allowed"
_FAULT, _NOT_READY = "500 Internal Server Error", "503 Service Unavailable"
_PLAIN, _JSON = "text/plain; charset=utf-8", "application/json"
_LOG = new_logger(__name__)


class Lately:
    """What a check said a moment ago, so that whoever asks often bothers nobody."""

    def __init__(
        self, check: Callable[[], bool], *, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._check, self._seconds, self._clock = check, seconds, clock
        self._lock = threading.Lock()
        self._known: tuple[float, bool] | None = None

    def __call__(self) -> bool:
        """Return what the check says, or said not longer ago than it is good for; False where it fails."""
        with self._lock:
            if self._known is None or self._clock() - self._known[0] >= self._seconds:
                self._known = (self._clock(), _passes(self._check))
            return self._known[1]


def database_answers(store: Store) -> bool:
    """Return whether the database answers."""
    try:
        with store.reading() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except StoreError:
        return False


def new_app(
    metrics: Metrics, checks: Mapping[str, Callable[[], bool]], slack: WSGIApplication | None = None
) -> WSGIApplication:
    """Return what answers: /healthz, /readyz, /metrics, and where there is a `slack` handler, Slack's requests.

    The bot is ready when every check says so; a check that raises says no. Their names are shown.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in _SLACKS and slack is not None:
            return _hand_on(slack, metrics, environ, start)
        if path not in ("/healthz", "/readyz", "/metrics"):
            return _reply(environ, start, _NOT_FOUND, _PLAIN, b"")
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return _reply(environ, start, _NOT_ALLOWED, _PLAIN, b"")
        if path == "/metrics":
            return _reply(environ, start, _OK, CONTENT_TYPE_LATEST, metrics.page())
        if path == "/healthz":
            return _reply(environ, start, _OK, _PLAIN, b"ok\n")
        found = {name: _passes(check) for name, check in checks.items()}
        status = _OK if all(found.values()) else _NOT_READY
        return _reply(environ, start, status, _JSON, json.dumps(found).encode() + b"\n")

    return answer


def application(
    store: Store,
    *,
    app: App | None,
    is_connected: Callable[[], bool],
    token_works: Callable[[], bool] | None = None,
    metrics: Metrics | None = None,
) -> WSGIApplication:
    """Return what answers for the bot, with bolt's `app` Slack's requests too.

    It is ready while the database answers, it `is_connected` and, looked at once a minute, its token works.
    """
    checks: dict[str, Callable[[], bool]] = {"database": lambda: database_answers(store), "slack": is_connected}
    if token_works is not None:
        checks["token"] = Lately(token_works, seconds=_GOOD_FOR)
    slack = None if app is None else SlackRequestHandler(app, path=EVENTS_PATH)
    return new_app(metrics or Metrics(store), checks, slack)


class Server:
    """Serves until it is closed."""

    def __init__(self, app: WSGIApplication, host: str, port: int, threads: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        #: Where it listens: as asked, or where that was 0, whatever was free.
        self.port: int = listening.getsockname()[1]
        settings: dict[str, Any] = {
            "sockets": [listening],
            "threads": threads,
            "max_request_body_size": _MOST,
            "ident": None,
            "channel_timeout": 30,
        }
        self._map: dict[int, Any] = {}
        self._server: Any = create_server(app, map=self._map, **settings)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="govbot-http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more requests, answer those in hand, and stop."""
        if not self._stopping.is_set():
            self._stopping.set()
            # The loop may have ended by itself in between, and closed what wakes it.
            with suppress(OSError):
                self._server.pull_trigger()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=_LOOK, use_poll=True, map=self._map, count=1)
        wasyncore.dispatcher.close(self._server)
        until = time.monotonic() + _GRACE
        while self._is_busy() and time.monotonic() < until:
            wasyncore.loop(timeout=_LOOK / 20, use_poll=True, map=self._map, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _is_busy(self) -> bool:
        return any(one.requests or one.total_outbufs_len for one in list(self._server.active_channels.values()))


def serve(app: WSGIApplication, host: str, port: int, threads: int = THREADS) -> Server:
    """Serve an application in threads of its own, and return what closes it; raise OSError where the port is taken."""
    return Server(app, host, port, threads)


def _hand_on(
    slack: WSGIApplication, metrics: Metrics, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    """Let Slack's library answer; whatever it fails of is told by its class alone."""
    is_request = environ.get("PATH_INFO") == EVENTS_PATH
    try:
        with metrics.acknowledging() if is_request else nullcontext():
            return list(slack(environ, start))
    except Exception as exc:
        metrics.failed(exc)
        _LOG.error("request_not_answered", exc_info=exc)
        return _reply(environ, start, _FAULT, _PLAIN, b"")


def _reply(environ: WSGIEnvironment, start: StartResponse, status: str, kind: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


def _passes(check: Callable[[], bool]) -> bool:
    """Return what a check says; False where it fails, whatever of."""
    try:
        return bool(check())
    except Exception as exc:
        _LOG.warning("check_failed", exc_info=exc)
        return False

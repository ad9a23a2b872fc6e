"""Runs the bot: takes in what Slack sends, over a socket or HTTP, beside a worker that does it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.errors import SlackApiError

from govbot.errors import PortTaken, SlackNotSet, SlackTokenRefused
from govbot.jobs import Queue
from govbot.slack import health
from govbot.slack.app import Listeners
from govbot.slack.calling import new_client
from govbot.slack.installing import Installations, States
from govbot.slack.intake import Intake
from govbot.slack.manifest import SCOPES
from govbot.slack.metrics import Metrics
from govbot.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from govbot.config import Settings
    from govbot.store import Store

#: Seconds between two signs of life over the socket: one that is cut comes back after some six of them.
_PING = 2
#: By how much a worker steps back behind the bot: Slack waits three seconds for an answer, people a minute for a reply.
_BEHIND = 10
#: Seconds between two looks at the worker, and seconds that a stop waits for the step that it has in hand.
_LOOK, _GRACE = 1.0, 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """How the bot is run."""

    #: True for HTTP, False for a socket.
    is_http: bool
    #: Slots of the workers that run beside it, each a process; empty where they are started otherwise.
    slots: Sequence[int] = (1,)
    #: Settings of those workers beside their environment.
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Where those workers log to; standard error where it is None.
    logs: Path | None = None


def serve(settings: Settings, how: Serving, *, stopping: threading.Event, ready: Callable[[str], None]) -> None:
    """Run the bot until told to stop; raise SlackNotSet, SlackTokenRefused, SlackUnreachable or StoreError.

    `ready` is told the address at which the bot listens, once it does.
    """
    _look_at(settings, how)
    with ExitStack() as stack:
        store = open_store(settings)
        stack.callback(store.engine.dispose)
        jobs = Queue(settings, store)
        stack.callback(jobs.close)
        intake = Intake(store, jobs)
        stack.callback(intake.close)
        app, metrics = new_app(settings, store), Metrics(store)
        Listeners(intake, metrics, is_http=how.is_http).add_to(app)
        for slot in how.slots:
            stack.enter_context(_Worker(slot, stopping, how))
        socket = None
        if not how.is_http:
            socket = SocketModeHandler(app, settings.slack_app_token.get_secret_value(), ping_interval=_PING)
            stack.callback(_quietly(socket.close))
            socket.connect()  # type: ignore[no-untyped-call]
        answers = health.application(
            store,
            app=app if how.is_http else None,
            is_connected=_connected(socket),
            token_works=_token_works(app) if settings.slack_bot_token.get_secret_value() else None,
            metrics=metrics,
        )
        server = _listen(settings, answers)
        stack.callback(server.close)
        ready(f"http://{settings.slack_host}:{server.port}")
        stopping.wait()


def new_app(settings: Settings, store: Store) -> App:
    """Return bolt's application, for one workspace by its token, or for all that install it."""
    token = settings.slack_bot_token.get_secret_value()
    given: dict[str, Any] = {"signing_secret": settings.slack_signing_secret.get_secret_value() or None}
    if token:
        given["client"] = new_client(settings, token)
    else:
        installations = Installations(settings, store)
        given["client"] = new_client(settings, "")
        oauth = OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            scopes=list(SCOPES),
            installation_store=installations,
            state_store=States(store.engine),
            install_path="/slack/install",
            redirect_uri_path="/slack/oauth_redirect",
        )
        # Slack is not asked anew for each request whether a token works.
        oauth.authorize.cache_enabled = True  # type: ignore[attr-defined]
        given["oauth_settings"] = oauth
    try:
        return App(**given)
    except BoltError as exc:
        raise SlackTokenRefused(error=_cause(exc)) from exc


def _cause(exc: BoltError) -> str:
    """Return Slack's own word for what is wrong."""
    cause = exc.__cause__ or exc.__context__
    return str(cause.response["error"]) if isinstance(cause, SlackApiError) else type(exc).__name__


def _listen(settings: Settings, answers: WSGIApplication) -> health.Server:
    try:
        return health.serve(answers, settings.slack_host, settings.slack_port)
    except OSError as exc:
        raise PortTaken(address=f"{settings.slack_host}:{settings.slack_port}") from exc


def _token_works(app: App) -> Callable[[], bool]:
    return lambda: bool(app.client.auth_test()["ok"])


def _look_at(settings: Settings, how: Serving) -> None:
    """Raise SlackNotSet naming every setting that is not there."""
    wanted = {
        "GOVBOT_SLACK_APP_TOKEN": how.is_http or settings.slack_app_token.get_secret_value(),
        "GOVBOT_SLACK_SIGNING_SECRET": not how.is_http or settings.slack_signing_secret.get_secret_value(),
    }
    if not settings.slack_bot_token.get_secret_value():
        several = {
            "GOVBOT_SLACK_KEY": settings.slack_key.get_secret_value(),
            "GOVBOT_SLACK_CLIENT_ID": settings.slack_client_id,
            "GOVBOT_SLACK_CLIENT_SECRET": settings.slack_client_secret.get_secret_value(),
        }
        wanted |= several if any(several.values()) else {"GOVBOT_SLACK_BOT_TOKEN": ""}
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise SlackNotSet(names=missing)


class _Worker:
    """A worker beside the bot: started again where it died, told to finish what it has in hand at the end."""

    def __init__(self, slot: int, stopping: threading.Event, how: Serving) -> None:
        # One that is left alone, since the bot was killed, ends by itself.
        beside = ["--beside", str(os.getpid())]
        self._command = [sys.executable, "-m", "govbot.cli", "worker", "--slot", str(slot), *beside]
        self._stopping = stopping
        self._environment = {**os.environ, **how.environment}
        self._logs = how.logs
        self._process = self._start()
        self._watch = threading.Thread(target=self._look_after, name=f"worker-{slot}", daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        self._watch.join()
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _look_after(self) -> None:
        while not self._stopping.wait(_LOOK):
            if self._process.poll() is not None:
                self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with nullcontext() if self._logs is None else self._logs.open("ab") as logs:
            process = subprocess.Popen(self._command, env=self._environment, stderr=logs)
        # Before it has threads, which are as patient as the one that began them; one that has ended need not be.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + _BEHIND)
        return process


def _connected(socket: SocketModeHandler | None) -> Callable[[], bool]:
    return lambda: socket is None or bool(socket.client and socket.client.is_connected())


def _quietly(close: Callable[[], None]) -> Callable[[], None]:
    def closing() -> None:
        with suppress(Exception):
            close()

    return closing

from __future__ import annotations

import gc
import io
import itertools
import json
import logging
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.error import URLError

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy import create_engine, text

from govbot.logs import FIELDS, is_set_up, new_logger, set_up_logs
from govbot.slack.health import serve
from govbot.testing.slack import LocalSlack

#: What a draft says, and what opens the workspace: neither may stand in a log.
DRAFT, TOKEN = "Meadowbank will close in spring", "xoxb-1-SECRETTOKEN"
SIGNING = "signing-SECRET"
SECRETS = (DRAFT, "Meadowbank", TOKEN, "SECRET", "U0ADA")


class Log(io.StringIO):
    """What was logged."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def events(self) -> list[str]:
        return [line["event"] for line in self.lines]


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything is logged, however often it is said."""
    root, engine = logging.getLogger(), logging.getLogger("dbos")
    kept = [(one, one.handlers[:], one.level, one.propagate) for one in (root, engine)]
    hooks = threading.excepthook, sys.unraisablehook
    found = Log()
    set_up_logs(found, level=logging.DEBUG, clock=itertools.count(0, 60).__next__)
    yield found
    logging.captureWarnings(False)
    threading.excepthook, sys.unraisablehook = hooks
    for logger, handlers, level, propagate in kept:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)
    tell_nothing(found)


def tell_nothing(log: Log) -> None:
    """Assert that no line tells more than it may."""
    told = log.getvalue()
    assert [secret for secret in SECRETS if secret.lower() in told.lower()] == []
    assert [line for line in log.lines if not set(line) <= set(FIELDS)] == []


# What we log ourselves


def test_a_line_of_ours(log: Log) -> None:
    new_logger("govbot.slack").info("job_written", job="91df122dd4d2", kind="check", workspace="T1", seconds=0.25, n=3)
    (line,) = log.lines
    at = line.pop("time")
    wanted = {"event": "job_written", "level": "info", "logger": "govbot.slack", "job": "91df122dd4d2"}
    assert line == wanted | {"kind": "check", "workspace": "T1", "seconds": 0.25, "n": 3}
    assert at.endswith("+00:00")


@pytest.mark.parametrize(
    "value", [DRAFT, TOKEN, f"Bearer {TOKEN}", "https://x.org/y?token=1", "x" * 81, [DRAFT], {"a": DRAFT}, b"x"]
)
def test_a_field_that_is_no_figure_and_no_word_is_left_out(value: object, log: Log) -> None:
    new_logger("x").info("job_written", job=value, method=value, error=value)
    assert not set(log.lines[0]) & {"job", "method", "error"}


def test_a_field_that_is_not_on_the_list_is_left_out(log: Log) -> None:
    new_logger("x").bind(user="U0ADA").info("job_written", name="plan.docx", channel="C1", text=DRAFT)
    assert set(log.lines[0]) == {"event", "level", "time", "logger"}


@pytest.mark.parametrize("event", [DRAFT, "Meadowbank", "", f"read {DRAFT}"])
def test_an_event_that_is_no_word_of_ours_is_left_out(event: str, log: Log) -> None:
    new_logger("x").info(event)
    assert log.events == ["…"]


def test_of_an_exception_its_class_and_place_are_told(log: Log) -> None:
    try:
        raise ValueError(DRAFT)
    except ValueError:
        new_logger("x").exception("job_failed", job="1")
        logging.getLogger("x").exception("It failed")
    ours, other = log.lines
    assert (ours["event"], ours["error"], ours["job"]) == ("job_failed", "ValueError", "1")
    assert (other["event"], other["error"]) == ("It failed", "ValueError")
    assert ours["at"] == other["at"]
    assert ours["at"].startswith("unit/test_logs.py:")


def test_what_is_not_to_be_heard_is_not(log: Log) -> None:
    logging.getLogger().setLevel(logging.INFO)
    new_logger("x").debug("job_written")
    new_logger("x").info("job_read")
    assert log.events == ["job_read"]
    assert is_set_up()


# What libraries log


def test_of_a_library_s_message_the_words_of_its_source_are_told(log: Log) -> None:
    library, number = logging.getLogger("library"), 7
    library.info(f"Read {DRAFT} in {number} steps")
    library.warning("Read %s in %d steps", DRAFT, number)
    message = f"Failed to read {DRAFT}" + f": {TOKEN}"
    library.error(message)
    library.log(logging.ERROR, "Read a draft")
    assert log.events == ["Read … in … steps", "Read … in 7 steps", "Failed to read …: …", "Read a draft"]


def test_a_message_that_is_made_elsewhere_is_told_by_its_place(log: Log) -> None:
    logging.getLogger("library").info(str(DRAFT))
    (line,) = log.lines
    assert line["event"] == "test_a_message_that_is_made_elsewhere_is_told_by_its_place"
    assert line["at"].startswith("unit/test_logs.py:")


def test_a_message_that_cannot_be_made_is_not_shown(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if getattr(one, "stream", None) is log]
    logging.getLogger("library").info("%d drafts", DRAFT)
    logging.getLogger("library").info("%s of %s", DRAFT)
    assert log.events == ["%d drafts", "%s of %s"]
    assert capsys.readouterr() == ("", "")


def test_a_name_that_is_made_up_is_left_out(log: Log) -> None:
    logging.getLogger(DRAFT).info("It failed")
    assert log.lines[0]["logger"] == "…"


def test_a_place_is_heard_once_in_a_while() -> None:
    root, now, found = logging.getLogger(), [0.0], Log()
    kept, level = root.handlers[:], root.level
    try:
        set_up_logs(found, clock=lambda: now[0])
        for now[0] in (0, 1, 29, 30, 31):
            logging.getLogger("library").warning("Slack is away")
            new_logger("x").info("job_written")
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
        logging.captureWarnings(False)
    assert [found.events.count(event) for event in ("Slack is away", "job_written")] == [2, 5]


def test_warnings_and_what_fails_unseen_are_told_without_words(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise ValueError(DRAFT)

    def fail() -> None:
        raise KeyError(DRAFT)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(DRAFT, stacklevel=1)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Fragile()
    gc.collect()
    told = [(line["logger"], line.get("error")) for line in log.lines]
    assert {("py.warnings", None), ("govbot.logs", "KeyError"), ("govbot.logs", "ValueError")} <= set(told)
    assert capsys.readouterr() == ("", "")


def test_the_job_engine_s_messages_are_told_as_others_are(log: Log) -> None:
    logging.getLogger("dbos").error(f"Exception in workflow {DRAFT}")
    assert log.events == ["Exception in workflow …"]


# Slack's libraries, and the database's


def app() -> App:
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=TOKEN, bot_id="B1", bot_user_id="U9")
    made = App(signing_secret=SIGNING, authorize=lambda: known)

    @made.event("app_mention")
    def fail(event: dict[str, str]) -> None:
        raise ValueError(event["text"])

    @made.command("/govbot")
    def say_nothing() -> None:
        pass

    return made


def mention(kind: str, user: str) -> str:
    event = {"type": kind, "text": DRAFT, "user": user, "channel": "C1", "ts": "1.2"}
    return json.dumps({"type": "event_callback", "team_id": "T1", "event": event, "event_id": "Ev1", "token": TOKEN})


def test_slack_bolt_s_messages_tell_nothing_of_requests(log: Log) -> None:
    bolt = app()
    for body in (mention("app_mention", "U0ADA"), mention("reaction_added", "U0ADA"), mention("app_mention", "U9")):
        at = str(int(time.time()))
        signature = SignatureVerifier(SIGNING).generate_signature(timestamp=at, body=body)
        headers = {"x-slack-request-timestamp": at, "content-type": "application/json"}
        bolt.dispatch(BoltRequest(body=body, headers=headers | {"x-slack-signature": str(signature)}))
        bolt.dispatch(BoltRequest(body=body, headers=headers | {"x-slack-signature": f"v0={TOKEN}"}))
    bolt.listener_runner.listener_executor.shutdown()
    begin = [event.split(" (")[0] for event in log.events]
    assert {"Invalid request signature detected", "Skipped self event: …", "warning_unhandled_request"} <= set(begin)
    assert "ValueError" in [line.get("error") for line in log.lines]


def test_slack_sdk_s_messages_tell_nothing_of_calls(log: Log) -> None:
    def refuse(_environ: object, begin: Any) -> list[bytes]:  # noqa: ANN401 (WSGI's)
        begin("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ok": False, "error": DRAFT, "token": TOKEN}).encode()]

    server = serve(refuse, "127.0.0.1", 0, 1)
    address = f"http://127.0.0.1:{server.port}/"
    with pytest.raises(SlackApiError):
        WebClient(token=TOKEN, base_url=address).chat_postMessage(channel="C1", text=DRAFT)
    WebhookClient(f"{address}{TOKEN}").send(text=DRAFT)
    server.close()
    with pytest.raises(URLError):
        WebClient(token=TOKEN, base_url=address).chat_postMessage(channel="C1", text=DRAFT)
    assert any("Sending a request" in event for event in log.events)


def test_the_socket_s_messages_tell_nothing_of_events(log: Log) -> None:
    def fail(*_: object) -> None:
        raise ValueError(DRAFT)

    client = SocketModeClient(app_token=TOKEN)
    client.socket_mode_request_listeners.append(fail)
    payload = {"event": {"text": DRAFT, "user": "U0ADA"}}
    message = {"type": "events_api", "envelope_id": "1", "payload": payload}
    client.run_message_listeners(message, json.dumps(message))
    client._on_message(json.dumps(message))
    client._on_error(ValueError(DRAFT))
    client.close()
    assert "ValueError" in [line.get("error") for line in log.lines]


def test_nothing_of_what_is_said_in_slack_is_told(log: Log) -> None:
    heard = threading.Event()
    with LocalSlack() as slack:
        bolt = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url))

        @bolt.event("app_mention")
        def fail(event: dict[str, str]) -> None:
            heard.set()
            raise ValueError(event["text"])

        ada = slack.add_user("Meadowbank")
        channel = slack.add_channel("meadowbank", [ada])
        handler = SocketModeHandler(bolt, slack.app_token, web_client=bolt.client)
        handler.connect()
        slack.say(ada, channel, f"<@{slack.bot_user}> {DRAFT}")
        assert heard.wait(30)
        bolt.listener_runner.listener_executor.shutdown()
        handler.close()
        told = log.getvalue()
        assert not any(secret in told for secret in (slack.bot_token, slack.app_token, slack.signing_secret))
    assert "ValueError" in [line.get("error") for line in log.lines]


def test_the_database_s_messages_tell_nothing_of_rows(log: Log) -> None:
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT :said"), {"said": DRAFT}).scalar() == DRAFT
    engine.dispose()
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert [line for line in log.lines if line["logger"].startswith("sqlalchemy.engine")]


def test_the_server_s_messages_tell_nothing_of_requests(log: Log) -> None:
    def fail(environ: dict[str, str], _begin: object) -> list[bytes]:
        raise ValueError(environ["PATH_INFO"])

    server = serve(fail, "127.0.0.1", 0, 1)  # type: ignore[arg-type]
    assert WebhookClient(f"http://127.0.0.1:{server.port}/{TOKEN}").send(text=DRAFT).status_code == 500
    server.close()
    assert "ValueError" in [line.get("error") for line in log.lines]

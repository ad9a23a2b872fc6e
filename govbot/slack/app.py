"""The listeners: acknowledge, open what Slack wants opened at once, and leave the rest to the workers."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from govbot.rendering.slack.views import loading_view
from govbot.slack.calling import told
from govbot.slack.payloads import form_faults, opens_modal
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from govbot.slack.intake import Intake
    from govbot.slack.metrics import Metrics

_JOBS = "govbot_jobs"
_ANYTHING = re.compile(r".*", re.DOTALL)


class Listeners:
    """Take in all that Slack sends."""

    def __init__(self, intake: Intake, metrics: Metrics, *, is_http: bool) -> None:
        self._intake, self._metrics, self._is_http = intake, metrics, is_http

    def add_to(self, app: App) -> None:
        """Let an app send everything here."""
        app.middleware(self.write_down)
        app.event(_ANYTHING)(self.hear)
        app.action(_ANYTHING)(self.press)
        app.view(_ANYTHING)(self.submit)
        app.shortcut(_ANYTHING)(self.choose)
        app.command(_ANYTHING)(self.obey)

    def write_down(self, body: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002
        """Write down what is wanted. Raised here, an error is answered with 500, and Slack sends the request again."""
        self._metrics.received(_kind(body))
        try:
            # Over HTTP the whole answer is timed, where it is given.
            with nullcontext() if self._is_http else self._metrics.acknowledging():
                context[_JOBS] = self._intake.take(body)
        except Exception as exc:
            self._metrics.failed(exc)
            raise
        for _, kind in context[_JOBS]:
            self._metrics.written(kind)
        next()

    def hear(self, context: BoltContext) -> None:
        """Hear an event, which bolt acknowledges by itself."""
        self._intake.hand_over(context[_JOBS])

    def press(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Take a button or a menu, and open the modal that it is for."""
        ack()
        self._go_on(client, body, context)

    def obey(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Take a command, and open the modal that it is for."""
        ack()
        self._go_on(client, body, context)

    def choose(self, ack: Ack, context: BoltContext) -> None:
        """Take a shortcut."""
        ack()
        self._intake.hand_over(context[_JOBS])

    def submit(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """Take a form, or say what is missing in it."""
        faults = form_faults(body)
        if faults:
            ack(response_action="errors", errors=faults)
        else:
            ack(response_action="update", view=_loading())
        self._intake.hand_over(context[_JOBS])

    def _go_on(self, client: WebClient, body: dict[str, Any], context: BoltContext) -> None:
        try:
            if opens_modal(body) and context[_JOBS]:
                _open(client, body, context[_JOBS][0][0])
        finally:
            self._intake.hand_over(context[_JOBS])


def _kind(body: Mapping[str, Any]) -> str:
    """Return what kind of request it is, as Slack calls it."""
    if "command" in body:
        return "command"
    return str((body.get("event") or body).get("type") or "")


def _loading() -> dict[str, Any]:
    return loading_view(say("slack", "modal_title"))


def _open(client: WebClient, body: Mapping[str, Any], job: str) -> None:
    """Open a modal that says that it is on its way; the worker finds it by the job's id, and fills it."""
    is_on_top = (body.get("view") or {}).get("type") == "modal"
    method = client.views_push if is_on_top else client.views_open
    try:
        method(trigger_id=body["trigger_id"], view={**_loading(), "external_id": job})
    except SlackApiError as exc:
        raise told("views.open", exc) from exc

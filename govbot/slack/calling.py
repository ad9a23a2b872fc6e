"""Calls Slack, and says in our words what it refuses."""

from __future__ import annotations

import http.client
import logging
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from govbot.errors import ChannelClosed, SlackRefused, SlackScopeMissing, SlackTokenRefused, SlackUnreachable

if TYPE_CHECKING:
    from govbot.config import Settings

_LOG = logging.getLogger(__name__)
#: Seconds that one call may take.
_TIMEOUT = 15
#: Waits for Slack's "not so fast" before a call is given up, to be made again with the whole step.
_PATIENCE = 3
_TOKEN = ("invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "org_login_required")
_CLOSED = ("channel_not_found", "not_in_channel", "is_archived", "restricted_action", "no_permission")
_PASSING = (
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
)
_SERVER_FAULT = 500


def new_client(settings: Settings, token: str, *, is_patient: bool = True) -> WebClient:
    """Return a client; an impatient one gives up at once where Slack says "not so fast"."""
    client = WebClient(token=token, base_url=settings.slack_api, timeout=_TIMEOUT)
    # Nothing is sent again by itself where the connection broke: it may have arrived, and would come twice.
    client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=_PATIENCE)] if is_patient else []
    return client


class Api:
    """Slack's methods, under one workspace's token."""

    def __init__(self, client: WebClient, *, hurried: WebClient | None = None) -> None:
        """`hurried` is for what may be left out where Slack is busy."""
        self._client = client
        self._hurried = hurried or client

    def __call__(self, method: str, /, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 (whatever the method takes)
        """Return what Slack answers; raise SlackError: SlackUnreachable where waiting mends it."""
        return _call(self._client, method, arguments)

    def hurry(self, method: str, /, **arguments: Any) -> bool:  # noqa: ANN401 (whatever the method takes)
        """Call, and return whether it was done; where Slack is away, busy or unwilling it is left out."""
        try:
            _call(self._hurried, method, arguments)
        except (SlackUnreachable, SlackRefused, ChannelClosed) as exc:
            _LOG.info("left out: %s [%s]", method, exc.slots.get("error") or exc.slots.get("reason") or "closed")
            return False
        return True

    @property
    def client(self) -> WebClient:
        """The client, for what is more than one call."""
        return self._client


def _call(client: WebClient, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        found = (
            client.api_call(method, json=arguments)
            if _takes_json(method)
            else client.api_call(method, params=arguments)
        )
    except SlackApiError as exc:
        raise told(method, exc, str(arguments.get("channel", ""))) from exc
    except (URLError, OSError, http.client.HTTPException, SlackClientError) as exc:
        raise SlackUnreachable(reason=type(exc).__name__) from exc
    return dict(found.data) if isinstance(found.data, dict) else {}


def told(method: str, exc: SlackApiError, channel: str = "") -> Exception:
    """Return what Slack refused in our words."""
    data = exc.response.data if isinstance(exc.response.data, dict) else {}
    error = str(data.get("error") or exc.response.status_code)
    if (
        error in _PASSING
        or exc.response.status_code >= _SERVER_FAULT
        or exc.response.status_code == http.client.TOO_MANY_REQUESTS
    ):
        return SlackUnreachable(reason=error)
    if error == "missing_scope":
        return SlackScopeMissing(needed=data.get("needed", "?"), method=method)
    if error in _TOKEN:
        return SlackTokenRefused(error=error)
    if error in _CLOSED and channel:
        return ChannelClosed(channel=channel)
    return SlackRefused(method=method, error=error)


def _takes_json(method: str) -> bool:
    """Return whether a method takes its arguments as JSON: what writes does, what reads does not."""
    return method.startswith(("chat.", "views.", "conversations.open"))

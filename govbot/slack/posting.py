"""Posts in Slack: each message once, found again where nobody knows whether it arrived."""

from __future__ import annotations

import hashlib
import http.client
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from govbot.errors import SlackRefused, SlackScopeMissing, SlackUnreachable
from govbot.slack.calling import told
from govbot.slack.locking import Locks
from govbot.store import begin_delivery, find_receipt, find_receipts, note_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.rendering.slack.blocks import Message
    from govbot.slack.calling import Api
    from govbot.slack.files import SlackFile
    from govbot.store import Store

    #: Asks Slack for the file that a message is about, as it stands then.
    FindFile = Callable[[], SlackFile]

#: What Slack says of blocks that it does not take: the words alone are posted then.
_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "too_many_attachments")
#: What Slack says where a message is not there to be changed, or not ours.
_NO_MESSAGE = ("message_not_found", "cant_update_message", "edit_window_closed", "is_inactive")
#: What Slack answers at an address that has been used as often, or for as long, as it may be.
_TOO_LATE = (http.client.NOT_FOUND, http.client.GONE)
_SPENT = ("used_url", "expired_url")
#: Longest text of a message.
_TEXT = 3_900
_EVENT = "govbot_reply"
#: Seconds by which Slack's clock may be behind.
_SLACK_CLOCK = 60


class Poster:
    """Posts for one workspace."""

    def __init__(self, api: Api, store: Store) -> None:
        self._api, self._store = api, store
        self._posting = Locks()

    def once(self, key: str, channel: str, message: Message, *, thread: str = "", file: FindFile | None = None) -> str:
        """Post a message, if it was not posted under this key before, and return its time.

        Where nobody knows whether it arrived it is looked for: among replies to the file that it is about, or in the
        thread where the app may read it. Raises SlackError.
        """
        with self._posting.of(key):
            known = begin_delivery(self._store, key, at=_now())
            if known is not None and known.receipt:
                return known.receipt.split(" ")[1]
            found = ""
            if known is not None:
                found = self._find(key, channel, thread, message, file)
            time = found or self._post(key, channel, thread, message)
            note_delivery(self._store, key, f"{channel} {time}")
            return time

    def posted(self, key: str) -> str:
        """Return the time of the message that was posted under a key; empty where none is known."""
        receipt = find_receipt(self._store, key)
        return receipt.split(" ")[1] if receipt else ""

    def replace(self, channel: str, time: str, message: Message) -> bool:
        """Put a message in the place of an earlier one of ours, and return False where that is not there any more."""
        if not time:
            return False
        try:
            self._with_blocks("chat.update", message, channel=channel, ts=time)
        except SlackRefused as exc:
            if exc.slots.get("error") in _NO_MESSAGE:
                return False
            raise
        return True

    def tell(self, channel: str, time: str, message: Message) -> bool:
        """Put a message in the place of an earlier one, if Slack has time for it."""
        return self._api.hurry("chat.update", channel=channel, ts=time, **_body(message))

    def whisper(self, channel: str, user: str, message: Message, *, thread: str = "") -> None:
        """Show a message to one person of a channel; in a direct message to them where they are not in the channel."""
        place: dict[str, str] = {"thread_ts": thread} if thread else {}
        try:
            self._with_blocks("chat.postEphemeral", message, channel=channel, user=user, **place)
        except SlackRefused as exc:
            if exc.slots.get("error") not in ("user_not_in_channel", "cannot_reply_to_message"):
                raise
            self._with_blocks("chat.postMessage", message, channel=self.direct(user))

    def direct(self, user: str) -> str:
        """Return the channel of direct messages with somebody."""
        return str(self._api("conversations.open", users=user)["channel"]["id"])

    def respond(self, address: str, message: Message) -> bool:
        """Answer a command, for the person alone who gave it, and return False where it is too late for that.

        Raises SlackUnreachable, or SlackRefused where Slack does not take the message.
        """
        try:
            found = WebhookClient(address).send(
                text=message.text[:_TEXT],
                blocks=list(message.blocks),
                response_type="ephemeral",
                replace_original=False,
            )
        except (SlackClientError, URLError, OSError) as exc:
            raise SlackUnreachable(reason=type(exc).__name__) from exc
        if found.status_code == http.client.TOO_MANY_REQUESTS or found.status_code >= http.client.INTERNAL_SERVER_ERROR:
            raise SlackUnreachable(reason=str(found.status_code))
        if found.status_code in _TOO_LATE or any(word in found.body for word in _SPENT):
            return False
        if found.status_code != http.client.OK:
            raise SlackRefused(method="response_url", error=str(found.status_code))
        return True

    def upload_once(self, key: str, channel: str, data: bytes, *, name: str, title: str, thread: str = "") -> None:
        """Put a file into a thread, if that was not done before."""
        known = begin_delivery(self._store, key, at=_now())
        if known is not None and (known.receipt or self._is_uploaded(channel, name, since=known.begun_at)):
            note_delivery(self._store, key, f"{channel} {name}")
            return
        try:
            self._api.client.files_upload_v2(
                channel=channel, content=data, filename=name, title=title, thread_ts=thread or None
            )
        except SlackApiError as exc:
            raise told("files.completeUploadExternal", exc, channel) from exc
        except (SlackClientError, URLError, OSError) as exc:
            raise SlackUnreachable(reason=type(exc).__name__) from exc
        note_delivery(self._store, key, f"{channel} {name}")

    def _is_uploaded(self, channel: str, name: str, *, since: datetime) -> bool:
        """Return whether a file of ours that nobody knows the fate of is there; False where the app may not look."""
        try:
            found = self._api("files.list", channel=channel, ts_from=str(int(since.timestamp()) - _SLACK_CLOCK))
        except (SlackScopeMissing, SlackRefused):
            return False
        return any(one.get("name") == name for one in found.get("files") or ())

    def _post(self, key: str, channel: str, thread: str, message: Message) -> str:
        place = {"thread_ts": thread} if thread else {}
        mark = {"event_type": _EVENT, "event_payload": {"key": _hash(key)}}
        return str(self._with_blocks("chat.postMessage", message, channel=channel, metadata=mark, **place)["ts"])

    def _with_blocks(self, method: str, message: Message, **place: Any) -> dict[str, Any]:  # noqa: ANN401 (Slack's own)
        """Call with blocks, and with the words alone where Slack does not take those."""
        try:
            return self._api(method, **place, **_body(message))
        except SlackRefused as exc:
            if exc.slots.get("error") not in _BLOCKS:
                raise
        return self._api(method, **place, text=message.text[:_TEXT], blocks=[])

    def _find(self, key: str, channel: str, thread: str, message: Message, file: FindFile | None) -> str:
        """Return the time of our message where it is found in Slack; empty where it is not there, as far as we see."""
        try:
            return self._find_marked(key, channel, thread)
        except (SlackScopeMissing, SlackRefused):
            pass
        account = (file().replies.get(channel) if file else None) or {}
        latest = str(account.get("latest_reply") or "")
        is_new = bool(latest) and f"{channel} {latest}" not in find_receipts(self._store)
        return latest if is_new and self.replace(channel, latest, message) else ""

    def _find_marked(self, key: str, channel: str, thread: str) -> str:
        """Return the time of the message that bears the key's mark; raise SlackError where the app may not look."""
        if thread:
            found = self._api("conversations.replies", channel=channel, ts=thread, include_all_metadata=True)
        else:
            found = self._api("conversations.history", channel=channel, include_all_metadata=True)
        for message in found.get("messages") or ():
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == _hash(key):
                return str(message["ts"])
        return ""


def _body(message: Message) -> dict[str, Any]:
    return {"text": message.text[:_TEXT], "blocks": list(message.blocks), "unfurl_links": False, "unfurl_media": False}


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _now() -> datetime:
    return datetime.now(UTC)

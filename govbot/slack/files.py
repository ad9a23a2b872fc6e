"""Fetches files from Slack: from its own hosts only, following nobody elsewhere, and nothing that is not the file."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from govbot.errors import FileElsewhere, FileNotFetched, FileNotShared, FileTooLarge, SlackRefused, SlackUnreachable
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govbot.config import Settings
    from govbot.slack.calling import Api

#: Seconds without a byte after which a download is given up, and bytes read at once.
_TIMEOUT, _AT_ONCE = 30, 64 * 1024
#: What a page of Slack's begins with that comes in the place of a file: a login, most often.
_PAGE_BEGINS = (b"<!doctype html", b"<html")
_GONE = ("file_not_found", "file_deleted", "not_visible")


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackFile:
    """A file as Slack describes it."""

    id: str
    name: str
    #: Bytes; 0 where Slack does not say.
    size: int
    url: str
    kind: str
    by: str
    is_elsewhere: bool
    #: Channel -> times of the messages that brought it there, newest first; threads by their first message.
    shares: dict[str, tuple[str, ...]]
    #: Channel -> times of the very messages, which may be replies.
    messages: dict[str, tuple[str, ...]]
    #: Channel -> Slack's account of replies under that message, for finding our own again.
    replies: dict[str, Mapping[str, Any]]


class _Stay(HTTPRedirectHandler):
    """Follows nobody: the token would go along."""

    def redirect_request(self, *_: object) -> None:
        return None


def find_file(api: Api, file: str) -> SlackFile:
    """Return what Slack says of a file; raise FileNotShared where it is gone or not ours to see."""
    try:
        found = api("files.info", file=file)["file"]
    except SlackRefused as exc:
        if exc.slots.get("error") in _GONE:
            raise FileNotShared(name=file) from exc
        raise
    name = str(found.get("name") or found.get("title") or file)
    if found.get("mode") in ("tombstone", "hidden_by_limit"):
        raise FileNotShared(name=name)
    places = {
        channel: account
        for kind in ("public", "private")
        for channel, account in ((found.get("shares") or {}).get(kind) or {}).items()
    }
    return SlackFile(
        id=file,
        name=name,
        size=int(found.get("size") or 0),
        url=str(found.get("url_private_download") or found.get("url_private") or ""),
        kind=str(found.get("filetype") or ""),
        by=str(found.get("user") or ""),
        is_elsewhere=bool(found.get("is_external") or found.get("mode") == "external"),
        shares={
            channel: tuple(one.get("thread_ts") or one["ts"] for one in every) for channel, every in places.items()
        },
        messages={channel: tuple(one["ts"] for one in every) for channel, every in places.items()},
        replies={channel: every[0] for channel, every in places.items() if every},
    )


def fetch_file(file: SlackFile, token: str, settings: Settings) -> bytes:
    """Return a file's bytes.

    Raises FileElsewhere, FileTooLarge, FileNotFetched, or SlackUnreachable where waiting mends it.
    """
    most = settings.file_mb * 2**20
    if file.is_elsewhere or not _is_slacks(file.url, settings):
        raise FileElsewhere(name=file.name)
    if file.size > most:
        raise FileTooLarge(name=file.name)
    request = Request(file.url, headers={"Authorization": f"Bearer {token}"})
    opener = build_opener(_Stay) if settings.slack_api.startswith("https") else build_opener(_Stay, ProxyHandler({}))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            data = _read(answer, most, file.name)
    except HTTPError as exc:
        if exc.code >= http.client.INTERNAL_SERVER_ERROR or exc.code == http.client.TOO_MANY_REQUESTS:
            raise SlackUnreachable(reason=str(exc.code)) from exc
        raise _not_fetched(file, "moved" if exc.code < http.client.BAD_REQUEST else "refused") from exc
    except (URLError, OSError, http.client.HTTPException) as exc:
        raise SlackUnreachable(reason=type(exc).__name__) from exc
    _look_at(data, kind, file)
    return data


def _read(answer: Any, most: int, name: str) -> bytes:  # noqa: ANN401 (what urllib opens)
    parts: list[bytes] = []
    left = most
    while part := answer.read(min(_AT_ONCE, left + 1)):
        left -= len(part)
        if left < 0:
            raise FileTooLarge(name=name)
        parts.append(part)
    return b"".join(parts)


def _look_at(data: bytes, kind: str, file: SlackFile) -> None:
    """Raise FileNotFetched where what came is not the file."""
    is_page = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_BEGINS)
    if file.kind not in ("html", "htm") and (is_page or kind == "text/html"):
        raise _not_fetched(file, "login")
    if file.size and len(data) != file.size:
        raise _not_fetched(file, "length")


def _not_fetched(file: SlackFile, reason: str) -> FileNotFetched:
    return FileNotFetched(name=file.name, reason=say("replies/fetching", reason))


def _is_slacks(url: str, settings: Settings) -> bool:
    """Return whether a file lies on Slack's hosts, and comes as Slack's methods do: encrypted, save in a trial."""
    parts = urlsplit(url)
    hosts = [one.strip() for one in settings.slack_file_hosts.split(",")]
    wanted = urlsplit(settings.slack_api).scheme
    return parts.scheme == wanted and parts.netloc in hosts and "@" not in parts.netloc

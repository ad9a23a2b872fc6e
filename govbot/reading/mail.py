"""Takes e-mails apart: the words that their writer wrote, and what is attached."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from functools import partial
from typing import TYPE_CHECKING

from govbot.errors import UnreadableFile
from govbot.reading.enclosures import Enclosure, shorten_name, shown_name
from govbot.reading.text import decode
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from email.policy import Policy
    from typing import Any, TypeAlias

    Part: TypeAlias = Message[Any, Any]

_MEDIA_TYPE = "message/rfc822"
#: Words of its own from which an e-mail is a document.
_WORDS = 20
#: What Python's parser raises about fields that break its rules.
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
_POLICIES: tuple[Policy[Any], ...] = (policy.default, policy.compat32)
_BOM = b"\xef\xbb\xbf"
_ENCRYPTED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
#: The name that Outlook gives to what it packs in a way of its own.
TNEF_NAME = "winmail.dat"


def open_mail(data: bytes) -> Iterator[Enclosure]:
    """Yield an e-mail's own words, then what is attached; raise UnreadableFile where it is none, or too deep."""
    for one in _POLICIES:
        try:
            return _open(BytesParser(policy=one).parsebytes(data))
        except RecursionError as exc:
            raise UnreadableFile(name="") from exc
        except _FAULTS:
            # The older policy leaves fields as they are.
            continue
    raise UnreadableFile(name="")


def _open(message: Part) -> Iterator[Enclosure]:
    """Yield what is in a parsed e-mail."""
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attached: list[Enclosure] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        try:
            kind = part.get_content_type()
            if kind.startswith("multipart/") and kind not in _ENCRYPTED and part.is_multipart():
                waiting += reversed(_children(part))
            elif kind in texts and not _is_attached(part):
                texts[kind].append(_text(part))
            elif (found := _attachment(part, kind, len(attached) + 1)) is not None:
                attached.append(found)
        except _FAULTS:
            attached.append(Enclosure(name=_unnamed(len(attached) + 1), left_out="damaged"))
    html = "\n".join(texts["text/html"])
    yield from own_words(
        _subject(message), "\n\n".join(texts["text/plain"]), _BOM + html.encode("utf-8", "replace"), _MEDIA_TYPE
    )
    yield from attached


def own_words(title: str, plain: str, html: bytes, media_type: str) -> Iterator[Enclosure]:
    """Yield an e-mail's own words as an enclosure, plain text rather than a page, or that they are few."""
    text = _without_others(plain)
    count = len(text.split())
    # Some programs write only a stub beside a page; where everything is somebody else's, the page says the same.
    on_page = _count_words(html) if count < _WORDS else 0
    is_page = on_page >= _WORDS and (count > 0 or not plain.strip())
    count = on_page if is_page else count
    if count < _WORDS and (count or plain.strip() or on_page):
        yield Enclosure(name="", left_out="short")
    elif count:
        data = html if is_page else _BOM + text.encode("utf-8", "replace")
        yield Enclosure(
            name="",
            load=partial(bytes, data),
            size=len(data),
            format_="html" if is_page else "text",
            title=shown_name(title),
            media_type=media_type,
            words=count,
        )


def file_name(name: str, number: int) -> str:
    """Return the name of something attached as it is shown, without folders; "attachment 3" where it has none."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return shorten_name(shown_name(last)) or _unnamed(number)


def letter_name(subject: str, ending: str, number: int) -> str:
    """Return the name of an attached e-mail that bears none: its subject, with the ending of its kind."""
    subject = shown_name(subject).replace("/", "-").replace("\\", "-")
    return shorten_name(f"{subject or _unnamed(number)}{ending}")


def _without_others(text: str) -> str:
    """Return the text without quoted lines and without the signature."""
    lines: list[str] = []
    for line in text.splitlines():
        if line == "-- ":
            break
        if not line.startswith(">"):
            lines.append(line)
    return "\n".join(lines)


def _count_words(html: bytes) -> int:
    from govbot.reading.html_source import open_page  # lxml is only for e-mails that are written as pages

    try:
        return len(open_page(html).root.text_content().split()) if html.removeprefix(_BOM).strip() else 0
    except UnreadableFile:
        return 0


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [child for child in payload if not isinstance(child, str)] if isinstance(payload, list) else []


def _attachment(part: Part, kind: str, number: int) -> Enclosure | None:
    """Return something attached, or None for a picture that the e-mail shows among its words."""
    name = file_name(part.get_filename() or "", number)
    if kind in _ENCRYPTED or name.lower().endswith(".p7m"):
        return Enclosure(name=name, left_out="encrypted")
    if kind in _TNEF or name.lower() == TNEF_NAME:
        return Enclosure(name=name, left_out="tnef")
    if kind == _MEDIA_TYPE:
        children = _children(part)
        if children:
            name = name if part.get_filename() else letter_name(_subject(children[0]), ".eml", number)
            return Enclosure(name=name, inside=partial(_open, children[0]))
    elif part.is_multipart() or kind.startswith("message/"):
        return Enclosure(name=name, left_out="kind")
    if kind.startswith("image/") and part.get("Content-ID"):
        return None
    return Enclosure(name=name, size=len(str(part.get_payload())) * 3 // 4, load=partial(_data, part))


def _is_attached(part: Part) -> bool:
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment"


def _data(part: Part) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: Part) -> str:
    """Return the text of a part: as it says it is encoded, else as it can be read."""
    data = _data(part)
    try:
        charset = part.get_content_charset()
        return data.decode(charset) if charset else decode(data)
    except (UnicodeError, LookupError, ValueError):
        return decode(data)


def _subject(message: Part) -> str:
    try:
        return str(message.get("Subject") or "")
    except _FAULTS:
        return ""


def _unnamed(number: int) -> str:
    return say("replies/enclosures", "unnamed", n=number)

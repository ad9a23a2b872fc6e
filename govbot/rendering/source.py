"""Check -> what was read and what could not be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.records import layout_of
from govbot.rendering.plain import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govbot.records import Check, Document, Unread


#: Why pages were not read that were in part.
_IN_PART = frozenset({"print_beside"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The document at the head of a report."""

    title: str
    #: File name; empty where it is the title.
    name: str
    #: "Read: 15 pages, 96 passages."
    read: str
    #: Parts that could not be read, with the reason.
    unread: tuple[str, ...]


def view_source(check: Check) -> Source:
    """Return the head of a report."""
    document = check.document
    title, name = one_line(document.title) or one_line(document.name), one_line(document.name)
    return Source(
        title=title, name="" if name == title else name, read=_read(document, check.passages), unread=_unread(document)
    )


def _read(document: Document, passages: int) -> str:
    if passages == 0:
        return say("replies/check", "nothing_read")
    parts = [say("replies/check", "passages", n=passages)]
    total = document.pages
    if total is not None:
        # A part of a page that was not read leaves the page itself read.
        whole = (item for item in document.unread if item.part is None and item.reason not in _IN_PART)
        unread = {item.page for item in whole if item.page is not None}
        key = "pages_of" if unread else "pages"
        parts.insert(0, say("replies/check", key, n=total - len(unread), total=total, unit=_unit(document)))
    return say("replies/check", "read", parts=parts)


def _unread(document: Document) -> tuple[str, ...]:
    pages: dict[str, list[int]] = {}
    lines = []
    for item in document.unread:
        if item.page is not None and item.part is None:
            pages.setdefault(item.reason, []).append(item.page)
        else:
            lines.append(_part(item))
    unit = _unit(document)
    return tuple(_pages(reason, numbers, unit) for reason, numbers in pages.items()) + tuple(lines)


def _unit(document: Document) -> str:
    """Return what the document's pages are called."""
    return say("replies/check", f"unit.{layout_of(document.media_type)}")


def _part(item: Unread) -> str:
    reason = say("replies/unread", item.reason)
    if item.part is None:
        return say("replies/check", "unread.whole", reason=reason)
    return say("replies/check", "unread.part", part=one_line(item.part), reason=reason)


def _pages(reason: str, numbers: list[int], unit: str) -> str:
    sentence = say("replies/unread", reason)
    key = "page" if len(set(numbers)) == 1 else "pages"
    return say("replies/check", f"unread.{key}", pages=", ".join(_runs(numbers)), reason=sentence, unit=unit)


def _runs(numbers: Iterable[int]) -> list[str]:
    """Return page numbers with neighbours drawn together: 3, 4, 5, 9 -> "3–5", "9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}–{last}" for first, last in runs]

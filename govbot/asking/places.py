"""Where a quote stands, in words."""

from __future__ import annotations

from typing import Literal, Protocol

from govbot.records import Layout
from govbot.words import say

Form = Literal["place", "inside", "short", "at", "At"]
#: What a page, and a paragraph, of each layout is called.
_PAGES: dict[Layout, str] = {"text": "page", "slides": "slide", "sheets": "page"}
_PARAGRAPHS: dict[Layout, str] = {"text": "paragraph", "slides": "paragraph", "sheets": "row"}


class Placed(Protocol):
    """Anything that stands somewhere in a document."""

    @property
    def page(self) -> int | None:
        """1-based page, or None where there is none."""

    @property
    def page_is_approximate(self) -> bool:
        """True where the page is a guess."""

    @property
    def paragraph(self) -> int | None:
        """1-based paragraph, or None where pages are exact."""

    @property
    def layout(self) -> Layout:
        """What pages and paragraphs are."""

    @property
    def ocr_confidence(self) -> float | None:
        """How sure its words are, from 0 to 1, where they were recognised in a picture, or None."""


def place(item: Placed, form: Form = "place") -> str:
    """Return such as "page 4", "p. 4" (short), "on page 4" (at) or "On page 4" (At); never an invented page.

    A slide or a row of a sheet is called what it is. Of what was recognised in a picture it is said, and how sure the
    words are ("inside" says it without brackets).
    """
    named = _named(item, "place" if form == "inside" else form)
    if item.ocr_confidence is None:
        return named
    return say("replies/places", f"ocr.{form}", place=named, percent=round(100 * item.ocr_confidence))


def _named(item: Placed, form: Form) -> str:
    if item.page is not None and not item.page_is_approximate:
        return say("replies/places", f"{_PAGES[item.layout]}.{form}", number=item.page)
    if item.paragraph is not None:
        return say("replies/places", f"{_PARAGRAPHS[item.layout]}.{form}", number=item.paragraph)
    if item.page is not None:
        return say("replies/places", f"about_page.{form}", number=item.page)
    return say("replies/places", f"document.{form}")


def shorten(quote: str, words: int) -> str:
    """Return the first `words` words of a quote on one line, with an ellipsis where it was cut."""
    found = quote.split()
    return " ".join(found) if len(found) <= words else " ".join(found[:words]).rstrip(" ,;:–-") + " …"

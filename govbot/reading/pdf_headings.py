"""Which chunks of a PDF are headings, and of which level."""

from __future__ import annotations

import re

from govbot.reading.pdf_layout import Chunk

#: Words and lines of a heading.
_WORDS, _LINES = 18, 3
#: Words of a tagged heading: some files tag whole paragraphs.
_TAGGED_WORDS = 30
#: Tagged headings that a document must have before its tags are believed alone.
_TAGGED = 3
#: Share of the body's size by which a heading stands out.
_LARGER = 1.12
#: Space above a bold heading of the body's size, in font sizes.
_SPACE_ABOVE = 1.5
_NUMBERED = re.compile(
    r"^(?:(?:chapter|section|part|appendix|annex)\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-Z]\.?\d{0,2}[.:]?)\s+[A-Z]",
    re.I,
)
_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s")
_CAPTION = re.compile(r"^(?:figure|fig\.|table|chart|box|map|photo|source|note)s?\b[ .:]*(?:\d|[A-Z]\b|:)", re.I)
_DATE = re.compile(r"^(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]{2,8},? (?:\d{1,2}, )?\d{4}$")
_ENDINGS = (".", ";", ",", ":", "-", "–", " and", " of", " the", " to")


def heading_levels(chunks: list[Chunk], body: float) -> dict[int, int]:
    """Return the level, 1 to 6, of each chunk (by its index) that is a heading."""
    tagged = {
        index: chunk.tag.level
        for index, chunk in enumerate(chunks)
        if chunk.tag and chunk.tag.level and _is_tagged(chunk)
    }
    if len(tagged) >= _TAGGED:
        return {index: level for index, level in tagged.items() if level}
    found = [index for index, _ in enumerate(chunks) if _is_heading(chunks, index, body)]
    return _levels({index: chunks[index] for index in found})


def _is_tagged(chunk: Chunk) -> bool:
    words = chunk.text.split()
    return (
        0 < len(words) <= _TAGGED_WORDS
        and any(letter.isalpha() for letter in chunk.text)
        and not (chunk.tag and chunk.tag.cell)
    )


def _is_heading(chunks: list[Chunk], index: int, body: float) -> bool:
    chunk = chunks[index]
    text = chunk.text
    if not _has_shape(chunk):
        return False
    numbered = bool(_NUMBERED.match(_whole(chunk)))
    if chunk.sign and not numbered:
        return False
    after = chunks[index + 1] if index + 1 < len(chunks) else None
    if after is None or chunk.is_note:
        return False
    if chunk.first.confidences and after.text[:1].islower():
        # The size of recognised print is not exact: the sentence goes on.
        return False
    size = chunk.first.size / body
    if size >= _LARGER and (chunk.bold or size >= 1.2 or numbered):
        return not text.endswith("?") or len(text.split()) < _WORDS
    if not chunk.bold or size < 0.97 or len(chunk.lines) > 2:
        return False
    return _stands_out(chunk, chunks[index - 1] if index else None, after, numbered)


def _has_shape(chunk: Chunk) -> bool:
    text = chunk.text
    if not text or len(chunk.lines) > _LINES or len(text.split()) > _WORDS:
        return False
    if text.endswith(_ENDINGS) or text[0].islower() or text[0] in "“\"'‘(" or _CAPTION.match(text):
        return False
    if chunk.tag is not None and (chunk.tag.cell or chunk.tag.role in ("Caption", "Figure", "LI", "Lbl")):
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= max(3, 0.5 * len(text.replace(" ", ""))) and not _DATE.match(text)


def _stands_out(chunk: Chunk, before: Chunk | None, after: Chunk, numbered: bool) -> bool:
    """Return whether a bold chunk of the body's size heads the text after it."""
    if after.bold and not (numbered or after.first.size != chunk.first.size):
        return False
    if before is not None and before.bold and before.first.page == chunk.first.page and not numbered:
        same_place = abs(before.first.x0 - chunk.first.x0) > 2
        if same_place:
            return False
    if chunk.gap is not None and chunk.gap < _SPACE_ABOVE and not numbered:
        return False
    return abs(after.first.x0 - chunk.first.x0) < 40 and len(after.text.split()) > 3


def _whole(chunk: Chunk) -> str:
    return f"{chunk.sign} {chunk.text}" if chunk.sign else chunk.text


def _levels(headings: dict[int, Chunk]) -> dict[int, int]:
    """Return levels by size, bold before light; a number's depth decides among headings of one look."""
    depths = {index: numbering_depth(_whole(chunk)) or 0 for index, chunk in headings.items()}
    shallowest: dict[tuple[int, bool], int] = {}
    for index, chunk in headings.items():
        if depths[index]:
            shallowest[_look(chunk)] = min(depths[index], shallowest.get(_look(chunk), depths[index]))
    ranks = {
        index: (_look(chunk), -max(depths[index] - shallowest.get(_look(chunk), 0), 0))
        for index, chunk in headings.items()
    }
    levels = {rank: level for level, rank in enumerate(sorted(set(ranks.values()), reverse=True), start=1)}
    return {index: min(levels[rank], 6) for index, rank in ranks.items()}


def _look(chunk: Chunk) -> tuple[int, bool]:
    return round(chunk.first.size), chunk.bold


def numbering_depth(text: str) -> int | None:
    """Return 1 for "4 Risk", 2 for "4.2 Risk", None for a heading without a number."""
    found = _NUMBER.match(text)
    return found.group(1).count(".") + 1 if found else None

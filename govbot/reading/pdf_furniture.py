"""Finds what is on a page and not of the text: headers, footers, page numbers, lists of contents."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from govbot.reading.pdf_page import Line, Page

#: Share of the page's height, at each edge, where headers and footers stand; share of pages, and number of
#: pages, on which one must recur (measured on 58 files, facts/readers.md: a looser rule took sub-headings).
_EDGE, _RECURS, _RECURS_PAGES = 0.11, 0.10, 3
#: Points by which a recurring line may move, and how many times as far on scans: no sheet lies as the last did.
_STEP, _SCAN_STEPS = 4.0, 4
#: Share of a contents page's lines that end in a page number.
_NUMBERED_SHARE = 0.5
#: Words of an entry in a list of contents without page numbers.
_ENTRY_WORDS = 14

_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*$|^\W*\d{1,4}\s*\|\s*page\W*$|^\W*page\s*\|\s*\d{1,4}\W*$",
    re.I,
)
_LEADERS = re.compile(r"(?:\.{4,}|(?:\. ){4,}|…{2,}|_{6,})\s*\S{0,6}$")
#: Leaders on a page that lists no contents lead to a number: those of a form lead to nothing.
_TO_NUMBER = re.compile(r"[\s.…]\s*(?:\d{1,4}|[ivxlc]{1,6})$", re.I)
_CONTENTS = re.compile(r"^(?:table of )?contents(?: list)?(?:\s+page(?: no\.?)?)?:?$", re.I)
_ENDS_IN_NUMBER = re.compile(r"\s\d{1,3}$|^\d{1,3}$")
_DIGITS = re.compile(r"\d+")


def strip_furniture(pages: list[Page]) -> None:
    """Take headers, footers, page numbers and lists of contents out of the pages' lines."""
    recurring = _recurring(pages)
    for page in pages:
        kept = []
        for line in page.lines:
            edge = _at_edge(line, page)
            number = edge and _PAGE_NUMBER.match(line.text)
            if number or line.artifact or (edge and _key(line, page) in recurring):
                continue
            if line.tag is not None and line.tag.in_contents:
                continue
            kept.append(line)
        page.lines = kept
    in_contents = False
    for page in pages:
        in_contents = _strip_contents(page, in_contents)


def _recurring(pages: list[Page]) -> set[tuple[str, int]]:
    """Return the keys of lines that stand at the same height on enough pages."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            if _at_edge(line, page):
                text, height = _key(line, page)
                reach = _SCAN_STEPS if page.is_scan else 1
                for step in range(height - reach, height + reach + 1):
                    seen[text, step].add(page.number)
    least = max(_RECURS_PAGES, _RECURS * len(pages))
    return {key for key, numbers in seen.items() if len(numbers) >= least}


def _key(line: Line, page: Page) -> tuple[str, int]:
    from_top = line.y > page.height / 2
    height = page.height - line.y if from_top else -line.y
    return _DIGITS.sub("#", line.text.casefold()), round(height / _STEP)


def _at_edge(line: Line, page: Page) -> bool:
    return not _EDGE * page.height < line.y < (1 - _EDGE) * page.height


def _strip_contents(page: Page, going_on: bool) -> bool:
    """Drop the lines of a contents list; return whether it may go on on the next page."""
    heads = [index for index, line in enumerate(page.lines) if _CONTENTS.match(line.text)]
    start = heads[0] if heads else 0
    if not heads and not going_on:
        page.lines = [line for line in page.lines if not (_has_leaders(line.text) and _TO_NUMBER.search(line.text))]
        return False
    rest = page.lines[start:]
    entries = [index for index, line in enumerate(rest) if _is_entry(line.text)]
    enough = bool(rest) and len(entries) >= max(3, _NUMBERED_SHARE * (len(rest) - 1))
    if enough:
        page.lines = page.lines[:start] + rest[entries[-1] + 1 :]
        return True
    if heads and len(rest) >= 4 and all(_is_short(line.text) for line in rest):
        page.lines = page.lines[:start]
        return True
    if going_on:
        while page.lines and _is_entry(page.lines[0].text):
            page.lines.pop(0)
    page.lines = [line for line in page.lines if not (_has_leaders(line.text) and _TO_NUMBER.search(line.text))]
    return False


def _is_short(text: str) -> bool:
    """Return whether a line could name a section."""
    return len(text.split()) <= _ENTRY_WORDS and not text.endswith((".", ";", ":"))


def _has_leaders(text: str) -> bool:
    return any(sign in text for sign in ("....", ". . .", "……", "______")) and bool(_LEADERS.search(text))


def _is_entry(text: str) -> bool:
    return _has_leaders(text) or bool(_ENDS_IN_NUMBER.search(text))


def body_size(pages: list[Page]) -> float:
    """Return the font size that most characters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0

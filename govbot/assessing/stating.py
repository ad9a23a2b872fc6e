"""Which parts of a passage are the draft's own statements: the rest is never evidence, whatever it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govbot.assessing.forms import waits_for_answer
from govbot.passages import word_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.records import Part, Passage

#: A question asks, a note in square brackets tells the author, and a quotation is somebody else's: each of them names
#: what the draft need not have.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)‘[^’]{25,}’(?!\w)")
#: Share of its words from which a sentence is somebody else's.
_MOST_QUOTED = 0.5
#: Share of its longer words that begin with a capital from which a line is a list of names or titles, and how many
#: of them there must be.
_MOST_CAPITALS = 0.8
_FEWEST_NAMES = 4
_LONGER = 4
#: Words of statements that make a passage count whatever else stands in it, such as a list of names before them.
_ENOUGH_WORDS = 30
_WORD = re.compile(r"[^\W\d_]+")
#: Words with letters in them that a statement has at least: a date or a row of signs says nothing.
_FEWEST_WORDS = 4
#: A sentence that sends its reader elsewhere: it says where something stands, and nothing of it.
_POINTER = re.compile(
    r"\W*(?:for [^,]{3,80}, )?(?:please )?(?:also )?(?:see|refer to|turn to) (?:also )?(?:the )?"
    r"(?:(?:table|figure|section|chapter|annexe?|appendix|page|paragraph|box|part|schedule)s? [\w.]+"
    r"|below|above|www|http|link)",
    re.IGNORECASE,
)
#: Heads a section that explains words or names sources: what stands in it is not what the body does.
_EXPLAINS = (
    r"(?:glossary(?: of [^,]{3,40})?|abbreviations|acronyms|bibliography|references|further reading|contents|index)"
)
_REFERENCE_MATTER = re.compile(
    r"\W*(?:(?:annexe?|appendix|schedule|section|chapter|part)\b)?\W*"
    r"(?:(?:(?:[a-z]|[ivx]+)?\.?\d[\d.]*|[a-z]|[ivx]+|one|two|three|four|five|six)(?![\da-z]))?\W*"
    rf"(?:(?:list|table) of )?{_EXPLAINS}(?:,? (?:and|&) (?:{_EXPLAINS}|definitions))?\W*",
    re.IGNORECASE,
)


def statements(passage: Passage) -> list[bool]:
    """Return for each part of the passage whether the draft itself says it."""
    return [
        not noted and _says(part) and not waits_for_answer(part.text)
        for part, noted in zip(passage.parts, _noted(passage.parts), strict=True)
    ]


def is_stated(passage: Passage) -> bool:
    """Return whether the passage is the draft's own statement: half of it, or enough sentences beside what is not.

    What explains words or names sources, such as a glossary, states nothing.
    """
    if any(_REFERENCE_MATTER.fullmatch(heading) for heading in passage.section):
        return False
    words = [word_count(part.text) for part in passage.parts]
    stated = sum(count for count, own in zip(words, statements(passage), strict=True) if own)
    if stated >= _ENOUGH_WORDS:
        return True
    if sum(len(_WORD.findall(part.text)) for part in passage.parts) < _FEWEST_WORDS:
        return False
    return 2 * stated >= sum(words) and not _lists_names(" ".join(part.text for part in passage.parts))


def _noted(parts: Sequence[Part]) -> list[bool]:
    """Return which parts stand in square brackets, as a template's notes to its author do."""
    found: list[bool] = []
    inside = False
    for part in parts:
        text = part.text.strip()
        inside = inside or (text.startswith("[") and not re.match(r"\[[^\]]{0,12}\]", text))
        found.append(inside)
        inside = inside and "]" not in text
    return found


def _says(part: Part) -> bool:
    return not _asks(part) and not _points(part) and not _quotes(part) and not _lists_names(part.text)


def _asks(part: Part) -> bool:
    return part.text.rstrip("”\"') ").endswith("?")


def _points(part: Part) -> bool:
    return bool(_POINTER.match(part.text))


def _quotes(part: Part) -> bool:
    quoted = sum(word_count(text) for text in _QUOTED.findall(part.text))
    return quoted > _MOST_QUOTED * word_count(part.text)


def _lists_names(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if len(word) >= _LONGER]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= _FEWEST_NAMES and capitals >= _MOST_CAPITALS * len(words) and not text.isupper()

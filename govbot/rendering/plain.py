"""Text out of a document -> text that is safe to show: the same words, without what could act on a screen."""

from __future__ import annotations

import re
import unicodedata

from govbot.asking.places import shorten

#: Words of a quote that is cut.
QUOTE_WORDS = 45
#: Characters of a quote that is cut, for text without spaces.
QUOTE_CHARACTERS = 400
#: Words of a heading.
HEADING_WORDS = 12
#: Characters of a heading.
HEADING_CHARACTERS = 100

# ECMA-48: a string command up to its end, a control sequence, or another escape. Eight-bit forms go sign by sign:
# in a file they are more often letters of a misread code page than commands.
_ESCAPES = re.compile(r"\x1b[PX\]^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]")
_LINE_ENDS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]\s*")
_CELL_ENDS = re.compile(r"[ ]*\t\s*")
#: Format characters that words need: the joiners of Arabic, Indic and emoji writing.
_JOINERS = frozenset("\u200c\u200d")
#: Categories with no shape of their own: control, format (bidi overrides, tags), surrogate, private, unassigned.
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(text: str) -> str:
    """Return `text` on one line: cells parted by " | ", lines by " / ", nothing that acts on a screen."""
    text = _ESCAPES.sub("", text).strip()
    text = _LINE_ENDS.sub(" / ", text)
    text = _CELL_ENDS.sub(" | ", text)
    return " ".join("".join(sign for sign in text if _has_shape(sign)).split())


def cut(text: str, words: int = QUOTE_WORDS, characters: int = QUOTE_CHARACTERS) -> str:
    """Return at most `words` words and `characters` characters of a line, with an ellipsis where it was cut."""
    short = shorten(text, words)
    if len(short) > characters:
        # Back to a whole word, where there is one near.
        short = re.sub(r"\s\S{0,40}$", "", short[:characters]) + " …"
    return re.sub(r"[\s|/]+…$", " …", short)


def heading(section: tuple[str, ...]) -> str:
    """Return the innermost heading that a quote stands under, or an empty string."""
    return cut(one_line(section[-1]), HEADING_WORDS, HEADING_CHARACTERS) if section else ""


def _has_shape(sign: str) -> bool:
    return sign in _JOINERS or sign.isspace() or unicodedata.category(sign) not in _SHAPELESS

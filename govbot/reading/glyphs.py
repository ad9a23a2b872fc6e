"""Characters that stand for others: ligatures, odd spaces, bullet signs, hyphens at a line's end."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Texts that are remembered: a line is folded and parted from its sign several times while its page is put together.
_REMEMBERED = 256
#: How pdfium marks a hyphen at the end of a line.
LINE_END_HYPHEN = "\ufffe"

_CANDIDATES = ("fi", "fl", "ff", "ffi", "ffl")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
#: Control characters that fonts without a character map leave in place of ligatures.
_UNMAPPED = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
_UNMAPPED_WORD = re.compile(r"[A-Za-z]*[\x01-\x08\x0b\x0e-\x1f][A-Za-z\x01-\x08\x0b\x0e-\x1f]*")
#: Words that tell which ligature is meant where the document does not spell them out elsewhere.
_LIGATURE_WORDS = frozenset(
    "affect affected affordable benefit benefits brief briefing certificate classification conflict confirm confirmed "
    "defined definition different difficult effect effective effectively efficient effort file final finalised finance "
    "financial find first five fit fixed flexible flood floor flow fulfil identified identify influence office officer "
    "officers official offer offers profile qualified reflect satisfied scientific significant significantly specific "
    "specification specified staff staffing sufficient traffic workflow".split()
)
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2028\u2029"
_NOTHING = (
    "\u0001\u0003\u0004\u0005\u0006\u0007\u0008\u00ad\u200b\u200c\u200d\u2060\ufeff\u0000\u0002\u200e\u200f\uffff\ufffd"
    # What turns the direction of writing makes a text look like another.
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_TABLE: dict[int, str | None] = {
    **{ord(sign): letters for sign, letters in _LIGATURES.items()},
    **{ord(sign): " " for sign in _SPACES},
    **{ord(sign): None for sign in _NOTHING},
    # Symbol and Wingdings draw their bullets in the private-use area.
    **dict.fromkeys(range(0xF020, 0xF100), "•"),
    **dict.fromkeys([*range(0xE000, 0xF020), *range(0xF100, 0xF900)]),
}

_STRONG = "•‣◦⁃∙▪▫■□●○◆◇❖➢➤►▶✓✔✗❑❒➔▸⮚"
_BULLET = re.compile(rf"(?:[{_STRONG}]+\s*|[-–—*·o→]\s+|§\s+(?=[A-Z]))(?=\S)")
_NUMBER = re.compile(
    r"(?:\((?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})\)|(?:\d{1,2}|[a-zA-Z]|[ivx]{2,5})\)|(?:\d{1,2}|[a-z]|[ivx]{2,5})\.)\s+(?=\S)"
    # "2.Facilitating", but not "2.NET" and no address.
    r"|\d{1,2}\.(?!Net\b)(?=[A-Z][a-z]*[ ,]|[A-Z][a-z]{3})"
)
_STRAY = re.compile(rf"\s*[{_STRONG}]+\s*$")

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)*")
_LEFT = re.compile(r"[A-Za-z][A-Za-z'’-]*$")
_RIGHT = re.compile(r"^[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)*")
#: First halves that keep their hyphen where the document itself does not decide.
_PREFIXES = frozenset(
    "anti co cross e ex full half high inter long low mid multi non on off part post pre pro self semi short single "
    "sub third two three one well year".split()
)


def unmapped_ligatures(texts: list[str]) -> dict[str, str]:
    """Return which ligature each control character in the texts stands for, judged by the words that it makes."""
    if not any(map(_UNMAPPED.search, texts)):
        return {}
    words = {word for text in texts for word in _UNMAPPED_WORD.findall(text)}
    known = _LIGATURE_WORDS | {word.lower() for text in texts for word in _WORD.findall(text) if len(word) > 3}
    found = {}
    for sign in sorted({sign for word in words for sign in _UNMAPPED.findall(word)}):
        alone = [word for word in words if set(_UNMAPPED.findall(word)) == {sign}]
        made = {letters: sum(word.replace(sign, letters).lower() in known for word in alone) for letters in _CANDIDATES}
        best = max(made, key=lambda letters: made[letters])
        if made[best]:
            found[sign] = best
    return found


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """Return the text with ligatures and odd signs mapped and white space folded to single spaces."""
    folded = " ".join((text if text.isascii() and text.isprintable() else text.translate(_TABLE)).split())
    # One object where they are equal: a document has hundreds of thousands of lines.
    return text if folded == text else folded


@lru_cache(_REMEMBERED)
def split_bullet(text: str) -> tuple[str, str]:
    """Return a folded line's bullet sign or list number and the rest; the sign is empty where there is none."""
    found = _BULLET.match(text) or _NUMBER.match(text)
    return (found.group().strip(), text[found.end() :]) if found else ("", text)


def is_bullet(text: str) -> bool:
    """Return whether the folded text is a bullet sign and nothing else."""
    return 0 < len(text) <= 2 and all(sign in _STRONG or sign in "-–—*·o" for sign in text)


def is_number_sign(sign: str) -> bool:
    """Return whether a sign that `split_bullet` found is a number or letter."""
    return any(letter.isalnum() for letter in sign) and sign != "o"


def strip_stray_bullet(text: str) -> str:
    """Return the text without a bullet sign at its end."""
    return _STRAY.sub("", text)


class Vocabulary:
    """The document's own words, which decide whether a hyphen at a line's end belongs to the word."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts

    @cached_property
    def _words(self) -> Counter[str]:
        # Counted when the first line ends in a hyphen: many documents have none.
        # The halves of parted words are no words of the document's.
        words: Counter[str] = Counter()
        parted = False
        for text in self._texts:
            found = _WORD.findall(text.lower())
            start, parted = int(parted), text.endswith(("-", LINE_END_HYPHEN))
            words.update(found[start : len(found) - parted])
        return words

    def join(self, left: str, right: str) -> str:
        """Return `left`, whose hyphen at the end is cut off, and `right` as one text."""
        first, second = _LEFT.search(left), _RIGHT.match(right)
        if first is None or second is None:
            return f"{left}-{right}"
        head, tail = first.group().lower(), second.group().lower()
        whole, hyphened = self._words[head + tail], self._words[f"{head}-{tail}"]
        if whole != hyphened:
            return f"{left}{right}" if whole > hyphened else f"{left}-{right}"
        if right[0].isupper() or "-" in head or head in _PREFIXES:
            return f"{left}-{right}"
        both_words = self._words[head] > 0 and self._words[tail] > 0 and min(len(head), len(tail)) > 2
        return f"{left}-{right}" if both_words else f"{left}{right}"

    def append(self, text: str, raw: str) -> str:
        """Return `text` with the line `raw` after it, mending the word that the line's end parted."""
        for index, part in enumerate(raw.split(LINE_END_HYPHEN)):
            part = fold(part)
            if not part:
                text += "-" if index else ""
            elif text.endswith("-") and text[-2:-1].isalpha() and part[:1].isalpha():
                text = self.join(text.rstrip("-"), part)
            elif text.endswith("://") or (text[-1:] in ("–", "-") and text[-2:-1].isdigit() and part[0].isdigit()):
                # A span of numbers, an address.
                text += part
            else:
                text = f"{text} {part}" if text else part
        return text

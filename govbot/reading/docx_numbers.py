"""The numbers that Word counts itself and shows before headings and paragraphs, which no text holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from govbot.reading.docx_styles import CHAIN, VAL, Numbering, tag
from govbot.reading.glyphs import fold
from govbot.reading.handles import Element

_NUM_ID, _ABSTRACT_ID, _ILVL = (tag(f"w:{name}") for name in ("numId", "abstractNumId", "ilvl"))
_LEVEL, _OVERRIDE = tag("w:lvl"), tag("w:lvlOverride")
#: Where a level's pattern holds the number of a level, from 1.
_SLOT = re.compile(r"%([1-9])")
_LEVELS = 9
#: Word's own limits: the largest number, and the largest that it writes in letters.
_LARGEST, _LARGEST_LETTERS = 32_767, 780
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x")),
    *((9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_CARDINALS = (
    "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen "
    "Eighteen Nineteen Twenty"
).split()
_ORDINALS = (
    "First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth "
    "Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth"
).split()


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list."""

    #: Word's name of the kind of number: "decimal", "lowerRoman", "bullet" …
    format: str = "decimal"
    #: "%1.%2", each slot a level's number.
    pattern: str = ""
    start: int = 1
    #: The deepest level, from 1, that makes this one begin again; 0 for none, None for any above it.
    restart: int | None = None
    #: True where the numbers of all levels are shown as decimal.
    is_legal: bool = False
    #: Id of the paragraph style that is numbered on this level.
    style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A list as its paragraphs name it; lists of one definition count on from each other."""

    definition: str
    levels: tuple[_Level, ...]
    #: Levels that begin again at a number of their own where the list is first met.
    starts: dict[int, int]


@dataclass(slots=True)
class Numbers:
    """The document's lists, and how far each has counted."""

    #: Root of the part that defines the lists, or None.
    root: Element
    #: Id of a style -> id of its list.
    list_of_style: Callable[[str], str | None]
    _lists: dict[str, _List | None] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    def step(self, numbering: Numbering) -> str:
        """Count one paragraph; return the number that Word shows before it, "" for a bullet or none."""
        found = self._list(numbering.number)
        if found is None:
            return ""
        depth = numbering.depth
        if depth is None:
            named = (index for index, level in enumerate(found.levels) if level.style in numbering.styles)
            depth = next(named, 0)
        depth, number = min(depth, _LEVELS - 1), numbering.number
        counts = self._counts.setdefault(found.definition, [None] * _LEVELS)
        if number not in self._met:
            self._met.add(number)
            for index in found.starts:
                counts[index] = None
        for index in range(depth):
            # A level that was passed over counts as begun: after "1.1" without a "1." comes "2.".
            counts[index] = self._start(found, index) if counts[index] is None else counts[index]
        last = counts[depth]
        counts[depth] = self._start(found, depth) if last is None else min(last + 1, _LARGEST)
        for index in range(depth + 1, _LEVELS):
            restart = found.levels[index].restart
            if restart is None or depth < restart:
                counts[index] = None
        return self._shown(found, depth, counts)

    def _start(self, found: _List, depth: int) -> int:
        return found.starts.get(depth, found.levels[depth].start)

    def _shown(self, found: _List, depth: int, counts: list[int | None]) -> str:
        level = found.levels[depth]
        if level.format == "bullet":
            return ""

        def slot(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            count = counts[index]
            kind = "decimal" if level.is_legal else found.levels[index].format
            return written(self._start(found, index) if count is None else count, kind)

        return fold(_SLOT.sub(slot, level.pattern))

    def _list(self, number: str) -> _List | None:
        if number not in self._lists:
            self._lists[number] = self._read(number)
        return self._lists[number]

    def _read(self, number: str) -> _List | None:
        named = _child(self.root, tag("w:num"), _NUM_ID, number)
        definition = self._definition(named)
        if named is None or definition is None:
            return None
        levels = [_Level(format="none")] * _LEVELS
        starts: dict[int, int] = {}
        for element in definition.iterchildren(_LEVEL):
            levels[_int(element.get(_ILVL), 0, _LEVELS - 1)] = _level(element)
        for override in named.iterchildren(_OVERRIDE):
            index = _int(override.get(_ILVL), 0, _LEVELS - 1)
            start, own = override.find(tag("w:startOverride")), override.find(_LEVEL)
            if own is not None:
                levels[index] = _level(own)
            if start is not None:
                starts[index] = _int(start.get(VAL), 1, _LARGEST)
        return _List(definition=definition.get(_ABSTRACT_ID, ""), levels=tuple(levels), starts=starts)

    def _definition(self, named: Element) -> Element:
        """Return what defines the list, through the styles that stand for another's definition; None for nothing."""
        for _ in range(CHAIN):
            link = named.find(_ABSTRACT_ID) if named is not None else None
            if link is None:
                return None
            found = _child(self.root, tag("w:abstractNum"), _ABSTRACT_ID, link.get(VAL, ""))
            style = found.find(tag("w:numStyleLink")) if found is not None else None
            if style is None:
                return found
            named = _child(self.root, tag("w:num"), _NUM_ID, self.list_of_style(style.get(VAL, "")) or "")
        return None


def written(count: int, kind: str) -> str:
    """Return a number as Word writes it in a format; in one that is not known here, with digits."""
    if kind in ("none", "bullet"):
        return ""
    if kind.startswith("custom:"):
        sample = re.match(r"\d+", kind.partition(":")[2])
        return str(count).zfill(len(sample.group()) if sample else 1)
    if kind == "decimalZero":
        return str(count).zfill(2)
    if kind.endswith("Letter") and 0 < count <= _LARGEST_LETTERS:
        turns, letter = divmod(count - 1, 26)
        return _cased(chr(ord("a") + letter) * (turns + 1), kind)
    if kind.endswith("Roman"):
        return _cased(_roman(count), kind)
    if kind == "ordinal":
        return f"{count}{_ordinal_end(count)}"
    words = {"cardinalText": _CARDINALS, "ordinalText": _ORDINALS}.get(kind, [])
    return words[count - 1] if 0 < count <= len(words) else str(count)


def _cased(letters: str, kind: str) -> str:
    return letters.upper() if kind.startswith("upper") else letters


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _ordinal_end(count: int) -> str:
    return "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")


def _level(element: Element) -> _Level:
    values = {
        name: found.get(VAL, "")
        for name in ("start", "lvlText", "lvlRestart", "pStyle")
        if (found := element.find(tag(f"w:{name}"))) is not None
    }
    # A newer kind of number stands in an alternative, beside one for old programs.
    kind: Element = next(element.iter(tag("w:numFmt")), None)
    name = kind.get(VAL, "decimal") if kind is not None else "decimal"
    legal = element.find(tag("w:isLgl"))
    return _Level(
        format=f"custom:{kind.get(tag('w:format'), '')}" if name == "custom" else name,
        pattern=values.get("lvlText", ""),
        start=_int(values.get("start"), 0, _LARGEST),
        restart=_int(values["lvlRestart"], 0, _LEVELS) if "lvlRestart" in values else None,
        is_legal=legal is not None and legal.get(VAL, "true") not in ("0", "false", "off"),
        style=values.get("pStyle", ""),
    )


def _child(root: Element, name: str, key: str, value: str) -> Element:
    """Return the first child of the name whose attribute has the value, or None."""
    found = root.iterchildren(name) if root is not None else ()
    return next((child for child in found if child.get(key) == value), None)


def _int(value: str | None, least: int, most: int) -> int:
    """Return a number within bounds, the lowest where the file writes none."""
    return min(max(int(value), least), most) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else least

"""The numbers that OpenDocument programs count themselves and show before headings, which no text holds."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govbot.reading.docx_numbers import written
from govbot.reading.glyphs import fold
from govbot.reading.odt_styles import number, tag, tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govbot.reading.handles import Element

_LEVEL, _START, _DISPLAYED, _STYLE_NAME = tags("text:level text:start-value text:display-levels text:style-name")
_ITEM, _OVERRIDE = tags("text:list-item text:style-override")
_IDS = ("{http://www.w3.org/XML/1998/namespace}id", tag("text:id"))
_CONTINUES, _CONTINUED = tags("text:continue-numbering text:continue-list")
_RESTARTS, _IS_HEADER = tags("text:restart-numbering text:is-list-header")
_FORMAT, _BEFORE, _AFTER = tags("style:num-format style:num-prefix style:num-suffix")
#: The whole of what is shown, which LibreOffice writes since its version 7; and whether all of it is in digits.
_PATTERN, _IS_LEGAL = tags("loext:num-list-format loext:is-legal")
_NUMBERED_LEVEL, _OUTLINE_LEVEL = tags("text:list-level-style-number text:outline-level-style")
_LIST_STYLE, _OUTLINE, _NAME = tags("text:list-style text:outline-style style:name")
#: Where a pattern holds the number of a level, from 1, and what stands up to the next.
_SLOT = re.compile(r"%(\d{1,2})%([^%]*)")
#: What a file's kind of number is called where numbers are written; any other is written in digits.
_KINDS = {"": "", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10
#: The largest number that LibreOffice counts to.
_LARGEST = 32_767


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list or of the outline."""

    #: Name of the kind of number; empty where none is shown.
    kind: str = ""
    #: What is shown, each slot a level's number; empty for nothing.
    pattern: str = ""
    start: int = 1
    is_legal: bool = False


_Levels = tuple[_Level, ...]
_UNNUMBERED: _Levels = (_Level(),) * _LEVELS


@dataclass(slots=True)
class _Count:
    """How far a list has counted, a number a level."""

    at: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)

    def step(self, levels: _Levels, depth: int, *, again: int | None = None) -> str:
        """Count one more of a level, or begin again at a number; return what is shown before it, "" for nothing."""
        for above in range(depth):
            # A level that was passed over counts as begun.
            self.at[above] = levels[above].start if self.at[above] is None else self.at[above]
        last = self.at[depth]
        if again is not None or last is None:
            self.at[depth] = levels[depth].start if again is None else again
        else:
            self.at[depth] = min(last + 1, _LARGEST)
        self.restart(depth + 1)
        level = levels[depth]

        def slot(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            kind = levels[place].kind if 0 <= place <= depth else ""
            if place != depth and not kind:
                # With a level that is not numbered goes what parts it from the next.
                return ""
            return written(self.at[place] or 0, "decimal" if level.is_legal and kind else kind or "none") + match[2]

        return fold(_SLOT.sub(slot, level.pattern))

    def restart(self, depth: int) -> None:
        """Let a level and what is below it begin again."""
        self.at[depth:] = [None] * (_LEVELS - depth)


@dataclass(slots=True)
class _Open:
    """A list that is being read."""

    count: _Count
    levels: _Levels
    #: Its item that no paragraph was met of yet.
    item: Element = None
    #: True once the item held a list.
    has_list: bool = False


class Numbers:
    """The document's lists and its outline, and how far each has counted."""

    def __init__(self, *roots: Element) -> None:
        """Take the roots of the parts that hold styles."""
        self._styles = {style.get(_NAME): _levels(style) for root in roots for style in root.iter(_LIST_STYLE)}
        outline = next((style for root in roots for style in root.iter(_OUTLINE)), None)
        self._outline = _Count()
        self._outline_levels = _UNNUMBERED if outline is None else _levels(outline)
        #: The outline's name as a style: headings may stand in a list that has it.
        self._outline_name = None if outline is None else outline.get(_NAME)
        #: By the list's own id, and by the name of its style, the list that was met last.
        self._named: dict[str, _Count] = {}
        self._last: dict[str | None, _Count] = {}
        #: Outermost first.
        self._open: list[_Open] = []

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Read what hangs in a list and is no part of it, as a note or a table."""
        outer, self._open = self._open, []
        yield
        self._open = outer

    def enter(self, element: Element) -> None:
        """Begin a list, which goes on with an earlier one where it says so."""
        style = element.get(_STYLE_NAME)
        goes_on = element.get(_CONTINUES) == "true"
        if self._open:
            outer = self._open[-1]
            if outer.has_list and not goes_on:
                outer.count.restart(min(len(self._open), _LEVELS - 1))
            # An item that holds nothing but a list is only there for the depth.
            outer.item, outer.has_list = None, True
            found = _Open(outer.count, self._styles.get(style, outer.levels))
        elif style is not None and style == self._outline_name:
            found = _Open(self._outline, self._outline_levels)
        else:
            before = self._named.get(element.get(_CONTINUED, ""))
            if before is None and goes_on:
                before = self._last.get(style)
            found = _Open(before or _Count(), self._styles.get(style, _UNNUMBERED))
            self._last[style] = found.count
        self._named |= {element.get(name): found.count for name in _IDS if element.get(name)}
        self._open.append(found)

    def leave(self) -> None:
        """End the innermost list."""
        self._open.pop()

    def item(self, element: Element) -> None:
        """Begin an item of the innermost list, or its head, which is not counted."""
        if self._open:
            self._open[-1].item = element if element.tag == _ITEM else None
            self._open[-1].has_list = False

    def listed(self, *, is_hidden: bool) -> str:
        """Return what is shown before a paragraph in a list: the first of an item is counted where it is not hidden."""
        if not self._open or self._open[-1].item is None:
            return ""
        innermost = self._open[-1]
        item, innermost.item = innermost.item, None
        if is_hidden:
            return ""
        levels = self._styles.get(item.get(_OVERRIDE), innermost.levels)
        depth = min(len(self._open), _LEVELS) - 1
        return innermost.count.step(levels, depth, again=_start(item))

    def heading(self, element: Element, level: int) -> str:
        """Count a heading of the outline of a level from 1; return what is shown before it, "" for nothing."""
        if element.get(_IS_HEADER) == "true":
            return ""
        depth = min(max(level, 1), _LEVELS) - 1
        again = None
        if element.get(_RESTARTS) == "true":
            again = _start(element)
            again = self._outline_levels[depth].start if again is None else again
        return self._outline.step(self._outline_levels, depth, again=again)


def _start(element: Element) -> int | None:
    """Return the number that an item begins again at; None for none, or what stands for the level's own."""
    value = number(element.get(_START), -1)
    return None if value < 0 else min(value, _LARGEST)


def _levels(style: Element) -> _Levels:
    levels = list(_UNNUMBERED)
    for element in style.iterchildren(_NUMBERED_LEVEL, _OUTLINE_LEVEL):
        place = number(element.get(_LEVEL), 1) - 1
        if 0 <= place < _LEVELS:
            levels[place] = _Level(
                kind=_KINDS.get(element.get(_FORMAT, ""), "decimal"),
                pattern=element.get(_PATTERN) or _pattern(element, place, levels),
                start=min(number(element.get(_START), 1), _LARGEST),
                is_legal=element.get(_IS_LEGAL) == "true",
            )
    return tuple(levels)


def _pattern(element: Element, place: int, above: list[_Level]) -> str:
    """Return what is shown by the older settings: the numbers of some levels with full stops between them."""
    first = max(place + 1 - number(element.get(_DISPLAYED), 1), 0)
    is_numbered = bool(element.get(_FORMAT))
    slots = [f"%{level + 1}%" for level in range(first, place + 1) if level == place or above[level].kind]
    return f"{element.get(_BEFORE, '')}{'.'.join(slots if is_numbered else ())}{element.get(_AFTER, '')}"

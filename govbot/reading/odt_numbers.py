"""The numbers that OpenDocument programs count themselves and show before headings, which no text holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govbot.reading.docx_numbers import written
from govbot.reading.glyphs import fold
from govbot.reading.odt_styles import number, tag, tags

if TYPE_CHECKING:
    from govbot.reading.handles import Element

_LEVEL, _START, _DISPLAYED, _STYLE_NAME = tags("text:level text:start-value text:display-levels text:style-name")
_ITEM = tag("text:list-item")
_IDS = ("{http://www.w3.org/XML/1998/namespace}id", tag("text:id"))
_CONTINUES, _CONTINUED = tags("text:continue-numbering text:continue-list")
_RESTARTS, _IS_HEADER = tags("text:restart-numbering text:is-list-header")
_FORMAT, _BEFORE, _AFTER = tags("style:num-format style:num-prefix style:num-suffix")
_NUMBERED_LEVEL, _OUTLINE_LEVEL = tags("text:list-level-style-number text:outline-level-style")
_LIST_STYLE, _OUTLINE = tags("text:list-style text:outline-style")
#: What a file's kind of number is called where numbers are written.
_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10
#: A hostile file may hold any number.
_LARGEST = 32_767


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list or of the outline."""

    #: Name of the kind of number; empty where none is shown.
    kind: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    #: Of how many levels the numbers are shown, this one's last.
    displayed: int = 1


_Levels = tuple[_Level, ...]
_UNNUMBERED: _Levels = (_Level(),) * _LEVELS


@dataclass(slots=True)
class _Count:
    """How far a list has counted, a number a level."""

    levels: _Levels
    at: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)

    def step(self, depth: int, start: int | None) -> str:
        """Count one item of the level, or begin again at `start`; return the number shown before it, "" for none."""
        for above in range(depth):
            # A level that was passed over counts as begun.
            self.at[above] = self.levels[above].start if self.at[above] is None else self.at[above]
        last = self.at[depth]
        first = self.levels[depth].start if start is None else start
        self.at[depth] = first if last is None or start is not None else min(last + 1, _LARGEST)
        self.at[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        level = self.levels[depth]
        if not level.kind:
            return ""
        shown = range(max(depth - level.displayed + 1, 0), depth + 1)
        parts = [written(self.at[place] or 0, self.levels[place].kind) for place in shown if self.levels[place].kind]
        return fold(level.before + ".".join(parts) + level.after)


class Numbers:
    """The document's lists and its outline, and how far each has counted."""

    def __init__(self, *roots: Element) -> None:
        """Take the roots of the parts that hold styles."""
        self._styles = {
            style.get(tag("style:name")): _levels(style) for root in roots for style in root.iter(_LIST_STYLE)
        }
        outlines = [_levels(style) for root in roots for style in root.iter(_OUTLINE)]
        self._outline = _Count(outlines[0] if outlines else _UNNUMBERED)
        #: By the list's own id, and by the name of its style, the list that was met last.
        self._named: dict[str, _Count] = {}
        self._last: dict[str | None, _Count] = {}
        #: The lists that are open, outermost first.
        self._open: list[_Count] = []

    def enter(self, element: Element) -> None:
        """Begin a list, which goes on with an earlier one where it says so."""
        style = element.get(_STYLE_NAME)
        if self._open:
            # A list in a list counts with it, a level deeper, but where it has a style of its own.
            outer = self._open[-1]
            own = self._styles.get(style)
            found = outer if own is None or own == outer.levels else _Count(own)
        else:
            before = self._named.get(element.get(_CONTINUED, ""))
            if before is None and element.get(_CONTINUES) == "true":
                before = self._last.get(style)
            found = before or _Count(self._styles.get(style, _UNNUMBERED))
            self._last[style] = found
        self._named |= {element.get(name): found for name in _IDS if element.get(name)}
        self._open.append(found)

    def leave(self) -> None:
        """End the innermost list."""
        self._open.pop()

    def item(self, element: Element) -> str:
        """Count an item of the innermost list; return the number shown before it, "" for a bullet or none."""
        if element.tag != _ITEM:
            return ""
        return self._open[-1].step(min(len(self._open), _LEVELS) - 1, _start(element))

    def heading(self, element: Element, level: int) -> str:
        """Count a heading of the outline, from 1; return the number shown before it, "" for none."""
        if element.get(_IS_HEADER) == "true":
            return ""
        again = _start(element) if element.get(_RESTARTS) == "true" else None
        return self._outline.step(min(max(level, 1), _LEVELS) - 1, again)


def _start(element: Element) -> int | None:
    value = element.get(_START)
    return None if value is None else min(number(value, 1), _LARGEST)


def _levels(style: Element) -> _Levels:
    levels = list(_UNNUMBERED)
    for element in style.iterchildren(_NUMBERED_LEVEL, _OUTLINE_LEVEL):
        place = number(element.get(_LEVEL), 1) - 1
        if 0 <= place < _LEVELS:
            levels[place] = _Level(
                kind=_KINDS.get(element.get(_FORMAT, ""), ""),
                before=element.get(_BEFORE, ""),
                after=element.get(_AFTER, ""),
                start=min(number(element.get(_START), 1), _LARGEST),
                displayed=number(element.get(_DISPLAYED), 1),
            )
    return tuple(levels)

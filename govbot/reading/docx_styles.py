"""What a Word document's styles say of its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from govbot.reading.handles import Element

_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
_HEADING = re.compile(r"heading (\d)$")
_LIST = re.compile(r"list (?:bullet|number)(?: (\d))?$")
#: Styles that are followed from one to its base; Word allows no loop, a hostile file may hold one.
CHAIN = 20


def tag(name: str) -> str:
    """Return a prefixed name ("w:p") as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


VAL, _ID = tag("w:val"), tag("w:styleId")
_PPR, _RPR, _STYLE, _RUN_STYLE, _BASE = (tag(f"w:{name}") for name in ("pPr", "rPr", "pStyle", "rStyle", "basedOn"))
_NUM, _NUM_ID, _LEVEL, _OUTLINE = (tag(f"w:{name}") for name in ("numPr", "numId", "ilvl", "outlineLvl"))
_VANISH, _BOLD, _RUN, _TEXT = (tag(f"w:{name}") for name in ("vanish", "b", "r", "t"))
_OFF = ("0", "false", "off")
#: Marks on the end of a paragraph that a tracked change takes away, so that it runs on into the next.
_GONE = (tag("w:del"), tag("w:moveFrom"))


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is by its style and its own settings."""

    #: 1 to 6 for a heading, 0 for the title, None for text.
    level: int | None = None
    #: Depth of a list item from 0, or None outside lists.
    depth: int | None = None
    is_contents: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    """Which list counts a paragraph."""

    #: The list's id; "0" names none, as where a style's number is taken off.
    number: str
    #: Level from 0; None where only the list says which styles stand on which level.
    depth: int | None
    #: Ids of the paragraph's style and its bases up to the one that names the list; none where the paragraph does.
    styles: tuple[str, ...]


class Styles:
    """The document's paragraph styles."""

    def __init__(self, package: Element) -> None:
        styles = package.styles.element.iterchildren(tag("w:style"))
        self._styles = {style.get(_ID): style for style in styles}
        self._looks: dict[str | None, Look] = {}
        self._settings: dict[tuple[str, str | None], bool | None] = {}

    def look(self, paragraph: Element) -> Look:
        """Return the look of a paragraph: its own settings before its style's."""
        settings = paragraph.find(_PPR)
        if settings is None:
            return Look()
        name = _value(settings, _STYLE)
        if name not in self._looks:
            self._looks[name] = self._read(name)
        look = self._looks[name]
        level, depth = _outline(settings), _depth(settings)
        if look.is_contents or look.level is not None or (level is None and depth is None):
            return Look(level=look.level, depth=None) if depth == -1 else look
        return Look(level=level, depth=look.depth if depth is None else None if depth < 0 else depth)

    def breaks_before(self, paragraph: Element) -> bool:
        """Return whether the paragraph is set to start a page."""
        found = paragraph.find(f"{_PPR}/{tag('w:pageBreakBefore')}")
        return found is not None and found.get(VAL, "true") not in _OFF

    def numbering(self, paragraph: Element) -> Numbering | None:
        """Return which list counts the paragraph, as its own settings or else its style's say; None for none."""
        settings = paragraph.find(_PPR)
        if settings is None:
            return None
        number, depth = _list(settings)
        styles: tuple[str, ...] = ()
        if number is None:
            number, below, styles = self._style_list(_value(settings, _STYLE))
            depth = below if depth is None else depth
        return None if number is None else Numbering(number=number, depth=depth, styles=styles)

    def list_of(self, style: str) -> str | None:
        """Return the id of the list that a style, of lists or of paragraphs, names."""
        return self._style_list(style)[0]

    def _style_list(self, identifier: str | None) -> tuple[str | None, int | None, tuple[str, ...]]:
        """Return the list's id and level that a style or its bases say, and the ids of the styles up to that one."""
        depth = None
        passed: list[str] = []
        for style in self._chain(identifier):
            number, level = _list(style.find(_PPR))
            passed.append(style.get(_ID, ""))
            depth = level if depth is None else depth
            if number is not None:
                return number, depth, tuple(passed)
        return None, None, ()

    def _chain(self, identifier: str | None) -> Iterator[Element]:
        """Yield a style and what it is based on, nearest first."""
        for _ in range(CHAIN):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield style
            identifier = _value(style, _BASE)

    def hides(self, element: Element) -> bool | None:
        """Return whether a run or a paragraph is set as hidden text, None where nothing says."""
        return self._is_set(_VANISH, element)

    def is_bold(self, paragraph: Element) -> bool:
        """Return whether all letters of the paragraph are bold."""
        whole = bool(self._is_set(_BOLD, paragraph))
        runs = [
            run for run in paragraph.iter(_RUN) if any((text.text or "").strip() for text in run.iterchildren(_TEXT))
        ]
        set_in = (self._is_set(_BOLD, run) for run in runs)
        return bool(runs) and all(whole if own is None else own for own in set_in)

    def _is_set(self, name: str, element: Element) -> bool | None:
        """Return whether a setting of letters holds in a run, or by a paragraph's style; None where nothing says."""
        is_paragraph = element.tag == tag("w:p")
        settings = element.find(_PPR if is_paragraph else _RPR)
        if settings is None:
            return None
        own = None if is_paragraph else _holds(settings, name)
        if own is not None:
            return own
        style = _value(settings, _STYLE if is_paragraph else _RUN_STYLE)
        if (name, style) not in self._settings:
            said = (_holds(base.find(_RPR), name) for base in self._chain(style))
            self._settings[name, style] = next((value for value in said if value is not None), None)
        return self._settings[name, style]

    def runs_on(self, paragraph: Element) -> bool:
        """Return whether a tracked change takes the paragraph's end away."""
        mark = paragraph.find(f"{_PPR}/{_RPR}")
        return mark is not None and any(mark.find(name) is not None for name in _GONE)

    def ends_hidden(self, paragraph: Element) -> bool:
        """Return whether the paragraph's end is hidden text, as it is where nothing of it is shown."""
        return bool(_holds(paragraph.find(f"{_PPR}/{_RPR}"), _VANISH))

    def is_contents(self, element: Element) -> bool:
        """Return whether a content control holds a generated list of contents."""
        gallery = element.find(f"{tag('w:sdtPr')}/{tag('w:docPartObj')}/{tag('w:docPartGallery')}")
        return gallery is not None and gallery.get(VAL) == "Table of Contents"

    def _read(self, identifier: str | None) -> Look:
        """Return the look of a style; what it does not say its base says."""
        level = depth = None
        for style in self._chain(identifier):
            name = (_value(style, tag("w:name")) or "").casefold()
            if name.startswith("toc") or name in ("table of figures", "contents"):
                return Look(is_contents=name != "toc heading")
            if name == "title":
                return Look(level=0)
            settings = style.find(_PPR)
            level = _first(level, _named_level(name), _outline(settings))
            depth = _first(depth, _depth(settings), _named_depth(name))
        if level is not None and level < 0:
            level = None
        return Look(level=level, depth=None if level is not None or depth is None or depth < 0 else depth)


def _value(element: Element, name: str) -> str | None:
    """Return the value of a child, or None."""
    found = element.find(name) if element is not None else None
    return None if found is None else str(found.get(VAL, ""))


def _list(settings: Element) -> tuple[str | None, int | None]:
    """Return the list's id and the level from 0 that settings say, each None where they do not."""
    found = settings.find(_NUM) if settings is not None else None
    level = _value(found, _LEVEL) or ""
    return _value(found, _NUM_ID), int(level) if level.isdecimal() and len(level) < 3 else None


def _holds(settings: Element, name: str) -> bool | None:
    """Return whether a setting is on, None where it is not there."""
    found = settings.find(name) if settings is not None else None
    return None if found is None else found.get(VAL, "true") not in _OFF


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _named_level(name: str) -> int | None:
    found = _HEADING.match(name)
    return min(int(found.group(1)), 6) if found else None


def _named_depth(name: str) -> int | None:
    found = _LIST.match(name)
    return int(found.group(1) or 1) - 1 if found else None


def _outline(settings: Element) -> int | None:
    """Return the heading level of an outline setting, -1 for body text, None where nothing is set."""
    found = settings.find(_OUTLINE) if settings is not None else None
    value = found.get(VAL, "") if found is not None else ""
    if not value.isdigit():
        return None
    return min(int(value) + 1, 6) if int(value) < 9 else -1


def _depth(settings: Element) -> int | None:
    """Return the depth of a numbered or bulleted paragraph, -1 where the number is taken off, else None."""
    number, level = _list(settings)
    if number is None:
        return None
    return -1 if number == "0" else level or 0

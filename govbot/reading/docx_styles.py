"""What a Word document's styles say of its paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govbot.reading.handles import Element

_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
_HEADING = re.compile(r"heading (\d)$")
_LIST = re.compile(r"list (?:bullet|number)(?: (\d))?$")
#: Styles that are followed from one to its base; Word allows no loop, a hostile file may hold one.
_CHAIN = 20


def tag(name: str) -> str:
    """Return a prefixed name ("w:p") as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_VAL, _ILVL = tag("w:val"), tag("w:ilvl")
_PPR, _STYLE, _NUM, _OUTLINE = (tag(f"w:{name}") for name in ("pPr", "pStyle", "numPr", "outlineLvl"))


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is by its style and its own settings."""

    #: 1 to 6 for a heading, 0 for the title, None for text.
    level: int | None = None
    #: Depth of a list item from 0, or None outside lists.
    depth: int | None = None
    is_contents: bool = False


class Styles:
    """The document's paragraph styles."""

    def __init__(self, package: Element) -> None:
        styles = package.styles.element.iterchildren(tag("w:style"))
        self._styles = {style.get(tag("w:styleId")): style for style in styles}
        self._looks: dict[str | None, Look] = {}

    def look(self, paragraph: Element) -> Look:
        """Return the look of a paragraph: its own settings before its style's."""
        settings = paragraph.find(_PPR)
        if settings is None:
            return Look()
        style = settings.find(_STYLE)
        name = style.get(_VAL) if style is not None else None
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
        return found is not None and found.get(_VAL, "true") not in ("0", "false", "off")

    def is_contents(self, element: Element) -> bool:
        """Return whether a content control holds a generated list of contents."""
        gallery = element.find(f"{tag('w:sdtPr')}/{tag('w:docPartObj')}/{tag('w:docPartGallery')}")
        return gallery is not None and gallery.get(_VAL) == "Table of Contents"

    def _read(self, identifier: str | None) -> Look:
        """Return the look of a style; what it does not say its base says."""
        level = depth = None
        for _ in range(_CHAIN):
            style = self._styles.get(identifier)
            if style is None:
                break
            named = style.find(tag("w:name"))
            name = named.get(_VAL, "").casefold() if named is not None else ""
            if name.startswith("toc") or name in ("table of figures", "contents"):
                return Look(is_contents=name != "toc heading")
            if name == "title":
                return Look(level=0)
            settings = style.find(_PPR)
            level = _first(level, _named_level(name), _outline(settings))
            depth = _first(depth, _depth(settings), _named_depth(name))
            base = style.find(tag("w:basedOn"))
            identifier = base.get(_VAL) if base is not None else None
        if level is not None and level < 0:
            level = None
        return Look(level=level, depth=None if level is not None or depth is None or depth < 0 else depth)


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
    value = found.get(_VAL, "") if found is not None else ""
    if not value.isdigit():
        return None
    return min(int(value) + 1, 6) if int(value) < 9 else -1


def _depth(settings: Element) -> int | None:
    """Return the depth of a numbered or bulleted paragraph, -1 where the number is taken off, else None."""
    found = settings.find(_NUM) if settings is not None else None
    if found is None:
        return None
    number, level = found.find(tag("w:numId")), found.find(tag("w:ilvl"))
    if number is None:
        return None
    if number.get(_VAL) == "0":
        return -1
    value = level.get(_VAL, "0") if level is not None else "0"
    return int(value) if value.isdigit() else 0

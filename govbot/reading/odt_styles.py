"""What an OpenDocument's styles say of its paragraphs, words and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govbot.reading.handles import Element

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "draw": _OASIS.format("drawing"),
    "fo": _OASIS.format("xsl-fo-compatible"),
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "svg": _OASIS.format("svg-compatible"),
    **{prefix: _OASIS.format(prefix) for prefix in ("office", "style", "table", "text")},
}


def tag(name: str) -> str:
    """Return a prefixed name ("text:p") as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def tags(names: str) -> list[str]:
    """Return prefixed names, parted by spaces, as lxml writes them."""
    return [tag(name) for name in names.split()]


_SPAN, _LINK, _STYLE_NAME, _WEIGHT = tags("text:span text:a text:style-name fo:font-weight")
_BOLD = frozenset(("bold", "600", "700", "800", "900"))
_NAMED_LEVEL = re.compile(r"heading (\d{1,2})$")
_CONTENTS = re.compile(r"(?:toc|contents|(?:\w+ )?index) \d{1,2}$|table of figures$")
#: How a style's name holds what is no letter: "Heading_20_1".
_ESCAPED = re.compile(r"_([0-9a-f]{2,4})_")
#: Styles that are followed from one to its parent; a hostile file may hold a loop.
_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is by its style."""

    #: 1 to 6 for a heading, 0 for the title, None for text.
    level: int | None
    is_contents: bool


class Styles:
    """The document's styles: those that people name, and those that the program makes for single paragraphs."""

    def __init__(self, content: Element, styles: Element) -> None:
        self._styles: dict[tuple[str | None, str | None], Element] = {
            (style.get(tag("style:family")), style.get(tag("style:name"))): style
            for root, holder in ((styles, "office:styles"), (content, "office:automatic-styles"))
            for style in root.iterfind(f"{tag(holder)}/{tag('style:style')}")
        }
        self._values: dict[tuple[str, str | None, str], str] = {}
        self._looks: dict[str | None, Look] = {}

    def value(self, family: str, name: str | None, attribute: str) -> str:
        """Return what a style, or else its parents, set; empty where none does."""
        key = family, name, attribute
        if key not in self._values:
            found = (part.get(attribute) for style in self._chain(family, name) for part in (style, *style))
            self._values[key] = next((value for value in found if value is not None), "")
        return self._values[key]

    def look(self, name: str | None) -> Look:
        """Return the look of a paragraph style."""
        if name not in self._looks:
            chain = list(self._chain("paragraph", name))
            is_contents = any(_CONTENTS.match(_called(style)) for style in chain)
            self._looks[name] = Look(level=_level(chain), is_contents=is_contents)
        return self._looks[name]

    def is_in_outline(self, name: str | None) -> bool:
        """Return whether a heading of the style is counted with the others: an empty name of a list takes it out.

        So does any other for LibreOffice; but Word names lists in the styles of headings that it counts.
        """
        lists = (style.get(tag("style:list-style-name")) for style in self._chain("paragraph", name))
        return next((named for named in lists if named is not None), None) != ""

    def is_bold(self, paragraph: Element) -> bool:
        """Return whether all letters of the paragraph are bold."""
        weights = set(self._weights(paragraph, self.value("paragraph", paragraph.get(_STYLE_NAME), _WEIGHT)))
        return bool(weights) and weights <= _BOLD

    def _weights(self, element: Element, weight: str) -> Iterator[str]:
        """Yield the weight of each run of letters, without what hangs on the paragraph."""
        if (element.text or "").strip():
            yield weight
        for child in element:
            if child.tag == _SPAN:
                yield from self._weights(child, self.value("text", child.get(_STYLE_NAME), _WEIGHT) or weight)
            elif child.tag == _LINK:
                yield from self._weights(child, weight)
            if (child.tail or "").strip():
                yield weight

    def _chain(self, family: str, name: str | None) -> Iterator[Element]:
        for _ in range(_CHAIN):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(tag("style:parent-style-name"))


def _level(chain: list[Element]) -> int | None:
    """Return what the first style that says anything of a heading level says."""
    for style in chain:
        if _called(style) == "title":
            return 0
        if named := _NAMED_LEVEL.match(_called(style)):
            return min(int(named[1]), 6) or 1
        outline = style.get(tag("style:default-outline-level"))
        if outline is not None:
            return min(number(outline, 0), 6) or None
    return None


def _called(style: Element) -> str:
    """Return the name of a style as people read it, in small letters."""
    name = style.get(tag("style:display-name")) or style.get(tag("style:name")) or ""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), name).casefold()


def number(value: str | None, otherwise: int) -> int:
    """Return the number that an attribute holds, or `otherwise` where it holds none."""
    return int(value) if value and re.fullmatch(r"[0-9]{1,9}", value) else otherwise

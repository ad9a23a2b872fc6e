"""What Office programs draw: diagrams, charts, and the alternative texts of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govbot.reading.flow import Piece
from govbot.reading.glyphs import fold
from govbot.reading.handles import Element

#: Words of an alternative text that says something; programs write shorter ones, and longer ones with this mark.
ALTERNATIVE_WORDS = 5
_NO_ALTERNATIVE = re.compile(
    r"automatically generated|AI-generated content|\.(?:png|jpe?g|gif|bmp|svg|tiff?|emf|wmf)\b", re.IGNORECASE
)
#: Fields that hold a slide's number or a date.
_FURNITURE_FIELDS = ("slidenum", "datetime")
DEEPEST = 8


def alternative(text: str | None) -> str:
    """Return a picture's alternative text where a person wrote a sentence, else nothing."""
    folded = fold(text or "")
    return "" if len(folded.split()) < ALTERNATIVE_WORDS or _NO_ALTERNATIVE.search(folded) else folded


def diagram_pieces(root: Element) -> Iterator[Piece]:
    """Yield the texts of a SmartArt diagram as its outline has them, then those outside the outline."""
    points = {point.get("modelId"): point for point in root.iterfind("{*}ptLst/{*}pt") if point.get("type") != "pres"}
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iterfind("{*}cxnLst/{*}cxn"):
        if link.get("type", "parOf") == "parOf":
            below.setdefault(link.get("srcId"), []).append((whole(link.get("srcOrd")), link.get("destId")))
    tops = [name for name, point in points.items() if point.get("type") == "doc"]
    waiting = [(name, 0) for name in reversed([*tops, *(name for name in points if name not in tops)])]
    while waiting:
        name, depth = waiting.pop()
        point = points.pop(name, None)
        if point is None:
            continue
        for text in texts_of(point.find("{*}t")):
            yield Piece(kind="list_item", text=text, depth=min(depth, DEEPEST))
        deeper = depth if point.get("type") == "doc" else depth + 1
        waiting += [(child, deeper) for _, child in sorted(below.get(name, ()), reverse=True)]


def chart_titles(root: Element) -> list[Piece]:
    """Return the titles of a chart and of its axes."""
    texts = [text for title in root.iter("{*}title") for text in texts_of(title.find("{*}tx/{*}rich"))]
    return [Piece(kind="paragraph", text=text) for text in texts]


def texts_of(body: Element) -> list[str]:
    """Return the paragraphs of a body of drawn text that hold words; None is a body of none."""
    return [text for text in map(text_of, children(body)) if has_words(text)]


def text_of(paragraph: Element) -> str:
    """Return the text of a drawn paragraph, without a slide's number or date."""
    parts = []
    for child in children(paragraph):
        if name_of(child) == "br":
            parts.append("\n")
        elif name_of(child) == "r" or not child.get("type", "").startswith(_FURNITURE_FIELDS):
            parts.append(child.findtext("{*}t") or "")
    return fold("".join(parts))


def children(parent: Element) -> Iterator[Element]:
    """Yield the children; of alternatives, what the newest program shows."""
    for child in parent if parent is not None else ():
        if name_of(child) == "AlternateContent":
            yield from children(child.find("{*}Choice"))
        else:
            yield child


def name_of(element: Element) -> str:
    """Return the element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def link_of(element: Element, key: str = "}id") -> str:
    """Return the id of the link that an attribute of any namespace holds."""
    return next((value for name, value in element.items() if name.endswith(key)), "")


def has_words(text: str) -> bool:
    """Return whether the text holds a letter or a figure."""
    return any(letter.isalnum() for letter in text)


def whole(value: str | None) -> int:
    """Return an attribute as a whole number, 0 where it is none."""
    try:
        return int(value or 0)
    except ValueError:
        return 0

"""What stands outside a Word document's body and what its paragraphs share: notes, drawings, fields, what is missed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from govbot.reading.docx_numbers import Numbers
from govbot.reading.docx_styles import VAL, Styles, tag
from govbot.reading.drawn import alternative, chart_titles, diagram_pieces, link_of, whole
from govbot.reading.flow import Piece
from govbot.reading.handles import Element
from govbot.reading.parsing import parse_xml
from govbot.records import Unread

_ID, _T = tag("w:id"), tag("w:t")
_FIELD, _FIELD_TYPE, _INSTRUCTION = tag("w:fldChar"), tag("w:fldCharType"), tag("w:instrText")
#: What refers to a note -> what the note is in its own part.
REFERENCES = {tag(f"w:{name}Reference"): tag(f"w:{name}") for name in ("footnote", "endnote")}
#: Fields that Word fills with lists made of the text: contents, figures, authorities, an index.
_GENERATED = re.compile(r"\s*(?:TOC|TOA|INDEX)\b")
#: EMU (360,000 a centimetre) of a picture that is large enough to hold words: 10 by 6 centimetres.
_LARGE = (3_600_000, 2_160_000)
#: Signs of symbol fonts, by font and place in it, as Word writes them in w:sym; their bullets, dashes and arrows.
_SIGNS = {
    "symbol": {0x2D: "–", 0xA3: "≤", 0xAB: "↔", 0xAC: "←", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB7: "•"},
    "wingdings": {
        **{0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x78: "☒", 0x9F: "•", 0xA7: "▪"},
        **{0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "→", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    },
}


@dataclass(slots=True)
class Parts:
    """What all paragraphs of a document share."""

    styles: Styles
    numbers: Numbers
    #: Notes that are not read yet, by what they are and their id.
    notes: dict[tuple[str, str], Element]
    #: Parts that the body links to, by the link's id.
    linked: dict[str, Any]
    #: Text that fields list from the rest of the text.
    generated: frozenset[Element]
    #: Comments in the margin.
    remarks: int = 0
    #: Large pictures that nothing describes.
    pictures: int = 0
    unread: list[Unread] = field(default_factory=list)
    _missed: Counter[str] = field(default_factory=Counter)
    _described: set[str] = field(default_factory=set)

    def pictured(self, drawing: Element) -> list[Piece]:
        """Return what a drawing without text boxes says: a diagram's texts, a chart's titles, what describes it."""
        diagram, chart = next(drawing.iter("{*}relIds"), None), next(drawing.iter("{*}chart"), None)
        if diagram is not None:
            root = self._root(link_of(diagram, "}dm"))
            if root is not None:
                return list(diagram_pieces(root))
            self.miss("diagram")
        if chart is not None:
            self.miss("chart")
            root = self._root(link_of(chart))
            return ([] if root is None else chart_titles(root)) + self._alternative(drawing)
        if next(drawing.iter("{*}OLEObject"), None) is not None:
            self.miss("object")
        said = self._alternative(drawing)
        self.pictures += not said and _is_large_picture(drawing)
        return said

    def miss(self, kind: str, *, reason: str = "object", matters: bool = False) -> None:
        """Note a part of the document that is not read; parts of a kind are told apart by counting them."""
        self._missed[kind] += 1
        self.unread.append(Unread(reason=reason, part=f"{kind} {self._missed[kind]}", matters=matters))

    def _alternative(self, drawing: Element) -> list[Piece]:
        """Return what a picture's alternative text says, once a document: a logo may stand on every page."""
        described = [element.get("descr") for element in drawing.iter("{*}docPr")]
        described += [element.get("alt") for element in drawing.iter("{urn:schemas-microsoft-com:vml}shape")]
        texts = [text for text in dict.fromkeys(map(alternative, described)) if text and text not in self._described]
        self._described.update(texts)
        return [Piece(kind="paragraph", text=text, is_note=True) for text in texts]

    def _root(self, link: str) -> Element:
        """Return the root of a part that the body links to, or None where it cannot be read."""
        try:
            return parse_xml(self.linked[link].blob)
        except (KeyError, AttributeError, ValueError, etree.LxmlError):
            return None


def open_parts(package: Any) -> Parts:  # noqa: ANN401 (python-docx's)
    """Return the parts of the package; raise what python-docx and lxml raise for one that is broken."""
    styles = Styles(package)
    linked = {name: relation.target_part for name, relation in package.part.rels.items() if not relation.is_external}
    roots: dict[str, list[Element]] = {}
    for name, part in linked.items():
        kind = package.part.rels[name].reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes", "comments", "numbering"):
            roots.setdefault(kind, []).append(parse_xml(part.blob))
    notes = [note for kind in ("footnotes", "endnotes") for root in roots.get(kind, []) for note in root]
    return Parts(
        styles=styles,
        numbers=Numbers(root=next(iter(roots.get("numbering", [])), None), list_of_style=styles.list_of),
        notes={(note.tag, note.get(_ID, "")): note for note in notes if note.tag in REFERENCES.values()},
        linked=linked,
        generated=frozenset(_generated(package.element.body)),
        remarks=sum(1 for root in roots.get("comments", []) for _ in root.iter(tag("w:comment"))),
    )


def _generated(body: Element) -> Iterator[Element]:
    """Yield the texts between the marks of fields that list the text; a field without an end holds none."""
    texts: list[Element] = []
    opened: list[tuple[int, str]] = []
    hidden_to = 0
    for element in body.iter(_FIELD, _INSTRUCTION, _T):
        if element.tag == _T:
            texts.append(element)
        elif element.tag == _INSTRUCTION and opened:
            start, instruction = opened.pop()
            opened.append((start, instruction + (element.text or "")))
        elif element.get(_FIELD_TYPE) == "begin":
            opened.append((len(texts), ""))
        elif element.get(_FIELD_TYPE) == "end" and opened:
            start, instruction = opened.pop()
            if _GENERATED.match(instruction):
                yield from texts[max(start, hidden_to) :]
                hidden_to = len(texts)


def lists_the_text(field: Element) -> bool:
    """Return whether a simple field holds a list made of the text."""
    return bool(_GENERATED.match(field.get(tag("w:instr"), "")))


def is_placeholder(control: Element) -> bool:
    """Return whether a content control still shows the text that asks its author to fill it in."""
    found = control.find(f"{tag('w:sdtPr')}/{tag('w:showingPlcHdr')}")
    return found is not None and found.get(VAL, "true") not in ("0", "false", "off")


def sign_of(symbol: Element) -> str:
    """Return the sign that a letter of a symbol font shows, white space for one that is not known."""
    font, place = symbol.get(tag("w:font"), "").casefold(), symbol.get(tag("w:char"), "")
    code = int(place, 16) & 0xFF if re.fullmatch(r"[0-9A-Fa-f]{2,4}", place) else 0
    return _SIGNS.get(font, {}).get(code, "\t")


def boxes_of(element: Element) -> Iterator[Element]:
    """Yield the contents of the outermost text boxes in a drawing; those for old programs only where no other is."""
    for child in element:
        if child.tag == tag("w:txbxContent"):
            yield child
        elif child.tag == tag("mc:AlternateContent"):
            yield from boxes_of(alternative_of(child))
        else:
            yield from boxes_of(child)


def alternative_of(content: Element) -> Element:
    """Return the first alternative, or what stands there for old programs where the first holds nothing."""
    first, last = content.find(tag("mc:Choice")), content.find(tag("mc:Fallback"))
    chosen = first if first is not None and len(first) or last is None else last
    return content if chosen is None else chosen


def _is_large_picture(drawing: Element) -> bool:
    extent = next(drawing.iter("{*}extent"), None)
    if extent is None or next(drawing.iter("{*}blip"), None) is None:
        return False
    return whole(extent.get("cx")) >= _LARGE[0] and whole(extent.get("cy")) >= _LARGE[1]

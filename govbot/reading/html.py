"""Reads web pages saved from a browser, and Google Docs saved as web pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from govbot.errors import UnreadableFile
from govbot.reading.flow import Piece, Reading, assemble, mark_title, sensible_title
from govbot.reading.glyphs import fold, is_number_sign, split_bullet
from govbot.reading.handles import Element
from govbot.reading.html_furniture import HEADINGS, Furniture, is_hidden, words
from govbot.reading.html_source import open_page
from govbot.reading.html_tables import count_header_rows, grid_of, lays_out, rows_of
from govbot.reading.tables import cell_of, table_pieces
from govbot.records import Unread

_MEDIA_TYPE = "text/html"
#: What a site adds to the title of its pages.
_SITE = re.compile(r"\s+\|\s+|\s+[-–—]\s+GOV\.UK\b")
#: Words of a heading: some pages mark whole paragraphs as headings.
_HEADING_WORDS = 30
#: Words of a picture's description that says more than what the picture is.
_ALT_WORDS = 5
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol p pre search section summary "
    "svg table tbody td tfoot th thead tr ul xmp".split()
)
_LISTS, _AS_TYPED = ("ul", "ol", "menu", "dir"), ("pre", "listing", "xmp", "plaintext")
_CONTROLS = frozenset("button select input textarea progress meter".split())
#: What stands inside an element that a forgotten end tag made a heading.
_NO_HEADING = ("p", "ul", "ol", "table")
#: Two line breaks part paragraphs, and so does one before a bullet sign.
_PARTING = re.compile(r"\n\s*\n\s*|\n(?=\s*[•●▪■‣◦·]\s)")
_LEVEL_OF_LIST = re.compile(r"(?:^|\s)lst-kix\S*-(\d)(?:\s|$)")
_CONTENTS = re.compile(r"(?:table of )?contents|(?:on|in) this (?:page|document|section)|jump to", re.I)
_BACK = re.compile(r"(?:back|return|go) to (?:the )?(?:top|contents)\b", re.I)
#: Depth of a list whose items hold headings: it only lays out the page.
_LAYOUT = -1


def read_html(data: bytes) -> Reading:
    """Return the web page as blocks; raise UnreadableFile where its words cannot be reached."""
    page = open_page(data)
    walk = _Walk(furniture=Furniture.of(page.root))
    walk.read(walk.furniture.content)
    if not walk.pieces and page.is_cut:
        raise UnreadableFile(name="")
    pieces = _without_contents(walk.pieces, walk.signposts)
    for number, piece in enumerate(pieces, start=1):
        piece.paragraph = number
    title = mark_title(pieces, _title(page.root, pieces))
    if page.is_cut:
        walk.unread.append(Unread(reason="broken_page", part="the end of the page"))
    return Reading(media_type=_MEDIA_TYPE, title=title, blocks=assemble(pieces), unread=tuple(walk.unread))


def _title(root: Element, pieces: list[Piece]) -> str:
    """Return the only h1, else what the head says; nothing where Google Docs marks a title."""
    named = sensible_title(_SITE.split(fold(root.findtext(".//title") or ""))[0])
    tops = [piece.text for piece in pieces if piece.level == 1]
    if any(piece.level == 0 for piece in pieces):
        return ""
    return tops[0] if tops and (len(tops) == 1 or named.startswith(tops[0])) else named


def _without_contents(pieces: list[Piece], signposts: set[int]) -> list[Piece]:
    """Return the pieces without lists of contents and links back to the top; `signposts` only lead elsewhere here."""
    kept: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index not in signposts or not (signposts & {index - 1, index + 1} or _BACK.match(piece.text)):
            kept.append(piece)
        elif index - 1 not in signposts and kept and _CONTENTS.fullmatch(kept[-1].text.rstrip(": ")):
            kept.pop()
    return kept


@dataclass(slots=True)
class _Walk:
    """A page on its way to pieces, an element at a time."""

    furniture: Furniture
    #: True inside a cell, where a table is no more than its words.
    is_flat: bool = False
    pieces: list[Piece] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    #: Indices of pieces all of whose words link to places on the page.
    signposts: set[int] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)
    _heading: Element = None
    #: Depths of the open lists.
    _lists: list[int] = field(default_factory=list)
    _items: int = 0
    _typed: int = 0
    _links: int = 0
    #: Whether there are words in the open text inside and outside links to places on the page.
    _has_linked: bool = False
    _has_plain: bool = False
    _pictures: list[str] = field(default_factory=list)
    #: Description of the picture just read, which its caption may repeat.
    _described: str = ""

    def read(self, top: Element) -> None:
        """Read everything in `top`, without recursion."""
        walk = etree.iterwalk(top, events=("start", "end"))
        passed = None
        for event, element in walk:
            if event == "start" and element is not top and self._passes(element):
                walk.skip_subtree()
                passed = element
            elif event == "start":
                self._enter(element)
            else:
                if element is not passed:
                    self._leave(element)
                if element is not top:
                    self._add(element.tail)
        self._flush()

    def _passes(self, element: Element) -> bool:
        """Return whether the element needs no further look: it is furniture, or a table that was read."""
        if not self.furniture.holds(element):
            return element.tag == "table" and self._table(element)
        if element.tag == "svg" and not is_hidden(element) and element.get("aria-hidden") != "true":
            self._drawing(element)
        if element.tag in _BLOCKS:
            self._part()
        elif element.tag in _CONTROLS:
            self._add(" ")
        return True

    def _enter(self, element: Element) -> None:
        if _level(element) is not None:
            self._flush()
            self._heading = element
        elif element.tag in _BLOCKS:
            self._part()
        if element.tag == "br":
            self._open.append("\n")
        elif element.tag == "img":
            self._picture(fold(element.get("alt", "")))
        elif element.tag in _LISTS:
            self._lists.append(_depth(element, self._lists))
        self._count(element, 1)
        self._add(element.text)

    def _leave(self, element: Element) -> None:
        if element is self._heading:
            self._flush()
            self._heading = None
        elif element.tag in _BLOCKS:
            self._part()
        if element.tag in _LISTS:
            self._lists.pop()
        self._count(element, -1)

    def _count(self, element: Element, step: int) -> None:
        self._items += step * (element.tag == "li")
        self._typed += step * (element.tag in _AS_TYPED)
        self._links += step * self.furniture.leads_here(element)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._open.append(text if self._typed else re.sub(r"[\n\r\f]", " ", text))
        if any(sign.isalpha() for sign in text):
            self._has_linked, self._has_plain = self._has_linked or self._links > 0, self._has_plain or not self._links

    def _picture(self, alt: str) -> None:
        if len(alt.split()) >= _ALT_WORDS:
            self._pictures.append(alt)

    def _drawing(self, element: Element) -> None:
        """Note a drawing that has words in it, once for the page."""
        unread = Unread(reason="picture", part="a drawing", matters=False)
        if sum(map(words, element.iter("text"))) >= _ALT_WORDS and unread not in self.unread:
            self.unread.append(unread)

    def _part(self) -> None:
        """End the open paragraph; inside a heading a block's end is a space."""
        if self._heading is None:
            self._flush()
        else:
            self._open.append(" ")

    def _flush(self) -> None:
        raw, level = "".join(self._open), None if self._heading is None else _level(self._heading)
        for part in _PARTING.split(raw) if level is None else [raw]:
            if (text := fold(part)) and text != self._described:
                self._piece(text, level)
        for alt in self._pictures:
            self.pieces.append(Piece(kind="paragraph", text=alt))
            self._described = alt
        self._open, self._pictures, self._has_linked, self._has_plain = [], [], False, False

    def _piece(self, text: str, level: int | None) -> None:
        self._described = ""
        piece = Piece(kind="paragraph", text=text)
        if level is not None and len(text.split()) <= _HEADING_WORDS:
            piece.kind, piece.level = "heading", level
            self._lists = [_LAYOUT] * len(self._lists)
        else:
            if self._has_linked and not self._has_plain:
                self.signposts.add(len(self.pieces))
            sign, rest = split_bullet(text)
            is_item = self._items > 0 and self._lists[-1:] != [_LAYOUT]
            if sign and (not is_number_sign(sign) or (not is_item and len(rest.split()) > 2)):
                is_item, piece.text = True, rest
            if is_item:
                piece.kind, piece.depth = "list_item", max(self._lists[-1:] + [0])
        self.pieces.append(piece)

    def _table(self, table: Element) -> bool:
        """Read a table's rows; return False where it only lays out the page."""
        rows = rows_of(table)
        if self.is_flat or self._heading is not None or lays_out(table, rows):
            return False
        self._flush()
        for caption in table.iterchildren("caption"):
            self._add(self._cell(caption))
            self._flush()
        grid = [list(row) for row in grid_of(rows, self._cell)]
        _, pieces = table_pieces(grid, header_rows=count_header_rows(rows))
        self.pieces += [piece for _, piece in pieces]
        return True

    def _cell(self, cell: Element) -> str:
        """Return everything in a cell, a line a paragraph."""
        inner = _Walk(furniture=self.furniture, is_flat=True, unread=self.unread)
        inner.read(cell)
        return cell_of(piece.text for piece in inner.pieces)


def _level(element: Element) -> int | None:
    """Return 1 to 6 for a heading, 0 for the title of a Google Docs or Word export, None for anything else."""
    classes = element.get("class", "").split()
    if element.tag == "p" and ("MsoTitle" in classes or ("title" in classes and element.get("id", "")[:2] == "h.")):
        return 0
    if element.tag not in HEADINGS and element.get("role") != "heading":
        return None
    if next(element.iterdescendants(*_NO_HEADING), None) is not None:
        return None
    if element.tag in HEADINGS:
        return int(element.tag[1])
    level = element.get("aria-level", "")
    return min(max(int(level), 1), 6) if re.fullmatch("[0-9]{1,2}", level) else 2


def _depth(element: Element, lists: list[int]) -> int:
    """Return the depth of a list: Google Docs writes it in the class and nests nothing."""
    found = _LEVEL_OF_LIST.search(element.get("class", ""))
    return int(found.group(1)) if found else max(lists, default=_LAYOUT) + 1

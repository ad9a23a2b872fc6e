"""Reads PowerPoint presentations."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from govbot.errors import TruncatedFile, UnreadableFile
from govbot.reading.drawn import (
    DEEPEST,
    alternative,
    chart_titles,
    children,
    diagram_pieces,
    has_words,
    link_of,
    name_of,
    text_of,
    texts_of,
    whole,
)
from govbot.reading.flow import Piece, Reading, assemble, mark_title, remarks, set_kind
from govbot.reading.handles import Element
from govbot.reading.pptx_parts import (
    BODIES,
    BROKEN,
    FURNITURE,
    TITLES,
    Package,
    Sheet,
    base_kind,
    kind_of,
    placeholder,
)
from govbot.reading.tables import cell_of, table_pieces
from govbot.records import Block, Unread

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_MAIN = "ppt/presentation.xml"
_SHAPES = frozenset(("sp", "pic", "graphicFrame", "grpSp"))
_ON = ("1", "true")
#: Words of a heading: some files put whole paragraphs into the title.
_HEADING_WORDS = 30
#: EMU (914,400 an inch) by which the tops of shapes in one row differ.
_ROW = 91_440
#: Words up to which a slide has a title and no more, and the share of it that a picture then covers to be its content.
_FEW_WORDS, _PICTURE_SHARE = 12, 0.25
#: Share of a slide under which a chart or an object is none to read: some programs hide their data in a point.
_OBJECT_SHARE = 0.02


def read_pptx(data: bytes) -> Reading:
    """Return the presentation as blocks, a page a slide; raise a DocumentError where its package cannot be opened."""
    try:
        package = Package(zipfile.ZipFile(BytesIO(data)))
        presentation, links = package.root(_MAIN), package.links(_MAIN)
    except etree.LxmlError as exc:
        raise UnreadableFile(name="") from exc
    except BROKEN as exc:
        raise TruncatedFile(name="") from exc
    deck = _Deck(package=package, area=_area(presentation.find("{*}sldSz")))
    listed = presentation.findall("{*}sldIdLst/{*}sldId")
    slides = [
        deck.slide(number, links.get(link_of(entry), ("", ""))[1]) for number, entry in enumerate(listed, start=1)
    ]
    if listed and all(slide.is_broken for slide in slides):
        raise TruncatedFile(name="")
    title = package.title()
    # Without a title of its own the deck has its first slide's: a later slide's is that slide's alone.
    title = mark_title([piece for slide in slides[: None if title else 1] for piece in slide.pieces], title)
    return Reading(
        media_type=_MEDIA_TYPE,
        title=title,
        pages=len(slides),
        blocks=tuple(block for slide in slides for block in slide.blocks()),
        unread=(*(unread for slide in slides for unread in slide.unread), *remarks(deck.remarks)),
    )


@dataclass(slots=True)
class _Slide:
    """A slide as read."""

    number: int
    heading: Piece | None = None
    #: Pieces of each shape, and of the notes: a list is introduced in its own shape only.
    shapes: list[list[Piece]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    is_broken: bool = False

    @property
    def pieces(self) -> list[Piece]:
        """Return the heading and what follows it."""
        return self._above() + [piece for pieces in self.shapes for piece in pieces]

    def blocks(self) -> Iterator[Block]:
        """Yield the slide's blocks: its title is a section that ends with the slide."""
        above = self._above()
        yield from assemble(above)
        for pieces in self.shapes:
            yield from assemble(above + pieces)[len(above) :]

    def add(self, pieces: list[Piece]) -> int:
        """Add a shape's pieces; return the number of their words."""
        for piece in pieces:
            piece.page = self.number
        if pieces:
            self.shapes.append(pieces)
        return sum(len(piece.text.split()) for piece in pieces)

    def miss(self, reason: str, part: str) -> None:
        """Note a part of the slide that was not read."""
        unread = Unread(reason=reason, page=self.number, part=f"the {part} of slide {self.number}", matters=False)
        if unread not in self.unread:
            self.unread.append(unread)

    def _above(self) -> list[Piece]:
        return [] if self.heading is None else [self.heading]


@dataclass(slots=True)
class _Deck:
    """What slides share."""

    package: Package
    #: Of a slide, in square EMU.
    area: int
    #: Comments on slides, and replies to them.
    remarks: int = 0
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def slide(self, number: int, part: str) -> _Slide:
        """Return a slide; one that cannot be read is among its own unread."""
        slide = _Slide(number=number)
        try:
            tree, links = self.package.root(part).find("{*}cSld"), self.package.links(part)
            targets = {kind: name for kind, name in links.values()}
            _Walk(deck=self, slide=slide, links=links, sheets=self._patterns(targets.get("slideLayout", ""))).read(tree)
        except (*BROKEN, AttributeError):
            unread = [Unread(reason="broken_page", page=number)]
            return _Slide(number=number, unread=unread, is_broken=True)
        self._notes(slide, targets.get("notesSlide", ""))
        self._count_remarks(targets.get("comments", ""))
        return slide

    def _count_remarks(self, part: str) -> None:
        try:
            self.remarks += sum(1 for _ in self.package.root(part).iter("{*}cm", "{*}reply")) if part else 0
        except BROKEN:
            return

    def _notes(self, slide: _Slide, part: str) -> None:
        if not part:
            return
        try:
            shapes = list(children(self.package.root(part).find("{*}cSld/{*}spTree")))
        except BROKEN:
            slide.miss("broken_page", "notes page")
            return
        for shape in shapes:
            if kind_of(placeholder(shape)) == "body":
                slide.add([Piece(kind="paragraph", text=text) for text in _lines(shape)])

    def _patterns(self, layout: str) -> list[Sheet]:
        """Return the slide's layout and its master, as far as they are there."""
        first = self._sheet(layout)
        return [first, self._sheet(first.master)]

    def _sheet(self, part: str) -> Sheet:
        if part not in self._sheets:
            self._sheets[part] = sheet = Sheet()
            try:
                root, links = self.package.root(part), self.package.links(part)
            except BROKEN:
                return sheet
            sheet.style = root.find("{*}txStyles/{*}bodyStyle")
            sheet.master = next((name for kind, name in links.values() if kind == "slideMaster"), "")
            for shape in root.iter("{*}sp"):
                mark = placeholder(shape)
                if mark is not None:
                    sheet.by_kind.setdefault(base_kind(mark), shape)
                    sheet.by_index.setdefault(mark.get("idx", "0"), shape)
        return self._sheets[part]


@dataclass(slots=True)
class _Walk:
    """A slide on its way to pieces."""

    deck: _Deck
    slide: _Slide
    links: dict[str, tuple[str, str]]
    #: The layout and the master.
    sheets: list[Sheet]
    #: Words that are on the slide itself.
    words: int = 0
    #: Share of the slide that its largest picture covers.
    picture: float = 0.0

    def read(self, tree: Element) -> None:
        """Read everything on the slide, its title first."""
        shapes = list(self._shapes(tree.find("{*}spTree")))
        title = next((shape for shape in shapes if kind_of(placeholder(shape)) in TITLES and _lines(shape)), None)
        if title is not None:
            self._title(_lines(title))
        for shape in shapes:
            if shape is not title:
                self._shape(shape)
        if not self.words and tree.find("{*}bg//{*}blip") is not None:
            self.picture = 1.0
        if not self.words and self.picture >= _PICTURE_SHARE:
            self.slide.unread.append(Unread(reason="picture_page", page=self.slide.number))
        elif self.picture and (not self.words or self.words <= _FEW_WORDS and self.picture >= _PICTURE_SHARE):
            self.slide.miss("picture", "picture")

    def _shapes(self, parent: Element) -> Iterator[Element]:
        """Yield the shapes row by row, those of a group together."""
        placed = [(*self._place(shape), shape) for shape in children(parent) if name_of(shape) in _SHAPES]
        placed.sort(key=lambda entry: entry[0])
        rows: list[list[tuple[int, int, Element]]] = []
        for entry in placed:
            if not rows or entry[0] - rows[-1][0][0] > _ROW:
                rows.append([])
            rows[-1].append(entry)
        for _, _, shape in (entry for row in rows for entry in sorted(row, key=lambda entry: entry[1])):
            if name_of(shape) == "grpSp":
                yield from self._shapes(shape)
            else:
                yield shape

    def _title(self, texts: list[str]) -> None:
        heading = Piece(kind="heading", level=1, text=" ".join(texts), page=self.slide.number)
        if len(heading.text.split()) <= _HEADING_WORDS:
            self.slide.heading = heading
            self.words += len(heading.text.split())
        else:
            self.words += self.slide.add([Piece(kind="paragraph", text=text) for text in texts])

    def _shape(self, shape: Element) -> None:
        if name_of(shape) == "graphicFrame":
            self._frame(shape)
        elif kind_of(placeholder(shape)) not in FURNITURE:
            if name_of(shape) == "pic" or shape.find("{*}spPr/{*}blipFill") is not None:
                self.picture = max(self.picture, self._share(shape))
            if name_of(shape) == "pic":
                self.slide.add(_alternative(shape))
            else:
                self.words += self.slide.add(list(self._paragraphs(shape)))

    def _frame(self, shape: Element) -> None:
        """Read a table, a diagram, or the title of a chart."""
        table, diagram, chart = (
            shape.find(f"{{*}}graphic/{{*}}graphicData/{{*}}{name}") for name in ("tbl", "relIds", "chart")
        )
        if table is not None:
            self.words += self.slide.add(_table(table))
            return
        linked = self._linked(diagram, "}dm") if diagram is not None else self._linked(chart, "}id")
        if diagram is not None and linked is not None:
            self.words += self.slide.add(list(diagram_pieces(linked)))
            return
        if chart is not None and linked is not None:
            self.words += self.slide.add(chart_titles(linked))
        self.slide.add(_alternative(shape))
        if self._share(shape) >= _OBJECT_SHARE:
            self.slide.miss("object", "chart" if chart is not None else "diagram" if diagram is not None else "object")

    def _linked(self, element: Element, key: str) -> Element | None:
        """Return the root of the part that the element links to, or None where it cannot be read."""
        try:
            return self.deck.package.root(self.links[link_of(element, key)][1])
        except (*BROKEN, AttributeError):
            return None

    def _paragraphs(self, shape: Element) -> Iterator[Piece]:
        for paragraph in children(shape.find("{*}txBody")):
            text, depth = text_of(paragraph), _depth(paragraph)
            if not has_words(text):
                continue
            piece = Piece(kind="paragraph", text=text, depth=depth)
            set_kind(piece, level=None, depth=depth if self._has_bullet(shape, paragraph, depth) else None)
            yield piece

    def _has_bullet(self, shape: Element, paragraph: Element, depth: int) -> bool:
        """Return whether the paragraph, or the nearest style of its level that says anything, sets a bullet."""
        level = f"{{*}}lvl{depth + 1}pPr"
        settings = [paragraph.find("{*}pPr")]
        settings += [source.find(f"{{*}}txBody/{{*}}lstStyle/{level}") for source in [shape, *self._takes_after(shape)]]
        mark = placeholder(shape)
        if mark is not None and self.sheets[1].style is not None:
            settings.append(self.sheets[1].style.find(level))
        for setting in settings:
            names = [name_of(child) for child in setting] if setting is not None else []
            if "buNone" in names:
                return False
            if any(name in ("buChar", "buAutoNum", "buBlip") for name in names):
                return True
        return kind_of(mark) in BODIES

    def _takes_after(self, shape: Element) -> list[Element]:
        """Return the placeholders of the layout and the master that the shape fills, nearest first."""
        mark = placeholder(shape)
        if mark is None:
            return []
        layout, master = self.sheets
        kind = base_kind(mark)
        first = layout.by_index.get(mark.get("idx", "0")) if kind == "body" else layout.by_kind.get(kind)
        return [found for found in (first, master.by_kind.get(kind)) if found is not None]

    def _frame_of(self, shape: Element) -> Element:
        """Return where the shape stands, as itself or the nearest that it takes after says, or None."""
        for source in [shape, *self._takes_after(shape)]:
            for path in ("{*}xfrm", "*/{*}xfrm"):
                frame = source.find(path)
                if frame is not None:
                    return frame
        return None

    def _place(self, shape: Element) -> tuple[int, int]:
        """Return the shape's distance from the top and from the left; what has no place stands first."""
        frame = self._frame_of(shape)
        offset = frame.find("{*}off") if frame is not None else None
        return (0, 0) if offset is None else (whole(offset.get("y")), whole(offset.get("x")))

    def _share(self, shape: Element) -> float:
        """Return the share of the slide that the shape covers, all of it where the deck does not say."""
        frame = self._frame_of(shape)
        area = _area(frame.find("{*}ext")) if frame is not None else 0
        return area / self.deck.area if area and self.deck.area else 1.0


def _table(table: Element) -> list[Piece]:
    """Return a table's rows; a merged cell stands in its first place."""
    grid = [
        [
            "" if cell.get("hMerge") in _ON or cell.get("vMerge") in _ON else cell_of(_lines(cell))
            for cell in row.iterchildren("{*}tc")
        ]
        for row in table.iterchildren("{*}tr")
    ]
    look = table.find("{*}tblPr")
    first = look.get("firstRow") if look is not None else None
    _, pieces = table_pieces(grid, header_rows=None if first is None else int(first in _ON))
    return [piece for _, piece in pieces]


def _alternative(shape: Element) -> list[Piece]:
    """Return what a picture's alternative text says, where a person wrote a sentence."""
    named = shape.find("*/{*}cNvPr")
    text = alternative(named.get("descr")) if named is not None else ""
    return [Piece(kind="paragraph", text=text)] if text else []


def _lines(shape: Element) -> list[str]:
    return texts_of(shape.find("{*}txBody"))


def _depth(paragraph: Element) -> int:
    settings = paragraph.find("{*}pPr")
    return min(max(whole(settings.get("lvl")), 0), DEEPEST) if settings is not None else 0


def _area(size: Element) -> int:
    return whole(size.get("cx")) * whole(size.get("cy")) if size is not None else 0

"""What every reader hands on, and how it becomes blocks with sections and lead-ins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from govbot.reading.glyphs import fold, is_number_sign, split_bullet
from govbot.records import Block, BlockKind, Document, PageTurn, Unread, layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Words of a lead-in; of a longer paragraph the last sentence introduces the list.
_LEAD_IN_WORDS = 40
#: Blocks from the top among which a lone first heading is the document's title.
_TITLE_WITHIN = 12
#: Words on which a paragraph breaks off to go on in its list, where no colon says so.
_INTRODUCING = frozenset(
    "are as by can following for from if in include includes including is may must of on shall should that through to "
    "we when where which will with".split()
)
#: Words of a heading: some files style whole paragraphs as headings.
_HEADING_WORDS = 30
#: Words of a heading that nothing marks but bold letters, the signs on which none ends, and its level.
_BOLD_HEADING_WORDS, _NO_HEADING_ENDS, _LOWEST = 12, ".;,:?!", 6
#: Words under the heading of a text box, up to which it is a banner over the chapter that follows.
_BANNER_WORDS = 25
#: Words that say what somebody does: a sentence in bold letters is none.
_SAYS = re.compile(
    r"\b(?:we|our|i|they|it|will|must|shall|should|can|may|is|are|was|were|has|have|had)\b", re.IGNORECASE
)
#: Words up to which what follows a typed number is no item: "4. Risk", "2026 to 2030".
_NUMBERED_WORDS = 2
#: Words from which a paragraph is boilerplate where it stands word for word on so many pages (places, without pages).
_REPEATED_WORDS, _REPEATED_PAGES = 8, 4
_SENTENCE_START = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9])")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|pptx?|xlsx?|indd|qxd|odt|txt|rtf|md|pub|p65)\b", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"^(?:untitled.*|microsoft (?:word|powerpoint|excel)\b.*|(?:word|powerpoint) (?:document|presentation)|"
    r"document\d*|presentation\d*|slide \d+|title|draft|template|no(?:ne)?|\W*|[\d\W_]+)$",
    re.IGNORECASE,
)
#: Characters of a title, fewest and most.
_TITLE_LENGTH = (4, 200)
#: A line of contents typed by hand, and the number before what it names.
_ENTRY = re.compile(r"(?s)(.*)\t\s*\d{1,4}$")
_NUMBERED = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")


@dataclass(kw_only=True, slots=True)
class Piece:
    """A block before its section and lead-in are known."""

    kind: BlockKind
    text: str
    page: int | None = None
    page_is_approximate: bool = False
    paragraph: int | None = None
    #: 1 to 6 for a heading; 0 for the document's title, which is a heading but no section.
    level: int | None = None
    #: Depth of a list item, from 0.
    depth: int = 0
    header: tuple[str, ...] = ()
    turns: tuple[PageTurn, ...] = ()
    #: The number that the program counts and shows before the text, which does not hold it; empty where there is none.
    number: str = ""
    #: True where all of the text is bold.
    is_bold: bool = False
    #: True for a footnote: it stands apart from what is before and after it.
    is_note: bool = False
    #: Number of the box beside the text, from 1, in which it stands: its headings head nothing after the box.
    box: int = 0
    #: What it names where it may be a line of contents typed by hand, a tab before the page; empty otherwise.
    entry: str = ""
    #: Mean confidence of its words, from 0 to 1, where they were recognised in a picture; None for real text.
    ocr_confidence: float | None = None


@dataclass(kw_only=True, slots=True)
class Reading:
    """What a reader made of a file's content."""

    media_type: str
    blocks: tuple[Block, ...]
    #: Empty where the content names none.
    title: str = ""
    pages: int | None = None
    unread: tuple[Unread, ...] = field(default=())

    def document(self, *, name: str, sha256: str) -> Document:
        """Return the reading as the document of the file `name`."""
        layout = layout_of(self.media_type)
        found = without_repeats(self.blocks)
        blocks = found if layout == "text" else tuple(replace(block, layout=layout) for block in found)
        return Document(
            name=name,
            title=self.title or name.rpartition("/")[2],
            media_type=self.media_type,
            sha256=sha256,
            pages=self.pages,
            blocks=blocks,
            unread=self.unread,
        )


def without_repeats(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with a paragraph that stands on many pages, such as a notice of copyright, once."""
    places: dict[str, set[int | None]] = {}
    for place, block in enumerate(blocks):
        if block.kind == "paragraph" and len(block.text.split()) >= _REPEATED_WORDS:
            places.setdefault(block.text, set()).add(place if block.page is None else block.page)
    repeated = {text: False for text, pages in places.items() if len(pages) >= _REPEATED_PAGES}
    kept = []
    for block in blocks:
        if not (block.kind == "paragraph" and repeated.get(block.text)):
            kept.append(block)
        if block.text in repeated:
            repeated[block.text] = True
    return tuple(kept)


def set_kind(piece: Piece, *, level: int | None, depth: int | None) -> None:
    """Make a paragraph what its style says, a heading or a list item, or the item that its typed bullet makes it."""
    if level is not None and len(piece.text.split()) <= _HEADING_WORDS:
        piece.kind, piece.level = "heading", level
    elif depth is not None:
        piece.kind, piece.depth = "list_item", depth
    else:
        sign, rest = split_bullet(piece.text)
        if sign and (not is_number_sign(sign) or len(rest.split()) > _NUMBERED_WORDS):
            cut = len(piece.text) - len(rest)
            piece.kind, piece.text = "list_item", rest
            piece.turns = tuple(PageTurn(offset=max(turn.offset - cut, 0), page=turn.page) for turn in piece.turns)


def show_numbers(pieces: list[Piece]) -> None:
    """Put before each heading the number that the program shows there, so that paths read as on the page."""
    for piece in pieces:
        if piece.number and piece.level is not None:
            longer = len(piece.number) + 1
            piece.text = f"{piece.number} {piece.text}"
            piece.turns = tuple(PageTurn(offset=turn.offset + longer, page=turn.page) for turn in piece.turns)


def head_by_bold(pieces: list[Piece]) -> None:
    """Make a short bold paragraph above one that is not bold the heading that it looks like, below all others."""
    for piece, after in zip(pieces, pieces[1:], strict=False):
        if piece.is_bold and not after.is_bold and piece.kind == "paragraph" and after.kind != "heading":
            is_short = len(piece.text.split()) <= _BOLD_HEADING_WORDS and any(sign.isalpha() for sign in piece.text)
            is_sentence = piece.text[-1] in _NO_HEADING_ENDS or _SAYS.search(piece.text) is not None
            if is_short and not is_sentence and not (piece.is_note or after.is_note):
                piece.kind, piece.level = "heading", _LOWEST


def set_box(pieces: Sequence[Piece], number: int) -> None:
    """Number the pieces of a text box, but of a banner: a heading with a line under it at most opens a chapter."""
    words = sum(len(piece.text.split()) for piece in pieces if piece.level is None)
    for piece in pieces:
        piece.box = number if words > _BANNER_WORDS else 0


def remarks(number: int) -> tuple[Unread, ...]:
    """Return the note that so many comments stand on the draft, which are no part of it."""
    return counted(number, "comment", reason="comments")


def counted(number: int, name: str, *, reason: str) -> tuple[Unread, ...]:
    """Return the note that so many parts of one name were not read, nothing where there are none."""
    part = f"1 {name}" if number == 1 else f"{number} {name}s"
    return (Unread(reason=reason, part=part, matters=False),) if number else ()


def sensible_title(title: str | None) -> str:
    """Return a metadata title, or nothing where it is a program's or a file's name."""
    folded = " ".join((title or "").split())
    if not _TITLE_LENGTH[0] <= len(folded) <= _TITLE_LENGTH[1] or _FILE_NAME.search(folded):
        return ""
    if _NO_TITLE.match(folded) or ("_" in folded and " " not in folded):
        return ""
    return folded


def mark_title(pieces: list[Piece], title: str) -> str:
    """Set level 0 on the heading that is the document's title; return the title, or nothing.

    A heading is the title where it says what the metadata say, or where it is the only one of its level,
    near the top, and every other heading lies below it.
    """
    headings = [piece for piece in pieces if piece.level is not None]
    for piece in headings[:5]:
        if piece.level == 0:
            return title or piece.text
        if title and _folded(piece.text) == _folded(title):
            piece.level = 0
            return title
    first = next((piece for piece in pieces[:_TITLE_WITHIN] if piece.level is not None), None)
    if first is not None and all((other.level or 0) > (first.level or 0) for other in headings if other is not first):
        first.level = 0
        return title or first.text
    return title


def without_entries(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without contents typed by hand: what ends in a tab and a number, and names another piece."""
    named = {_NUMBERED.sub("", piece.text).casefold() for piece in pieces if not piece.entry}
    return [piece for piece in pieces if not piece.entry or _NUMBERED.sub("", piece.entry).casefold() not in named]


def entry_of(raw: str) -> str:
    """Return what a paragraph that ends in a tab and a number says before it; nothing of any other."""
    found = _ENTRY.search(raw.strip())
    return fold(found[1]) if found else ""


def assemble(pieces: list[Piece]) -> tuple[Block, ...]:
    """Return the pieces as blocks: each with the headings above it, a list item with what introduces it."""
    section: list[tuple[int, str]] = []
    around, box = section, 0
    introductions: dict[int, str] = {}
    before: Piece | None = None
    blocks = []
    for piece in pieces:
        if piece.box != box:
            around, box = around if box else section, piece.box
            section = list(around)
        if piece.level:
            section = [entry for entry in section if entry[0] < piece.level]
        lead_in = _lead_in(piece, before, introductions)
        blocks.append(_block(piece, tuple(text for _, text in section), lead_in))
        if piece.level:
            section.append((piece.level, piece.text))
        before = before if piece.is_note else piece
    return tuple(blocks)


def _block(piece: Piece, section: tuple[str, ...], lead_in: str) -> Block:
    return Block(
        kind=piece.kind,
        text=piece.text,
        section=section,
        page=piece.page,
        page_is_approximate=piece.page_is_approximate,
        paragraph=piece.paragraph,
        level=None if piece.level is None else max(piece.level, 1),
        lead_in=lead_in,
        header=piece.header,
        turns=piece.turns,
        ocr_confidence=piece.ocr_confidence,
    )


def _lead_in(piece: Piece, before: Piece | None, introductions: dict[int, str]) -> str:
    """Return what introduces a list item; `introductions` holds that of each open depth."""
    if piece.is_note:
        return ""
    if piece.kind != "list_item":
        # A paragraph inside a list that ends in a colon opens another list; any other text ends the list.
        introductions.clear()
        return ""
    if before is not None and before.kind == "list_item":
        for depth in [depth for depth in introductions if depth > piece.depth]:
            del introductions[depth]
        if piece.depth > before.depth:
            introductions[piece.depth] = introduction(before.text)
    elif before is not None and before.kind == "paragraph":
        introductions[piece.depth] = introduction(before.text)
    known = [depth for depth in introductions if depth <= piece.depth and introductions[depth]]
    return introductions[max(known)] if known else ""


def introduction(text: str) -> str:
    """Return the part of a paragraph that introduces the list after it, or nothing."""
    if not text.endswith((":", "–", "—", "-")) and text.rpartition(" ")[2] not in _INTRODUCING:
        return ""
    if len(text.split()) <= _LEAD_IN_WORDS:
        return text
    return _SENTENCE_START.split(text)[-1]


def ends_sentence(text: str) -> bool:
    """Return whether the text ends as a sentence or a clause of a list does."""
    return bool(_SENTENCE_END.search(text)) or text.endswith((":", ";"))


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()

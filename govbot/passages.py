"""Document -> passages: 40 to 120 words of one section, whole sentences, list items and table rows."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from govbot.records import Block, Document, Part, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_text_splitters import RecursiveCharacterTextSplitter

#: Words of a passage. Measured on real public documents: shorter ones say too little to be matched, longer ones
#: mix subjects and pass the 256 word pieces that the default model reads.
MIN_WORDS = 40
AIM_WORDS = 80
MAX_WORDS = 120

#: A sentence ends at a stop before white space, but not after "4.", "c.", "e.g." and their like.
_ABBREVIATIONS = (
    *("e.g.", "i.e.", "etc.", "cf.", "vs.", "No.", "no.", "Nos.", "para.", "paras.", "p.", "pp.", "Fig.", "Art."),
    *("ref.", "approx.", "Ltd.", "Inc.", "St.", "Dr.", "Mr.", "Ms.", "Mrs.", "Cllr.", "Rev.", "Prof.", "Hon."),
)
_SENTENCE_END = (
    r"(?<=[.!?])"
    + "".join(rf"(?<!\b{word[:-1].replace('.', '[.]')}[.])" for word in _ABBREVIATIONS)
    + r"(?<![\s(][A-Za-z][.])(?<!^[A-Za-z][.])(?<!^\d[.])(?<!^\d\d[.])(?<!\s\d[.])(?<!\s\d\d[.])\s+(?=[^a-z\s])"
    r"|(?<=[.!?][\"'”’)])\s+(?=[^a-z\s])"
)
_CLAUSE_ENDS = (r"(?<=[;:])\s+", r"(?<=,)\s+", r"\s+")

#: Costs that the packing weighs, in squared words off the aim: breaking a paragraph or a list costs as much as being
#: 20 words off, parting a lead-in from its list as much as 60; a word outside MIN..MAX costs as much as 12 within.
_BREAK_COST = {"block": 400, "list": 400, "lead_in": 3600, "none": 0}
_OUTSIDE_WEIGHT = 12
#: A paragraph of up to so many words that ends in none of these signs is a heading, whatever the file calls it.
_TITLE_WORDS = 12
_ENDS = '.!?;,”"’)'


def split_passages(document: Document) -> tuple[Passage, ...]:
    """Return the document's passages in reading order; headings are their section, never their text."""
    passages: list[Passage] = []
    for section, parts in _sections(document):
        for chosen in _pack(parts, document.blocks):
            text = _matched_text(chosen, document.blocks)
            passages.append(Passage(index=len(passages), text=text, parts=tuple(chosen), section=section))
    return tuple(passages)


def verbatim(parts: Sequence[Part]) -> str:
    """Return consecutive parts as they stand in the document's text."""
    text = ""
    previous: Part | None = None
    for part in parts:
        if previous is not None:
            text += part.gap if part.block == previous.block else "\n"
        text += part.text
        previous = part
    return text


def mean_confidence(parts: Sequence[Part]) -> float | None:
    """Return the mean confidence of the parts' words that were recognised in pictures, to two places, or None."""
    found = [(part.ocr_confidence, word_count(part.text)) for part in parts if part.ocr_confidence is not None]
    words = sum(count for _, count in found)
    return round(sum(sure * count for sure, count in found) / words, 2) if words else None


def word_count(text: str) -> int:
    """Return the number of words, parted by white space."""
    return len(text.split())


def split_sentences(text: str) -> list[str]:
    """Return whole sentences in order; one of over MAX_WORDS is cut at clauses."""
    sentences: list[str] = []
    for sentence in _sentence_splitter().split_text(text):
        if word_count(sentence) > MAX_WORDS:
            sentences += _clause_splitter().split_text(sentence)
        else:
            sentences.append(sentence)
    return [sentence.strip() for sentence in sentences]


def _sections(document: Document) -> list[tuple[tuple[str, ...], list[Part]]]:
    body = ((number, block) for number, block in enumerate(document.blocks))
    found: list[tuple[tuple[str, ...], list[Part]]] = []
    for (is_heading, section), run in groupby(body, key=lambda pair: (pair[1].kind == "heading", pair[1].section)):
        if not is_heading:
            found.append((section, [part for number, block in run for part in _parts(number, block)]))
    return found


def _parts(number: int, block: Block) -> list[Part]:
    whole = block.kind == "table_row" and word_count(block.text) <= MAX_WORDS
    # A paragraph of a cell ends with its line, whether or not a stop says so.
    pieces = [block.text] if whole else [piece for line in block.text.split("\n") for piece in split_sentences(line)]
    parts: list[Part] = []
    end = 0
    for piece in pieces:
        start = block.text.index(piece, end)
        gap = block.text[end:start] or " "
        end = start + len(piece)
        parts.append(
            Part(
                text=piece,
                block=number,
                start=start,
                gap=gap,
                page=block.page_at(start),
                page_is_approximate=block.page_is_approximate,
                paragraph=block.paragraph,
                layout=block.layout,
                ocr_confidence=block.ocr_confidence,
            )
        )
    return parts


def _pack(parts: list[Part], blocks: Sequence[Block]) -> list[list[Part]]:
    """Return the parts in runs, cut where the sum of costs is least (shortest path over the cuts)."""
    sizes = [word_count(part.text) for part in parts]
    best: list[float] = [0.0]
    came_from: list[int] = [0]
    for end in range(1, len(parts) + 1):
        options: list[tuple[float, int]] = []
        words = 0
        for start in range(end - 1, -1, -1):
            words += sizes[start]
            if words > MAX_WORDS and start < end - 1:
                break
            options.append((best[start] + _cut_cost(parts, blocks, start) + _size_cost(words), start))
        cost, start = min(options)
        best.append(cost)
        came_from.append(start)
    runs: list[list[Part]] = []
    end = len(parts)
    while end:
        runs.append(parts[came_from[end] : end])
        end = came_from[end]
    return runs[::-1]


def _size_cost(words: int) -> float:
    outside = max(MIN_WORDS - words, words - MAX_WORDS, 0)
    return (abs(words - AIM_WORDS) + _OUTSIDE_WEIGHT * outside) ** 2


def _cut_cost(parts: list[Part], blocks: Sequence[Block], start: int) -> float:
    """Return what it costs to begin a passage at `start`."""
    if start == 0:
        return 0
    before, after = blocks[parts[start - 1].block], blocks[parts[start].block]
    if parts[start - 1].block == parts[start].block:
        return _BREAK_COST["block"]
    if (after.lead_in and before.text.endswith(after.lead_in)) or _is_title_like(before):
        return _BREAK_COST["lead_in"]
    if after.kind == before.kind == "list_item" and after.lead_in == before.lead_in:
        return _BREAK_COST["list"]
    return _BREAK_COST["none"]


def _is_title_like(block: Block) -> bool:
    """Return whether a paragraph is a heading that nothing marks as one: it belongs to what follows."""
    words = word_count(block.text)
    return block.kind == "paragraph" and words <= _TITLE_WORDS and block.text[-1:] not in _ENDS


def _matched_text(parts: Sequence[Part], blocks: Sequence[Block]) -> str:
    """Return the parts as they are matched: a list with its lead-in, table cells with their column headings."""
    lines: list[str] = []
    introduced = ""
    for number, run in groupby(parts, key=lambda part: part.block):
        block = blocks[number]
        text = verbatim(list(run))
        is_said = block.lead_in == introduced or (lines and lines[-1].endswith(block.lead_in))
        if block.lead_in and not is_said:
            lines.append(block.lead_in)
        introduced = block.lead_in
        lines.append(_labelled(block) if block.kind == "table_row" and text == block.text else text)
    return "\n".join(lines)


def _labelled(row: Block) -> str:
    cells = row.text.split("\t")
    names = (*row.header, *[""] * len(cells))
    labelled = (f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False) if cell.strip())
    return "; ".join(labelled)


@cache
def _sentence_splitter() -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # takes a second to import

    # A size of one word keeps every sentence a piece of its own.
    return RecursiveCharacterTextSplitter(
        separators=[_SENTENCE_END],
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=1,
        chunk_overlap=0,
        length_function=word_count,
    )


@cache
def _clause_splitter() -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=list(_CLAUSE_ENDS),
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=MAX_WORDS,
        chunk_overlap=0,
        length_function=word_count,
    )

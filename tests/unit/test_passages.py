from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.passages import MAX_WORDS, MIN_WORDS, mean_confidence, split_passages, split_sentences, verbatim, word_count
from govbot.reading import READ_EXTENSIONS, read_document
from govbot.records import Block, BlockKind, Document, PageTurn, Part, Passage
from tests.unit.made_up import document


def paragraph(text: str, *, section: str = "", kind: BlockKind = "paragraph", lead_in: str = "") -> Block:
    return Block(kind=kind, text=text, section=(section,) if section else (), lead_in=lead_in, paragraph=1)


def words(count: int, end: str = ".") -> str:
    return " ".join(["word"] * count) + end


def texts(*blocks: Block) -> list[str]:
    return [passage.text for passage in split_passages(document(*blocks))]


# Sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["The Board meets monthly.", "It publishes its minutes."],
        ["Is it checked?", "Yes!", "No."],
        ["See e.g. The Times.", "Next."],
        ["He met Cllr. Jones and Dr. Smith at St. Mary's hall.", "Then he left."],
        ["It is the Council's.", "It stays so."],
        ["4. Review the plan.", "It is due."],
        ["12. Review the plan.", "It is due."],
        ["c. 1900 it was built.", "It stands."],
        ["J. Smith chairs it.", "She is new."],
        ["See para. 4 and p. 5 of No. 6 here.", "Next."],
        ["It costs £4.5 million, or 3.2 per cent.", "It rose."],
        ["He said “Go.”", "The Board went."],
        ['He said "Go."', "The Board went."],
        ["It ended (at last.)", "The Board went."],
        ["It ended. as it began.", "Then more."],
        ["No stop at the end"],
        ["It rose in 2024.", "It fell in 2025."],
        ["Visit www.example.org/a.html today.", "Then go."],
    ],
)
def test_sentences_are_told_apart(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(("end", "pieces"), [(";", 3), (",", 3), ("", 2)])
def test_long_sentence_is_cut_at_clauses(end: str, pieces: int) -> None:
    text = " ".join([words(70, end)] * 3)
    found = split_sentences(text)
    assert " ".join(found) == text
    assert len(found) == pieces
    assert all(word_count(piece) <= MAX_WORDS for piece in found)
    assert all(piece.endswith(end) for piece in found[:-1])


# Passages by example


def test_paragraphs_are_packed_towards_the_aim() -> None:
    sizes = [word_count(text) for text in texts(*(paragraph(words(40)) for _ in range(6)))]
    assert sizes == [80, 80, 80]


def test_list_stays_with_what_introduces_it() -> None:
    lead = "The Board will:"
    items = [paragraph(words(12, ";"), kind="list_item", lead_in=lead) for _ in range(4)]
    first, second = texts(paragraph(words(80)), paragraph(lead), *items)
    assert first == words(80)
    assert second == "\n".join([lead, *[words(12, ";")] * 4])


def test_list_that_is_cut_repeats_what_introduces_it_once() -> None:
    lead = "The Board will:"
    items = [paragraph(words(30, ";"), kind="list_item", lead_in=lead) for _ in range(6)]
    found = texts(paragraph(lead), *items)
    assert len(found) > 1
    assert [text.count(lead) for text in found] == [1] * len(found)
    assert all(text.startswith(lead) for text in found)


def test_lead_in_that_ends_a_paragraph_is_not_said_twice() -> None:
    lead = "In the years to come the Board will:"
    items = [paragraph(words(12, ";"), kind="list_item", lead_in=lead) for _ in range(2)]
    (text,) = texts(paragraph(f"{words(30)} {lead}"), *items)
    assert text.count(lead) == 1


def test_lead_in_that_ends_a_paragraph_stays_with_its_list() -> None:
    lead = "In the years to come the Board will:"
    items = [paragraph(words(20, ";"), kind="list_item", lead_in=lead) for _ in range(4)]
    first, *_ = texts(paragraph(f"{words(39)} {words(41)} {lead}"), *items)
    assert not first.endswith(lead)


def test_table_row_is_matched_with_its_column_headings_and_quoted_without() -> None:
    row = Block(kind="table_row", text="Fire\t\tHigh", header=("Risk", "Owner", "Score"), paragraph=1)
    (found,) = split_passages(document(row))
    assert (found.text, verbatim(found.parts)) == ("Risk: Fire; Score: High", "Fire\t\tHigh")


def test_more_cells_than_headings_and_none() -> None:
    row = Block(kind="table_row", text="Fire\tHigh", header=("Risk",), paragraph=1)
    assert texts(row) == ["Risk: Fire; High"]
    assert texts(Block(kind="table_row", text="Fire\tHigh", paragraph=1)) == ["Fire; High"]


def test_long_table_row_is_quoted_as_it_stands() -> None:
    cells = [f"Risk {number} is checked by the officer, who has told the Board of it twice." for number in range(12)]
    found = document(Block(kind="table_row", text="\t".join(cells), paragraph=1))
    assert all(verbatim(passage.parts) in found.text for passage in split_passages(found))


def test_long_table_row_is_cut_where_a_paragraph_of_its_cell_ends() -> None:
    lines = [f"Start{number} {words(30, '')} end{number}" for number in range(6)]
    found = split_passages(document(Block(kind="table_row", text="Owner\t" + "\n".join(lines), paragraph=1)))
    assert len(found) > 1
    assert [passage.parts[-1].text[-4:-1] for passage in found] == ["end"] * len(found)


def test_headings_are_sections_and_nothing_else() -> None:
    heading = Block(kind="heading", text="Risk", level=1, paragraph=1)
    found = split_passages(
        document(heading, paragraph("One.", section="Risk"), heading, paragraph("Two.", section="Risk"))
    )
    assert [(passage.index, passage.text, passage.section) for passage in found] == [
        (0, "One.", ("Risk",)),
        (1, "Two.", ("Risk",)),
    ]
    assert split_passages(document(heading)) == split_passages(document()) == ()


def test_parts_know_their_page() -> None:
    block = Block(kind="paragraph", text="One ends. Two ends.", page=4, turns=(PageTurn(offset=10, page=5),))
    (found,) = split_passages(document(block))
    assert found.parts == (
        Part(text="One ends.", block=0, start=0, page=4),
        Part(text="Two ends.", block=0, start=10, page=5),
    )


# Properties

_TOKENS = [
    "the",
    "Board",
    "meets.",
    "No.",
    "4.",
    "c.",
    "e.g.",
    "“Yes.”",
    "risk;",
    "plan,",
    "£4.5m.",
    "why?",
    "(a)",
    "–",
]
_WORDS = st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=8)
#: Short texts, and long ones that repeat them.
_TEXT = st.builds(lambda found, times: " ".join(found * times), _WORDS, st.sampled_from([1, 1, 2, 7, 40]))
_ROW = st.lists(st.builds(" ".join, _WORDS) | st.just(""), min_size=2, max_size=6).map("\t".join).filter(str.strip)
_BLOCK = st.one_of(
    st.builds(paragraph, _TEXT),
    st.builds(paragraph, _TEXT, kind=st.just("list_item"), lead_in=st.sampled_from(["", "The Board will:"])),
    st.builds(paragraph, _ROW, kind=st.just("table_row")),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Give a document of blocks under no heading, then under each of some headings, equal ones too."""
    blocks = draw(st.lists(_BLOCK, max_size=4))
    for name in draw(st.lists(st.sampled_from(["Risk", "Money"]), max_size=3)):
        blocks.append(Block(kind="heading", text=name, level=1, paragraph=1))
        below = draw(st.lists(_BLOCK, max_size=6))
        blocks += [
            Block(kind=block.kind, text=block.text, lead_in=block.lead_in, section=(name,), paragraph=1)
            for block in below
        ]
    return document(*blocks)


@given(documents())
def test_nothing_is_lost_or_said_twice_and_order_is_kept(found: Document) -> None:
    parts = [part for passage in split_passages(found) for part in passage.parts]
    assert all(before.block < after.block or before.start < after.start for before, after in pairwise(parts))
    assert [part.block for part in parts] == sorted(part.block for part in parts)
    for number, block in enumerate(found.blocks):
        own = [part for part in parts if part.block == number]
        assert all(block.text[part.start :].startswith(part.text) for part in own)
        ends = [0, *(part.start + len(part.text) for part in own)]
        starts = [*(part.start for part in own), len(block.text)]
        between = [block.text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert "".join(between).strip() == ("" if block.kind != "heading" else block.text)
        assert all(end <= start for end, start in zip(ends, starts, strict=True))


@given(documents())
def test_passage_is_of_one_section_and_stands_in_the_text(found: Document) -> None:
    for number, passage in enumerate(split_passages(found)):
        first, last = passage.parts[0].block, passage.parts[-1].block
        assert passage.index == number
        assert {(block.section, block.kind == "heading") for block in found.blocks[first : last + 1]} == {
            (passage.section, False)
        }
        assert verbatim(passage.parts) in found.text


@given(documents())
def test_passage_has_no_more_words_than_are_read(found: Document) -> None:
    for passage in split_passages(found):
        assert 0 < sum(word_count(part.text) for part in passage.parts) <= MAX_WORDS
        assert all(part.text in verbatim(passage.parts) for part in passage.parts)


@given(documents())
def test_short_passages_are_no_neighbours(found: Document) -> None:
    """Two short runs of one section would be one, were both together no longer than the aim."""
    passages = split_passages(found)
    for before, after in pairwise(passages):
        if not any(block.kind == "heading" for block in found.blocks[before.parts[-1].block : after.parts[0].block]):
            both = sum(word_count(part.text) for part in (*before.parts, *after.parts))
            assert both > MIN_WORDS


# Real documents

_REAL = Path(__file__).parents[3] / "shared" / "real"
_FILES = [
    path
    for path in sorted([*_REAL.glob("*.*"), *_REAL.glob("text/*.*")])
    if path.suffix in READ_EXTENSIONS and not path.name.startswith("scan")
]
#: Fewer words than this and no stop: a caption, a label or a line of an address, which ends as it should.
_LABEL_WORDS = 8


class Figures(NamedTuple):
    """What was measured over all passages of the real documents; shares from 0 to 1."""

    passages: int
    in_range: float
    mid_sentence: float


def _ends_mid_sentence(passage: Passage, found: Document) -> bool:
    """Return whether a passage stops before its sentence does: list items, rows and labels are whole without a stop."""
    last = passage.parts[-1]
    block = found.blocks[last.block]
    if last.text.endswith(tuple(".!?:;…”’\"')")):
        return False
    if last.start + len(last.text) < len(block.text.rstrip()):
        return True
    after = found.blocks[last.block + 1] if last.block + 1 < len(found.blocks) else None
    runs_on = after is not None and after.kind == block.kind == "paragraph" and after.text[0].islower()
    return block.kind == "paragraph" and (runs_on or word_count(block.text) >= _LABEL_WORDS)


@pytest.fixture(scope="module")
def figures() -> Figures:
    pairs = [(passage, found) for found in map(read_document, _FILES) for passage in split_passages(found)]
    sizes = [word_count(passage.text) for passage, _ in pairs]
    prose = [pair for pair in pairs if pair[1].blocks[pair[0].parts[-1].block].kind != "table_row"]
    return Figures(
        passages=len(pairs),
        in_range=sum(MIN_WORDS <= size <= MAX_WORDS for size in sizes) / len(sizes),
        mid_sentence=sum(_ends_mid_sentence(*pair) for pair in prose) / len(prose),
    )


@pytest.mark.skipif(not _FILES, reason="the real documents beside the repository are not there")
def test_passages_of_real_documents(figures: Figures) -> None:
    assert figures.passages > 1000
    assert figures.in_range >= 0.88
    assert figures.mid_sentence < 0.08


def test_parts_say_how_sure_their_words_are_where_they_were_recognised() -> None:
    read = Block(
        kind="paragraph", text="The Board publishes all of its accounts. It listens.", page=1, ocr_confidence=0.9
    )
    poor = Block(kind="paragraph", text="It answers every letter.", page=1, ocr_confidence=0.6)
    real = Block(kind="paragraph", text="It meets in public.", page=2)
    document = Document(name="n", title="t", media_type="m", sha256="0", pages=2, blocks=(read, poor, real))
    (passage,) = split_passages(document)
    assert [part.ocr_confidence for part in passage.parts] == [0.9, 0.9, 0.6, None]
    # By words: seven and four.
    assert mean_confidence([passage.parts[0], passage.parts[2], passage.parts[3]]) == 0.79
    assert mean_confidence(passage.parts[3:]) is None

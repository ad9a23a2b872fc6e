from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from lxml import etree
from pypdfium2 import PdfDocument

from govbot.errors import NoText, UnsupportedFormat
from govbot.passages import split_passages
from govbot.reading import READ_EXTENSIONS, read_document
from govbot.records import Document

_REAL = Path(__file__).parents[4] / "shared" / "real"
_FILES = sorted(path for path in [*_REAL.glob("*.*"), *_REAL.glob("text/*.*")] if path.suffix != ".tsv")
_READ = [path for path in _FILES if path.suffix in READ_EXTENSIONS and not path.name.startswith("scan")]
_REFUSED = [path for path in _FILES if path not in _READ]

pytestmark = pytest.mark.skipif(not _FILES, reason="the real documents beside the repository are not there")


@pytest.mark.parametrize("path", _READ, ids=lambda path: path.name)
def test_real_document_gives_blocks_in_their_places(path: Path) -> None:
    document = read_document(path)
    assert len(document.blocks) > 5
    pages = [block.page for block in document.blocks if block.page is not None]
    assert document.pages is None or (pages and 1 <= min(pages) and max(pages) <= document.pages)
    assert all(block.text and "\ufffe" not in block.text and "\x00" not in block.text for block in document.blocks)
    assert all(turn.offset <= len(block.text) for block in document.blocks for turn in block.turns)


@pytest.mark.parametrize("path", _REFUSED, ids=lambda path: path.name)
def test_other_real_file_says_what_it_is(path: Path) -> None:
    with pytest.raises((UnsupportedFormat, NoText), match=path.name):
        read_document(path)


def _folded(text: str) -> str:
    """Return the text without white space, hyphens and case, which a search may fold."""
    return re.sub(r"[\s\-‐‑‒–\xad\ufffe\u200b\u2060\ufeff]", "", unicodedata.normalize("NFKC", text)).lower()


def _original(path: Path) -> str:
    """Return all words of the file as bare libraries give them, in the file's own order."""
    if path.suffix == ".pdf":
        return "".join(page.get_textpage().get_text_range() for page in PdfDocument(path))
    if path.suffix in (".docx", ".odt", ".pptx"):
        with zipfile.ZipFile(path) as package:
            parts = [etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")]
        return "\0".join(text for part in parts for text in (_words(part, "instrText"), _words(part, "note")))
    if path.suffix == ".html":
        return str(lxml.html.fromstring(path.read_bytes()).text_content())
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\]\([^)]*\)|[*_`\[\]]", "", text) if path.suffix == ".md" else text


def _words(part: etree._Element, without: str) -> str:
    """Return the words of an XML part: instructions of fields are none; a note stands beside a sentence, or within."""
    return "".join(part.xpath(f".//text()[not(ancestor::*[local-name() = 'instrText' or local-name() = '{without}'])]"))


def _quotes(found: Document) -> Iterator[str]:
    """Yield what could be quoted: cells by themselves, and what stands on one page of a block that turns the page."""
    for passage in split_passages(found):
        for part in passage.parts:
            turns = (turn.offset - part.start for turn in found.blocks[part.block].turns)
            cuts = sorted({0, len(part.text), *(turn for turn in turns if 0 < turn < len(part.text))})
            yield from (
                cell for start, end in pairwise(cuts) for cell in part.text[start:end].split("\t") if cell.strip()
            )


@pytest.mark.skipif(not _READ, reason="the real documents beside the repository are not there")
def test_quotes_are_found_by_searching_the_original() -> None:
    lost: list[str] = []
    quotes = 0
    for path in _READ:
        original = _folded(_original(path))
        for quote in _quotes(read_document(path)):
            quotes += 1
            if _folded(quote) not in original:
                lost.append(f"{path.name}: {quote}")
    assert quotes > 8000
    assert len(lost) <= 0.01 * quotes, "\n".join(lost)

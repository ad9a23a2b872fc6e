from __future__ import annotations

from pathlib import Path

import pytest

from govbot.errors import NoText, UnsupportedFormat
from govbot.reading import READ_EXTENSIONS, read_document

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

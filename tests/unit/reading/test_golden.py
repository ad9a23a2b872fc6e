"""One folder a case in tests/golden: source.* and expected.json.

That holds the document's blocks without its checksum; of an archive or an e-mail, a list of what is in it: documents,
what is left out and why, and the names of errors.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from govbot.errors import DocumentError
from govbot.reading import LeftOut, read_documents
from govbot.reading.codec import dump_document
from govbot.records import Document

_CASES = sorted(Path(__file__).parents[2].joinpath("golden").glob("*/source.*"))
_NEEDS_OFFICE = frozenset((".rtf",))


@pytest.mark.parametrize("source", _CASES, ids=lambda source: source.parent.name)
def test_document_reads_as_expected(source: Path) -> None:
    if source.suffix in _NEEDS_OFFICE and not shutil.which("soffice"):
        pytest.skip("LibreOffice Writer is not installed")
    expected = json.loads(source.with_name("expected.json").read_text(encoding="utf-8"))
    read = [_plain(item) for item in read_documents(source)]
    assert read == (expected if isinstance(expected, list) else [expected])


def _plain(item: Document | DocumentError | LeftOut) -> dict[str, Any]:
    """Return something that was read, or was not, as expected.json holds it."""
    if isinstance(item, LeftOut):
        return {"name": item.name, "left_out": item.reason}
    if isinstance(item, DocumentError):
        return {"name": item.slots["name"], "error": type(item).__name__}
    plain: dict[str, Any] = json.loads(dump_document(item))
    del plain["sha256"]
    return plain

"""One folder a case in tests/golden: source.* and expected.json, the document's blocks without its checksum."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govbot.reading import read_document
from govbot.reading.codec import dump_document

_CASES = sorted(Path(__file__).parents[2].joinpath("golden").glob("*/source.*"))


@pytest.mark.parametrize("source", _CASES, ids=lambda source: source.parent.name)
def test_document_reads_as_expected(source: Path) -> None:
    read = json.loads(dump_document(read_document(source)))
    del read["sha256"]
    assert read == json.loads(source.with_name("expected.json").read_text(encoding="utf-8"))

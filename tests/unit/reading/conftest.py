from __future__ import annotations

from pathlib import Path

import pytest

from govbot.reading import read_document
from govbot.records import Document
from tests.unit.reading.reader import Read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file of this name and content, and read it."""

    def read_bytes(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return read_document(path)

    return read_bytes

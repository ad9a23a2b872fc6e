from __future__ import annotations

from pathlib import Path

import pytest

from govbot.errors import DocumentError
from govbot.reading import LeftOut, read_document, read_documents
from govbot.records import Document
from tests.unit.reading.reader import Inside, Read, ReadAll


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file of this name and content, and read it."""

    def read_bytes(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return read_document(path)

    return read_bytes


@pytest.fixture
def read_all(tmp_path: Path) -> ReadAll:
    """Write a file of this name and content, and read everything in it; what it raises is an error of its own."""

    def read_bytes(name: str, data: bytes) -> Inside:
        path = tmp_path / name
        path.write_bytes(data)
        before = set(tmp_path.iterdir())
        found = Inside()
        try:
            for item in read_documents(path):
                if isinstance(item, LeftOut):
                    found.left_out[item.name] = item.reason
                elif isinstance(item, DocumentError):
                    found.errors[str(item.slots["name"])] = type(item).__name__
                else:
                    found.documents.append(item)
        except DocumentError as exc:
            found.errors[str(exc.slots["name"])] = type(exc).__name__
        assert set(tmp_path.iterdir()) == before
        return found

    return read_bytes

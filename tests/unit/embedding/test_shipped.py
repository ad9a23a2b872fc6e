from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from govbot.embedding import ShippedEncoder, Vectors, save_shipped, shipped
from govbot.testing import HashEncoder


class Counting:
    """An encoder that tells how many texts it was given."""

    def __init__(self, name: str = "counting") -> None:
        self.name, self.dim, self.given = name, 64, 0
        self._encoder = HashEncoder()

    def encode(self, texts: list[str], *, progress: object = None) -> Vectors:
        self.given += len(texts)
        return self._encoder.encode(texts)


@pytest.fixture(autouse=True)
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "router.npz"
    monkeypatch.setattr(shipped, "resource", lambda _: path)
    shipped._load.cache_clear()
    yield path
    shipped._load.cache_clear()


def test_known_texts_are_not_encoded_again() -> None:
    save_shipped(["one text", "another", "one text"], Counting())
    encoder = Counting()
    found = ShippedEncoder(encoder).encode(["another", "a new one", "one text"])
    assert encoder.given == 1
    np.testing.assert_allclose(found, HashEncoder().encode(["another", "a new one", "one text"]), atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_vectors_of_another_model_are_passed_over() -> None:
    save_shipped(["one text"], Counting("old"))
    encoder = Counting("new")
    ShippedEncoder(encoder).encode(["one text"])
    assert encoder.given == 1


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04damaged"])
def test_without_a_sound_file_all_is_encoded(own_file: Path, content: bytes | None) -> None:
    if content is not None:
        own_file.write_bytes(content)
    encoder = Counting()
    assert ShippedEncoder(encoder).encode(["a", "b"]).shape == (2, 64)
    assert encoder.given == 2


def test_no_texts_give_no_vectors() -> None:
    assert ShippedEncoder(Counting()).encode([]).shape == (0, 64)

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.embedding import CachedEncoder, cache
from govbot.errors import CacheNotWritable
from govbot.testing import HashEncoder


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def cached(encoder: HashEncoder, tmp_path: Path) -> Iterator[CachedEncoder]:
    found = CachedEncoder(encoder, folder=tmp_path)
    yield found
    found.close()


def test_only_new_texts_are_encoded_each_once(cached: CachedEncoder, encoder: HashEncoder) -> None:
    cached.encode(["a", "b", "a"])
    assert encoder.encoded == ["a", "b"]
    cached.encode(["c", "b", "c", "a"])
    assert encoder.encoded == ["a", "b", "c"]


def test_vectors_stay_in_order_and_are_those_of_the_encoder(cached: CachedEncoder) -> None:
    cached.encode(["b", "d"])
    texts = ["a", "b", "a", "c", "d"]
    vectors = cached.encode(texts)
    np.testing.assert_array_equal(vectors, HashEncoder().encode(texts))
    assert vectors.dtype == np.float32
    vectors[0] = 0  # a caller may write into what it gets
    np.testing.assert_array_equal(cached.encode(texts), HashEncoder().encode(texts))


def test_no_texts(cached: CachedEncoder) -> None:
    assert cached.encode([]).shape == (0, cached.dim)


def test_more_texts_than_one_query_asks_for(cached: CachedEncoder, encoder: HashEncoder) -> None:
    texts = [f"text {number}" for number in range(1201)]
    cached.encode(texts[:700])
    np.testing.assert_array_equal(cached.encode(texts), HashEncoder().encode(texts))
    assert encoder.encoded == texts


def test_cache_outlives_the_encoder(cached: CachedEncoder, tmp_path: Path) -> None:
    cached.encode(["a", "b"])
    again, other = HashEncoder(), HashEncoder(dim=32)
    for encoder in (again, other):
        later = CachedEncoder(encoder, folder=tmp_path)
        later.encode(["a", "b"])
        assert (later.name, later.dim) == (encoder.name, encoder.dim)
        later.close()
    assert (again.encoded, other.encoded) == ([], ["a", "b"])


@pytest.mark.parametrize(
    "texts",
    [["a", "b"], ["a", "c", "d"], ["c", "d"], [], ["c", "c", "a"]],
)
def test_progress_adds_up_to_the_number_of_texts(texts: list[str], cached: CachedEncoder) -> None:
    cached.encode(["a", "b"])
    told: list[int] = []
    cached.encode(texts, progress=told.append)
    assert sum(told) == len(texts)


@settings(deadline=None, max_examples=25)
@given(calls=st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), max_size=4))
def test_any_calls_give_the_vectors_of_the_encoder(calls: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cached = CachedEncoder(HashEncoder(dim=8), folder=Path(folder))
        for texts in calls:
            np.testing.assert_array_equal(cached.encode(texts), HashEncoder(dim=8).encode(texts))
        cached.close()


def test_oldest_vectors_go_when_there_are_too_many(
    cached: CachedEncoder, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_MOST_VECTORS", 3)
    cached.encode(["a", "b"])
    cached.encode(["c", "d", "e"])
    encoder.encoded.clear()
    cached.encode(["e", "d", "c", "b", "a"])
    assert encoder.encoded == ["b", "a"]


def test_cache_holds_no_text_and_is_for_nobody_else(cached: CachedEncoder, tmp_path: Path) -> None:
    cached.encode(["a confidential draft"])
    files = list(tmp_path.iterdir())
    assert [file.name for file in files if b"confidential" in file.read_bytes()] == []
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("inside", ["", "below/"])
def test_file_in_place_of_the_folder(inside: str, encoder: HashEncoder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CacheNotWritable, match="file"):
        CachedEncoder(encoder, folder=tmp_path / "file" / inside)


def test_file_that_is_no_cache(encoder: HashEncoder, tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite3").write_text("no database at all, only words" * 99)
    with pytest.raises(CacheNotWritable):
        CachedEncoder(encoder, folder=tmp_path)


def test_damaged_cache_is_an_error_of_ours(encoder: HashEncoder, tmp_path: Path) -> None:
    first = CachedEncoder(encoder, folder=tmp_path)
    first.encode([str(number) for number in range(500)])
    first.close()
    path = tmp_path / "vectors.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2].ljust(len(data), b"\xff"))
    later = CachedEncoder(encoder, folder=tmp_path)
    try:
        with pytest.raises(CacheNotWritable):
            later.encode([str(number) for number in range(500)])
    finally:
        later.close()

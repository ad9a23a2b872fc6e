from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file
from torch import allclose, no_grad

from govbot.embedding import TransformerEncoder, transformer
from govbot.embedding.adapter import (
    CONFIG_FILE,
    SHIPPED_ADAPTER,
    WEIGHTS_FILE,
    adapter_checksum,
    add_adapter,
    go_on_from,
    save_adapter,
)
from govbot.embedding.transformer import load_model
from govbot.errors import AdapterDamaged
from govbot.resources import resource
from tests.unit.model import shipped_encoder

pytestmark = pytest.mark.model

SHIPPED = resource(SHIPPED_ADAPTER)
TEXTS = ["Members declare their interests at each meeting.", "The café opens at nine."]
#: What ships may be no larger, in bytes.
MOST = 5_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped adapter."""
    for name in (WEIGHTS_FILE, CONFIG_FILE):
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


def test_merged_adapter_gives_the_vectors_that_the_library_gives() -> None:
    model = load_model()
    model.load_adapter(str(SHIPPED))
    theirs = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    ours = shipped_encoder().encode(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.998  # bfloat16
    untaught = load_model().encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert (ours[0] * untaught[0]).sum() < 0.95


def test_what_goes_on_from_an_adapter_is_that_adapter_until_it_learns(tmp_path: Path) -> None:
    model = load_model()
    add_adapter(model)
    go_on_from(model, SHIPPED)
    save_adapter(model, tmp_path)
    was, now = load_file(SHIPPED / WEIGHTS_FILE), load_file(tmp_path / WEIGHTS_FILE)
    assert was.keys() == now.keys() and any(bool(array.any()) for name, array in was.items() if "lora_B" in name)
    assert all(allclose(was[name].float(), now[name].float(), rtol=2e-3, atol=1e-7) for name in was)


def test_half_of_what_is_learnt_on_the_way_is_kept(tmp_path: Path) -> None:
    model = load_model()
    learning = add_adapter(model)
    go_on_from(model, SHIPPED)
    with no_grad():
        for weights in learning:
            weights += 0.01
    save_adapter(model, tmp_path / "all")
    save_adapter(model, tmp_path / "half", before=SHIPPED)
    was, whole, half = (load_file(one / WEIGHTS_FILE) for one in (SHIPPED, tmp_path / "all", tmp_path / "half"))
    assert not any(allclose(was[name].float(), whole[name].float(), rtol=0, atol=2e-3) for name in was)
    between = {name: (was[name].float() + whole[name].float()) / 2 for name in was}
    assert all(allclose(half[name].float(), between[name], rtol=2e-3, atol=1e-4) for name in was)


def test_plain_model_is_the_published_one() -> None:
    plain = TransformerEncoder(plain=True).encode(TEXTS)
    published = load_model().encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert (plain * published).sum(axis=1).min() > 0.998


def test_in_full_precision_a_text_has_one_vector_whatever_stands_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "has_fast_bfloat16", lambda: False)
    encoder = TransformerEncoder()
    texts = [
        f"The board met in {month} and agreed the plan{end}" for month in ("May", "June") for end in (".", " soon.")
    ]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(encoder.encode(texts) - alone).max() < 1e-6


def test_nothing_of_the_adapter_is_left_to_compute() -> None:
    names = {type(module).__name__ for module in shipped_encoder()._transformer.modules()}
    assert not any("Lora" in name for name in names)


def test_adapter_is_small() -> None:
    assert (SHIPPED / WEIGHTS_FILE).stat().st_size <= MOST


def test_models_are_named_by_what_they_were_taught(folder: Path) -> None:
    mark = adapter_checksum(SHIPPED)[:8]
    assert TransformerEncoder().name == TransformerEncoder(adapter=folder).name == f"all-MiniLM-L6-v2+{mark}"
    assert TransformerEncoder(plain=True).name == "all-MiniLM-L6-v2"
    assert TransformerEncoder("some-model").name == "some-model"
    (folder / WEIGHTS_FILE).write_bytes(b"other")
    assert TransformerEncoder(adapter=folder).name != TransformerEncoder().name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (WEIGHTS_FILE, b""),
        (WEIGHTS_FILE, b"no weights at all"),
        (CONFIG_FILE, b""),
        (CONFIG_FILE, b"{}"),
        (CONFIG_FILE, b'{"peft_type": "LORA", "r": 3, "target_modules": ["query", "key", "value", "dense"]}'),
    ],
    ids=["no weights", "other weights", "no settings", "empty settings", "another rank"],
)
def test_damaged_adapter_is_told(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(AdapterDamaged, match="govbot train --encoder"):
        TransformerEncoder(adapter=folder).load()


@pytest.mark.parametrize("name", [WEIGHTS_FILE, CONFIG_FILE])
def test_missing_part_of_an_adapter_is_told(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(AdapterDamaged):
        TransformerEncoder(adapter=folder).load()
    assert np.isfinite(shipped_encoder().encode(TEXTS)).all()

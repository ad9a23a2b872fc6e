from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from govbot.cli import console
from govbot.embedding import TransformerEncoder
from tests.scenario.command import DRAFT, Outcome, govbot

Write = Callable[[str, str | bytes], Path]


@pytest.fixture(scope="module", autouse=True)
def one_model() -> Iterator[None]:
    """Load each model once a file of tests, not once a command; a model that cannot be loaded still fails each time."""
    load = TransformerEncoder.__dict__["_transformer"].func
    loaded: dict[str, Remembering] = {}

    def remembered(encoder: TransformerEncoder) -> Remembering:
        # A name says what the model is and what it was taught.
        if encoder.name not in loaded:
            loaded[encoder.name] = Remembering(load(encoder))
        return loaded[encoder.name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransformerEncoder, "_transformer", property(remembered))
        TransformerEncoder().load()
        yield


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say nothing about progress, however slow the machine: a test that wants it sets its own time."""
    monkeypatch.setattr(console, "_QUIET_SECONDS", 3600.0)


class Remembering:
    """A model that encodes the same batch once."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 (whatever stands in a TransformerEncoder)
        self.get_embedding_dimension = model.get_embedding_dimension
        self.tokenizer, self.max_seq_length = model.tokenizer, model.max_seq_length
        self._encode = functools.cache(lambda texts, **options: model.encode(list(texts), **options))

    def encode(self, texts: list[str], **options: object) -> np.ndarray:
        return self._encode(tuple(texts), **options)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of this name and content."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture(scope="session")
def shown() -> Outcome:
    """The bundled draft, checked, as text."""
    return govbot("check", DRAFT)


@pytest.fixture(scope="session")
def checked() -> dict[str, Any]:
    """The bundled draft, checked, as JSON."""
    return govbot("check", DRAFT, "--format", "json").data


@pytest.fixture
def principles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of principles/ and prompts/ that the commands read in place of the shipped ones."""
    import govbot.resources

    root = Path(govbot.resources.__file__).parents[1]
    for name in ("principles", "prompts"):
        shutil.copytree(root / name, tmp_path / "root" / name)
    monkeypatch.setattr(govbot.resources, "_PACKAGE", tmp_path / "root" / "govbot")
    return tmp_path / "root" / "principles"

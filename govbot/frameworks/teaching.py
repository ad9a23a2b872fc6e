"""Everything that teaches a framework's matcher, and the fingerprint by which a matcher knows what it was taught."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from govbot.frameworks.background import background_examples, background_files, has_background
from govbot.frameworks.examples import EXAMPLES_FILE, NOTHING_FILE, Example, nothing_examples, own_examples
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from govbot.frameworks.schema import Framework

#: Fields of a criterion that the matcher learns from; the others can be mended without training again.
_TAUGHT = {"id", "title", "description", "counts", "phrases", "aliases", "stages"}


def teaching_examples(folder: Path, framework: Framework) -> tuple[Example, ...]:
    """Return everything that teaches the framework's heads: its own examples, then those of nothing under it."""
    return own_examples(folder, framework) + nothing_examples() + background_examples(framework)


def fingerprint(folder: Path, framework: Framework) -> str:
    """Return the SHA-256 of everything that the heads learn from: the criteria's words and the examples."""
    paths = [folder / EXAMPLES_FILE, resource(NOTHING_FILE)]
    if has_background(framework):
        paths += background_files()
    return _digest(framework, [path.read_bytes() if path.exists() else b"-" for path in paths])


def encoder_fingerprint(folder: Path, framework: Framework, *, without: Collection[str] = ()) -> str:
    """Return the SHA-256 of what the encoder learns from: the same without the background.

    `without` are batches of examples that it has not been taught yet.
    """
    return _digest(framework, [_read(path, without) for path in (folder / EXAMPLES_FILE, resource(NOTHING_FILE))])


def _digest(framework: Framework, contents: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for criterion in framework.criteria:
        digest.update(criterion.model_dump_json(include=_TAUGHT).encode())
    for content in contents:
        digest.update(content)
    return digest.hexdigest()


def _read(path: Path, without: Collection[str]) -> bytes:
    """Return a file of examples as it stands, lines of the batches `without` left out."""
    if not path.exists():
        return b"-"
    content = path.read_bytes()
    if not without:
        return content
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if json.loads(line).get("batch") not in without)

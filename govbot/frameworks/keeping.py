"""Frameworks of a user's own, written to their folder: older versions stay beside the newest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from govbot.errors import FrameworkShipped, NoFrameworksFolder, VersionTaken
from govbot.frameworks.examples import EXAMPLES_FILE
from govbot.frameworks.loading import FRAMEWORK_FILE, VERSION_SIGN, framework_ids, read_framework

if TYPE_CHECKING:
    from govbot.frameworks.workbook import Imported

_QUESTIONS_FILE = "questions.yaml"
_WIDTH = 112


def keep_framework(imported: Imported, private: Path | None) -> Path:
    """Write a framework to its folder in `private` and return the folder; an older version is kept beside it.

    Importing the same again changes nothing. Raises NoFrameworksFolder, FrameworkShipped or VersionTaken.
    """
    framework = imported.framework
    if private is None:
        raise NoFrameworksFolder(path="")
    if framework.id in framework_ids():
        raise FrameworkShipped(id=framework.id)
    try:
        private.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=private, prefix=".") as work:
            # A folder inside the temporary one has the rights that the user's settings give.
            made = Path(work) / framework.id
            made.mkdir()
            _write(imported, made)
            return _place(framework.id, framework.version, made, private)
    except OSError as exc:
        raise NoFrameworksFolder(path=str(private)) from exc


def _place(framework_id: str, version: str, made: Path, private: Path) -> Path:
    """Move what was made to where it belongs: the newest version under the plain id, the others beside it."""
    folder = private / framework_id
    current = read_framework(folder).version if folder.exists() else None
    aside = private / f"{framework_id}{VERSION_SIGN}{version}"
    there = folder if current == version else aside
    if there.exists():
        if not _is_same(made, there):
            raise VersionTaken(id=framework_id, version=version)
        return there
    if current is not None and _numbers(version) < _numbers(current):
        return made.rename(aside)
    if current is not None:
        old = folder.rename(private / f"{framework_id}{VERSION_SIGN}{current}")
        try:
            return made.rename(folder)
        except OSError:
            old.rename(folder)
            raise
    return made.rename(folder)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _is_same(made: Path, folder: Path) -> bool:
    names = (FRAMEWORK_FILE, EXAMPLES_FILE, _QUESTIONS_FILE)
    return all(_bytes(made / name) == _bytes(folder / name) for name in names)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _write(imported: Imported, folder: Path) -> None:
    framework = imported.framework
    _dump(framework.model_dump(mode="json", by_alias=True, exclude_defaults=True), folder / FRAMEWORK_FILE)
    if imported.examples:
        lines = (example.model_dump_json(exclude_defaults=True) for example in imported.examples)
        (folder / EXAMPLES_FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if imported.questions:
        about = {"schema": "govbot.questions/1", "framework": framework.id}
        questions = {name: dict(stages) for name, stages in imported.questions.items()}
        _dump({**about, "questions": questions}, folder / _QUESTIONS_FILE)


def _dump(content: dict[str, Any], path: Path) -> None:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=_WIDTH)
    path.write_text(text, encoding="utf-8")

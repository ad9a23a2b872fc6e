"""YAML files read into strict models, with every fault told by file, line and path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from govbot.errors import InvalidFramework
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
Step = int | str
#: Where a principle without `criteria` keeps its only criterion, once loaded.
_LEAF_STEPS: tuple[Step, ...] = ("criteria", 0)
#: libyaml's parser, an order of magnitude faster, where the wheel has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_model(path: Path, model: type[Model]) -> Model:
    """Return the YAML file at `path` as a `model`; raise InvalidFramework listing every fault with its place."""
    root, value = _parse(path)
    faults = _duplicate_keys(root, path)
    try:
        loaded = model.model_validate(value)
    except ValidationError as exc:
        errors = exc.errors()
        faults += [
            _fault(path, root, _as_written(root, error["loc"]), error["msg"])
            for error in errors
            if not _is_echo(error, errors)
        ]
    if faults:
        # What a leaf principle shares with its criterion is at fault in both, and stands there once.
        raise InvalidFramework(path=str(path), faults=list(dict.fromkeys(faults)))
    return loaded


def located(path: Path, steps: Sequence[Step], message: str) -> str:
    """Return `message` with the file, line and path that `steps` lead to, for faults that a schema cannot see."""
    return _fault(path, _parse(path)[0], tuple(steps), message)


def _parse(path: Path) -> tuple[yaml.Node, Any]:
    """Return the file's nodes, which know their lines, and its value."""
    try:
        text = path.read_text(encoding="utf-8")
        root: yaml.Node = yaml.compose(text, Loader=_LOADER) or yaml.ScalarNode("", "")
        value = yaml.load(text, Loader=_LOADER)
        # Walked once here, because nodes that stand within themselves have no end.
        _duplicate_keys(root, path)
    except OSError as exc:
        raise InvalidFramework(path=str(path), faults=[say("faults", "no_file", file=path.name)]) from exc
    except UnicodeDecodeError as exc:
        raise InvalidFramework(path=str(path), faults=[say("faults", "not_utf8", file=path.name)]) from exc
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as exc:
        raise InvalidFramework(path=str(path), faults=[_syntax_fault(path, exc)]) from exc
    if not isinstance(root, yaml.MappingNode):
        raise InvalidFramework(path=str(path), faults=[say("faults", "not_a_mapping", file=path.name)])
    return root, value


def _syntax_fault(path: Path, exc: Exception) -> str:
    mark = getattr(exc, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(exc, "problem", None) or say("faults", "not_yaml")
    return say("faults", "syntax", file=path.name, line=line, problem=problem)


def _is_echo(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Return whether a list is too short only because its items at fault, which are told, do not count."""
    if error["type"] != "too_short":
        return False
    place = error["loc"]
    below = {other["loc"][len(place)] for other in errors if other["loc"][: len(place)] == place != other["loc"]}
    return bool(error["ctx"]["actual_length"] + len(below) >= error["ctx"]["min_length"])


def _as_written(root: yaml.Node, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return `steps` without those to the criterion that a leaf principle was given."""
    node: yaml.Node | None = root
    for place, step in enumerate(steps):
        found = _child(node, step) if node else None
        if found is None and steps[place : place + len(_LEAF_STEPS)] == _LEAF_STEPS:
            return (*steps[:place], *steps[place + len(_LEAF_STEPS) :])
        node = found[0] if found else None
    return steps


def _fault(path: Path, root: yaml.Node, steps: tuple[Step, ...], message: str) -> str:
    return say("faults", "located", file=path.name, line=_line(root, steps), path=_dotted(root, steps), message=message)


def _line(node: yaml.Node, steps: tuple[Step, ...]) -> int:
    """Return the 1-based line of the deepest node that `steps` reach."""
    line = node.start_mark.line + 1
    for step in steps:
        found = _child(node, step)
        if found is None:
            break
        node, line = found
    return line


def _child(node: yaml.Node, step: Step) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value, value.start_mark.line + 1
    return None


def _dotted(node: yaml.Node, steps: tuple[Step, ...]) -> str:
    """Return `steps` as a person would write them, list items by their id where they have one."""
    words: list[str] = []
    for step in steps:
        found = _child(node, step)
        node = found[0] if found else node
        identity = _identity(node) if isinstance(step, int) and found else None
        words.append(identity or (str(step + 1) if isinstance(step, int) else step))
    return ".".join(words)


def _identity(node: yaml.Node) -> str | None:
    found = _child(node, "id")
    return str(found[0].value) if found else None


def _duplicate_keys(node: yaml.Node, path: Path) -> list[str]:
    """Return a fault for every key that stands twice in one mapping: YAML would silently keep the last."""
    faults: list[str] = []
    children: list[Any] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                message = say("faults", "duplicate_key")
                faults.append(say("faults", "located", file=path.name, line=line, path=str(key.value), message=message))
            seen.add(key.value)
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    for child in children:
        faults += _duplicate_keys(child, path)
    return faults

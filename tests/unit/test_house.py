"""The house's rules: which room may import which, who may print, and that every sentence is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml
from jinja2 import Environment, meta
from typer.main import get_command

from govbot import errors
from govbot.cli.main import app
from govbot.resources import resource
from govbot.slack.office import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(errors.__file__).parent
#: From the ground up; two rooms on one line are of one floor. A room imports itself and rooms of lower floors.
FLOORS = [
    *("records", "resources", "words", "errors", "config lines logs", "frameworks", "reading", "passages", "embedding"),
    *("matching", "assessing", "asking", "rendering", "store", "jobs", "training pipeline"),
    *("evaluation enquiry", "archive", "clerk", "slack", "testing", "cli"),
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
SOURCES = sorted(HOUSE.rglob("*.py"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Give every import as (line, dotted name), those for type checking and inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: 1 - node.level or None]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def _climbing(source: str, path: Path) -> list[str]:
    """Return every import of `source`, as if it stood at `path`, that runs up the house or across its floor."""
    room = _room(path)
    package = ".".join(path.relative_to(HOUSE.parent).parent.parts)
    found = []
    for line, name in _imports(ast.parse(source), package):
        top, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if top == "govbot" and other not in (room, "__version__") and FLOOR.get(other, 99) >= FLOOR[room]:
            found.append(f"{path.relative_to(HOUSE.parent)}:{line} imports {name}")
    return found


def test_every_module_stands_in_a_room() -> None:
    assert {_room(path) for path in SOURCES} - {"__init__"} <= set(FLOOR)


@pytest.mark.parametrize("path", [path for path in SOURCES if _room(path) != "__init__"], ids=lambda path: str(path))
def test_imports_run_down_the_house(path: Path) -> None:
    assert _climbing(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize(
    "source",
    [
        "import govbot.pipeline",
        "from govbot import pipeline",
        "from govbot.asking.bank import load_bank",
        "def f():\n    from govbot.rendering import x",
        "if TYPE_CHECKING:\n    from govbot.cli.main import run",
        "from ..assessing import cover",
        "from .. import assessing",
        "from govbot.attic import x",
    ],
)
def test_import_that_climbs_is_seen(source: str) -> None:
    assert len(_climbing(source, HOUSE / "matching" / "heads.py")) == 1


@pytest.mark.parametrize("source", ["from .cues import x", "from govbot.records import Match", "import numpy"])
def test_import_that_does_not_climb_is_not(source: str) -> None:
    assert _climbing(source, HOUSE / "matching" / "heads.py") == []


def test_nothing_below_the_command_line_prints_or_exits() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in SOURCES
        if _room(path) != "cli"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "exit", "quit", "sys.exit", "sys.stdout.write", "sys.stderr.write"}
    ]
    assert found == []


# Errors and their sentences


def _classes(base: type[errors.GovbotError] = errors.GovbotError) -> list[type[errors.GovbotError]]:
    return [base, *(found for child in base.__subclasses__() for found in _classes(child))]


CLASSES = [found for found in _classes() if found.__module__ == errors.__name__]
LEAVES = [found for found in CLASSES if not found.__subclasses__()]


def _slots(error: type[errors.GovbotError]) -> list[str]:
    """Return the slots that the nearest docstring of the tree names."""
    for found in error.__mro__:
        named = re.search(r"Slots: ([^.]+)\.", re.sub(r"\([^)]*\)", "", found.__doc__ or ""))
        if named:
            return [name.strip() for name in named[1].split(",")]
    return []


def test_the_tree_that_is_drawn_is_the_tree_there_is() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"([│├└─ ]*)(\w+)", line)
        if found:
            drawn.append((len(found[1]) // 4, found[2]))
    depth = len(errors.GovbotError.__mro__)
    assert sorted(drawn) == sorted((len(error.__mro__) - depth, error.__name__) for error in CLASSES)
    for (level, name), (before, parent) in zip(drawn[1:], drawn, strict=False):
        if level == before + 1:
            assert getattr(errors, name).__base__.__name__ == parent


def test_sentences_and_error_classes_are_the_same() -> None:
    sheet = yaml.safe_load(resource("prompts/errors.yaml").read_text(encoding="utf-8"))
    assert set(sheet) == {error.__name__ for error in LEAVES}


@pytest.mark.parametrize("error", LEAVES)
def test_error_needs_no_slot_but_those_of_its_docstring(error: type[errors.GovbotError]) -> None:
    values = {name: ["<a>", "<b>"] if name in ("faults", "known") else f"<{name}>" for name in _slots(error)}
    told = str(error(**values))
    assert len(told) > 40
    assert "{" not in told
    assert all(item in told for value in values.values() if isinstance(value, list) for item in value)


@pytest.mark.parametrize("error", LEAVES)
def test_nobody_in_slack_is_told_of_the_command_line(error: type[errors.GovbotError]) -> None:
    values = {name: ["<a>", "<b>"] if name in ("faults", "known") else f"<{name}>" for name in _slots(error)}
    told = reason(error.__name__, values)
    assert len(told) > 20
    commands = "|".join(getattr(get_command(app), "commands"))  # noqa: B009 (a group's, not every command's)
    assert re.findall(rf"GOVBOT_|--[a-z]|govbot (?:{commands})\b", told) == []


def test_errors_are_raised_with_the_slots_of_their_docstrings() -> None:
    named = {error.__name__: set(_slots(error)) for error in LEAVES}
    calls = [
        (f"{path}:{node.lineno}", node.func.id, {keyword.arg for keyword in node.keywords})
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named
    ]
    assert len(calls) > 20
    assert [call for call in calls if call[2] != named[call[1]]] == []


# say(): every key and slot is there


class Said(NamedTuple):
    """A call of say(): the literal start of its key, whether that is all of it, and its slots."""

    where: str
    sheet: str
    key: str
    is_whole: bool
    #: None where the call passes on slots that cannot be seen.
    slots: frozenset[str] | None


def _calls() -> Iterator[Said]:
    for path in SOURCES:
        tree = _tree(path)
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _WRAPPERS):
                continue
            sheet = _WRAPPERS[node.func.id]
            arguments = list(node.args)
            if sheet is None:
                first = arguments.pop(0)
                sheet = constants.get(first.id) if isinstance(first, ast.Name) else ast.literal_eval(first)
            named = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            slots = None if any(keyword.arg is None for keyword in node.keywords) else named
            for key, is_whole in _keys(arguments[0]):
                yield Said(f"{path.relative_to(HOUSE)}:{node.lineno}", str(sheet), key, is_whole, slots)


#: Functions that say things: the sheet they say them from, None where it is their first argument.
_WRAPPERS: dict[str, str | None] = {"say": None, "words": "help"}


def _keys(node: ast.expr) -> list[tuple[str, bool]]:
    """Return the keys that an expression can be, as far as they are literal."""
    if isinstance(node, ast.Constant):
        return [(str(node.value), True)]
    if isinstance(node, ast.IfExp):
        return _keys(node.body) + _keys(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return [(str(node.values[0].value).rpartition(".")[0], False)]
    return []


def _stands(sheet: str, key: str) -> object:
    found = yaml.safe_load(resource(f"prompts/{sheet}.yaml").read_text(encoding="utf-8"))
    for step in key.split(".") if key else []:
        found = found[step]
    return found


CALLS = sorted(set(_calls()), key=str)


def test_calls_of_say_are_seen() -> None:
    assert len(CALLS) > 60


@pytest.mark.parametrize(
    "said",
    CALLS,
    ids=lambda said: f"{said.where} {said.sheet} {said.key}",
)
def test_what_the_code_says_stands_in_prompts(said: Said) -> None:
    sentence = _stands(said.sheet, said.key)
    assert isinstance(sentence, str if said.is_whole else dict)
    if said.is_whole and said.slots is not None:
        wanted = meta.find_undeclared_variables(Environment().parse(sentence))  # noqa: S701 (nothing is rendered)
        assert wanted == said.slots


@pytest.mark.parametrize("path", sorted(resource("prompts").rglob("*.j2")), ids=lambda path: path.name)
def test_what_a_template_says_stands_in_prompts(path: Path) -> None:
    keys = re.findall(r"""\bsay\(\s*["']([\w.]+)["']""", path.read_text(encoding="utf-8"))
    assert all(isinstance(_stands("replies/check", key), str) for key in keys)

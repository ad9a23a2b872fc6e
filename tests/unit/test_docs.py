from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from jinja2 import Environment, StrictUndefined
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import SecretStr
from typer.core import TyperCommand, TyperGroup

from govbot.asking.bank import load_bank
from govbot.cli.main import app, run
from govbot.cli.options import FailOn, Format
from govbot.config import Settings
from govbot.frameworks import framework_folder, framework_ids, load_examples, load_framework
from govbot.frameworks.examples import EXAMPLES_FILE
from govbot.frameworks.schema import MIN_PHRASES, Criterion
from govbot.words import say

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROMPTS = sorted((ROOT / "prompts").rglob("*.*"))
JINJA = Environment(undefined=StrictUndefined, autoescape=False)


def walk(command: TyperCommand | TyperGroup, name: str = "") -> Iterator[tuple[str, Any]]:
    yield name, command
    for child, below in getattr(command, "commands", {}).items():
        yield from walk(below, f"{name} {child}".strip())


def section(title: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no heading {title!r}"
    return found[1]


def examples() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def arguments_of(example: str) -> list[str]:
    """Return a command line's arguments, without govbot itself and what the shell does."""
    words = shlex.split(example)
    end = next((place for place, word in enumerate(words) if word in {"<", ">", "|"}), len(words))
    assert words[0] == "govbot"
    return words[1:end]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


COMMANDS = dict(walk(typer.main.get_command(app)))
#: `frameworks import` trains what it takes in, and a finished check is read with the matcher of the other framework.
NEED_NO_MODEL = [
    example
    for example in examples()
    if "frameworks" in (given := arguments_of(example)) and {"import", "--assessment"}.isdisjoint(given)
]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_every_command_stands_in_the_readme_with_an_example(name: str) -> None:
    assert COMMANDS[name].help.rstrip(".") in section(name)
    assert any(example.startswith(f"govbot {name} ") or example == f"govbot {name}" for example in examples())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_in_its_command_s_section(name: str) -> None:
    text = section(name or "Commands")
    options = [item for item in COMMANDS[name].params if item.param_type_name == "option" and "--help" not in item.opts]
    missing = [opt for option in options for opt in option.opts if not re.search(rf"`[^`]*{opt}\b", text)]
    assert missing == []


@pytest.mark.parametrize("choices", [Format, FailOn])
def test_every_choice_stands_in_the_readme(choices: type[StrEnum]) -> None:
    told = section("check").replace("\\|", "|")
    assert "|".join(choices) in told


def test_no_section_names_an_option_that_is_not_there() -> None:
    for name, command in COMMANDS.items():
        known = {opt for item in command.params for opt in item.opts} | {"--help"}
        listed = re.findall(r"^\| `(--[a-z-]+)", section(name or "Commands"), re.MULTILINE)
        assert set(listed) <= known, name


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_and_in_the_help(name: str) -> None:
    row = re.search(rf"^\| `GOVBOT_{name.upper()}` \| (.*?) \|", section("Settings"), re.MULTILINE)
    assert row, f"GOVBOT_{name.upper()} is not in README.md's table"
    default = Settings.model_fields[name].default
    assert not isinstance(default, int) or row[1] == str(default)
    assert f"GOVBOT_{name.upper()}" in say("help", "environment")


def test_no_setting_is_told_of_that_is_not_there() -> None:
    known = {f"GOVBOT_{name.upper()}" for name in Settings.model_fields}
    in_files = {
        f"GOVBOT_{name.upper()}_FILE" for name, field in Settings.model_fields.items() if field.annotation is SecretStr
    }
    told = set(re.findall(r"GOVBOT_[A-Z_]+", README + say("help", "environment")))
    assert known <= told <= known | in_files


@pytest.mark.parametrize("example", examples())
def test_examples_of_the_readme_are_accepted(example: str) -> None:
    command = typer.main.get_command(app)
    for _, below in walk(command):
        below.callback = lambda **_: None
    arguments = arguments_of(example)
    command.main(arguments, prog_name="govbot", standalone_mode=False)
    paths = [word for word in arguments if word.startswith(("tests/", "principles/"))]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("example", NEED_NO_MODEL)
def test_examples_of_the_readme_that_need_no_model_run(
    example: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path if "--out" in example else ROOT)
    with pytest.raises(SystemExit) as ended:
        run(arguments_of(example))
    told = capsys.readouterr()
    assert (ended.value.code, told.err) == (0, "")
    assert told.out


@pytest.mark.model
def test_the_reply_in_the_readme_is_what_the_demo_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.search(r"<!-- demo -->\n```text\n(.*?)\n```", README, re.DOTALL)
    assert shown
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit):
        run(["check", "tests/drafts/ennerdown-library-strategy.docx"])
    reply = {line.rstrip() for line in capsys.readouterr().out.splitlines()}
    lines = [line for line in shown[1].splitlines() if line != "…"]
    # Another kind of processor rounds otherwise, and a quote at the edge of a threshold may come or go.
    assert sum(line in reply for line in lines) >= 0.8 * len(lines), "copy the demo's reply into README.md again"


@pytest.mark.parametrize("name", framework_ids())
def test_every_framework_loads_with_its_questions_and_examples(name: str) -> None:
    framework = load_framework(name)
    assert load_bank(framework).questions.keys() == set(framework.criterion_ids)
    assert load_examples(framework_folder(name) / EXAMPLES_FILE, framework)
    row = re.search(rf"^\| `{name}` \| (.*?) \| (\d+)", section("frameworks list"), re.MULTILINE)
    assert row
    assert row[1].startswith(framework.title)
    assert int(row[2]) == len(framework.criteria)


def test_every_folder_of_principles_and_every_question_bank_is_a_framework_s() -> None:
    folders = {path.name for path in (ROOT / "principles").iterdir() if path.is_dir()}
    banks = {path.stem for path in (ROOT / "prompts" / "questions").glob("*.yaml")}
    assert folders - {"encoder"} == banks == set(framework_ids())


@pytest.mark.parametrize("path", [path for path in PROMPTS if path.suffix == ".yaml"], ids=lambda path: path.name)
def test_no_key_of_a_prompt_stands_twice(path: Path) -> None:
    def keys(node: yaml.Node) -> Iterator[list[str]]:
        if isinstance(node, yaml.MappingNode):
            yield [key.value for key, _ in node.value]
            for _, value in node.value:
                yield from keys(value)

    found = list(keys(yaml.compose(path.read_text(encoding="utf-8"))))
    assert [names for names in found if len(set(names)) < len(names)] == []


@pytest.mark.parametrize("path", PROMPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_prompt_parses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sentences = [text] if path.suffix == ".j2" else list(strings(yaml.safe_load(text)))
    assert path.suffix in {".j2", ".yaml"}
    assert sentences
    for sentence in sentences:
        JINJA.parse(sentence)


def test_the_criterion_in_the_readme_is_a_criterion() -> None:
    block = re.search(r"^```yaml\n(.*?)^```", section("Frameworks as data"), re.MULTILINE | re.DOTALL)
    assert block
    (given,) = yaml.safe_load(block[1])
    assert Criterion.model_validate({**given, "phrases": given["phrases"] * MIN_PHRASES}).id == "F1"


def test_every_target_of_make_that_is_told_of_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    told = set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE))
    assert "demo" in told
    assert told <= targets


def test_every_room_stands_in_the_layout() -> None:
    rooms = {path.name for path in (ROOT / "govbot").iterdir() if (path / "__init__.py").exists()}
    rooms |= {path.name for path in (ROOT / "govbot").glob("[!_]*.py")}
    assert [room for room in sorted(rooms) if room not in section("Layout")] == []


def test_the_lock_pins_every_dependency() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    wanted += project["build-system"]["requires"]
    assert lines[0].startswith("torch==")
    for requirement in map(Requirement, wanted):
        assert versions.get(canonicalize_name(requirement.name), "") in requirement.specifier, requirement.name

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import govbot.testing
from govbot.resources import resource

PAGE = Path(govbot.testing.__file__).parent / "page"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.js"))}
INDEX = (PAGE / "index.html").read_text(encoding="utf-8")
WORDS: dict[str, Any] = yaml.safe_load(resource("prompts/page.yaml").read_text(encoding="utf-8"))


def keys(words: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        name = f"{above}.{key}".lstrip(".")
        if isinstance(value, dict):
            yield from keys(value, name)
        else:
            yield name, value


KEYS = dict(keys(WORDS))
#: Calls of word() in the scripts: the key, which may end in a slot, and the names of its slots.
CALLS = [
    (script, found[1] or found[2], set(re.findall(r"(\w+)(?=[,:} ])", found[3] or "")))
    for script, source in SCRIPTS.items()
    for found in re.finditer(r"""\bword\(\s*(?:"([\w.]+)"|`([\w.]+)\$\{[^`]+`)(?:,\s*\{([^}]*)\})?""", source)
]


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_is_never_read_as_a_page(name: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|\beval\(|new Function|DOMParser|javascript:"
    )
    assert re.findall(forbidden, SCRIPTS[name]) == []


def test_the_page_holds_no_script_style_or_word_of_its_own() -> None:
    assert re.findall(r"<style|\son\w+=|\sstyle=|<script(?![^>]*\bsrc=)", INDEX) == []
    assert re.findall(r"""(?:src|href)="(?!page/|#)[^"]*""", INDEX) == []
    assert {text.strip() for text in re.findall(r">([^<]+)<", INDEX)} - {""} == {"govbot"}
    assert re.findall(r"""\s(?:aria-label|alt|title|placeholder)="[^"]+""", INDEX) == []


def test_every_part_of_the_page_is_there_and_used() -> None:
    named = set(re.findall(r"""page/([\w.]+)""", INDEX + "".join(SCRIPTS.values())))
    named |= {name for source in SCRIPTS.values() for name in re.findall(r"""from "\./([\w.]+)\"""", source)}
    assert named | {"index.html"} == {path.name for path in PAGE.iterdir()}


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = {key for _, key, _ in CALLS} | set(re.findall(r"""data-(?:word|label)="([\w.]+)\"""", INDEX))
    assert len(asked) > 60
    assert [key for key in asked if key not in KEYS and not any(known.startswith(key) for known in KEYS)] == []


def test_every_word_is_asked_for() -> None:
    sources = INDEX + "".join(SCRIPTS.values())
    starts = {key for _, key, _ in CALLS if key.endswith(".")}
    unused = [key for key in KEYS if f'"{key}"' not in sources and not any(key.startswith(start) for start in starts)]
    assert unused == []


def test_slots_of_words_are_filled() -> None:
    calls = [(script, key, slots) for script, key, slots in CALLS if key in KEYS]
    wrong = [(script, key) for script, key, slots in calls if not set(re.findall(r"{{ (\w+) }}", KEYS[key])) <= slots]
    assert wrong == []

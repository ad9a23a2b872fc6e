"""Every sentence of prompts/replies/slack.yaml is said somewhere, and in plain words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from govbot.rendering import slack
from govbot.resources import resource

SOURCES = sorted(Path(slack.__file__).parent.glob("*.py"))


def leaves(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield from leaves(held, f"{key}.{name}" if key else str(name))
    else:
        yield key, str(value)


SENTENCES = dict(leaves(yaml.safe_load(resource("prompts/replies/slack.yaml").read_text(encoding="utf-8"))))


def patterns() -> Iterator[str]:
    """Yield an expression for every string of the code, what is filled in standing for any part of a key."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)


SAID = re.compile("|".join(sorted(set(patterns()))))


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_said(key: str) -> None:
    assert SAID.fullmatch(key)


@pytest.mark.parametrize("key", SENTENCES)
def test_no_sentence_has_jargon(key: str) -> None:
    jargon = "score|percent|%|similarity|corpus|embedding|vector|assessment|coverage|threshold|matcher"
    without_code = re.sub(r"{[{%].*?[}%]}", "", SENTENCES[key])
    assert not re.search(jargon, without_code, re.IGNORECASE)

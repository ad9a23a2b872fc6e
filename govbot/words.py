"""The sentences that people read, out of prompts/."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import yaml
from jinja2 import Environment, StrictUndefined, Template

from govbot.resources import resource

# Plain text only: nothing is rendered into HTML from these templates, so nothing is escaped.
_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


@cache
def _sheet(name: str) -> dict[str, Any]:
    text = resource(f"prompts/{name}.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


@cache
def _template(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def fill(source: str, /, **slots: object) -> str:
    """Return the sentence `source` with its {{ slots }} filled; raise UndefinedError for a missing one."""
    return _template(source).render(**slots)


def say(sheet: str, key: str, /, **slots: object) -> str:
    """Return the sentence that stands under the dotted `key` in prompts/<sheet>.yaml, slots filled.

    Raises KeyError for a key that is not there: a fault of the program, never of the user.
    """
    found: Any = _sheet(sheet)
    for step in key.split("."):
        found = found[step]
    return fill(str(found).strip(), **slots)

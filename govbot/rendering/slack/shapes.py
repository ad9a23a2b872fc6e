"""What JSON may look like: small checks that are put together, each yielding "PATH: what is wrong".

Paths are JSON pointers, as Slack names them in response_metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: What checks a value that stands at a path, and yields its faults.
Check = Callable[[Any, str], Iterator[str]]


def string(most: int, *, least: int = 1) -> Check:
    """Return a check of a string of so many characters."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: must be a string"
        elif len(value) > most:
            yield f"{path}: must be less than {most + 1} characters"
        elif len(value) < least:
            yield f"{path}: must be more than {least - 1} characters"

    return check


def boolean(value: object, path: str) -> Iterator[str]:
    """Yield a fault where the value is not true or false."""
    if not isinstance(value, bool):
        yield f"{path}: must be a boolean"


def number(least: float = float("-inf"), most: float = float("inf"), *, whole: bool = True) -> Check:
    """Return a check of a number from `least` to `most`."""

    def check(value: object, path: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield f"{path}: must be {'an integer' if whole else 'a number'}"
        elif not least <= value <= most:
            yield f"{path}: must be from {least} to {most}"

    return check


def among(*allowed: object) -> Check:
    """Return a check of a value that is one of a few."""

    def check(value: object, path: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{path}: must be one of {', '.join(map(str, allowed))}"

    return check


def listed(item: Check, most: int, *, least: int = 1) -> Check:
    """Return a check of a list of so many items."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: must be an array"
            return
        if len(value) > most:
            yield f"{path}: no more than {most} items allowed"
        if len(value) < least:
            yield f"{path}: no fewer than {least} items allowed"
        for index, one in enumerate(value):
            yield from item(one, f"{path}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Return a check of an object that has the required keys, perhaps the optional ones, and no other."""
    known = {**required, **(optional or {})}

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: must be an object"
            return
        for key in required:
            if key not in value:
                yield f"{path}/{key}: missing required field"
        for key, held in value.items():
            if key in known:
                yield from known[key](held, f"{path}/{key}")
            else:
                yield f"{path}/{key}: invalid additional property"

    return check


def by_type(shapes: Mapping[str, Check]) -> Check:
    """Return a check of an object whose "type" says which of the shapes it has."""

    def check(value: object, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in shapes:
            yield from shapes[kind](value, path)
        elif isinstance(value, dict):
            yield f"{path}/type: unsupported type: {kind}"
        else:
            yield f"{path}: must be an object"

    return check


def both(*checks: Check) -> Check:
    """Return a check that asks several."""

    def check(value: object, path: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, path)

    return check


def anything(_value: object, _path: str) -> Iterator[str]:
    """Yield nothing."""
    return iter(())

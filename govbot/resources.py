"""Where principles/ and prompts/ lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the folder or file `name` ("principles", "prompts/errors.yaml") that ships with govbot."""
    packed = _PACKAGE / "data" / name
    return packed if packed.exists() else _PACKAGE.parent / name

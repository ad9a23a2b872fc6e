"""A name for what lxml hands out, which has no types of its own."""

from __future__ import annotations

from typing import Any, TypeAlias

#: An element of lxml's.
Element: TypeAlias = Any

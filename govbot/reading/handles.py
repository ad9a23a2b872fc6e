"""Names for what pdfium and lxml hand out, which have no types of their own."""

from __future__ import annotations

from typing import Any, TypeAlias

#: A pointer to something of pdfium's.
Handle: TypeAlias = Any
#: An element of lxml's.
Element: TypeAlias = Any

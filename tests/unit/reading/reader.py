"""The type of the fixture `read`."""

from __future__ import annotations

from collections.abc import Callable

from govbot.records import Document

#: Reads a file of this name and content.
Read = Callable[[str, bytes], Document]

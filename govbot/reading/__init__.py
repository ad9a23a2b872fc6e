"""Files in, documents out: a guard, a sandboxed subprocess, one module a format."""

from __future__ import annotations

from govbot.reading.converting import try_converting
from govbot.reading.guard import READ_EXTENSIONS
from govbot.reading.process import Limits
from govbot.reading.sandbox import read_document, read_text

__all__ = ["READ_EXTENSIONS", "Limits", "read_document", "read_text", "try_converting"]

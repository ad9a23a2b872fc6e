"""Files in, documents out: a guard, a sandboxed subprocess, one module a format."""

from __future__ import annotations

from govbot.reading.guard import READ_EXTENSIONS
from govbot.reading.ocr import Ocr, find_recogniser
from govbot.reading.sandbox import Limits, read_document, read_text

__all__ = ["READ_EXTENSIONS", "Limits", "Ocr", "find_recogniser", "read_document", "read_text"]

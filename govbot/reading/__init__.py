"""Files in, documents out: a guard, a sandboxed subprocess, one module a format."""

from __future__ import annotations

from govbot.reading.containers import LeftOut, read_document, read_documents
from govbot.reading.converting import try_converting
from govbot.reading.enclosures import own_name, path_inside
from govbot.reading.guard import READ_EXTENSIONS
from govbot.reading.ocr import Ocr, find_recogniser
from govbot.reading.process import Limits
from govbot.reading.sandbox import read_text

__all__ = [
    "READ_EXTENSIONS",
    "LeftOut",
    "Limits",
    "Ocr",
    "find_recogniser",
    "own_name",
    "path_inside",
    "read_document",
    "read_documents",
    "read_text",
    "try_converting",
]

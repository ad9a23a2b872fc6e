"""Files in, documents out: a guard, a sandboxed subprocess, one module a format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govbot.reading.containers import LeftOut, read_document, read_documents
    from govbot.reading.converting import try_converting
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
    "read_document",
    "read_documents",
    "read_text",
    "try_converting",
]

#: The module of each name. It is imported when the name is asked for: the subprocess that reads one file asks for
#: none, and all of them took half of the time of its start.
_HOMES = {
    "READ_EXTENSIONS": "guard",
    "LeftOut": "containers",
    "Limits": "process",
    "Ocr": "ocr",
    "find_recogniser": "ocr",
    "read_document": "containers",
    "read_documents": "containers",
    "read_text": "sandbox",
    "try_converting": "converting",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

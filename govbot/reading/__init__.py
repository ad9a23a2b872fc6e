"""Files in, documents out: a guard, a sandboxed subprocess, one module a format; archives and e-mails hold several."""

from __future__ import annotations

from govbot.reading.containers import LeftOut, read_document, read_documents
from govbot.reading.guard import READ_EXTENSIONS
from govbot.reading.sandbox import Limits, read_text

__all__ = ["READ_EXTENSIONS", "LeftOut", "Limits", "read_document", "read_documents", "read_text"]

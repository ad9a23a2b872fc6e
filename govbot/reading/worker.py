"""The subprocess that reads one file: `python -m govbot.reading.worker PATH MEMORY_MB CPU_SECONDS FORMAT NAME`.

What was recognised of scans comes as JSON on standard input: page -> lines.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from govbot.errors import DocumentError, ReadingTooLong
from govbot.reading.codec import dump_error, dump_lines
from govbot.reading.confining import confine
from govbot.reading.copying import has_cores

if TYPE_CHECKING:
    from govbot.reading.flow import Reading


def main(arguments: list[str]) -> None:
    """Print the document, or the name of the error that it raised, as lines of JSON."""
    path, memory_mb, seconds, format_, name = arguments
    confine(int(memory_mb), int(seconds), file_mb=0)
    gc.disable()
    try:
        with open(path, "rb") as file:
            data = file.read()
        scans = {int(page): scan for page, scan in json.loads(sys.stdin.buffer.read() or b"{}").items()}
        reading = _read(data, format_, scans)
        reply = dump_lines(reading.document(name=name, sha256=hashlib.sha256(data).hexdigest()))
    except DocumentError as exc:
        reply = dump_error(type(exc).__name__)
    except MemoryError:
        reply = dump_error(ReadingTooLong.__name__)
    hand_out(reply)
    # Nothing is left to do: skip the destructors of a parser that may have been fed rubbish.
    os._exit(0)


def hand_out(data: bytes) -> None:
    """Print the data on standard output."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest) :]


def _read(data: bytes, format_: str, scans: dict[int, Any]) -> Reading:
    """Return the reading of `data`, importing only the parser of its format."""
    if format_ == "pdf":
        from govbot.reading.pdf import read_pdf

        return read_pdf(data, scans, in_two=has_cores())
    if format_ == "docx":
        from govbot.reading.docx import read_docx

        return read_docx(data)
    if format_ == "odt":
        from govbot.reading.odt import read_odt

        return read_odt(data)
    if format_ == "pptx":
        from govbot.reading.pptx import read_pptx

        return read_pptx(data)
    if format_ == "html":
        from govbot.reading.html import read_html

        return read_html(data)
    if format_ == "xlsx":
        from govbot.reading.sheets import read_xlsx

        return read_xlsx(data)
    return _read_written(data, format_)


def _read_written(data: bytes, format_: str) -> Reading:
    """Return the reading of what is written as plain text."""
    from govbot.reading.text import decode, read_markdown, read_plain

    if format_ == "csv":
        from govbot.reading.sheets import read_csv

        return read_csv(decode(data))
    return read_markdown(decode(data)) if format_ == "markdown" else read_plain(decode(data))


if __name__ == "__main__":
    main(sys.argv[1:])

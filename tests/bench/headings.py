"""How many headings of tagged PDFs are found with their tags hidden: `python tests/bench/headings.py FILE…`.

The gold is what the files' own structure tags say; a file with fewer than three tagged headings is left out. Prints a
line a file, then the mean over files, and the figures of all headings together.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from govbot.reading import pdf
from govbot.reading.pdf_headings import _TAGGED, _is_tagged
from govbot.reading.pdf_headings import heading_levels as known
from govbot.reading.pdf_tags import TagReader

_REAL = Path(__file__).parents[3] / "shared" / "real"


def headings(data: bytes) -> tuple[set[tuple[int | None, str]], bool]:
    """Return page and letters of each heading, and whether the file's tags were believed."""
    told: list[bool] = []

    def levels(chunks: list[Any], body: float) -> dict[int, int]:
        told.append(sum(bool(chunk.tag and chunk.tag.level and _is_tagged(chunk)) for chunk in chunks) >= _TAGGED)
        return known(chunks, body)

    with mock.patch.object(pdf, "heading_levels", levels):
        blocks = pdf.read_pdf(data).blocks
    found = {(block.page, re.sub(r"\W", "", block.text).lower()) for block in blocks if block.kind == "heading"}
    return found, told[0]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--mistakes", action="store_true")
    given = parser.parse_args()
    rows: list[tuple[float, float, int, int]] = []
    for path in given.files or sorted(_REAL.glob("*.pdf")):
        data = path.read_bytes()
        try:
            gold, is_tagged = headings(data)
        except Exception as exc:  # a file that cannot be read is said so and left out
            _say(f"{path.name}: {type(exc).__name__}")
            continue
        if not is_tagged:
            continue
        with mock.patch.object(TagReader, "read", lambda *_: {}):
            found, _ = headings(data)
        right = len(gold & found)
        rows.append((right / max(len(found), 1), right / len(gold), len(gold), len(found)))
        _say(f"{path.name}: precision {rows[-1][0]:.2f}, recall {rows[-1][1]:.2f}, {len(gold)} headings")
        if given.mistakes:
            for sign, texts in (("+", found - gold), ("-", gold - found)):
                for page, text in sorted(texts, key=str):
                    _say(f"    {sign} page {page}: {text[:90]}")
    if rows:
        means = [sum(row[column] for row in rows) / len(rows) for column in range(2)]
        right = sum(row[1] * row[2] for row in rows)
        pooled = right / sum(row[3] for row in rows), right / sum(row[2] for row in rows)
        _say(f"mean of {len(rows)} files: precision {means[0]:.2f}, recall {means[1]:.2f}")
        _say(f"all headings together: precision {pooled[0]:.2f}, recall {pooled[1]:.2f}")


if __name__ == "__main__":
    main()

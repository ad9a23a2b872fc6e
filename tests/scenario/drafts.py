"""Small drafts, and files that cannot be read."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import docx

from govbot.resources import resource
from tests.make_pdf import PdfPage, make_pdf
from tests.scenario.command import DRAFT

#: A page each. The last sentence of the first page runs on to the second.
PAGES = (
    (
        "Openness",
        "The Harbour Board meets in public every month and puts its papers online a week before.",
        "In May 2026 it published the reasons for each decision of the year, with the options",
        "that it had turned down and the advice that it had from its officers and from the port",
    ),
    (
        "users. Every answer to the consultation stands on the website beside what was changed.",
        "Risk",
        "The risk register holds nineteen risks, each with an owner and a score. The audit",
        "committee went through it in March 2026 and moved two of them up to the Board.",
    ),
    (
        "Money",
        "The finance team checks spending against the budget every month. In 2025 it found an",
        "overspend of 40,000 pounds on dredging and brought it back within the budget by June.",
    ),
)
HEADINGS = {"Openness", "Risk", "Money"}
BROKEN_SENTENCE = "the port users."


def pdf_draft(*, scanned: bool = False) -> bytes:
    """Return a PDF of three pages, with a scan as the third of four where `scanned`."""
    pages = []
    for lines in PAGES:
        page = PdfPage()
        y = 760
        for line in lines:
            heading = line in HEADINGS
            y -= 40 if heading else 14
            page.text(70, y, line, size=18 if heading else 11, bold=heading)
            y -= 8 if heading else 0
        pages.append(page)
    scan = PdfPage(operators=["q 595 0 0 842 0 0 cm /Im1 Do Q"])
    return make_pdf(*pages[:2], *([scan] if scanned else []), *pages[2:], title="Harbour plan")


def docx_draft(*paragraphs: str) -> bytes:
    """Return a Word file of these paragraphs."""
    document, out = docx.Document(), BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def social_value_draft(**wanted: tuple[str, str]) -> str:
    """Return Markdown made of examples, one a principle: evidence, or what `wanted` says of strength and stance."""
    lines = (resource("principles/social-value-principles") / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = [json.loads(line) for line in lines]
    parts = []
    for name in [f"SV{number}" for number in range(1, 9)]:
        manner = wanted.get(name, ("evidence", "positive"))
        fitting = [e for e in examples if e["criteria"] == [name] and (e["strength"], e["stance"]) == manner]
        parts += [f"# Part {name[2:]}", *(example["text"] for example in fitting[:4])]
    return "\n\n".join(parts) + "\n"


def bomb(*, honest: bool = True) -> bytes:
    """Return a Word file whose main part unpacks to a gigabyte; unless honest, it claims to be small."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(DRAFT.read_bytes())) as source, zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            if name != "word/document.xml":
                package.writestr(name, source.read(name))
        part = zipfile.ZipInfo("word/document.xml")
        part.compress_type = zipfile.ZIP_DEFLATED
        piece = b"<w:p><w:r><w:t>words</w:t></w:r></w:p>" * 27_000
        with package.open(part, "w", force_zip64=True) as stream:
            for _ in range(1024):
                stream.write(piece)
        if not honest:
            part.file_size = 900_000
    return out.getvalue()


def words_of(path: Path) -> str:
    """Return a Word file's paragraphs and table cells in order, read without govbot."""
    lines: list[str] = []
    for item in docx.Document(str(path)).iter_inner_content():
        if hasattr(item, "rows"):
            lines += [cell.text for row in item.rows for cell in row.cells]
        else:
            lines.append(item.text)
    return " ".join(" ".join(lines).split())

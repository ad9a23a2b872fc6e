"""Writes the drafts that are Word and PDF files from their Markdown in sources/. Every name and figure is invented.

Run `python tests/drafts/make_drafts.py`; PDFs are laid out by LibreOffice. What readers found in each draft stands in
NAME.gold.yaml.
"""

from __future__ import annotations

import datetime
import subprocess
import tempfile
from pathlib import Path

import docx
from docx.document import Document
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent
WRITTEN = datetime.datetime(2026, 11, 21, 9, 0)
WORD = (
    "cabinet-leisure-report",
    "charity-grant-programme",
    "county-climate-strategy",
    "department-digital-strategy",
    "mental-health-trust-statement",
    "police-crime-plan",
)
PDF = (
    "combined-authority-skills",
    "estates-business-case",
    "fire-action-plan",
    "local-plan-part",
    "regulator-consultation",
    "welsh-health-board-workforce",
)


def build(source: Path) -> Document:
    """Return the Markdown file as a Word document."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source.read_text(encoding="utf-8"))
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "", WRITTEN, WRITTEN
    styles = ["Normal"]
    rows: list[list[str]] = []
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            _add_table(document, rows)
        elif token.type != "inline":
            _change_style(styles, token)
        elif tokens[number - 1].type in ("th_open", "td_open"):
            rows[-1].append(_plain(token))
        else:
            document.add_paragraph(_plain(token), style=styles[-1])
    return document


def _change_style(styles: list[str], token: Token) -> None:
    """Put the style of what opens on the pile, or take off that of what closes."""
    kind, _, end = token.type.rpartition("_")
    if kind not in ("heading", "blockquote", "bullet_list", "ordered_list"):
        return
    if end == "close":
        styles.pop()
    elif kind == "heading":
        styles.append("Title" if token.tag == "h1" else f"Heading {int(token.tag[1]) - 1}")
    else:
        styles.append({"blockquote": "Quote", "bullet_list": "List Bullet", "ordered_list": "List Number"}[kind])


def _add_table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _plain(token: Token) -> str:
    """Return the text without its marks."""
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ()).strip()


def main() -> None:
    for name in WORD:
        build(FOLDER / "sources" / f"{name}.md").save(str(FOLDER / f"{name}.docx"))
    with tempfile.TemporaryDirectory() as folder:
        for name in PDF:
            path = Path(folder) / f"{name}.docx"
            build(FOLDER / "sources" / f"{name}.md").save(str(path))
            subprocess.run(
                ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(FOLDER), str(path)],
                check=True,
                capture_output=True,
            )


if __name__ == "__main__":
    main()

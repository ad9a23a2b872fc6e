"""Word files for tests."""

from __future__ import annotations

import zipfile
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls


def saved(document: WordDocument) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def make_docx(*paragraphs: str | tuple[str, str]) -> bytes:
    """Return a Word file of paragraphs, each text or (style, text)."""
    document = Document()
    for paragraph in paragraphs:
        style, text = ("Normal", paragraph) if isinstance(paragraph, str) else paragraph
        document.add_paragraph(text, style=style)
    return saved(document)


_NAMES = " ".join(
    (
        nsdecls("w", "wp", "a", "r", "m", "c", "dgm", "pic"),
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"',
    )
)


def body_docx(xml: str) -> bytes:
    """Return a Word file whose body starts with raw WordprocessingML."""
    document = Document()
    wrapped = parse_xml(f"<w:body {_NAMES}>{xml}</w:body>")
    for index, child in enumerate(list(wrapped)):
        document.element.body.insert(index, child)
    return saved(document)


def with_notes(docx: bytes, *notes: str, kind: str = "footnote") -> bytes:
    """Return the Word file with notes, each raw WordprocessingML, under the ids 1, 2, 3 …"""
    ends = "".join(f'<w:{kind} w:id="{number}">{note}</w:{kind}>' for number, note in enumerate(notes, start=1))
    part = f"<w:{kind}s {nsdecls('w')}>{ends}</w:{kind}s>".encode()
    return with_linked(docx, f"{kind}s", part)


def with_linked(docx: bytes, kind: str, content: bytes, *, link: str = "rIdNew") -> bytes:
    """Return the Word file with a part of a kind ("comments") that its body links to."""
    with zipfile.ZipFile(BytesIO(docx)) as package:
        links = package.read("word/_rels/document.xml.rels").decode()
        types = package.read("[Content_Types].xml").decode()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = f'<Relationship Id="{link}" Type="{base}/{kind}" Target="{kind}.xml"/></Relationships>'
    media = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    kind_of_part = f'<Override PartName="/word/{kind}.xml" ContentType="{media}"/></Types>'
    docx = with_part(docx, "word/_rels/document.xml.rels", links.replace("</Relationships>", entry).encode())
    docx = with_part(docx, "[Content_Types].xml", types.replace("</Types>", kind_of_part).encode())
    return with_part(docx, f"word/{kind}.xml", content)


def with_styles(docx: bytes, styles: str) -> bytes:
    """Return the Word file with no styles but these."""
    return with_part(docx, "word/styles.xml", f"<w:styles {nsdecls('w')}>{styles}</w:styles>".encode())


def with_numbering(docx: bytes, lists: str) -> bytes:
    """Return the Word file with no lists but these."""
    return with_part(docx, "word/numbering.xml", f"<w:numbering {_NAMES}>{lists}</w:numbering>".encode())


def with_part(docx: bytes, name: str, content: bytes) -> bytes:
    """Return the Word file with a part added or replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def without_part(docx: bytes, name: str) -> bytes:
    """Return the Word file with a part left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
    return out.getvalue()

"""OpenDocument texts, made of pieces of XML."""

from __future__ import annotations

import zipfile
from io import BytesIO

from govbot.reading.odt import read_odt
from govbot.records import Block

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        *((name, name) for name in ("office", "style", "text", "table", "meta")),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    ]
) + ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'  # fmt: skip
#: Named styles as LibreOffice writes them.
STYLES = """
<style:style style:name="Heading" style:family="paragraph"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading"/>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
  style:parent-style-name="Heading" style:default-outline-level="2"/>
<style:style style:name="Plain" style:family="paragraph" style:parent-style-name="Heading_20_2"
  style:default-outline-level=""/>
<style:style style:name="Annex" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="Contents_20_1" style:family="paragraph"/>
<style:style style:name="Loop" style:family="paragraph" style:parent-style-name="Loop"/>
<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format=""/>
</text:outline-style>
"""
#: Styles that LibreOffice makes for single paragraphs.
AUTOMATIC = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Annex"/>
<style:style style:name="New" style:family="paragraph">
  <style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Last" style:family="paragraph">
  <style:paragraph-properties fo:break-after="page"/></style:style>
<style:style style:name="Wide" style:family="paragraph" style:master-page-name="Landscape"/>
<style:style style:name="Same" style:family="paragraph" style:parent-style-name="Wide" style:master-page-name=""/>
<style:style style:name="Hidden" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties text:display="true"/></style:style>
"""


def package(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for name, xml in parts.items():
            new.writestr(f"{name}.xml", xml)
    return out.getvalue()


def content(body: str) -> str:
    return (
        f"<office:document-content {SPACES}><office:automatic-styles>{AUTOMATIC}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def odt(body: str, title: str = "") -> bytes:
    return package(
        content=content(body),
        styles=f"<office:document-styles {SPACES}><office:styles>{STYLES}</office:styles></office:document-styles>",
        meta=f"<office:document-meta {SPACES} xmlns:dc='http://purl.org/dc/elements/1.1/'><office:meta>"
        f"<dc:title>{title}</dc:title></office:meta></office:document-meta>",
    )


def blocks(body: str) -> tuple[Block, ...]:
    return read_odt(odt(body)).blocks


def told(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(body)]


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(level: int, text: str) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def items(*texts: str) -> str:
    return f"<text:list>{''.join(f'<text:list-item>{text}</text:list-item>' for text in texts)}</text:list>"


def note(text: str) -> str:
    return (
        "<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def row(*cells: str) -> str:
    made = (cell if cell.startswith("<table:") else f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(rows)}</table:table>"

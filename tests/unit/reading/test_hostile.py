"""Files that would hurt a reader: what can be read of them is read, or they are refused in plain words."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import pytest

from govbot.errors import FileTooLarge, NoText, UnreadableFile
from tests.make_pdf import join_objects
from tests.unit.reading.make_docx import body_docx, with_part
from tests.unit.reading.reader import Read

_SAID = "We publish our risks each year."
_P = f"<w:p><w:r><w:t>{_SAID}</w:t></w:r></w:p>"
_LOCAL = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://x/image" Target="http://127.0.0.1:9/picture.png" TargetMode="External"/></Relationships>'
)


def _pdf(*, catalogue: str = "", page: str = "", content: str = "", objects: dict[int, bytes] | None = None) -> bytes:
    drawn = f"{content}BT /F1 12 Tf 72 700 Td ({_SAID}) Tj ET".encode()
    return join_objects(
        {
            1: f"<</Type/Catalog/Pages 2 0 R{catalogue}>>".encode(),
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: (
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
                f"/Resources<</Font<</F1 5 0 R>>>>{page}>>"
            ).encode(),
            4: b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            **(objects or {}),
        }
    )


def _nested(opened: str, closed: str, times: int, inside: str = _P) -> str:
    return opened * times + inside + closed * times


def _odt(body: str) -> bytes:
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _ODF)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        content = f"<office:document-content{names}><office:body><office:text>{body}</office:text></office:body>"
        package.writestr("content.xml", f"{content}</office:document-content>")
    return out.getvalue()


_ODF = ("office", "text", "table")


def _xlsx(old: bytes, new: bytes) -> bytes:
    workbook, out = openpyxl.Workbook(), BytesIO()
    for row in (["Risk", "Owner"], ["Flooding of the depot", "Clerk to the council"]):
        workbook.active.append(row)
    workbook.save(out)
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(out) as package:
        sheet = package.read(part)
    assert old in sheet
    return with_part(out.getvalue(), part, sheet.replace(old, new))


#: What is read all the same.
READ = {
    "a script and a program that start with it": ("a.pdf", _pdf(catalogue=(
        "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(sh)>>>>"
    ))),
    "300,000 annotations": ("a.pdf", _pdf(
        page="/Annots[" + "6 0 R " * 300_000 + "]", objects={6: b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"}
    )),
    "graphics states in each other": ("a.pdf", _pdf(content="q " * 500_000)),
    "100 content controls in each other": (
        "a.docx", body_docx(_nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 50))
    ),
    "a cell two thousand million columns wide": ("a.docx", body_docx(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>' + _P + "</w:tc></w:tr></w:tbl>"
    )),
    "a picture from elsewhere": ("a.docx", with_part(body_docx(_P), "word/_rels/other.xml.rels", _LOCAL.encode())),
    "two thousand million spaces": ("a.odt", _odt(f'<text:p>{_SAID}<text:s text:c="2000000000"/></text:p>')),
    "a row two thousand million times": ("a.odt", _odt(
        '<table:table><table:table-row table:number-rows-repeated="2000000000"><table:table-cell '
        f'table:number-columns-repeated="2000000000"><text:p>{_SAID}</text:p></table:table-cell></table:table-row>'
        "</table:table>"
    )),
    "a cell of a thousand million rows": ("a.html", (
        f"<html><body><table><tr><td colspan=1000000000 rowspan=1000000000>{_SAID}</td></tr></table>"
    ).encode()),
    "400,000 brackets": ("a.md", b"[" * 200_000 + _SAID.encode() + b"]" * 200_000),
    "a million stars": ("a.md", b"*" * 1_000_000 + _SAID.encode()),
    "100,000 quotations in each other": ("a.md", b">" * 100_000 + _SAID.encode()),
    "half a letter": ("a.txt", _SAID.encode("utf-16") + b"\0"),
    "writing that turns round": ("a.txt", _SAID.replace("risks", "\u202erisks\u202c").encode()),
}  # fmt: skip
#: What is refused.
REFUSED = {
    "pages that are each other's": ("a.pdf", join_objects({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
    }), UnreadableFile),
    "20,000 empty pages": ("a.pdf", join_objects({
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[" + b"3 0 R " * 20_000 + b"]/Count 20000>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    }), NoText),
    "50,000 tables in each other": ("a.docx", with_part(body_docx(_P), "word/document.xml", (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + _nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 50_000) + "</w:body></w:document>"
    ).encode()), FileTooLarge),
    "200,000 divs in each other": ("a.html", (
        "<html><body>" + _nested("<div>", "</div>", 200_000, _SAID)
    ).encode(), UnreadableFile),
    "a cell that never ends": ("a.csv", b'"' + b"a,b\n" * 1_000_000, UnreadableFile),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), READ.values(), ids=READ)
def test_what_can_be_read_is_read(read: Read, name: str, data: bytes) -> None:
    assert any(_SAID in block.text for block in read(name, data).blocks)


@pytest.mark.parametrize(("name", "data", "error"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_is_refused(read: Read, name: str, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        read(name, data)


def test_a_sheet_that_says_it_has_ten_thousand_million_cells_is_read_for_those_it_has(read: Read) -> None:
    blocks = read("a.xlsx", _xlsx(b'ref="A1:B2"', b'ref="A1:NTP1048576"')).blocks
    assert blocks[-1].text == "Flooding of the depot\tClerk to the council"

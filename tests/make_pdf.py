"""A tiny writer of PDFs for tests: text at places, fonts in sizes, lines, tags."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO

WIDTH, HEIGHT = 595, 842


@dataclass
class PdfPage:
    operators: list[str] = field(default_factory=list)
    tags: list[tuple[str, int]] = field(default_factory=list)
    #: Annotations, each as the file writes it.
    annotations: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, *, size: float = 11, bold: bool = False, tag: str = "") -> PdfPage:
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown = f"BT /{'F2' if bold else 'F1'} {size} Tf {x} {y} Td ({escaped}) Tj ET"
        if tag:
            self.tags.append((tag, len(self.tags)))
            shown = f"/{tag} <</MCID {len(self.tags) - 1}>> BDC {shown} EMC"
        self.operators.append(shown)
        return self

    def lines(
        self, x: float, y: float, *lines: str, size: float = 11, leading: float = 14, bold: bool = False
    ) -> PdfPage:
        for number, line in enumerate(lines):
            self.text(x, y - number * leading, line, size=size, bold=bold)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> PdfPage:
        self.operators.append(f"{x0} {y0} m {x1} {y1} l S")
        return self

    def grid(self, xs: list[float], ys: list[float]) -> PdfPage:
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def ground(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.8) -> PdfPage:
        self.operators.append(f"q {grey} g {x0} {y0} {x1 - x0} {y1 - y0} re f Q")
        return self

    def picture(self) -> PdfPage:
        self.operators.append("q 200 0 0 200 100 400 cm /Im1 Do Q")
        return self


def make_pdf(*pages: PdfPage, title: str = "") -> bytes:
    """Return the pages as a PDF."""
    objects: dict[int, bytes] = {}
    count = len(pages)
    kids = " ".join(f"{10 + 2 * index} 0 R" for index in range(count))
    tagged = any(page.tags for page in pages)
    elements = _elements(pages, first=10 + 2 * count) if tagged else {}
    roots = " ".join(f"{number} 0 R" for number, (index, _, _) in elements.items())
    objects[1] = (
        f"<</Type/Catalog/Pages 2 0 R{'/MarkInfo<</Marked true>>/StructTreeRoot 7 0 R' if tagged else ''}>>".encode()
    )
    objects[2] = f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode()
    objects[3] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects[4] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"
    objects[5] = _stream(b"\0", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    objects[6] = f"<</Title({title})>>".encode()
    if tagged:
        parents = "".join(
            f"{index}[{' '.join(f'{n} 0 R' for n, (i, _, _) in elements.items() if i == index)}]"
            for index in range(count)
        )
        objects[7] = f"<</Type/StructTreeRoot/K[{roots}]/ParentTree<</Nums[{parents}]>>>>".encode()
    for number, (index, tag, content) in elements.items():
        objects[number] = f"<</Type/StructElem/S/{tag}/P 7 0 R/Pg {10 + 2 * index} 0 R/K {content}>>".encode()
    for index, page in enumerate(pages):
        resources = "<</Font<</F1 3 0 R/F2 4 0 R>>/XObject<</Im1 5 0 R>>>>"
        marks = f"/Annots[{''.join(page.annotations)}]" if page.annotations else ""
        box = f"/MediaBox[0 0 {WIDTH} {HEIGHT}]/StructParents {index}{marks}"
        objects[10 + 2 * index] = (
            f"<</Type/Page/Parent 2 0 R{box}/Resources{resources}/Contents {11 + 2 * index} 0 R>>".encode()
        )
        objects[11 + 2 * index] = _stream("\n".join(page.operators).encode("cp1252"))
    return join_objects(objects)


def join_objects(objects: dict[int, bytes]) -> bytes:
    """Return numbered objects, the catalogue first, as a PDF."""
    out, places = BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in sorted(places.items()):
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    info = "/Info 6 0 R" if 6 in objects else ""
    out.write(f"trailer\n<</Size {max(objects) + 1}/Root 1 0 R{info}>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def make_bomb(megabytes: int) -> bytes:
    """Return a PDF of one page whose text operators inflate to `megabytes`."""
    inflater = zlib.compressobj(9)
    words = b"BT /F1 9 Tf 10 10 Td (words upon words) Tj ET\n" * 20_000
    packed = b"".join(inflater.compress(words) for _ in range(megabytes * 1_000_000 // len(words))) + inflater.flush()
    return _one_page({11: b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)})


def make_recursive_form() -> bytes:
    """Return a PDF whose forms draw each other: 2 to the power of 40 drawings."""
    forms = {}
    for number in range(20, 60):
        inner = f"/Resources<</XObject<</X {number + 1} 0 R>>>>" if number < 59 else ""
        body = b"/X Do /X Do" if number < 59 else b"BT (x) Tj ET"
        forms[number] = _stream(body, f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]{inner}")
    return _one_page({11: _stream(b"/X Do"), **forms}, "/XObject<</X 20 0 R>>")


def _one_page(objects: dict[int, bytes], resources: str = "") -> bytes:
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 11 0 R/Resources<</Font<</F1 3 0 R>>{resources}>>>>"
    )
    return join_objects(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
            3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            10: page.encode(),
            **objects,
        }
    )


def _elements(pages: tuple[PdfPage, ...], first: int) -> dict[int, tuple[int, str, int]]:
    found = [(index, tag, content) for index, page in enumerate(pages) for tag, content in page.tags]
    return dict(enumerate(found, start=first))


def _stream(body: bytes, entries: str = "") -> bytes:
    return f"<<{entries}/Length {len(body)}>>stream\n".encode() + body + b"\nendstream"


def encrypted(page: PdfPage, *, user: str, owner: str = "owner") -> bytes:
    """Return a PDF of one page under the standard security handler, 40-bit RC4."""
    identity, permissions = b"0123456789abcdef", -4
    owner_entry = _rc4(hashlib.md5(_padded(owner)).digest()[:5], _padded(user))
    seed = _padded(user) + owner_entry + struct.pack("<i", permissions) + identity
    key = hashlib.md5(seed).digest()[:5]
    content = "\n".join(page.operators).encode("cp1252")
    object_key = hashlib.md5(key + struct.pack("<I", 11)[:3] + b"\0\0").digest()[:10]
    hexed = {"O": owner_entry.hex(), "U": _rc4(key, _PADDING).hex()}
    handler = f"<</Filter/Standard/V 1/R 2/O<{hexed['O']}>/U<{hexed['U']}>/P {permissions}>>"
    plain = _one_page({9: handler.encode(), 11: _stream(_rc4(object_key, content))})
    extra = b"/Encrypt 9 0 R/ID[<%s><%s>]" % ((identity.hex().encode(),) * 2)
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R" + extra)


_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _padded(password: str) -> bytes:
    return (password.encode() + _PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)

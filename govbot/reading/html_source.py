"""A saved web page as a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.html
from lxml import etree

from govbot.errors import UnreadableFile
from govbot.reading.handles import Element
from govbot.reading.html_furniture import SILENT
from govbot.reading.text import decode

#: Bytes from the top in which a page says how it is encoded.
_HEAD = 16_384
_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)|^\s*<\?xml[^>]{0,100}encoding=[\"']([\w-]+)", re.I
)
#: Encodings that are believed; browsers read the Latin ones as Windows-1252.
_BELIEVED = re.compile(r"(?:iso|windows|cp|mac|koi8|gb|big5|euc|shift)[\w-]*$", re.I)
_LATIN = re.compile(r"iso-?8859-?1$", re.I)
_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: Pictures inside the page: one of more than 10 MB would end the parse.
_INLINE_PICTURE = re.compile(r"(data:[\w/+.-]{1,50};base64,)[A-Za-z0-9+/=%]{1000,}")
#: lxml drops what stands after these.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
_HEAD_END = re.compile(r"</head\s*>", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A web page without its scripts."""

    root: Element
    #: True where the file ends too early, or lxml gave up before its end, as it does at 256 nested elements.
    is_cut: bool


def open_page(data: bytes) -> Page:
    """Return the page as a tree; raise UnreadableFile where there is none."""
    source = decode_page(data)
    # A page that leaves out optional tags leaves out the head's end too.
    is_cut = _HEAD_END.search(source) is not None and _ENDS.search(source) is None
    source = _ENDS.sub("", _INLINE_PICTURE.sub(r"\1", source))
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as exc:
        raise UnreadableFile(name="") from exc
    gave_up = any(entry.level_name == "FATAL" for entry in parser.error_log)
    etree.strip_elements(root, *SILENT, with_tail=False)
    return Page(root=root, is_cut=is_cut or gave_up)


def decode_page(data: bytes) -> str:
    """Return the page as text: by its byte order mark, else as it says, else UTF-8 or Windows-1252."""
    if data.startswith(_MARKS):
        return decode(data)
    found = _CHARSET.search(data[:_HEAD])
    charset = (found.group(1) or found.group(2)).decode("ascii", "replace") if found else ""
    if data.startswith(b"\xef\xbb\xbf") or charset.casefold() in ("utf-8", "utf8"):
        text = data.decode("utf-8", "replace")
        # A stray byte is no reason to misread every sign; a page in another encoding is full of them.
        return text if text.count("\ufffd") * 2 < _count_signs(text) else decode(data)
    if not _BELIEVED.match(charset):
        return decode(data)
    try:
        return data.decode("cp1252" if _LATIN.match(charset) else charset)
    except (UnicodeError, LookupError):
        return decode(data)


def _count_signs(text: str) -> int:
    """Return the number of characters beyond ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))

"""The parts of a PowerPoint package, and what its elements are called."""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from govbot.reading.flow import sensible_title
from govbot.reading.handles import Element
from govbot.reading.parsing import parse_xml

_CORE = "docProps/core.xml"
#: What a part that is missing, cut off or forged makes zipfile, lxml and our own walk raise.
BROKEN = (
    LookupError, ValueError, OSError, EOFError, RuntimeError, struct.error, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile, etree.LxmlError,
)  # fmt: skip

TITLES = frozenset(("title", "ctrTitle"))
#: Placeholders whose text is a list unless the deck takes its bullets off.
BODIES = frozenset(("body", "obj"))
FURNITURE = frozenset(("dt", "ftr", "hdr", "sldNum", "sldImg"))


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of the file and what each links to."""

    archive: zipfile.ZipFile

    def root(self, part: str) -> Element:
        """Return the part's root element."""
        return parse_xml(self.archive.read(part))

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the last word of the kind, and the name, of each part that this one links to, by the link's id."""
        folder, name = posixpath.split(part)
        try:
            entries = self.root(f"{folder}/_rels/{name}.rels").iter("{*}Relationship")
        except KeyError:
            return {}
        return {
            entry.get("Id", ""): (
                posixpath.basename(entry.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, entry.get("Target", "")))[1:],
            )
            for entry in entries
        }

    def title(self) -> str:
        """Return the title that the file's properties name, or nothing."""
        try:
            return sensible_title(self.root(_CORE).findtext("{*}title"))
        except BROKEN:
            return ""


@dataclass(slots=True)
class Sheet:
    """The placeholders of a layout or of a master."""

    by_index: dict[str, Element] = field(default_factory=dict)
    by_kind: dict[str, Element] = field(default_factory=dict)
    #: The master's style of body text.
    style: Element = None
    #: Name of the layout's master.
    master: str = ""


def placeholder(shape: Element) -> Element:
    """Return what marks the shape as a placeholder, or None."""
    return shape.find("*/{*}nvPr/{*}ph")


def kind_of(mark: Element) -> str:
    """Return the kind of a placeholder, nothing where there is none."""
    return "" if mark is None else mark.get("type", "obj")


def base_kind(mark: Element) -> str:
    """Return the kind of the master's placeholder that this one takes after."""
    kind = kind_of(mark)
    return "title" if kind in TITLES else kind if kind in FURNITURE else "body"

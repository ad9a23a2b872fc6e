"""Parts of packages as trees; everything in them may be hostile."""

from __future__ import annotations

from lxml import etree

from govbot.reading.handles import Element


def parse_xml(data: bytes) -> Element:
    """Return the root of a part, without comments; raise lxml's LxmlError or ValueError where it is none.

    No entity is resolved, nothing is fetched, and what is nested 256 deep ends the parse.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)

"""A document as JSON: to be kept, and on its way from the subprocess to its parent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from govbot.records import Block, Document, PageTurn, Unread

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump_document(document: Document) -> bytes:
    """Return the document as UTF-8 JSON that `load_document` reads."""
    return _encode(_dump(document, [_dump_block(block) for block in document.blocks]))


def load_document(plain: dict[str, Any]) -> Document:
    """Return the document that `dump_document` wrote; raise KeyError, TypeError or ValueError for anything else."""
    return _load(plain, plain["blocks"])


def dump_lines(document: Document) -> bytes:
    """Return the document as lines of UTF-8 JSON that `load_lines` reads: one without blocks, then one a block.

    So neither side holds a long document as plain lists and dictionaries.
    """
    lines = BytesIO()
    lines.write(_encode({**_dump(document, []), "count": len(document.blocks)}))
    for block in document.blocks:
        lines.write(b"\n" + _encode(_dump_block(block)))
    return lines.getvalue()


def load_lines(printed: bytes) -> Document | str:
    """Return the document that `dump_lines` wrote, or the name of an error that was written in its place.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    lines = map(json.loads, BytesIO(printed))
    first: dict[str, Any] = next(lines, {})
    if "error" in first:
        return str(first["error"])
    document = _load(first, lines)
    if len(document.blocks) != first["count"]:
        raise ValueError(len(document.blocks))
    return document


def dump_error(name: str) -> bytes:
    """Return the name of an error as `load_lines` reads it."""
    return _encode({"error": name})


def _encode(plain: dict[str, Any]) -> bytes:
    return _ENCODER.encode(plain).encode("utf-8", "replace")


def _dump(document: Document, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": document.name,
        "title": document.title,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "pages": document.pages,
        "blocks": blocks,
        "unread": [[unread.reason, unread.page, unread.part, unread.matters] for unread in document.unread],
    }


def _load(plain: dict[str, Any], blocks: Iterable[dict[str, Any]]) -> Document:
    return Document(
        name=plain["name"],
        title=plain["title"],
        media_type=plain["media_type"],
        sha256=plain["sha256"],
        pages=plain["pages"],
        blocks=tuple(map(_load_block, blocks)),
        unread=tuple(
            Unread(reason=reason, page=page, part=part, matters=matters)
            for reason, page, part, matters in plain["unread"]
        ),
    )


def _dump_block(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "kind": block.kind,
        "text": block.text,
        "section": block.section,
        "page": block.page,
        "page_is_approximate": block.page_is_approximate,
        "paragraph": block.paragraph,
        "level": block.level,
        "lead_in": block.lead_in,
        "header": block.header,
        "turns": [[turn.offset, turn.page] for turn in block.turns],
        "layout": "" if block.layout == "text" else block.layout,
    }
    kept = {field: value for field, value in plain.items() if value}
    return kept if block.ocr_confidence is None else {**kept, "ocr_confidence": block.ocr_confidence}


def _load_block(plain: dict[str, Any]) -> Block:
    turns = tuple(PageTurn(offset=offset, page=page) for offset, page in plain.pop("turns", ()))
    section, header = tuple(plain.pop("section", ())), tuple(plain.pop("header", ()))
    return Block(**plain, section=section, header=header, turns=turns)

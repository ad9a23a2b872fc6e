"""A document as JSON, on its way from the subprocess to its parent."""

from __future__ import annotations

import json
from typing import Any

from govbot.records import Block, Document, PageTurn, Unread


def dump_document(document: Document) -> bytes:
    """Return the document as UTF-8 JSON that `load_document` reads."""
    plain = {
        "name": document.name,
        "title": document.title,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "pages": document.pages,
        "blocks": [_dump_block(block) for block in document.blocks],
        "unread": [[unread.reason, unread.page, unread.part, unread.matters] for unread in document.unread],
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def load_document(plain: dict[str, Any]) -> Document:
    """Return the document that `dump_document` wrote; raise KeyError, TypeError or ValueError for anything else."""
    return Document(
        name=plain["name"],
        title=plain["title"],
        media_type=plain["media_type"],
        sha256=plain["sha256"],
        pages=plain["pages"],
        blocks=tuple(_load_block(block) for block in plain["blocks"]),
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

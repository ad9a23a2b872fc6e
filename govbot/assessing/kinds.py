"""A document -> what kinds of document it is, as far as that decides which frameworks suit it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from govbot.records import DOCUMENT_KINDS
from govbot.resources import resource

if TYPE_CHECKING:
    from govbot.records import Document, DocumentKind

_FILE = "principles/kinds.yaml"


class _Signs(BaseModel):
    """What tells one kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: tuple[str, ...]
    text: tuple[str, ...]
    #: How many different ones of `text` must occur.
    at_least: int = Field(ge=1)


class _Kinds(BaseModel):
    """principles/kinds.yaml, which says what each list is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["govbot.kinds/1"] = Field(alias="schema")
    consultation: _Signs
    procurement: _Signs


def document_kinds(document: Document) -> tuple[DocumentKind, ...]:
    """Return the kinds that the document's title, file name or words show, none for most documents."""
    named = re.sub(r"[\W_]+", " ", f"{document.title} {document.name}")
    text = document.text
    return tuple(
        kind
        for kind in DOCUMENT_KINDS
        if _found(_signs(kind).title, named) or len(_found(_signs(kind).text, text)) >= _signs(kind).at_least
    )


def _found(words: tuple[str, ...], text: str) -> set[str]:
    """Return which of the words stand in the text, in lower case."""
    return {found.lower() for found in _pattern(words).findall(text)}


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@cache
def _signs(kind: DocumentKind) -> _Signs:
    kinds = _Kinds.model_validate(yaml.safe_load(resource(_FILE).read_text(encoding="utf-8")))
    found: _Signs = getattr(kinds, kind)
    return found

"""JSON lines that users give: passages to match, questions to answer."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from govbot.errors import FileMissing, InvalidLines
from govbot.words import say

if TYPE_CHECKING:
    from pathlib import Path

Record = TypeVar("Record", bound=BaseModel)


class AskedQuestion(BaseModel):
    """A question of a batch."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str
    q: str


class GivenPassage(BaseModel):
    """A passage to match."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str
    text: str


def read_questions(path: Path) -> tuple[AskedQuestion, ...]:
    """Return the questions of a file; raise FileMissing or InvalidLines."""
    return parse_lines(_text(path), AskedQuestion, name=path.name)


def read_passages(path: Path | None) -> tuple[GivenPassage, ...]:
    """Return the passages of a file, or of standard input where `path` is None; raise FileMissing or InvalidLines."""
    if path is None:
        return parse_lines(sys.stdin.read(), GivenPassage, name=say("cli", "stdin"))
    return parse_lines(_text(path), GivenPassage, name=path.name)


def parse_lines(text: str, record: type[Record], *, name: str) -> tuple[Record, ...]:
    """Return each line as a `record`; raise InvalidLines naming every line at fault."""
    records: list[Record] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            records.append(record.model_validate(json.loads(line)))
        except json.JSONDecodeError:
            faults.append(say("faults", "line", file=name, line=number, message=say("faults", "not_json")))
        except ValidationError as exc:
            faults += [say("faults", "line", file=name, line=number, message=_told(error)) for error in exc.errors()]
    if faults:
        raise InvalidLines(name=name, faults=faults)
    return tuple(records)


def _told(error: object) -> str:
    place = ".".join(str(step) for step in error["loc"])  # type: ignore[index]
    message = error["msg"]  # type: ignore[index]
    return f"{place}: {message}" if place else str(message)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise FileMissing(name=path.name) from exc

"""JSON lines that come from outside: examples, labelled passages, passages to match, questions to answer."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govbot.errors import FileMissing, FolderGiven, InvalidLines
from govbot.records import Stage, Stance, Strength
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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


class FinishedQuote(BaseModel):
    """A quote of a finished check."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote: str
    page: int | None
    page_is_approximate: bool
    paragraph: int | None
    section: tuple[str, ...]
    score: float
    strength: Strength
    stance: Stance
    stage: Stage
    ocr_confidence: float | None = None


class FinishedCriterion(BaseModel):
    """A criterion's coverage in a finished check."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    evidence: tuple[FinishedQuote, ...]


class FinishedAssessment(BaseModel):
    """A draft's coverage under one framework in a finished check."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    framework: str
    criteria: tuple[FinishedCriterion, ...]


class FinishedDocument(BaseModel):
    """The draft of a finished check."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    media_type: str = ""


class FinishedCheck(BaseModel):
    """What `govbot check --format json` printed of one draft, as far as it is read again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_: Literal["govbot.check/1"] = Field(alias="schema")
    document: FinishedDocument
    assessments: tuple[FinishedAssessment, ...]


def read_passages() -> tuple[GivenPassage, ...]:
    """Return the passages that stand on standard input; raise InvalidLines."""
    name = say("cli", "stdin")
    return parse_lines(_decode(sys.stdin.buffer.read(), name), GivenPassage, name=name)


def read_lines(
    path: Path, record: type[Record], *, check: Callable[[Record, int], Iterable[str]] | None = None
) -> tuple[Record, ...]:
    """Return each line of the file as a `record`; raise FileMissing or InvalidLines."""
    try:
        data = path.read_bytes()
    except IsADirectoryError as exc:
        raise FolderGiven(name=path.name) from exc
    except OSError as exc:
        raise FileMissing(name=path.name) from exc
    return parse_lines(_decode(data, path.name), record, name=path.name, check=check)


def parse_lines(
    text: str, record: type[Record], *, name: str, check: Callable[[Record, int], Iterable[str]] | None = None
) -> tuple[Record, ...]:
    """Return each line that is not blank as a `record`; raise InvalidLines naming every line at fault.

    `check` is told each record and its 1-based line, and returns what a schema cannot see.
    """
    records: list[Record] = []
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            parsed = record.model_validate(_clean(json.loads(line)))
        except json.JSONDecodeError:
            messages: Iterable[str] = [say("faults", "not_json")]
        except ValidationError as exc:
            messages = [
                say("faults", "not_an_object") if error["type"] == "model_type" else _told(error["loc"], error["msg"])
                for error in exc.errors()
            ]
        else:
            records.append(parsed)
            messages = check(parsed, number) if check else ()
        faults += [say("faults", "line", file=name, line=number, message=message) for message in messages]
    if faults:
        raise InvalidLines(name=name, faults=faults)
    return tuple(records)


def _clean(value: object) -> object:
    """Return a JSON object whose texts can be written: half a surrogate pair, which JSON permits, becomes a "?"."""
    if not isinstance(value, dict):
        return value
    return {
        key: text.encode("utf-8", "replace").decode() if isinstance(text, str) else text for key, text in value.items()
    }


def _told(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place))}: {message}" if place else message


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InvalidLines(name=name, faults=[say("faults", "not_utf8", file=name)]) from exc

"""A framework as an Excel workbook: for a person who keeps one without writing YAML."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from govbot.errors import AlreadyThere, CannotWrite, FileMissing, InvalidWorkbook
from govbot.frameworks.examples import Example
from govbot.frameworks.loading import contradictions
from govbot.frameworks.schema import Framework
from govbot.records import STAGES
from govbot.words import say

#: Criterion -> stage -> its question, without a quote ("ask") and with one ("follow").
Questions = Mapping[str, Mapping[str, Mapping[str, str]]]
#: Steps into a framework that lead to a value at fault.
_Steps = tuple[int | str, ...]

_FIELDS = (
    *("id", "title", "version", "publisher", "published", "source", "licence", "description", "group_word"),
    *("cycle", "suits"),
)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "framework": ("field", "value", "note"),
    "principles": ("id", "title", "short", "description", "aliases", "optional"),
    "criteria": (
        *("principle", "id", "title", "question", "area", "description", "counts", "does_not_count", "phrases"),
        *("aliases", "measures", *STAGES),
    ),
    "questions": ("criterion", "stage", "ask", "follow"),
    "examples": ("id", "text", "criteria", "also", "strength", "stance", "stage", "hard", "batch"),
}
#: Columns that hold a list, one a line, or parted by commas.
_LINES = frozenset({"counts", "does_not_count", "phrases", "aliases", "measures"})
_LISTS = frozenset({"criteria", "also", "cycle", "suits"})
_FLAGS = frozenset({"optional", "hard"})
#: Rows read of a sheet at most: a workbook may declare a million.
_MOST_ROWS = 20_000
_WIDTHS = {"description": 60, "phrases": 60, "counts": 50, "does_not_count": 50, "text": 90, "ask": 60, "follow": 60}
_WIDTH = 24

#: Excel's format of a cell that is nothing but text.
_AS_TEXT = "@"

Row = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What a workbook holds."""

    framework: Framework
    #: Empty where general questions are to be asked.
    questions: Questions
    examples: tuple[Example, ...]


@dataclass(kw_only=True, slots=True)
class _Faults:
    """What is wrong, with its place."""

    found: list[str] = field(default_factory=list)

    def cell(self, sheet: str, row: int, column: str, message: str) -> None:
        name = _heading(sheet, column)
        self.found.append(say("workbook", "faults.cell", sheet=_sheet(sheet), row=row, column=name, message=message))

    def row(self, sheet: str, row: int, message: str) -> None:
        self.found.append(say("workbook", "faults.row", sheet=_sheet(sheet), row=row, message=message))

    def sheet(self, sheet: str, message: str) -> None:
        self.found.append(say("workbook", "faults.sheet", sheet=_sheet(sheet), message=message))


def read_workbook(path: Path) -> Imported:
    """Return the framework in an Excel file; raise FileMissing, or InvalidWorkbook with every fault and its cell."""
    faults = _Faults()
    sheets = _sheets(path, faults)
    if faults.found:  # a sheet or a column is missing
        raise InvalidWorkbook(name=path.name, faults=faults.found)
    framework = _framework(sheets, faults)
    examples = _examples(sheets["examples"], framework, faults)
    questions = _questions(sheets["questions"], framework, faults)
    if faults.found or framework is None:
        raise InvalidWorkbook(name=path.name, faults=list(dict.fromkeys(faults.found)))
    return Imported(framework=framework, questions=questions, examples=examples)


def write_workbook(
    path: Path, framework: Framework | None = None, questions: Questions | None = None, examples: Sequence[Example] = ()
) -> None:
    """Write a framework, or an empty template, to a new Excel file; raise AlreadyThere or CannotWrite."""
    book = Workbook()
    book.remove(book.active)
    _write(book, "framework", _field_rows(framework))
    _write(book, "principles", _principle_rows(framework), with_help=framework is None)
    _write(book, "criteria", _criterion_rows(framework), with_help=framework is None)
    told = [
        {"criterion": name, "stage": stage, **wording}
        for name, stages in (questions or {}).items()
        for stage, wording in stages.items()
    ]
    _write(book, "questions", told, with_help=framework is None)
    _write(book, "examples", [_example_row(example) for example in examples], with_help=framework is None)
    if path.exists():
        raise AlreadyThere(path=str(path))
    try:
        book.save(path)
    except OSError as exc:
        raise CannotWrite(path=str(path)) from exc


def _sheets(path: Path, faults: _Faults) -> dict[str, list[tuple[int, Row]]]:
    """Return the rows of each sheet; what is damaged may show only when its rows are read."""
    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            return {name: _rows(book, name, faults) for name in _COLUMNS}
    except FileNotFoundError as exc:
        raise FileMissing(name=path.name) from exc
    # Malformed XML is a SyntaxError.
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as exc:
        raise InvalidWorkbook(name=path.name, faults=[say("workbook", "faults.no_workbook")]) from exc


def _rows(book: Any, sheet: str, faults: _Faults) -> list[tuple[int, Row]]:  # noqa: ANN401
    """Return (row number, column -> text) of the sheet's rows that hold anything."""
    if _sheet(sheet) not in book.sheetnames:
        faults.sheet(sheet, say("workbook", "faults.no_sheet"))
        return []
    page = book[_sheet(sheet)]
    page.reset_dimensions()  # what a file says of its own size need not be so
    lines = page.iter_rows(values_only=True, max_row=_MOST_ROWS)
    headings = [_text(value).casefold() for value in next(lines, ())]
    places = {name: _place(headings, _heading(sheet, name)) for name in _COLUMNS[sheet]}
    for name, place in places.items():
        if place is None and name != "note":
            faults.sheet(sheet, say("workbook", "faults.no_column", column=_heading(sheet, name)))
    found: list[tuple[int, Row]] = []
    for number, line in enumerate(lines, start=2):
        row = {
            name: _text(line[place]) if place < len(line) else "" for name, place in places.items() if place is not None
        }
        is_help = row == _help_row(sheet) | {name: "" for name in row if name not in _help_row(sheet)}
        if any(row.values()) and not is_help:
            found.append((number, row))
    return found


def _place(headings: Sequence[str], heading: str) -> int | None:
    return headings.index(heading.casefold()) if heading.casefold() in headings else None


def _text(value: object) -> str:
    """Return a cell as the person meant it: Excel makes a date of "2024-05" and a number of "2024"."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Places:
    """Where the parts of a framework stand in the workbook."""

    #: Field -> row.
    fields: Mapping[str, int]
    #: Row and id of each principle.
    principles: Sequence[tuple[int, str]]
    #: (principle's id, number among its criteria) -> row.
    criteria: Mapping[tuple[str, int], int]


def _framework(sheets: Mapping[str, list[tuple[int, Row]]], faults: _Faults) -> Framework | None:
    given = {row["field"].casefold(): (number, row["value"]) for number, row in sheets["framework"]}
    fields = {name: given.get(say("workbook", f"fields.{name}.heading").casefold(), (1, "")) for name in _FIELDS}
    raw: dict[str, Any] = {"schema": "govbot.framework/1"}
    raw |= {name: text for name, (_, text) in fields.items() if text}
    raw |= {name: _parted(fields[name][1]) for name in _LISTS if name in fields}
    principles = [(number, _principle(number, row, faults)) for number, row in sheets["principles"]]
    raw["principles"] = [principle for _, principle in principles]
    places = _Places(
        fields={name: row for name, (row, _) in fields.items()},
        principles=[(number, principle["id"]) for number, principle in principles],
        criteria=_put_under(sheets["criteria"], raw["principles"], faults),
    )
    for number, principle in principles:
        if not principle["criteria"]:
            faults.row("principles", number, say("workbook", "faults.no_criteria"))
    try:
        framework = Framework.model_validate(raw)
    except ValidationError as exc:
        for error in exc.errors():
            _tell(error["loc"], error["msg"], places, faults)
        return None
    for steps, message in contradictions(framework):
        _tell(steps, message, places, faults)
    return framework


def _put_under(
    rows: Iterable[tuple[int, Row]], principles: Sequence[dict[str, Any]], faults: _Faults
) -> dict[tuple[str, int], int]:
    """Put each criterion under its principle; return their rows."""
    by_id = {principle["id"]: principle for principle in principles}
    places: dict[tuple[str, int], int] = {}
    for number, row in rows:
        owner = by_id.get(row["principle"])
        if owner is None:
            faults.cell("criteria", number, "principle", say("workbook", "faults.no_principle", id=row["principle"]))
        else:
            places[owner["id"], len(owner["criteria"])] = number
            owner["criteria"].append(_criterion(number, row, faults))
    return places


def _tell(steps: _Steps, message: str, places: _Places, faults: _Faults) -> None:
    """Add a fault with the cell that `steps` lead to."""
    match steps:
        case ("principles", int(owner), "criteria", int(number), name, *rest):
            row = places.criteria[places.principles[owner][1], number]
            column = str(rest[0] if name == "stages" and rest else name)
            _tell_in("criteria", row, column, message, faults)
        case ("principles", int(owner), *rest):
            _tell_in("principles", places.principles[owner][0], str(rest[0]) if rest else "", message, faults)
        case ("principles",):
            faults.sheet("principles", message)
        case (str(name), *_) if name in places.fields:
            about = f"{say('workbook', f'fields.{name}.heading')}: {message}"
            faults.cell("framework", places.fields[name], "value", about)
        case _:
            faults.sheet("framework", message)


def _tell_in(sheet: str, row: int, column: str, message: str, faults: _Faults) -> None:
    if column in _COLUMNS[sheet]:
        faults.cell(sheet, row, column, message)
    else:
        faults.row(sheet, row, message)


def _principle(number: int, row: Row, faults: _Faults) -> dict[str, Any]:
    found: dict[str, Any] = {name: row[name] for name in ("id", "title", "short", "description") if row.get(name)}
    found.setdefault("id", "")
    found["aliases"] = _lines(row["aliases"])
    found["optional"] = _flag("principles", number, "optional", row, faults)
    found["criteria"] = []
    return found


def _criterion(number: int, row: Row, faults: _Faults) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: _lines(row[name]) if name in _LINES else row[name]
        for name in _COLUMNS["criteria"]
        if name not in ("principle", "measures", *STAGES) and row.get(name)
    }
    found["measures"] = []
    for line in _lines(row.get("measures", "")):
        ref, sign, text = line.partition(":")
        if not sign or not text.strip():
            faults.cell("criteria", number, "measures", say("workbook", "faults.measure", text=line))
        else:
            found["measures"].append({"ref": ref.strip(), "text": text.strip()})
    stages = {stage: row.get(stage, "") for stage in STAGES}
    if all(stages.values()):
        found["stages"] = stages
    elif any(stages.values()):
        faults.row("criteria", number, say("workbook", "faults.half_stages"))
    return found


def _examples(rows: Iterable[tuple[int, Row]], framework: Framework | None, faults: _Faults) -> tuple[Example, ...]:
    known = set(framework.criterion_ids) if framework else None
    found: list[Example] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        raw: dict[str, Any] = {
            name: row[name] for name in ("id", "text", "strength", "stance", "stage") if row.get(name)
        }
        raw |= {name: _parted(row.get(name, "")) for name in ("criteria", "also")}
        raw |= {"hard": _flag("examples", number, "hard", row, faults), "batch": row.get("batch", "")}
        try:
            example = Example.model_validate(raw)
        except ValidationError as exc:
            for error in exc.errors():
                column = str(error["loc"][0])
                faults.cell("examples", number, column, error["msg"])
            continue
        for name in (*example.criteria, *example.also):
            if known is not None and name not in known:
                message = say("faults", "unknown_criterion", id=name, framework=framework.id if framework else "")
                faults.cell("examples", number, "criteria", message)
        first = seen.setdefault(example.id, number)
        if first != number:
            faults.cell("examples", number, "id", say("faults", "duplicate_line_id", id=example.id, first=first))
        found.append(example)
    return tuple(found)


def _questions(rows: Iterable[tuple[int, Row]], framework: Framework | None, faults: _Faults) -> Questions:
    known = framework.criterion_ids if framework else ()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for number, row in rows:
        stage = row["stage"].lower()
        if stage not in STAGES:
            faults.cell("questions", number, "stage", say("workbook", "faults.stage", text=row["stage"]))
        elif framework and row["criterion"] not in known:
            faults.cell("questions", number, "criterion", say("faults", "unknown_question", id=row["criterion"]))
        else:
            for form in ("ask", "follow"):
                if not row[form]:
                    faults.cell("questions", number, form, say("workbook", "faults.empty"))
            found.setdefault(row["criterion"], {})[stage] = {"ask": row["ask"], "follow": row["follow"]}
    for name in known if found else ():
        missing = [stage for stage in STAGES if stage not in found.get(name, {})]
        if missing:
            faults.sheet("questions", say("workbook", "faults.no_question", id=name, stages=missing))
    return found


def _flag(sheet: str, number: int, column: str, row: Row, faults: _Faults) -> bool:
    text = row.get(column, "").lower()
    if text not in ("", _yes()):
        faults.cell(sheet, number, column, say("workbook", "faults.flag", text=row[column]))
    return text == _yes()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _yes() -> str:
    return say("workbook", "yes")


def _sheet(name: str) -> str:
    return say("workbook", f"sheets.{name}")


def _heading(sheet: str, column: str) -> str:
    return say("workbook", f"columns.{sheet}.{column}.heading")


def _help_row(sheet: str) -> Row:
    """Return the template's second row, which explains each column; none of the first sheet."""
    if sheet == "framework":
        return {}
    return {name: say("workbook", f"columns.{sheet}.{name}.help") for name in _COLUMNS[sheet]}


def _field_rows(framework: Framework | None) -> list[Row]:
    rows = []
    for name in _FIELDS:
        value: Any = getattr(framework, name) if framework else ""
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        heading, note = (say("workbook", f"fields.{name}.{part}") for part in ("heading", "help"))
        rows.append({"field": heading, "value": text, "note": note})
    return rows


def _principle_rows(framework: Framework | None) -> list[Row]:
    return [
        {
            **{name: getattr(principle, name) for name in ("id", "title", "short", "description")},
            "aliases": "\n".join(principle.aliases),
            "optional": _yes() if principle.optional else "",
        }
        for principle in (framework.principles if framework else ())
    ]


def _criterion_rows(framework: Framework | None) -> list[Row]:
    rows = []
    for principle in framework.principles if framework else ():
        for criterion in principle.criteria:
            row: Row = {"principle": principle.id}
            for name in _COLUMNS["criteria"]:
                value = getattr(criterion, name, None)
                if name in _LINES - {"measures"}:
                    row[name] = "\n".join(value or ())
                elif value is not None and name != "measures":
                    row[name] = str(value)
            row["measures"] = "\n".join(f"{measure.ref}: {measure.text}" for measure in criterion.measures)
            if criterion.stages:
                row |= criterion.stages.model_dump()
            rows.append(row)
    return rows


def _example_row(example: Example) -> Row:
    return {
        **{name: getattr(example, name) or "" for name in ("id", "text", "strength", "stance", "stage", "batch")},
        **{name: ", ".join(getattr(example, name)) for name in ("criteria", "also")},
        "hard": _yes() if example.hard else "",
    }


def _write(book: Any, sheet: str, rows: Sequence[Row], *, with_help: bool = False) -> None:  # noqa: ANN401
    page = book.create_sheet(_sheet(sheet))
    columns = _COLUMNS[sheet]
    page.append([_heading(sheet, name) for name in columns])
    if with_help:
        page.append([_help_row(sheet)[name] for name in columns])
    for row in rows:
        page.append([None for _ in columns])
        for place, name in enumerate(columns, start=1):
            # As text, so that nothing that begins with "=" is ever a formula.
            cell = page.cell(page.max_row, place)
            cell.number_format = _AS_TEXT
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", row.get(name) or "") or None
            if cell.value is not None:
                cell.data_type = "s"
    for place, name in enumerate(columns, start=1):
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[page.cell(1, place).column_letter].width = _WIDTHS.get(name, _WIDTH)
        for line in range(2, page.max_row + 1):
            page.cell(line, place).alignment = Alignment(wrap_text=True, vertical="top")
        if with_help:
            page.cell(2, place).font = Font(italic=True, color="666666")
    page.freeze_panes = "A2"

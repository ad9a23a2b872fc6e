from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from govbot.errors import (
    AlreadyThere,
    FileMissing,
    FrameworkShipped,
    InvalidWorkbook,
    NoFrameworksFolder,
    VersionTaken,
)
from govbot.frameworks import (
    Example,
    Framework,
    framework_ids,
    keep_framework,
    load_framework,
    own_examples,
)
from govbot.frameworks.workbook import Imported, read_workbook, write_workbook
from govbot.records import STAGES
from tests.unit.made_up import framework

QUESTIONS = {
    name: {
        stage: {"ask": f"Who {stage}s {name}?", "follow": "“{{ quote }}” ({{ place }}): by whom?"} for stage in STAGES
    }
    for name in framework().criterion_ids
}
EXAMPLES = (
    Example(
        id="1",
        text="We water the beds.",
        criteria=("P1", "P2"),
        also=("Q",),
        strength="evidence",
        stance="positive",
        stage="do",
    ),
    Example(id="2", text="=SUM(A1) is what a bus costs.", criteria=(), hard=True, batch="ann"),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of the made-up framework."""
    path = tmp_path / "gardens.xlsx"
    write_workbook(path, framework(), QUESTIONS, EXAMPLES)
    return path


def change(path: Path, edit: Callable[[Any], None]) -> Path:
    """Edit the workbook as a person would."""
    found = load_workbook(path)
    edit(found)
    found.save(path)
    return path


def put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    """Return an edit of one cell."""

    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


def faults(path: Path) -> list[str]:
    with pytest.raises(InvalidWorkbook) as caught:
        read_workbook(path)
    found: Any = caught.value.slots["faults"]
    return list(found)


def test_what_was_written_is_read_again(book: Path) -> None:
    assert read_workbook(book) == Imported(framework=framework(), questions=QUESTIONS, examples=EXAMPLES)


def test_columns_are_found_by_their_headings_wherever_they_stand(book: Path) -> None:
    def move(found: Workbook) -> None:
        found["Criteria"].insert_cols(1, 2)
        found["Criteria"]["A1"] = "My notes"
        found["Criteria"]["A2"] = "ask Ann"

    assert read_workbook(change(book, move)).framework == framework()


def test_template_explains_every_column_and_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_workbook(path)
    found = load_workbook(path)
    assert found.sheetnames == ["Framework", "Principles", "Criteria", "Questions", "Examples"]
    for sheet in found.sheetnames[1:]:
        assert all(cell.value for cell in found[sheet][1])
        assert all(cell.value for cell in found[sheet][2])
        assert found[sheet].max_row == 2
    told = faults(path)
    assert "sheet Framework, row 2, column Value: Id: Field required" in told
    assert any(line.startswith("sheet Principles:") for line in told)


def test_filled_in_template_needs_no_more_than_it_asks_for(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    write_workbook(path)
    fields = ("parks-code", "Parks Code", "1.0.0", "Us", "2024", "A drawer", "Ours", "How parks are kept.", "rule")
    principle = ("P1", "Tidy parks", "Tidy", "Parks are tidy.", None, None)
    phrases = "\n".join(f"Litter is picked up on round number {number}." for number in range(8))
    criterion = ("P1", "P1", "Tidy parks", None, None, "Litter is gone.", "A rota", "A wish", phrases, "litter")

    def fill(found: Workbook) -> None:
        for row, value in enumerate(fields, start=2):
            found["Framework"].cell(row, 2).value = value
        found["Principles"].append(principle)
        found["Criteria"].append(criterion)

    imported = read_workbook(change(path, fill))
    assert (imported.framework.id, imported.framework.criterion_ids) == ("parks-code", ("P1",))
    assert imported.framework.principles[0].is_leaf
    assert imported.framework.criteria[0].stages is None
    assert (imported.questions, imported.examples) == ({}, ())


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (put("Framework", "B4", "one"), "sheet Framework, row 4, column Value: Version: "),
        (put("Principles", "C2", "x" * 40), "sheet Principles, row 2, column Short name: "),
        (put("Principles", "F2", "perhaps"), "sheet Principles, row 2, column Optional: “perhaps” is neither"),
        (put("Criteria", "A3", "Z"), "sheet Criteria, row 3, column Principle: there is no principle Z"),
        (put("Criteria", "B3", "P1"), "sheet Criteria, row 3, column Id: the id P1 is used twice"),
        (put("Criteria", "I2", "one\ntwo"), "sheet Criteria, row 2, column Phrases: "),
        (put("Criteria", "J3", "alias of P1"), "sheet Criteria, row 3, column Asked for as: the alias"),
        (put("Criteria", "K2", "no reference"), "sheet Criteria, row 2, column Measures: “no reference” has no"),
        (put("Criteria", "L2", None), "sheet Criteria, row 2: fill in all four stages or none"),
        (put("Questions", "B1", "When"), "sheet Questions: there is no column “Stage”"),
        (put("Criteria", "I1", "Sentences"), "sheet Criteria: there is no column “Phrases”"),
        (put("Questions", "A2", "Z"), "sheet Questions, row 2, column Criterion: there is no criterion Z"),
        (put("Questions", "B2", "wish"), "sheet Questions, row 2, column Stage: “wish” is none of"),
        (put("Questions", "C2", None), "sheet Questions, row 2, column Question: this must not be empty"),
        (put("Examples", "A3", 1), "sheet Examples, row 3, column Id: the id 1 was used on line 2"),
        (put("Examples", "C2", "Z"), "sheet Examples, row 2, column Criteria: there is no criterion Z in gardens"),
        (put("Examples", "E2", "strong"), "sheet Examples, row 2, column Strength: "),
        (lambda book: book.remove(book["Principles"]), "sheet Principles: the workbook has no such sheet"),
    ],
)
def test_fault_is_told_with_its_cell(edit: Callable[[Any], None], fault: str, book: Path) -> None:
    told = faults(change(book, edit))
    assert any(line.startswith(fault) for line in told), told


def test_every_fault_is_told_at_once(book: Path) -> None:
    def spoil(found: Workbook) -> None:
        found["Framework"]["B4"] = "one"
        found["Criteria"]["I2"] = "one"
        found["Examples"]["E2"] = "strong"

    assert len(faults(change(book, spoil))) == 3


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 cut off"])
def test_file_that_is_no_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(content)
    assert faults(path) == ["this is not an Excel workbook (.xlsx), or it is damaged or has a password"]
    with pytest.raises(FileMissing):
        read_workbook(tmp_path / "none.xlsx")


def renamed(**fields: str) -> Imported:
    made: Framework = framework().model_copy(update=fields)
    return Imported(framework=made, questions=QUESTIONS, examples=EXAMPLES)


def test_kept_framework_loads_as_it_was(tmp_path: Path) -> None:
    folder = keep_framework(renamed(), tmp_path)
    assert load_framework("gardens", tmp_path) == framework()
    assert own_examples(folder, framework()) == EXAMPLES
    assert "gardens" in framework_ids(tmp_path)
    assert "gardens" not in framework_ids()


def test_older_version_stays_beside_the_newest(tmp_path: Path) -> None:
    keep_framework(renamed(), tmp_path)
    keep_framework(renamed(version="1.1.0", title="The New Garden Code"), tmp_path)
    assert load_framework("gardens", tmp_path).title == "The New Garden Code"
    assert load_framework("gardens@1.0.0", tmp_path) == framework()
    assert [name for name in framework_ids(tmp_path) if name.startswith("gardens")] == ["gardens"]
    assert keep_framework(renamed(), tmp_path) == tmp_path / "gardens@1.0.0"
    with pytest.raises(VersionTaken):
        keep_framework(renamed(title="Other words"), tmp_path)


def test_version_before_the_newest_is_put_beside_it(tmp_path: Path) -> None:
    keep_framework(renamed(version="1.10.0"), tmp_path)
    assert keep_framework(renamed(version="1.9.0"), tmp_path) == tmp_path / "gardens@1.9.0"
    assert load_framework("gardens", tmp_path).version == "1.10.0"


def test_framework_that_is_just_being_written_is_none(tmp_path: Path) -> None:
    folder = keep_framework(renamed(), tmp_path)
    folder.rename(tmp_path / ".half")
    assert framework_ids(tmp_path) == framework_ids()


def test_import_that_fails_halfway_leaves_the_version_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_framework(renamed(), tmp_path)
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.parent != tmp_path:
            raise OSError("disk full")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(NoFrameworksFolder):
        keep_framework(renamed(version="2.0.0"), tmp_path)
    assert load_framework("gardens", tmp_path) == framework()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gardens"]


def test_what_excel_makes_of_dates_and_numbers_is_read_as_meant(book: Path) -> None:
    def type_in(found: Workbook) -> None:
        found["Framework"]["B6"] = datetime(2024, 5, 1)  # noqa: DTZ001
        found["Examples"]["A2"] = 7.0

    read = read_workbook(change(book, type_in))
    assert (read.framework.published, read.examples[0].id) == ("2024-05", "7")


def test_filled_in_workbook_is_never_overwritten(book: Path) -> None:
    with pytest.raises(AlreadyThere, match="was left as it is"):
        write_workbook(book)
    assert read_workbook(book).framework == framework()


def test_same_version_is_kept_once_and_never_overwritten(tmp_path: Path) -> None:
    folder = keep_framework(renamed(), tmp_path)
    (folder / "matcher.npz").write_bytes(b"trained")
    assert keep_framework(renamed(), tmp_path) == folder
    with pytest.raises(VersionTaken, match=r"Version 1\.0\.0 of gardens"):
        keep_framework(renamed(title="Other words"), tmp_path)
    assert (folder / "matcher.npz").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gardens"]


def test_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NoFrameworksFolder, match="cannot be written"):
        keep_framework(renamed(), tmp_path / "file")
    with pytest.raises(NoFrameworksFolder, match="Set\nGOVBOT_FRAMEWORKS|Set GOVBOT_FRAMEWORKS"):
        keep_framework(renamed(), None)
    with pytest.raises(FrameworkShipped):
        keep_framework(renamed(id="clear"), tmp_path)

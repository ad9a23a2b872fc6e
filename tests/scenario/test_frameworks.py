"""`govbot frameworks`: list, show, and validate a copy that somebody broke."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from govbot.frameworks import framework_ids, load_framework, own_examples
from govbot.frameworks.workbook import read_workbook, write_workbook
from govbot.resources import resource
from tests.scenario.command import folded, govbot
from tests.unit.made_up import framework

SHIPPED = (
    *("best-value", "cipfa-ifac", "clear", "national-toms", "oecd-skills", "public-value", "public-value-framework"),
    *("social-value-act", "social-value-model", "social-value-principles"),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The framework.yaml of a copy of the social value principles, without its examples."""
    folder = tmp_path / "social-value-principles"
    folder.mkdir()
    shutil.copy(resource("principles") / folder.name / "framework.yaml", folder)
    return folder / "framework.yaml"


def _edit(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_list_has_a_line_a_framework() -> None:
    head, *lines = govbot("frameworks", "list").out.splitlines()
    assert head.split() == ["Framework", "Title", "Criteria", "Version"]
    for name in framework_ids():
        framework = load_framework(name)
        (line,) = [folded(line) for line in lines if line.startswith(f"{name} ")]
        assert line.endswith(f" {len(framework.criteria)} {framework.version}")


@pytest.mark.parametrize("name", SHIPPED)
def test_show_tells_every_criterion_and_what_counts(name: str) -> None:
    out = folded(govbot("frameworks", "show", name).out)
    for criterion in load_framework(name).criteria:
        assert f"{criterion.id} {folded(criterion.title)}" in out
        for line in (criterion.description, *criterion.counts, *criterion.does_not_count, *criterion.aliases):
            assert folded(line) in out


def test_show_of_an_unknown_framework_names_the_known() -> None:
    done = govbot("frameworks", "show", "cipfa")
    assert (done.code, done.out) == (1, "")
    assert "cipfa" in done.err and ", ".join(SHIPPED) in folded(done.err)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_frameworks_have_no_faults(name: str) -> None:
    framework = load_framework(name)
    done = govbot("frameworks", "validate", resource("principles") / name)
    criteria = len(framework.criteria)
    told = rf"{name} {framework.version} has no faults: {criteria} criteria, \d+ examples, {4 * criteria} questions\.\n"
    assert done.code == 0
    assert re.fullmatch(told, done.out)


def test_copy_elsewhere_and_the_file_itself_are_valid(copy: Path) -> None:
    assert govbot("frameworks", "validate", copy.parent).out == govbot("frameworks", "validate", copy).out


FAULTS = [
    (
        "unknown key",
        ('    title: "Involve stakeholders"', '    colour: red\n    title: "Involve stakeholders"'),
        "colour",
        "principles.SV1.colour",
    ),
    ("missing key", ('    short: "Involving those affected"\n', ""), "- id: SV1", "principles.SV1.short"),
    (
        "wrong kind",
        ('    short: "Involving those affected"', "    short: [a, b]"),
        "short: [a, b]",
        "principles.SV1.short",
    ),
    (
        "duplicate key",
        ("group_word: principle", "group_word: principle\ngroup_word: pillar"),
        "group_word: pillar",
        "group_word",
    ),
    ("duplicate id", ("- id: SV2", "- id: SV1"), None, "principles.SV1.id"),
    ("cycle", ("cycle: []", "cycle: [SV9]"), "cycle: [SV9]", "cycle"),
    ("folder", ("id: social-value-principles", "id: social-value"), "id: social-value", "id"),
]


@pytest.mark.parametrize(("edit", "line", "path"), [item[1:] for item in FAULTS], ids=[item[0] for item in FAULTS])
def test_fault_is_told_by_file_line_and_path(copy: Path, edit: tuple[str, str], line: str | None, path: str) -> None:
    _edit(copy, edit)
    lines = copy.read_text(encoding="utf-8").splitlines()
    if line is None:
        number = [place for place, text in enumerate(lines, start=1) if text == "  - id: SV1"][1]
    else:
        number = next(place for place, text in enumerate(lines, start=1) if line in text)
    done = govbot("frameworks", "validate", copy.parent)
    assert (done.code, done.out) == (1, "")
    assert f"- framework.yaml, line {number}, {path}" in folded(done.err)


def test_all_faults_are_told_at_once(copy: Path) -> None:
    _edit(
        copy,
        *(FAULTS[place][1] for place in (0, 3)),
        ('version: "1.0.0"\n', ""),
        ('    short: "Evidence of change"\n', ""),
    )
    err = folded(govbot("frameworks", "validate", copy).err)
    told = re.findall(r"framework\.yaml, line \d+, ([\w.]+):", err)
    assert sorted(told) == ["group_word", "principles.SV1.colour", "principles.SV2.short", "version"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a: [1\nb: 2\n", r"framework\.yaml, line 2: this is not valid YAML"),
        (b"\xff\xfea", r"framework\.yaml is not saved as UTF-8 text"),
        (b"- a\n- b\n", r"framework\.yaml must start with keys"),
        (b"", r"framework\.yaml must start with keys"),
    ],
    ids=["syntax", "not UTF-8", "a list", "empty"],
)
def test_file_that_is_no_framework(copy: Path, data: bytes, told: str) -> None:
    copy.write_bytes(data)
    done = govbot("frameworks", "validate", copy.parent)
    assert (done.code, done.out) == (1, "")
    assert re.search(told, folded(done.err))


def test_every_bad_example_is_told(copy: Path) -> None:
    lines = [
        '{"id": "a", "text": "x", "criteria": ["SV1"]}',
        "no JSON",
        '{"id": "b", "text": "x", "criteria": ["SV99"]}',
        '{"id": "a", "text": "x", "criteria": []}',
        '{"id": "c", "text": ""}',
    ]
    copy.with_name("examples.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = govbot("frameworks", "validate", copy.parent)
    assert (done.code, done.out) == (1, "")
    assert sorted(set(re.findall(r"examples\.jsonl, line (\d)", done.err))) == ["2", "3", "4", "5"]


@pytest.mark.parametrize("name", ["nothing-here", "."])
def test_folder_without_a_framework_is_told(tmp_path: Path, name: str) -> None:
    done = govbot("frameworks", "validate", tmp_path / name)
    assert (done.code, done.out) == (1, "")
    assert "is not there or cannot be opened" in folded(done.err)


@pytest.mark.parametrize("command", ["check", "match"])
def test_broken_framework_stops_a_command_with_its_faults(principles: Path, tmp_path: Path, command: str) -> None:
    _edit(principles / "social-value-principles" / "framework.yaml", FAULTS[0][1])
    path = tmp_path / "draft.jsonl"
    path.write_text('{"id": "a", "text": "Risks have owners."}', encoding="utf-8")
    done = govbot(command, path, "--framework", "social-value-principles")
    assert (done.code, done.out) == (1, "")
    assert "principles.SV1.colour" in done.err


def test_broken_questions_stop_a_check_with_their_faults(principles: Path, tmp_path: Path) -> None:
    _edit(principles.parent / "prompts/questions/social-value-principles.yaml", ("SV3:", "SV33:"))
    path = tmp_path / "draft.txt"
    path.write_text("Risks have owners.", encoding="utf-8")
    done = govbot("check", path, "-f", "social-value-principles")
    assert (done.code, done.out) == (1, "")
    assert "there is no criterion SV33" in folded(done.err) and "SV3 has no questions" in folded(done.err)


def test_crosswalk_tells_what_two_frameworks_share() -> None:
    out = folded(govbot("frameworks", "crosswalk", "clear", "cipfa-ifac").out)
    assert "RT Responded to part of" in out
    assert "wider than" in folded(govbot("frameworks", "crosswalk", "cipfa-ifac", "clear").out)
    done = govbot("frameworks", "crosswalk", "clear", "clear")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("No criterion of CLEAR")


def test_show_of_questions_and_of_an_optional_part() -> None:
    out = folded(govbot("frameworks", "show", "public-value-framework").out)
    assert "How well-defined is the overall vision for this area of spending?" in out
    assert "Area: Cost shifting" in out
    out = folded(govbot("frameworks", "show", "national-toms").out)
    assert out.count("An optional part") == 1
    assert "Measures as published: • NT1: " in out


def test_template_is_written_once_a_folder_is_there(tmp_path: Path) -> None:
    done = govbot("frameworks", "template", "--out", tmp_path / "mine.xlsx")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "mine.xlsx").stat().st_size > 0
    done = govbot("frameworks", "template", "--out", tmp_path / "no folder" / "mine.xlsx")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written" in done.err


@pytest.mark.parametrize("name", ["public-value-framework", "national-toms"])
def test_what_is_exported_is_told_apart_from_what_ships(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.xlsx"
    assert govbot("frameworks", "export", name, "--out", path).code == 0
    read = read_workbook(path)
    assert read.framework == load_framework(name)
    own = own_examples(resource("principles") / name, read.framework)
    assert [(one.id, one.text, one.criteria) for one in read.examples] == [(o.id, o.text, o.criteria) for o in own]
    monkeypatch.setenv("GOVBOT_FRAMEWORKS", str(tmp_path))
    done = govbot("frameworks", "import", path)
    assert (done.code, done.out) == (1, "")
    assert "belongs to a framework that comes with govbot" in folded(done.err)


def test_workbook_cannot_be_imported_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    write_workbook(path, framework())
    done = govbot("frameworks", "import", path)
    assert (done.code, done.out) == (1, "")
    assert "Set GOVBOT_FRAMEWORKS to a folder" in folded(done.err)

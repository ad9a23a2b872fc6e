"""`govbot check` with several files, folders, standard input, frameworks and --fail-on."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.scenario.command import DRAFT, govbot
from tests.scenario.conftest import Write
from tests.scenario.drafts import docx_draft, pdf_draft, social_value_draft

TEXT = "The Board publishes the reasons for every decision that it takes.\n"
SV = ("--framework", "social-value-principles")
#: Drafts by the statuses that they show, and the levels at which they fall short. Each has several makings, as a
#: matcher trained anew may read an example differently.
FALLS_SHORT = [
    ({"evidenced"}, [{}], set()),
    (
        {"evidenced", "gap"},
        [{"SV1": ("evidence", "none")}, {"SV3": ("mention", "none")}, {"SV5": ("mention", "none")}],
        {"gap", "absent", "mentioned"},
    ),
    (
        {"evidenced", "absent"},
        [{"SV5": ("evidence", "absent")}, {"SV8": ("mention", "absent")}],
        {"absent", "mentioned"},
    ),
    ({"evidenced", "mentioned"}, [{"SV8": ("mention", "positive")}, {"SV1": ("mention", "positive")}], {"mentioned"}),
]


@pytest.mark.parametrize(("statuses", "makings", "short"), FALLS_SHORT, ids=["none", "gap", "absent", "mentioned"])
def test_fail_on(write: Write, statuses: set[str], makings: list[dict[str, tuple[str, str]]], short: set[str]) -> None:
    for making in makings:
        path = write("draft.md", social_value_draft(**making))
        (assessment,) = govbot("check", path, *SV, "--format", "json").data["assessments"]
        if {item["status"] for item in assessment["criteria"]} == statuses:
            break
    else:
        pytest.fail(f"no draft of examples shows {statuses} any more")
    codes = {level: govbot("check", path, *SV, "--fail-on", level).code for level in ("gap", "absent", "mentioned")}
    assert codes == {level: 3 if level in short else 0 for level in codes}


def test_several_files_give_an_object_a_line_in_order(write: Write) -> None:
    paths = [write("b.txt", TEXT), write("a.docx", docx_draft(TEXT)), write("c.pdf", pdf_draft())]
    done = govbot("check", *paths, "--format", "json")
    assert [line["document"]["name"] for line in done.lines] == ["b.txt", "a.docx", "c.pdf"]
    assert [line["document"]["media_type"].rpartition("/")[2][-12:] for line in done.lines] == [
        "plain",
        "gml.document",
        "pdf",
    ]


def test_one_bad_file_does_not_stop_the_others(write: Write) -> None:
    bad, good = write("bad.txt", ""), write("good.txt", TEXT)
    for order in ([bad, good], [good, bad]):
        done = govbot("check", *order, "--format", "json", "--fail-on", "gap")
        assert done.code == 1
        assert [line["document"]["name"] for line in done.lines] == ["good.txt"]
        assert "bad.txt is empty" in done.err


def test_folder_stands_for_the_documents_in_it(write: Write) -> None:
    for name in ("b/two.md", "a/one.txt", "a/.hidden.txt", "a/~$one.docx", "a/picture.png", ".git/three.txt"):
        write(f"drafts/{name}", TEXT)
    folder = write("drafts/zero.TXT", TEXT).parent
    done = govbot("check", folder, folder / "a" / "one.txt", "--format", "json")
    assert [line["document"]["name"] for line in done.lines] == ["one.txt", "two.md", "zero.TXT"]


def test_standard_input_is_text() -> None:
    piped = govbot("check", "-", "--format", "json", stdin=TEXT).data
    assert (piped["document"]["name"], piped["document"]["media_type"]) == ("standard input", "text/plain")


def test_file_and_standard_input_give_the_same(write: Write) -> None:
    piped = govbot("check", "-", "--format", "json", stdin=TEXT).data
    read = govbot("check", write("draft.txt", TEXT), "--format", "json").data
    assert piped["assessments"] == read["assessments"]
    assert piped["document"]["sha256"] == read["document"]["sha256"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("Caf\xe9s publish reasons.".encode("cp1252"), id="windows-1252"),
        pytest.param("﻿Boards publish reasons.".encode("utf-16-le"), id="utf-16"),
    ],
)
def test_standard_input_is_decoded_as_a_file_is(write: Write, data: bytes) -> None:
    piped, read = (
        govbot("check", "-", "--format", "json", stdin=data),
        govbot("check", write("d.txt", data), "--format", "json"),
    )
    assert (piped.code, read.code) == (0, 0)
    assert piped.data["assessments"] == read.data["assessments"]


def test_standard_input_may_be_any_format(write: Write) -> None:
    piped = govbot("check", "-", "--format", "json", stdin=pdf_draft()).data
    read = govbot("check", write("h.pdf", pdf_draft()), "--format", "json").data
    assert {**piped["document"], "name": "h.pdf"} == read["document"]
    assert piped["assessments"] == read["assessments"]


@pytest.mark.parametrize(
    ("given", "assessed"),
    [
        ((), ["cipfa-ifac", "social-value-principles"]),
        (("-f", "cipfa-ifac"), ["cipfa-ifac"]),
        (("-f", "social-value-principles", "-f", "cipfa-ifac"), ["social-value-principles", "cipfa-ifac"]),
        (("-f", "cipfa-ifac", "--framework", "cipfa-ifac"), ["cipfa-ifac"]),
    ],
    ids=["default", "one", "two", "twice"],
)
def test_frameworks_are_those_asked_for_in_order(write: Write, given: tuple[str, ...], assessed: list[str]) -> None:
    found = govbot("check", write("draft.txt", TEXT), *given, "--format", "json").data
    assert [item["framework"] for item in found["assessments"]] == assessed


def test_one_framework_is_the_whole_report() -> None:
    out = govbot("check", DRAFT, *SV).out
    assert "Principles of Social Value\n" in out
    assert "International Framework" not in out and "Plan, do, check, act" not in out


@pytest.mark.parametrize("form", ["text", "md"])
def test_several_reports_follow_each_other(write: Write, form: str) -> None:
    paths = [write("one.txt", TEXT), write("two.txt", TEXT)]
    out = govbot("check", *paths, "--format", form).out
    assert re.search(r"one\.txt.+What to ask the authors.+two\.txt.+What to ask the authors", out, re.S)


@pytest.mark.parametrize("form", ["text", "md"])
def test_an_empty_line_parts_reports(write: Write, form: str) -> None:
    paths = [write("one.txt", TEXT), write("two.txt", TEXT)]
    out = govbot("check", *paths, "--format", form).out
    assert re.search(r"\n\n(# )?two", out)


def test_folder_in_the_cache_is_closed_to_others(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", str(tmp_path / "cache"))
    govbot("check", write("draft.txt", TEXT))
    files = [tmp_path / "cache", *(tmp_path / "cache").iterdir()]
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []
    assert [path.name for path in files[1:] if TEXT.strip().encode() in path.read_bytes()] == []


def test_cache_off_writes_nothing(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", "off")
    monkeypatch.chdir(tmp_path)
    govbot("check", write("draft.txt", TEXT))
    assert [path.name for path in tmp_path.iterdir()] == ["draft.txt"]


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Actions"
    sheet.append(["Action", "Owner", "Done"])
    sheet.append(["The board meets in public and publishes its papers and the reasons for decisions", "Clerk", "Yes"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "place", "where"),
    [
        ("plan.xlsx", _workbook(), {"page": None, "paragraph": 2, "section": ["Actions"]}, "row 2, in “Actions”"),
        (
            "plan.csv",
            b"Action;Owner\nThe board meets in public and publishes its papers and the reasons for decisions;Clerk\n",
            {"page": None, "paragraph": 2, "section": []},
            "row 2",
        ),
        (
            "plan.html",
            b"<html><nav>Home</nav><main><h1>Plan</h1><h2>Openness</h2><p>The board meets in public and publishes its "
            b"papers and the reasons for its decisions.</p></main></html>",
            {"page": None, "paragraph": 3, "section": ["Openness"]},
            "paragraph 3, in “Openness”",
        ),
    ],
    ids=["xlsx", "csv", "html"],
)
def test_a_quote_s_place_is_told_as_its_format_has_it(
    write: Write, name: str, content: bytes, place: dict[str, object], where: str
) -> None:
    path = write(name, content)
    (assessment,) = govbot("check", path, "--framework", "cipfa-ifac", "--format", "json").data["assessments"]
    (openness,) = (item for item in assessment["criteria"] if item["id"] == "B1")
    (quote,) = openness["evidence"]
    assert quote["quote"].startswith("The board meets in public")
    assert {key: quote[key] for key in place} == place
    assert f"    {where}\n" in govbot("check", path, "--framework", "cipfa-ifac").out


def test_a_row_is_a_row_where_a_finished_check_is_read_under_another_framework(write: Write) -> None:
    done = govbot("check", write("plan.xlsx", _workbook()), "--framework", "cipfa-ifac", "--format", "json")
    finished = write("check.json", done.out.encode())
    carried = govbot("frameworks", "crosswalk", "cipfa-ifac", "public-value", "--assessment", finished).out
    assert "row 2" in carried
    assert "paragraph" not in carried

"""What goes wrong is told in one paragraph: what, why and what to do; nothing else, and nothing of the draft."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from govbot import errors
from govbot.cli import console
from govbot.cli.main import run
from tests.make_pdf import PdfPage, encrypted, make_pdf
from tests.scenario.command import DRAFT, folded, govbot
from tests.scenario.conftest import Write
from tests.scenario.drafts import bomb, docx_draft, pdf_draft

SECRET = "Zebras publish quarterly reasons"
PAGE = PdfPage().text(70, 700, f"{SECRET}.")


def _ods() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", f"<x>{SECRET}</x>")
    return out.getvalue()


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A command that cannot be done."""

    error: type[errors.GovbotError]
    #: What the message names, and the way out that it gives.
    names: str
    way_out: str
    #: The file to write; None writes none.
    file: str = "draft.txt"
    content: Callable[[], bytes] | None = lambda: f"{SECRET}.".encode()
    #: {file} and {folder} are filled in.
    arguments: tuple[str, ...] = ("check", "{file}")
    settings: dict[str, str] = field(default_factory=dict)


BAD = {
    "missing file": Bad(error=errors.FileMissing, content=None, names="draft.txt", way_out="Check the spelling"),
    "empty file": Bad(error=errors.EmptyFile, content=bytes, names="draft.txt", way_out="save the draft again"),
    "white space only": Bad(
        error=errors.EmptyFile, content=lambda: b" \n\t\r\n" * 99, names="draft.txt", way_out="save the draft again"
    ),
    "empty standard input": Bad(
        error=errors.EmptyFile, arguments=("check", "-"), names="standard input", way_out="again"
    ),
    "pictures only": Bad(
        error=errors.ScanUnread,
        file="scan.pdf",
        content=lambda: make_pdf(PdfPage().picture()),
        names="scan.pdf",
        settings={"GOVBOT_OCR": "off"},
        way_out="Export the draft from the program it was written in",
    ),
    "password": Bad(
        error=errors.PasswordProtected,
        file="locked.pdf",
        content=lambda: encrypted(PAGE, user="s"),
        names="locked.pdf",
        way_out="Remove the password",
    ),
    "truncated PDF": Bad(
        error=errors.TruncatedFile,
        file="cut.pdf",
        content=lambda: pdf_draft()[:600],
        names="cut.pdf",
        way_out="export it again",
    ),
    "truncated DOCX": Bad(
        error=errors.TruncatedFile,
        file="cut.docx",
        content=lambda: DRAFT.read_bytes()[:9000],
        names="cut.docx",
        way_out="export it again",
    ),
    "PDF called DOCX": Bad(
        error=errors.WrongExtension,
        file="draft.docx",
        content=pdf_draft,
        names="it is a PDF",
        way_out="Give it the right ending",
    ),
    "DOCX called PDF": Bad(
        error=errors.WrongExtension,
        file="draft.pdf",
        content=lambda: docx_draft(SECRET),
        names="it is a Word document",
        way_out="Give it the right ending",
    ),
    "bomb": Bad(
        error=errors.FileTooLarge,
        file="bomb.docx",
        content=bomb,
        names="bomb.docx",
        way_out="split the draft into parts",
    ),
    "bomb that claims to be small": Bad(
        error=errors.DocumentError,
        file="bomb.docx",
        content=lambda: bomb(honest=False),
        names="bomb.docx",
        way_out="again",
    ),
    "ods": Bad(
        error=errors.UnsupportedFormat,
        file="draft.ods",
        content=_ods,
        names="an OpenDocument spreadsheet (.ods)",
        way_out="Save the draft in one of these",
    ),
    "rtf": Bad(
        error=errors.ConverterMissing,
        file="draft.rtf",
        content=lambda: f"{{\\rtf1 {SECRET}}}".encode(),
        settings={"PATH": "{folder}"},
        names="a Rich Text document (.rtf)",
        way_out="Save the draft as a Word document (.docx) or as PDF",
    ),
    "too large": Bad(
        error=errors.FileTooLarge,
        content=lambda: b"word " * 300_000,
        settings={"GOVBOT_FILE_MB": "1"},
        names="draft.txt",
        way_out="split the draft into parts",
    ),
    "folder without drafts": Bad(
        error=errors.NothingToRead,
        file="drafts/notes.xyz",
        arguments=("check", "{folder}"),
        names="drafts",
        way_out="It reads PDF, Word",
    ),
    "unknown framework": Bad(
        error=errors.UnknownFramework,
        arguments=("check", "{file}", "-f", "ifac"),
        names="ifac",
        way_out="Use one of these",
    ),
    "missing model": Bad(
        error=errors.GovbotError,
        settings={"GOVBOT_MODEL": "/no/such/model"},
        names="/no/such/model",
        way_out="GOVBOT_MODEL",
    ),
    "cache is a file": Bad(
        error=errors.CacheNotWritable, settings={"GOVBOT_CACHE": "{file}"}, names="{file}", way_out="GOVBOT_CACHE=off"
    ),
    "bad settings": Bad(
        error=errors.InvalidSettings,
        settings={"GOVBOT_READ_SECONDS": "soon", "GOVBOT_FILE_MB": "0"},
        names="GOVBOT_READ_SECONDS",
        way_out="Mend them and try again",
    ),
    "missing passages": Bad(
        error=errors.FileMissing,
        content=None,
        arguments=("match", "{file}"),
        names="draft.txt",
        way_out="Check the spelling",
    ),
    "missing questions": Bad(
        error=errors.FileMissing,
        content=None,
        arguments=("ask", "-", "--questions", "{file}"),
        names="draft.txt",
        way_out="Check the spelling",
    ),
    "missing labels": Bad(
        error=errors.FileMissing,
        content=None,
        arguments=("evaluate", "--data", "{file}"),
        names="draft.txt",
        way_out="Check the spelling",
    ),
    "ask about nothing": Bad(
        error=errors.EmptyFile,
        content=bytes,
        arguments=("ask", "{file}", "openness"),
        names="draft.txt",
        way_out="save the draft again",
    ),
}


def _prepare(bad: Bad, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Callable[[str], str]]:
    path = folder / bad.file
    if bad.content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bad.content())

    def fill(text: str) -> str:
        return text.format(file=path, folder=path.parent)

    for name, value in bad.settings.items():
        monkeypatch.setenv(name, fill(value))
    return [fill(word) for word in bad.arguments], fill


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_input_is_told_in_one_paragraph(bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments, fill = _prepare(bad, tmp_path, monkeypatch)
    done = govbot(*arguments)
    assert (done.code, done.out) == (1, "")
    assert done.err.lstrip().startswith("govbot: ")
    assert "\n\n" not in done.err.strip()
    assert "".join(fill(bad.names).split()) in "".join(done.err.split())
    assert bad.way_out in folded(done.err)
    assert not re.search("Traceback|Error|Exception|did not expect|<class|0x", done.err)
    assert SECRET not in done.err


DEBUG = [name for name, bad in BAD.items() if not issubclass(bad.error, errors.DocumentError)]


@pytest.mark.parametrize(
    "name",
    [*DEBUG, "ask about nothing", "empty file"],
)
def test_debug_shows_the_error_itself(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments, _ = _prepare(BAD[name], tmp_path, monkeypatch)
    with pytest.raises(BAD[name].error):
        run([*arguments, "--debug"])


def test_all_bad_settings_are_told(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    for name in ("READ_SECONDS", "READ_MEMORY_MB", "FILE_MB"):
        monkeypatch.setenv(f"GOVBOT_{name}", "soon")
    err = govbot("check", write("draft.txt", SECRET)).err
    assert re.findall(r"GOVBOT_\w+", err) == ["GOVBOT_READ_MEMORY_MB", "GOVBOT_READ_SECONDS", "GOVBOT_FILE_MB"]


def test_hostile_name_and_text_change_nothing(write: Write) -> None:
    path = write(
        "[red]draft[bold] {{ 7*7 }}.md", f"# [bold]Plan[/bold] {{{{ 7*7 }}}}\n\n{SECRET} \x1b[31m[link=x]here[/link].\n"
    )
    done = govbot("check", path, "--all")
    assert done.code == 0
    assert "[red]draft[bold] {{ 7*7 }}.md" in done.out and "[bold]Plan[/bold] {{ 7*7 }}" in done.out
    assert "\x1b" not in done.out


def test_quick_command_says_nothing_on_standard_error(write: Write) -> None:
    path = write("draft.txt", f"{SECRET}.")
    govbot("check", path)
    assert govbot("check", path).err == ""


class AtOnce:
    """A timer whose time is up when it starts."""

    def __init__(self, _: float, begin: Callable[[], None]) -> None:
        self.start = begin

    def cancel(self) -> None:
        """Nothing is left to cancel."""


def test_slow_command_says_what_it_does_on_lines_of_their_own(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    monkeypatch.setattr(console.threading, "Timer", AtOnce)
    path = write("draft.txt", b"")
    progress, message = govbot("check", path).err.split("govbot: ")
    assert "".join(progress.split()) == f"Reading{path}…"
    assert folded(message).startswith("draft.txt ")


def test_missing_model_is_told_as_missing(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    monkeypatch.setenv("GOVBOT_MODEL", "/no/such/model")
    with pytest.raises(errors.ModelMissing):
        run(["check", str(write("draft.txt", SECRET)), "--debug"])


@pytest.mark.parametrize("value", ["", "OFF", "~/govbot-cache"])
def test_cache_setting_never_makes_an_odd_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Write, value: str
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOVBOT_CACHE", value)
    monkeypatch.chdir(tmp_path / "here")
    govbot("match", stdin='{"id": "a", "text": "Risks have owners."}')
    assert os.listdir(tmp_path / "here") == []


def test_unknown_setting_is_told(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    monkeypatch.setenv("GOVBOT_CASHE", "off")
    done = govbot("check", write("draft.txt", SECRET))
    assert (done.code, "GOVBOT_CASHE" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", "{path}", "openness"), "holds no document"),
        (("match", "{path}"), "is a folder"),
        (("match", "{latin}"), "UTF-8"),
    ],
    ids=["ask", "match", "not UTF-8"],
)
def test_message_tells_what_is_wrong(tmp_path: Path, write: Write, arguments: tuple[str, ...], told: str) -> None:
    latin = write("latin.jsonl", b'{"id": "a", "text": "caf\xe9"}')
    done = govbot(*(word.format(path=tmp_path, latin=latin) for word in arguments))
    # Where lines break depends on how long the folder's name is.
    assert told in " ".join(done.err.split())


def test_draft_that_only_asks_is_all_gaps(write: Write) -> None:
    found = govbot("check", write("draft.txt", "Do you agree with the plan?\n"), "--format", "json").data
    assert {item["status"] for one in found["assessments"] for item in one["criteria"]} == {"gap"}


def test_question_of_the_draft_is_never_nearest_above_the_bar(write: Write) -> None:
    asked = (
        "Do you agree that the Board should publish the reasons for each decision, with the advice that it took?\n\n"
        "# Lunch\n\nSoup is served from noon, with bread from the bakery in Mill Lane.\n"
    )
    found = govbot("check", write("draft.md", asked), "--format", "json").data
    nearest = [item["nearest"] for one in found["assessments"] for item in one["criteria"] if item["nearest"]]
    assert [item for item in nearest if item["score"] >= item["threshold"]] == []

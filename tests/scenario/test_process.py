"""govbot in a process of its own: exit codes, pipes, `-`, settings of the terminal, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from govbot import __version__
from govbot.embedding import TransformerEncoder
from govbot.errors import ModelMissing
from govbot.resources import resource
from tests.scenario.command import DRAFT, Outcome, command, folded, govbot, govbot_process
from tests.scenario.conftest import Write

SV = str(resource("principles/social-value-principles"))
TEXT = "The Board publishes the reasons for every decision that it takes, and the café’s accounts.\n"


def test_pipe_gets_what_the_command_prints_here(shown: Outcome) -> None:
    done = govbot_process("check", DRAFT, PYTHONHASHSEED="7")
    assert (done.code, done.out) == (0, shown.out)
    assert "\x1b" not in done.err


def test_standard_input_and_exit_code_3() -> None:
    done = govbot_process("check", "-", "--format", "json", "--fail-on", "gap", stdin=TEXT.encode())
    assert done.code == 3
    assert done.data["document"]["name"] == "standard input"
    assert "café’s" in json.dumps(done.data, ensure_ascii=False)


@pytest.mark.parametrize(
    "arguments",
    [("frameworks", "list"), ("frameworks", "validate", SV), ("check", "--help")],
    ids=["rich", "plain", "help"],
)
def test_reader_that_leaves_ends_the_command_quietly(arguments: tuple[str, ...]) -> None:
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (1, b"")


def test_debug_shows_a_traceback_and_else_none() -> None:
    plain, debug = (govbot_process(*first, "frameworks", "show", "ifac") for first in ((), ("--debug",)))
    assert (plain.code, plain.out, "Traceback" in plain.err) == (1, "", False)
    assert (debug.code, debug.out) == (1, "")
    assert "Traceback (most recent call last)" in debug.err and "errors.UnknownFramework: There is no" in debug.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("check",),
        ("nope",),
        ("check", "a", "--format", "xml"),
        ("check", "a", "--fail-on", "all"),
        ("check", "-", "-"),
        ("ask", "a"),
        ("ask", "a", "b", "--questions", "c"),
        ("check", "a", "--nope"),
        ("evaluate",),
        ("frameworks", "show"),
        ("evaluate", "--data", "a", "--mistakes", "-1"),
        ("match", "a", "b"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    done = govbot(*arguments)
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert "Usage: govbot" in done.err + done.out


@pytest.mark.parametrize(
    "arguments", [("--help",), ("-h",), ("check", "--help"), ("frameworks", "--help")], ids=" ".join
)
def test_help_is_data(arguments: tuple[str, ...]) -> None:
    done = govbot(*arguments)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: govbot")


def test_help_names_every_setting_and_version_is_ours() -> None:
    out = govbot("--help").out
    names = ("MODEL", "CACHE", "READ_SECONDS", "READ_MEMORY_MB", "FILE_MB")
    assert [name for name in names if f"GOVBOT_{name}" not in out] == []
    assert govbot("--version").out == f"{__version__}\n"


def test_unexpected_error_gives_no_traceback_and_no_text(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(TEXT)

    monkeypatch.setattr("govbot.pipeline.split_passages", fail)
    done = govbot("check", write("draft.txt", TEXT))
    assert (done.code, done.out) == (1, "")
    assert "did not expect (RuntimeError)" in folded(done.err) and "--debug" in done.err
    assert "The Board" not in done.err and "Traceback" not in done.err


def test_colour_stands_only_where_it_is_asked_for(shown: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = govbot("check", DRAFT).out
    assert "\x1b[32m" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert re.findall(r"[\w.]+", plain) == re.findall(r"[\w.]+", shown.out)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in govbot("check", DRAFT).out


def test_narrow_terminal_loses_no_word(shown: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    narrow = govbot("check", DRAFT)
    assert max(map(len, narrow.out.splitlines())) <= 60
    assert sorted(set(shown.out.split()) - set(narrow.out.split()) - set("-" * n for n in range(99))) == []


def test_output_is_utf_8_in_every_locale() -> None:
    done = govbot_process("--help", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.code, done.out) == (0, govbot("--help").out)


def test_file_name_that_is_no_utf_8_can_be_told(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).touch()
    done = govbot("check", tmp_path / name)
    assert (done.code, done.out, "is empty" in done.err) == (1, "", True)


def test_input_is_utf_8_in_every_locale() -> None:
    done = govbot("check", "-", stdin=TEXT.encode(), locale="ascii")
    assert done.code == 0
    assert "café’s" in done.out


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("a command asked the network")

    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, fail)
    monkeypatch.setattr(socket.socket, "connect", fail)
    assert govbot("check", write("d.txt", TEXT)).code == 0


def test_ctrl_c_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    done = _interrupted(monkeypatch)
    assert (done.code, done.out, "Traceback" in done.err) == (130, "", False)


def test_ctrl_c_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Stopped." in _interrupted(monkeypatch).err


def _interrupted(monkeypatch: pytest.MonkeyPatch) -> Outcome:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("govbot.cli.match.match_texts", interrupt)
    return govbot("match", stdin='{"id": "a", "text": "x"}')


def test_errors_are_seen_while_the_model_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """It loads in a thread, and standard error is the whole process's."""
    seen: list[object] = []

    def load(*_: object, **__: object) -> None:
        seen.append(sys.stderr)
        raise OSError

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", load)
    with pytest.raises(ModelMissing):
        TransformerEncoder("another").load()
    assert seen == [sys.stderr]

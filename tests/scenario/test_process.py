"""govbot in a process of its own: exit codes, pipes, `-`, settings of the terminal, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from govbot import __version__
from tests.scenario.command import DRAFT, Outcome, command, folded, govbot, govbot_process
from tests.scenario.conftest import Write

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


@pytest.mark.parametrize("arguments", [("frameworks", "show", "cipfa-ifac"), ("match", "--json")], ids=["text", "JSON"])
def test_reader_that_leaves_ends_the_command_quietly(arguments: tuple[str, ...]) -> None:
    lines = b"".join(b'{"id": "%d", "text": "Risks have owners."}\n' % number for number in range(400))
    process = subprocess.Popen(
        command(*arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(lines)
    process.stdin.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 1
    assert not any(word in err for word in ("Traceback", "govbot:", "Exception", "BrokenPipe"))


def test_debug_shows_a_traceback_and_else_none(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pdf"
    plain, debug = govbot_process("check", missing), govbot_process("--debug", "check", missing)
    assert (plain.code, plain.out, "Traceback" in plain.err) == (1, "", False)
    assert (debug.code, debug.out) == (1, "")
    assert "Traceback (most recent call last)" in debug.err and "errors.FileMissing: missing.pdf cannot" in debug.err


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("check",), ("nope",), ("check", "a", "--format", "xml"), ("check", "a", "--fail-on", "all"), ("check", "-", "-"),
        ("ask", "a"), ("ask", "a", "b", "--questions", "c"), ("check", "a", "--nope"), ("evaluate",), ("frameworks", "show"),
        ("evaluate", "--data", "a", "--mistakes", "-1"), ("match", "a", "b"),
    ],
    ids=" ".join,
)  # fmt: skip
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


def test_colour_stands_only_where_it_is_asked_for(shown: Outcome) -> None:
    coloured = govbot_process("check", DRAFT, FORCE_COLOR="1")
    assert "\x1b[" in coloured.out
    assert govbot_process("check", DRAFT, FORCE_COLOR="1", NO_COLOR="1").out.count("\x1b[3") <= coloured.out.count(
        "\x1b[3"
    )


def test_narrow_terminal_loses_no_word(shown: Outcome) -> None:
    narrow = govbot_process("check", DRAFT, COLUMNS="60")
    assert max(map(len, narrow.out.splitlines())) <= 60
    assert sorted(set(shown.out.split()) - set(narrow.out.split()) - set("-" * n for n in range(99))) == []


def test_output_is_utf_8_in_every_locale(write: Write) -> None:
    path = write("draft.txt", TEXT)
    done = govbot_process("check", path, "--format", "json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.code == 0
    assert "café’s" in done.out


@pytest.mark.xfail(
    strict=True, reason="fault: standard input is decoded by the locale, not as UTF-8 (cli/sources.py, lines.py)"
)
def test_input_is_utf_8_in_every_locale() -> None:
    done = govbot_process("check", "-", stdin=TEXT.encode(), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.code == 0
    assert "café’s" in done.out


def test_nothing_is_asked_of_the_network(write: Write) -> None:
    """Run in a process whose sockets fail; the model and the frameworks are on this machine."""
    code = (
        "import socket, sys\n"
        "def fail(*_, **__): raise SystemExit(99)\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = fail\n"
        "from govbot.cli.main import run\nrun(sys.argv[1:])\n"
    )
    python = command()[0].replace("govbot", "python") if os.sep + "govbot" in command()[0] else command()[0]
    arguments = [str(Path(command()[0]).with_name("python")), "-c", code, "check", str(write("d.txt", TEXT))]
    done = subprocess.run(arguments, capture_output=True, timeout=120)
    assert (done.returncode, bool(done.stdout)) == (0, True), python


@pytest.fixture
def interrupted() -> Outcome:
    """A command that is stopped with Ctrl-C while it waits for its input."""
    process = subprocess.Popen(command("match"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Outcome(code=process.returncode, out=out.decode(), err=err.decode())


def test_ctrl_c_exits_with_130(interrupted: Outcome) -> None:
    assert (interrupted.code, interrupted.out, "Traceback" in interrupted.err) == (130, "", False)


@pytest.mark.xfail(
    strict=True, reason="fault: typer catches KeyboardInterrupt first, so main.py never says that it stopped"
)
def test_ctrl_c_says_so(interrupted: Outcome) -> None:
    assert "Stopped." in interrupted.err

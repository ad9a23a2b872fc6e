"""Runs govbot as a person would: inside this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from govbot.cli.main import run

DRAFT = Path(__file__).parents[1] / "drafts" / "ennerdown-library-strategy.docx"


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        (line,) = self.lines
        return line

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects that were printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def govbot(*arguments: object, stdin: str | bytes = "", locale: str = "utf-8") -> Outcome:
    """Run a command line in this process, with streams as Python opens them where the locale's encoding is `locale`."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    errors = "strict" if locale == "utf-8" else "surrogateescape"
    streams = [
        io.TextIOWrapper(io.BytesIO(data), encoding=locale, errors=errors, write_through=True)
        for data in (given, b"", b"")
    ]
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setattr(sys, "stdin", streams[0])
        stack.enter_context(contextlib.redirect_stdout(streams[1]))
        stack.enter_context(contextlib.redirect_stderr(streams[2]))
        with pytest.raises(SystemExit) as left:
            run([str(argument) for argument in arguments])
    out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])  # type: ignore[attr-defined]
    return Outcome(code=_code(left.value), out=out, err=err)


def govbot_process(*arguments: object, stdin: bytes = b"", **environment: str) -> Outcome:
    """Run a command line in a process of its own."""
    done = subprocess.run(
        command(*arguments), input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=120
    )
    return Outcome(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def command(*arguments: object) -> list[str]:
    """Return the words that start govbot."""
    return [str(Path(sys.executable).with_name("govbot")), *map(str, arguments)]


def _code(left: SystemExit) -> int:
    return left.code if isinstance(left.code, int) else 0 if left.code is None else 1


def folded(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())

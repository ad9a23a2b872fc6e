"""Reads a file, or takes it apart, in a fresh subprocess that cannot take more memory and time than it is given."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from govbot import errors
from govbot.errors import DocumentError, EmptyFile, ReadingTooLong, UnreadableFile
from govbot.reading.codec import load_document
from govbot.records import Document

if TYPE_CHECKING:
    from govbot.reading.guard import Format

_WORKER = "govbot.reading.worker"

#: Bytes that a subprocess may print; 600 dense pages come to some 4 MB of JSON.
_OUTPUT_BYTES = 256 << 20
#: Signals by which the kernel, or an allocator out of memory, ends a reader that takes too much.
_SPENT = (signal.SIGXCPU, signal.SIGKILL)
#: pdfium traps or aborts when memory runs out; above this share of the limit we say so.
_SPENT_SHARE = 0.5
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What reading one file may take."""

    #: Address space of the subprocess, in megabytes.
    memory_mb: int = 1024
    #: Clock time, in seconds; processor time is two thirds of it.
    seconds: int = 90
    #: Largest file that is opened, in megabytes.
    file_mb: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    #: Exit code, or minus the signal, as subprocess has it.
    code: int
    #: Largest resident memory, in megabytes.
    peak_mb: float
    in_time: bool


def read_file(path: Path, format_: Format, *, name: str, limits: Limits) -> Document:
    """Return the file, which the guard let pass, as the document `name`; raise a DocumentError that says why not."""
    output = BytesIO()
    run(_WORKER, path, [format_, name], output, name=name, limits=limits)
    try:
        reply = json.loads(output.getvalue())
        if "error" not in reply:
            return load_document(reply)
        raised: type[DocumentError] = getattr(errors, reply["error"])
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UnreadableFile(name=name) from exc
    raise raised(name=name)


def read_text(text: str, *, name: str) -> Document:
    """Return plain text, as from standard input, as a document; raise EmptyFile where there is none."""
    from govbot.reading.text import read_plain

    if not text.strip():
        raise EmptyFile(name=name)
    reading = read_plain(text)
    return reading.document(name=name, sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def _failure(outcome: _Outcome, limits: Limits) -> type[DocumentError] | None:
    """Return the error that the end of the subprocess amounts to, or None where it ended well."""
    if not outcome.in_time or -outcome.code in _SPENT:
        return ReadingTooLong
    if -outcome.code in _OUT_OF_MEMORY and outcome.peak_mb > _SPENT_SHARE * limits.memory_mb:
        return ReadingTooLong
    return UnreadableFile if outcome.code else None


def run(module: str, path: Path, arguments: list[str], output: IO[bytes], *, name: str, limits: Limits) -> None:
    """Write to `output` what a module prints about the file `name` at `path`; raise DocumentError where it fails.

    The module is called with the path, the limits of memory (MB) and processor time (seconds), and the arguments.
    """
    failure = _failure(_run(module, path, arguments, output, limits), limits)
    if failure is not None:
        raise failure(name=name)


def _run(module: str, path: Path, arguments: list[str], output: IO[bytes], limits: Limits) -> _Outcome:
    command = [sys.executable, "-s", "-m", module, str(path.resolve())]
    command += [str(limits.memory_mb), str(max(1, limits.seconds * 2 // 3)), *arguments]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        close_fds=True,
        start_new_session=True,
    )
    try:
        if process.stdout is None:
            raise UnreadableFile(name=path.name)
        deadline = time.monotonic() + limits.seconds
        in_time = _drain(process.stdout, output, deadline)
        code, peak_mb = _reap(process, deadline if in_time else 0.0)
    finally:
        if process.stdout is not None:
            process.stdout.close()
        if process.returncode is None:
            _kill(process)
            process.wait()
    return _Outcome(code=code, peak_mb=peak_mb, in_time=in_time)


def _environment() -> dict[str, str]:
    """Return the little that the subprocess may know: no token, no home, no proxy."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(errors.__file__).parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _drain(stdout: IO[bytes], output: IO[bytes], deadline: float) -> bool:
    """Pass on what the subprocess prints; return whether it closed its output in time and measure."""
    left_bytes = _OUTPUT_BYTES
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                break
            piece = os.read(stdout.fileno(), 1 << 20)
            if not piece:
                return True
            left_bytes -= len(piece)
            if left_bytes < 0:
                break
            output.write(piece)
    return False


def _reap(process: subprocess.Popen[bytes], deadline: float) -> tuple[int, float]:
    """End the subprocess and its group; return its exit code and its peak of resident memory in megabytes."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() >= deadline:
            _kill(process)
        time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss / 1024


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

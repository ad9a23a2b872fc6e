"""Reads a file in a fresh subprocess that cannot take more memory and time than it is given."""

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
from pathlib import Path
from typing import IO

from govbot import errors
from govbot.errors import DocumentError, EmptyFile, ReadingTooLong, UnreadableFile
from govbot.reading.codec import load_document
from govbot.reading.guard import inspect
from govbot.records import Document

#: Bytes of JSON that a document may come to; 600 dense pages come to some 4 MB.
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
    output: bytes
    #: Exit code, or minus the signal, as subprocess has it.
    code: int
    #: Largest resident memory, in megabytes.
    peak_mb: float
    in_time: bool


def read_document(path: Path, *, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """Return the file as read; raise a DocumentError that says why it cannot be."""
    format_ = inspect(path, file_mb=limits.file_mb)
    outcome = _run(path, format_, limits)
    failure = _failure(outcome, limits)
    if failure is not None:
        raise failure(name=path.name)
    try:
        reply = json.loads(outcome.output)
        if "error" not in reply:
            return load_document(reply)
        raised: type[DocumentError] = getattr(errors, reply["error"])
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UnreadableFile(name=path.name) from exc
    raise raised(name=path.name)


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


def _run(path: Path, format_: str, limits: Limits) -> _Outcome:
    command = [sys.executable, "-s", "-m", "govbot.reading.worker", str(path.resolve()), format_]
    command += [str(limits.memory_mb), str(max(1, limits.seconds * 2 // 3))]
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
        output, in_time = _drain(process.stdout, deadline)
        code, peak_mb = _reap(process, deadline if in_time else 0.0)
    finally:
        if process.stdout is not None:
            process.stdout.close()
        if process.returncode is None:
            _kill(process)
            process.wait()
    return _Outcome(output=output, code=code, peak_mb=peak_mb, in_time=in_time)


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


def _drain(stdout: IO[bytes], deadline: float) -> tuple[bytes, bool]:
    """Return what the subprocess printed, and whether it closed its output in time and measure."""
    output = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                break
            piece = os.read(stdout.fileno(), 1 << 20)
            output += piece
            if not piece:
                return bytes(output), True
            if len(output) > _OUTPUT_BYTES:
                break
    return b"", False


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

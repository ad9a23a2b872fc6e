"""Runs a program that may hang, crash or print without end, for so long and so much and no longer."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from govbot import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Bytes that a program may print; the JSON of 600 dense pages comes to some 4 MB.
_OUTPUT_BYTES = 256 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a program ended, and what it printed until then."""

    output: bytes
    #: Exit code, or minus the signal, as subprocess has it.
    code: int
    #: Largest resident memory, in megabytes.
    peak_mb: float
    #: Whether it closed its output in time and measure.
    in_time: bool


def run_module(name: str, arguments: Sequence[str], *, seconds: float, given: bytes = b"") -> Outcome:
    """Return how a module of ours ended as a fresh process in a session of its own; none of that session is left."""
    command = [sys.executable, "-s", "-m", name, *arguments]
    return run(command, _environment(), seconds=seconds, given=given, is_leader=True)


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    seconds: float,
    given: bytes = b"",
    most_bytes: int = _OUTPUT_BYTES,
    is_leader: bool = False,
) -> Outcome:
    """Return how a command ended that read `given`; raise OSError where it cannot be started.

    One that `is_leader` heads a session, all of which ends with it; another ends alone, and stays in ours.
    """
    deadline = time.monotonic() + seconds
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, or a program that was looked up
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=dict(environment),
        close_fds=True,
        start_new_session=is_leader,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    try:
        # A program that does not read must not keep us waiting.
        threading.Thread(target=_feed, args=(process.stdin, given), daemon=True).start()
        output, in_time = _drain(process.stdout, deadline, most_bytes)
        code, peak_mb = _reap(process, deadline if in_time else 0.0, is_leader=is_leader)
    finally:
        process.stdout.close()
        if process.returncode is None or is_leader:
            _kill(process, is_leader=is_leader)
            process.wait()
    return Outcome(output=output, code=code, peak_mb=peak_mb, in_time=in_time)


def _environment() -> dict[str, str]:
    """Return the little that a process of ours may know: no token, no home, no proxy."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(errors.__file__).parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _feed(stdin: IO[bytes], given: bytes) -> None:
    with contextlib.suppress(OSError, ValueError), stdin:
        stdin.write(given)


def _drain(stdout: IO[bytes], deadline: float, most_bytes: int) -> tuple[bytes, bool]:
    """Return what a process printed, and whether it closed its output in time and measure."""
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
            if len(output) > most_bytes:
                break
    return bytes(output), False


def _reap(process: subprocess.Popen[bytes], deadline: float, *, is_leader: bool) -> tuple[int, float]:
    """End the process; return its exit code and its peak of resident memory in megabytes."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() >= deadline:
            _kill(process, is_leader=is_leader)
        time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss / 1024


def _kill(process: subprocess.Popen[bytes], *, is_leader: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if is_leader:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

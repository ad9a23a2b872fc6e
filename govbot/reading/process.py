"""Runs a command in a process group of its own, which is ended once its time is up."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from govbot import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Bytes that a process may print; 600 dense pages come to some 4 MB of JSON.
_OUTPUT_BYTES = 256 << 20
#: Seconds within which a group that was killed is gone.
_DYING = 5.0
#: Signals by which the kernel, or an allocator out of memory, ends a process that takes too much.
_SPENT = (signal.SIGXCPU, signal.SIGKILL)
#: pdfium traps or aborts when memory runs out, LibreOffice gives up; above this share of the limit we say so.
_SPENT_SHARE = 0.5
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV)
#: LibreOffice's starter ends with this and the signal that its child died of, as shells do.
_OF_CHILD = 128


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What reading one file may take."""

    #: Address space of the subprocess, in megabytes.
    memory_mb: int = 1024
    #: Clock time, in seconds; processor time is two thirds of it.
    seconds: int = 90
    #: Largest file that is opened, in megabytes.
    file_mb: int = 200

    @property
    def cpu_seconds(self) -> int:
        """Processor time, in seconds."""
        return max(1, self.seconds * 2 // 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a process ended."""

    output: bytes
    #: Exit code, or minus the signal, as subprocess has it.
    code: int
    #: Largest resident memory of it or a child, in megabytes.
    peak_mb: float
    in_time: bool

    def is_spent(self, limits: Limits) -> bool:
        """Return whether the process ended for want of time or memory."""
        number = -self.code if self.code < 0 else self.code - _OF_CHILD
        return not self.in_time or number in _SPENT or (number in _OUT_OF_MEMORY and self.is_large(limits))

    def is_large(self, limits: Limits) -> bool:
        """Return whether the process took so much memory that it may have wanted more than it was given."""
        return self.peak_mb > _SPENT_SHARE * limits.memory_mb


def run(command: Sequence[str], *, seconds: float, **environment: str) -> Outcome:
    """Return how the command ended; when it has, so has every process of its group that holds its output."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_environment() | environment,
        close_fds=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        deadline = time.monotonic() + seconds
        output, in_time = _drain(process.stdout, deadline)
        if not in_time:
            _kill(process)
            _drain(process.stdout, time.monotonic() + _DYING)
        code, peak_mb = _reap(process, deadline if in_time else 0.0)
    finally:
        process.stdout.close()
        if process.returncode is None:
            _kill(process)
            process.wait()
    return Outcome(output=output, code=code, peak_mb=peak_mb, in_time=in_time)


def _environment() -> dict[str, str]:
    """Return the little that a process may know: no token, no home, no proxy."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(errors.__file__).parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _drain(stdout: IO[bytes], deadline: float) -> tuple[bytes, bool]:
    """Return what the process printed, and whether it closed its output in time and measure."""
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
    """End the process and its group; return its exit code and its peak of resident memory in megabytes."""
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

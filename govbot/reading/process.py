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
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from govbot import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Bytes that a program may print; 600 dense pages come to some 4 MB of JSON.
_OUTPUT_BYTES = 256 << 20
#: Seconds within which a session that was killed is gone.
_DYING = 5.0
#: Seconds between two looks at how much memory a program has.
_LOOK = 0.05
#: Signals by which the kernel, or an allocator out of memory, ends a program that takes too much.
_SPENT = (signal.SIGXCPU, signal.SIGKILL)
#: pdfium traps or aborts when memory runs out, LibreOffice gives up; above this share of the limit we say so.
_SPENT_SHARE = 0.5
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV)
#: LibreOffice's starter ends with this and the signal that its child died of, as shells do.
_OF_CHILD = 128


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What reading one file may take."""

    #: Address space of the subprocess, and of its copy where it has one, in megabytes.
    memory_mb: int = 1024
    #: Clock time, in seconds; processor time of each process is two thirds of it.
    seconds: int = 90
    #: Largest file that is opened, in megabytes.
    file_mb: int = 200

    @property
    def cpu_seconds(self) -> int:
        """Processor time, in seconds."""
        return max(1, self.seconds * 2 // 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a program ended."""

    #: What it printed until then, where that was not written elsewhere.
    output: bytes
    #: Exit code, or minus the signal, as subprocess has it.
    code: int
    #: Largest resident memory of it or a child that was seen, in megabytes.
    peak_mb: float
    #: Whether it closed its output in time and measure.
    in_time: bool

    def is_spent(self, limits: Limits) -> bool:
        """Return whether the program ended for want of time or memory."""
        number = -self.code if self.code < 0 else self.code - _OF_CHILD
        return not self.in_time or number in _SPENT or (number in _OUT_OF_MEMORY and self.is_large(limits))

    def is_large(self, limits: Limits) -> bool:
        """Return whether the program took so much memory that it may have wanted more than it was given."""
        return self.peak_mb > _SPENT_SHARE * limits.memory_mb


def run_module(
    name: str,
    arguments: Sequence[str],
    *,
    seconds: float,
    given: bytes = b"",
    output: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Return how a module of ours ended as a fresh process in a session of its own; none of that session is left.

    It knows of the environment what every module of ours must, and what stands in `environment`.
    """
    command = [sys.executable, "-s", "-m", name, *arguments]
    return run(
        command, {**_environment(), **(environment or {})}, seconds=seconds, given=given, output=output, is_leader=True
    )


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    seconds: float,
    given: bytes = b"",
    output: IO[bytes] | None = None,
    most_bytes: int = _OUTPUT_BYTES,
    is_leader: bool = False,
) -> Outcome:
    """Return how a command ended that read `given`; raise OSError where it cannot be started.

    What it prints is written to `output` where there is one. A command that `is_leader` heads a session, all of which
    ends with it; another ends alone, and stays in ours.
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
    printed = BytesIO() if output is None else output
    watch = _Watch(process.pid)
    try:
        # A program that does not read must not keep us waiting.
        threading.Thread(target=_feed, args=(process.stdin, given), daemon=True).start()
        in_time = _drain(process.stdout, printed, deadline, most_bytes, watch)
        if not in_time:
            _kill(process, is_leader=is_leader)
            if is_leader:
                # Nothing of the session is left once nobody holds its output.
                _drain(process.stdout, BytesIO(), time.monotonic() + _DYING, most_bytes, watch)
        code = _reap(process, deadline if in_time else 0.0, watch, is_leader=is_leader)
    finally:
        process.stdout.close()
        if process.returncode is None or is_leader:
            _kill(process, is_leader=is_leader)
            process.wait()
    held = printed.getvalue() if isinstance(printed, BytesIO) and output is None else b""
    return Outcome(output=held, code=code, peak_mb=watch.peak_mb, in_time=in_time)


class _Watch:
    """Sees how much memory a program takes.

    What the kernel says of it once it has ended will not do: that counts what we had when we started it.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.peak_mb = 0.0

    def look(self) -> None:
        """Take note of the largest resident memory so far of the program and its children."""
        waiting = [self._pid]
        while waiting:
            folder = Path("/proc") / str(waiting.pop())
            with contextlib.suppress(OSError, ValueError):
                lines = (folder / "status").read_text().splitlines()
                peaks = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
                self.peak_mb = max(self.peak_mb, *peaks, 0.0)
                # LibreOffice starts its largest part from a thread.
                for thread in (folder / "task").iterdir():
                    waiting += map(int, (thread / "children").read_text().split())


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


def _drain(stdout: IO[bytes], output: IO[bytes], deadline: float, most_bytes: int, watch: _Watch) -> bool:
    """Pass on what a process prints; return whether it closed its output in time and measure."""
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            watch.look()
            if not selector.select(min(left, _LOOK)):
                continue
            piece = os.read(stdout.fileno(), 1 << 20)
            if not piece:
                return True
            most_bytes -= len(piece)
            if most_bytes < 0:
                break
            output.write(piece)
    return False


def _reap(process: subprocess.Popen[bytes], deadline: float, watch: _Watch, *, is_leader: bool) -> int:
    """End the process, at the latest when its time is over, and return its exit code."""
    while (left := deadline - time.monotonic()) > 0:
        watch.look()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(min(left, _LOOK))
    _kill(process, is_leader=is_leader)
    return process.wait()


def _kill(process: subprocess.Popen[bytes], *, is_leader: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if is_leader:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

"""Lets a copy of this process do half of the work, so that two cores share it."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

#: Exit codes of the copy.
_DONE, _FAILED, _NO_MEMORY = 0, 1, 2
_PR_SET_PDEATHSIG = 1


def has_cores() -> bool:
    """Return whether this process may run on more than one core; where that cannot be asked, it is not so."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1


def both(first: Callable[[], list[T]], second: Callable[[], Sequence[T]]) -> list[T]:
    """Return what both give, put together; a copy of this process sees to the second.

    This process must have no other thread. Where it cannot be copied, it does both. Raises MemoryError where the copy
    has too little memory and ChildProcessError where it fails otherwise; a signal that ends the copy ends this process
    too.
    """
    parent = os.getpid()
    out, into = os.pipe()
    try:
        copy = os.fork()
    except OSError:
        os.close(out)
        os.close(into)
        return [*first(), *second()]
    if not copy:
        os.close(out)
        _tell(into, second, parent)
    os.close(into)
    with os.fdopen(out, "rb") as told:
        try:
            found = first()
        except BaseException:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
            raise
        try:
            # The copy is this program, confined as it is: what it says is trusted as much as what is done here.
            found += [pickle.load(told) for _ in range(pickle.load(told))]
        except (EOFError, pickle.UnpicklingError):
            _fail(copy)
    os.waitpid(copy, 0)
    return found


def _tell(into: int, function: Callable[[], Sequence[T]], parent: int) -> NoReturn:
    """Write what the function gives, one by one, and end this process."""
    code = _FAILED
    try:
        _end_with(parent)
        found = function()
        with os.fdopen(into, "wb") as told:
            told.write(pickle.dumps(len(found)))
            told.writelines(pickle.dumps(one, protocol=pickle.HIGHEST_PROTOCOL) for one in found)
        code = _DONE
    except MemoryError:
        code = _NO_MEMORY
    finally:
        # Nothing that this process has from the other one may be done twice.
        os._exit(code)


def _end_with(parent: int) -> None:
    """Let this process end when the one that it is a copy of ends, so that nobody waits for it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(_FAILED)


def _fail(copy: int) -> NoReturn:
    """Fail as the copy did."""
    status = os.waitpid(copy, 0)[1]
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    code = os.waitstatus_to_exitcode(status)
    raise MemoryError if code == _NO_MEMORY else ChildProcessError(code)

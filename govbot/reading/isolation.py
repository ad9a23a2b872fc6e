"""Takes the network from a process, and from all that it starts, by a filter that the kernel holds (seccomp).

It needs no rights and cannot be taken off again. Where the kernel is not Linux, or the processor is one whose numbers
of system calls are not known here, nothing is done: parsers have no reason to reach the network either way.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import NamedTuple

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_MODE_FILTER = 2
#: Where a filter finds the number of the call, the processor, and the low half of the call's first argument.
_NUMBER, _PROCESSOR, _FIRST = 0, 4, 16
#: Load a word; jump where it equals, or is at least; return.
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EACCES
#: Calls from here on are those of another way of calling, whose numbers differ.
_OTHER_CALLS = 0x40000000
#: Sockets of this kind connect processes of the machine.
_LOCAL = 1
#: No socket is of this kind.
_NONE = 0xFFFF_FFFF


class _Calls(NamedTuple):
    processor: int
    socket: int
    io_uring_setup: int


_KNOWN: dict[str, _Calls] = {
    "x86_64": _Calls(0xC000003E, 41, 425),
    "aarch64": _Calls(0xC00000B7, 198, 425),
}


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def forbid_network(*, local: bool = False) -> bool:
    """Refuse sockets (EACCES) to this process and its children; return whether that holds now.

    With `local`, sockets that connect processes of the machine are let be made.
    """
    calls = _KNOWN.get(os.uname().machine)
    if sys.platform != "linux" or calls is None:
        return False
    steps = _steps(calls, _LOCAL if local else _NONE)
    array = (_Step * len(steps))(*steps)
    # Every jump counts from the next step; a filter is checked by the kernel before it holds.
    program = _Filter(len(steps), array)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)


def _steps(calls: _Calls, kind: int) -> list[_Step]:
    """Return the filter that lets sockets of the kind be made, and no others."""
    return [
        _Step(_LOAD, 0, 0, _PROCESSOR),
        _Step(_EQUALS, 1, 0, calls.processor),
        _Step(_RETURN, 0, 0, _KILL),
        _Step(_LOAD, 0, 0, _NUMBER),
        _Step(_AT_LEAST, 4, 0, _OTHER_CALLS),
        _Step(_EQUALS, 3, 0, calls.io_uring_setup),
        _Step(_EQUALS, 0, 3, calls.socket),
        _Step(_LOAD, 0, 0, _FIRST),
        _Step(_EQUALS, 1, 0, kind),
        _Step(_RETURN, 0, 0, _REFUSE),
        _Step(_RETURN, 0, 0, _ALLOW),
    ]

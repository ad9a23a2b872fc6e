"""Takes from a process what a hostile file could use.

As a command, `python -m govbot.reading.confining MEMORY_MB CPU_SECONDS FILE_MB COMMAND…`, it becomes that command.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

#: Flags of unshare(2): a network of its own, and the user namespace in which anybody may make one.
_NEW_NETWORK, _NEW_USER = 0x4000_0000, 0x1000_0000


def confine(memory_mb: int, seconds: int, *, file_mb: int) -> None:
    """Limit this process and its children: address space, processor time, and the largest file that they write."""
    for kind, value in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_mb << 20),
    ):
        resource.setrlimit(kind, (value, value))


def leave_network() -> bool:
    """Move this process into a network with nobody else in it; return False where the system does not let it."""
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return False
    return any(unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def main(arguments: list[str]) -> None:
    """Become the command, confined."""
    leave_network()
    confine(int(arguments[0]), int(arguments[1]), file_mb=int(arguments[2]))
    os.execv(arguments[3], arguments[3:])


if __name__ == "__main__":
    main(sys.argv[1:])

"""Takes from a process what a hostile file could use.

As a command, `python -m govbot.reading.confining MEMORY_MB CPU_SECONDS FILE_MB COMMAND…`, it becomes that command.
"""

from __future__ import annotations

import os
import resource
import sys

from govbot.reading.isolation import forbid_network


def confine(memory_mb: int, seconds: int, *, file_mb: int, local: bool = False) -> None:
    """Limit this process and its children: address space, processor time, the largest file they write; no network.

    With `local` they may talk to other processes of the machine, as the parts of LibreOffice do to each other.
    """
    for kind, value in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_mb << 20),
    ):
        resource.setrlimit(kind, (value, value))
    forbid_network(local=local)


def main(arguments: list[str]) -> None:
    """Become the command, confined."""
    confine(int(arguments[0]), int(arguments[1]), file_mb=int(arguments[2]), local=True)
    os.execv(arguments[3], arguments[3:])


if __name__ == "__main__":
    main(sys.argv[1:])

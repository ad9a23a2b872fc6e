"""The sandbox has no network: neither what is written in Python, nor a program that it starts."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

#: Forbids the network, tries to reach PORT, by itself and from a program that it starts, and says what happened.
_REACH = """
import socket, subprocess, sys
def reach(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return "reached"
    except OSError as exc:
        return type(exc).__name__
port = int(sys.argv[1])
if sys.argv[2] == "forbid":
    from govbot.reading.isolation import forbid_network
    print(forbid_network())
    child = [sys.executable, "-c", sys.argv[3], str(port), "only", ""]
    print(subprocess.run(child, capture_output=True, text=True, check=True).stdout.strip())
print(reach(port))
for family in (socket.AF_INET6, socket.AF_NETLINK):
    try:
        socket.socket(family).close()
        print("made")
    except OSError as exc:
        print(type(exc).__name__)
here, there = socket.socketpair()
here.sendall(b"x")
print(there.recv(1).decode())
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _run(port: int, how: str) -> list[str]:
    command = [sys.executable, "-c", _REACH, str(port), how, _REACH]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_without_the_filter_the_server_is_reached(port: int) -> None:
    assert _run(port, "only")[0] == "reached"


def test_neither_the_process_nor_what_it_starts_reaches_a_server(port: int) -> None:
    refused = ["PermissionError", "PermissionError", "PermissionError", "x"]
    assert _run(port, "forbid") == ["True", *refused, *refused]


def test_whoever_is_confined_has_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from govbot.reading import confining

    done: list[str] = []
    monkeypatch.setattr(confining, "forbid_network", lambda *, local: done.append(f"network {local}"))
    monkeypatch.setattr(confining.resource, "setrlimit", lambda *_: done.append("limit"))
    confining.confine(1024, 60, file_mb=0)
    assert done[-1] == "network False"

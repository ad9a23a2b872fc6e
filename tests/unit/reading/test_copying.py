from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from govbot.reading.copying import has_cores

ROOT = Path(__file__).parents[3]
#: Seconds after which something hangs.
PATIENCE = 60
#: The first half's items and the second's, and what becomes of each.
HALVES = """
import os, signal, threading
from govbot.reading.copying import both, has_cores
def halves(first, second, act):
    return both(lambda: [act(item) for item in first], lambda: [act(item) for item in second])
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own: one that copies itself must have no other thread."""
    return subprocess.run(
        [sys.executable, "-c", f"{HALVES}{code}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (0, 1), (3, 4)])
def test_what_both_give_comes_back_in_order(first: int, second: int) -> None:
    done = run(f"print(halves(range({first}), range({first}, {first + second}), lambda item: item * 10))")
    assert done.stdout == f"{[item * 10 for item in range(first + second)]}\n", done.stderr


def test_the_second_half_is_seen_to_by_another_process_that_is_gone_afterwards() -> None:
    done = run(
        "print(os.getpid(), *halves([0, 1], [2, 3], lambda _: os.getpid()))\n"
        "try:\n    os.waitpid(-1, 0)\nexcept ChildProcessError:\n    print('alone')"
    )
    (own, *others), (alone,) = (line.split() for line in done.stdout.splitlines())
    assert others[:2] == [own, own]
    assert others[2] == others[3] != own
    assert alone == "alone"


def test_more_than_a_pipe_holds_comes_back() -> None:
    done = run("print(sum(map(len, halves(range(3), range(3), lambda _: bytes(1 << 20)))) >> 20)")
    assert done.stdout == "6\n", done.stderr


@pytest.mark.parametrize(("raised", "seen"), [("MemoryError", "MemoryError"), ("KeyError", "ChildProcessError: 1")])
def test_a_copy_that_fails_is_not_passed_over(raised: str, seen: str) -> None:
    done = run(f"def fails(item):\n    if item == 3:\n        raise {raised}\nhalves([0, 1], [2, 3], fails)")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == seen


def test_a_signal_that_ends_the_copy_ends_the_process() -> None:
    done = run("halves([0], [1], lambda item: item and os.kill(os.getpid(), signal.SIGXCPU))")
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), signal.SIGSEGV)", "1 / 0", "os._exit(9)"])
def test_nobody_waits_for_the_copy_of_a_process_that_fails(how: str) -> None:
    # The copy would stay for ever; who reads what is printed would wait for it.
    done = run(f"halves([0], [1], lambda item: threading.Event().wait() if item else {how})")
    assert done.returncode in (-signal.SIGSEGV, 1, 9)


def test_a_process_that_cannot_be_copied_does_both() -> None:
    refuse = "def refuse():\n    raise BlockingIOError\nos.fork = refuse\n"
    done = run(f"{refuse}print(os.getpid(), *halves([0], [1], lambda _: os.getpid()))")
    assert len(set(done.stdout.split())) == 1, done.stderr


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not tell the cores of a process")
def test_a_process_on_one_core_has_no_other() -> None:
    done = run("print(has_cores())\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nprint(has_cores())")
    assert done.stdout.split() == [str(has_cores()), "False"], done.stderr

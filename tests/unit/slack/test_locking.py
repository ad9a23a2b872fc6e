from __future__ import annotations

import os
import threading

from govbot.slack.locking import Locks


def test_what_is_done_under_one_name_is_done_by_one_thread_at_a_time() -> None:
    locks, inside, most = Locks(), [0], [0]
    together = threading.Barrier(4)

    def work(name: str) -> None:
        together.wait()
        for _ in range(500):
            with locks.of(name):
                inside[0] += 1
                # Lets others go on.
                os.sched_yield()
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work, args=("a name",)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (most, inside) == ([1], [0])


def test_names_do_not_wait_for_each_other_and_a_lock_is_let_go_after_an_error() -> None:
    locks = Locks()
    try:
        with locks.of("one"), locks.of("other"):
            raise ValueError
    except ValueError:
        pass
    with locks.of("one"):
        assert locks.of("one") is locks.of("one")

"""What workers must survive; nothing is lost, nothing is sent twice, nothing is half done."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import IO

import pytest
from sqlalchemy.exc import SQLAlchemyError

from govbot.errors import JobAtWork, JobEnded, JobsNewer, UnknownJob
from govbot.jobs import Queue
from govbot.store import find_job, release_job
from tests.postgres import LocalPostgres
from tests.unit.jobs.conftest import Shop

SENT = ["deliver sent"]
WHOLE = ["ingest done", "assess done", "render done", "deliver sent"]


def wait_for(worker: subprocess.Popen[str], word: str) -> None:
    """Read the worker's lines up to one that has the word."""
    stream: IO[str] | None = worker.stdout
    assert stream is not None
    lines = []
    for line in stream:
        lines.append(line)
        if word in line:
            return
    pytest.fail(f"the worker ended without {word!r}: {lines} {worker.stderr.read() if worker.stderr else ''}")


def finished(shop: Shop, job: str) -> list[str]:
    """Return what came of a job; that it failed may be told again, so that counts once."""
    lines = [line for line in shop.effects(job) if not line.endswith("begun")]
    return [line for place, line in enumerate(lines) if not line.startswith("gave-up") or line not in lines[:place]]


def test_jobs_are_done_step_by_step(shop: Shop) -> None:
    made = [shop.add() for _ in range(3)]
    assert shop.work() == 0, shop.told
    assert [finished(shop, job) for job in made] == [WHOLE] * 3
    assert [shop.step(job) for job in made] == ["done"] * 3


def test_a_question_does_not_wait_for_a_long_draft(shop: Shop) -> None:
    draft, question = shop.add(holds_in="assess"), shop.add(kind="question")
    worker = shop.start("until-empty")
    wait_for(worker, "holding")
    while shop.step(question) != "done":
        worker.stdout.readable()  # type: ignore[union-attr]
    assert shop.step(draft) == "matching"
    shop.go()
    worker.communicate(timeout=120)
    assert [shop.step(one) for one in (draft, question)] == ["done", "done"]


def test_a_question_survives_the_death_of_its_worker(shop: Shop) -> None:
    job = shop.add(kind="question", dies_in="deliver", times=2)
    assert shop.work_on() == 2
    assert (shop.step(job), shop.effects(job, "sent")) == ("done", ["errand sent"])


def test_a_worker_is_killed_twice_in_a_row_in_every_step(shop: Shop) -> None:
    made = {name: shop.add(dies_in=name, times=2) for name in ("ingest", "assess", "render", "deliver")}
    assert shop.work_on() == 8
    for name, job in made.items():
        assert (shop.step(job), finished(shop, job)) == ("done", WHOLE)
        assert len(shop.effects(job, f"{name} begun")) == 3


def test_a_document_that_kills_its_workers_is_set_aside_and_the_others_go_on(shop: Shop) -> None:
    poison, other = shop.add(dies_in="assess", times=99), shop.add()
    assert shop.work_on() == 3
    assert (shop.step(poison), shop.step(other)) == ("failed", "done")
    fault = find_job(shop.store, poison).fault
    assert fault is not None
    assert fault.error == "JobKilledWorkers"
    assert finished(shop, poison) == ["ingest done", "gave-up JobKilledWorkers"]
    assert finished(shop, other) == WHOLE


def test_whoever_takes_a_draft_in_dies_before_it_is_handed_over(shop: Shop) -> None:
    job = shop.add(hand_over=False)
    assert shop.work() == 0, shop.told
    assert (shop.step(job), finished(shop, job)) == ("done", WHOLE)


def test_a_dead_worker_s_job_is_taken_up_by_another_slot(shop: Shop) -> None:
    job = shop.add(dies_in="render", times=1)
    assert shop.work(slot=1) == -signal.SIGKILL
    assert shop.work(slot=2) == 0
    assert (shop.step(job), finished(shop, job)) == ("done", WHOLE)


def test_the_same_event_is_delivered_fifty_times_at_once(shop: Shop) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(shop.add("C1 F1", once=True))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (job,) = set(made)
    assert len(made) == 50
    assert shop.work() == 0, shop.told
    assert shop.add("C1 F1", once=True) == job
    assert shop.work() == 0, shop.told
    assert finished(shop, job) == WHOLE


def test_two_workers_are_started_on_one_slot(shop: Shop) -> None:
    job = shop.add(holds_in="assess")
    first = shop.start("until-empty")
    wait_for(first, "holding")
    assert shop.work() == 1
    assert "Another worker runs as slot 1" in shop.told
    shop.go()
    first.communicate(timeout=60)
    assert finished(shop, job) == WHOLE
    assert shop.effects(job, "assess begun") == ["assess begun"]


def test_a_stop_finishes_the_step_in_hand_and_hands_the_rest_back(shop: Shop) -> None:
    job = shop.add(holds_in="assess")
    for _ in range(3):
        # However often: a stop is no death.
        (shop.folder / "go").unlink(missing_ok=True)
        worker = shop.start()
        wait_for(worker, "holding" if not shop.effects(job) else "ready")
        worker.send_signal(signal.SIGTERM)
        shop.go()
        worker.communicate(timeout=60)
        assert worker.returncode == 0
    assert shop.work() == 0, shop.told
    assert (shop.step(job), finished(shop, job)) == ("done", WHOLE)
    assert len(shop.effects(job, "assess begun")) == 1


def test_an_upgrade_comes_with_jobs_in_flight(shop: Shop) -> None:
    job = shop.add(dies_in="render", times=1)
    assert shop.work(FAULTY_VERSION="1.0") == -signal.SIGKILL
    assert shop.work(FAULTY_VERSION="2.0") == 0
    assert finished(shop, job) == WHOLE


def test_the_clock_is_put_back_an_hour(shop: Shop) -> None:
    flying, waiting = shop.add(dies_in="render", times=1), shop.add()
    assert shop.work() == -signal.SIGKILL
    late = shop.add()
    assert shop.work(FAULTY_BACK="3600") == 0
    assert [finished(shop, job) for job in (flying, waiting, late)] == [WHOLE] * 3


def test_a_step_that_stumbles_is_tried_again(shop: Shop) -> None:
    job = shop.add(stumbles_in="assess", times=2)
    assert shop.work() == 0, shop.told
    assert finished(shop, job) == WHOLE
    assert len(shop.effects(job, "assess begun")) == 3


def test_an_error_of_the_draft_is_not_tried_again_until_somebody_says_so(shop: Shop) -> None:
    job = shop.add(fails_in="assess")
    assert shop.work() == 0, shop.told
    fault = find_job(shop.store, job).fault
    assert fault is not None
    assert (shop.step(job), fault.error, fault.slots) == ("failed", "NoText", {"name": "a.pdf"})
    assert finished(shop, job) == ["ingest done", "gave-up NoText"]
    (shop.folder / "mended").touch()
    shop.queue.retry(job)
    assert shop.work() == 0, shop.told
    assert finished(shop, job) == ["ingest done", "gave-up NoText", "assess done", "render done", "deliver sent"]


def test_a_document_that_was_set_aside_can_be_tried_again(shop: Shop) -> None:
    job = shop.add(dies_in="assess", times=3)
    assert shop.work_on() == 3
    assert shop.step(job) == "failed"
    shop.queue.retry(job)
    assert shop.work() == 0, shop.told
    assert finished(shop, job)[-3:] == ["assess done", "render done", "deliver sent"]


def test_a_cancelled_job_goes_no_further(shop: Shop) -> None:
    waiting, held = shop.add(), shop.add(holds_in="assess")
    shop.queue.cancel(waiting)
    worker = shop.start("until-empty")
    wait_for(worker, "holding")
    shop.queue.cancel(held)
    shop.go()
    worker.communicate(timeout=60)
    assert [shop.step(job) for job in (waiting, held)] == ["cancelled"] * 2
    assert finished(shop, waiting) == []
    assert SENT[0] not in finished(shop, held)
    with pytest.raises(JobEnded, match="cancelled"):
        shop.queue.cancel(held)
    shop.queue.retry(held)
    assert shop.work() == 0, shop.told
    assert shop.effects(held, "sent") == SENT


def test_a_job_that_runs_past_its_time_fails_and_can_be_tried_again(shop: Shop) -> None:
    shop.queue._minutes = 1 / 60
    job = shop.add(holds_in="assess")
    worker = shop.start("until-empty")
    wait_for(worker, "holding")
    while shop.queue._client.list_workflows(workflow_ids=[job])[0].status != "CANCELLED":
        assert worker.poll() is None
    shop.go()
    worker.communicate(timeout=60)
    fault = find_job(shop.store, job).fault
    assert fault is not None
    assert (shop.step(job), fault.error, fault.slots) == ("failed", "JobTooLong", {"minutes": 30})
    assert SENT[0] not in finished(shop, job)
    shop.queue.retry(job)
    assert shop.work() == 0, shop.told
    assert shop.effects(job, "sent") == SENT


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_the_engine_s_own_file_is_lost(shop: Shop) -> None:
    job = shop.add(dies_in="render", times=1)
    assert shop.work() == -signal.SIGKILL
    for path in shop.settings.data_folder.glob("jobs.sqlite3*"):
        path.unlink()
    assert shop.work() == 0, shop.told
    assert shop.step(job) == "done"
    assert shop.effects(job, "sent") == SENT


def test_only_what_failed_is_done_again(shop: Shop) -> None:
    job = shop.add()
    with pytest.raises(JobAtWork, match="waiting"):
        shop.queue.retry(job)
    with pytest.raises(UnknownJob):
        shop.queue.retry("none")
    with pytest.raises(UnknownJob):
        shop.queue.cancel("none")


def test_no_word_of_a_draft_is_left_in_files_or_logs_by_an_error(shop: Shop) -> None:
    job = shop.add(stumbles_in="assess", times=1)
    assert shop.work() == 0, shop.told
    assert finished(shop, job) == WHOLE
    held = b"".join(path.read_bytes() for path in shop.settings.data_folder.rglob("*") if path.is_file())
    assert re.search(rb"quince|orchard", held) is None
    assert "quince" not in shop.told


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_the_disk_is_full_for_a_while(shop: Shop) -> None:
    job = shop.add()
    worker = shop.start("until-empty", FAULTY_FULL="yes")
    wait_for(worker, "full")
    wait_for(worker, "full")
    shop.go()
    worker.communicate(timeout=120)
    assert (shop.step(job), finished(shop, job)) == ("done", WHOLE)


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_the_database_is_away_in_the_middle(shop: Shop, postgres: LocalPostgres) -> None:
    held, waiting = shop.add(holds_in="assess"), shop.add()
    worker = shop.start("until-empty")
    wait_for(worker, "holding")
    postgres.stop(crash=True)
    shop.go()
    assert worker.stderr is not None
    # The same is said once in 30 seconds: it was away for as long when it is said again.
    said = (line for line in worker.stderr if "the database is away" in line)
    assert next(said)
    assert next(said)
    postgres.start()
    worker.communicate(timeout=120)
    assert [finished(shop, job) for job in (held, waiting)] == [WHOLE] * 2
    assert [shop.step(job) for job in (held, waiting)] == ["done"] * 2


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_what_the_engine_knows_is_not_waited_for_while_the_database_is_away(
    shop: Shop, postgres: LocalPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker asks this each second: were it to wait, nobody would be told that the database is away.
    job = shop.add()
    assert [one.workflow_id for one in shop.queue.known(workflow_ids=[job])] == [job]
    postgres.stop(crash=True)
    asked: list[Callable[[], object]] = [
        lambda: shop.queue.known(workflow_ids=[job]),
        lambda: shop.queue.forget([job]),
        lambda: shop.queue.take_back(job, "slot-1", "documents"),
    ]
    try:
        with monkeypatch.context() as patch:
            patch.setattr("time.sleep", lambda _: pytest.fail("it waits"))
            for ask in asked:
                with pytest.raises(SQLAlchemyError):
                    ask()
    finally:
        postgres.start()


def test_what_ended_is_forgotten_when_it_is_old(shop: Shop) -> None:
    job, other = shop.add(), shop.add(is_held=True)
    assert shop.work() == 0, shop.told
    now = datetime.now(UTC)
    early, late = ((now + days * timedelta(days=1)).isoformat() for days in (-1, 1))
    assert shop.queue.known(status=["SUCCESS"], completed_before=early) == []
    assert [one.workflow_id for one in shop.queue.known(status=["SUCCESS"], completed_before=late)] == [job]
    shop.queue.forget([job])
    assert shop.queue.known(workflow_ids=[job]) == []
    assert (shop.step(job), shop.step(other)) == ("done", "held")


def test_that_a_job_failed_is_told_again_by_who_comes_next(shop: Shop) -> None:
    # Whoever wrote it down may have died before it was told.
    job = shop.add(fails_in="assess")
    assert shop.work() == 0, shop.told
    told = len(shop.effects(job, "gave-up"))
    assert shop.work() == 0, shop.told
    assert len(shop.effects(job, "gave-up")) > told >= 1
    assert shop.step(job) == "failed"


def test_questions_that_wait_for_slack_let_others_go_on(shop: Shop) -> None:
    # As many as one worker does at once.
    waiting = [shop.add(kind="question", away_in="deliver") for _ in range(4)]
    other = shop.add(kind="question")
    worker = shop.start("until-empty", FAULTY_IN_PLACE="0", FAULTY_LATER="1")
    wait_for(worker, f"sent {other}")
    assert [shop.effects(job, "sent") for job in waiting] == [[]] * 4
    (shop.folder / "back").touch()
    worker.communicate(timeout=120)
    assert [shop.effects(job, "sent") for job in waiting] == [["errand sent"]] * 4
    assert [shop.step(job) for job in waiting] == ["done"] * 4


def test_a_job_that_is_held_is_begun_once_it_is_released(shop: Shop) -> None:
    held, other = shop.add(is_held=True), shop.add()
    assert shop.work() == 0, shop.told
    assert (shop.step(held), shop.step(other)) == ("held", "done")
    release_job(shop.store, held, "message", "1.5", at=datetime.now(UTC))
    assert shop.work() == 0, shop.told
    assert (shop.step(held), find_job(shop.store, held).order["message"]) == ("done", "1.5")


def test_a_list_of_jobs_of_a_newer_engine_is_left_alone(shop: Shop) -> None:
    from sqlalchemy import text

    table = "dbos_migrations" if not shop.settings.database else "dbos.dbos_migrations"
    with shop.queue._engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET version = 999"))
    with pytest.raises(JobsNewer, match="999"):
        Queue(shop.settings, shop.store)

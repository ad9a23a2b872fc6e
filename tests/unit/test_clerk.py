from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govbot.clerk import Clerk, Counter, Workshops, _titles
from govbot.config import Settings
from govbot.errors import NobodyToAsk
from govbot.records import Document
from govbot.store import Fault, Job, Store, add_job, find_job, finish_job, open_store

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(Settings(data=str(tmp_path)))
    yield found
    found.engine.dispose()


def test_a_worker_without_slack_s_settings_says_so_and_goes_on(store: Store) -> None:
    clerk = Clerk(Settings(), store, desk="one")
    job, _ = add_job(store, "k", "a question", {"via": "slack", "kind": "question"}, None, once=True, at=NOW)
    with pytest.raises(NobodyToAsk, match=job):
        clerk.errand(job)
    finish_job(store, job, "failed", at=NOW, fault=Fault(error="NobodyToAsk", slots={"id": job}))
    clerk.give_up(find_job(store, job))


def _document(name: str, title: str) -> Document:
    return Document(name=f"b.zip/{name}", title=title, media_type="text/plain", sha256=name, pages=None, blocks=())


def test_documents_of_one_archive_are_never_versions_of_each_other() -> None:
    drafts = [
        _document("plan_v1.docx", "plan_v1.docx"),
        _document("plan_v2.docx", "plan_v2.docx"),
        _document("north/Strategy draft.docx", "Housing Strategy"),
        _document("Strategy final.docx", "Housing Strategy"),
        _document("parks.md", "Parks"),
        _document("twice.md", "Twice"),
        _document("twice.md", "Twice"),
    ]
    found = _titles(drafts)
    assert [title for title, _ in found] == [
        "plan_v1.docx", "plan_v2.docx", "Housing Strategy (north/Strategy draft.docx)",
        "Housing Strategy (Strategy final.docx)", "Parks", "Twice (twice.md)", "Twice (twice.md)",
    ]  # fmt: skip
    lines = [line for _, line in found]
    assert lines[4] == ""
    assert len(set(lines)) == len(drafts)
    # In the next version of the archive each is known again, whatever else is in it.
    assert _titles([*drafts[2:4], *drafts[:2]])[2:] == found[:2]


class Sender(Counter):
    """Has a file for whatever is asked."""

    def fetch(self, job: Job) -> bytes:
        return b"# Plan\n\nThe board meets in public."


def test_a_file_of_a_very_long_name_is_read(store: Store) -> None:
    name = f"{'規則' * 100}.md"
    order = {"frameworks": [], "team": "", "by": "", "version_of": None}
    job, _ = add_job(store, "k", name, order, None, once=True, at=NOW)
    Clerk(Settings(data=str(store.folder)), store, desk="one", receivers={"": Sender(store)}).ingest(job)
    assert find_job(store, job).sha256


def test_the_workshop_for_every_document_stays_and_of_the_others_the_last_two() -> None:
    shops = Workshops(Settings())
    every = shops.get()
    first = shops.get(("clear",))
    assert shops.get(("best-value",)) is not shops.get(("oecd-skills",))
    assert shops.get() is every
    assert shops.get(("oecd-skills",)) is shops.get(("oecd-skills",))
    assert shops.get(("clear",)) is not first

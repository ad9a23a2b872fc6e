from __future__ import annotations

from datetime import UTC, datetime

from govbot.assessing import gather
from govbot.records import Month, Standings, Status
from tests.unit.made_up import framework


def standings(
    document: int, version: int = 1, *, month: int = 11, matcher: str = "m1", **criteria: tuple[Status, str]
) -> Standings:
    at = datetime(2026, month, 2, tzinfo=UTC)
    return Standings(
        document=document,
        title=f"Draft {document}",
        team="",
        version=version,
        kept_at=at,
        framework_version="1.0.0",
        matcher=matcher,
        made_at=at,
        criteria=criteria,
    )


ONE = standings(1, P1=("evidenced", "pd"), P2=("gap", ""), Q=("committed", "p"))
TWO = standings(2, P1=("evidenced", "d"), P2=("evidenced", "pdca"), Q=("not_applicable", ""))


def test_drafts_stand_weakest_first_with_their_principles_counted() -> None:
    found = gather(framework(), [TWO, ONE], matcher="m1")
    assert [(row.now.document, row.principles) for row in found.drafts] == [
        (1, {"P": {"evidenced": 1, "gap": 1}, "Q": {"committed": 1}}),
        (2, {"P": {"evidenced": 2}, "Q": {"not_applicable": 1}}),
    ]


def test_gaps_and_missing_stages_are_counted_in_drafts() -> None:
    found = gather(framework(), [ONE, TWO], matcher="m1")
    assert found.gaps == (("P2", 1),)
    assert found.stages[:2] == (("P1", "check", 2), ("P1", "act", 2))
    assert ("P1", "plan", 1) in found.stages
    assert ("P1", "do", 0) not in found.stages


def test_only_the_newest_version_is_counted_and_told_what_changed() -> None:
    older = standings(1, P1=("gap", ""), P2=("evidenced", "d"), Q=("committed", "p"))
    newer = standings(1, 2, P1=("evidenced", "d"), P2=("committed", "p"), Q=("committed", "p"))
    (row,) = gather(framework(), [newer, older], matcher="m1").drafts
    assert (row.now.version, row.changes) == (2, (("P2", "weaker"), ("P1", "closed")))


def test_months_count_every_version_and_what_applies() -> None:
    versions = [standings(1, month=9, P1=("gap", ""), Q=("evidenced", "d")), ONE, TWO]
    assert gather(framework(), versions, matcher="m1").months == (
        Month(month="2026-09", versions=1, criteria=2, evidenced=1),
        Month(month="2026-11", versions=2, criteria=5, evidenced=3),
    )
    since = datetime(2026, 10, 1, tzinfo=UTC)
    assert [one.month for one in gather(framework(), versions, matcher="m1", since=since).months] == ["2026-11"]


def test_what_was_checked_with_another_matcher_is_outdated() -> None:
    found = gather(framework(), [ONE, standings(3, matcher="m0", P1=("gap", ""))], matcher="m1")
    assert {row.now.document: row.is_outdated for row in found.drafts} == {1: False, 3: True}


def test_without_drafts_there_is_nothing_to_show() -> None:
    found = gather(framework(), [], matcher="m1")
    assert (found.drafts, found.gaps, found.stages, found.months) == ((), (), (), ())

"""What governance officers see: summaries, Excel files, digests; scores of closed channels as the policy says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook

from govbot.rendering.slack import actions as act
from govbot.testing.slack import LocalSlack, Message
from tests.slack.bot import PATIENCE, buttons, texts, watched

ORCHARD = b"# Quince Orchard Strategy\n\n" + b"The board opens the quince orchard and publishes its accounts. " * 12
HARBOUR = b"# Harbour Strategy\n\n" + b"The board meets in public at the harbour and publishes its papers. " * 12
TITLES = ("Quince Orchard Strategy", "Harbour Strategy")


@dataclass(frozen=True, kw_only=True)
class Hall:
    """A Slack with a governance officer, who is in the open channel only."""

    slack: LocalSlack
    olive: str
    ada: str
    ben: str
    open: str
    closed: str

    def summary(self, user: str, channel: str, over: str = "") -> Message:
        """Return the summary that somebody asks for."""
        before = len(self.slack.ephemerals(user))
        self.slack.command(user, channel, "/govbot", f"summary {over}")
        return self.slack.wait_for(lambda: self.slack.ephemerals(user)[before:], PATIENCE)[0]

    def workbook(self, user: str, channel: str) -> str:
        """Return all that stands in the Excel file that somebody asks for."""
        shown = self.summary(user, channel)
        direct = self.slack.open_dm(user)
        before = len(files(self, direct))
        self.slack.press(user, channel, shown.ts, act.EXPORT)
        file = self.slack.wait_for(lambda: files(self, direct)[before:], PATIENCE)[0]
        book = load_workbook(io.BytesIO(self.slack.file_data(file)))
        return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def files(hall: Hall, channel: str) -> list[str]:
    return [file for one in hall.slack.messages(channel) for file in one.files]


@pytest.fixture(scope="module", params=[True, False], ids=["scores of all", "scores of what they may read"])
def hall(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Hall]:
    with LocalSlack() as slack:
        olive, ada, ben = (slack.add_user(name) for name in ("Olive", "Ada", "Ben"))
        policy = "yes" if request.param else "no"
        data = tmp_path_factory.mktemp("data")
        with watched(slack, data, slack_officers=olive, slack_officers_see_private=policy):
            found = Hall(
                slack=slack,
                olive=olive,
                ada=ada,
                ben=ben,
                open=slack.add_channel("harbour", [olive, ada, ben]),
                closed=slack.add_channel("orchard", [ada], private=True),
            )
            for channel, name, draft in ((found.closed, "orchard.md", ORCHARD), (found.open, "harbour.md", HARBOUR)):
                dropped = slack.upload(ada, channel, name, draft)
                slack.wait_for(
                    lambda channel=channel, ts=dropped.ts: [  # type: ignore[misc]
                        one for one in slack.messages(channel, ts) if act.EVIDENCE in buttons(one)
                    ],
                    PATIENCE,
                )
            yield found


def may_see_all(request: pytest.FixtureRequest) -> bool:
    return bool(request.node.callspec.params["hall"])


def test_an_officer_sees_scores_as_the_policy_says_and_no_passages(hall: Hall, request: pytest.FixtureRequest) -> None:
    shown = texts(hall.summary(hall.olive, hall.open))
    assert [title in shown for title in TITLES] == [may_see_all(request), True]
    before = len(hall.slack.ephemerals(hall.olive))
    hall.slack.command(hall.olive, hall.open, "/govbot", "ask which drafts mention quince?")
    answer = hall.slack.wait_for(lambda: hall.slack.ephemerals(hall.olive)[before:], PATIENCE)[0]
    assert "opens the quince" not in texts(answer)


def test_others_see_what_they_may_read(hall: Hall) -> None:
    assert [title in texts(hall.summary(hall.ben, hall.open)) for title in TITLES] == [False, True]
    assert [title in texts(hall.summary(hall.ada, hall.open)) for title in TITLES] == [True, True]


@pytest.mark.parametrize(
    ("over", "there"),
    [("here", [False, True]), ("since 2026-1-5", [True, True]), ("since 2999-01-05", [False, False])],
)
def test_a_summary_is_over_what_is_asked_for(hall: Hall, over: str, there: list[bool]) -> None:
    assert [title in texts(hall.summary(hall.ada, hall.open, over)) for title in TITLES] == there


def test_an_excel_file_holds_the_same_and_names_channels(hall: Hall, request: pytest.FixtureRequest) -> None:
    book = hall.workbook(hall.olive, hall.open)
    assert [title in book for title in TITLES] == [may_see_all(request), True]
    assert "#harbour" in book
    assert hall.open not in book
    assert TITLES[0] not in hall.workbook(hall.ben, hall.open)


def test_a_digest_tells_of_what_all_there_may_read(hall: Hall) -> None:
    hall.slack.command(hall.ada, hall.open, "/govbot", "settings")
    hall.slack.wait_for(lambda: "digest" in texts(hall.slack.view(hall.ada)), PATIENCE)
    hall.slack.submit(hall.ada, {act.READS: "all", act.DIGEST: "cipfa-ifac"})

    def digest() -> str:
        told = [texts(one) for one in hall.slack.messages(hall.open) if one.is_bot]
        return next((text for text in told if TITLES[1] in text), "")

    assert TITLES[0] not in hall.slack.wait_for(digest, PATIENCE)

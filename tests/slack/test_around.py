"""The bot over HTTP, and what it leaves in logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from govbot.rendering.slack import actions as act
from govbot.testing.slack import LocalSlack
from govbot.testing.trial import trial
from tests.slack.bot import PATIENCE, buttons, texts

ORCHARD = b"# Quince Orchard Strategy\n\n" + b"The board opens the quince orchard and publishes its accounts. " * 12


def test_over_http_a_draft_is_answered_asked_about_and_looked_at_and_logs_hold_no_word_of_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with LocalSlack() as slack, trial(slack, tmp_path, is_http=True):
        ada = slack.add_user("Adelheid")
        channel = slack.add_channel("orchard", [ada], private=True)
        dropped = slack.upload(ada, channel, "orchard.md", ORCHARD)

        def reply() -> str:
            return next((one.ts for one in slack.messages(channel, dropped.ts) if act.EVIDENCE in buttons(one)), "")

        answered = slack.wait_for(reply, PATIENCE)
        slack.say(ada, channel, f"<@{slack.bot_user}> what does it say on quinces?", thread=dropped.ts)
        slack.wait_for(lambda: len(slack.messages(channel, dropped.ts)) > 2, PATIENCE)
        slack.press(ada, channel, answered, act.EVIDENCE)
        slack.wait_for(lambda: "Integrity" in texts(slack.view(ada)), PATIENCE)
        # What goes wrong is logged, and says no more than that.
        slack.upload(ada, channel, "quince.pdf", b"%PDF-1.7 quince orchard")
        slack.wait_for(lambda: [one for one in _every(slack, channel) if act.RETRY in buttons(one)], PATIENCE)
        tokens = [slack.bot_token, slack.app_token, slack.signing_secret]
    logged = "".join(capfd.readouterr())
    assert "ready" in logged
    assert [word for word in ("uince", "rchard", "Adelheid", ada, channel, *tokens) if word in logged] == []


def test_what_slack_did_not_send_or_sent_before_is_not_done(tmp_path: Path) -> None:
    with LocalSlack() as slack, trial(slack, tmp_path, is_http=True):
        ada = slack.add_user("Ada")
        channel = slack.add_channel("orchard", [ada])
        dropped = slack.upload(ada, channel, "orchard.md", ORCHARD)
        slack.wait_for(lambda: [one for one in _every(slack, channel) if act.EVIDENCE in buttons(one)], PATIENCE)
        slack.say(ada, channel, f"<@{slack.bot_user}> have we covered openness?", thread=dropped.ts)
        slack.wait_for(lambda: slack.messages(channel, dropped.ts)[2:], PATIENCE)
        (event,) = slack.event_ids("app_mention")
        assert slack.forge(event, secret="not the secret", text="have we covered risk?") in (401, 403)
        assert slack.forge(event, text="have we covered risk?") in (401, 403)
        assert slack.replay_stale(event) in (401, 403)
        # The same event once more is taken, and nothing comes of it.
        slack.redeliver(event)
        slack.say(ada, channel, f"<@{slack.bot_user}> have we covered whistleblowing?", thread=dropped.ts)
        slack.wait_for(
            lambda: [one for one in slack.messages(channel, dropped.ts) if one.is_bot and "histle" in texts(one)],
            PATIENCE,
        )
        answers = [one for one in slack.messages(channel, dropped.ts) if one.is_bot]
        assert len(answers) == 3


def _every(slack: LocalSlack, channel: str) -> list:  # type: ignore[type-arg]
    return [reply for one in slack.messages(channel) for reply in slack.messages(channel, one.ts)]

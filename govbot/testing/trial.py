"""A Slack and a bot on this machine, for whoever has no workspace, or none yet."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.config import PREFIX, SECRETS, settings_from
from govbot.slack.serving import Serving, serve
from govbot.testing.slack import LocalSlack
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A bot at work in a Slack of its own."""

    slack: LocalSlack
    #: Where the bot answers whoever looks after it.
    address: str


@contextmanager
def trial(
    slack: LocalSlack, data: Path, *, is_http: bool = False, logs: Path | None = None, **settings: str
) -> Iterator[Trial]:
    """Give a bot at work in a Slack on this machine, over a socket or HTTP; `settings` are further GOVBOT_ variables.

    Its worker logs to a file, or to standard error without one. Raises what `serve` raises.
    """
    environment = environment_of(slack, data, settings)
    stopping, ready = threading.Event(), threading.Event()
    addresses: list[str] = []
    failed: list[BaseException] = []

    def begin(address: str) -> None:
        addresses.append(address)
        ready.set()

    def run() -> None:
        try:
            how = Serving(is_http=is_http, environment=environment, logs=logs)
            serve(settings_from(environment), how, stopping=stopping, ready=begin)
        except BaseException as exc:
            failed.append(exc)
            ready.set()

    thread = threading.Thread(target=run, name="bot")
    with ExitStack() as stack:
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopping.set)
        ready.wait()
        if failed:
            raise failed[0]
        if is_http:
            slack.deliver_to(f"{addresses[0]}/slack/events")
        yield Trial(slack=slack, address=addresses[0])


def populate(slack: LocalSlack) -> str:
    """Let people and channels be there, as in a small council, and return who looks after governance."""
    officer = slack.add_user(say("slack", "trial.officer"))
    writer = slack.add_user(say("slack", "trial.writer"))
    guest = slack.add_user(say("slack", "trial.guest"), guest=True)
    slack.add_channel(say("slack", "trial.open"), [officer, writer])
    slack.add_channel(say("slack", "trial.closed"), [officer, guest], private=True)
    return officer


def environment_of(slack: LocalSlack, data: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a bot in a Slack on this machine, as variables of the environment."""
    # What the environment says of a real database, or of a real Slack, is not for a trial.
    given = {
        **dict.fromkeys(("database", "slack_key", "slack_client_id", "slack_client_secret", "slack_officers"), ""),
        **{f"{name}_file": "" for name in SECRETS},
        "data": str(data),
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api": slack.api_url,
        "slack_file_hosts": slack.file_host,
        "slack_port": "0",
        **settings,
    }
    return {f"{PREFIX}{name.upper()}": value for name, value in given.items()}

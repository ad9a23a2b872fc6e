from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from govbot.testing.slack import LocalSlack, Message, Uploaded
from tests.slack.bot import DRAFTS, PATIENCE, texts, watched


@dataclass(kw_only=True)
class Town:
    """A Slack with a bot in it, and what people do there."""

    slack: LocalSlack
    address: str
    ada: str
    ben: str
    housing: str
    count: list[int] = field(default_factory=list)

    def channel(self, *people: str, private: bool = False) -> str:
        """Return a new channel with the bot in it."""
        self.count.append(1)
        return self.slack.add_channel(f"channel-{len(self.count)}", list(people) or [self.ada], private=private)

    def draft(self, name: str = "ennerdown-library-strategy.docx") -> bytes:
        return (DRAFTS / name).read_bytes()

    def drop(self, channel: str, text: str = "", *, user: str = "", name: str = "library.docx") -> Uploaded:
        """Drop the bundled draft into a channel."""
        return self.slack.upload(user or self.ada, channel, name, self.draft(), text=text)

    def replied(self, channel: str, thread: str, *, to: str = "Evidence by principle") -> Message:
        """Return the reply with these words in a thread, once it is there."""

        def found() -> Message | None:
            return next((one for one in self.slack.messages(channel, thread) if to in texts(one)), None)

        return self.slack.wait_for(found, PATIENCE)

    def checked(self, channel: str, text: str = "", **more: str) -> tuple[Uploaded, Message]:
        """Drop the bundled draft into a channel, and return the reply to it."""
        dropped = self.drop(channel, text, **more)
        return dropped, self.replied(channel, dropped.ts)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with LocalSlack() as slack, watched(slack, tmp_path_factory.mktemp("data")) as bot:
        ada, ben = slack.add_user("Ada"), slack.add_user("Ben")
        housing = slack.add_channel("housing", [ada, ben])
        yield Town(slack=slack, address=bot.address, ada=ada, ben=ben, housing=housing)

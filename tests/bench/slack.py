"""Prints how the bot bears many uploads and questions at once: `python tests/bench/slack.py`.

Slack is the local one; the bot and its worker are processes of their own, as a body runs them. Seconds are of this
machine and moment: the local Slack takes its share of the cores.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from govbot.rendering.slack import actions as act  # noqa: E402
from govbot.testing.slack import LocalSlack  # noqa: E402
from govbot.testing.trial import environment_of  # noqa: E402
from tests.slack.bot import buttons  # noqa: E402

QUESTIONS = ("have we covered openness?", "who is responsible for risk?", "cycle lanes?", "what is missing under F")
PASSAGE = "The board meets in public every month, and publishes its papers, paper {n} among them, on its website. "
#: Seconds within which all must be done.
LONGEST = 3_600


def main() -> None:
    """Print a line for each way in."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--uploads", type=int, default=50)
    options.add_argument("--questions", type=int, default=200)
    given = options.parse_args()
    say(f"{given.uploads} uploads and {given.questions} questions at once; {os.cpu_count()} cores\n")
    say(
        "| way in | acknowledged, p50 | p99 | replies | answers | lost | doubled | all done after |\n"
        + "| --- " * 8
        + "|"
    )
    for name, is_http in (("socket", False), ("HTTP", True)):
        say(f"| {name} | " + " | ".join(measure(given.uploads, given.questions, is_http=is_http)) + " |")


def measure(uploads: int, questions: int, *, is_http: bool) -> list[str]:
    """Return the figures of one way in."""
    with tempfile.TemporaryDirectory() as data, LocalSlack() as slack, bot(slack, Path(data), is_http=is_http):
        ada = slack.add_user("Ada")
        channels = [slack.add_channel(f"channel-{number}", [ada]) for number in range(10)]
        first = [(one, slack.upload(ada, one, "first.md", draft(-at)).ts) for at, one in enumerate(channels)]
        # What is asked in a channel is about its latest draft: each has one.
        slack.wait_for(lambda: all(replied(slack, *one) for one in first), LONGEST)
        before = {kind: len(seconds) for kind, seconds in slack.acks.items()}
        begun = time.monotonic()
        dropped = [
            (channels[number % 10], slack.upload(ada, channels[number % 10], f"plan {number}.md", draft(number)).ts)
            for number in range(1, uploads + 1)
        ]
        asked = [
            (channels[number % 10], slack.say(ada, channels[number % 10], mention(slack, number)))
            for number in range(questions)
        ]
        slack.wait_for(lambda: done(slack, dropped, asked), LONGEST)
        taken = time.monotonic() - begun
        acks = [one for kind, seconds in slack.acks.items() for one in seconds[before.get(kind, 0) :]]
        replies = [len(slack.messages(*one)) for one in dropped]
        answers = [len(slack.messages(*one)) for one in asked]
    every = [*replies, *answers]
    return [
        f"{np.percentile(acks, 50):.3f} s",
        f"{np.percentile(acks, 99):.3f} s",
        str(sum(one > 0 for one in replies)),
        str(sum(one > 0 for one in answers)),
        str(every.count(0)),
        str(sum(one > 1 for one in every)),
        f"{taken:.0f} s",
    ]


@contextmanager
def bot(slack: LocalSlack, data: Path, *, is_http: bool) -> Iterator[None]:
    """Run `govbot slack serve` until the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = environment_of(slack, data, {"slack_port": str(port), "slack_host": "127.0.0.1"})
    command = [sys.executable, "-m", "govbot.cli", "slack", "serve", *["--http"][: int(is_http)]]
    process = subprocess.Popen(command, env={**os.environ, **given}, stderr=subprocess.DEVNULL)
    try:
        while not is_ready(port):
            time.sleep(0.1)
        if is_http:
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        yield
    finally:
        process.terminate()
        process.wait()


def is_ready(port: int) -> bool:
    """Return whether the bot says that it is ready."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def draft(number: int) -> bytes:
    """Return a draft; no two are alike."""
    title = f"# Plan {number} {'abcdefghij'[number % 10] * 3}\n\n"
    return (title + "".join(PASSAGE.format(n=1000 * number + line) for line in range(12))).encode()


def mention(slack: LocalSlack, number: int) -> str:
    """Return a question to the bot."""
    return f"<@{slack.bot_user}> {QUESTIONS[number % len(QUESTIONS)]}"


def replied(slack: LocalSlack, channel: str, thread: str) -> bool:
    """Return whether a draft has its reply."""
    return any(act.EVIDENCE in buttons(one) for one in slack.messages(channel, thread))


def done(slack: LocalSlack, dropped: Sequence[tuple[str, str]], asked: Sequence[tuple[str, str]]) -> bool:
    """Return whether every draft has its reply, and every question an answer."""
    return all(replied(slack, *one) for one in dropped) and all(slack.messages(*one) for one in asked)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

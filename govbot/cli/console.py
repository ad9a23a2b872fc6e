"""Where a command prints: data on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from govbot.words import say

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import RenderableType

#: Nothing is said of work that takes no longer than this many seconds.
_QUIET_SECONDS = 2.0


def print_data(renderable: RenderableType) -> None:
    """Print a reply for people on standard output."""
    Console(highlight=False, emoji=False).print(renderable)


def print_text(text: str) -> None:
    """Print text as it is on standard output."""
    sys.stdout.write(text + "\n")


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output."""
    print_text(json.dumps(value, ensure_ascii=False))


def print_error(message: str) -> None:
    """Print what went wrong on standard error."""
    console = Console(stderr=True, highlight=False, emoji=False)
    console.print(Text(say("cli", "error", message=message)))


class Watch:
    """Shows on standard error what is being done, once it takes longer than _QUIET_SECONDS."""

    def __init__(self, name: str = "") -> None:
        """`name` is the file or framework that the steps are about; see `about`."""
        self._name = name
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None)
        self._timer = threading.Timer(_QUIET_SECONDS, self._begin)
        self._timer.daemon = True
        self._step = ""
        self._begun = False

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._progress.stop()

    def about(self, name: str) -> None:
        """Say what the next steps are about."""
        self._name = name

    def tell(self, step: str, done: int, total: int) -> None:
        """Take note of a step: "reading", "matching" or "training"; a total of 0 is not known."""
        is_new = step != self._step
        self._step = step
        self._progress.update(self._task, description=self._words(), completed=done, total=total or None)
        if is_new and self._begun and not self._progress.console.is_terminal:
            self._say_line()

    def _words(self) -> str:
        return say("cli", f"progress.{self._step}", name=self._name) if self._step else self._name

    def _begin(self) -> None:
        self._begun = True
        if self._progress.console.is_terminal:
            self._progress.start()
        else:
            self._say_line()

    def _say_line(self) -> None:
        if self._step:
            self._progress.console.print(Text(self._words() + " …"))

"""Where a command prints: data on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from govbot.errors import GovbotError
from govbot.rendering import one_line
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from rich.console import RenderableType

#: What stands for standard input among the files.
STDIN = "-"
#: True where errors are to be raised rather than told.
debug: ContextVar[bool] = ContextVar("debug", default=False)
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
    told = say("cli", "error", message=message)
    console.print(Text("\n".join(one_line(line) for line in told.split("\n"))))


def print_note(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(one_line(text) + "\n")
    sys.stderr.flush()


def tell(exc: Exception) -> str:
    """Return what went wrong in words: an error's own, or that nobody expected it."""
    return str(exc) if isinstance(exc, GovbotError) else say("cli", "unexpected", kind=type(exc).__name__)


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
            # Standard output is not its business: a reply goes where the shell sends it.
            redirect_stdout=False,
            redirect_stderr=False,
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
        if self._begun and self._progress.console.is_terminal:
            self._progress.stop()

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Take the bar off the terminal while something else is printed."""
        shown = self._begun and self._progress.console.is_terminal
        if shown:
            self._progress.stop()
        yield
        if shown:
            self._progress.start()

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
        name = say("cli", "stdin") if self._name == STDIN else one_line(self._name)
        return say("cli", f"progress.{self._step}", name=name) if self._step else name

    def _begin(self) -> None:
        self._begun = True
        if self._progress.console.is_terminal:
            self._progress.start()
        else:
            self._say_line()

    def _say_line(self) -> None:
        if self._step:
            self._progress.console.print(Text(say("cli", "progress.line", words=self._words())))

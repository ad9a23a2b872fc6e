"""Ways to lay text out in a terminal of any width, plain enough for a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.measure import Measurement
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


#: Columns beyond which lines are tiring to read.
_WIDEST = 100


class Trimmed:
    """What it holds, no wider than is easy to read, without spaces at the ends of lines: they are noise in a file."""

    def __init__(self, held: RenderableType) -> None:
        self._held = held

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        options = options.update(width=min(options.max_width, _WIDEST))
        for line in console.render_lines(self._held, options, pad=False):
            yield from _trim(line)
            yield Segment.line()


class Title:
    """A section's title: over a thin line on a screen, underlined with hyphens elsewhere."""

    def __init__(self, title: str) -> None:
        self._title = title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        title = Text(self._title, style="bold")
        if console.is_terminal:
            yield Rule(style="dim")
            yield title
        else:
            yield title
            widest = max(cell_len(line.plain) for line in title.wrap(console, options.max_width))
            yield Text("-" * widest)


class Flow:
    """Pieces beside each other, broken between pieces."""

    #: Columns between two pieces.
    _GAP = 3

    def __init__(self, pieces: Sequence[Text]) -> None:
        self._pieces = pieces

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for piece in self._pieces:
            if line and line.cell_len + self._GAP + piece.cell_len > options.max_width:
                yield line
                line = Text()
            line = line + Text(" " * self._GAP if line else "") + piece
        yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widths = [piece.cell_len for piece in self._pieces] or [0]
        together = sum(widths) + self._GAP * (len(widths) - 1)
        return Measurement(max(widths), together).with_maximum(options.max_width)


def indented(held: RenderableType, columns: int) -> Padding:
    """Return `held` set in from the left."""
    return Padding(held, (0, 0, 0, columns), expand=False)


def _trim(line: list[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept:
        last = kept[-1]
        kept[-1] = Segment(last.text.rstrip(" "), last.style, last.control)
    return kept

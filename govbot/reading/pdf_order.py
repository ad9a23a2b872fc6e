"""Mends the order of a page's lines where the file draws some of them late."""

from __future__ import annotations

from govbot.reading.pdf_page import Line

#: Lines of a run that is moved above another, and into a gap of another; longer runs are columns.
_SHORT_RUN, _LONG_RUN = 8, 30
#: Space between two lines that parts runs, in font sizes.
_GAP = 2.5
#: Lines of a page that is looked at: the work grows with their square.
_MOST_LINES = 400


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Return the lines in content order, but short runs drawn late put where they stand among the others."""
    if len(lines) > _MOST_LINES:
        return lines
    runs = _runs(lines)
    if len(runs) < 2:
        return lines
    ordered: list[list[Line]] = []
    for run in runs:
        if len(run) > _LONG_RUN or not ordered or not _insert(ordered, run):
            ordered.append(run)
    return [line for run in ordered for line in run]


def _runs(lines: list[Line]) -> list[list[Line]]:
    """Return the lines in runs that go down the page without a gap."""
    runs: list[list[Line]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        if last is None or not -0.6 * line.size <= last.y - line.y <= _GAP * line.size:
            runs.append([line])
        else:
            runs[-1].append(line)
    return runs


def _insert(ordered: list[list[Line]], run: list[Line]) -> bool:
    """Put the run into a gap of an earlier one, or above the earlier one that it heads; return whether it fits."""
    for place, other in enumerate(ordered):
        for index, below in enumerate(other):
            above = other[index - 1] if index else None
            if not _over(run[-1], below) or (above is not None and not _over(above, run[0])):
                continue
            if above is None and (len(run) > _SHORT_RUN or not _heads(ordered[:place], run, below)):
                continue
            other[index:index] = run
            return True
    return False


def _over(upper: Line, lower: Line) -> bool:
    """Return whether one line stands above the other, in the same column, and does not touch it."""
    return upper.y - lower.y >= 0.7 * max(min(upper.size, lower.size), 1.0) and _share_column(upper, lower)


def _heads(before: list[list[Line]], run: list[Line], below: Line) -> bool:
    """Return whether the run stands close above `below` and nothing that was drawn before it stands between."""
    if run[-1].y - below.y > 4 * max(run[-1].size, below.size):
        return False
    return not any(
        run[-1].y > line.y > below.y and _share_column(line, below) for earlier in before for line in earlier
    )


def _share_column(one: Line, other: Line) -> bool:
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > 0.3 * min(one.x1 - one.x0, other.x1 - other.x0, 60.0)

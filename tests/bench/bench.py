"""Prints what govbot takes beside the bare libraries that it stands on: `make bench`.

Both sides run in this process, in turn, several times; a figure is the median. Seconds are of this machine and moment;
ratios are what the budgets are about. The exit code is always 0.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real"
FILES = ("bucks_draft_plan_partA_consultation.pdf", "moj_digital_strategy.pdf", "gsa_hhs_governance_charter.docx")
DRAFT = ROOT / "tests" / "drafts" / "ennerdown-library-strategy.docx"
FRAMEWORKS = ("cipfa-ifac", "social-value-principles")
#: Passages on which both precisions are compared; float32 is slow.
COMPARED = 192
#: Processor features that decide how fast a matrix is multiplied.
FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "bf16", "sve")
#: Peak of the process that checks, and of the largest process that it started, in kilobytes.
MEMORY = """
import resource, sys
from govbot.cli.main import run
sys.stdout = open("/dev/null", "w")
try:
    run(sys.argv[1:])
finally:
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(*peaks, file=sys.__stderr__)
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table."""

    what: str
    govbot: str
    bare: str
    ratio: str
    budget: str


def main() -> None:
    """Print a table a file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", type=Path, help="files to check in place of the usual ones")
    options.add_argument("--rounds", type=int, default=5, help="times that each side runs (default: 5)")
    given = options.parse_args()
    files = given.files or [REAL / name for name in FILES if (REAL / name).exists()]
    _say(f"Machine: {machine()}. {given.rounds} rounds, medians.")
    if not files:
        _say("There is no folder ../shared with real documents here: the bundled draft stands in for them.")
        files = [DRAFT]
    os.environ["GOVBOT_CACHE"] = "off"
    try:
        # First of all: a process's peak is never told to be lower than that of the one that started it.
        memory = [peak_memory(path) for path in files]
        bench = Bench(rounds=max(given.rounds, 1))
        for path, peak in zip(files, memory, strict=True):
            _show(path.name, [*bench.lines(path), peak])
    except Exception:  # a figure that cannot be had fails nothing
        _say(f"Not everything could be measured:\n{traceback.format_exc()}")


class Bench:
    """The models of both sides, loaded once, and what is measured with them."""

    def __init__(self, *, rounds: int) -> None:
        """Load everything, so that nothing that is measured waits for it."""
        from govbot.config import load_settings
        from govbot.embedding.adapter import SHIPPED_ADAPTER, merge_adapter
        from govbot.embedding.transformer import load_model
        from govbot.pipeline import Workshop
        from govbot.resources import resource

        self._rounds = rounds
        self._workshop = Workshop(load_settings(), FRAMEWORKS)
        self._workshop.prepare()
        self._workshop.encode(["warm", "up"])
        self._shipped: Any = self._workshop._transformer._transformer
        self._float32 = load_model()
        merge_adapter(self._float32, resource(SHIPPED_ADAPTER))
        self._float32.encode(["warm", "up"], show_progress_bar=False)

    def lines(self, path: Path) -> list[Line]:
        """Return the table of one file."""
        document = self._workshop.read(path)
        texts = [passage.text for passage in self._workshop.examine(document).passages]
        reading, bare_reading = self._take_turns(lambda: self._workshop.read(path), lambda: read_bare(path))
        check, bare_encoding = self._take_turns(lambda: self._check(path), lambda: self._encode_bare(texts))
        bare = bare_reading + bare_encoding
        pages = f"{document.pages} pages" if document.pages else "no pages"
        return [
            Line(what=f"read ({pages})", govbot=_seconds(reading), bare=_seconds(bare_reading),
                 ratio=_ratio(reading, bare_reading), budget="none; ours starts a process"),
            *([Line(what="  pages a second", govbot=f"{document.pages / reading:.0f}",
                    bare=f"{document.pages / bare_reading:.0f}", ratio="", budget="")] if document.pages else []),
            *self._precision(texts),
            Line(what=f"check, no cache ({len(texts)} passages)", govbot=_seconds(check), bare=_seconds(bare),
                 ratio=_ratio(check, bare), budget="at most 1.25 of bare reading + encoding"),
            *self._shares(path),
            self._again(path),
        ]  # fmt: skip

    def _take_turns(self, *sides: Callable[[], object]) -> list[float]:
        """Return each side's median seconds; each goes first in turn, so that none has the warmer machine."""
        taken: list[list[float]] = [[] for _ in sides]
        for number in range(self._rounds):
            order = list(range(len(sides)))
            for place in order if number % 2 == 0 else reversed(order):
                started = time.perf_counter()
                sides[place]()
                taken[place].append(time.perf_counter() - started)
        return [statistics.median(some) for some in taken]

    def _encode_bare(self, texts: Sequence[str]) -> object:
        return self._shipped.encode(list(texts), batch_size=32, show_progress_bar=False)

    def _check(self, path: Path) -> None:
        check_with(self._workshop, path)

    def _precision(self, texts: Sequence[str]) -> list[Line]:
        """Return how encoding as shipped compares with plain float32 in time and in what it decides."""
        import numpy as np

        step = max(1, len(texts) // COMPARED)
        some = list(texts)[::step][:COMPARED]
        shipped, plain = self._take_turns(
            lambda: self._workshop.encoder.encode(some),
            lambda: self._float32.encode(some, show_progress_bar=False),
        )
        vectors = self._workshop.encoder.encode(some)
        exact = self._float32.encode(some, show_progress_bar=False, normalize_embeddings=True)
        pairs = [
            (item.matcher.match(some, vectors), item.matcher.match(some, np.asarray(exact)))
            for item in self._workshop.equipment
        ]
        change = max(float(np.abs(one.scores - other.scores).max()) for one, other in pairs)
        decided = sum(one.accepted.size for one, _ in pairs)
        changed = sum(int((one.accepted != other.accepted).sum()) for one, other in pairs)
        precision = str(next(self._shipped.parameters()).dtype).removeprefix("torch.")
        budget = "at least 2.5 times" if precision == "bfloat16" else "none without fast bfloat16"
        rate, plain_rate = len(some) / shipped, len(some) / plain
        return [
            Line(what=f"encode, passages a second ({precision}; float32)", govbot=f"{rate:.1f}",
                 bare=f"{plain_rate:.1f}", ratio=_ratio(rate, plain_rate), budget=budget),
            Line(what="  largest change of a score", govbot=f"{change:.4f}", bare="", ratio="", budget="none"),
            Line(what="  decisions that change", govbot=f"{changed} of {decided}", bare="", ratio="", budget="0"),
        ]  # fmt: skip

    def _shares(self, path: Path) -> list[Line]:
        """Return where the time of one check goes."""
        from govbot.passages import split_passages

        workshop = self._workshop
        document = workshop.read(path)
        passages = split_passages(document)
        texts = [passage.text for passage in passages]
        vectors = workshop.encoder.encode(texts)
        matches = {item.framework.id: item.matcher.match(texts, vectors) for item in workshop.equipment}
        seconds = self._take_turns(
            lambda: workshop.encoder.encode(texts),
            lambda: match_all(workshop, texts, vectors),
            lambda: split_passages(document),
            lambda: workshop._assess(document, workshop.equipment, passages, matches),
        )
        names = ("encode passages", "match (budget: 0.05)", "split into passages", "assess and quote")
        return [
            Line(
                what=f"  of it: {name}",
                govbot=_seconds(taken),
                bare="",
                ratio=f"{_ratio(taken, seconds[0])} of encoding",
                budget="",
            )
            for name, taken in zip(names, seconds, strict=True)
        ]

    def _again(self, path: Path) -> Line:
        """Return the second check of a draft against its first, each time in a fresh cache."""
        from govbot.config import Settings
        from govbot.pipeline import Workshop

        first: list[float] = []
        again: list[float] = []
        for _ in range(self._rounds):
            with tempfile.TemporaryDirectory() as folder:
                workshop = Workshop(Settings(cache=folder), FRAMEWORKS)
                workshop.prepare()
                workshop.encode(["warm", "up"])
                for taken in (first, again):
                    started = time.perf_counter()
                    check_with(workshop, path)
                    taken.append(time.perf_counter() - started)
                workshop.encoder.close()  # type: ignore[attr-defined]
        one, two = statistics.median(first), statistics.median(again)
        return Line(what="check again, cached (bare: first time)", govbot=_seconds(two), bare=_seconds(one),
                    ratio=_ratio(two, one), budget="at most 0.10")  # fmt: skip


def peak_memory(path: Path) -> Line:
    """Return the peak memory of a fresh process that checks the file, and of the reader that it starts."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, "check", str(path)], capture_output=True, text=True, check=False
    )
    own, reader = (int(word) / 1024 for word in done.stderr.splitlines()[-1].split())
    return Line(
        what="peak memory, MB (govbot + its reader)",
        govbot=f"{own:.0f} + {reader:.0f}",
        bare="",
        ratio="",
        budget="at most 1,300 for 600 pages",
    )


def match_all(workshop: Any, texts: Sequence[str], vectors: Any) -> None:  # noqa: ANN401 (imported late)
    """Do what `govbot check` does with vectors: how the texts speak is judged once for all frameworks."""
    from govbot.matching import judge

    judged = judge(workshop.equipment[0].matcher.manner, texts, vectors)
    for item in workshop.equipment:
        item.matcher.match_judged(texts, vectors, judged)


def check_with(workshop: Any, path: Path) -> None:  # noqa: ANN401 (imported late, so that --help is quick)
    """Do what `govbot check` does, with everything loaded."""
    from rich.console import Console

    from govbot.rendering import check_report

    found = workshop.examine(workshop.read(path)).check
    Console(file=io.StringIO(), width=80).print(check_report(found, workshop.frameworks, show_all=False))


def read_bare(path: Path) -> int:
    """Return the number of characters that the bare library finds in the file."""
    if path.suffix.lower() == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            return sum(len(page.get_textpage().get_text_bounded()) for page in pdf)
    if path.suffix.lower() == ".docx":
        import docx

        document = docx.Document(str(path))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return sum(map(len, [*(paragraph.text for paragraph in document.paragraphs), *cells]))
    return len(path.read_text(encoding="utf-8", errors="replace"))


def machine() -> str:
    """Return the processor's cores and features, and nothing that would tell whose it is."""
    found: set[str] = set()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith(("flags", "Features")):
                found |= set(line.split(":", 1)[1].split())
    except OSError:
        found = set()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    known = ", ".join(feature for feature in FEATURES if feature in found) or "features not known"
    return f"{cores} cores, {platform.machine()}, {known}"


def _seconds(value: float) -> str:
    return f"{value:.3f} s"


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "-"


def _show(name: str, lines: Sequence[Line]) -> None:
    rows = [("", "govbot", "bare", "ratio", "budget")]
    rows += [(line.what, line.govbot, line.bare, line.ratio, line.budget) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    _say(f"\n{name}")
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(row[n].rjust(widths[n]) for n in (1, 2)),
            *(row[n].ljust(widths[n]) for n in (3, 4)),
        ]
        _say("  ".join(cells).rstrip())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

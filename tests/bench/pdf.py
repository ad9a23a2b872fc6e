"""Prints how many pages of PDFs are read a second, and in how much memory: `python tests/bench/pdf.py`.

Three sides take turns: bare pypdfium2; our layer in this process and, of long files, in a copy of it that reads half of
the pages; and our layer as it is used, in a process of its own for each file. A figure is that of the quickest round,
for other work on the machine only slows; ratios are what counts.
"""

from __future__ import annotations

import argparse
import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from govbot.errors import NoText  # noqa: E402
from govbot.reading import read_document  # noqa: E402
from govbot.reading.copying import has_cores  # noqa: E402
from govbot.reading.pdf import read_pdf  # noqa: E402
from tests.make_pdf import PdfPage, make_pdf  # noqa: E402

REAL = ROOT.parent / "shared" / "real"
DRAFTS = ROOT / "tests" / "drafts"
#: Paragraphs of a made page, lines of each, words of a line, and different words in all.
PARAGRAPHS, LINES, WORDS, VOCABULARY = 5, 8, 11, 8_000
#: Peak of a process that reads the file, without any model, and of the reader that it starts together with its copy, in
#: kilobytes. What the two share is counted once.
MEMORY = """
import resource, sys, threading
from contextlib import suppress
from pathlib import Path
from govbot.reading import Limits, read_document
peaks, done = [0], threading.Event()
def share(number):
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
def below(number):
    found = 0
    with suppress(OSError):
        for thread in Path(f"/proc/{number}/task").iterdir():
            found += sum(share(child) + below(child) for child in (thread / "children").read_text().split())
    return found
def watch():
    while not done.wait(0.02):
        peaks.append(below("self"))
threading.Thread(target=watch, daemon=True).start()
read_document(Path(sys.argv[1]), limits=Limits(seconds=3_600))
done.set()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, max(peaks))
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What reading took: pages, and the seconds of each side."""

    pages: int
    bare: float
    layer: float
    whole: float


def main() -> None:
    """Print a line on memory, and a table with a line a file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", type=Path, help="files to read in place of those in ../shared/real")
    options.add_argument("--rounds", type=int, default=5, help="times that each side runs (default: 5)")
    options.add_argument("--pages", type=int, default=5_000, help="pages of the made file, 0 for none (default: 5,000)")
    given = options.parse_args()
    if given.pages:
        # First of all: a process's peak is never told to be lower than that of the one that started it.
        own, reader = peak_memory(given.pages)
        say(f"Peak memory for {given.pages:,} made pages, MB: {own} + {reader} for the reader = {own + reader}\n")
    files = given.files or sorted(REAL.glob("*.pdf")) or sorted(DRAFTS.glob("*.pdf"))
    say("| file | pages | bare, pages/s | layer | of bare | whole | of bare |\n" + "| --- " * 7 + "|")
    # As in the reader.
    gc.disable()
    found = []
    for path in files:
        found.append(measure(path, given.rounds))
        show(path.name, found[-1])
    show("all", Figures(**{name: sum(getattr(one, name) for one in found) for name in Figures.__dataclass_fields__}))


def peak_memory(pages: int) -> tuple[int, int]:
    """Return the peaks of a fresh process that reads so many made pages, and of its reader, in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.pdf"
        maker = get_context("spawn").Process(target=make_file, args=(path, pages))
        maker.start()
        maker.join()
        done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    own, reader = (int(word) // 1024 for word in done.stdout.split())
    return own, reader


def make_file(path: Path, pages: int) -> None:
    """Write a PDF of full pages of made words, each under a heading."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 10))) for _ in range(VOCABULARY)]

    def page(number: int) -> PdfPage:
        made = PdfPage().text(70, 810, "Draft strategy 2026").text(290, 30, f"Page {number}")
        made.text(70, 770, f"{number}. {' '.join(rng.choices(words, k=4)).capitalize()}", size=16, bold=True)
        for paragraph in range(PARAGRAPHS):
            lines = [" ".join(rng.choices(words, k=WORDS)) for _ in range(LINES)]
            # A word that a line's end parts: then all words of the file are gathered.
            lines[1] = f"{lines[1]}-"
            made.lines(70, 740 - 124 * paragraph, lines[0].capitalize(), *lines[1:-1], f"{lines[-1][:40]}.")
        return made

    path.write_bytes(make_pdf(*map(page, range(1, pages + 1))))


def measure(path: Path, rounds: int) -> Figures:
    """Return what reading the file took; each side goes first in turn."""
    data = path.read_bytes()
    sides: list[Callable[[], object]] = [
        lambda: read_bare(data),
        lambda: read_pdf(data, in_two=has_cores()),
        lambda: read_whole(path),
    ]
    taken: list[list[float]] = [[] for _ in sides]
    for number in range(rounds):
        for place in range(len(sides)):
            side = (place + number) % len(sides)
            began = time.perf_counter()
            sides[side]()
            taken[side].append(time.perf_counter() - began)
    bare, layer, whole = map(min, taken)
    with pypdfium2.PdfDocument(data) as document:
        return Figures(pages=len(document), bare=bare, layer=layer, whole=whole)


def read_bare(data: bytes) -> int:
    """Return the number of characters that the bare library finds."""
    found = 0
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            found += len(text.get_text_range())
            text.close()
            page.close()
    return found


def read_whole(path: Path) -> None:
    """Read the file as `govbot` does; a scan is read in vain."""
    with suppress(NoText):
        read_document(path)


def show(name: str, figures: Figures) -> None:
    """Print a line of the table."""
    bare, layer, whole = (figures.pages / seconds for seconds in (figures.bare, figures.layer, figures.whole))
    rates = f"{bare:.0f} | {layer:.0f} | {layer / bare:.2f} | {whole:.0f} | {whole / bare:.2f}"
    say(f"| {name} | {figures.pages} | {rates} |")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

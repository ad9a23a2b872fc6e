"""Feeds damaged files to the guard and the readers: `python tests/bench/fuzz.py --minutes 60`.

What is damaged are the bundled drafts, golden files, and real documents where they are there. A file may be read or
refused; whatever else is raised is a crash, which is printed once a place, and its file kept in --out. Each round is a
process of its own: one that dies, or takes too long, is a crash too.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path, PurePath
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from govbot.errors import DocumentError  # noqa: E402
from govbot.reading.guard import READ_EXTENSIONS, inspect  # noqa: E402
from govbot.reading.worker import _read  # noqa: E402

PLACES = (ROOT / "tests" / "drafts", ROOT / "tests" / "golden", ROOT.parent / "shared" / "real")
#: Bytes of a file that is damaged, at most: large ones take long and hold nothing new.
MOST = 600_000
#: Files of one process, seconds for one, and megabytes of memory.
ROUND, SECONDS = 60, 30
#: What hurts parsers: signs of markup, ends of numbers, empty and endless things.
HARMFUL = (
    *(b"", b"\0", b"\xff\xfe", b"<", b">", b"&", b'"', b"-1", b"0", b"99999999999999999999", b"NaN", b"1e999", b"\n"),
    *(
        b"]]>",
        b"<!--",
        b"</",
        b"<a><a>",
        b"obj",
        b"endobj",
        b"stream\n",
        b"<<",
        b">>",
        b"[",
        b"]",
        b"()",
        b"\xc3",
        b"\t",
    ),
    *("\u202e".encode(), b"| ", b"```", b"# ", b"- ", b"w:val=''", b"A" * 5_000),
)


def main() -> None:
    """Print how many files were read and refused, and every crash."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, default=Path("crashes"), help="folder for files that crash a reader")
    given = options.parse_args()
    seeds = [path for place in PLACES for path in sorted(place.rglob("*")) if _is_seed(path)]
    until, number, ended, crashes = time.monotonic() + 60 * given.minutes, given.seed * 1_000_000, Counter[str](), set()
    while time.monotonic() < until:
        number += 1
        for path, data, how, trace in run_round(seeds, number):
            ended[how if how in ("read", "refused") else "crashed"] += 1
            place = " ".join(line.strip() for line in trace.splitlines()[-3:])
            if how in ("read", "refused") or place in crashes:
                continue
            crashes.add(place)
            given.out.mkdir(parents=True, exist_ok=True)
            kept = given.out / f"{number}-{len(crashes)}-{path.name}"
            kept.write_bytes(data)
            sys.stdout.write(f"{how}: {kept}\n{trace}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{given.minutes:g} minutes, seed {given.seed}: {dict(ended)}, {len(crashes)} kinds of crash\n")


def run_round(seeds: list[Path], number: int) -> list[tuple[Path, bytes, str, str]]:
    """Return what became of each file of a round: its path, its damaged bytes, how it ended, and a traceback."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_round, args=(seeds, number, theirs))
    process.start()
    theirs.close()
    found: list[tuple[Path, bytes, str, str]] = []
    begun: tuple[Path, bytes] | None = None
    while True:
        try:
            told = ours.recv()
        except EOFError:
            break
        begun = told if len(told) == 2 else None
        if len(told) == 4:
            found.append(told)
    process.join()
    if begun is not None:
        found.append((*begun, f"died of {process.exitcode}", f"the process ended with {process.exitcode}"))
    return found


def _round(seeds: list[Path], number: int, told: Connection) -> None:
    from govbot.reading.confining import confine

    confine(2_000, ROUND * SECONDS, file_mb=50)
    signal.signal(signal.SIGALRM, _too_long)
    dice = random.Random(number)
    for _ in range(ROUND):
        path = dice.choice(seeds)
        data = damage(path.read_bytes(), dice)
        told.send((path, data))
        told.send((path, data, *_outcome(path, data)))


def _outcome(path: Path, data: bytes) -> tuple[str, str]:
    signal.alarm(SECONDS)
    written = Path(f"/tmp/fuzz-{path.suffix.removeprefix('.')}-{id(data)}{path.suffix}")
    try:
        written.write_bytes(data)
        _read(data, inspect(written, file_mb=100), {}).document(name=path.name, sha256="")
    except DocumentError:
        return "refused", ""
    except BaseException:
        return "crashed", traceback.format_exc()
    finally:
        signal.alarm(0)
        written.unlink(missing_ok=True)
    return "read", ""


def damage(data: bytes, dice: random.Random) -> bytes:
    """Return the file damaged: of a package, one of its parts."""
    if not data.startswith(b"PK"):
        return _damage(data, dice)
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    weighty = [name for name in parts if name.endswith((".xml", ".rels"))] or list(parts)
    for _ in range(dice.choice((1, 1, 2))):
        name = dice.choice(weighty)
        parts[name] = _damage(parts[name], dice)
    if dice.random() < 0.1:
        del parts[dice.choice(weighty)]
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _damage(data: bytes, dice: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at, size = dice.randrange(len(found) + 1), dice.choice((0, 1, 2, 8, 40, 400))
        match dice.randrange(5):
            case 0:
                found[at : at + size] = dice.randbytes(dice.choice((1, 2, 8)))
            case 1:
                found[at : at + size] = dice.choice(HARMFUL)
            case 2:
                start = dice.randrange(len(found) + 1)
                found[at:at] = found[start : start + dice.choice((8, 40, 400, 4_000))]
            case 3:
                found = _with_tag(found, dice)
            case _:
                del found[at : at + size]
    return bytes(found[: dice.randrange(len(found) + 1)] if dice.random() < 0.05 else found)


def _with_tag(found: bytearray, dice: random.Random) -> bytearray:
    """Return the markup with a whole tag doubled, moved or left out; anything else as it is."""
    begins = [at for at in (found.find(b"<", dice.randrange(len(found) + 1)) for _ in range(2)) if at >= 0]
    if len(begins) < 2:
        return found
    (one, other), end = begins, found.find(b">", begins[0]) + 1
    tag = found[one:end] if end > one else found[:0]
    if dice.random() < 0.5:
        return found[:other] + tag + found[other:]
    return found[:one] + found[end:] if end > one else found


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(number)


def _is_seed(path: Path) -> bool:
    return path.is_file() and PurePath(path).suffix.lower() in READ_EXTENSIONS and path.stat().st_size <= MOST


if __name__ == "__main__":
    main()

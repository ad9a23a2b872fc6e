"""Passages on governance of another kind: what a narrower framework must learn not to take for its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from govbot.frameworks.crosswalk import crosswalk_file, links_between
from govbot.frameworks.examples import EXAMPLES_FILE, Example, own_examples
from govbot.frameworks.loading import framework_folder, framework_ids, load_framework

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from govbot.frameworks.schema import Framework

#: The framework whose examples show what governance at large sounds like.
WIDEST = "cipfa-ifac"
#: Examples of each of its criteria. Of a narrower framework's false alarms on the others 30 leave .05 to .15, against
#: .33 to .57 with none.
_OF_EACH = 40


def background_examples(framework: Framework) -> tuple[Example, ...]:
    """Return examples of the widest framework that are nothing under this one, by the crosswalk.

    None for the widest framework itself, and for a user's own: nobody has said how these bear on each other.
    """
    if not has_background(framework):
        return ()
    widest = load_framework(WIDEST)
    linked = {link.other for link in links_between(framework, widest)}
    examples = own_examples(framework_folder(WIDEST), widest)
    far = (one for one in examples if one.criteria and linked.isdisjoint((*one.criteria, *one.also)))
    return tuple(_some_of_each(far))


def has_background(framework: Framework) -> bool:
    """Return whether some of the widest framework's examples teach this one what is nothing."""
    return framework.id != WIDEST and framework.id in framework_ids()


def background_files() -> tuple[Path, Path]:
    """Return the files that the background is drawn from."""
    return framework_folder(WIDEST) / EXAMPLES_FILE, crosswalk_file()


def _some_of_each(examples: Iterator[Example]) -> Iterator[Example]:
    """Yield the first examples of each criterion, its batches taking turns."""
    by_batch: Counter[tuple[str, str]] = Counter()
    turns: list[tuple[str, int, Example]] = []
    for example in examples:
        main = example.criteria[0]
        turns.append((main, by_batch[main, example.batch], example))
        by_batch[main, example.batch] += 1
    taken: Counter[str] = Counter()
    for main, _, example in sorted(turns, key=lambda turn: turn[:2]):
        if taken[main] < _OF_EACH:
            taken[main] += 1
            yield Example(id=f"{WIDEST} {example.id}", text=example.text, criteria=(), hard=True, batch=example.batch)

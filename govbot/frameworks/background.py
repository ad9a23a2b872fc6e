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
#: Examples of each of its criteria. Of the other passages CLEAR accepts .35 with none, .12 with 15 of each, .09 with 30
#: and .08 with 60; best-value .56, .20, .17 and .12.
_OF_EACH = 40


def background_examples(framework: Framework) -> tuple[Example, ...]:
    """Return examples of the widest framework that are nothing under this one, by the crosswalk.

    None for the widest framework itself, and for a user's own: nobody has said how these bear on each other.
    """
    return tuple(_some_of_each(far_examples(framework))) if has_background(framework) else ()


def far_examples(framework: Framework) -> Iterator[Example]:
    """Yield the widest framework's examples whose criteria the crosswalk links to none of this framework's."""
    widest = load_framework(WIDEST)
    linked = {link.other for link in links_between(framework, widest)}
    for example in own_examples(framework_folder(WIDEST), widest):
        if example.criteria and linked.isdisjoint((*example.criteria, *example.also)):
            yield example


def has_background(framework: Framework) -> bool:
    """Return whether some of the widest framework's examples teach this one what is nothing."""
    return framework.id != WIDEST and {framework.id, WIDEST} <= set(framework_ids())


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

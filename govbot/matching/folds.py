"""Which examples are held out together, so that nothing is judged by what taught it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.frameworks import Example
    from govbot.matching.heads import Array
    from govbot.matching.training import Lessons

FOLDS = 4
#: Examples nearer than this are held out together: one would give the other away.
_SAME = 0.9
_SEED = 20141


def batch_of(example: Example) -> str:
    """Return who wrote the example; one that does not say is a batch by itself."""
    return example.batch or f"only {example.id}"


def share_out(*groups: Sequence[Example]) -> dict[str, int]:
    """Return each batch's fold, so that every group, such as a framework's examples, is spread evenly.

    Group after group the largest batch goes first, into the fold that has least of the group so far.
    """
    found: dict[str, int] = {}
    for group in groups:
        sizes = Counter(map(batch_of, group))
        filled = [sum(size for batch, size in sizes.items() if found.get(batch) == fold) for fold in range(FOLDS)]
        for batch, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
            if batch not in found:
                found[batch] = filled.index(min(filled))
                filled[found[batch]] += size
    return found


def assign_folds(lessons: Lessons, batches: Mapping[str, int]) -> Any:  # noqa: ANN401 (index array)
    """Return (n,) the fold of each row; `batches` are the folds that the encoder was taught in.

    Rows of other batches are shared out evenly over the criteria. Among them near-duplicates never straddle folds, nor
    does a batch where there are enough of them.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = np.array([batches.get(batch, -1) for batch in lessons.batches])
    others = np.flatnonzero(folds < 0)
    if not len(others):
        return folds
    main = lessons.main[others]
    groups = _groups(lessons.vectors[others], [lessons.batches[row] for row in others], main)
    fewest = min(int(np.unique(main, return_counts=True)[1].min()), len(set(groups)))
    if fewest < 2 <= len(set(groups)):
        # A criterion with one example is held out once, and then judged by its words alone.
        main, fewest = np.zeros(len(others), dtype=int), min(FOLDS, len(set(groups)))
    if fewest < 2:
        folds[others] = int(np.argmin(np.bincount(folds[folds >= 0], minlength=FOLDS)))
        return folds
    splitter = StratifiedGroupKFold(min(FOLDS, fewest), shuffle=True, random_state=_SEED)
    for number, (_, held) in enumerate(splitter.split(others, main, groups=groups)):
        folds[others[held]] = number
    return folds


def _groups(vectors: Array, batches: Sequence[str], main: Any) -> Any:  # noqa: ANN401 (index arrays)
    """Return the group of each row: near-duplicates, and batches too where every criterion is in enough of them."""
    near = np.asarray(vectors @ vectors.T >= _SAME)
    named = np.unique(batches, return_inverse=True)[1]
    joined = _components(near | (named[:, None] == named[None, :]))
    if all(len(set(joined[main == kind])) >= FOLDS for kind in np.unique(main)):
        return joined
    return _components(near)


def _components(linked: Any) -> Any:  # noqa: ANN401 (boolean and index arrays)
    """Return the number of each row's connected component."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_array(linked), directed=False)[1]

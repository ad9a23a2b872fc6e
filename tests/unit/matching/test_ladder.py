"""The ladder of participation: that the shipped sentences teach it, and that the shipped judge is theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from govbot.embedding import TransformerEncoder, Vectors
from govbot.matching import Ladder, judge_rungs, load_ladder, load_sentences, train_ladder
from govbot.records import RUNGS, Rung
from govbot.training import engaging_nobody
from tests.unit.model import shipped_encoder

SENTENCES = load_sentences()


def test_sentences_are_spread_over_rungs_and_batches() -> None:
    counts = Counter((sentence.batch, sentence.rung) for sentence in SENTENCES)
    assert {rung for _, rung in counts} == set(RUNGS)
    assert min(counts.values()) >= 20
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES)


def test_a_rung_is_reached_where_that_is_sure() -> None:
    ladder = Ladder(weights=np.eye(6, 7, dtype=np.float32))
    assert judge_rungs(ladder, 20 * np.eye(6, dtype=np.float32)) == (None, *RUNGS)
    assert judge_rungs(ladder, np.zeros((0, 6), dtype=np.float32)) == ()
    shares = np.log(np.array([[0.1, 0.2, 0.2, 0.2, 0.2, 0.1]], dtype=np.float32))
    found = [judge_rungs(ladder, shares, sure=sure) for sure in (0.95, 0.85, 0.65, 0.45, 0.25, 0.05)]
    assert found == [(None,), *((rung,) for rung in RUNGS)]


@pytest.mark.model
def test_shipped_judge_is_what_the_sentences_teach() -> None:
    encoder = shipped_encoder()
    made = train_ladder(SENTENCES, engaging_nobody(), encoder)
    texts = encoder.encode([sentence.text for sentence in SENTENCES])
    shipped = load_ladder(TransformerEncoder().name)
    same = [a == b for a, b in zip(judge_rungs(made, texts), judge_rungs(shipped, texts), strict=True)]
    assert np.mean(same) >= 0.99


@pytest.mark.model
@pytest.mark.parametrize("batch", sorted({sentence.batch for sentence in SENTENCES}))
def test_rungs_of_what_another_writer_wrote(batch: str) -> None:
    encoder = shipped_encoder()
    aside = engaging_nobody()
    ladder = train_ladder([one for one in SENTENCES if one.batch != batch], aside[::2], encoder)
    held = [sentence for sentence in SENTENCES if sentence.batch == batch]
    vectors = encoder.encode([sentence.text for sentence in held])
    judged, truly = places(judge_rungs(ladder, vectors, sure=0.5)), places([one.rung for one in held])
    assert np.mean(judged == truly) >= 0.78
    assert np.mean(abs(judged - truly) <= 1) >= 0.92
    # Of drafts of five of these sentences and four passages that engage nobody, the highest rung is found, and seldom
    # one that is too high.
    random = np.random.default_rng(0)
    others = places(judge_rungs(ladder, encoder.encode(aside[1::2])))
    found = places(judge_rungs(ladder, vectors))
    further = []
    for top in [*range(5)] * 100:
        rows = [random.choice(np.flatnonzero(truly == top)), *random.choice(np.flatnonzero(truly <= top), size=4)]
        further.append(max(found[rows].max(), random.choice(others, size=4).max()) - top)
    assert np.mean(np.equal(further, 0)) >= 0.75
    assert np.mean(np.greater(further, 0)) <= 0.15


def places(rungs: Sequence[Rung | None]) -> Vectors:
    """Return rungs as numbers, -1 for none."""
    return np.array([-1 if one is None else RUNGS.index(one) for one in rungs], dtype=np.float32)

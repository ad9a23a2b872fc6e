from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from govbot.embedding import TransformerEncoder
from govbot.embedding.adapter import adapter_checksum
from govbot.frameworks import Example
from govbot.matching import gather_curriculum, teach_encoder, teaching
from tests.unit.made_up import FENCE, WATER, framework

#: Eight words of each criterion's phrases, its description and what counts.
WORDS = 10


NOTHING = [Example(id=f"n{n}", text=f"A bus to town leaves at {n} each day.", criteria=()) for n in range(8)]


def examples() -> list[Example]:
    told = {"strength": "commitment", "stance": "positive", "stage": "plan"}
    found = [Example(id=text, text=text, criteria=("P1",), **told) for text in WATER]  # type: ignore[arg-type]
    return found + [Example(id=text, text=text, criteria=("P2", "Q"), also=("P1",)) for text in FENCE]


def test_curriculum_holds_examples_and_words_and_nothing_once() -> None:
    other = framework().model_copy(update={"id": "other"})
    found = gather_curriculum([(framework(), examples(), []), (other, [], [])], NOTHING)
    assert found.criteria == {"gardens": ("P1", "P2", "Q"), "other": ("P1", "P2", "Q")}
    owners = [lesson.framework for lesson in found.lessons]
    assert (owners.count("gardens"), owners.count("other"), owners.count(None)) == (16 + 3 * WORDS, 3 * WORDS, 8)


def test_targets_share_between_criteria_and_leave_out_what_readers_differ_on() -> None:
    curriculum = gather_curriculum([(framework(), examples(), [])], NOTHING)
    found = teaching._targets(curriculum, "gardens")
    first = len(NOTHING)
    water, fence, bus = (found.shares[row].tolist() for row in (first, first + len(WATER), 0))
    assert water == [1, 0, 0, 0]
    assert fence == pytest.approx([0, 0.65, 0.35, 0])
    assert bus == [0, 0, 0, 1]
    assert found.left_out[first + len(WATER)].tolist() == [-1e4, 0, 0, 0]
    assert (found.shares.sum(dim=1) == 1).all()


def test_another_frameworks_examples_teach_nothing_here() -> None:
    other = framework().model_copy(update={"id": "other"})
    curriculum = gather_curriculum([(framework(), examples(), []), (other, [], [])], NOTHING)
    weights = teaching._targets(curriculum, "other").weights
    taught = [weight > 0 for weight in weights.tolist()]
    assert taught == [lesson.framework in ("other", None) for lesson in curriculum.lessons]


def test_what_is_nothing_under_one_framework_says_nothing_of_another() -> None:
    other = framework().model_copy(update={"id": "other"})
    shed = Example(id="shed", text="The shed has a new roof.", criteria=())
    curriculum = gather_curriculum([(framework(), [shed], []), (other, [], [])], [])
    here, there = (teaching._targets(curriculum, name) for name in ("gardens", "other"))
    assert here.shares[0].tolist() == [0, 0, 0, 1]
    assert (float(here.weights[0]), float(there.weights[0])) == (1, 0)


def test_how_people_ask_teaches_their_criteria() -> None:
    asked = [Example(id="asked P1 0", text="is the garden watered", criteria=("P1",))]
    curriculum = gather_curriculum([(framework(), examples(), asked)], NOTHING)
    assert [lesson.example.text for lesson in curriculum.lessons if lesson.is_asked] == ["is the garden watered"]
    assert teaching._targets(curriculum, "gardens").shares[-1].tolist() == [1, 0, 0, 0]


def test_every_passage_is_met_once_an_epoch_and_every_question_once_in_four() -> None:
    lengths = np.random.default_rng(1).integers(5, 90, size=700)
    is_asked = np.arange(700) >= 500
    for epochs in (3, 4, 8):
        batches = teaching._plan(lengths, is_asked, np.random.default_rng(2), epochs)
        met = np.bincount(np.concatenate(batches), minlength=700)
        assert set(met[:500]) == {epochs}
        assert met[500:].sum() == 50 * epochs
        assert met[500:].max() == -(-epochs // 4)
    spread = np.mean([np.ptp(lengths[batch]) for batch in batches])
    assert spread < np.ptp(lengths) / 3


@pytest.mark.model
def test_taught_encoder_draws_a_criterion_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "EPOCHS", 12)
    things = ("spade", "hose", "rake", "ladder", "bucket", "barrow", "glove", "trowel", "saw", "fork", "pot", "twine")
    red, blue = ([f"The {colour} {thing} is kept in the shed." for thing in things] for colour in ("red", "blue"))
    taught = [Example(id=text, text=text, criteria=("P1",)) for text in red[:8]]
    taught += [Example(id=text, text=text, criteria=("P2",)) for text in blue[:8]]
    steps: list[tuple[int, int]] = []
    curriculum = gather_curriculum([(framework(), taught, [])], [])
    for name in ("one", "two"):
        teach_encoder(curriculum, tmp_path / name, progress=lambda done, total: steps.append((done, total)))
    assert adapter_checksum(tmp_path / "one") == adapter_checksum(tmp_path / "two")
    assert steps[-1][0] == steps[-1][1] == len(steps) // 2

    def apart(encoder: TransformerEncoder) -> float:
        """Return how far apart the colours of things that were not taught lie."""
        first, second = encoder.encode(red[8:]), encoder.encode(blue[8:])
        return float((first @ first.T).mean() - (first @ second.T).mean())

    first = apart(TransformerEncoder(adapter=tmp_path / "one"))
    assert first > 2 * apart(TransformerEncoder(plain=True))
    # Taught further, once through, it knows more than what is taught once through from the beginning.
    steps.clear()
    teach_encoder(
        curriculum, tmp_path / "on", progress=lambda done, total: steps.append((done, total)), before=tmp_path / "one"
    )
    assert len(steps) == steps[-1][1] == -(-len(curriculum.lessons) // teaching._BATCH)
    monkeypatch.setattr(teaching, "EPOCHS", 1)
    teach_encoder(curriculum, tmp_path / "once", progress=lambda *_: None)
    further, once = (apart(TransformerEncoder(adapter=tmp_path / name)) for name in ("on", "once"))
    assert further > 0.9 * first > once

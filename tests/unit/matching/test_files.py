from __future__ import annotations

import shutil
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from govbot.embedding import TransformerEncoder
from govbot.errors import AdapterDamaged, MatcherMissing, MatcherOutdated, ModelMismatch
from govbot.frameworks import (
    Framework,
    encoder_fingerprint,
    fingerprint,
    framework_folder,
    framework_ids,
    load_framework,
)
from govbot.matching import (
    CARD_FILE,
    FOLDS,
    MATCHER_FILE,
    METHOD,
    Manner,
    Matcher,
    Origin,
    Trained,
    assign_folds,
    files,
    gather_lessons,
    load_matcher,
    load_taught,
    manner_fingerprint,
    save_heads,
    save_manner,
    train_heads,
)
from govbot.matching.grams import BUCKETS
from govbot.resources import resource
from govbot.testing import HashEncoder
from tests.unit.made_up import framework, garden_examples, read_gardens, write_framework

MODEL = TransformerEncoder().name


MANNER = Manner(
    strength=np.ones((3, 5), dtype=np.float32),
    stance=np.full((2, 5), 0.1, dtype=np.float32),
    stage=np.arange(20, dtype=np.float32).reshape(4, 5),
    grams=np.linspace(0, 1, 9 * BUCKETS, dtype=np.float16).astype(np.float32).reshape(BUCKETS, 9),
)


@pytest.fixture(scope="module")
def trained() -> Trained:
    lessons = gather_lessons(framework(), garden_examples("P1", "P2", "Q"), HashEncoder())
    return train_heads(lessons, folds=assign_folds(lessons, {}), folded=[lessons] * FOLDS)


@pytest.fixture
def folder(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a framework, its examples and its matcher; the manner stands beside it."""
    found = write_framework(tmp_path)
    (found / "examples.jsonl").write_text('{"id": "a", "text": "We water the beds.", "criteria": ["P1"]}\n')
    origin = Origin(method=METHOD, model="hash-64", fingerprint=fingerprint(found, framework()))
    save_heads(found / MATCHER_FILE, trained.heads, origin)
    # An absolute path stands by itself, wherever the resources lie.
    monkeypatch.setattr(files, "MANNER_FILE", str(tmp_path / "manner.npz"))
    save_manner(MANNER, replace(origin, fingerprint=manner_fingerprint()))
    return found


def load(folder: Path, model: str = "hash-64") -> Matcher:
    return load_matcher(folder, framework(), model)


def test_what_is_saved_is_what_loads(folder: Path, trained: Trained) -> None:
    found = load(folder)
    # The texts taught are kept in half precision.
    rounded = replace(trained.heads, memory=trained.heads.memory.astype(np.float16).astype(np.float32))
    for saved, loaded in ((rounded, found.heads), (MANNER, found.manner)):
        assert {name: np.asarray(value).dtype for name, value in asdict(loaded).items()} == {
            name: np.asarray(value).dtype for name, value in asdict(saved).items()
        }
        for name, value in asdict(saved).items():
            np.testing.assert_array_equal(getattr(loaded, name), value, err_msg=name)
    expected = f"{METHOD}-{fingerprint(folder, framework())[:8]}"
    assert (found.framework, found.model, found.criteria) == ("gardens", "hash-64", ("P1", "P2", "Q"))
    assert found.version == expected


def test_a_criterion_that_moved_to_another_principle_makes_a_matcher_outdated(folder: Path) -> None:
    whole = framework()
    first, last = whole.principles
    moved = [
        first.model_copy(update={"criteria": first.criteria[:1]}),
        last.model_copy(update={"criteria": (*first.criteria[1:], *last.criteria)}),
    ]
    other = whole.model_copy(update={"principles": tuple(moved)})
    assert other.criterion_ids == whole.criterion_ids
    assert (whole.principle_numbers, other.principle_numbers) == ((0, 0, 1), (0, 1, 1))
    with pytest.raises(MatcherOutdated):
        load_matcher(folder, other, "hash-64")


@pytest.mark.parametrize("missing", ["gardens/matcher.npz", "manner.npz"])
def test_missing_matcher(missing: str, folder: Path) -> None:
    (folder.parent / missing).unlink()
    with pytest.raises(MatcherMissing, match="gardens has not been trained"):
        load(folder)


def test_matcher_of_another_model(folder: Path) -> None:
    with pytest.raises(ModelMismatch, match="gardens was trained with the model hash-64, but the model in use is x"):
        load(folder, "x")


def test_manner_of_another_model(folder: Path) -> None:
    save_manner(MANNER, Origin(method=METHOD, model="x", fingerprint=manner_fingerprint()))
    with pytest.raises(ModelMismatch, match="trained with the model x"):
        load(folder)


@pytest.mark.parametrize("text", ["", '{"id": "a", "text": "We water the bed.", "criteria": ["P1"]}\n'])
def test_changed_examples_make_a_matcher_outdated(text: str, folder: Path) -> None:
    (folder / "examples.jsonl").write_text(text)
    with pytest.raises(MatcherOutdated, match="govbot train --framework gardens"):
        load(folder)


@pytest.mark.parametrize(
    "old",
    [
        "Watering beds",
        "plums are shared",
        "description: Whether sharing",
        "- Watering beds by somebody",
        "- alias of Q",
        "act: To act watering beds",
    ],
)
def test_changed_framework_makes_a_matcher_outdated(old: str, folder: Path) -> None:
    text = (folder / "framework.yaml").read_text()
    assert old in text
    changed: Framework = read_gardens(folder.parent, text.replace(old, f"{old}x"))
    with pytest.raises(MatcherOutdated):
        load_matcher(folder, changed, "hash-64")


def test_words_that_teach_nothing_can_be_mended_without_training(folder: Path) -> None:
    text = (folder / "framework.yaml").read_text()
    mended = text.replace("- Mending fences by nobody", "- Fences that nobody mends").replace(
        "short: Keeping", "short: Kept"
    )
    changed: Framework = read_gardens(folder.parent, mended)
    assert changed != framework()
    assert load_matcher(folder, changed, "hash-64").criteria == changed.criterion_ids


def test_older_method_makes_a_matcher_outdated(folder: Path, trained: Trained) -> None:
    origin = Origin(method="heads-0", model="hash-64", fingerprint=fingerprint(folder, framework()))
    save_heads(folder / MATCHER_FILE, trained.heads, origin)
    with pytest.raises(MatcherOutdated):
        load(folder)


def test_older_method_makes_the_manner_outdated(folder: Path) -> None:
    save_manner(MANNER, Origin(method="heads-0", model="hash-64", fingerprint=manner_fingerprint()))
    with pytest.raises(MatcherOutdated):
        load(folder)


@pytest.mark.parametrize("name", ["CUES_FILE", "MANNER_EXAMPLES_FILE"])
def test_what_changes_in_how_passages_speak_makes_a_matcher_outdated(
    name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "changed"
    path.write_bytes(resource(getattr(files, name)).read_bytes())
    monkeypatch.setattr(files, name, str(path))
    load(folder)
    path.write_bytes(path.read_bytes() + b"# x\n")
    with pytest.raises(MatcherOutdated):
        load(folder)


@pytest.mark.parametrize("damaged", ["gardens/matcher.npz", "manner.npz"])
@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, None], ids=["empty", "a byte", "head", "half", "no zip"])
def test_damaged_file_makes_a_matcher_outdated(keep: float | None, damaged: str, folder: Path) -> None:
    path = folder.parent / damaged
    data = path.read_bytes()
    kept = keep if isinstance(keep, int) else int(len(data) * (keep or 0))
    path.write_bytes(b"no matcher" if keep is None else data[:kept])
    with pytest.raises(MatcherOutdated, match="govbot train --framework gardens"):
        load(folder)


@pytest.mark.parametrize("damaged", ["gardens/matcher.npz", "manner.npz"])
def test_flipped_bytes_make_a_matcher_outdated(damaged: str, folder: Path) -> None:
    path = folder.parent / damaged
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes(255 - byte for byte in data[middle : middle + 16]) + data[middle + 16 :])
    with pytest.raises(MatcherOutdated):
        load(folder)


@pytest.mark.parametrize("seed", range(50))
def test_altered_byte_is_never_more_than_an_outdated_matcher(seed: int, folder: Path) -> None:
    path = folder.parent / "manner.npz"
    data = bytearray(path.read_bytes())
    rng = Random(seed)
    data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    path.write_bytes(data)
    try:
        np.testing.assert_array_equal(load(folder).manner.stage, MANNER.stage)
    except MatcherOutdated:
        pass


@pytest.mark.parametrize(
    "arrays",
    [{}, {"origin": np.array("[]")}, {"origin": np.array('{"method": "x"}')}, {"origin": np.array("{")}],
    ids=["nothing", "a list", "half an origin", "no JSON"],
)
def test_file_of_other_arrays_makes_a_matcher_outdated(arrays: dict[str, np.ndarray], folder: Path) -> None:
    np.savez_compressed(folder / MATCHER_FILE, allow_pickle=False, **arrays)
    with pytest.raises(MatcherOutdated):
        load(folder)


# What ships


@pytest.mark.parametrize("name", framework_ids())
def test_shipped_matcher_is_up_to_date(name: str) -> None:
    found = load_matcher(framework_folder(name), load_framework(name), MODEL)
    assert (found.framework, found.model, found.criteria) == (name, MODEL, load_framework(name).criterion_ids)
    vectors = np.eye(384, dtype=np.float32)[:3]
    matches = found.match(["It will.", "There is no plan.", "x"], vectors)
    assert matches.scores.shape == (3, len(found.criteria))
    assert ((0.05 < matches.thresholds) & (matches.thresholds < 0.95)).all()
    assert np.isfinite(matches.scores).all()


def test_shipped_matcher_knows_a_changed_example(tmp_path: Path) -> None:
    folder = tmp_path / "cipfa-ifac"
    shutil.copytree(framework_folder("cipfa-ifac"), folder)
    load_matcher(folder, load_framework("cipfa-ifac"), MODEL)
    path = folder / "examples.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("council", "counsel", 1), encoding="utf-8")
    with pytest.raises(MatcherOutdated):
        load_matcher(folder, load_framework("cipfa-ifac"), MODEL)


def test_shipped_adapter_is_up_to_date() -> None:
    taught = load_taught()
    assert taught is not None
    later = taught.heads_only
    assert taught.batches.keys().isdisjoint(later)
    assert taught.frameworks == {
        name: encoder_fingerprint(framework_folder(name), load_framework(name), without=later)
        for name in framework_ids()
    }


@pytest.mark.parametrize("name", framework_ids())
def test_model_card_is_of_the_shipped_matcher(name: str) -> None:
    card = (framework_folder(name) / CARD_FILE).read_text(encoding="utf-8")
    matcher = load_matcher(framework_folder(name), load_framework(name), MODEL)
    assert f"| matcher | {matcher.version} |" in card
    assert MODEL in card.replace("\\", "")
    for number, criterion in enumerate(load_framework(name).criteria):
        (row,) = (line for line in card.splitlines() if line.startswith(f"| {criterion.id} {criterion.title} |"))
        told = [float(cell) for cell in row.split(" | ")[3:5]]
        kept = [matcher.heads.precision[number], matcher.heads.recall[number]]
        assert told == pytest.approx(kept, abs=0.005001)  # half a hundredth may be rounded either way


@pytest.mark.parametrize("text", ["", "{", '{"frameworks": {}}', '{"frameworks": {}, "batches": {"a": "b"}}'])
def test_damaged_note_of_what_was_taught(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SHIPPED_ADAPTER", str(tmp_path / "encoder"))
    assert load_taught() is None
    (tmp_path / "encoder").mkdir()
    with pytest.raises(AdapterDamaged):
        load_taught()
    (tmp_path / "encoder" / files.TAUGHT_FILE).write_text(text)
    with pytest.raises(AdapterDamaged, match="govbot train --encoder"):
        load_taught()

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.errors import InvalidFramework, UnknownFramework
from govbot.frameworks import Framework, framework_folder, framework_ids, load_framework, read_framework
from tests.unit.made_up import WATER, as_yaml, framework, gardens, read_gardens, write_framework

GOOD = as_yaml(gardens())


def faults_of(text: str, folder: Path) -> list[str]:
    with pytest.raises(InvalidFramework) as caught:
        read_gardens(folder, text)
    assert all(fault in str(caught.value) for fault in caught.value.slots["faults"])  # type: ignore[attr-defined]
    return caught.value.slots["faults"]  # type: ignore[return-value]


def lines(text: str) -> list[str]:
    return [line.strip(" -") for line in text.splitlines()]


def at(text: str, line: str, path: str, message: str) -> str:
    """Return a fault on the first line of `text` that is `line`, white space and list signs aside."""
    return f"framework.yaml, line {lines(text).index(line) + 1}, {path}: {message}"


def test_valid_file_loads_as_it_stands(tmp_path: Path) -> None:
    assert read_gardens(tmp_path, GOOD).model_dump() == framework().model_dump()
    assert read_framework(write_framework(tmp_path) / "framework.yaml").model_dump() == framework().model_dump()


def test_framework_that_is_read_equals_one_that_is_made(tmp_path: Path) -> None:
    assert read_gardens(tmp_path, GOOD) == framework()


def test_shipped_frameworks() -> None:
    sizes = {name: len(load_framework(name).criteria) for name in framework_ids()}
    assert sizes == {
        "best-value": 4,
        "cipfa-ifac": 21,
        "clear": 5,
        "national-toms": 23,
        "oecd-skills": 12,
        "public-value": 16,
        "public-value-framework": 35,
        "social-value-act": 6,
        "social-value-model": 8,
        "social-value-principles": 8,
    }
    assert all(criterion.stages for name in sizes for criterion in load_framework(name).criteria)
    pvf = load_framework("public-value-framework")
    assert [len(principle.criteria) for principle in pvf.principles] == [6, 9, 6, 14]
    assert all(criterion.question and criterion.area for criterion in pvf.criteria)
    cipfa, social = load_framework("cipfa-ifac"), load_framework("social-value-principles")
    assert [principle.id for principle in cipfa.principles] == list("ABCDEFG")
    counts = [len(principle.criteria) for principle in cipfa.principles]
    assert list(cipfa.criterion_ids) == [
        f"{p}{n + 1}" for p, k in zip("ABCDEFG", counts, strict=True) for n in range(k)
    ]
    assert len(cipfa.criteria) == 21
    assert social.criterion_ids == tuple(f"SV{number}" for number in range(1, 9))
    assert all(principle.is_leaf for principle in social.principles)
    assert (cipfa.group_word, cipfa.cycle) == ("principle", tuple("CDEFG"))


@pytest.mark.parametrize("name", ["cipfa", "", "../principles/cipfa-ifac", "CIPFA-IFAC"])
def test_unknown_framework_names_those_there_are(name: str) -> None:
    with pytest.raises(UnknownFramework, match="best-value, cipfa-ifac, clear, "):
        framework_folder(name)


def test_places_in_the_tree() -> None:
    found = framework()
    assert (found.criterion("P2").title, found.principle_of("P2").id, found.principle_of("Q").id) == (
        "Mending fences",
        "P",
        "Q",
    )
    assert [principle.is_leaf for principle in found.principles] == [False, True]
    for missing in (found.criterion, found.principle_of, found.principle):
        with pytest.raises(KeyError):
            missing("Z")


#: name: (text to replace, its replacement, the line that is told, where it stands, the message)
BROKEN = {
    "unknown key": ("group_word:", "colour: red\ngroup_word:", "colour: red", "colour", "Extra inputs"),
    "deep unknown key": ("id: P2", "id: P2\n    hue: red", "hue: red", "principles.P.criteria.P2.hue", "Extra inputs"),
    "empty": ("title: Keeping a garden", "title: ''", "title: ''", "principles.P.title", "at least 1"),
    "no items": ("counts:\n    - Watering beds by somebody", "counts: []", "counts: []", "P1.counts", "at least 1"),
    "wrong kind": ("short: Keeping", "short: 4", "short: 4", "principles.P.short", "valid string"),
    "too long": ("short: Keeping", f"short: {'k' * 33}", f"short: {'k' * 33}", "principles.P.short", "at most 32"),
    "bad item": ("- posts and rails", "- 4\n    - posts and rails", "4", "criteria.P2.phrases.5", "valid string"),
    "missing stage": ("      check: To check watering beds\n", "", "stages:", "P1.stages.check", "required"),
    "duplicate id": ("id: P2", "id: P1", None, "principles.P.criteria.P1.id", "the id P1 is used twice"),
    "id of a principle": ("id: P2", "id: P", None, "principles.P.criteria.P.id", "the id P is used twice"),
    "duplicate alias": ("- alias of P2", "- KEEPING", "KEEPING", "P2.aliases.1", "belongs to P;"),
    "cycle": ("- P\n", "- Z\n", "Z", "cycle.1", "no principle Z"),
    "folder": ("id: gardens", "id: parks", "id: parks", "id", "but the folder is called gardens"),
    "schema": ("schema: govbot.framework/1", "schema: x", "schema: x", "schema", "govbot.framework/1"),
    "version": ("version: 1.0.0", "version: '1'", "version: '1'", "version", "pattern"),
}


@pytest.mark.parametrize(("old", "new", "line", "path", "message"), BROKEN.values(), ids=BROKEN)
def test_fault_is_told_with_file_line_and_path(
    old: str, new: str, line: str | None, path: str, message: str, tmp_path: Path
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    (fault,) = faults_of(text, tmp_path)
    # Where the line that is told stands more than once, it is the one that was changed.
    number = GOOD[: GOOD.index(old)].count("\n") + 1 if line is None else lines(text).index(line) + 1
    assert fault.startswith(f"framework.yaml, line {number}, ")
    assert f"{path}: " in fault
    assert message in fault


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("publisher: Gardeners\n", "publisher: ''\ncolour: red\ncolour: blue\n")
    text = text.replace("source: A shed\n", "").replace("short: Keeping", "short: 4")
    found = {fault.rpartition(": ")[0] for fault in faults_of(text, tmp_path)}
    assert found == {
        at(text, "colour: blue", "colour", "").rstrip(": "),
        at(text, "colour: red", "colour", "").rstrip(": "),
        at(text, "publisher: ''", "publisher", "").rstrip(": "),
        at(text, "schema: govbot.framework/1", "source", "").rstrip(": "),
        at(text, "short: 4", "principles.P.short", "").rstrip(": "),
    }


def test_duplicate_keys_are_told_wherever_they_stand(tmp_path: Path) -> None:
    text = GOOD.replace("title: Mending fences", "title: Other\n    title: Mending fences").replace(
        "plan: To", "do: To"
    )
    found = faults_of(text, tmp_path)
    twice = [fault for fault in found if "this key stands twice" in fault]
    assert at(text, "title: Mending fences", "title", "this key stands twice here; only one can count") in twice
    assert sorted(fault.split(", ")[2].split(":")[0] for fault in twice) == ["do", "do", "do", "title"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id: [1\ntitle: x\n", "framework.yaml, line 2: this is not valid YAML"),
        (b"id: x\n\ttitle: y\n", "framework.yaml, line 2: this is not valid YAML"),
        ("title: Café".encode("latin-1"), "framework.yaml is not saved as UTF-8 text"),
        (b"", "framework.yaml must start with keys"),
        (b"- schema\n", "framework.yaml must start with keys"),
        (None, "framework.yaml is not there"),
    ],
)
def test_file_that_is_no_mapping_of_yaml(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = write_framework(tmp_path) / "framework.yaml"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InvalidFramework) as caught:
        read_framework(path.parent if content is not None else path)
    (fault,) = caught.value.slots["faults"]  # type: ignore[misc]
    assert fault.startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "schema: &x [*x]\n",
        "? [a]\n: b\n",
        "schema: !colour red\n",
        "published: 2014-13-45\n",
        "a: " + "[" * 3000 + "]" * 3000,
    ],
    ids=["alias of itself", "a list for a key", "unknown tag", "no such day", "deep"],
)
def test_strange_yaml_is_a_fault_and_no_crash(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFramework):
        read_gardens(tmp_path, text)


def test_fault_in_a_leaf_principle_is_told_where_it_stands(tmp_path: Path) -> None:
    text = GOOD.replace("- alias of Q", "- 4\n  - alias of Q")
    assert faults_of(text, tmp_path) == [at(text, "4", "principles.Q.aliases.1", "Input should be a valid string")]


def test_what_a_leaf_principle_lacks_is_told_once_and_there(tmp_path: Path) -> None:
    value = gardens()
    del value["principles"][1]["title"], value["principles"][1]["counts"]
    text = as_yaml(value)
    assert sorted(faults_of(text, tmp_path)) == [
        at(text, "short: Sharing", f"principles.Q.{key}", "Field required") for key in ("counts", "title")
    ]


def test_only_item_at_fault_is_not_missing_as_well(tmp_path: Path) -> None:
    text = GOOD.replace("- Watering beds by nobody", "- 4")
    assert faults_of(text, tmp_path) == [
        at(text, "4", "principles.P.criteria.P1.does_not_count.1", "Input should be a valid string")
    ]


def test_list_too_short_for_more_than_its_items_at_fault_is_told(tmp_path: Path) -> None:
    text = GOOD.replace(f"    - {WATER[0]}\n    - {WATER[1]}\n", "    - 4\n")
    item, phrases = faults_of(text, tmp_path)
    assert item == at(text, "4", "principles.P.criteria.P1.phrases.1", "Input should be a valid string")
    assert phrases.startswith(at(text, "phrases:", "principles.P.criteria.P1.phrases", ""))
    assert "at least 8" in phrases


def test_folder_may_be_named_by_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_framework(tmp_path))
    assert read_framework(Path()).id == "gardens"


# Properties

Steps = tuple[int | str, ...]


def _keys(value: Any, steps: Steps = ()) -> list[Steps]:  # noqa: ANN401
    """Return the way to every key of a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [found for key, child in pairs for found in _keys(child, (*steps, key))]
    return [*([steps] if steps and isinstance(steps[-1], str) else []), *below]


def _parent(value: Any, steps: Steps) -> Any:  # noqa: ANN401
    for step in steps[:-1]:
        value = value[step]
    return value


KEYS = _keys(gardens())
#: A principle need have no aliases, a criterion no notes on stages.
OPTIONAL: set[Steps] = {("cycle",), ("principles", 0, "aliases"), *(steps for steps in KEYS if steps[-1] == "stages")}
NAMES = {("principles", 0): "principles.P", ("principles", 1): "principles.Q"}


@given(st.sampled_from([steps for steps in KEYS if steps not in OPTIONAL]))
def test_any_key_that_is_dropped_is_told_with_its_path(steps: Steps) -> None:
    value = gardens()
    del _parent(value, steps)[steps[-1]]
    with tempfile.TemporaryDirectory() as folder:
        found = faults_of(as_yaml(value), Path(folder))
    key = str(steps[-1])
    wanted = "counts" if key == "criteria" else key
    named = [fault for fault in found if f".{wanted}: " in fault or f", {wanted}: " in fault]
    assert named
    assert all(fault.startswith("framework.yaml, line ") for fault in found)
    if steps[:2] in NAMES and key != "id":
        assert all(NAMES[steps[0], steps[1]] in fault for fault in named)  # type: ignore[index]


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(st.text(max_size=3), child, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(KEYS), _JUNK)
def test_any_value_gives_a_framework_or_faults(steps: Steps, junk: object) -> None:
    value = copy.deepcopy(gardens())
    _parent(value, steps)[steps[-1]] = junk
    with tempfile.TemporaryDirectory() as folder:
        try:
            assert isinstance(read_gardens(Path(folder), as_yaml(value)), Framework)
        except InvalidFramework as exc:
            assert all(str(fault).startswith("framework.yaml, line ") for fault in exc.slots["faults"])  # type: ignore[attr-defined] # noqa: PT017


@given(st.binary(max_size=60))
def test_any_bytes_give_faults(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "framework.yaml"
        path.write_bytes(data)
        with pytest.raises(InvalidFramework):
            read_framework(path)

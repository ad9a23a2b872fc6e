"""principles/* -> Framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from govbot.errors import InvalidFramework, UnknownFramework
from govbot.frameworks.located import load_model, located
from govbot.frameworks.schema import Framework, Principle
from govbot.resources import resource
from govbot.words import say

if TYPE_CHECKING:
    from pathlib import Path

FRAMEWORK_FILE = "framework.yaml"
_SHIPPED = "principles"
#: Parts a framework's id from an older version in the name of its folder.
VERSION_SIGN = "@"
#: Keys of a principle without criteria that belong to its only criterion.
_LEAF_KEYS = ("counts", "does_not_count", "phrases", "stages")


class _FrameworkFile(Framework):
    """The file's shape, in which a principle without `criteria` is written as its own criterion."""

    @model_validator(mode="before")
    @classmethod
    def _give_leaves_a_criterion(cls, value: Any) -> Any:  # noqa: ANN401 (whatever the YAML holds)
        if isinstance(value, dict) and isinstance(value.get("principles"), list):
            return {**value, "principles": [_with_criterion(item) for item in value["principles"]]}
        return value


def _with_criterion(item: Any) -> Any:  # noqa: ANN401 (whatever the YAML holds)
    if not isinstance(item, dict) or "criteria" in item:
        return item
    criterion = {key: item[key] for key in ("id", "title", "description", "aliases", *_LEAF_KEYS) if key in item}
    principle = {key: value for key, value in item.items() if key not in (*_LEAF_KEYS, "aliases")}
    return {**principle, "criteria": [criterion]}


def framework_folder(framework_id: str, private: Path | None = None) -> Path:
    """Return the folder of a shipped framework, or of one in the folder `private`.

    An id may name an older version of a private one ("parks@1.0.0"). Raises UnknownFramework, naming those there are.
    """
    known = framework_ids(private)
    is_version = private is not None and VERSION_SIGN in framework_id and (private / framework_id).is_dir()
    if framework_id not in known and not is_version:
        raise UnknownFramework(id=framework_id, known=list(known))
    shipped = resource(_SHIPPED) / framework_id
    return shipped if private is None or shipped.exists() else private / framework_id


def framework_ids(private: Path | None = None) -> tuple[str, ...]:
    """Return the ids of the shipped frameworks and of those in the folder `private`, in alphabetical order."""
    folders = [resource(_SHIPPED), *([private] if private else [])]
    names = {path.parent.name for folder in folders for path in folder.glob(f"*/{FRAMEWORK_FILE}")}
    # A name with a dot is a framework that is just being written.
    return tuple(sorted(name for name in names if VERSION_SIGN not in name and not name.startswith(".")))


def load_framework(framework_id: str, private: Path | None = None) -> Framework:
    """Return a shipped or private framework; raise UnknownFramework or InvalidFramework."""
    return read_framework(framework_folder(framework_id, private))


def read_framework(folder: Path) -> Framework:
    """Return the framework in `folder`, or in the YAML file given; raise InvalidFramework with every fault."""
    path = (folder / FRAMEWORK_FILE if folder.is_dir() else folder).resolve()
    framework = Framework.model_validate(load_model(path, _FrameworkFile).model_dump(by_alias=True))
    faults = [
        located(path, steps, message) for steps, message in [*contradictions(framework), *_misplaced(framework, path)]
    ]
    if faults:
        raise InvalidFramework(path=str(path), faults=faults)
    return framework


def contradictions(framework: Framework) -> list[tuple[tuple[int | str, ...], str]]:
    """Return what a schema cannot see, as (steps, message)."""
    found = [*_repeated_ids(framework), *_repeated_aliases(framework)]
    known = {principle.id for principle in framework.principles}
    found += [
        (("cycle", place), say("faults", "unknown_cycle", id=name))
        for place, name in enumerate(framework.cycle)
        if name not in known
    ]
    return found


def _misplaced(framework: Framework, path: Path) -> list[tuple[tuple[int | str, ...], str]]:
    folder = path.parent.name
    if path.name != FRAMEWORK_FILE or folder.partition(VERSION_SIGN)[0] == framework.id:
        return []
    return [(("id",), say("faults", "wrong_folder", id=framework.id, folder=folder))]


def _repeated_ids(framework: Framework) -> list[tuple[tuple[int | str, ...], str]]:
    seen: set[str] = set()
    found: list[tuple[tuple[int | str, ...], str]] = []
    for place, principle in enumerate(framework.principles):
        steps: tuple[int | str, ...] = ("principles", place)
        identities = [(steps, principle.id)]
        if not principle.is_leaf:
            identities += [
                ((*steps, "criteria", below), criterion.id) for below, criterion in enumerate(principle.criteria)
            ]
        for where, identity in identities:
            if identity in seen:
                found.append(((*where, "id"), say("faults", "duplicate_id", id=identity)))
            seen.add(identity)
    return found


def _repeated_aliases(framework: Framework) -> list[tuple[tuple[int | str, ...], str]]:
    owners: dict[str, str] = {}
    found: list[tuple[tuple[int | str, ...], str]] = []
    for place, principle in enumerate(framework.principles):
        for steps, owner, aliases in _aliases(principle, ("principles", place)):
            for below, alias in enumerate(aliases):
                other = owners.setdefault(alias.casefold(), owner)
                if other != owner:
                    message = say("faults", "duplicate_alias", alias=alias, other=other)
                    found.append(((*steps, "aliases", below), message))
    return found


def _aliases(
    principle: Principle, steps: tuple[int | str, ...]
) -> list[tuple[tuple[int | str, ...], str, tuple[str, ...]]]:
    if principle.is_leaf:
        return [(steps, principle.id, principle.criteria[0].aliases)]
    below = [
        ((*steps, "criteria", place), criterion.id, criterion.aliases)
        for place, criterion in enumerate(principle.criteria)
    ]
    return [(steps, principle.id, principle.aliases), *below]

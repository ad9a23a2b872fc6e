"""Trained matchers on disk: principles/<id>/matcher.npz, and principles/manner.npz which all frameworks share."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from govbot.embedding.adapter import SHIPPED_ADAPTER
from govbot.errors import AdapterDamaged, MatcherMissing, MatcherOutdated, ModelMismatch
from govbot.frameworks import MANNER_EXAMPLES_FILE, fingerprint
from govbot.matching.cues import CUES_FILE
from govbot.matching.heads import Heads, Manner, Matcher
from govbot.matching.ladder import Ladder, ladder_fingerprint
from govbot.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from govbot.frameworks import Framework

MATCHER_FILE = "matcher.npz"
MANNER_FILE = "principles/manner.npz"
LADDER_FILE = "principles/ladder.npz"
CARD_FILE = "MODEL_CARD.md"
TAUGHT_FILE = "taught.json"
#: Name of the method; a change of method makes every older file outdated.
METHOD = "heads-7"
#: What is trained together with the ladder: it belongs to no framework.
_LADDER = "cipfa-ifac"
#: What loading a damaged file may raise.
_DAMAGES = (OSError, ValueError, EOFError, KeyError, TypeError, RuntimeError, BadZipFile, zlib.error)
#: Letters of the fingerprint that stand in a matcher's version.
_SHORT = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What a matcher was trained from."""

    method: str
    #: Name of the model whose vectors it reads.
    model: str
    #: SHA-256 of what it learnt from: a framework's words and examples, or the cues and what teaches manner alone.
    fingerprint: str

    @property
    def version(self) -> str:
        """The name kept with every assessment."""
        return f"{self.method}-{self.fingerprint[:_SHORT]}"


class Taught(BaseModel):
    """What the shipped adapter was taught."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Framework id -> SHA-256 of the words and examples that were taught.
    frameworks: dict[str, str]
    #: Batch of examples -> the fold that its own encoder was not taught.
    batches: dict[str, int]
    #: Batches that came later: the heads have learnt them, the encoder has not, so that it cannot have told on them.
    heads_only: tuple[str, ...] = ()


def save_taught(folder: Path, taught: Taught) -> None:
    """Write what the adapter in `folder` was taught."""
    (folder / TAUGHT_FILE).write_text(taught.model_dump_json(indent=1) + "\n", encoding="utf-8")


def load_taught() -> Taught | None:
    """Return what the shipped adapter was taught, None where there is none; raise AdapterDamaged."""
    path = resource(SHIPPED_ADAPTER) / TAUGHT_FILE
    if not path.parent.exists():
        return None
    try:
        return Taught.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as exc:
        raise AdapterDamaged(path=str(path)) from exc


def save_heads(path: Path, heads: Heads, origin: Origin) -> None:
    """Write a framework's heads and where they came from."""
    _save(path, heads, origin)


def manner_fingerprint() -> str:
    """Return the SHA-256 of the cues and of what teaches manner alone: with others the weights would be others."""
    taught = (resource(name).read_bytes() for name in (CUES_FILE, MANNER_EXAMPLES_FILE))
    return hashlib.sha256(b"\0".join(taught)).hexdigest()


def save_manner(manner: Manner, origin: Origin) -> None:
    """Write the judgement of strength, stance and stage."""
    _save(resource(MANNER_FILE), manner, origin)


def save_ladder(ladder: Ladder, origin: Origin) -> None:
    """Write the judge of the ladder of participation."""
    _save(resource(LADDER_FILE), ladder, origin)


def load_ladder(model: str) -> Ladder:
    """Return the judge of the ladder of participation; raise MatcherMissing, MatcherOutdated or ModelMismatch."""
    if not resource(LADDER_FILE).exists():
        raise MatcherMissing(framework=_LADDER)
    try:
        ladder, origin = _load(resource(LADDER_FILE), Ladder)
    except _DAMAGES as exc:
        raise MatcherOutdated(framework=_LADDER) from exc
    if origin.model != model:
        raise ModelMismatch(framework=_LADDER, trained=origin.model, model=model)
    if origin != Origin(method=METHOD, model=model, fingerprint=ladder_fingerprint()):
        raise MatcherOutdated(framework=_LADDER)
    assert isinstance(ladder, Ladder)
    return ladder


def load_matcher(folder: Path, framework: Framework, model: str) -> Matcher:
    """Return the framework's matcher; raise MatcherMissing, MatcherOutdated or ModelMismatch, never a worse matcher."""
    if not (folder / MATCHER_FILE).exists() or not resource(MANNER_FILE).exists():
        raise MatcherMissing(framework=framework.id)
    try:
        heads, origin = _load(folder / MATCHER_FILE, Heads)
        manner, manner_origin = _load(resource(MANNER_FILE), Manner)
    except _DAMAGES as exc:
        raise MatcherOutdated(framework=framework.id) from exc
    for trained in (origin.model, manner_origin.model):
        if trained != model:
            raise ModelMismatch(framework=framework.id, trained=trained, model=model)
    today = Origin(method=METHOD, model=model, fingerprint=fingerprint(folder, framework))
    is_current = origin == today and manner_origin == replace(today, fingerprint=manner_fingerprint())
    # Criteria that moved to another principle are ranked otherwise, though none of their words changed.
    if not is_current or tuple(heads.principles) != framework.principle_numbers:
        raise MatcherOutdated(framework=framework.id)
    return Matcher(
        framework=framework.id,
        version=origin.version,
        model=model,
        criteria=framework.criterion_ids,
        heads=heads,
        manner=manner,
    )


def _save(path: Path, weights: Heads | Manner | Ladder, origin: Origin) -> None:
    arrays = {field.name: np.asarray(getattr(weights, field.name)) for field in fields(weights)}
    for name in {"memory", "grams"} & arrays.keys():
        arrays[name] = arrays[name].astype(np.float16)
    about = {field.name: getattr(origin, field.name) for field in fields(origin)}
    np.savez_compressed(path, allow_pickle=False, origin=np.array(json.dumps(about)), **arrays)


def _load(path: Path, kind: type[Any]) -> tuple[Any, Origin]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        origin = Origin(**json.loads(str(stored["origin"])))
        arrays = {name: stored[name] for name in stored.files if name != "origin"}
    found = {name: array.astype(np.float32) if array.dtype == np.float16 else array for name, array in arrays.items()}
    for name in {"nearness_scale", "word_scale", "principle_weight"} & found.keys():
        found[name] = float(found[name])
    return kind(**found), origin

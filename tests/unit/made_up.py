"""A made-up framework of gardens, documents and matches, for tests that need no shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from govbot.frameworks import Example, Framework, read_framework
from govbot.records import STAGES, Block, Document, Matches, Part, Passage, Stage, Stance, Strength

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def leaf(identity: str, title: str, phrases: Sequence[str] = ()) -> dict[str, Any]:
    """Return a criterion as framework.yaml writes it."""
    return {
        "id": identity,
        "title": title,
        "description": f"Whether {title.lower()} is seen to.",
        "counts": [f"{title} by somebody"],
        "does_not_count": [f"{title} by nobody"],
        "phrases": list(phrases) or [f"{title} as put in words number {number}" for number in range(8)],
        "aliases": [f"alias of {identity}"],
        "stages": {stage: f"To {stage} {title.lower()}" for stage in STAGES},
    }


WATER = [f"{who} water the beds with the hose" for who in ("We", "Staff", "Neighbours", "Volunteers")]
WATER += [f"watering cans and hoses {what}" for what in ("are filled", "stand ready", "leak less", "serve all beds")]
FENCE = [f"{who} mend the wooden fence and its gate" for who in ("We", "Staff", "Neighbours", "Volunteers")]
FENCE += [f"posts and rails of the fence {what}" for what in ("stand firm", "are painted", "rot less", "hold the gate")]
FRUIT = [f"{who} share apples and plums from the trees" for who in ("We", "Staff", "Neighbours", "Volunteers")]
FRUIT += [f"baskets of ripe plums {what}" for what in ("are shared", "go to schools", "feed guests", "cost nothing")]


def gardens() -> dict[str, Any]:
    """Return a valid framework as framework.yaml holds it: P with two criteria, Q its own only one."""
    return {
        "schema": "govbot.framework/1",
        "id": "gardens",
        "title": "The Garden Code",
        "version": "1.0.0",
        "publisher": "Gardeners",
        "published": "2020-05",
        "source": "A shed",
        "licence": "None",
        "description": "How a garden is kept.",
        "group_word": "theme",
        "cycle": ["P"],
        "principles": [
            {
                "id": "P",
                "title": "Keeping a garden",
                "short": "Keeping",
                "description": "The garden is kept.",
                "aliases": ["keeping"],
                "criteria": [leaf("P1", "Watering beds", WATER), leaf("P2", "Mending fences", FENCE)],
            },
            {"short": "Sharing", **leaf("Q", "Sharing fruit", FRUIT)},
        ],
    }


def framework(*, principles: int = 2) -> Framework:
    """Return the framework, or only the first of its principles."""
    value = gardens()
    value["principles"] = value["principles"][:principles]
    if principles > 1:
        sharing = value["principles"][1]
        value["principles"][1] = {
            **{key: sharing[key] for key in ("id", "title", "short", "description")},
            "criteria": [{key: found for key, found in sharing.items() if key != "short"}],
        }
    return Framework.model_validate(value)


def as_yaml(value: object) -> str:
    """Return YAML text, a key a line."""
    return yaml.safe_dump(value, sort_keys=False, width=1000)


def write_framework(folder: Path, text: str | None = None) -> Path:
    """Write framework.yaml into a new folder "gardens" and return that folder."""
    found = folder / "gardens"
    found.mkdir(parents=True, exist_ok=True)
    (found / "framework.yaml").write_text(as_yaml(gardens()) if text is None else text, encoding="utf-8")
    return found


def read_gardens(folder: Path, text: str | None = None) -> Framework:
    """Return the framework of a text, read from a file of a new folder."""
    return read_framework(write_framework(folder, text))


def garden_examples(*criteria: str) -> list[Example]:
    """Return examples of some criteria, P1 and P2 where none is named, and of nothing."""
    texts_of = {"P1": WATER, "P2": FENCE, "Q": FRUIT}
    taught = [(criterion, texts_of[criterion]) for criterion in criteria or ("P1", "P2")]
    whens = ("every morning in June", "after school on Fridays", "whenever the warden asks for it")
    found = [
        _example(f"{text} {when}", (criterion,)) for criterion, texts in taught for text in texts for when in whens
    ]
    nothing = [
        f"The {noun} {verb}" for noun in ("bus", "choir", "museum") for verb in ("opened late", "sang", "closed")
    ]
    return found + [_example(f"{text} in {place}", ()) for text in nothing for place in ("Leeds", "Ely", "Bath")]


def _example(text: str, criteria: tuple[str, ...]) -> Example:
    return Example(id=text, text=text, criteria=criteria, hard=not criteria)


def document(*blocks: Block) -> Document:
    """Return a document of these blocks."""
    return Document(name="a.txt", title="A", media_type="text/plain", sha256="0", pages=None, blocks=blocks)


def passage(index: int, *texts: str, page: int | None = None) -> Passage:
    """Return a passage whose every text is a paragraph of its own."""
    parts = tuple(
        Part(text=text, block=100 * index + number, start=0, page=page, paragraph=index)
        for number, text in enumerate(texts)
    )
    return Passage(index=index, text="\n".join(texts), parts=parts, section=(f"Section {index}",))


#: (score under P1, strength, stance, stage) of a text.
Said = tuple[float, Strength, Stance, Stage]
#: What a score must reach to be accepted.
THRESHOLD = 0.5


def matches(*said: Said) -> Matches:
    """Return the matches of texts that bear on P1 as said, and on P2 and Q not at all."""
    scores = np.zeros((len(said), 3), dtype=np.float32)
    scores[:, 0] = [score for score, *_ in said]
    thresholds = np.full(3, THRESHOLD, dtype=np.float32)
    return Matches(
        criteria=("P1", "P2", "Q"),
        scores=scores,
        thresholds=thresholds,
        accepted=scores >= thresholds,
        strengths=tuple(strength for _, strength, _, _ in said),
        stances=tuple(stance for _, _, stance, _ in said),
        stages=tuple(stage for _, _, _, stage in said),
    )

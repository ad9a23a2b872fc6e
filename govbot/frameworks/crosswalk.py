"""principles/crosswalk.yaml -> which criteria of two frameworks bear on each other, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from govbot.frameworks.located import load_model
from govbot.frameworks.schema import Text
from govbot.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from govbot.frameworks.schema import Framework

_FILE = "principles/crosswalk.yaml"
#: Framework and criterion, as "clear AT".
_Place = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+ [A-Za-z][A-Za-z0-9-]*$")]
Relation = Literal["equal", "part of", "includes", "overlaps"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Link(_Strict):
    of: _Place
    to: _Place
    relation: Literal["equal", "part of", "overlaps"]
    reason: Text


class _Crosswalk(_Strict):
    schema_: Literal["govbot.crosswalk/1"] = Field(alias="schema")
    links: tuple[_Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A criterion of one framework, and what it is to a criterion of another."""

    #: Criterion of the first framework; the relation is read from it: "AT is part of B3".
    criterion: str
    relation: Relation
    #: Criterion of the second framework.
    other: str
    #: One sentence.
    reason: str


def crosswalk_file() -> Path:
    """Return the file that the links stand in."""
    return resource(_FILE)


def links_between(first: Framework, second: Framework) -> tuple[Link, ...]:
    """Return how criteria of `first` bear on criteria of `second`, in the order of the first's criteria."""
    found: list[Link] = []
    for link in load_model(resource(_FILE), _Crosswalk).links:
        (of, criterion), (to, other) = link.of.split(), link.to.split()
        if (of, to) == (first.id, second.id):
            found.append(Link(criterion=criterion, relation=link.relation, other=other, reason=link.reason))
        elif (to, of) == (first.id, second.id):
            relation: Relation = "includes" if link.relation == "part of" else link.relation
            found.append(Link(criterion=other, relation=relation, other=criterion, reason=link.reason))
    order, below = first.criterion_ids, second.criterion_ids
    return tuple(sorted(found, key=lambda link: (order.index(link.criterion), below.index(link.other))))

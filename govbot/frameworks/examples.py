"""principles/<id>/examples.jsonl, principles/nothing.jsonl and principles/manner.jsonl -> labelled examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from govbot.lines import read_lines
from govbot.records import Stage, Stance, Strength
from govbot.resources import resource
from govbot.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from govbot.frameworks.schema import Framework

EXAMPLES_FILE = "examples.jsonl"
#: Passages that are evidence of nothing under any framework.
NOTHING_FILE = "principles/nothing.jsonl"
#: Passages that teach only how a text speaks: strength, stance and stage.
MANNER_EXAMPLES_FILE = "principles/manner.jsonl"


class Reading(BaseModel):
    """What a second reader, who saw only the text, made of a passage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criteria: tuple[str, ...]
    strength: Strength | None = None
    stance: Stance | None = None
    stage: Stage | None = None


class Example(BaseModel):
    """A labelled passage that teaches its criteria, or only how it speaks where it stands in MANNER_EXAMPLES_FILE.

    One without criteria teaches what is nothing: under its own framework, or under any where it stands in NOTHING_FILE.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(min_length=1)]
    text: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    #: The main criterion first.
    criteria: tuple[str, ...]
    #: Criteria that a careful reader would accept though another would not list them: neither right nor wrong.
    also: tuple[str, ...] = ()
    #: None, as stance and stage, where the passage is evidence of nothing.
    strength: Strength | None = None
    stance: Stance | None = None
    stage: Stage | None = None
    #: Kind of body and of document that it is written as.
    body: str = ""
    kind: str = ""
    #: True for a passage of nothing that sounds like governance.
    hard: bool = False
    #: Who wrote it: one batch never straddles training and test.
    batch: str = ""
    #: None where nobody read it again.
    second: Reading | None = None


def load_examples(path: Path, framework: Framework | None) -> tuple[Example, ...]:
    """Return the examples of a JSON-lines file; raise InvalidLines listing every line at fault.

    `framework` is what their criteria must belong to; None allows none.
    """
    known = set(framework.criterion_ids) if framework else set()
    lines: dict[str, int] = {}

    def check(example: Example, number: int) -> list[str]:
        messages = [
            say("faults", "unknown_criterion", id=name, framework=framework.id if framework else NOTHING_FILE)
            for name in (*example.criteria, *example.also)
            if name not in known
        ]
        first = lines.setdefault(example.id, number)
        if first != number:
            messages.append(say("faults", "duplicate_line_id", id=example.id, first=first))
        return messages

    return read_lines(path, Example, check=check)


def own_examples(folder: Path, framework: Framework) -> tuple[Example, ...]:
    """Return the examples in the framework's own folder, none where it has no such file; raise InvalidLines."""
    path = folder / EXAMPLES_FILE
    return load_examples(path, framework) if path.exists() else ()


def nothing_examples() -> tuple[Example, ...]:
    """Return the passages that are evidence of nothing under any framework; raise InvalidLines."""
    return load_examples(resource(NOTHING_FILE), None)


def manner_examples(widest: Framework) -> tuple[Example, ...]:
    """Return the passages that teach only how a text speaks, labelled under the widest framework.

    Raises InvalidLines.
    """
    return load_examples(resource(MANNER_EXAMPLES_FILE), widest)

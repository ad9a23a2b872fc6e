"""prompts/questions/<framework id>.yaml -> the questions to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from pydantic import BaseModel, ConfigDict, Field

from govbot.errors import InvalidFramework
from govbot.frameworks.located import load_model, located
from govbot.frameworks.schema import FrameworkId, Text
from govbot.records import STAGES, Stage
from govbot.resources import resource
from govbot.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from govbot.frameworks import Framework

#: Slots that a question may use: the draft's own words and where they stand.
SLOTS = frozenset({"quote", "place", "at", "At", "section"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Wording(_Strict):
    """One question, for a draft that says nothing of the matter and for one that says something."""

    ask: Text
    #: Uses the draft's own words.
    follow: Text


class StageQuestions(_Strict):
    """A criterion's questions, one for each stage of the cycle."""

    plan: Wording
    do: Wording
    check: Wording
    act: Wording


class QuestionBank(_Strict):
    """A framework's questions."""

    schema_: Literal["govbot.questions/1"] = Field(alias="schema")
    framework: FrameworkId
    questions: dict[str, StageQuestions]

    def wording(self, criterion: str, stage: Stage) -> Wording:
        """Return one question; raise KeyError for a criterion that is not there."""
        found = getattr(self.questions[criterion], stage)
        assert isinstance(found, Wording)
        return found


def load_bank(framework: Framework) -> QuestionBank:
    """Return the shipped questions of a framework; raise InvalidFramework with every fault."""
    return read_bank(resource(f"prompts/questions/{framework.id}.yaml"), framework)


def read_bank(path: Path, framework: Framework) -> QuestionBank:
    """Return the questions in `path`; raise InvalidFramework with every fault and its place."""
    bank = load_model(path, QuestionBank)
    faults: list[str] = []
    if bank.framework != framework.id:
        message = say("faults", "other_framework", id=bank.framework, framework=framework.id)
        faults.append(located(path, ("framework",), message))
    faults += [
        located(path, ("questions", name), say("faults", "unknown_question", id=name))
        for name in bank.questions
        if name not in framework.criterion_ids
    ]
    faults += [
        located(path, ("questions",), say("faults", "missing_question", id=name))
        for name in framework.criterion_ids
        if name not in bank.questions
    ]
    message = say("faults", "bad_slot", allowed=sorted(SLOTS))
    faults += [
        located(path, ("questions", name, stage, form), message)
        for name, questions in bank.questions.items()
        for stage in STAGES
        for form, allowed in (("ask", frozenset[str]()), ("follow", SLOTS))
        if not _uses_only(getattr(getattr(questions, stage), form), allowed)
    ]
    if faults:
        raise InvalidFramework(path=str(path), faults=faults)
    return bank


def _uses_only(text: str, allowed: frozenset[str]) -> bool:
    environment = Environment(autoescape=False)  # nothing is rendered
    try:
        parsed = environment.parse(text)
        is_plain = not any(True for _ in parsed.find_all((nodes.Getattr, nodes.Getitem, nodes.Call)))
        return is_plain and meta.find_undeclared_variables(parsed) <= allowed
    except TemplateSyntaxError:
        return False

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
    from collections.abc import Mapping
    from pathlib import Path

    from govbot.frameworks import Framework

#: Questions of a framework of the user's own, in its folder.
QUESTIONS_FILE = "questions.yaml"
_GENERAL_FILE = "prompts/general_questions.yaml"
_NO_SLOTS = str.maketrans("{}", "()")
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


class _GeneralQuestions(_Strict):
    """Questions that can be asked of any criterion, by its title."""

    schema_: Literal["govbot.general-questions/1"] = Field(alias="schema")
    questions: StageQuestions


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


def find_bank(framework: Framework, folder: Path | None = None) -> QuestionBank | None:
    """Return a framework's own questions, None where it has none; raise InvalidFramework with every fault.

    They stand with the shipped ones, or in the `folder` of a framework of the user's own.
    """
    own = [folder / QUESTIONS_FILE] if folder else []
    for path in (*own, resource(f"prompts/questions/{framework.id}.yaml")):
        if path.exists():
            return read_bank(path, framework)
    return None


def load_bank(framework: Framework, folder: Path | None = None) -> QuestionBank:
    """Return a framework's own questions, or general ones about each criterion's title; raise InvalidFramework."""
    return find_bank(framework, folder) or _general_bank(framework)


def _general_bank(framework: Framework) -> QuestionBank:
    general = load_model(resource(_GENERAL_FILE), _GeneralQuestions)
    return QuestionBank(
        schema="govbot.questions/1",
        framework=framework.id,
        questions={criterion.id: _about(criterion.title, general.questions) for criterion in framework.criteria},
    )


def _about(title: str, questions: StageQuestions) -> StageQuestions:
    """Return the questions with the title in place; it is text, and no slot of its own."""
    plain = title.translate(_NO_SLOTS)
    told = {
        stage: {
            form: text.replace("{{ title }}", plain) for form, text in getattr(questions, stage).model_dump().items()
        }
        for stage in STAGES
    }
    return StageQuestions.model_validate(told)


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
    faults += [
        located(path, ("questions", *steps), say("faults", "bad_slot", allowed=sorted(SLOTS)))
        for steps in malformed(bank.questions)
    ]
    if faults:
        raise InvalidFramework(path=str(path), faults=faults)
    return bank


def malformed(questions: Mapping[str, StageQuestions]) -> list[tuple[str, Stage, str]]:
    """Return (criterion, stage, form) of every question that uses a slot it may not, or is not well formed."""
    return [
        (name, stage, form)
        for name, stages in questions.items()
        for stage in STAGES
        for form, allowed in (("ask", frozenset[str]()), ("follow", SLOTS))
        if not _uses_only(getattr(getattr(stages, stage), form), allowed)
    ]


def _uses_only(text: str, allowed: frozenset[str]) -> bool:
    environment = Environment(autoescape=False)  # nothing is rendered
    try:
        parsed = environment.parse(text)
        is_plain = not any(True for _ in parsed.find_all((nodes.Getattr, nodes.Getitem, nodes.Call)))
        return is_plain and meta.find_undeclared_variables(parsed) <= allowed
    except TemplateSyntaxError:
        return False

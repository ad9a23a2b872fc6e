"""The shape of principles/<id>/framework.yaml, and the framework as the program uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from govbot.records import STAGES, DocumentKind, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
FrameworkId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]

#: Fewest indicator phrases from which a criterion can be told apart without examples.
MIN_PHRASES = 8


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class StageNotes(_Strict):
    """What each stage of the cycle looks like for one criterion."""

    plan: Text
    do: Text
    check: Text
    act: Text

    def note(self, stage: Stage) -> str:
        """Return the note of one stage."""
        return str(getattr(self, stage))


class Measure(_Strict):
    """A published measure of a criterion."""

    #: As the framework numbers it.
    ref: Text
    text: Text


class Criterion(_Strict):
    """A leaf of the tree: what passages are matched against."""

    id: Identity
    title: Text
    #: The framework's own published question, where its criteria are questions.
    question: Text | None = None
    #: The part of the principle that the framework puts it under, where it has such parts.
    area: Text | None = None
    description: Text
    #: What a careful reader accepts as evidence.
    counts: tuple[Text, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = ()
    #: What looks like it and is not.
    does_not_count: tuple[Text, ...] = Field(min_length=1)
    #: Phrases as a public body's document would put them.
    phrases: tuple[Text, ...] = Field(min_length=MIN_PHRASES)
    #: Words that people ask with.
    aliases: tuple[Text, ...] = Field(min_length=1)
    #: None where nobody wrote them: a framework of a user's own need not have them.
    stages: StageNotes | None = None

    @property
    def stage_notes(self) -> tuple[str, ...]:
        """What each stage looks like, in the order of the cycle; none where nobody wrote it."""
        return tuple(self.stages.note(stage) for stage in STAGES) if self.stages else ()


class Principle(_Strict):
    """A group of criteria; a principle that lists none is its own only criterion."""

    id: Identity
    title: Text
    #: For a line in a table.
    short: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    #: True for a part that is said of a draft only where the draft speaks of it: nothing of it is ever missing.
    optional: bool = False
    description: Text
    aliases: tuple[Text, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @property
    def is_leaf(self) -> bool:
        """True where the principle is its own only criterion."""
        return len(self.criteria) == 1 and self.criteria[0].id == self.id


class Framework(_Strict):
    """A framework: principles, and criteria as their leaves."""

    schema_: Literal["govbot.framework/1"] = Field(alias="schema")
    id: FrameworkId
    title: Text
    #: Version of the data file, not of the publication.
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    publisher: Text
    #: Year, or year and month, of publication.
    published: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}){0,2}$")]
    source: Text
    licence: Text
    description: Text
    #: What the framework calls a principle on screen.
    group_word: Text
    #: Kinds of document that are checked against it when nobody names a framework; "any" for every document.
    suits: tuple[DocumentKind | Literal["any"], ...] = ()
    #: Principles that the plan-do-check-act cycle links.
    cycle: tuple[Identity, ...] = ()
    principles: tuple[Principle, ...] = Field(min_length=1)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion, in order."""
        return tuple(criterion for principle in self.principles for criterion in principle.criteria)

    @property
    def criterion_ids(self) -> tuple[str, ...]:
        """Every criterion's id, in order."""
        return tuple(criterion.id for criterion in self.criteria)

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion of this id; raise KeyError where there is none."""
        return next(self._having(criterion_id))[1]

    def principle_of(self, criterion_id: str) -> Principle:
        """Return the principle that the criterion stands under; raise KeyError where there is none."""
        return next(self._having(criterion_id))[0]

    @property
    def principle_numbers(self) -> tuple[int, ...]:
        """The number, from 0, of the principle that each criterion stands under, in the order of the criteria."""
        return tuple(number for number, principle in enumerate(self.principles) for _ in principle.criteria)

    def principle(self, principle_id: str) -> Principle:
        """Return the principle of this id; raise KeyError where there is none."""
        for principle in self.principles:
            if principle.id == principle_id:
                return principle
        raise KeyError(principle_id)

    def _having(self, criterion_id: str) -> Iterator[tuple[Principle, Criterion]]:
        for principle in self.principles:
            for criterion in principle.criteria:
                if criterion.id == criterion_id:
                    yield principle, criterion
                    return
        raise KeyError(criterion_id)

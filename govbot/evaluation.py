"""Composes pipeline and matching: how often govbot is right on labelled passages or on whole drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, get_args

import numpy as np
import yaml

from govbot.embedding import CachedEncoder, Encoder, TransformerEncoder
from govbot.errors import FileMissing, InvalidLines
from govbot.frameworks import framework_folder, load_framework, teaching_examples
from govbot.matching import (
    Labelled,
    Row,
    evaluate_baselines,
    evaluate_scores,
    load_labelled,
    load_matcher,
    score_by_regression,
)
from govbot.pipeline import Workshop
from govbot.records import Coverage, Status
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from govbot.config import Settings
    from govbot.embedding import Vectors
    from govbot.frameworks import Example, Framework

GOLD_ENDING = ".gold.yaml"
#: Statuses that a reader may give.
_STATUSES = tuple(status for status in get_args(Status) if status not in ("not_applicable", "unread"))
#: Told the name of the draft that is read next.
Next = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A passage whose best criterion no reader accepts."""

    id: str
    text: str
    #: None where nothing was accepted.
    chosen: str | None
    score: float
    expected: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """How govbot and simpler methods do on labelled passages."""

    framework: str
    name: str
    something: int
    nothing: int
    rows: tuple[Row, ...]
    #: Surest first.
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gold:
    """The statuses that readers accept for each criterion of one draft."""

    draft: Path
    #: The settled status first.
    accepted: dict[str, tuple[Status, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What govbot said of one criterion of one draft, and what readers accept."""

    draft: str
    criterion: str
    said: Status
    accepted: tuple[Status, ...]
    #: The quote that decided it, or the nearest; "" where nothing came near.
    quote: str

    @property
    def is_right(self) -> bool:
        """Whether a reader accepts the very status."""
        return self.said in self.accepted

    @property
    def is_right_about_the_gap(self) -> bool:
        """Whether a reader accepts that it is a gap, or that it is none."""
        return any((self.said == "gap") == (status == "gap") for status in self.accepted)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftEvaluation:
    """How govbot does on whole drafts. Shares are from 0 to 1."""

    framework: str
    name: str
    drafts: int
    verdicts: tuple[Verdict, ...]

    @property
    def precision(self) -> float:
        """Share of what is called a gap that is one."""
        called = [verdict for verdict in self.verdicts if verdict.said == "gap"]
        return _share([verdict.is_right_about_the_gap for verdict in called])

    @property
    def recall(self) -> float:
        """Share of the gaps that are called so; what a reader would not call a gap need not be found."""
        gaps = [verdict for verdict in self.verdicts if set(verdict.accepted) == {"gap"}]
        return _share([verdict.said == "gap" for verdict in gaps])

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def exact(self) -> float:
        """Share of the criteria with a status that a reader accepts."""
        return _share([verdict.is_right for verdict in self.verdicts])

    @property
    def mistakes(self) -> tuple[Verdict, ...]:
        """Wrong statuses, those that are wrong about the gap first."""
        wrong = [verdict for verdict in self.verdicts if not verdict.is_right]
        return tuple(sorted(wrong, key=lambda verdict: verdict.is_right_about_the_gap))


def evaluate_passages(framework_id: str, data: Path, settings: Settings) -> Evaluation:
    """Return the table on a labelled file of passages; raise InvalidLines, ModelError or MatcherError."""
    framework = load_framework(framework_id, settings.frameworks_folder)
    folder = framework_folder(framework_id, settings.frameworks_folder)
    encoder = _cached(TransformerEncoder(settings.model), settings)
    matcher = load_matcher(folder, framework, encoder.name)
    passages = load_labelled(data, framework)
    texts = [passage.text for passage in passages]
    matches = matcher.match(texts, encoder.encode(texts))
    own = evaluate_scores(say("evaluate", "shipped"), framework, passages, matches.scores, matches.accepted)
    untaught = _cached(TransformerEncoder(settings.model, plain=True), settings)
    learnt = _regression(framework, teaching_examples(folder, framework), texts, untaught)
    baselines = evaluate_baselines(framework, passages, untaught, accepted=own.accepted, learnt=learnt)
    best = matches.scores.argmax(axis=1)
    mistakes = [
        Mistake(
            id=passage.id,
            text=passage.text,
            chosen=matches.criteria[best[row]] if matches.accepted[row].any() else None,
            score=float(matches.scores[row, best[row]]),
            expected=passage.criteria,
        )
        for row, passage in enumerate(passages)
        if _is_mistake(passage, matches.criteria[best[row]], bool(matches.accepted[row].any()))
    ]
    something = sum(bool(passage.criteria) for passage in passages)
    return Evaluation(
        framework=framework_id,
        name=data.name,
        something=something,
        nothing=len(passages) - something,
        rows=(*baselines, own),
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake.score)),
    )


def evaluate_drafts(framework_id: str, data: Path, settings: Settings, *, begin: Next) -> DraftEvaluation:
    """Return how the statuses of whole drafts compare with gold ones.

    `data` is a gold file or a folder of them; raises InvalidLines with every fault of every file, DocumentError,
    ModelError or MatcherError.
    """
    framework = load_framework(framework_id, settings.frameworks_folder)
    golds = load_gold(data, framework)
    workshop = Workshop(settings, [framework_id])
    workshop.prepare()
    verdicts: list[Verdict] = []
    for gold in golds:
        begin(gold.draft.name)
        (assessment,) = workshop.examine(workshop.read(gold.draft)).assessments
        verdicts += [
            Verdict(
                draft=gold.draft.name,
                criterion=covered.id,
                said="gap" if covered.status == "unread" else covered.status,
                accepted=gold.accepted[covered.id],
                quote=_quote(covered),
            )
            for covered in assessment.criteria
        ]
    return DraftEvaluation(framework=framework_id, name=data.name, drafts=len(golds), verdicts=tuple(verdicts))


def load_gold(data: Path, framework: Framework) -> tuple[Gold, ...]:
    """Return the gold statuses of a file, or of every file of a folder that has some for the framework."""
    paths = sorted(data.glob(f"*{GOLD_ENDING}")) if data.is_dir() else [data]
    faults: list[str] = []
    golds = [gold for path in paths if (gold := _read_gold(path, framework, faults))]
    if not golds and not faults:
        faults.append(say("faults", "no_gold", name=data.name, ending=GOLD_ENDING, framework=framework.id))
    if faults:
        raise InvalidLines(name=str(data), faults=faults)
    return tuple(golds)


def _read_gold(path: Path, framework: Framework, faults: list[str]) -> Gold | None:
    tell = partial(say, "faults", file=path.name)
    try:
        sheet = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise FileMissing(name=str(path)) from exc
    except (yaml.YAMLError, UnicodeDecodeError):
        faults.append(tell("gold_not_yaml"))
        return None
    if not isinstance(sheet, dict) or not isinstance(sheet.get("draft"), str):
        faults.append(tell("gold_without_draft"))
        return None
    statuses = sheet.get(framework.id)
    if statuses is None:
        return None
    if not isinstance(statuses, dict):
        faults.append(tell("gold_not_yaml"))
        return None
    given = {str(name): tuple(str(value).replace(" ", "").split("|")) for name, value in statuses.items()}
    found = len(faults)
    faults += [tell("gold_criterion", id=name) for name in given if name not in framework.criterion_ids]
    faults += [tell("gold_missing", id=name) for name in framework.criterion_ids if name not in given]
    faults += [
        tell("gold_status", id=name, status=status, known=", ".join(_STATUSES))
        for name, accepted in given.items()
        for status in accepted
        if status not in _STATUSES
    ]
    draft = path.parent / sheet["draft"]
    if not draft.exists():
        faults.append(tell("gold_draft_missing", draft=sheet["draft"]))
    return Gold(draft=draft, accepted=given) if len(faults) == found else None  # type: ignore[arg-type]


def _quote(covered: Coverage) -> str:
    if covered.evidence:
        return covered.evidence[0].quote
    return covered.nearest.quote if covered.nearest else ""


def _regression(framework: Framework, examples: Sequence[Example], texts: Sequence[str], untaught: Encoder) -> Vectors:
    """Return the scores of a plain logistic regression taught the framework's examples."""
    labels = np.array([[name in example.criteria for name in framework.criterion_ids] for example in examples])
    taught = untaught.encode([example.text for example in examples])
    return score_by_regression(taught, labels, untaught.encode(texts))


def _cached(encoder: TransformerEncoder, settings: Settings) -> Encoder:
    return CachedEncoder(encoder, folder=settings.cache_folder) if settings.cache_folder else encoder


def _is_mistake(passage: Labelled, best: str, accepted: bool) -> bool:
    return accepted if not passage.criteria else best not in (*passage.criteria, *passage.also)


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0

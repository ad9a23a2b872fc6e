"""Composes the rooms: check, ask, match."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from govbot.asking.answering import answer
from govbot.asking.bank import QuestionBank, load_bank
from govbot.asking.choosing import choose_questions
from govbot.asking.routing import Router
from govbot.asking.topics import Draft
from govbot.assessing import choose_quotes, cover, decisive, gather_runs, rows_to_weigh, weigh
from govbot.embedding import CachedEncoder, Encoder, TransformerEncoder
from govbot.errors import ModelMismatch, NoText
from govbot.frameworks import Framework, framework_folder, load_examples, load_framework, read_framework
from govbot.frameworks.examples import EXAMPLES_FILE
from govbot.matching import Matcher, judge, load_matcher
from govbot.passages import split_passages, split_sentences
from govbot.reading import Limits, read_document
from govbot.records import STAGES, Answer, Assessment, Check, Document, Matches, Passage
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from govbot.config import Settings
    from govbot.embedding import Vectors

#: Told what is being done ("reading", "matching"), how much of it is done, and how much there is (0: not known).
Progress = Callable[[str, int, int], None]


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Equipped:
    """A framework with everything that assessing under it needs."""

    framework: Framework
    bank: QuestionBank
    matcher: Matcher


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A document read, cut into passages and encoded, with its matches under each framework."""

    document: Document
    passages: tuple[Passage, ...]
    #: (number of passages, dim) unit vectors.
    vectors: Vectors
    #: Framework id -> matches.
    matches: dict[str, Matches]
    assessments: tuple[Assessment, ...]

    @property
    def check(self) -> Check:
        """What the reply shows."""
        return Check(document=self.document, passages=len(self.passages), assessments=self.assessments)


class Workshop:
    """Frameworks, matchers and the encoder of one run; the model loads while the first document is read."""

    def __init__(
        self,
        settings: Settings,
        framework_ids: Sequence[str],
        *,
        progress: Progress = no_progress,
        explain: bool = False,
    ) -> None:
        """Load the frameworks; raise UnknownFramework, InvalidFramework or CacheNotWritable at once.

        `explain` adds to each criterion how often its matches are right.
        """
        self._settings = settings
        self._explain = explain
        self._progress = progress
        self.frameworks = tuple(load_framework(name) for name in dict.fromkeys(framework_ids))
        self._transformer = TransformerEncoder(settings.model)
        folder = settings.cache_folder
        self.encoder: Encoder = CachedEncoder(self._transformer, folder=folder) if folder else self._transformer
        self._loading = threading.Thread(target=self._load_quietly, daemon=True)
        self._loading.start()

    @cached_property
    def equipment(self) -> tuple[Equipped, ...]:
        """Each framework with its questions and matcher; raise MatcherError or ModelError."""
        try:
            return tuple(
                Equipped(
                    framework=framework,
                    bank=load_bank(framework),
                    matcher=load_matcher(framework_folder(framework.id), framework, self.encoder.name),
                )
                for framework in self.frameworks
            )
        except ModelMismatch:
            # Of a model that is not there it is no use to say that the matcher does not fit it.
            self._loading.join()
            self._transformer.load()
            raise

    def prepare(self) -> None:
        """Load matchers and questions now, so that a fault in them shows before any file is read."""
        _ = self.equipment

    def read(self, path: Path) -> Document:
        """Return the file as read; raise DocumentError."""
        self._progress("reading", 0, 0)
        settings = self._settings
        limits = Limits(memory_mb=settings.read_memory_mb, seconds=settings.read_seconds, file_mb=settings.file_mb)
        return read_document(path, limits=limits)

    def examine(self, document: Document) -> Examined:
        """Return the document's passages, vectors, matches and assessments; raise NoText where it holds none."""
        passages = split_passages(document)
        if not passages:
            raise NoText(name=document.name)
        texts = [passage.text for passage in passages]
        vectors = self.encode(texts)
        judged = judge(self.equipment[0].matcher.manner, texts, vectors)
        matches = {item.framework.id: item.matcher.match_judged(vectors, judged) for item in self.equipment}
        assessments = self._assess(document, passages, matches)
        return Examined(document=document, passages=passages, vectors=vectors, matches=matches, assessments=assessments)

    def _assess(
        self, document: Document, passages: tuple[Passage, ...], matches: dict[str, Matches]
    ) -> tuple[Assessment, ...]:
        rows = sorted({row for found in matches.values() for row in rows_to_weigh(found, passages)})
        texts = list(dict.fromkeys(part.text for row in rows for part in passages[row].parts))
        part_vectors = dict(zip(texts, self.encode(texts, step="weighing"), strict=True))
        runs = gather_runs(rows, passages, part_vectors)
        judged = judge(self.equipment[0].matcher.manner, runs.texts, runs.vectors)
        assessments: list[Assessment] = []
        for item in self.equipment:
            framework, found = item.framework, matches[item.framework.id]
            # A document that does nothing but ask has nothing to weigh.
            by_run = item.matcher.match_judged(runs.vectors, judged) if runs.rows else None
            quotes = choose_quotes(runs, by_run) if by_run else {}
            weighed = weigh(found, quotes)
            unread = any(item.matters for item in document.unread)
            covered = cover(framework, passages, weighed, decisive(weighed, quotes), unread=unread)
            if self._explain:
                covered = tuple(replace(one, reliability=item.matcher.reliability(one.id)) for one in covered)
            assessments.append(
                Assessment(
                    framework=framework.id,
                    framework_version=framework.version,
                    matcher=item.matcher.version,
                    model=item.matcher.model,
                    criteria=covered,
                    questions=choose_questions(covered, item.bank),
                )
            )
        return tuple(assessments)

    def encode(self, texts: Sequence[str], *, step: str = "matching") -> Vectors:
        """Return (n, dim) unit vectors, telling progress."""
        self._loading.join()
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            self._progress(step, done, len(texts))

        self._progress(step, 0, len(texts))
        return self.encoder.encode(texts, progress=tell)

    def _load_quietly(self) -> None:
        """Import and load the model beside the reading; a fault is raised again, and told, when it is used."""
        try:
            self._transformer.load()
            split_sentences("")
        except Exception:  # told when the encoder is used
            return


def ask_questions(workshop: Workshop, document: Document, questions: Sequence[str]) -> tuple[Answer, ...]:
    """Return an answer to each question about the document."""
    examined = workshop.examine(document)
    banks = [item.bank for item in workshop.equipment]
    router = Router(workshop.frameworks, workshop.encoder, banks=banks)
    draft = Draft(
        passages=examined.passages,
        vectors=examined.vectors,
        matches=next(iter(examined.matches.values())),
    )
    assessments = {assessment.framework: assessment for assessment in examined.assessments}
    return tuple(
        answer(
            question,
            router.route(question),
            draft,
            frameworks=workshop.frameworks,
            assessments=assessments,
            encoder=workshop.encoder,
        )
        for question in questions
    )


def match_texts(workshop: Workshop, texts: Sequence[str]) -> Matches:
    """Return how each text bears on the workshop's one framework."""
    (item,) = workshop.equipment
    return item.matcher.match(texts, workshop.encode(texts))


def validate_framework(path: Path) -> dict[str, object]:
    """Return what a framework's folder, or its YAML file, holds; raise InvalidFramework or InvalidLines."""
    framework = read_framework(path)
    folder = path if path.is_dir() else path.parent
    examples = folder / EXAMPLES_FILE
    shipped = folder.resolve() == (resource("principles") / framework.id).resolve()
    return {
        "id": framework.id,
        "version": framework.version,
        "criteria": len(framework.criteria),
        "examples": len(load_examples(examples, framework)) if examples.exists() else 0,
        "questions": len(STAGES) * len(load_bank(framework).questions) if shipped else 0,
    }

"""Composes the rooms: check and match; what asking draws on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from govbot.asking.bank import SLOTS, QuestionBank, StageQuestions, find_bank, load_bank, malformed
from govbot.asking.choosing import choose_questions
from govbot.assessing import (
    carry_over,
    choose_quotes,
    cover,
    decisive,
    document_kinds,
    engagement_quotes,
    gather_runs,
    place_engagement,
    rows_to_weigh,
    weigh,
)
from govbot.embedding import CachedEncoder, Encoder, TransformerEncoder
from govbot.errors import InvalidWorkbook, ModelMismatch, NotAssessed, NoText, TwoVersions, UnknownFramework
from govbot.frameworks import (
    Framework,
    framework_folder,
    framework_ids,
    keep_framework,
    links_between,
    load_framework,
    own_examples,
    read_framework,
)
from govbot.lines import FinishedCheck, read_lines
from govbot.matching import Ladder, Matcher, judge, judge_rungs, load_ladder, load_matcher
from govbot.passages import split_passages, split_sentences
from govbot.reading import LeftOut, Limits, Ocr, find_recogniser, read_document, read_documents
from govbot.records import (
    STAGES,
    Assessment,
    Carried,
    Check,
    Coverage,
    Document,
    DocumentKind,
    Engagement,
    Evidence,
    Matches,
    Passage,
    layout_of,
)
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from govbot.config import Settings
    from govbot.embedding import Vectors
    from govbot.errors import DocumentError

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
    kinds: tuple[DocumentKind, ...]
    #: The frameworks that it was read under, and what belongs to them.
    equipment: tuple[Equipped, ...]
    passages: tuple[Passage, ...]
    #: (number of passages, dim) unit vectors.
    vectors: Vectors
    #: Framework id -> matches.
    matches: dict[str, Matches]
    assessments: tuple[Assessment, ...]

    @property
    def check(self) -> Check:
        """What the reply shows."""
        return Check(
            document=self.document, passages=len(self.passages), assessments=self.assessments, kinds=self.kinds
        )

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks that it was read under."""
        return tuple(item.framework for item in self.equipment)


class Workshop:
    """Frameworks, matchers and the encoder of one run; the model loads while the first document is read."""

    def __init__(
        self,
        settings: Settings,
        chosen: Sequence[str] = (),
        *,
        progress: Progress = no_progress,
        explain: bool = False,
    ) -> None:
        """Load the frameworks; raise UnknownFramework, InvalidFramework or CacheNotWritable at once.

        `chosen` are ids of frameworks; without any, each document is read under those that suit it. `explain` adds to
        each criterion how often its matches are right.
        """
        self._settings = settings
        self._explain = explain
        self._progress = progress
        private = settings.frameworks_folder
        names = dict.fromkeys(chosen or framework_ids(private))
        #: True where the user named the frameworks.
        self.is_chosen = bool(chosen)
        known = tuple(load_framework(name, private) for name in names)
        repeated = [one.id for number, one in enumerate(known) if one.id in {other.id for other in known[:number]}]
        if repeated:
            raise TwoVersions(id=repeated[0])
        self._folders = {one.id: framework_folder(name, private) for name, one in zip(names, known, strict=True)}
        #: Those that any document may be read under.
        self.frameworks = known if chosen else tuple(sorted(known, key=lambda one: "any" not in one.suits))
        self._equipped: dict[str, Equipped] = {}
        self._transformer = TransformerEncoder(settings.model)
        folder = settings.cache_folder
        self.encoder: Encoder = CachedEncoder(self._transformer, folder=folder) if folder else self._transformer
        self._loading = threading.Thread(target=self._load_quietly, daemon=True)
        self._loading.start()

    @cached_property
    def equipment(self) -> tuple[Equipped, ...]:
        """What every document is read under; raise MatcherError or ModelError."""
        return self._equip([one for one in self.frameworks if self.is_chosen or "any" in one.suits])

    def prepare(self) -> None:
        """Load matchers and questions now, so that a fault in them shows before any file is read."""
        _ = self.equipment, self._ladder

    def look(self) -> str:
        """Load the model and every framework's matcher, and say so; raise ModelError or MatcherError."""
        self._loading.join()
        self._transformer.load()
        self.prepare()
        return say("cli", "doctor.loads", model=self.encoder.name, n=len(self._equip(self.frameworks)))

    def suited(self, kinds: Sequence[DocumentKind], also: Sequence[str]) -> tuple[Equipped, ...]:
        """Return what documents of these kinds are read under."""
        rest = [one for one in self.frameworks if "any" not in one.suits]
        added = [one for one in rest if one.id in also or not set(kinds).isdisjoint(one.suits)]
        return self.equipment + (() if self.is_chosen else self._equip(added))

    def equip(self, framework_id: str) -> Equipped:
        """Return what assessing under a framework needs; raise UnknownFramework, MatcherError or ModelError."""
        known = {one.id: one for one in self.frameworks}
        if framework_id not in known:
            raise UnknownFramework(id=framework_id, known=sorted(known))
        return self._equip([known[framework_id]])[0]

    def _equip(self, frameworks: Sequence[Framework]) -> tuple[Equipped, ...]:
        try:
            for framework in frameworks:
                if framework.id not in self._equipped:
                    folder = self._folders[framework.id]
                    self._equipped[framework.id] = Equipped(
                        framework=framework,
                        bank=load_bank(framework, folder),
                        matcher=load_matcher(folder, framework, self.encoder.name),
                    )
        except ModelMismatch:
            # Of a model that is not there it is no use to say that the matcher does not fit it.
            self._loading.join()
            self._transformer.load()
            raise
        return tuple(self._equipped[framework.id] for framework in frameworks)

    def read(self, path: Path) -> Document:
        """Return the file as read, or the one document in it; raise DocumentError."""
        self._progress("reading", 0, 0)
        return read_document(path, limits=self._limits, ocr=_ocr(self._settings))

    def read_all(self, path: Path, *, most: int | None = None) -> Iterator[Document | DocumentError | LeftOut]:
        """Yield the file as read, or of an archive or an e-mail what is in it, read or not; raise DocumentError.

        Of more than `most` documents the others are left out.
        """
        self._progress("reading", 0, 0)
        return read_documents(path, limits=self._limits, ocr=_ocr(self._settings), most=most)

    @property
    def _limits(self) -> Limits:
        settings = self._settings
        return Limits(memory_mb=settings.read_memory_mb, seconds=settings.read_seconds, file_mb=settings.file_mb)

    def examine(self, document: Document, *, also: Sequence[str] = ()) -> Examined:
        """Return the document's passages, vectors, matches and assessments; raise NoText where it holds none.

        `also` are ids of further frameworks to read it under, where the user chose none.
        """
        kinds = () if self.is_chosen else document_kinds(document)
        return self.examine_under(document, self.suited(kinds, also))

    def examine_under(self, document: Document, equipment: Sequence[Equipped]) -> Examined:
        """Return the same under these frameworks, whatever the document is."""
        passages = split_passages(document)
        if not passages:
            raise NoText(name=document.name)
        kinds = () if self.is_chosen else document_kinds(document)
        texts = [passage.text for passage in passages]
        vectors = self.encode(texts)
        judged = judge(equipment[0].matcher.manner, texts, vectors)
        matches = {item.framework.id: item.matcher.match_judged(texts, vectors, judged) for item in equipment}
        return Examined(
            document=document,
            kinds=kinds,
            equipment=tuple(equipment),
            passages=passages,
            vectors=vectors,
            matches=matches,
            assessments=self.explained(equipment, self._assess(document, equipment, passages, matches)),
        )

    def explained(self, equipment: Sequence[Equipped], assessments: Sequence[Assessment]) -> tuple[Assessment, ...]:
        """Return the assessments with how often each criterion is right, where that is wanted, and else without."""
        return tuple(
            replace(
                assessment,
                criteria=tuple(
                    replace(one, reliability=item.matcher.reliability(one.id) if self._explain else None)
                    for one in assessment.criteria
                ),
            )
            for item, assessment in zip(equipment, assessments, strict=True)
        )

    def _assess(
        self,
        document: Document,
        equipment: Sequence[Equipped],
        passages: tuple[Passage, ...],
        matches: dict[str, Matches],
    ) -> tuple[Assessment, ...]:
        rows = sorted({row for found in matches.values() for row in rows_to_weigh(found, passages)})
        texts = list(dict.fromkeys(part.text for row in rows for part in passages[row].parts))
        part_vectors = dict(zip(texts, self.encode(texts, step="weighing"), strict=True))
        runs = gather_runs(rows, passages, part_vectors)
        judged = judge(equipment[0].matcher.manner, runs.texts, runs.vectors)
        covers: list[tuple[Coverage, ...]] = []
        for item in equipment:
            framework, found = item.framework, matches[item.framework.id]
            # A document that does nothing but ask has nothing to weigh.
            by_run = item.matcher.match_quotes(runs.texts, runs.vectors, judged) if runs.rows else None
            quotes = choose_quotes(runs, by_run) if by_run else {}
            weighed = weigh(found, quotes)
            unread = any(item.matters for item in document.unread)
            covers.append(cover(framework, passages, weighed, decisive(weighed, quotes), unread=unread))
        engaging = [engagement_quotes(item.framework.id, found) for item, found in zip(equipment, covers, strict=True)]
        # A draft stands on one rung, whichever framework the quotes are under.
        engagement = self._engagement(list(chain.from_iterable(engaging)))
        return tuple(
            Assessment(
                framework=item.framework.id,
                framework_version=item.framework.version,
                matcher=item.matcher.version,
                model=item.matcher.model,
                criteria=covered,
                questions=choose_questions(covered, item.bank),
                engagement=engagement if quotes else None,
            )
            for item, covered, quotes in zip(equipment, covers, engaging, strict=True)
        )

    def _engagement(self, quotes: Sequence[Evidence]) -> Engagement | None:
        if not quotes:
            return None
        vectors = self.encode([quote.quote for quote in quotes], step="weighing")
        return place_engagement(quotes, judge_rungs(self._ladder, vectors))

    @cached_property
    def _ladder(self) -> Ladder:
        return load_ladder(self.encoder.name)

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


def scans_state(settings: Settings) -> str:
    """Return whether scans can be read here, and in which languages, or what to do."""
    ocr = _ocr(settings)
    found = find_recogniser(ocr)
    key = found.fault or "scan_read"
    missing = [language for language in ocr.languages if language not in found.languages]
    return say("cli", f"scans.{key}", program=found.program, languages=found.languages, missing=missing)


def _ocr(settings: Settings) -> Ocr:
    languages = tuple(dict.fromkeys(settings.ocr_languages.split("+")))
    return Ocr(is_on=settings.ocr != "off", languages=languages, seconds=settings.ocr_seconds)


def match_texts(workshop: Workshop, texts: Sequence[str]) -> Matches:
    """Return how each text bears on the workshop's one framework."""
    (item,) = workshop.equipment
    return item.matcher.match(texts, workshop.encode(texts))


def read_under(
    path: Path, first_id: str, second_id: str, settings: Settings
) -> Iterator[tuple[str, tuple[Carried, ...]]]:
    """Yield each draft of a finished check, and what its assessment under one framework says of another's criteria.

    Raises FileMissing, InvalidLines, UnknownFramework, NotAssessed, ModelError or MatcherError.
    """
    workshop = Workshop(settings, [second_id])
    (item,) = workshop.equipment
    first = load_framework(first_id, settings.frameworks_folder)
    links = links_between(item.framework, first)
    for check in read_lines(path, FinishedCheck):
        assessment = next((one for one in check.assessments if one.framework == first.id), None)
        if assessment is None:
            raise NotAssessed(name=check.document.name, framework=first.id)
        found = {
            criterion.id: [
                Evidence(**quote.model_dump(), layout=layout_of(check.document.media_type))
                for quote in criterion.evidence
            ]
            for criterion in assessment.criteria
        }
        texts = [quote.quote for quotes in found.values() for quote in quotes]
        matches = item.matcher.match(texts, workshop.encode(texts))
        yield check.document.name, carry_over(found, links, item.framework, matches)


def validate_framework(path: Path) -> dict[str, object]:
    """Return what a framework's folder, or its YAML file, holds; raise InvalidFramework or InvalidLines."""
    framework = read_framework(path)
    folder = path if path.is_dir() else path.parent
    return {
        "id": framework.id,
        "version": framework.version,
        "criteria": len(framework.criteria),
        "examples": len(own_examples(folder, framework)),
        "questions": len(STAGES) * len(load_bank(framework, folder).questions),
    }


def import_framework(path: Path, settings: Settings) -> Framework:
    """Keep the framework of an Excel workbook in the folder of the user's own, and return it.

    Raises FileMissing, InvalidWorkbook, NoFrameworksFolder, FrameworkShipped or VersionTaken.
    """
    from govbot.frameworks.workbook import read_workbook  # openpyxl takes a tenth of a second to import

    imported = read_workbook(path)
    questions = {name: StageQuestions.model_validate(stages) for name, stages in imported.questions.items()}
    faults = [
        say("workbook", "faults.bad_question", id=name, stage=stage, allowed=sorted(SLOTS))
        for name, stage, _ in malformed(questions)
    ]
    if faults:
        raise InvalidWorkbook(name=path.name, faults=faults)
    keep_framework(imported, settings.frameworks_folder)
    return imported.framework


def export_framework(framework_id: str, path: Path, settings: Settings) -> None:
    """Write a framework, its questions and its examples to an Excel workbook; raise UnknownFramework or CannotWrite."""
    from govbot.frameworks.workbook import write_workbook

    private = settings.frameworks_folder
    framework, folder = load_framework(framework_id, private), framework_folder(framework_id, private)
    bank = find_bank(framework, folder)
    questions = bank.model_dump()["questions"] if bank else {}
    write_workbook(path, framework, questions, own_examples(folder, framework))


def write_template(path: Path) -> None:
    """Write the empty Excel workbook that a framework is put into; raise CannotWrite."""
    from govbot.frameworks.workbook import write_workbook

    write_workbook(path)

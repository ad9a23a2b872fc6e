"""Composes the rooms: drafts that are kept, with people's decisions; what officers see across them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from govbot import store as kept
from govbot.asking.answering import answer
from govbot.asking.choosing import choose_questions
from govbot.asking.joining import compare_drafts, join_found
from govbot.asking.phrasing import load_phrasing
from govbot.asking.routing import Target
from govbot.asking.topics import Draft
from govbot.assessing import apply_decisions, compare, document_kinds, fold, gather
from govbot.embedding import CachedEncoder
from govbot.errors import NoText, NothingAsked, QuoteNoEvidence, QuoteNotFound, QuoteTooShort, UnknownCriterion
from govbot.matching import judge
from govbot.passages import mean_confidence, split_passages, verbatim
from govbot.pipeline import Examined
from govbot.records import Check, Comparison, Decision, DraftAnswer, Evidence, JointAnswer, Portfolio
from govbot.store import KeptVersion, MadeUnder, Origin, Scope
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from govbot.enquiry import Examine
    from govbot.pipeline import Equipped, Workshop
    from govbot.records import Answer, Assessment, Coverage, Document, Passage
    from govbot.store import Forgotten, Kept, Store

#: Drafts that a search shows.
_MOST_FOUND = 10
#: Words that a quote needs, so that it is clear which of the document's are meant.
_FEWEST_WORDS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCheck:
    """A check of a draft that was kept."""

    check: Check
    kept: Kept
    #: What changed since the version before; None where there is none, or its text is not kept any more.
    comparison: Comparison | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Assessed:
    """A document as read, assessed under what suits it; no decisions applied."""

    document: Document
    passages: tuple[Passage, ...]
    equipment: tuple[Equipped, ...]
    assessments: tuple[Assessment, ...]


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """The kept drafts of one workspace, and the workshop that reads and assesses them."""

    def __init__(self, workshop: Workshop, store: Store, *, now: Callable[[], datetime] = _now) -> None:
        """`now` tells the time."""
        self._workshop = workshop
        self._store = store
        self._now = now

    # Reading again

    def reopen(self, document: int, *, number: int = 0) -> tuple[KeptVersion, Document]:
        """Return a document's newest version, or that of a number, and what it holds.

        Raises UnknownDocument or TextRemoved.
        """
        version = self._version(document, number)
        return version, kept.read_text(self._store, version).document

    def _version(self, document: int, number: int) -> KeptVersion:
        """Return a version by its number from 1, the newest for 0."""
        return kept.find_versions(self._store, document)[number - 1]

    def examiner(self, versions: Sequence[KeptVersion]) -> Examine:
        """Return what examines these versions by what is kept of them, decisions applied, and other files anew."""
        known = {version.sha256: version for version in versions}

        def examine(document: Document, *, also: Sequence[str] = ()) -> Examined:
            version = known.get(document.sha256)
            if version is None:
                return self._workshop.examine(document, also=also)
            return self._examine_kept(document, version, also)

        return examine

    def _examine_kept(self, document: Document, version: KeptVersion, also: Sequence[str]) -> Examined:
        kinds = () if self._workshop.is_chosen else document_kinds(document)
        suited = self._workshop.suited(kinds, [*also, *kept.find_frameworks(self._store, version.version)])
        assessed = self._assess(document, suited)
        vectors = kept.read_text(self._store, version).vectors
        texts = [passage.text for passage in assessed.passages]
        judged = judge(suited[0].matcher.manner, texts, vectors)
        return Examined(
            document=document,
            kinds=kinds,
            equipment=suited,
            passages=assessed.passages,
            vectors=vectors,
            matches={item.framework.id: item.matcher.match_judged(texts, vectors, judged) for item in suited},
            assessments=self._apply(assessed, kept.find_decisions(self._store, version.document)),
        )

    def note_question(self, version: KeptVersion, question: str, told: Answer, *, by: str) -> None:
        """Write down that a question was asked of a version, and what was answered."""
        kept.keep_enquiry(self._store, version, question, told, by=by, at=self._now())

    # Checking

    def check(self, document: Document, origin: Origin, *, job: str | None = None) -> KeptCheck:
        """Keep a document and its assessment, and return both; what was assessed before is looked up.

        A `job` keeps it once, however often it is begun. Raises NoText, UnknownDocument, MatcherError, ModelError or
        StoreError.
        """
        self.renew(document)
        equipment = self._workshop.suited(document_kinds(document), ())
        assessed = self._assess(document, equipment)
        place = kept.keep_version(self._store, document, origin, at=self._now(), job=job)
        if kept.find_model(self._store, document.sha256) is None:
            # Forgotten between the two, with another document of the same content.
            assessed = self._assess(document, equipment)
            place = kept.keep_version(self._store, document, origin, at=self._now(), job=job)
        return self._decided(assessed, place)

    def renew(self, document: Document) -> None:
        """Forget what was kept of the same file as it was read otherwise before: without its scans, say."""
        before = kept.renew_document(self._store, document)
        if before is not None:
            self._forget_vectors([before])

    def again(self, version: KeptVersion) -> KeptCheck:
        """Return the check of a kept version as decisions stand now; raise TextRemoved."""
        assessed = self._read_again(version)
        place = kept.Kept(document=version.document, version=version.version, number=version.number, is_new=False)
        return self._decided(assessed, place)

    def _read_again(self, version: KeptVersion, also: Sequence[str] = ()) -> _Assessed:
        """Return a kept version under the frameworks that it was checked under, where they are there, and others."""
        document = kept.read_text(self._store, version).document
        names = dict.fromkeys([*kept.find_frameworks(self._store, version.version), *also])
        known = {framework.id for framework in self._workshop.frameworks}
        equipment = tuple(self._workshop.equip(name) for name in names if name in known)
        return self._assess(document, equipment or self._workshop.suited(document_kinds(document), ()))

    def _assess(self, document: Document, equipment: Sequence[Equipped]) -> _Assessed:
        """Return a document's assessments, those that were made before as they were kept."""
        passages = split_passages(document)
        if not passages:
            raise NoText(name=document.name)
        known = kept.find_assessments(self._store, document.sha256, [_made_under(item) for item in equipment])
        model = self._workshop.encoder.name
        if len(known) < len(equipment) or kept.find_model(self._store, document.sha256) != model:
            found = self._workshop.examine_under(document, equipment)
            known = {assessment.framework: assessment for assessment in found.assessments}
            plain = [_unexplained(assessment) for assessment in found.assessments]
            kept.keep_content(self._store, document, passages, found.vectors, plain, model=model, at=self._now())
        return _Assessed(
            document=document,
            passages=passages,
            equipment=tuple(equipment),
            assessments=self._workshop.explained(equipment, [known[item.framework.id] for item in equipment]),
        )

    def _decided(self, assessed: _Assessed, place: Kept) -> KeptCheck:
        """Return the check with decisions applied, and keep how the version stands now."""
        assessments = self._apply(assessed, kept.find_decisions(self._store, place.document))
        kept.keep_readings(self._store, place.version, assessments, at=self._now())
        check = Check(
            document=assessed.document,
            passages=len(assessed.passages),
            assessments=assessments,
            kinds=() if self._workshop.is_chosen else document_kinds(assessed.document),
        )
        return KeptCheck(check=check, kept=place, comparison=self._since(place, check))

    def _since(self, place: Kept, check: Check) -> Comparison | None:
        """Return what changed since the version before."""
        before = [one for one in kept.find_versions(self._store, place.document) if one.number < place.number]
        if not before or kept.find_model(self._store, before[-1].sha256) is None:
            return None
        names = [assessment.framework for assessment in check.assessments]
        return compare_checks(self._check_of(before[-1], names), check)

    def _check_of(self, version: KeptVersion, also: Sequence[str] = ()) -> Check:
        assessed = self._read_again(version, also)
        decisions = kept.find_decisions(self._store, version.document)
        return Check(
            document=assessed.document,
            passages=len(assessed.passages),
            assessments=self._apply(assessed, decisions),
        )

    def _apply(self, assessed: _Assessed, decisions: Sequence[Decision]) -> tuple[Assessment, ...]:
        if not decisions:
            return assessed.assessments
        unread = any(item.matters for item in assessed.document.unread)
        applied: list[Assessment] = []
        for item, assessment in zip(assessed.equipment, assessed.assessments, strict=True):
            mine = [one for one in decisions if one.framework == item.framework.id]
            named = {one.quote for one in mine if one.kind == "evidence"}
            located = {
                quote: evidence
                for quote in sorted(named)
                if (evidence := self._locate(item, assessed.passages, quote)) is not None
            }
            covered = apply_decisions(assessment.criteria, mine, item.framework, located, unread=unread)
            if covered != assessment.criteria:
                questions = choose_questions(covered, item.bank)
                assessment = replace(assessment, criteria=covered, questions=questions)
            applied.append(assessment)
        return tuple(applied)

    def _locate(self, item: Equipped, passages: Sequence[Passage], quote: str) -> Evidence | None:
        """Return a quote that a person names as evidence, as the document has it; None where it does not."""
        for passage in passages:
            parts = _around(passage, quote)
            if parts is None:
                continue
            text = verbatim(passage.parts[parts])
            judged = item.matcher.match([text], self._workshop.encode([text]))
            first = passage.parts[parts][0]
            return Evidence(
                quote=text,
                page=first.page,
                page_is_approximate=first.page_is_approximate,
                paragraph=first.paragraph,
                section=passage.section,
                # A person is sure.
                score=1.0,
                strength="evidence",
                stance="positive",
                stage=judged.stages[0],
                passage=passage.index,
                layout=first.layout,
                ocr_confidence=mean_confidence(passage.parts[parts]),
            )
        return None

    # Deciding

    def decide(self, document: int, decision: Decision) -> KeptCheck:
        """Keep a person's decision about the newest version, and return its check as it stands now.

        Raises UnknownDocument, UnknownCriterion, TextRemoved, QuoteTooShort, QuoteNotFound, or QuoteNoEvidence where a
        quote that is no evidence was none before.
        """
        newest, coverage = self._find_criterion(document, decision.framework, decision.criterion)
        if decision.kind != "not_applicable":
            if len(fold(decision.quote).split()) < _FEWEST_WORDS:
                raise QuoteTooShort(words=_FEWEST_WORDS)
            passages = split_passages(kept.read_text(self._store, newest).document)
            if not any(_around(passage, decision.quote) for passage in passages):
                raise QuoteNotFound(title=newest.title)
        if decision.kind == "not_evidence" and not any(
            fold(decision.quote) in fold(one.quote) for one in coverage.evidence
        ):
            raise QuoteNoEvidence(id=decision.criterion)
        kept.keep_decision(self._store, document, decision)
        return self.again(newest)

    def undecide(self, document: int, criterion: str, *, framework: str, by: str) -> KeptCheck:
        """Take back what people decided about a criterion, and return the newest version's check as it stands now.

        Raises UnknownDocument, UnknownCriterion or TextRemoved.
        """
        newest, _ = self._find_criterion(document, framework, criterion)
        kept.withdraw_decisions(self._store, document, framework, criterion, by=by, at=self._now())
        return self.again(newest)

    def _find_criterion(self, document: int, framework: str, criterion: str) -> tuple[KeptVersion, Coverage]:
        """Return a document's newest version and how a criterion stands in it now."""
        newest = kept.find_versions(self._store, document)[-1]
        for assessment in self._check_of(newest).assessments:
            for item in assessment.criteria:
                if (assessment.framework, item.id) == (framework, criterion):
                    return newest, item
        raise UnknownCriterion(id=criterion, framework=framework)

    # Comparing

    def compare_versions(self, document: int) -> Comparison:
        """Return what changed between a document's last two versions.

        Raises UnknownDocument, OneVersion or TextRemoved.
        """
        old, new = kept.last_two(self._store, document)
        return compare_checks(self._check_of(old), self._check_of(new))

    def check_again(self, document: int, *, number: int = 0) -> Check:
        """Return the check of a document's newest version, or that of a number, as decisions stand now.

        Raises UnknownDocument or TextRemoved.
        """
        return self._check_of(self._version(document, number))

    # Looking across drafts

    def portfolio(self, framework: str, scope: Scope) -> Portfolio:
        """Return how the kept drafts in scope stand under a framework; raise UnknownFramework or StoreError."""
        item = self._workshop.equip(framework)
        return gather(
            item.framework,
            kept.read_standings(self._store, framework, scope),
            kept.read_decisions(self._store, framework, scope),
            kept.read_unchecked(self._store, framework, scope),
            matcher=item.matcher.version,
            since=scope.since,
        )

    def search(self, question: str, scope: Scope, *, is_numbered: bool = True) -> JointAnswer:
        """Return what the kept drafts in scope say of a topic, with quotes, those that have its words first.

        Each is called by its title, and its number and file where `is_numbered`.
        """
        phrasing = load_phrasing()
        if not any(map(str.isalnum, question)):
            raise NothingAsked
        topic = phrasing.searched(question) or question
        words = phrasing.content(topic.split()) or tuple(topic.split())
        asked = self._workshop.encode([topic])[0]
        model = self._workshop.encoder.name
        found = [
            answered
            for document in kept.search_documents(self._store, words, asked, scope, model=model, most=_MOST_FOUND)
            if (answered := self._answer(document, topic, is_numbered=is_numbered)).answer.standing != "no"
        ]
        return join_found(question, found, topic=topic)

    def _answer(self, document: int, topic: str, *, is_numbered: bool) -> DraftAnswer:
        newest = kept.find_versions(self._store, document)[-1]
        text = kept.read_text(self._store, newest)
        passages = split_passages(text.document)
        item = self._workshop.equipment[0]
        texts = [passage.text for passage in passages]
        is_of_this = text.model == self._workshop.encoder.name and len(text.vectors) == len(texts)
        vectors = text.vectors if is_of_this else self._workshop.encode(texts)
        matches = item.matcher.match(texts, vectors)
        told = answer(
            topic,
            Target(kind="topic", topic=topic),
            Draft(passages=passages, vectors=vectors, matches=matches),
            frameworks=(item.framework,),
            assessments={},
            encoder=self._workshop.encoder,
        )
        name = newest.title
        if is_numbered:
            name = say("cli", "kept.name", title=newest.title, id=document, name=newest.name)
        return DraftAnswer(document=replace(text.document, name=name), answer=told)

    # Forgetting

    def forget(self, document: int, *, by: str) -> Forgotten:
        """Remove a document and all that came of it, vectors in the cache too.

        Raises UnknownDocument, or StillInUse where its words may stand in the database's file for now.
        """
        kept.scrub_if_due(self._store)
        gone = kept.forget(self._store, document, by=by, at=self._now())
        self._forget_vectors(gone.documents)
        return replace(gone, backups=kept.scrub_if_due(self._store))

    def tidy(self, *, days: int) -> None:
        """Once a day, remove text, vectors and quotes that are older than so many days; raise StoreError."""
        if not kept.is_tidying_due(self._store):
            return
        now = self._now()
        gone = kept.remove_old_text(self._store, before=now - timedelta(days=days), at=now)
        self._forget_vectors(gone)
        kept.scrub_if_due(self._store)

    def _forget_vectors(self, documents: Sequence[Document]) -> None:
        encoder = self._workshop.encoder
        if isinstance(encoder, CachedEncoder):
            encoder.forget([text for document in documents for text in _encoded_texts(document)])


def compare_checks(old: Check, new: Check, question: str = "") -> Comparison:
    """Return what changed between two drafts, under the frameworks that both were checked under."""
    before = {assessment.framework: assessment for assessment in old.assessments}
    changes = [
        (after.framework, change)
        for after in new.assessments
        if after.framework in before
        for change in compare(before[after.framework], after)
    ]
    return compare_drafts(question, old.document, new.document, changes)


def _unexplained(assessment: Assessment) -> Assessment:
    """Return the assessment without what follows from the matcher alone."""
    return replace(assessment, criteria=tuple(replace(one, reliability=None) for one in assessment.criteria))


def _made_under(item: Equipped) -> MadeUnder:
    return MadeUnder(
        framework=item.framework.id,
        framework_version=item.framework.version,
        matcher=item.matcher.version,
        model=item.matcher.model,
    )


def _around(passage: Passage, quote: str) -> slice | None:
    """Return the fewest parts of a passage that hold a quote, white space and case aside.

    One that was copied out of a reply may have " / " where a line ends.
    """
    whole = fold(verbatim(passage.parts))
    wanted = next((one for one in (fold(quote), fold(quote.replace(" / ", " "))) if one in whole), None)
    if wanted is None:
        return None
    count = len(passage.parts)
    runs = (slice(start, start + length) for length in range(1, count + 1) for start in range(count - length + 1))
    return next(run for run in runs if wanted in fold(verbatim(passage.parts[run])))


def _encoded_texts(document: Document) -> Iterator[str]:
    """Yield every text of a document that may have been encoded: passages, sentences, runs of sentences."""
    for passage in split_passages(document):
        yield passage.text
        for start in range(len(passage.parts)):
            for end in range(start + 1, len(passage.parts) + 1):
                yield verbatim(passage.parts[start:end])

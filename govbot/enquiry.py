"""Composes the rooms: questions that are typed about one draft or several."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from govbot.asking.answering import answer, asked_about, plain_answer
from govbot.asking.explaining import explain, nothing_asked
from govbot.asking.joining import compare_drafts, join
from govbot.asking.phrasing import load_phrasing
from govbot.asking.routing import Router, Target
from govbot.asking.topics import Draft
from govbot.assessing import compare, document_kinds
from govbot.embedding import ShippedEncoder
from govbot.records import Answer, Comparison, DraftAnswer, JointAnswer
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from govbot.frameworks import Framework
    from govbot.pipeline import Examined, Workshop
    from govbot.records import Document, Evidence

#: What a person is told: of one draft, of several, or of what changed between two.
Reply = Answer | JointAnswer | Comparison
#: Drafts that are compared.
_PAIR = 2


class Examine(Protocol):
    """Returns a document's passages, vectors, matches and assessments."""

    def __call__(self, document: Document, *, also: Sequence[str] = ()) -> Examined:
        """Examine it under what suits it, and under the frameworks `also`."""


class Enquiry:
    """Drafts, examined once, and the questions that are asked of them."""

    def __init__(
        self,
        workshop: Workshop,
        documents: Sequence[Document],
        *,
        expected: Sequence[str] = (),
        examine: Examine | None = None,
    ) -> None:
        """Examine the drafts under the frameworks that suit any of them, and those that `expected` questions name.

        `examine` does it in the workshop's place, where what was found before is kept. Raises NoText, MatcherError or
        ModelError.
        """
        self._workshop = workshop
        self._examine_one = examine or workshop.examine
        self._documents = tuple(documents)
        self._phrasing = load_phrasing()
        self._encoder = ShippedEncoder(workshop.encoder)
        self._routers: dict[tuple[str, ...], Router] = {}
        kinds = [kind for document in documents for kind in document_kinds(document)]
        self._suited = {item.framework.id for item in workshop.suited(kinds, ())}
        self._examined: tuple[Examined, ...] = ()
        self._examine([name for question in expected for name in self._named(question)])

    def route(self, question: str) -> Target:
        """Return what the question is about; a framework that it is about is read as well from then on."""
        named = self._named(question)
        self._read_also(named)
        frameworks = self._meant(named)
        ids = tuple(framework.id for framework in frameworks)
        if ids not in self._routers:
            banks = [item.bank for item in self._examined[0].equipment if item.framework.id in ids]
            elsewhere = [one for one in self._workshop.frameworks if one.id not in ids]
            self._routers[ids] = Router(
                frameworks, self._encoder, banks=banks, phrasing=self._phrasing, elsewhere=elsewhere
            )
        target = self._routers[ids].route(question)
        if target.is_bare and target.wish in ("missing", "questions") and target.kind == "other":
            # What is missing, or what to ask, of nothing in particular.
            everything = frameworks[0]
            whole = tuple(principle.id for principle in everything.principles)
            return replace(target, kind="criterion", ids=whole, framework=everything.id, asked=everything.title)
        return target

    def reply(self, question: str, target: Target, *, seen: Container[str] = ()) -> Reply:
        """Return what the drafts say to the question; `seen` are quotes that were shown before."""
        if target.framework is not None:
            # One that is asked for as a whole without its name, or was talked about before.
            self._read_also([target.framework])
        if target.wish == "compare":
            return self._compare(question)
        if target.wish == "help":
            return plain_answer(question, kind="other", verdict=say("replies/ask", "help"))
        if target.wish in ("more", "why") and target.kind == "other":
            return nothing_asked(question)
        answers = [
            DraftAnswer(document=one.document, answer=self._answer(question, target, one, seen))
            for one in self._examined
        ]
        if len(answers) == 1:
            return answers[0].answer
        return join(question, answers, about=asked_about(question, target, self.frameworks), wish=target.wish)

    def ask(self, question: str) -> Reply:
        """Return what the drafts say to a question that stands by itself."""
        return self.reply(question, self.route(question))

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks that the drafts are read under."""
        return self._examined[0].frameworks

    def _answer(self, question: str, target: Target, one: Examined, seen: Container[str]) -> Answer:
        draft = self._drafts[one.document.sha256]
        assessments = {assessment.framework: assessment for assessment in one.assessments}
        encoder = self._workshop.encoder
        if target.wish == "why":
            return explain(
                question, target, draft, frameworks=self.frameworks, assessments=assessments, encoder=encoder
            )
        return answer(
            question,
            target,
            draft,
            frameworks=self.frameworks,
            assessments=assessments,
            encoder=encoder,
            seen=seen,
        )

    def _compare(self, question: str) -> Reply:
        if len(self._examined) != _PAIR:
            return plain_answer(question, kind="other", verdict=say("replies/ask", "compare.two_drafts"))
        old, new = self._examined
        pairs = zip(old.assessments, new.assessments, strict=True)
        changes = [(before.framework, change) for before, after in pairs for change in compare(before, after)]
        return compare_drafts(question, old.document, new.document, changes)

    @property
    def _read(self) -> tuple[str, ...]:
        return tuple(framework.id for framework in self.frameworks)

    def _read_also(self, names: Sequence[str]) -> None:
        """Read the drafts under these frameworks too."""
        if not set(names) <= set(self._read):
            self._examine([*self._read, *names])

    def _examine(self, also: Sequence[str]) -> None:
        names = [*self._suited, *also]
        self._examined = tuple(self._examine_one(document, also=names) for document in self._documents)
        self._drafts = {
            one.document.sha256: Draft(
                passages=one.passages, vectors=one.vectors, matches=next(iter(one.matches.values()))
            )
            for one in self._examined
        }

    def _named(self, question: str) -> list[str]:
        """Return the ids of the frameworks that a question names, or an id with a figure of which it does."""
        words = {word.strip("?!.,;:()").casefold() for word in question.split()}
        known = {
            framework.id
            for framework in self._workshop.frameworks
            if not words.isdisjoint(name.casefold() for name in _ids(framework) if any(map(str.isdigit, name)))
        }
        called = self._phrasing.named_frameworks(question)
        return [one.id for one in self._workshop.frameworks if one.id in known or one.id in called]

    def _meant(self, named: Sequence[str]) -> tuple[Framework, ...]:
        """Return the frameworks that a question may be about: what another one named is not in its way."""
        return tuple(one for one in self.frameworks if one.id in self._suited or one.id in named)


class Shown:
    """Quotes that were shown, known by their hashes, so that no word of a draft is kept with them."""

    def __init__(self, hashes: Iterable[str] = ()) -> None:
        self.hashes = set(hashes)

    def __contains__(self, quote: object) -> bool:
        return _hash(str(quote)) in self.hashes


class Conversation:
    """Questions that follow one another: what was asked last is meant where a question names nothing."""

    def __init__(self, enquiry: Enquiry, *, last: Target | None = None, shown: Iterable[str] = ()) -> None:
        """Go on from what was asked last, and from the hashes of the quotes that were shown of it."""
        self._enquiry = enquiry
        self._last = last
        self._seen = Shown(shown)

    @property
    def last(self) -> Target | None:
        """What was asked last; None where nothing was."""
        return self._last

    @property
    def shown(self) -> tuple[str, ...]:
        """Hashes of the quotes that were shown of it."""
        return tuple(sorted(self._seen.hashes))

    def ask(self, question: str) -> Reply:
        """Return what the drafts say to the question, in the light of the last one."""
        target = self._enquiry.route(question)
        # What is missing, or what to ask, of a topic outside every framework nobody can say.
        follows_topic = target.wish in ("more", "why")
        if target.is_bare and self._last is not None and (self._last.kind == "criterion" or follows_topic):
            target = replace(self._last, wish=target.wish)
        reply = self._enquiry.reply(question, target, seen=self._seen if target.wish == "more" else ())
        if target.kind == "criterion" or _is_topic(reply):
            if self._last is None or (target.ids, target.topic) != (self._last.ids, self._last.topic):
                self._seen.hashes.clear()
            self._last = replace(target, wish="coverage", said=target.said or question)
            self._seen.hashes |= {_hash(quote.quote) for quote in _quotes(reply)}
        return reply


def _hash(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()[:16]


def _is_topic(reply: Reply) -> bool:
    """Return whether the reply is about a topic outside every framework, for any of the drafts."""
    answers = [item.answer for item in reply.drafts] if isinstance(reply, JointAnswer) else [reply]
    return any(isinstance(one, Answer) and one.kind == "topic" for one in answers)


def _quotes(reply: Reply) -> tuple[Evidence, ...]:
    """Return the quotes that a reply shows: of several drafts the best one each, unless more was asked for."""
    if isinstance(reply, JointAnswer):
        most = None if reply.wish == "more" else 1
        return tuple(quote for item in reply.drafts for quote in item.answer.evidence[:most])
    return reply.evidence if isinstance(reply, Answer) else ()


def _ids(framework: Framework) -> tuple[str, ...]:
    return (*framework.criterion_ids, *(principle.id for principle in framework.principles))

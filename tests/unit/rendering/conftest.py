"""A made-up framework of three criteria, and checks of made-up drafts under it."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from govbot.frameworks import Framework
from govbot.records import (
    Answer,
    Assessment,
    Check,
    Coverage,
    Document,
    Evidence,
    Nearest,
    Question,
    Unread,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType


def _criterion(identity: str, title: str) -> dict[str, Any]:
    return {
        "id": identity,
        "title": title,
        "description": "x",
        "counts": ["x"],
        "does_not_count": ["x"],
        "phrases": ["x"] * 8,
        "aliases": ["x"],
        "stages": dict.fromkeys(("plan", "do", "check", "act"), "x"),
    }


FRAMEWORK = Framework.model_validate(
    {
        "schema": "govbot.framework/1",
        "id": "bridges",
        "title": "The Bridge Code",
        "version": "1.2.0",
        "publisher": "x",
        "published": "2020",
        "source": "x",
        "licence": "x",
        "description": "x",
        "group_word": "principle",
        "cycle": ["K"],
        "principles": [
            {
                "id": "K",
                "title": "Keeping bridges safe",
                "short": "Safety",
                "description": "x",
                "criteria": [_criterion("K1", "Inspecting"), _criterion("K2", "Mending")],
            },
            {
                "id": "T",
                "title": "Taking fair tolls",
                "short": "Fair tolls",
                "description": "x",
                "criteria": [_criterion("T", "Taking fair tolls")],
            },
        ],
    }
)

EVIDENCE = Evidence(
    quote="Each bridge was inspected in May.",
    page=4,
    page_is_approximate=False,
    paragraph=None,
    section=("Bridges", "2 Safety"),
    score=0.91,
    strength="evidence",
    stance="positive",
    stage="do",
)
ABSENT = dataclasses.replace(EVIDENCE, quote="No money is set aside for mending.", stance="absent", page=6)
NEAREST = Nearest(
    quote="Ferry fares rise in April.",
    page=None,
    page_is_approximate=False,
    paragraph=31,
    section=(),
    score=0.2,
    threshold=0.5,
)
QUESTION = Question(criterion="K2", stage="plan", text="Who pays for mending?", why="The draft says it is missing.")

SHOWN = Coverage(id="K1", principle="K", status="evidenced", stages=("do",), evidence=(EVIDENCE,))
DENIED = Coverage(id="K2", principle="K", status="absent", stages=(), evidence=(ABSENT,))
NOT_FOUND = Coverage(id="T", principle="T", status="gap", stages=(), evidence=(), nearest=NEAREST)

CHECK = Check(
    document=Document(
        name="bridges.pdf",
        title="Bridges for all",
        media_type="application/pdf",
        sha256="ab12",
        pages=9,
        blocks=(),
        unread=(Unread(reason="picture_page", page=8),),
    ),
    passages=1,
    assessments=(
        Assessment(
            framework="bridges",
            framework_version="1.2.0",
            matcher="m1",
            model="tiny",
            criteria=(SHOWN, DENIED, NOT_FOUND),
            questions=(QUESTION,),
        ),
    ),
)
ANSWER = Answer(
    question="are bridges inspected?",
    kind="criterion",
    targets=("K1",),
    topic=None,
    verdict="Yes: inspecting is covered, best on page 4.",
    evidence=(EVIDENCE,),
    missing_stages=("check", "act"),
    questions=(QUESTION,),
)


@pytest.fixture(scope="session")
def framework() -> Framework:
    return FRAMEWORK


@pytest.fixture(scope="session")
def answer() -> Answer:
    return ANSWER


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return EVIDENCE


@pytest.fixture(scope="session")
def make_check() -> Callable[..., Check]:
    """Return a check of the coverage given (K1 evidenced, K2 absent, T a gap), its document changed as asked."""

    def make(
        *covered: Coverage,
        passages: int = 1,
        questions: tuple[Question, ...] = (QUESTION,),
        **changes: Any,  # noqa: ANN401 (fields of Document)
    ) -> Check:
        first = CHECK.assessments[0]
        assessment = dataclasses.replace(first, criteria=covered or first.criteria, questions=questions)
        document = dataclasses.replace(CHECK.document, **changes)
        return Check(document=document, passages=passages, assessments=(assessment,))

    return make


@pytest.fixture(scope="session")
def make_hostile() -> Callable[[str], Check]:
    """Return a check in which one text stands wherever a document's text can stand."""

    def make(text: str) -> Check:
        found = dataclasses.replace(EVIDENCE, quote=text, section=(text,))
        near = dataclasses.replace(NEAREST, quote=text, section=(text,))
        assessment = dataclasses.replace(
            CHECK.assessments[0],
            criteria=(
                dataclasses.replace(SHOWN, evidence=(found, found)),
                DENIED,
                dataclasses.replace(NOT_FOUND, nearest=near),
            ),
            questions=(dataclasses.replace(QUESTION, text=text, why=text),),
        )
        unread = (Unread(reason="broken_page", part=text),)
        document = dataclasses.replace(CHECK.document, title=f"{text}.", name=text, unread=unread)
        return Check(document=document, passages=1, assessments=(assessment,))

    return make


@pytest.fixture(scope="session")
def make_coverage() -> Callable[..., Coverage]:
    def make(**changes: Any) -> Coverage:  # noqa: ANN401 (fields of Coverage)
        return dataclasses.replace(SHOWN, **changes)

    return make


@pytest.fixture(scope="session")
def printed() -> Callable[..., str]:
    """Return what is printed on a terminal, or by default into a pipe."""

    def print_out(shown: RenderableType, *, width: int = 80, terminal: bool = False) -> str:
        out = io.StringIO()
        colours = "standard" if terminal else None
        Console(file=out, width=width, force_terminal=terminal, color_system=colours).print(shown)
        return out.getvalue()

    return print_out

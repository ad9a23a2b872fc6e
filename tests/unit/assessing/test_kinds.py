from __future__ import annotations

import pytest

from govbot.assessing import document_kinds
from govbot.records import Block, Document


def document(title: str, *texts: str, name: str = "draft.docx") -> Document:
    blocks = tuple(Block(kind="paragraph", text=text) for text in texts)
    return Document(name=name, title=title, media_type="x", sha256="x", pages=None, blocks=blocks)


ASKED = (
    "Do you agree with the routes?",
    "To what extent do you agree that fares are fair?",
    "How to respond: by post.",
)


@pytest.mark.parametrize(
    ("title", "texts", "name", "kinds"),
    [
        ("Library Strategy: consultation draft", (), "draft.docx", ("consultation",)),
        ("Library Strategy", (), "library_Consultation-v3.docx", ("consultation",)),
        ("Library Strategy", ASKED, "draft.docx", ("consultation",)),
        ("Library Strategy", ASKED[:1] * 5, "draft.docx", ()),
        ("Library Strategy", ("The consultation ran for twelve weeks.",), "draft.docx", ()),
        ("Social Value Policy", (), "draft.docx", ("procurement",)),
        ("Consultation on the procurement strategy", (), "draft.docx", ("consultation", "procurement")),
        ("Reconsultation", (), "outsourcing.docx", ()),
    ],
)
def test_kinds(title: str, texts: tuple[str, ...], name: str, kinds: tuple[str, ...]) -> None:
    assert document_kinds(document(title, *texts, name=name)) == kinds

"""`govbot check --format json`: the contract key for key, and every quote where it says it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from govbot.frameworks import load_framework
from tests.scenario.command import DRAFT, folded, govbot
from tests.scenario.conftest import Write
from tests.scenario.contract import CHECK, STAGES, assert_contract
from tests.scenario.drafts import BROKEN_SENTENCE, docx_draft, pdf_draft, words_of

STATUS_OF = {"evidence": "evidenced", "commitment": "committed", "mention": "mentioned", None: "gap"}
REAL_PDF = Path(__file__).parents[3] / "shared" / "real" / "moj_annex1.pdf"


def _criteria(check: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for one in check["assessments"] for item in one["criteria"]]


def _quotes(check: dict[str, Any]) -> list[dict[str, Any]]:
    nearest = [item["nearest"] for item in _criteria(check) if item["nearest"]]
    return [quote for item in _criteria(check) for quote in item["evidence"]] + nearest


def test_every_key_is_there_and_none_else(checked: dict[str, Any], write: Write) -> None:
    assert_contract(checked, CHECK)
    assert_contract(govbot("check", write("h.pdf", pdf_draft(scanned=True)), "--format", "json").data, CHECK)


def test_document_is_the_file(checked: dict[str, Any]) -> None:
    document = checked["document"]
    assert document["name"] == DRAFT.name
    assert document["sha256"] == hashlib.sha256(DRAFT.read_bytes()).hexdigest()
    assert document["media_type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert checked["unread"] == []


def test_every_criterion_is_there_in_the_frameworks_order(checked: dict[str, Any]) -> None:
    assert [item["framework"] for item in checked["assessments"]] == [
        *("cipfa-ifac", "social-value-principles"),
        "clear",  # it is a consultation draft
    ]
    for assessment in checked["assessments"]:
        framework = load_framework(assessment["framework"])
        assert assessment["framework_version"] == framework.version
        assert [(item["id"], item["principle"]) for item in assessment["criteria"]] == [
            (name, framework.principle_of(name).id) for name in framework.criterion_ids
        ]


def test_status_follows_from_the_evidence(checked: dict[str, Any]) -> None:
    order = ["evidence", "commitment", "mention"]
    for item in _criteria(checked):
        positive = [quote["strength"] for quote in item["evidence"] if quote["stance"] == "positive"]
        denied = len(positive) < len(item["evidence"])
        strongest = min(positive, key=order.index, default=None)
        if denied and strongest in (None, "mention"):
            assert item["status"] == "absent"
        else:
            assert item["status"] == STATUS_OF[strongest]
        assert item["nearest"] is None or item["nearest"]["score"] < item["nearest"]["threshold"]
        assert not (item["evidence"] and item["nearest"])
        assert bool(item["stages"]) == bool({"evidence", "commitment"} & set(positive))


def test_every_quote_is_verbatim(checked: dict[str, Any]) -> None:
    words = words_of(DRAFT)
    quotes = _quotes(checked)
    assert len(quotes) > 40
    assert [quote["quote"] for quote in quotes if folded(quote["quote"]) not in words] == []


def test_paragraph_and_section_lead_to_the_quote(checked: dict[str, Any]) -> None:
    words = words_of(DRAFT)
    evidence = [quote for item in _criteria(checked) for quote in item["evidence"]]
    places = sorted((words.index(folded(quote["quote"])), quote["paragraph"]) for quote in evidence)
    assert [number for _, number in places] == sorted(number for _, number in places)
    for quote in filter(lambda quote: quote["section"], evidence):
        *_, above = (
            words.rindex(folded(heading), 0, words.index(folded(quote["quote"]))) for heading in quote["section"]
        )
        assert above < words.index(folded(quote["quote"]))


def test_questions_are_about_missing_stages(checked: dict[str, Any]) -> None:
    for assessment in checked["assessments"]:
        missing = {(item["id"], stage) for item in assessment["criteria"] for stage in STAGES} - {
            (item["id"], stage) for item in assessment["criteria"] for stage in item["stages"]
        }
        assert sorted((item["criterion"], item["stage"]) for item in assessment["questions"]) == sorted(missing)


@pytest.mark.parametrize("name", ["made", "real"])
def test_quote_of_a_pdf_stands_on_its_page(write: Write, name: str) -> None:
    if name == "real" and not REAL_PDF.exists():
        pytest.skip("no folder ../shared with real documents here")
    path = REAL_PDF if name == "real" else write("harbour.pdf", pdf_draft())
    check = govbot("check", path, "--format", "json").data
    pages = _pages(path)
    assert check["document"]["pages"] == len(pages)
    evidence = [quote for item in _criteria(check) for quote in item["evidence"]]
    assert evidence
    for quote in evidence:
        assert not quote["page_is_approximate"] and quote["paragraph"] is None
        here, after = (pages[number] if number < len(pages) else "" for number in (quote["page"] - 1, quote["page"]))
        first, *rest = (_letters(line) for line in quote["quote"].split("\n"))
        assert first[:40] in here
        assert [line for line in (first, *rest) if line not in here + after and line not in after] == []


def test_sentence_over_a_page_turn_stands_on_the_page_where_it_starts(write: Write) -> None:
    check = govbot("check", write("harbour.pdf", pdf_draft()), "--format", "json").data
    quotes = [quote for quote in _quotes(check) if BROKEN_SENTENCE in folded(quote["quote"])]
    assert quotes and {quote["page"] for quote in quotes} == {1}


def test_same_draft_gives_the_same_bytes(write: Write) -> None:
    first, second = (govbot("check", DRAFT, write("h.pdf", pdf_draft()), "--format", "json").out for _ in range(2))
    assert first == second


def test_same_draft_gives_the_same_bytes_whatever_was_checked_before(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paragraphs = [line for line in words_of(DRAFT).split(". ") if line][:16]
    draft, half = write("draft.docx", docx_draft(*paragraphs)), write("half.docx", docx_draft(*paragraphs[::2]))
    monkeypatch.setenv("GOVBOT_CACHE", str(tmp_path / "warm"))
    govbot("check", half)
    warm = govbot("check", draft, "--format", "json").out
    monkeypatch.setenv("GOVBOT_CACHE", "off")
    assert govbot("check", draft, "--format", "json").out == warm


def test_white_space_of_the_output_is_one_line_an_object(checked: dict[str, Any]) -> None:
    out = govbot("check", DRAFT, "--format", "json").out
    assert out == json.dumps(checked, ensure_ascii=False) + "\n"


def _pages(path: Path) -> list[str]:
    """Return each page's letters and figures, read without govbot."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [_letters(page.get_textpage().get_text_bounded()) for page in pdf]


def _letters(text: str) -> str:
    """Return the letters and figures alone: breaks, hyphens and ligatures are mended differently by every reader."""
    for ligature, letters in {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.items():
        text = text.replace(ligature, letters)
    return "".join(letter for letter in text if letter.isalnum())

from __future__ import annotations

from typing import Any

import pytest

from govbot.reading.hocr import parse_hocr
from govbot.reading.ocr import Recognised, _gather
from govbot.reading.pdf_page import Page
from govbot.reading.pdf_scans import even_sizes, mean_confidence, scanned_page


def hocr(*lines: str) -> bytes:
    return f"<html><body>{''.join(lines)}</body></html>".encode()


def line(*words: tuple[str, int], box: str = "100 100 400 130", baseline: str = "0 -6", kind: str = "ocr_line") -> str:
    inside = "".join(
        f"<span class='ocrx_word' title='bbox 1 1 9 9; x_wconf {sure}'>{word}</span>" for word, sure in words
    )
    return f"<span class='{kind}' title=\"bbox {box}; baseline {baseline}; x_size 28\">{inside}</span>"


@pytest.mark.parametrize("kind", ["ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"])
def test_a_line_has_its_words_place_size_and_confidences(kind: str) -> None:
    (found,) = parse_hocr(hocr(line(("Terms", 96), ("&amp;", 40), ("<em>aims</em>", 120), kind=kind)))
    assert (found.text, found.left, found.right, found.baseline, found.size) == ("Terms & aims", 100, 400, 124, 28)
    assert found.confidences == (0.96, 0.4, 1.0)


@pytest.mark.parametrize(
    "output",
    [b"", b"\x00\xff\xfe", b"<html>", b"rubbish " * 99, hocr("<span class='ocr_line'>x</span>"), hocr(line(("—", 90)))],
)
def test_what_holds_no_line_gives_none(output: bytes) -> None:
    assert parse_hocr(output) == ()


def test_edges_of_boxes_are_no_words() -> None:
    (found,) = parse_hocr(hocr(line(("|", 30), ("Step", 96), ("=", 96), ("Five", 96), ("_|", 20), ("=", 10))))
    assert (found.text, found.confidences) == ("Step = Five", (0.96, 0.96, 0.96))


def test_a_page_that_lies_askew_is_levelled() -> None:
    left = line(("Left of", 96), box="100 100 400 112", baseline="0.04 -12")
    right = line(("the page", 96), box="600 120 900 132", baseline="0.04 -12")
    below = line(("and below", 96), box="80 600 380 612", baseline="0.04 -12")
    one, other, third = parse_hocr(hocr(left, right, below))
    assert one.baseline == pytest.approx(other.baseline)
    assert one.left == pytest.approx(third.left)


def test_lines_that_run_up_the_page_are_told() -> None:
    found = parse_hocr(hocr(line(("Sideways", 96), box="10 10 30 300", baseline="900 -3000"), line(("Level", 96))))
    assert [one.is_sideways for one in found] == [True, False]


def page(*lines: tuple[str, float], number: int = 1) -> Page:
    plain: dict[str, Any] = {"width": 595, "height": 842}
    plain["lines"] = [
        {
            "text": text,
            "x0": 70,
            "x1": 400,
            "y": 700 - 20 * place,
            "size": size,
            "confidences": [0.9] * len(text.split()),
        }
        for place, (text, size) in enumerate(lines)
    ]
    return scanned_page(number, plain)


def sizes(found: Page) -> list[float]:
    return [one.size for one in found.lines]


def test_print_of_about_one_size_has_one_size() -> None:
    found = page(
        ("A heading", 15.1), ("The Board publishes all.", 10), ("It listens to people.", 11.1), ("A note", 7.9)
    )
    even_sizes([found], None)
    body = sizes(found)[1]
    assert sizes(found) == [pytest.approx(body * 1.25**2, abs=0.1), body, body, pytest.approx(body / 1.25, abs=0.1)]


def test_print_of_scans_is_as_large_as_the_text_beside_them() -> None:
    scans = [
        page(("The Board publishes all.", 9.6)),
        page(("It listens to people.", 10.2)),
        page(("Large print here", 20)),
    ]
    even_sizes(scans, 12.0)
    assert [sizes(found) for found in scans] == [[12.0], [12.0], [pytest.approx(20, abs=0.1)]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["e Publish", "e Listen"], ["• Publish", "• Listen"]),
        (["+ publish", "• listen"], ["• publish", "• listen"]),
        (["e Publish", "Listen"], ["e Publish", "Listen"]),
        (["+ 5", "+ 6"], ["+ 5", "+ 6"]),
    ],
)
def test_bullets_that_were_taken_for_letters_are_mended(lines: list[str], expected: list[str]) -> None:
    assert [one.text for one in page(*((text, 10.0) for text in lines)).lines] == expected


def test_confidence_is_that_of_the_words() -> None:
    found = page(("one two three", 10), ("four", 10)).lines
    found[1].confidences = (0.1,)
    assert mean_confidence(found) == 0.7
    assert mean_confidence([]) is None


def test_what_the_subprocess_says_is_taken_with_care() -> None:
    found = Recognised()
    told = b'{"page": 2}\nrubbish\n[]\n7\n{"page": 3}\n{"page": 9, "lines": []}\n{"page": 3, "reason": "x"}\n'
    told += b'{"page": 2, "reason": "scan_empty"}\n{"page": 4, "lines": [1]}\n{"page": 4'
    _gather(told, found, {2, 3, 4})
    assert found.reasons == {2: "scan_empty", 3: "scan_failed"}
    assert list(found.pages) == [4]


def test_where_two_pages_may_be_to_blame_none_is_given_up() -> None:
    found = Recognised()
    _gather(b'{"page": 2}\n{"page": 3}\n', found, {2, 3, 4})
    assert found == Recognised()

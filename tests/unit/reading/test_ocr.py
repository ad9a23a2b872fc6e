from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from govbot.errors import NoText, ScanUnread
from govbot.reading import Ocr, find_recogniser, read_document
from govbot.reading.scanner import draw
from govbot.records import Document, Unread
from tests.make_pdf import PdfPage
from tests.make_scan import Scan, make_scans, scan, white

needs_tesseract = pytest.mark.skipif(
    "eng" not in find_recogniser(Ocr()).languages, reason="tesseract is not installed with English"
)
#: The first page of a document must have so many lines to be no cover.
PRINT = (
    "The Board publishes every decision that it takes, with the reasons, within",
    "five working days. Residents may ask questions at every meeting, and each is",
    "answered in writing. The risk register is reviewed every quarter by the audit",
    "committee, which reports to the full council in public. Spending above ten",
    "thousand pounds is shown on the website, supplier by supplier, each month.",
    "An annual report says what was done, what it cost and what came of it all.",
    "Minutes are kept for twenty years and may be read in every public library.",
)
PAGE = PdfPage().lines(70, 700, *PRINT)
ITEMS = PdfPage().text(70, 740, "Openness", size=20, bold=True).text(70, 700, "The Board will:")
ITEMS.lines(90, 680, "- publish its accounts every year", "- listen to residents before it decides")
Read = Callable[..., Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a PDF of these pages, scans too."""

    def read_pages(*pages: Scan | PdfPage, ocr: Ocr | None = Ocr(seconds=120)) -> Document:  # noqa: B008 - frozen
        path = tmp_path / "draft.pdf"
        path.write_bytes(make_scans(*pages))
        return read_document(path, ocr=ocr)

    return read_pages


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in tesseract's place; it knows English, and `$w` is its picture's width, `$h` the height."""

    def put(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "tesseract"
        listing = 'if [ "$1" = --list-langs ]; then echo eng; exit; fi\nread -r p w h rest\n'
        program.write_text(f"#!/bin/sh\n{listing}{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return put


#: Prints one line of one word.
SAYS = (
    "echo \"<html><body><span class='ocr_line' title='bbox 100 100 900 130; baseline 0 -5; x_size 30'>"
    "<span class='ocrx_word' title='bbox 100 100 900 130; x_wconf 91'>Openness</span></span></body></html>\""
)
TALL, WIDE = white(400, 600), white(600, 400)


@needs_tesseract
def test_a_scan_is_read_and_says_how_sure_its_words_are(read: Read) -> None:
    document = read(scan(PAGE))
    assert [(block.kind, block.text, block.page) for block in document.blocks] == [("paragraph", " ".join(PRINT), 1)]
    assert document.unread == ()
    sure = document.blocks[0].ocr_confidence
    assert sure is not None
    assert 0.85 < sure <= 1


@needs_tesseract
def test_scans_have_headings_and_lists_like_any_page(read: Read) -> None:
    first = PdfPage().text(70, 760, "Our strategy", size=30).lines(70, 700, *PRINT)
    document = read(scan(first), scan(ITEMS), scan(PAGE))
    assert document.title == "Our strategy"
    on_second = [block for block in document.blocks if block.page == 2]
    assert [(block.kind, block.text) for block in on_second] == [
        ("heading", "Openness"),
        ("paragraph", "The Board will:"),
        ("list_item", "publish its accounts every year"),
        ("list_item", "listen to residents before it decides"),
    ]
    assert [block.section for block in on_second[1:]] == [("Openness",)] * 3
    assert on_second[3].lead_in == "The Board will:"


@needs_tesseract
def test_a_scan_between_pages_of_text_stands_in_its_place_and_goes_on_with_the_sentence(read: Read) -> None:
    before = PdfPage().lines(70, 700, *PRINT[:5], "A report of the year says what was done, what it cost and what its")
    after = PdfPage().lines(70, 760, "consequences were for residents.", "", "It is sent to every household.")
    document = read(before, scan(after), PAGE)
    assert [(block.page, block.ocr_confidence is None) for block in document.blocks] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    assert document.blocks[0].text.endswith("what its consequences were for residents.")
    assert [turn.page for turn in document.blocks[0].turns] == [2]
    assert document.blocks[1].text == "It is sent to every household."


@needs_tesseract
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_scan_that_lies_the_wrong_way_is_turned(read: Read, quarters: int) -> None:
    if "osd" not in _installed():
        pytest.skip("tesseract is not installed with what tells which way up a page is")
    (block,) = read(scan(PAGE, quarters=quarters)).blocks
    assert block.text == " ".join(PRINT)


def _installed() -> frozenset[str]:
    return frozenset(find_recogniser(Ocr(languages=("eng", "osd"))).languages)


@needs_tesseract
def test_a_header_on_every_scan_is_no_text(read: Read) -> None:
    pages = [
        PdfPage().text(70, 800 - 6 * place, f"Draft strategy, page {place}").lines(70, 700, *PRINT)
        for place in (1, 2, 3)
    ]
    assert "Draft strategy" not in read(*map(scan, pages)).text


@needs_tesseract
def test_a_picture_without_words_loses_nothing(read: Read) -> None:
    document = read(PAGE, white(800, 1_000), PAGE)
    assert document.unread == (Unread(reason="scan_empty", page=2, matters=False),)


@needs_tesseract
def test_words_that_cannot_be_made_out_are_unread(read: Read) -> None:
    tiny = PdfPage()
    for row in range(40):
        tiny.text(70, 750 - 3 * row, " ".join(PRINT[:2]), size=2.6)
    document = read(PAGE, scan(tiny), PAGE)
    assert document.unread == (Unread(reason="scan_unclear", page=2),)


@needs_tesseract
def test_a_picture_of_thirty_thousand_dots_square_harms_no_other_page(read: Read) -> None:
    document = read(PAGE, white(30_000, 30_000), scan(PAGE), PAGE)
    assert [unread.page for unread in document.unread] == [2]
    assert {block.page for block in document.blocks} == {1, 3, 4}


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (14_400, 3), (3, 14_400), (100, 100)])
def test_a_page_is_never_drawn_larger_than_paper_is(width: int, height: int) -> None:
    pdf = PdfDocument.new()
    pdf.new_page(width, height)
    picture = draw(pdf, 1)
    assert picture.width * picture.height <= 2_400 * 3_400 * 1.01
    assert len(picture.dots) == picture.width * picture.height
    assert picture.width == pytest.approx(width * picture.scale, abs=1)
    assert picture.scale <= 200 / 72


def test_a_scan_of_nothing_but_figures_has_no_text(read: Read, stand_in: Callable[[str], None]) -> None:
    stand_in(SAYS.replace("Openness", "2026"))
    with pytest.raises(NoText):
        read(TALL)


def test_where_tesseract_s_languages_lie_reaches_it(
    read: Read, stand_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "elsewhere")
    stand_in(SAYS.replace("Openness", "Openness in $TESSDATA_PREFIX"))
    assert read(PAGE, TALL, PAGE).blocks[1].text == "Openness in elsewhere"


# Where scans are not read


def test_nothing_is_read_where_nobody_asks_for_it(read: Read) -> None:
    assert read(PAGE, TALL, PAGE, ocr=None).unread == (Unread(reason="picture_page", page=2),)
    with pytest.raises(NoText):
        read(TALL, TALL, TALL, ocr=None)


def test_scans_stay_unread_where_that_is_switched_off(read: Read, stand_in: Callable[[str], None]) -> None:
    stand_in(SAYS)
    assert read(PAGE, TALL, PAGE, ocr=Ocr(is_on=False)).unread == (Unread(reason="scan_off", page=2),)
    with pytest.raises(ScanUnread, match=r"draft\.pdf is made of pictures.*switched off here"):
        read(TALL, TALL, TALL, ocr=Ocr(is_on=False))


def test_scans_stay_unread_without_the_program(read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read(PAGE, TALL, PAGE).unread == (Unread(reason="scan_no_program", page=2),)


def test_scans_stay_unread_without_the_language(read: Read, stand_in: Callable[[str], None]) -> None:
    stand_in(SAYS)
    assert read(PAGE, TALL, PAGE, ocr=Ocr(languages=("cym",))).unread == (Unread(reason="scan_no_language", page=2),)
    assert find_recogniser(Ocr(languages=("cym", "eng"))).languages == ("eng",)


# Where tesseract does what it should not


def _others_are_read(document: Document, unread: tuple[Unread, ...]) -> None:
    assert document.unread == unread
    assert [(block.page, block.text) for block in document.blocks if block.ocr_confidence] == [(2, "Openness")]


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("exit 1", "scan_failed"),
        ("kill -9 $$", "scan_failed"),
        ("head -c 40000 /dev/urandom", "scan_empty"),
        ("yes '<span class=ocr_line>'", "scan_failed"),
        # It takes the subprocess with it.
        ("kill -9 $PPID", "scan_failed"),
    ],
)
def test_a_page_on_which_tesseract_fails_costs_no_other(
    read: Read, stand_in: Callable[[str], None], does: str, reason: str
) -> None:
    stand_in(f'if [ "$w" -gt "$h" ]; then {does}; else {SAYS}; fi')
    document = read(PAGE, TALL, WIDE, PAGE)
    _others_are_read(document, (Unread(reason=reason, page=3, matters=reason != "scan_empty"),))


def test_pages_that_there_is_no_time_for_say_so_and_nothing_that_hung_is_left(
    read: Read, stand_in: Callable[[str], None]
) -> None:
    stand_in(f'if [ "$w" -gt "$h" ]; then sleep 86399; else {SAYS}; fi')
    document = read(PAGE, TALL, WIDE, WIDE, WIDE, WIDE, PAGE, ocr=Ocr(seconds=4))
    _others_are_read(document, tuple(Unread(reason="scan_late", page=page) for page in (3, 4, 5, 6)))
    hung = [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"86399" in _content(path)]
    assert hung == []


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_tesseract_can_write_no_file_and_knows_no_secret(
    read: Read, stand_in: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVBOT_SLACK_BOT_TOKEN", "xoxb-1")
    written = tmp_path / "written"
    stand_in(f'cat >/dev/null; (env; echo x) 2>/dev/null > {written}; [ -z "$GOVBOT_SLACK_BOT_TOKEN" ] && {SAYS}')
    _others_are_read(read(PAGE, TALL, PAGE), ())
    assert not written.exists() or written.read_bytes() == b""


def test_the_first_language_is_enough_where_its_words_are_sure(read: Read, stand_in: Callable[[str], None]) -> None:
    stand_in(f'cat >/dev/null; case "$*" in *eng+eng2*) {SAYS.replace("Openness", "Second")};; *) {SAYS};; esac')
    program = shutil.which("tesseract")
    assert program is not None
    script = Path(program).read_text().replace("echo eng;", "echo eng eng2;")
    Path(program).write_text(script)
    found = read(PAGE, TALL, PAGE, ocr=Ocr(languages=("eng", "eng2")))
    _others_are_read(found, ())
    Path(program).write_text(script.replace("x_wconf 91'>Openness", "x_wconf 40'>Openness"))
    found = read(PAGE, TALL, PAGE, ocr=Ocr(languages=("eng", "eng2")))
    assert [(block.text, block.ocr_confidence) for block in found.blocks if block.page == 2] == [("Second", 0.91)]

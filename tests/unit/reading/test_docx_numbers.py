from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from govbot.reading.docx import read_docx
from govbot.reading.docx_numbers import written
from tests.unit.reading.make_docx import body_docx, with_numbering, with_part, with_styles

REAL = Path(__file__).parents[4] / "shared" / "real"


def _level(depth: int, pattern: str, kind: str = "decimal", more: str = "", start: int = 1) -> str:
    """A level of a list; `more` stands before its pattern."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def _list(number: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def _num(number: int, definition: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{overrides}</w:num>'


def _restart(depth: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def _numbered(number: int | None, depth: int | None = None) -> str:
    level = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
    named = "" if number is None else f'<w:numId w:val="{number}"/>'
    return f"<w:numPr>{level}{named}</w:numPr>"


def _style(name: str, settings: str = "", base: str = "", word: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{word or name}"/>{based}'
        f"<w:pPr>{settings}</w:pPr></w:style>"
    )


def _para(text: str, style: str = "", settings: str = "", mark: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{named}{settings}<w:rPr>{mark}</w:rPr></w:pPr>{run}</w:p>"


def _heading(depth: int, settings: str = "", text: str = "x") -> str:
    """A paragraph that is a heading by its own setting."""
    return _para(text, settings=f'{settings}<w:outlineLvl w:val="{depth}"/>')


def _texts(body: str, lists: str, styles: str = "") -> list[str]:
    made = with_numbering(body_docx(body + "<w:p><w:r><w:t>The end.</w:t></w:r></w:p>"), lists)
    return [block.text for block in read_docx(with_styles(made, styles) if styles else made).blocks][:-1]


#: "1", "1.1", "1.1.1".
LEGAL = (_level(0, "%1"), _level(1, "%1.%2"), _level(2, "%1.%2.%3"))


def _counted(levels: str | tuple[str, ...], *depths: int) -> list[str]:
    """The numbers that headings of these depths get from one list."""
    lists = _list(0, *levels) + _num(1, 0)
    texts = _texts("".join(_heading(depth, _numbered(1, depth)) for depth in depths), lists)
    return [text.removesuffix(" x") for text in texts]


def test_heading_shows_the_number_that_its_style_counts() -> None:
    heads = [
        _style("H1", _numbered(1), word="heading 1"),
        _style("H2", _numbered(1, 1), word="heading 2"),
        _style("Sub", "", base="H2"),
    ]
    body = _para("Governance", "H1") + _para("Risk", "H1") + _para("Owners", "H2") + _para("Review", "Sub")
    made = with_styles(
        with_numbering(body_docx(body + _para("Each risk has one.")), _list(0, *LEGAL) + _num(1, 0)), "".join(heads)
    )
    blocks = read_docx(made).blocks
    assert [block.text for block in blocks] == [
        "1 Governance", "2 Risk", "2.1 Owners", "2.2 Review", "Each risk has one.",
    ]  # fmt: skip
    assert blocks[-1].section == ("2 Risk", "2.2 Review")


def test_text_and_list_items_stay_verbatim_but_count() -> None:
    body = (
        _heading(0, _numbered(1, 0))
        + _para("The board will meet.", settings=_numbered(1, 1))
        + _heading(1, _numbered(1, 1))
    )
    assert _texts(body, _list(0, *LEGAL) + _num(1, 0)) == ["1 x", "The board will meet.", "1.2 x"]


def test_title_is_called_without_its_number() -> None:
    made = with_numbering(
        body_docx(_heading(0, _numbered(1, 0), "Library Strategy") + _para("We lend books.")),
        _list(0, *LEGAL) + _num(1, 0),
    )
    reading = read_docx(made)
    assert (reading.title, reading.blocks[0].text) == ("Library Strategy", "1 Library Strategy")


@pytest.mark.parametrize(
    ("levels", "depths", "numbers"),
    [
        (LEGAL, (0, 1, 1, 0, 1), ["1", "1.1", "1.2", "2", "2.1"]),
        # A level that was passed over has begun.
        (LEGAL, (1, 0, 2), ["1.1", "2", "2.1.1"]),
        ((_level(0, "%1.", start=4), LEGAL[1]), (0, 1, 0), ["4.", "4.1", "5."]),
        ((_level(0, "%1.", start=0),), (0, 0), ["0.", "1."]),
        ((_level(0, "Appendix %1:", "upperLetter"),), (0, 0), ["Appendix A:", "Appendix B:"]),
        ((LEGAL[0], _level(1, "(%2)", "lowerLetter")), (0, 1, 1), ["1", "(a)", "(b)"]),
        ((_level(0, "%1", "upperRoman"), LEGAL[1]), (0, 1), ["I", "I.1"]),
        ((_level(0, "%1", "upperRoman"), _level(1, "%1.%2", more="<w:isLgl/>")), (0, 1), ["I", "1.1"]),
        ((_level(0, "%1", "upperRoman"), _level(1, "%1.%2", more='<w:isLgl w:val="0"/>')), (0, 1), ["I", "I.1"]),
        ((LEGAL[0], _level(1, "Q%2", more='<w:lvlRestart w:val="0"/>')), (0, 1, 0, 1), ["1", "Q1", "2", "Q2"]),
        (
            (*LEGAL[:2], _level(2, "Q%3", more='<w:lvlRestart w:val="1"/>')),
            (0, 1, 2, 1, 2, 0, 2),
            ["1", "1.1", "Q1", "1.2", "Q2", "2", "Q1"],
        ),
        ((_level(0, "Note", "none"),), (0, 0), ["Note", "Note"]),
    ],
)
def test_levels_count_as_word_counts(levels: tuple[str, ...], depths: tuple[int, ...], numbers: list[str]) -> None:
    assert _counted(levels, *depths) == numbers


@pytest.mark.parametrize("level", [_level(0, "•", "bullet"), _level(0, "", "decimal"), _level(0, "%1", "none")])
def test_a_bullet_or_no_number_is_not_shown(level: str) -> None:
    assert _texts(_heading(0, _numbered(1, 0), "Risk"), _list(0, level) + _num(1, 0)) == ["Risk"]


@pytest.mark.parametrize("suffix", ["tab", "space", "nothing"])
def test_whatever_follows_the_number_is_a_space(suffix: str) -> None:
    assert _counted((_level(0, "%1", more=f'<w:suff w:val="{suffix}"/>'),), 0) == ["1"]


def test_lists_of_one_definition_count_on_and_those_of_others_do_not() -> None:
    lists = _list(0, *LEGAL) + _list(1, *LEGAL) + _num(1, 0) + _num(2, 0) + _num(3, 1)
    assert _texts("".join(_heading(0, _numbered(number, 0)) for number in (1, 2, 3)), lists) == ["1 x", "2 x", "1 x"]


def test_a_list_may_start_again_where_it_is_first_met() -> None:
    lists = _list(0, *LEGAL) + _num(1, 0) + _num(2, 0, _restart(0, 7) + _restart(1, 3))
    numbers = [(1, 0), (1, 0), (2, 0), (2, 1), (2, 0), (2, 1)]
    body = "".join(_heading(depth, _numbered(number, depth)) for number, depth in numbers)
    assert _texts(body, lists) == ["1 x", "2 x", "7 x", "7.3 x", "8 x", "8.3 x"]


def test_a_list_may_show_a_level_in_its_own_way() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{_level(0, "Part %1", "upperRoman")}</w:lvlOverride>'
    lists = _list(0, *LEGAL) + _num(1, 0) + _num(2, 0, own)
    assert _texts(_heading(0, _numbered(1, 0)) + _heading(0, _numbered(2, 0)), lists) == ["1 x", "Part II x"]


def test_own_settings_come_before_the_style_s() -> None:
    style = _style("H1", _numbered(1, 0), word="heading 1")
    lists = _list(0, *LEGAL) + _list(1, _level(0, "Annex %1", "upperLetter")) + _num(1, 0) + _num(2, 1)
    body = "".join(
        _para("x", "H1", settings) for settings in ("", _numbered(2), _numbered(0), _numbered(None, 1), _numbered(1, 0))
    )
    assert _texts(body, lists, style) == ["1 x", "Annex A x", "x", "1.1 x", "2 x"]


def test_a_style_may_take_its_base_s_number_off() -> None:
    styles = _style("H1", _numbered(1), word="heading 1") + _style("Plain", _numbered(0), base="H1")
    assert _texts(_para("x", "Plain") + _para("x", "H1"), _list(0, *LEGAL) + _num(1, 0), styles) == ["x", "1 x"]


def test_list_says_on_which_level_a_style_stands() -> None:
    levels = [
        _level(depth, pattern, more=f'<w:pStyle w:val="H{depth + 1}"/>') for depth, pattern in ((0, "%1"), (1, "%1.%2"))
    ]
    styles = "".join(_style(f"H{depth}", _numbered(1), word=f"heading {depth}") for depth in (1, 2))
    body = _para("x", "H1") + _para("x", "H2") + _para("x", "Under")
    styles += _style("Under", base="H2")
    assert _texts(body, _list(0, *levels) + _num(1, 0), styles) == ["1 x", "1.1 x", "1.2 x"]


def test_list_may_be_defined_by_a_style_of_lists() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="Ours"><w:name w:val="Ours"/>'
        f"<w:pPr>{_numbered(2)}</w:pPr></w:style>{_style('H1', _numbered(1), word='heading 1')}"
    )
    lists = (
        _list(0, more='<w:numStyleLink w:val="Ours"/>')
        + _list(1, *LEGAL, more='<w:styleLink w:val="Ours"/>')
        + _num(1, 0)
        + _num(2, 1)
    )
    assert _texts(_para("x", "H1") * 2, lists, styles) == ["1 x", "2 x"]


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>"])
def test_a_paragraph_that_was_taken_away_does_not_count(mark: str) -> None:
    gone = _para("", settings=_numbered(1, 0), mark=mark)
    assert _texts(gone + _heading(0, _numbered(1, 0)), _list(0, *LEGAL) + _num(1, 0)) == ["1 x"]


def test_an_empty_paragraph_counts_where_it_is_shown() -> None:
    empty, hidden = (_para("", settings=_numbered(1, 0), mark=mark) for mark in ("", "<w:vanish/>"))
    assert _texts(empty + hidden + _heading(0, _numbered(1, 0)), _list(0, *LEGAL) + _num(1, 0)) == ["2 x"]


def test_paragraphs_in_tables_count() -> None:
    def cell(settings: str) -> str:
        return f"<w:tc>{_para('Cell', settings=settings)}</w:tc>"

    row = f"<w:tr>{cell(_numbered(1, 0))}{cell('')}</w:tr>"
    assert _texts(f"<w:tbl>{row * 3}</w:tbl>{_heading(0, _numbered(1, 0))}", _list(0, *LEGAL) + _num(1, 0))[-1] == "4 x"


@pytest.mark.parametrize(
    ("count", "kind", "text"),
    [
        (4, "decimalZero", "04"), (12, "decimalZero", "12"), (1, "lowerLetter", "a"), (26, "upperLetter", "Z"),
        (27, "lowerLetter", "aa"), (53, "upperLetter", "AAA"), (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"),
        (1, "ordinal", "1st"), (2, "ordinal", "2nd"), (3, "ordinal", "3rd"), (11, "ordinal", "11th"),
        (112, "ordinal", "112th"), (22, "ordinal", "22nd"), (3, "cardinalText", "Three"), (2, "ordinalText", "Second"),
        (40, "cardinalText", "40"), (0, "upperLetter", "0"), (7, "chineseCounting", "7"), (7, "custom:001, 002", "007"),
        (30_000, "lowerLetter", "30000"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_word_writes_them(count: int, kind: str, text: str) -> None:
    assert written(count, kind) == text


def test_newer_kind_of_number_is_read_from_its_alternative() -> None:
    level = (
        '<w:lvl w:ilvl="0"><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback>'
        '</mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    # Without a start of its own a level starts at nought.
    assert _counted((level,), 0, 0) == ["000", "001"]


@pytest.mark.parametrize(
    "lists",
    [
        "",
        _num(1, 0),
        _list(0) + _num(1, 0),
        '<w:num w:numId="1"/>',
        # Two styles of lists that stand for each other.
        _list(0, more='<w:numStyleLink w:val="L"/>') + _num(1, 0),
        _list(0, '<w:lvl w:ilvl="x"><w:start w:val="y"/></w:lvl>', "<w:lvl/>") + _num(1, 0),
    ],
)
def test_broken_lists_show_no_number(lists: str) -> None:
    styles = f'<w:style w:type="numbering" w:styleId="L"><w:pPr>{_numbered(1)}</w:pPr></w:style>'
    assert _texts(_heading(0, _numbered(1, 0)), lists, styles) == ["x"]


def test_forged_numbers_stay_small() -> None:
    shown = _counted((_level(0, "%1", "upperRoman", start=999_999_999),), 0, 0)
    assert shown == ["M" * 32 + "DCCLXVII"] * 2
    assert _texts(_heading(0, _numbered(1, 77)), _list(0, *LEGAL, _level(8, "%9.")) + _num(1, 0)) == ["1. x"]


def test_file_without_lists_reads() -> None:
    made = with_part(
        body_docx(_heading(0, _numbered(1, 0), "Risk")), "word/numbering.xml", b"<w:numbering xmlns:w='x'/>"
    )
    assert read_docx(made).blocks[0].text == "Risk"


def _contents(path: Path) -> list[list[str]]:
    """The entries of the contents that Word made when the file was last saved, without their pages."""
    entries = []
    for paragraph in docx.Document(str(path)).element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None and style.get(qn("w:val")) in ("TOC1", "TOC2", "TOC3"):
            words = " ".join(node.text or "" for node in paragraph.iter(qn("w:t"))).split()
            entries.append(words[:-1])
    return [words for words in entries if words and words[0][0].isdigit()]


@pytest.mark.parametrize("name", ["eu_dcat_ap.docx", "gsa_hhs_governance_charter.docx"])
def test_real_headings_are_numbered_as_word_s_own_contents(name: str) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} is not here: real documents are no part of the project")
    headings = [block.text.split() for block in read_docx(path.read_bytes()).blocks if block.kind == "heading"]
    contents = _contents(path)
    assert len(contents) > 10
    assert [entry for entry in contents if entry not in headings] == []

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbot.errors import UnreadableFile
from govbot.reading.flow import Reading
from govbot.reading.html import read_html
from govbot.records import Unread

_FENLAND = Path(__file__).parents[4] / "shared" / "real" / "fenland_sa_page.html"

#: A page in GOV.UK's manner, saved from a browser: links are full addresses.
_PAGE = """<!DOCTYPE html><html lang="en" class="govuk-template"><head><meta charset="utf-8">
<title>Library Strategy - GOV.UK</title><script>var words = "none of these";</script></head>
<body class="govuk-template__body js-enabled">
<div id="global-cookie-message" class="gem-c-cookie-banner govuk-cookie-banner"><h2>Cookies on GOV.UK</h2>
<p>We use some essential cookies.</p><button>Accept</button><a href="/help/cookies">View cookies</a></div>
<a href="https://x.gov.uk/page#content" class="gem-c-skip-link govuk-skip-link">Skip to main content</a>
<header role="banner"><a href="/">GOV.UK</a><button>Menu</button></header>
<div class="gem-c-breadcrumbs govuk-breadcrumbs"><ol><li><a href="/">Home</a></li></ol></div>
<main role="main" id="content">
<div class="gem-c-title"><h1>Library Strategy</h1></div>
<div class="gem-c-contents-list"><h2>Contents</h2><ol><li><span>1. </span><a href="https://x.gov.uk/page#risk">Risk</a>
</li><li><span>2. </span><a href="https://x.gov.uk/page#people">People</a></li></ol></div>
<div class="govspeak"><h2 id="risk">Risk</h2>
<p>The <strong>Board</strong> reads the register<sup id="fnref:1"><a href="https://x.gov.uk/page#fn:1"
 role="doc-noteref">[footnote 1]</a></sup>. It will:</p>
<ul><li>publish it</li><li>discuss it</li></ul>
<h2 id="people">People</h2><div class="call-to-action"><p>Staff are trained.</p></div>
<div class="footnotes"><ol><li id="fn:1"><p>Kept by the clerk. <a href="https://x.gov.uk/page#fnref:1"
 role="doc-backlink">↩</a></p></li></ol></div></div>
<div class="gem-c-share-links"><h2>Share this page</h2><a href="https://facebook.com">Facebook</a></div>
</main>
<footer role="contentinfo"><h2>Support links</h2><a href="/help">Help</a></footer></body></html>"""


def _read(body: str) -> Reading:
    return read_html(f"<html><head></head><body>{body}</body></html>".encode())


def _shown(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in _read(body).blocks]


def _texts(body: str) -> list[str]:
    return [block.text for block in _read(body).blocks]


def test_page_gives_its_content_and_none_of_its_furniture() -> None:
    reading = read_html(_PAGE.encode())
    assert (reading.title, reading.media_type, reading.pages, reading.unread) == (
        "Library Strategy", "text/html", None, (),
    )  # fmt: skip
    assert [(block.kind, block.text, block.section, block.lead_in, block.paragraph) for block in reading.blocks] == [
        ("heading", "Library Strategy", (), "", 1),
        ("heading", "Risk", (), "", 2),
        ("paragraph", "The Board reads the register. It will:", ("Risk",), "", 3),
        ("list_item", "publish it", ("Risk",), "The Board reads the register. It will:", 4),
        ("list_item", "discuss it", ("Risk",), "The Board reads the register. It will:", 5),
        ("heading", "People", (), "", 6),
        ("paragraph", "Staff are trained.", ("People",), "", 7),
        ("list_item", "Kept by the clerk.", ("People",), "", 8),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>café – £5</p>".encode(), "café – £5"),
        ("<p>café – £5</p>".encode("utf-8-sig"), "café – £5"),
        ("<p>café – £5</p>".encode("utf-16"), "café – £5"),
        ("<p>café – £5</p>".encode("cp1252"), "café – £5"),
        ("<meta charset=iso-8859-1><p>café – £5</p>".encode("cp1252"), "café – £5"),
        ("<meta charset=utf-8><p>café – £5</p>".encode("cp1252"), "café – £5"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>план</p>'.encode("koi8-r"), "план"),
        ('<?xml version="1.0" encoding="iso-8859-2"?><p>Łódź</p>'.encode("iso-8859-2"), "Łódź"),
        ("<meta charset=utf-8><p>café – £5".encode() + b"\x96</p>", "café – £5"),
        ("<meta charset=rot13><p>café</p>".encode(), "café"),
        ("<meta charset=windows-31><p>café</p>".encode(), "café"),
    ],
)
def test_page_is_read_in_its_encoding(data: bytes, text: str) -> None:
    assert [block.text for block in read_html(data).blocks] == [text]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>Out.</p><main><p>In.</p></main>", ["In."]),
        ("<p>Out.</p><div role=main><p>In.</p></div>", ["In."]),
        ("<p>Out.</p><main hidden><p>Not in.</p></main><main><p>In.</p></main>", ["In."]),
        ("<div>Out.</div><article><p>In, and more than out.</p></article>", ["In, and more than out."]),
        ("<p>In, and more.</p><article><p>In.</p></article>", ["In, and more.", "In."]),
        ("<main></main><p>In.</p>", ["In."]),
        ("<article><p>One.</p></article><article><p>Two.</p></article>", ["One.", "Two."]),
        ("<p>One.</p></body></html><p>Two.</p>", ["One.", "Two."]),
    ],
)
def test_content_is_the_main_part_or_the_only_article_or_everything(body: str, texts: list[str]) -> None:
    assert _texts(body) == texts


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>gone</script>",
        "<style>gone</style>",
        "<noscript><p>gone</p></noscript>",
        "<template><p>gone</p></template>",
        "<nav><p>gone</p></nav>",
        "<div role=navigation>gone</div>",
        "<header><p>gone</p></header>",
        "<footer><p>gone</p></footer>",
        "<aside><h2>See also</h2><a href=/a>gone</a></aside>",
        "<form><button>gone</button><select><option>gone</select><input value=gone><textarea>gone</textarea></form>",
        "<p hidden>gone</p>",
        "<p aria-hidden=true>gone</p>",
        "<p style='color: red; display : none'>gone</p>",
        "<span class=govuk-visually-hidden>gone</span>",
        "<p><del>gone</del></p>",
        "<div class=cookieBanner><p>Cookies are gone.</p><button>Accept</button></div>",
        "<section id=ccc><p>Cookies are gone.</p><button>Accept</button></section>",
        "<a class=skip-link href=#x>gone</a>",
        "<ol class=my_breadcrumb><li><a href=/>gone</a></ol>",
        "<div class='a-share'><p>Share this page</p><a href=/>gone</a></div>",
        "<div class=related-content><h2>Related</h2><a href=/>gone</a></div>",
        "<div id=toc><a href=/part-1>gone</a></div>",
        "<h2>Contents</h2><ul><li>1. <a href=#x>gone</a><ul><li><a href=#y>gone</a></ul></ul>",
        "<p><a href=#x>Back to top</a></p>",
        "<!-- gone -->",
    ],
)
def test_furniture_is_passed_over(furniture: str) -> None:
    assert _shown(f"<p>Before.</p>{furniture}<p>After.</p>") == [("paragraph", "Before."), ("paragraph", "After.")]


@pytest.mark.parametrize(
    "content",
    [
        "<article><header><p>Kept.</p></header></article>",
        "<header><h1>Kept.</h1></header>",
        "<aside><p>Kept.</p></aside>",
        "<aside><a href='https://x.gov.uk/plan.pdf?m=1'>Kept.</a></aside>",
        "<p hidden=until-found>Kept.</p>",
        "<div class=cookies-policy-page><h1>Kept.</h1><p><a href=/>Cookies.</a></div>",
        "<h2 id=cookies>Kept.</h2><p>The cookie policy.</p>",
        "<section id=consent><p>Kept.</p><p>Patients give <a href=/>consent</a>.</p></section>",
        "<div class=share><p>Kept.</p><p>Share of income</p></div>",
        "<div class=social-care><a href=/>Kept.</a></div>",
        "<div class=has-share-links><h1>Kept.</h1><a href=/>Facebook</a></div>",
        f"<div class=share><p>Kept.</p><p>{'Revenue is shared. ' * 5}<a href=/>Terms</a></p></div>",
        "<ul><li><a href=#x>Kept.</a><li>Words outside links</ul>",
        "<ul><li><a href=/a>Kept.</a><li><a href=/b>Two</a></ul>",
        "<h2><button aria-expanded=false>Kept.</button></h2>",
        "<label>Kept.</label><input>",
        "<details><summary>Kept.</summary><p>More.</p></details>",
    ],
)
def test_content_that_looks_like_furniture_is_read(content: str) -> None:
    assert "Kept." in _texts(f"<p>Before.</p>{content}")


@pytest.mark.parametrize(
    ("html", "level"),
    [
        ("<h6>Risk</h6>", 6),
        ("<div role=heading aria-level=4>Risk</div>", 4),
        ("<div role=heading>Risk</div>", 2),
        ("<h3><div>Risk</div></h3>", 3),
        ("<h3><span>Ri</span>sk<a href=#x>¶</a></h3>", 3),
        ("<h3><button>Risk<span data-nosnippet>Show</span></button></h3>", 3),
    ],
)
def test_headings_have_their_levels(html: str, level: int) -> None:
    block = _read(f"<h2>Part</h2>{html}<h2>Next</h2>").blocks[1]
    assert (block.kind, block.text, block.level) == ("heading", "Risk", level)


def test_whole_paragraph_as_a_heading_is_a_paragraph() -> None:
    assert _shown(f"<h2>{'word ' * 31}</h2>")[0][0] == "paragraph"


def test_heading_that_was_never_ended_does_not_swallow_paragraphs() -> None:
    html = "<h2><div>Risk<p>The Board meets.</p><p>It listens.</p></div>"
    assert _shown(html) == [("paragraph", text) for text in ("Risk", "The Board meets.", "It listens.")]


@pytest.mark.parametrize(
    ("html", "block"),
    [
        ("<p>• The Board meets.</p>", ("list_item", "The Board meets.")),
        ("<p>1. The Board meets.</p>", ("list_item", "The Board meets.")),
        ("<p>1. The Board</p>", ("paragraph", "1. The Board")),
        ("<ul><li>1. The Board meets.</ul>", ("list_item", "1. The Board meets.")),
        ("<ul><li>• The Board meets.</ul>", ("list_item", "The Board meets.")),
    ],
)
def test_signs_that_were_typed_make_items(html: str, block: tuple[str, str]) -> None:
    assert _shown(html) == [block]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>one <b>two</b>three<i> four</i>, <a href=/>five</a></p>", ["one twothree four, five"]),
        ("<div>one<div>two</div>three<p>four</p>five</div>", ["one", "two", "three", "four", "five"]),
        ("<dl><dt>one<dd>two</dl>", ["one", "two"]),
        ("<blockquote>one</blockquote><address>two</address>", ["one", "two"]),
        ("<figure><img alt='A map of the six wards'><figcaption>Six wards</figcaption></figure>",
         ["A map of the six wards", "Six wards"]),
        ("<figure><img alt='A map of six wards'><figcaption>A map of six wards</figcaption></figure>",
         ["A map of six wards"]),
        ("<p>one<img alt='our logo'> two</p>", ["one two"]),
        ("<p>one<br>two<br> <br>three</p>", ["one two", "three"]),
        ("<p>We will:<br>• one<br>• two</p>", ["We will:", "one", "two"]),
        ("<p>one\n\n   two&nbsp;three</p>", ["one two three"]),
        ("<pre>one\ntwo\n\nthree</pre>", ["one two", "three"]),
        ("<p>one<!-- x -->two<wbr>three</p>", ["onetwothree"]),
        ("<p>one<button>x</button>two</p>", ["one two"]),
        ("<p>a < b &amp; c &lt; d</p>", ["a < b & c < d"]),
    ],
)  # fmt: skip
def test_words_are_parted_as_the_page_parts_them(html: str, texts: list[str]) -> None:
    assert _texts(html) == texts


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Kept<sup><a href='#fn1'>[1]</a></sup> on.", "Kept on."),
        ("Kept<a href='#fn1'><sup>12</sup></a> on.", "Kept on."),
        ("Kept<sup><a href='#a'>1</a>, <a href='#b'>2</a></sup> on.", "Kept on."),
        ("Kept<sup><a href='https://x.uk/p#here'>[note 1]</a></sup> on<i id=here></i>.", "Kept on."),
        ("5<sup>th</sup> of 10 m<sup>2</sup>", "5th of 10 m2"),
        ("See part <a href='#p4'>4</a>.", "See part 4."),
        ("See <sup><a href='https://x.uk/p#away'>1</a></sup>", "See 1"),
    ],
)
def test_marks_of_footnotes_are_left_out_and_other_numbers_are_not(html: str, text: str) -> None:
    assert _texts(f"<p>{html}</p>") == [text]


def test_list_items_have_their_lead_ins_and_keep_all_their_paragraphs() -> None:
    blocks = _read(
        "<p>The Board will:</p><ul><li><p>publish</p><p>and explain</p><li>monitor:<ol><li>risks</ol></ul><p>End.</p>"
    ).blocks
    assert [(block.kind, block.text, block.lead_in) for block in blocks] == [
        ("paragraph", "The Board will:", ""),
        ("list_item", "publish", "The Board will:"),
        ("list_item", "and explain", "The Board will:"),
        ("list_item", "monitor:", "The Board will:"),
        ("list_item", "risks", "monitor:"),
        ("paragraph", "End.", ""),
    ]


def test_list_that_lays_out_the_page_is_no_list() -> None:
    html = "<ul><li><h2>Risk</h2><p>The Board meets.</p></li><li><h2>People</h2><ul><li>trained</ul></li></ul>"
    assert _shown(html) == [
        ("heading", "Risk"), ("paragraph", "The Board meets."), ("heading", "People"), ("list_item", "trained"),
    ]  # fmt: skip


_CELLS = "<tr><td>Visits<td>Head<td>May<tr><td>Loans<td>Clerk<td>June"


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        (f"<table><thead><tr><td>What<td>Who<td>When</thead>{_CELLS}</table>",
         [("Visits\tHead\tMay", ("What", "Who", "When")), ("Loans\tClerk\tJune", ("What", "Who", "When"))]),
        (f"<table><tr><th>What<th>Who<th>When{_CELLS}</table>",
         [("Visits\tHead\tMay", ("What", "Who", "When")), ("Loans\tClerk\tJune", ("What", "Who", "When"))]),
        ("<table><tr><td><th>2025<th>2026<tr><th>Visits<td>5<td>6</table>", [("Visits\t5\t6", ("", "2025", "2026"))]),
        ("<table><tr><th>Owner<td>Head<tr><th>Due<td>May</table>", [("Owner\tHead", ()), ("Due\tMay", ())]),
        ("<table><tr><td colspan=2>Both.<td>c.<tr><td>d.<td>e.<td>f.</table>", [("Both.\t\tc.", ()),
                                                                                ("d.\te.\tf.", ())]),
        ("<table><tr><td rowspan=2>Both.<td>1<tr><td>2</table>", [("Both.\t1", ()), ("\t2", ())]),
        ("<table><tr><td rowspan=99999999 colspan=99999999>a.<td>1<tr><td>2</table>", [("a.\t1", ()), ("\t2", ())]),
        ("<table><tr><th>What<th>Who<tr><td><p>One.</p><ul><li>Two.</ul><td><table><tr><td>x<td>y</table></table>",
         [("One.\nTwo.\tx\ny", ("What", "Who"))]),
        ("<table><tr><th>What<th>Who<tr><td>a<td>b<tr hidden><td>gone<td>gone</table>", [("a\tb", ("What", "Who"))]),
        ("<table><tr><th>What<th>Who<tr><td>a<td>b<tbody hidden><tr><td>gone<td>gone</table>",
         [("a\tb", ("What", "Who"))]),
        ("<table><tr><th>What<th>Who<tr><td>a<td hidden>gone<tr><td>c<td>d</table>",
         [("a", ("What", "Who")), ("c\td", ("What", "Who"))]),
        ("<table><tbody><tr><td>1<td rowspan=9>2<tbody><tr><td>3<td>4</table>", [("1\t2", ()), ("3\t4", ())]),
    ],
)  # fmt: skip
def test_table_gives_rows(html: str, rows: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(block.text, block.header) for block in _read(html).blocks] == rows


def test_few_rows_of_long_text_lay_out_the_page() -> None:
    column = "<td>" + "<p>The Board meets each month and says what it has found in public.</p>" * 6
    assert {kind for kind, _ in _shown(f"<table><tr>{column * 2}<tr>{column * 2}</table>")} == {"paragraph"}


@pytest.mark.parametrize(
    "html",
    [
        "<table role=presentation><tr><td>One.<td>Two.<tr><td>Three.<td>Four.</table>",
        "<table><tr><td>One.<tr><td>Two.<tr><td>Three.<tr><td>Four.</table>",
        "<table><tr><td>One.<td>Two.<td><p>Three.<p>Four.</table>",
        "<table><tr><td><table><tr><td>One.</table><td>Two.<tr><td>Three.<td>Four.</table>",
        "<table><p>One.</p><tr><td>Two.<td>Three.<tr><td>Four.<td></table>",
    ],
)
def test_table_that_lays_out_the_page_gives_paragraphs(html: str) -> None:
    assert _shown(html) == [("paragraph", text) for text in ("One.", "Two.", "Three.", "Four.")]


def test_caption_stands_before_its_table() -> None:
    html = "<table><caption>Actions</caption><tr><th>What<th>Who<tr><td>a<td>b</table>"
    assert _shown(html) == [("paragraph", "Actions"), ("table_row", "a\tb")]


def test_google_docs_export_gives_title_depths_and_no_comments() -> None:
    html = (
        '<p class="c3 title" id="h.a"><span class="c1">Our plan</span></p>'
        '<p class="c2"><span><a class="c4" href="#h.b">Risk</a></span><span>&nbsp;</span><a href="#h.b">1</a></p>'
        '<p class="c2"><span><a class="c4" href="#h.c">People</a></span><span>&nbsp;</span><a href="#h.c">2</a></p>'
        '<h1 class="c5" id="h.b"><span class="c1">Risk</span></h1><p class="c2"><span>The </span><span>Board'
        '</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>'
        '<span>&nbsp;will:</span></p><ul class="c6 lst-kix_x1y-0 start"><li class="c7"><span>act:</span></li></ul>'
        '<ul class="c6 lst-kix_x1y-1 start"><li class="c7"><span>soon</span></li></ul>'
        '<h1 class="c5" id="h.c"><span>People</span></h1><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a>'
        '<span>&nbsp;Of ten.</span></p></div><div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Why?</span></p></div>'
    )
    reading = _read(html)
    assert reading.title == "Our plan"
    assert [(block.kind, block.text, block.section, block.lead_in) for block in reading.blocks] == [
        ("heading", "Our plan", (), ""),
        ("heading", "Risk", (), ""),
        ("paragraph", "The Board will:", ("Risk",), ""),
        ("list_item", "act:", ("Risk",), "The Board will:"),
        ("list_item", "soon", ("Risk",), "act:"),
        ("heading", "People", (), ""),
        ("paragraph", "Of ten.", ("People",), ""),
    ]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Page | Site</title><body><h1>Our plan</h1><h2>Risk</h2>", "Our plan"),
        ("<title>Our plan - GOV.UK</title><body><p>Text.", "Our plan"),
        ("<title>Our plan | Leeds Council</title><body><p>Text.", "Our plan"),
        ("<title>Our plan - Leeds</title><body><h1>Our plan</h1><h1>Risk</h1>", "Our plan"),
        ("<title>Our plan</title><body><h1>Risk</h1><h1>People</h1>", "Our plan"),
        ("<title>plan.docx</title><body><p>Text.", ""),
        ("<title>plan.docx</title><body><p class=MsoTitle>Our plan</p><h1>Risk</h1>", "Our plan"),
        ("<body><p>Text.", ""),
    ],
)
def test_title_is_the_heading_or_what_the_head_says(html: str, title: str) -> None:
    assert read_html(html.encode()).title == title


def test_deep_nesting_that_the_parser_drops_is_not_silent() -> None:
    deep = "<div>" * 200_000 + "The Board meets." + "</div>" * 200_000
    with pytest.raises(UnreadableFile):
        read_html(f"<html><body>{deep}".encode())
    reading = read_html(f"<html><body><p>Before.</p>{deep}</body></html>".encode())
    assert [block.text for block in reading.blocks] == ["Before."]
    assert reading.unread == (Unread(reason="broken_page", part="the end of the page"),)


@pytest.mark.parametrize("tags", ["div", "li", "table><tr><td", "h2", "sup", "blockquote", "table><caption"])
def test_deepest_nesting_that_the_parser_allows_is_read(tags: str) -> None:
    assert "Deep." in " ".join(_texts(f"<{tags}>" * (240 // (tags.count("<") + 1)) + "Deep."))


def test_page_that_is_cut_off_is_read_and_said_to_be() -> None:
    cut = _PAGE[: _PAGE.index("Staff are trained")].encode() + b"<p cla"
    reading = read_html(cut)
    assert reading.blocks[-1].text == "People"
    assert reading.unread == (Unread(reason="broken_page", part="the end of the page"),)


def test_picture_inside_the_page_does_not_end_it() -> None:
    picture = f"<img src='data:image/png;base64,{'A' * 11_000_000}'>"
    reading = _read(f"<p>Before.</p>{picture}<p>After.</p>")
    assert ([block.text for block in reading.blocks], reading.unread) == (["Before.", "After."], ())


def test_drawing_with_words_is_said_to_be_unread() -> None:
    reading = _read("<p>Text.</p><svg><text>Visits have risen in each</text><text>year</text></svg>")
    assert reading.unread == (Unread(reason="picture", part="a drawing", matters=False),)


@pytest.mark.parametrize("data", [b"", b" ", b"<!-- -->", b"<html><head><title>x</title></head><bo"])
def test_page_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_html(data)


@pytest.mark.parametrize("page", ["<div id=root></div><script>render('words')</script>", "<div", "\0\0", "<p></p>"])
def test_page_that_only_a_script_fills_has_no_text(page: str) -> None:
    assert read_html(page.encode()).blocks == ()


@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <div> </div> <ul> <li> </ul> <table> <tr> <td> <th> </table> <h1> <h2> </h2> <br> <b> </b> <sup> "
            "<a\thref='#x'> </a> <pre> </pre> <main> </main> <nav> </nav> <button> <caption> <body> </body> </html> "
            "<title> <svg> &nbsp; &#0; <!-- --> <!DOCTYPE <?x word • [1] 1. \n".split(" ")
        ),
        max_size=40,
    )
)
def test_any_page_reads_or_is_refused(parts: list[str]) -> None:
    try:
        blocks = read_html("".join(parts).encode()).blocks
    except UnreadableFile:
        return
    assert all(block.text and block.text.strip() == block.text for block in blocks)
    assert [block.paragraph for block in blocks] == list(range(1, len(blocks) + 1))


@pytest.mark.skipif(not _FENLAND.exists(), reason="the real documents beside the repository are not there")
def test_real_page_is_its_text_and_its_downloads() -> None:
    reading = read_html(_FENLAND.read_bytes())
    assert reading.title == "Sustainability Appraisal"
    assert [(block.kind, block.text) for block in reading.blocks[:4]] == [
        ("heading", "Sustainability Appraisal"),
        ("paragraph", "Sustainability Appraisal main report and accompanying documents"),
        ("paragraph", "These documents are designed to accompany the Draft Local Plan consultation."),
        ("heading", "Downloads"),
    ]
    downloads = reading.blocks[4:]
    assert len(downloads) == 11
    assert all(block.kind == "list_item" and block.section == ("Downloads",) for block in downloads)
    assert downloads[0].text.startswith("CD04-2a - Sustainability Appraisal Non-Technical Summary (PDF, 1 MB)")

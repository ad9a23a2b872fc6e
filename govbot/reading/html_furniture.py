"""What of a web page is content, and what is furniture around it: banners, menus, cookie notices, footnote marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from govbot.reading.handles import Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Elements whose words no reader of the page sees.
SILENT = ("script", "style", "noscript", "template", "iframe", "object", "canvas", "audio", "video", "noframes")
#: Menus, controls, what was struck out, and second spellings of a formula.
_PASSED_OVER = frozenset(
    "nav search button select option optgroup datalist input textarea progress meter dialog title svg del rp "
    "annotation annotation-xml".split()
)
_PASSED_OVER_ROLES = frozenset(
    "navigation banner contentinfo search menu menubar toolbar tablist dialog alertdialog doc-toc doc-backlink "
    "doc-noteref doc-pagebreak".split()
)
#: A header or footer inside one of these is that part's own, not the page's.
_SECTIONS = ("main", "article", "section", "aside")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Classes of what is written for screen readers only.
_HEARD = re.compile(r"(?<![a-z])(?:visually-?hidden|sr-only|screen-reader(?:-text|-only)?)(?![a-z])")
_COOKIES = re.compile(r"(?<![a-z])(?:cookie|consent|gdpr|onetrust|ccc(?![a-z])|cc-(?:window|banner))")
_NAMED = re.compile(
    r"(?<![a-z])(?:skip-?(?:links?|to|nav)|breadcrumbs?|share|sharing|social-(?:media|links|share|icons)|"
    r"related-(?:navigation|content|links|items|pages|articles)|contents-list|toc|table-of-contents|"
    r"pagination|pager|print-link|back-to-top)(?![a-z])"
)
_SKIP_LINK = re.compile(r"(?<![a-z])skip-?(?:links?|to|nav)(?![a-z])")
#: Elements that may be furniture by name; ids of headings are made from their words ("cookies", "data-sharing").
_NAMEABLE = frozenset("div section aside ul ol dl form p".split())
#: Words outside its links that a menu or a share bar has at most: its heading and labels.
_LABEL_WORDS = 12
#: Words of a cookie notice, which says what cookies are for.
_NOTICE_WORDS = 200
_FILE = re.compile(r"\.(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|zip)(?:[?#]|$)", re.I)
#: "[1]", "[footnote 1]" and "¶" are marks wherever they link to; "1" and "a" only where they are raised.
_MARK = re.compile(r"\[(?:(?:foot)?note )?(?:\d{1,3}|[a-z]{1,2})\]|[¶#§🔗↩↑^⏎\ufe0e]+")
_RAISED_MARK = re.compile(r"[\[(]?(?:(?:foot)?note )?(?:\d{1,3}|[a-z]{1,2}|[*†‡§]{1,3})[\])]?")
_BETWEEN_MARKS = re.compile(r"\s*[,;]\s*|(?<=\])\s*(?=\[)|(?<=[\d\])])\s+")
#: Share of the body's words that a lone article holds where the rest is furniture.
_ARTICLE_SHARE = 0.5


def words(element: Element) -> int:
    """Return the number of words in an element."""
    return sum(len(text.split()) for text in element.itertext())


def content_of(root: Element) -> Element:
    """Return the element that holds what the page is about: its main, its only article, or its body."""
    body = root.find("body")
    body = root if body is None else body
    mains = [element for element in body.iter() if element.tag == "main" or element.get("role") == "main"]
    main = max((element for element in mains if not is_hidden(element)), key=words, default=None)
    if main is not None and words(main):
        return main
    articles = list(body.iter("article"))
    return articles[0] if len(articles) == 1 and words(articles[0]) >= _ARTICLE_SHARE * words(body) else body


def is_hidden(element: Element) -> bool:
    """Return whether the page shows nobody the element; what only waits to be unfolded is not hidden."""
    hidden = element.get("hidden")
    return (hidden is not None and hidden.casefold() != "until-found") or bool(
        _NOT_SHOWN.search(element.get("style", ""))
    )


@dataclass(frozen=True, slots=True)
class Furniture:
    """What to pass over on one page."""

    content: Element
    #: Names that a link on the page can lead to.
    places: frozenset[str]

    @classmethod
    def of(cls, root: Element) -> Furniture:
        """Return the furniture of the page."""
        places = {name for element in root.iter() for name in (element.get("id"), element.get("name")) if name}
        return cls(content_of(root), frozenset(places))

    def holds(self, element: Element) -> bool:
        """Return whether the element is furniture; never one that holds the page's title."""
        if is_hidden(element) or self._is_mark(element) or _is_comment(element):
            return True
        if element.tag == "button":
            return not any(next(axis(*HEADINGS), None) is not None for axis in (element.iterancestors, element.iter))
        if not (self._is_passed_over(element) or self._is_named(element)):
            return False
        return next(element.iter("h1", "main"), None) is None

    def leads_here(self, element: Element) -> bool:
        """Return whether the element is a link to a place on this page; a saved page's links are full addresses."""
        if element.tag != "a":
            return False
        address, sign, place = element.get("href", "").partition("#")
        return bool(sign) and (not address or unquote(place) in self.places)

    def _is_passed_over(self, element: Element) -> bool:
        if element.tag in _PASSED_OVER or element.get("role") in _PASSED_OVER_ROLES:
            return True
        if element.get("aria-hidden") == "true" or element.get("data-nosnippet") is not None:
            return True
        if element.tag in ("header", "footer"):
            return self.content.tag in ("body", "html") and next(element.iterancestors(*_SECTIONS), None) is None
        return element.tag == "aside" and _is_menu(element) and not any(map(_leads_to_file, element.iter("a")))

    def _is_named(self, element: Element) -> bool:
        """Return whether the element's class or id names furniture, and what is in it bears that out."""
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f"{element.get('id', '')} {element.get('class', '')}")
        name = name.replace("_", "-").lower()
        if _HEARD.search(element.get("class", "").lower()) or (element.tag == "a" and _SKIP_LINK.search(name)):
            return True
        if element.tag not in _NAMEABLE:
            return False
        if _COOKIES.search(name) and words(element) <= _NOTICE_WORDS:
            return _has_control(element) and "cookie" in "".join(element.itertext()).casefold()
        return bool(_NAMED.search(name)) and _is_menu(element)

    def _is_mark(self, element: Element) -> bool:
        """Return whether the element is the mark of a footnote, or a heading's link to itself."""
        if element.tag not in ("a", "sup"):
            return False
        links = list(element.iter("a"))
        if not links or not all(self.leads_here(link) for link in links):
            return False
        text = "".join(element.itertext()).strip()
        is_raised = element.tag == "sup" or element.find(".//sup") is not None
        marks = _BETWEEN_MARKS.split(text) if is_raised else [text]
        return all((_RAISED_MARK if is_raised else _MARK).fullmatch(mark) for mark in marks)


def _is_comment(element: Element) -> bool:
    """Return whether the element is a reviewer's comment, which Google Docs puts below the text."""
    link = element.find("p/a") if element.tag == "div" else None
    return link is not None and link.get("href", "").startswith("#cmnt_ref")


def _is_menu(element: Element) -> bool:
    """Return whether there are links or buttons in the element, and hardly a word beside them."""
    linked = sum(words(link) for link in element.iter("a", "button"))
    return _has_control(element) and words(element) - linked <= _LABEL_WORDS


def _has_control(element: Element) -> bool:
    return next(element.iter("a", "button", "input"), None) is not None


def _leads_to_file(link: Element) -> bool:
    return bool(_FILE.search(link.get("href", "")))

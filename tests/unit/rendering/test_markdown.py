from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from govbot.frameworks import Framework
from govbot.records import Answer, Check
from govbot.rendering import answer_markdown, check_markdown
from govbot.rendering.markdown import escape
from govbot.rendering.plain import one_line

REPORT = """\
# Bridges for all

bridges.pdf

Read: 8 of 9 pages, 1 passage.

Could not be read, and not counted as missing:

- page 8: it is a picture of a page, as scans are, so its words were not read

## The Bridge Code

**1 of 3 criteria is evidenced, 1 said to be missing, 1 not found.**

Missing: K2 Mending; T Taking fair tolls.

| Principle | | Criteria |
|---|---|---|
| K | Safety | ● K1 evidenced<br>✕ K2 said to be missing |
| T | Fair tolls | – not found |

What the signs mean

- ● evidenced: the draft says what is done or in place
- ✕ said to be missing: the draft itself says so
- – not found: nothing in the draft speaks of it clearly

## What the draft says

### K Safety

- ● **K1 Inspecting**: evidenced

  > “Each bridge was inspected in May.”

  page 4, in “2 Safety”

- ✕ **K2 Mending**: said to be missing

  > “No money is set aside for mending.”

  page 6, in “2 Safety”

### T Fair tolls

- – **T Taking fair tolls**: not found

  The nearest passage falls short:

  > “Ferry fares rise in April.”

  paragraph 31

## Plan, do, check, act

Does the draft say what is intended, what is done, how it is checked, and what changes as a result?

| Principle | | Plan | Do | Check | Act |
|---|---|---|---|---|---|
| K | Safety | – no | ● yes | – no | – no |

## What to ask the authors

1. Who pays for mending?<br>
   Why: The draft says it is missing.<br>
   K2 Mending (plan)"""

ANSWER = """\
You asked: are bridges inspected?

**Yes: inspecting is covered, best on page 4.**

About: K1 Inspecting

> “Each bridge was inspected in May.”

evidence, page 4, in “2 Safety”

Nothing was found that shows: how it is checked (check), what changes as a result (act).

What to ask the authors

1. Who pays for mending?<br>
   Why: The draft says it is missing.<br>
   K2 Mending (plan)"""

#: Words, and all that means something to Markdown, HTML or GitHub.
HOSTILE = st.lists(
    st.sampled_from(
        [*"ab1 \t\n\\`*_{}[]()<>#+-.!|~&;:=\"'/@$^", "https://x.example", "www.x.example", "a@x.example", "@team",
         "<br>", "<!--", "&lt;", "![x](y)", "[x](y)", "[x]: y", "```", "---", "===", "1. ", "{{ x }}", "#12", "    "]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape(text: str) -> tuple[list[str], list[str]]:
    """Return the kinds of all blocks, and of all pieces of lines but text."""
    inline = [child.type for token in parse(text) for child in token.children or ()]
    kinds = [kind for kind in inline if kind not in ("text", "text_special")]
    return [token.type for token in parse(text)], kinds


def text_of(text: str) -> str:
    return " ".join("".join(child.content for child in token.children or ()) for token in parse(text))


def test_report(make_check: Callable[..., Check], framework: Framework) -> None:
    assert check_markdown(make_check(), [framework], show_all=False) == REPORT


def test_answer(answer: Answer, framework: Framework) -> None:
    assert answer_markdown(answer, [framework]) == ANSWER


@given(HOSTILE.filter(lambda text: one_line(text) != ""))
def test_no_text_changes_the_shape_of_a_report(
    make_hostile: Callable[[str], Check], framework: Framework, text: str
) -> None:
    benign = check_markdown(make_hostile("x"), [framework], show_all=True)
    hostile = check_markdown(make_hostile(text), [framework], show_all=True)
    assert shape(hostile) == shape(benign)
    assert f"“{one_line(text)}”" in text_of(hostile).replace("\u2060", "")


@given(HOSTILE.filter(lambda text: one_line(text) != ""))
def test_no_text_changes_the_shape_of_an_answer(answer: Answer, framework: Framework, text: str) -> None:
    def shown(words: str) -> str:
        found = dataclasses.replace(answer.evidence[0], quote=words, section=(words,))
        asked = dataclasses.replace(answer.questions[0], text=words, why=words, criterion=words)
        about = dataclasses.replace(answer, question=words, verdict=f"No: {words}.", targets=(words,))
        return answer_markdown(dataclasses.replace(about, evidence=(found,), questions=(asked,)), [framework])

    assert shape(shown(text)) == shape(shown("x"))


@given(HOSTILE)
def test_nothing_becomes_a_link_or_a_mention_by_itself(text: str) -> None:
    assert re.search(r"://|www\.|@\w|#\d", escape(one_line(text)), re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A | B", r"A \| B"),
        ("- no list", r"\- no list"),
        ("12. no list", r"12\. no list"),
        ("£12.50 (net)", "£12.50 (net)"),
        ("<b>", r"\<b\>"),
        ("Tom & Co_op", r"Tom \& Co\_op"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_a_report_has_no_empty_lines_to_spare(make_check: Callable[..., Check], framework: Framework) -> None:
    assert "\n\n\n" not in check_markdown(make_check(unread=()), [framework], show_all=True)

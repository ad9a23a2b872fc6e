"""Check, Answer -> Markdown as GitHub shows it, laid out by prompts/replies/*.md.j2."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from govbot.rendering.several import view_comparison, view_joint
from govbot.rendering.view import view_answer, view_check
from govbot.resources import resource
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2 import Template

    from govbot.frameworks import Framework
    from govbot.records import Answer, Check, Comparison, JointAnswer

#: Signs that Markdown, GitHub's extensions or HTML read as markup anywhere in a line.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$#])")
#: What would start a list, a heading's underline or a quote at the start of a line.
_START = re.compile(r"^([-+=:]|\d+(?=[.)]))")
#: What GitHub turns into a link, a mention or a picture without any markup: an invisible word joiner parts it.
_AUTOMATIC = re.compile(
    r"(?<=@)(?=\S)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto:)|(?<=xmpp:)|(?<=\\#)(?=\d)", re.IGNORECASE
)
_WORD_JOINER = "\u2060"


def check_markdown(check: Check, frameworks: Iterable[Framework], *, show_all: bool) -> str:
    """Return the report on a draft as Markdown; `show_all` shows every quote in full and every question."""
    view = view_check(check, frameworks, show_all=show_all)
    return template("check").render(view=view).rstrip()


def answer_markdown(answer: Answer, frameworks: Sequence[Framework]) -> str:
    """Return the answer to a typed question as Markdown."""
    view = view_answer(answer, frameworks)
    return template("answer").render(view=view).rstrip()


def joint_markdown(answer: JointAnswer, frameworks: Sequence[Framework]) -> str:
    """Return what several drafts say to a typed question as Markdown."""
    return template("joint").render(view=view_joint(answer, frameworks)).rstrip()


def comparison_markdown(comparison: Comparison, frameworks: Sequence[Framework]) -> str:
    """Return what changed between two drafts as Markdown."""
    return template("comparison").render(view=view_comparison(comparison, frameworks)).rstrip()


def template(name: str) -> Template:
    """Return prompts/replies/<name>.md.j2, every slot of which is escaped."""
    return _environment().get_template(f"{name}.md.j2")


class Figure(str):
    """A number of ours, which Markdown shows as it stands."""


def escape(text: object) -> str:
    """Return a line of text that Markdown shows as it stands: no markup, link, mention or table cell comes of it."""
    if isinstance(text, Figure):
        return text
    escaped = _MARKUP.sub(r"\\\1", str(text))
    escaped = _START.sub(lambda found: _escape_start(found.group()), escaped)
    return _AUTOMATIC.sub(_WORD_JOINER, escaped)


def _escape_start(sign: str) -> str:
    # Of "1." it is the stop that makes a list.
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def _say(key: str, **slots: object) -> str:
    return say("replies/check", key, **slots)


@cache
def _environment() -> Environment:
    # Every slot of a template is escaped by `finalize`: none can be forgotten.
    environment = Environment(
        loader=FileSystemLoader(resource("prompts/replies")),
        undefined=StrictUndefined,
        finalize=escape,
        autoescape=False,  # Markdown, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = _say
    return environment

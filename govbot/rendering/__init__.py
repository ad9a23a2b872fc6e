"""Check, Answer -> text: JSON for programs, terminal and Markdown for people."""

from govbot.rendering.card import model_card
from govbot.rendering.json import answer_json, check_json, matches_json
from govbot.rendering.markdown import answer_markdown, check_markdown
from govbot.rendering.marks import mark
from govbot.rendering.plain import one_line
from govbot.rendering.portfolio import (
    portfolio_csv,
    portfolio_json,
    portfolio_markdown,
    portfolio_report,
    write_portfolio,
)
from govbot.rendering.quotes import view_quote
from govbot.rendering.reply import reply_json, reply_markdown, reply_report
from govbot.rendering.terminal import answer_report, check_report

__all__ = [
    "answer_json",
    "answer_markdown",
    "answer_report",
    "check_json",
    "check_markdown",
    "check_report",
    "mark",
    "matches_json",
    "model_card",
    "one_line",
    "portfolio_csv",
    "portfolio_json",
    "portfolio_markdown",
    "portfolio_report",
    "reply_json",
    "reply_markdown",
    "reply_report",
    "view_quote",
    "write_portfolio",
]

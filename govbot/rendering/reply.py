"""What was asked -> the reply of whatever kind, in each of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.records import Answer, Comparison, JointAnswer
from govbot.rendering.json import answer_json, comparison_json, joint_json
from govbot.rendering.markdown import answer_markdown, comparison_markdown, joint_markdown
from govbot.rendering.terminal import answer_report, comparison_report, joint_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Group

    from govbot.frameworks import Framework


def reply_report(reply: Answer | JointAnswer | Comparison, frameworks: Sequence[Framework]) -> Group:
    """Return what a terminal shows of a reply."""
    if isinstance(reply, JointAnswer):
        return joint_report(reply, frameworks)
    if isinstance(reply, Comparison):
        return comparison_report(reply, frameworks)
    return answer_report(reply, frameworks)


def reply_markdown(reply: Answer | JointAnswer | Comparison, frameworks: Sequence[Framework]) -> str:
    """Return a reply as Markdown."""
    if isinstance(reply, JointAnswer):
        return joint_markdown(reply, frameworks)
    if isinstance(reply, Comparison):
        return comparison_markdown(reply, frameworks)
    return answer_markdown(reply, frameworks)


def reply_json(reply: Answer | JointAnswer | Comparison) -> dict[str, Any]:
    """Return a reply as the JSON that other programs read."""
    if isinstance(reply, JointAnswer):
        return joint_json(reply)
    if isinstance(reply, Comparison):
        return comparison_json(reply)
    return answer_json(reply)

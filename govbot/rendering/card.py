"""Report on a matcher -> its model card, laid out by prompts/replies/model_card.md.j2."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govbot.rendering.markdown import Figure, template

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.matching import Origin, Report

#: Criteria that are named as the weakest.
_WEAKEST = 5


def model_card(framework: Framework, report: Report, origin: Origin) -> str:
    """Return the model card as Markdown."""
    weakest = sorted((row for row in report.criteria if row.examples), key=lambda row: row.f1)[:_WEAKEST]
    return template("model_card").render(
        framework=framework, report=report, origin=origin, weakest=weakest, number=_number
    )


def _number(share: float) -> Figure:
    return Figure("–" if math.isnan(share) else f"{share:.2f}")

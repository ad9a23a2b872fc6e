"""Matches -> Assessment: the coverage of every criterion, with quotes."""

from govbot.assessing.carrying import carry_over
from govbot.assessing.comparing import compare
from govbot.assessing.coverage import cover
from govbot.assessing.deciding import apply_decisions, fold
from govbot.assessing.kinds import document_kinds
from govbot.assessing.ladder import engagement_quotes, place_engagement
from govbot.assessing.portfolio import gather
from govbot.assessing.quoting import (
    Quote,
    Runs,
    choose_quotes,
    decisive,
    gather_runs,
    main_paragraph,
    rows_to_weigh,
    weigh,
)

__all__ = [
    "Quote",
    "Runs",
    "apply_decisions",
    "carry_over",
    "choose_quotes",
    "compare",
    "cover",
    "decisive",
    "document_kinds",
    "engagement_quotes",
    "fold",
    "gather",
    "gather_runs",
    "main_paragraph",
    "place_engagement",
    "rows_to_weigh",
    "weigh",
]

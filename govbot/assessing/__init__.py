"""Matches -> Assessment: the coverage of every criterion, with quotes."""

from govbot.assessing.coverage import cover
from govbot.assessing.quoting import Quote, Runs, choose_quotes, gather_runs, main_paragraph, pairs_to_weigh, weigh

__all__ = ["Quote", "Runs", "choose_quotes", "cover", "gather_runs", "main_paragraph", "pairs_to_weigh", "weigh"]

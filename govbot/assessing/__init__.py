"""Matches -> Assessment: the coverage of every criterion, with quotes."""

from govbot.assessing.coverage import cover
from govbot.assessing.quoting import Quote, choose_quotes, main_paragraph, pairs_to_weigh, weigh

__all__ = ["Quote", "choose_quotes", "cover", "main_paragraph", "pairs_to_weigh", "weigh"]

"""Matches -> Assessment: the coverage of every criterion."""

from govbot.assessing.coverage import cover
from govbot.assessing.quoting import Vocabulary, choose_quote, learn_vocabulary

__all__ = ["Vocabulary", "choose_quote", "cover", "learn_vocabulary"]

"""Vectors -> matches: heads, training and evaluation."""

from govbot.matching.cues import cues_fingerprint
from govbot.matching.evaluation import Labelled, Row, evaluate_baselines, evaluate_scores, load_labelled
from govbot.matching.files import MATCHER_FILE, METHOD, Origin, load_matcher, save_heads, save_manner
from govbot.matching.heads import Heads, Judged, Manner, Matcher, judge
from govbot.matching.training import Lessons, Trained, gather_lessons, train_heads, train_manner

__all__ = [
    "MATCHER_FILE",
    "METHOD",
    "Heads",
    "Judged",
    "Labelled",
    "Lessons",
    "Manner",
    "Matcher",
    "Origin",
    "Row",
    "Trained",
    "cues_fingerprint",
    "evaluate_baselines",
    "evaluate_scores",
    "gather_lessons",
    "judge",
    "load_labelled",
    "load_matcher",
    "save_heads",
    "save_manner",
    "train_heads",
    "train_manner",
]

"""Vectors -> matches: what the encoder and the heads are taught, and how often they are right."""

from govbot.matching.evaluation import (
    Labelled,
    Row,
    evaluate_baselines,
    evaluate_scores,
    load_labelled,
    score_by_regression,
)
from govbot.matching.files import (
    CARD_FILE,
    MATCHER_FILE,
    METHOD,
    Origin,
    Taught,
    load_ladder,
    load_matcher,
    load_taught,
    manner_fingerprint,
    save_heads,
    save_ladder,
    save_manner,
    save_taught,
)
from govbot.matching.folds import FOLDS, assign_folds, batch_of, share_out
from govbot.matching.heads import Heads, Judged, Manner, Matcher, judge
from govbot.matching.ladder import Ladder, judge_rungs, ladder_fingerprint, load_sentences, train_ladder
from govbot.matching.measuring import Report, judge_apart, measure
from govbot.matching.teaching import gather_curriculum, teach_encoder
from govbot.matching.training import Lessons, Trained, gather_lessons, train_heads, train_manner

__all__ = [
    "CARD_FILE",
    "FOLDS",
    "MATCHER_FILE",
    "METHOD",
    "Heads",
    "Judged",
    "Labelled",
    "Ladder",
    "Lessons",
    "Manner",
    "Matcher",
    "Origin",
    "Report",
    "Row",
    "Taught",
    "Trained",
    "assign_folds",
    "batch_of",
    "evaluate_baselines",
    "evaluate_scores",
    "gather_curriculum",
    "gather_lessons",
    "judge",
    "judge_apart",
    "judge_rungs",
    "ladder_fingerprint",
    "load_labelled",
    "load_ladder",
    "load_matcher",
    "load_sentences",
    "load_taught",
    "manner_fingerprint",
    "measure",
    "save_heads",
    "save_ladder",
    "save_manner",
    "save_taught",
    "score_by_regression",
    "share_out",
    "teach_encoder",
    "train_heads",
    "train_ladder",
    "train_manner",
]

"""Frameworks as data: principles/* -> Framework and its examples."""

from govbot.frameworks.background import WIDEST, has_background
from govbot.frameworks.crosswalk import Link, links_between
from govbot.frameworks.examples import (
    MANNER_EXAMPLES_FILE,
    Example,
    load_examples,
    manner_examples,
    nothing_examples,
    own_examples,
)
from govbot.frameworks.keeping import keep_framework
from govbot.frameworks.loading import framework_folder, framework_ids, load_framework, read_framework
from govbot.frameworks.schema import Criterion, Framework, Principle, StageNotes
from govbot.frameworks.teaching import encoder_fingerprint, fingerprint, teaching_examples

__all__ = [
    "MANNER_EXAMPLES_FILE",
    "Criterion",
    "Example",
    "Framework",
    "Link",
    "Principle",
    "StageNotes",
    "encoder_fingerprint",
    "fingerprint",
    "framework_folder",
    "framework_ids",
    "WIDEST",
    "has_background",
    "keep_framework",
    "links_between",
    "load_examples",
    "load_framework",
    "manner_examples",
    "nothing_examples",
    "own_examples",
    "read_framework",
    "teaching_examples",
]

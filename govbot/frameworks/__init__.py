"""Frameworks as data: principles/* -> Framework and its examples."""

from govbot.frameworks.crosswalk import Link, links_between
from govbot.frameworks.examples import (
    Example,
    fingerprint,
    load_examples,
    nothing_examples,
    own_examples,
    teaching_examples,
)
from govbot.frameworks.keeping import keep_framework
from govbot.frameworks.loading import framework_folder, framework_ids, load_framework, read_framework
from govbot.frameworks.schema import Criterion, Framework, Principle, StageNotes

__all__ = [
    "Criterion",
    "Example",
    "Framework",
    "Link",
    "Principle",
    "StageNotes",
    "fingerprint",
    "framework_folder",
    "framework_ids",
    "keep_framework",
    "links_between",
    "load_examples",
    "load_framework",
    "nothing_examples",
    "own_examples",
    "read_framework",
    "teaching_examples",
]

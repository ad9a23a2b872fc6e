from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from govbot.frameworks import Framework
from govbot.matching import Origin, Report, Row
from govbot.matching.measuring import Agreement, Band, Confusion, CriterionReport, MannerReport, Miss
from govbot.records import Check, Reliability
from govbot.rendering import check_json, check_markdown, check_report, model_card

ORIGIN = Origin(method="heads-9", model="tiny+ab12", fingerprint="0123456789")
ROW = Row(method="govbot", principle_top1=0.934, criterion_top1=0.9, macro_f1=0.88, accepted=0.91, false_alarms=0.04)


def report(**changes: object) -> Report:
    whole = Report(
        framework="bridges",
        examples=90,
        nothing=30,
        hard=10,
        absent=12,
        batches=7,
        criteria=(
            CriterionReport(
                id="K1",
                title="In*spect*ing",
                examples=45,
                threshold=0.4,
                precision=0.9,
                recall=0.8,
                f1=0.847,
                kappa=0.99,
            ),
            CriterionReport(
                id="K2", title="Mending", examples=45, threshold=0.3, precision=0.7, recall=0.6, f1=0.646, kappa=None
            ),
        ),
        rows=(replace(ROW, method="titles"), ROW),
        hard_false_alarms=0.1,
        bands=(Band(low=0.9, high=1.0, count=40, promised=0.95, came_true=0.93),),
        confusions=(Confusion(meant="K1", said="K2", count=5),),
        manner=MannerReport(strength=0.92, absent_recall=0.85, absent_precision=0.83, stage=0.8),
        agreement=Agreement(passages=80, main=0.99, strength=0.9, stance=0.97, stage=0.6),
        misses=(Miss(id="k1-7", meant=("K1", "K2"), said="T", score=0.9, text="A [bridge] | was mended."),),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_card_says_what_was_measured(framework: Framework) -> None:
    card = model_card(framework, report(), ORIGIN)
    assert card.startswith("# Model card: ")
    for line in (
        "| passages that bear on a criterion | 90 |",
        "| matcher | heads-9-01234567 |",
        "| govbot | 0.93 | 0.90 | 0.88 | 0.91 | 0.04 |",
        r"| K1 In\*spect\*ing | 45 | 0.40 | 0.90 | 0.80 | 0.85 | 0.99 |",
        "| K2 Mending | 45 | 0.30 | 0.70 | 0.60 | 0.65 | – |",
        "| 0.90 to 1.00 | 40 | 0.95 | 0.93 |",
        "| K1 | K2 | 5 |",
        r"- k1-7, K1 and K2, taken for T: A \[bridge\] \| was mended.",
    ):
        assert f"\n{line}\n" in f"{card}\n"
    assert r"main criterion 0.99, strength 0.90, stance 0.97, stage 0.60" in " ".join(card.split())
    assert "Weakest criteria, by F1: K2 Mending (0.65), K1" in card


def test_card_of_what_was_read_once_says_so(framework: Framework) -> None:
    card = model_card(framework, report(agreement=None, manner=None), ORIGIN)
    assert "Nobody labelled them a second time." in card
    assert "Strength is right" not in card


@pytest.mark.parametrize(
    ("precision", "recall", "words"),
    [(0.94, 0.86, "about 9 are; of ten that are, it finds about 9"), (1, 0.04, "10 are")],
)
def test_reliability_is_told_in_passages_out_of_ten(
    precision: float,
    recall: float,
    words: str,
    framework: Framework,
    make_check: Callable[..., Check],
    printed: Callable[..., str],
) -> None:
    check = make_check()
    (assessment,) = check.assessments
    first, *others = assessment.criteria
    known = replace(first, reliability=Reliability(precision=precision, recall=recall))
    explained = replace(check, assessments=(replace(assessment, criteria=(known, *others)),))
    for shown in (
        printed(check_report(explained, [framework], show_all=False), width=300),
        check_markdown(explained, [framework], show_all=False),
    ):
        assert " ".join(shown.split()).count(words) == 1
    told, *silent = check_json(explained)["assessments"][0]["criteria"]
    assert told["reliability"] == {"precision": precision, "recall": recall}
    assert not any("reliability" in item for item in silent)

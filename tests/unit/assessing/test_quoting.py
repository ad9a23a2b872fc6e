from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.assessing import Quote, choose_quotes, cover, decisive, gather_runs, main_paragraph, rows_to_weigh, weigh
from govbot.assessing.quoting import LEAST_WORDS, MOST_WORDS, WEIGHED, evident_rows
from govbot.matching import Heads, Manner, Matcher
from govbot.matching.cues import count_cues
from govbot.matching.grams import BUCKETS
from govbot.passages import split_passages, verbatim, word_count
from govbot.records import Block, Document, Passage
from govbot.testing import HashEncoder
from tests.unit.made_up import THRESHOLD, Said, document, framework, matches, passage

ENCODER = HashEncoder()
TITLES = ENCODER.encode(["water beds hose neighbours", "mend wooden fence gate", "share apples plums trees"])


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, dtype=np.float32)


def matcher() -> Matcher:
    """Return a matcher by nothing but nearness to three titles; everything is evidence of what is planned."""
    width = ENCODER.dim + count_cues([""]).shape[1] + 1
    manner = Manner(strength=zeros(3, width), stance=zeros(2, width), stage=zeros(4, width), grams=zeros(BUCKETS, 9))
    manner.strength[2, -1] = 1
    heads = Heads(
        rank=8 * TITLES,
        rank_bias=zeros(3),
        memory=TITLES,
        memory_criteria=np.arange(3),
        nearness_scale=1.0,
        least_nearness=-1.0,
        titles=TITLES,
        principles=np.array([0, 0, 1]),
        principle_weight=0.0,
        words=np.array([], dtype=np.str_),
        word_weights=zeros(0, 3),
        word_scale=1.0,
        gate=zeros(ENCODER.dim + 1),
        gate_scale=np.array([0, 1e6, 0.2, 0.05, 0, 1, 0, 1], dtype=np.float32),
        gate_calibration=np.array([1, 0], dtype=np.float32),
        rank_calibration=np.array([1, 1, 0], dtype=np.float32),
        thresholds=np.full(3, 0.5, dtype=np.float32),
        precision=zeros(3),
        recall=zeros(3),
    )
    ids = framework().criterion_ids
    return Matcher(framework="gardens", version="v", model=ENCODER.name, criteria=ids, heads=heads, manner=manner)


def part_vectors(passages: Sequence[Passage]) -> dict[str, np.ndarray]:
    texts = [part.text for found in passages for part in found.parts]
    return dict(zip(texts, ENCODER.encode(texts), strict=True))


def quotes_of(passages: Sequence[Passage]) -> dict[tuple[int, int], Quote]:
    """Return the quote of each passage for each criterion."""
    runs = gather_runs(range(len(passages)), passages, part_vectors(passages))
    return choose_quotes(runs, matcher().match(runs.texts, runs.vectors))


EVIDENT = ("evidence", "positive", "do")
FILLER = "The choir sang in the square on a long and very wet evening in May."
WATERING = "Every morning the neighbours water the beds with the hose that hangs by the shed."
FENCING = "Twice a year the staff mend the wooden fence and oil the gate beside the road."


def one_block(*sentences: str) -> Document:
    return document(Block(kind="paragraph", text=" ".join(sentences), paragraph=1))


def test_quote_is_the_sentence_that_bears_on_the_criterion() -> None:
    passages = split_passages(one_block(FILLER, WATERING, FILLER, FENCING, FILLER))
    assert len(passages) == 1
    found = quotes_of(passages)
    assert [verbatim(found[0, column].parts) for column in (0, 1)] == [WATERING, FENCING]
    vector = ENCODER.encode([WATERING])
    assert found[0, 0].score == pytest.approx(float(matcher().match([WATERING], vector).scores[0, 0]))
    assert (found[0, 0].strength, found[0, 0].stage) == ("evidence", "plan")


def test_short_sentence_is_quoted_with_its_neighbour_in_the_block() -> None:
    passages = split_passages(one_block(FILLER, "Neighbours water the beds.", FILLER))
    (quote,) = [verbatim(found.parts) for pair, found in quotes_of(passages).items() if pair == (0, 0)]
    assert quote in (f"{FILLER} Neighbours water the beds.", f"Neighbours water the beds. {FILLER}")


def test_short_blocks_are_quoted_together() -> None:
    items = ["Neighbours water the beds with", "the hose that hangs by", "the wooden shed over there"]
    found = document(*(Block(kind="list_item", text=text, paragraph=1) for text in items))
    quote = quotes_of(split_passages(found))[0, 0]
    assert verbatim(quote.parts) == "\n".join(items)


def test_passage_of_few_words_is_quoted_whole() -> None:
    quote = quotes_of((passage(0, "Beds are watered.", "Yes."),))[0, 0]
    assert verbatim(quote.parts) == "Beds are watered.\nYes."


def test_nothing_to_quote() -> None:
    runs = gather_runs([], (), {})
    assert (runs.rows, runs.parts, runs.texts, len(runs.vectors)) == ((), (), (), 0)
    assert choose_quotes(runs, matches()) == {}


def test_runs_are_of_the_rows_alone_and_know_their_words() -> None:
    passages = [passage(0, FENCING), passage(1, FILLER, WATERING), passage(2, WATERING)]
    vectors = part_vectors(passages)
    runs = gather_runs([1, 2], passages, vectors)
    assert runs.rows == (1, 1, 2)
    assert runs.parts == (passages[1].parts[:1], passages[1].parts[1:], passages[2].parts)
    assert runs.texts == tuple(verbatim(parts) for parts in runs.parts) == (FILLER, WATERING, WATERING)
    np.testing.assert_allclose(runs.vectors, [vectors[FILLER], vectors[WATERING], vectors[WATERING]], atol=1e-6)


def test_run_of_several_parts_is_their_mean_by_words_of_unit_length() -> None:
    passages = split_passages(one_block(WATERING, "They share the apples."))
    vectors = part_vectors(passages)
    runs = gather_runs([0], passages, vectors)
    (both,) = [number for number, parts in enumerate(runs.parts) if len(parts) == 2]
    expected = 15 * vectors[WATERING] + 4 * vectors["They share the apples."]
    np.testing.assert_allclose(runs.vectors[both], expected / np.linalg.norm(expected), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(runs.vectors, axis=1), 1, atol=1e-6)


def test_quote_is_the_words_that_bear_most_less_what_length_costs() -> None:
    passages = [passage(0, WATERING, FILLER), passage(1, FENCING)]
    runs = gather_runs([0, 1], passages, part_vectors(passages))
    assert runs.texts == (WATERING, FILLER, FENCING)
    said: list[Said] = [(0.6, "mention", "absent", "act"), (0.7, "commitment", "positive", "do"), (0.9, *EVIDENT)]
    found = choose_quotes(runs, matches(*said))
    assert set(found) == {(row, column) for row in range(2) for column in range(3)}
    assert found[0, 0] == Quote(
        parts=passages[0].parts[1:], score=pytest.approx(0.7), strength="commitment", stance="positive", stage="do"
    )
    # WATERING and FILLER have as many words, so a run of both that is no better is not quoted.
    long = split_passages(one_block(WATERING, FILLER))
    runs = gather_runs([0], long, part_vectors(long))
    quote = choose_quotes(runs, matches(*[(0.7, *EVIDENT)] * len(runs.rows)))[0, 0]
    assert len(quote.parts) == 1


def test_main_paragraph_is_the_longest_block() -> None:
    found = split_passages(one_block("One of us waters.", "Two of us mend."))[0]
    assert main_paragraph(found) == found.parts
    three = passage(0, "Short one.", "This is the longest of the three.", "Short again.")
    assert main_paragraph(three) == three.parts[1:2]


_SENTENCE = st.lists(st.sampled_from("we water mend share beds fences fruit daily".split()), min_size=1, max_size=30)
_TEXT = st.lists(_SENTENCE.map(lambda words: f"{' '.join(words).capitalize()}."), min_size=1, max_size=5).map(" ".join)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(["paragraph", "list_item"]), _TEXT), min_size=1, max_size=6))
def test_quotes_are_whole_parts_in_order_verbatim_and_in_one_block_where_they_can_be(
    blocks: list[tuple[str, str]],
) -> None:
    found = document(*(Block(kind=kind, text=text, paragraph=1) for kind, text in blocks))  # type: ignore[arg-type]
    passages = split_passages(found)
    for (row, _), quote in quotes_of(passages).items():
        parts, text = passages[row].parts, verbatim(quote.parts)
        first = parts.index(quote.parts[0])
        assert quote.parts == parts[first : first + len(quote.parts)]
        assert text in found.text
        assert len(quote.parts) == 1 or word_count(text) <= max(MOST_WORDS, LEAST_WORDS) or quote.parts == parts
        if len({part.block for part in quote.parts}) > 1:
            # Only where no block of the passage could have been quoted by itself.
            assert all(word_count(verbatim(run)) < LEAST_WORDS for run in _blocks(passages[row]))


def _blocks(found: Passage) -> list[list]:  # type: ignore[type-arg]
    return [[part for part in found.parts if part.block == number] for number in {part.block for part in found.parts}]


# Weighing


@pytest.mark.parametrize(
    ("passage_score", "quote_score", "expected"),
    [
        (0.5, 0.5, 0.5),
        (0.9, 0.9, 0.9),
        (0.5, 0.9, 0.75),  # odds of 1 and 9: their geometric mean is 3
        (0.9, 0.5, 0.75),
        (0.0, 0.5, 0.2227),  # a passage on something else speaks against its quote only so far
        (0.0, 0.99, 0.7403),
        (1.0, 0.5, 0.9990),
    ],
)
def test_score_is_a_mean_of_both_logits(passage_score: float, quote_score: float, expected: float) -> None:
    before = matches((passage_score, "evidence", "positive", "do"), (0.3, "evidence", "positive", "do"))
    quote = Quote(parts=(), score=quote_score, strength="mention", stance="positive", stage="do")
    after = weigh(before, {(0, 0): quote})
    assert after.scores[0, 0] == pytest.approx(expected, abs=1e-4)
    assert after.accepted.tolist() == (after.scores >= after.thresholds).tolist()
    np.testing.assert_array_equal(after.scores[1], before.scores[1])
    assert before.scores[0, 0] == np.float32(passage_score)
    assert (after.strengths, after.criteria) == (before.strengths, before.criteria)


@pytest.mark.parametrize(("quote_score", "accepted"), [(0.9, True), (0.1, False)])
def test_quote_can_carry_a_passage_over_the_threshold_or_under_it(quote_score: float, accepted: bool) -> None:  # noqa: FBT001
    before = matches((0.4 if accepted else 0.6, "evidence", "positive", "do"))
    quote = Quote(parts=(), score=quote_score, strength="mention", stance="positive", stage="do")
    assert bool(weigh(before, {(0, 0): quote}).accepted[0, 0]) is accepted


def test_in_a_document_little_counts_for_nothing_however_low_the_threshold_and_that_is_said() -> None:
    scores = (0.5, 0.41, 0.39, 0.2)
    low = replace(matches(*[(score, *EVIDENT) for score in scores]), thresholds=np.full(3, 0.1, dtype=np.float32))
    after = weigh(low, {})
    assert after.accepted[:, 0].tolist() == [True, True, False, False]
    assert after.thresholds.tolist() == pytest.approx([0.4] * 3)
    high = replace(low, thresholds=np.full(3, 0.45, dtype=np.float32))
    assert weigh(high, {}).accepted[:, 0].tolist() == [True, False, False, False]


def test_what_only_announces_a_list_is_not_quoted_where_anything_else_can_be() -> None:
    lead = "In every year of this plan the board and each of its many partners will do the following:"
    assert verbatim(quotes_of([passage(0, lead)])[0, 0].parts) == lead
    beside = passage(0, lead, f"{WATERING} And so it is every single day of the year, for us and for those after us.")
    assert all(not verbatim(quote.parts).endswith(":") for quote in quotes_of([beside]).values())


@given(st.lists(st.floats(0, 1, width=32), max_size=2 * WEIGHED))
def test_best_passages_of_every_criterion_are_weighed(scores: list[float]) -> None:
    said: list[Said] = [(score, *EVIDENT) for score in scores]
    found = rows_to_weigh(matches(*said), [passage(row, f"Text is text number {row}.") for row in range(len(scores))])
    # The best one always, and of the others those that may still be lifted over the threshold; of the criteria that
    # nothing bears on, the first passage.
    best = sorted(scores, reverse=True)[:WEIGHED]
    hopeful = [score for place, score in enumerate(best) if place == 0 or score >= np.float32(0.01 * THRESHOLD)]
    assert found == sorted(set(found))
    assert sorted((scores[row] for row in found if row), reverse=True) == sorted(
        (score for row, score in _first_of(scores, hopeful) if row), reverse=True
    )


def _first_of(scores: list[float], wanted: list[float]) -> list[tuple[int, float]]:
    """Return the (row, score) that stand first for the wanted scores."""
    order = sorted(range(len(scores)), key=lambda row: -scores[row])
    return [(row, scores[row]) for row in order[: len(wanted)]]


def test_best_passages_by_their_quotes_decide() -> None:
    rows = WEIGHED + 2
    said: list[Said] = [(row / 100, *EVIDENT) for row in range(rows)]
    quote = Quote(parts=(), score=0.5, strength="mention", stance="positive", stage="do")
    found = decisive(matches(*said), {(row, 0): quote for row in range(rows)})
    assert sorted(found) == [(row, 0) for row in range(2, rows)]


ASKING = "Do you agree that the neighbours should water the beds with the hose?"
ONE, TWO = "One thing is said.", "Two things are said."


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        ([], []),
        ([[ONE], [TWO]], [0, 1]),
        ([[ONE], [TWO], [ONE], [ONE]], [0, 1]),
        ([[ONE], [ONE.lower()], [ONE, TWO]], [0, 1, 2]),
        ([[ASKING], [ONE]], [1]),
        ([["Who waters?", "Neighbours do, every day."], ["Who waters, and when?", "They do."]], [0]),
        # Half of the words asking is not mostly asking.
        ([["Who waters it daily?", "The neighbours do so."]], [0]),
        # Nor does what is asked twice count once.
        ([[ASKING], [ASKING]], []),
    ],
)
def test_passages_that_may_be_evidence(texts: list[list[str]], rows: list[int]) -> None:
    passages = [passage(row, *parts) for row, parts in enumerate(texts)]
    assert evident_rows(passages) == rows
    said: list[Said] = [(0.9, *EVIDENT)] * len(texts)
    assert rows_to_weigh(matches(*said), passages) == rows


def test_what_is_no_evidence_takes_no_place_among_the_best() -> None:
    passages = [
        passage(row, ASKING if row < WEIGHED else f"Text is text number {row % 2}.") for row in range(2 * WEIGHED)
    ]
    said: list[Said] = [(0.9 - row / 100, *EVIDENT) for row in range(2 * WEIGHED)]
    assert rows_to_weigh(matches(*said), passages) == [WEIGHED, WEIGHED + 1]


# From a draft to its coverage


def statuses(*sentences: str) -> dict[str, str]:
    passages = split_passages(document(*(Block(kind="paragraph", text=text, paragraph=1) for text in sentences)))
    texts = [found.text for found in passages]
    found = matcher().match(texts, ENCODER.encode(texts))
    quotes = {pair: quote for pair, quote in quotes_of(passages).items() if pair[0] in rows_to_weigh(found, passages)}
    covered = cover(framework(), passages, weigh(found, quotes), quotes, unread=False)
    return {item.id: item.status for item in covered}


def test_what_is_taken_out_of_a_draft_becomes_a_gap_and_what_is_put_in_is_found() -> None:
    filler = [" ".join([FILLER] * 5)] * 3
    assert statuses(*filler) == {"P1": "gap", "P2": "gap", "Q": "gap"}
    assert statuses(*filler, " ".join([WATERING] * 3)) == {"P1": "evidenced", "P2": "gap", "Q": "gap"}
    assert statuses(" ".join([FENCING] * 3), *filler, " ".join([WATERING] * 3)) == {
        "P1": "evidenced",
        "P2": "evidenced",
        "Q": "gap",
    }

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from govbot.asking.bank import load_bank
from govbot.asking.labels import Names
from govbot.asking.phrasing import load_phrasing
from govbot.asking.routing import Router, Target
from govbot.asking.spelling import mend
from govbot.embedding import ShippedEncoder, TransformerEncoder
from govbot.frameworks import framework_ids, load_framework

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.embedding import Vectors


def read_questions(name: str) -> list[dict[str, Any]]:
    path = Path(__file__).with_name(f"{name}.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


QUESTIONS = read_questions("questions")
#: About a whole framework, or about one thing in it though its name is in the question.
WHOLES = read_questions("wholes")
FRAMEWORKS = [load_framework(name) for name in ("cipfa-ifac", "social-value-principles")]
#: Questions of many hands, written after the others.
LATER = ("late", "mail", "month")
#: As WHOLES, of all ten frameworks, most of which the draft was not read under.
FURTHER_WHOLES = read_questions("wholes_further")
#: About one part of one of the eight further frameworks.
FURTHER_PARTS = read_questions("parts_further")
EVERY_FRAMEWORK = [load_framework(name) for name in framework_ids()]


class BlindEncoder:
    """Finds nothing like anything else, so that only names count."""

    name, dim = "blind", 4

    def encode(self, texts: Sequence[str], *, progress: object = None) -> Vectors:
        return np.zeros((len(texts), self.dim), dtype=np.float32)


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(FRAMEWORKS, ShippedEncoder(TransformerEncoder()), banks=[load_bank(one) for one in FRAMEWORKS])


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("B3", ("B3",)),
        ("how do we do on principle f?", ("F",)),
        ("principles A and B please", ("A", "B")),
        ("Does SV3 get a look in?", ("SV3",)),
        ("social value principle 7 - do we pass", ("SV7",)),
        ("how are we doing on principle three?", ("SV3",)),
        ("principles 2 and 5 please", ("SV2", "SV5")),
        ("is principle 1 and 8 there", ("SV1", "SV8")),
        ("Coverage matrix SV1 to SV8 please.", tuple(f"SV{number}" for number in range(1, 9))),
        ("run this through SV1-8 please", tuple(f"SV{number}" for number in range(1, 9))),
        ("take me through principles A to G in turn", tuple("ABCDEFG")),
        ("How many of principles A-G have evidence", tuple("ABCDEFG")),
        ("A-G please", tuple("ABCDEFG")),
        ("principles A and principle 2", ("A", "SV2")),
        ("have we covered openness?", ("B1",)),
        ("any thing on opennes", ("B1",)),
        ("whistelblowing", ("A1",)),
        ("coproduction", ("B3",)),
        ("openness and risk registers", ("B1", "F1")),
        ("risk and value for money", ("F1", "F5")),
        ("is E any good", ("E",)),
        ("give me A and C please", ("A", "C")),
        ("A and B?", ("A", "B")),
        ("what about A, B and C", ("A", "B", "C")),
        ("A or B", ("A", "B")),
        ("A, B and C please", ("A", "B", "C")),
        ("how does F1 do, and A and C", ("F1", "A", "C")),
        ("how does this do on social value", tuple(f"SV{number}" for number in range(1, 9))),
        ("cipfa", ("A", "B", "C", "D", "E", "F", "G")),
    ],
)
def test_what_is_named_is_the_target_whatever_the_model(question: str, ids: tuple[str, ...]) -> None:
    assert Router(FRAMEWORKS, BlindEncoder()).route(question).ids == ids


@pytest.mark.parametrize(
    ("question", "ids"), [("TOM3-1", ("TOM3-1",)), ("and TOM3-1?", ("TOM3-1",)), ("B1 and tom3-1", ("B1", "TOM3-1"))]
)
def test_an_id_with_a_hyphen_is_one_id(question: str, ids: tuple[str, ...]) -> None:
    frameworks = [*FRAMEWORKS, load_framework("national-toms")]
    assert Router(frameworks, BlindEncoder()).route(question).ids == ids


@pytest.mark.parametrize("question", ["does it meet UK GDPR principle 6", "Nolan principle 5", "cipfa principle 3"])
def test_a_number_of_another_framework_is_not_ours(question: str) -> None:
    target = Router(FRAMEWORKS, BlindEncoder()).route(question)
    assert not any(identity.startswith("SV") for identity in target.ids)


def test_a_number_that_two_frameworks_have_names_neither() -> None:
    toms, model = (load_framework(name) for name in ("national-toms", "social-value-model"))
    assert [found.ids for found in Names([toms], {}, {}).find_ids(["theme", "3"])] == [("TOM3",)]
    assert not list(Names([toms, model], {}, {}).find_ids(["theme", "3"]))


@pytest.mark.parametrize(
    "question",
    [
        "how do we get from A to B",
        "who lives in block C",
        "anything on B roads",
        "what does section C say",
        "A good plan?",
        "is there hepatitis C in it",
        "DO WE HAVE A PLAN",
        "anything on M & E?",
        "does it mention A and E",
        "A&E waiting times",
        "the C of E",
        "did we get an A",
        "R and D",
        "sections B, C and D",
        "what should I do about bats",
    ],
)
def test_a_letter_that_means_something_else_is_no_principle(question: str) -> None:
    assert Router(FRAMEWORKS, BlindEncoder()).route(question).ids == ()


def test_one_by_one_names_no_principle() -> None:
    assert Router(FRAMEWORKS, BlindEncoder()).route("go through each principle one by one").ids != ("SV1",)


def test_a_number_that_drafts_count_by_too_is_no_id() -> None:
    frameworks = [load_framework(name) for name in ("public-value", "public-value-framework")]
    router = Router(frameworks, BlindEncoder())
    assert router.route("anything in part 2 on cats").ids == ()
    assert router.route("how about pillar 2").ids == ("PVF2",)


def test_a_name_that_two_frameworks_share_is_the_first_ones() -> None:
    targets = [
        Router(order, BlindEncoder()).route("stakeholder engagement") for order in (FRAMEWORKS, FRAMEWORKS[::-1])
    ]
    assert [(target.framework, target.ids) for target in targets] == [
        ("cipfa-ifac", ("B",)),
        ("social-value-principles", ("SV1",)),
    ]


@pytest.mark.parametrize(
    ("question", "wish", "rest"),
    [
        ("have we covered openness?", "coverage", "have we covered openness?"),
        ("What should I ask the partners?", "questions", "the partners?"),
        ("what should i ask", "questions", ""),
        ("whats missing under F", "missing", "under F"),
        ("What's missing?", "missing", ""),
        ("what are the gaps on risk", "missing", "on risk"),
        ("compare with last week's version", "compare", ""),
        ("how do we compare with other councils", "coverage", "how do we compare with other councils"),
        ("show me more", "more", ""),
        ("Why?", "why", ""),
        ("help", "help", ""),
        ("does it help carers", "coverage", "does it help carers"),
        ("is there a gender pay gap", "coverage", "is there a gender pay gap"),
        ("how will we close the gaps in attainment", "coverage", "how will we close the gaps in attainment"),
        ("strengths and weaknesses of each option", "coverage", "strengths and weaknesses of each option"),
        ("are there questions for residents", "coverage", "are there questions for residents"),
        ("options", "coverage", "options"),
        ("does it identify any gaps in skills", "coverage", "does it identify any gaps in skills"),
        ("what isnt covered by insurance", "coverage", "what isnt covered by insurance"),
        ("does it say what questions to ask suppliers", "coverage", "does it say what questions to ask suppliers"),
        ("does it say what has changed since 2019", "coverage", "does it say what has changed since 2019"),
        ("is there an earlier version", "coverage", "is there an earlier version"),
        ("does it compare this with other councils", "coverage", "does it compare this with other councils"),
        ("can you tell me what to ask about risk", "questions", "about risk"),
        ("gaps in engagement", "missing", "in engagement"),
        ("why do we consult so late", "coverage", "why do we consult so late"),
    ],
)
def test_what_is_wished_for_is_told_from_what_of(question: str, wish: str, rest: str) -> None:
    found = load_phrasing().wished(question)
    assert (found.wish, found.rest) == (wish, rest)


def test_a_bare_wish_is_never_about_one_criterion() -> None:
    phrasing = load_phrasing()
    router = Router(FRAMEWORKS, BlindEncoder())
    typed = [
        (wish, phrase)
        for wishes in (phrasing.whole_wishes, phrasing.wishes)
        for wish, phrases in wishes.items()
        for phrase in phrases
    ]
    found = [(wish, phrase, router.route(phrase)) for wish, phrase in typed]
    assert [(phrase, target.wish) for wish, phrase, target in found if target.wish != wish] == []
    assert [phrase for _, phrase, target in found if not target.is_bare or len(target.ids) == 1] == []


@pytest.mark.parametrize(
    ("question", "target"),
    [
        ("whats missing under F", Target(kind="criterion", ids=("F",), wish="missing")),
        ("what should I ask about openness", Target(kind="criterion", ids=("B1",), wish="questions")),
        ("more", Target(kind="other", wish="more", is_bare=True)),
        ("what should I ask?", Target(kind="other", wish="questions", is_bare=True)),
    ],
)
def test_a_wish_is_kept_with_its_target(question: str, target: Target) -> None:
    found = Router(FRAMEWORKS, BlindEncoder()).route(question)
    assert (found.kind, found.ids, found.wish, found.is_bare) == (
        target.kind,
        target.ids,
        target.wish,
        target.is_bare,
    )


@pytest.mark.parametrize("question", ["", "?!", "12 + 9", "sdfghj"])
def test_what_has_no_words_is_nothing_of_ours(question: str) -> None:
    assert Router(FRAMEWORKS, BlindEncoder()).route(question) == Target(kind="other")


@pytest.mark.parametrize(
    ("question", "typed", "framed", "is_clause"),
    [
        ("Does the draft say anything about e-books in the draft?", "e-books", True, False),
        ("have we covered Dane Cross?", "Dane Cross", True, False),
        ("what about on-street parking", "on-street parking", True, False),
        ("is Brexit in here", "Brexit", True, False),
        ("do we publish an annual report", "publish an annual report", False, True),
        ("would we notice if it went wrong", "notice if it went wrong", False, True),
        ("the draft", "the draft", False, False),
    ],
)
def test_the_frame_is_taken_off(question: str, typed: str, framed: bool, is_clause: bool) -> None:
    wording = load_phrasing().read(question)
    assert (wording.typed, wording.framed, wording.is_clause) == (typed, framed, is_clause)


@pytest.mark.parametrize(
    ("word", "mended"),
    [("risc", "risc"), ("fruad", "fraud"), ("ponds", "ponds"), ("anual", "anual"), ("comittee", "committee")],
)
def test_only_sure_slips_are_mended(word: str, mended: str) -> None:
    assert mend(word, known={"fox"}, towards=["fraud", "pounds", "risk", "committee"]) == mended


def test_no_example_is_a_test_question() -> None:
    phrasing = load_phrasing()
    examples = [*phrasing.other, *phrasing.topics]
    examples += [text for asked in phrasing.asked.values() for texts in asked.values() for text in texts]
    examples += [text for texts in phrasing.wholes.values() for text in texts]
    normal = {phrasing.read(text).words for text in examples}
    assert not [item["q"] for item in (*QUESTIONS, *WHOLES) if phrasing.read(item["q"]).words in normal]
    # Of the later ones a name may come twice ("knife crime").
    later = [*FURTHER_WHOLES, *FURTHER_PARTS, *(item for name in LATER for item in read_questions(name))]
    words = {item["q"]: phrasing.read(item["q"]).words for item in later}
    assert not [asked for asked, own in words.items() if len(own) > 3 and own in normal]


def test_every_example_belongs_to_a_framework() -> None:
    for framework in EVERY_FRAMEWORK:
        known = {*framework.criterion_ids, *(principle.id for principle in framework.principles)}
        assert set(load_phrasing().asked[framework.id]) == known
        assert len(load_phrasing().wholes[framework.id]) >= 60


@pytest.mark.model
@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize(("kind", "least"), [("criterion", 0.93), ("topic", 0.95), ("other", 0.93)])
def test_questions_find_their_targets(router: Router, split: str, kind: str, least: float) -> None:
    """`least` is a few points under what was measured on the half kept back."""
    asked = [item for item in QUESTIONS if item["split"] == split and _kind(item) == kind]
    right = [_is_accepted(item, router.route(item["q"])) for item in asked]
    assert np.mean(right) >= least


@pytest.mark.model
@pytest.mark.parametrize(("kind", "least"), [("criterion", 0.85), ("topic", 0.74), ("other", 0.92)])
@pytest.mark.parametrize("name", ["seen", "unseen", "fresh"])
def test_hard_questions_of_other_hands_find_their_targets(router: Router, name: str, kind: str, least: float) -> None:
    """Thresholds were chosen on "seen"; nothing on "unseen" and "fresh", whose misses nobody has looked at."""
    asked = [item for item in read_questions(name) if _kind(item) == kind]
    right = [_is_accepted(item, router.route(item["q"])) for item in asked]
    assert np.mean(right) >= least


@pytest.mark.model
@pytest.mark.parametrize(("kind", "least"), [("criterion", 0.85), ("topic", 0.8), ("other", 0.8)])
@pytest.mark.parametrize("name", LATER)
def test_questions_of_many_hands_find_their_targets(router: Router, name: str, kind: str, least: float) -> None:
    """Thresholds were chosen on "late" and "mail" too; on "month" nothing was."""
    asked = [item for item in read_questions(name) if _kind(item) == kind]
    right = [_is_accepted(item, router.route(item["q"])) for item in asked]
    assert np.mean(right) >= least


@pytest.mark.model
def test_the_hardest_questions_find_their_targets(router: Router) -> None:
    """Nothing was chosen on them.

    The right target is first for .82 of all, of which a quarter is asked here, and for .80 of those of a principle.
    """
    hands = read_questions("hands")
    whole = [item for item in hands if all(len(one) == 1 for one in item["targets"])]
    for asked, least in ((hands[::4], 0.77), (whole, 0.75)):
        found = [(item, router.route(item["q"])) for item in asked]
        assert np.mean([_is_accepted(item, target) for item, target in found]) >= least
        offered = [{*target.ids[:1], *target.others[:2]} for _, target in found]
        assert np.mean([bool(ids & {*item["targets"]}) for (item, _), ids in zip(found, offered, strict=True)]) >= 0.87


@pytest.mark.model
def test_part_of_a_further_framework_is_told_from_its_criteria() -> None:
    """Nothing was chosen on them; of all, .25 were understood while a part had a quarter of the examples it has now."""
    encoder = ShippedEncoder(TransformerEncoder())
    routers = {one.id: Router([one], encoder, banks=[load_bank(one)]) for one in EVERY_FRAMEWORK}
    asked = FURTHER_PARTS
    found = [routers[item["framework"]].route(item["q"]) for item in asked]
    first = [target.ids[:1] == (item["part"],) for item, target in zip(asked, found, strict=True)]
    near = [item["part"] in (*target.ids[:1], *target.others[:2]) for item, target in zip(asked, found, strict=True)]
    assert np.mean(first) >= 0.5
    assert np.mean(near) >= 0.8


@pytest.mark.model
@pytest.mark.parametrize(("is_whole", "least"), [(True, 0.7), (False, 0.8)])
def test_a_framework_that_the_draft_was_not_read_under_is_asked_for_as_a_whole(is_whole: bool, least: float) -> None:
    """A tenth of the wholes was found while two frameworks of the ten had examples of such questions."""
    asked = [item for item in FURTHER_WHOLES if (item["whole"] is not None) == is_whole]
    encoder = ShippedEncoder(TransformerEncoder())
    routers: dict[tuple[str, ...], Router] = {}
    found = []
    for item in asked:
        named = load_phrasing().named_frameworks(item["q"])
        read = tuple(one.id for one in EVERY_FRAMEWORK if one in FRAMEWORKS or one.id in named)
        if read not in routers:
            frameworks, others = [], []
            for one in EVERY_FRAMEWORK:
                (frameworks if one.id in read else others).append(one)
            banks = [load_bank(one) for one in frameworks]
            routers[read] = Router(frameworks, encoder, banks=banks, elsewhere=others)
        found.append(routers[read].route(item["q"]).ids)
    wholes = {tuple(principle.id for principle in framework.principles): framework.id for framework in EVERY_FRAMEWORK}
    right = [wholes.get(ids) == item["whole"] for ids, item in zip(found, asked, strict=True)]
    assert np.mean(right) >= least


@pytest.mark.model
@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_whole_framework_is_told_from_one_thing_in_it(router: Router, split: str, is_whole: bool) -> None:
    """The margin was chosen on "dev"; before there were examples of such questions one whole in ten was found."""
    asked = [item for item in WHOLES if item["split"] == split and (item["whole"] is not None) == is_whole]
    targets = [router.route(item["q"]) for item in asked]
    wholes = {tuple(principle.id for principle in framework.principles): framework.id for framework in FRAMEWORKS}
    right = [wholes.get(target.ids) == item["whole"] for target, item in zip(targets, asked, strict=True)]
    assert np.mean(right) >= 0.78


@pytest.mark.model
def test_a_whole_framework_is_never_offered_beside_another_answer(router: Router) -> None:
    target = router.route("who checks our social value claims")
    assert len(target.others) == 3
    assert "social-value-principles" not in target.others


@pytest.mark.model
def test_a_whole_framework_is_not_called_by_what_was_typed(router: Router) -> None:
    target = router.route("run every last one of the governance principles over it")
    assert (target.ids, target.framework, target.asked) == (tuple("ABCDEFG"), "cipfa-ifac", "")


@pytest.mark.model
def test_a_topic_is_named_in_the_persons_words(router: Router) -> None:
    assert router.route("Have we said anything about Cycle lanes?").topic == "Cycle lanes"


def _kind(item: dict[str, object]) -> str:
    return "criterion" if "targets" in item else "topic" if "topic" in item else "other"


def _is_accepted(item: dict[str, object], target: Target) -> bool:
    accepted = item.get("targets")
    return target.kind == _kind(item) and (not isinstance(accepted, list) or target.ids[0] in accepted)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how does this do on the TOMs?", ("national-toms",)),
        ("have we covered best value", ("best-value",)),
        ("do we get best value for our tenants", ()),
        ("what is missing under the social value model", ("social-value-model",)),
        ("have we covered openness?", ()),
        ("PPN 06/20 compliance matrix for this bid", ("social-value-model",)),
        ("which of Stoker's four lessons do we miss", ("best-value",)),
        ("does the treasury framework pass us", ("public-value-framework",)),
        ("run the CLEAR tool over it", ("clear",)),
        ("CLEAR marks please", ("clear",)),
        ("is it clear who decides", ()),
        ("IS IT CLEAR WHO DECIDES", ()),
        ("TOMs summary", ("national-toms",)),
        ("CLEAR", ("clear",)),
        ("is there a clear audit trail", ()),
        ("do we comply with the Welfare Reform Act 2012", ()),
        ("did Councillor Barber agree", ()),
        ("does the board act on social value findings", ()),
    ],
)
def test_framework_that_a_question_names(question: str, named: tuple[str, ...]) -> None:
    found = load_phrasing().named_frameworks(question)
    assert tuple(name for name in found if name not in ("cipfa-ifac", "social-value-principles")) == named

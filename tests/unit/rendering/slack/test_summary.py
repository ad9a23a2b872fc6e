from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govbot.assessing import gather
from govbot.frameworks import Framework
from govbot.records import KeptDecision, Portfolio, Standings, Unchecked
from govbot.rendering.slack import actions as act
from govbot.rendering.slack.actions import Ref, Span
from govbot.rendering.slack.home import LastAnswer, Overview, home_view
from govbot.rendering.slack.summary import digest_message, summary_message
from tests.unit.rendering.slack.test_evidence import SET_ASIDE

Drawn = Callable[[list[dict[str, Any]]], str]
Refused = Callable[[Any], tuple[str, ...]]
SPAN = Span(framework="bridges", since="2027-05-01")


def at(month: int) -> datetime:
    return datetime(2027, month, 3, tzinfo=UTC)


def standing(document: int, version: int, month: int, statuses: str, title: str = "Bridges") -> Standings:
    found = {"e": ("evidenced", "pd"), "c": ("committed", "p"), "g": ("gap", ""), "n": ("not_applicable", "")}
    return Standings(
        document=document,
        title=title,
        team="C1",
        version=version,
        kept_at=at(month),
        framework_version="1.2.0",
        matcher="m1",
        made_at=at(month),
        criteria={name: found[sign] for name, sign in zip(("K1", "K2", "T"), statuses, strict=True)},  # type: ignore[misc]
    )


VERSIONS = [
    standing(1, 1, 5, "egg"),
    standing(1, 2, 6, "eeg"),
    standing(2, 1, 6, "ecn", title="Ferries"),
    standing(3, 1, 5, "ggg", title="*Tolls* <!channel>"),
]


def portfolio(framework: Framework, versions: list[Standings] = VERSIONS) -> Portfolio:
    decided = [KeptDecision(document=2, title="Ferries", decision=SET_ASIDE)]
    unchecked = [Unchecked(document=9, title="Tunnels", version=2, checked=1)]
    return gather(framework, versions, decided, unchecked, matcher="m1")


TABLE = """\
# How the drafts stand
3 kept drafts checked against The Bridge Code. Missing most often: T (2), K1 (1), K2 (1).
Draft | Evidenced | Promised | Missing | Since the version before
*Tolls* <!channel> | 0 of 3 | 0 | 3 | –
Ferries | 1 of 2 | 1 | 0 | –
Bridges | 2 of 3 | 0 | 1 | 1 gap closed (K2)
Missing most often
- T Taking fair tolls: in 2 drafts
- K1 Inspecting: in 1 draft
- K2 Mending: in 1 draft
<Criteria evidenced per draft, by month>
People made 1 decision on these drafts; the Excel file has them with their reasons. 1 draft should be checked again: \
a new version, or a new version of the framework.
[Excel file]
(Drafts since 1 May 2027. Only drafts that you may see are counted.)"""


def test_summary(framework: Framework, drawn: Drawn) -> None:
    assert drawn(summary_message(portfolio(framework), framework, SPAN).blocks) == TABLE


def test_chart_shows_how_many_are_evidenced_in_a_draft(framework: Framework) -> None:
    blocks = summary_message(portfolio(framework), framework, SPAN).blocks
    (chart,) = (block["chart"] for block in blocks if block["type"] == "data_visualization")
    assert chart["axis_config"] == {
        "categories": ["May 2027", "June 2027"],
        "x_label": "Month",
        "y_label": "Criteria, of 3",
    }
    assert [point["value"] for point in chart["series"][0]["data"]] == [0.5, 1.5]


def test_trend_in_words_where_slack_knows_no_charts(framework: Framework, drawn: Drawn) -> None:
    shown = drawn(summary_message(portfolio(framework), framework, SPAN, has_chart=False, is_officer=True).blocks)
    assert (
        "Criteria evidenced per draft, by month\n"
        "- May 2027: 0.5 of 3 criteria evidenced per draft (2 drafts)\n"
        "- June 2027: 1.5 of 3 criteria evidenced per draft (2 drafts)\n"
    ) in shown
    assert shown.endswith("Counted by your organisation's rules for governance officers.)")


def test_summary_of_nothing(framework: Framework, drawn: Drawn) -> None:
    shown = drawn(summary_message(gather(framework, [], matcher="m1"), framework, Span()).blocks)
    assert shown == (
        "# How the drafts stand\nNo kept draft was checked against The Bridge Code.\n"
        "(Only drafts that you may see are counted.)"
    )


def test_export_knows_what_was_summed_up(framework: Framework) -> None:
    blocks = summary_message(portfolio(framework), framework, SPAN).blocks
    (button,) = next(block["elements"] for block in blocks if block["type"] == "actions")
    assert (button["action_id"], Span.unpack(button["value"])) == (act.EXPORT, SPAN)


def test_digest_tells_what_is_new(framework: Framework, drawn: Drawn) -> None:
    shown = drawn(digest_message(portfolio(framework), framework, SPAN, since=at(6)).blocks)
    assert shown.splitlines()[:6] == [
        "2 drafts were checked since 3 June 2027.",
        "Against The Bridge Code, the weakest first.",
        "- Ferries, version 1: 1 of 2 criteria evidenced, 0 missing",
        "- Bridges, version 2: 2 of 3 criteria evidenced, 1 missing",
        "Since version 1: 1 gap closed (K2 Mending).",
        "Missing most often",
    ]


def test_digest_of_a_quiet_week(framework: Framework) -> None:
    told = digest_message(portfolio(framework), framework, SPAN, since=at(7)).text
    assert told.startswith("No draft was checked since 3 July 2027.\n")


HOME = """\
# My drafts
(Against The Bridge Code.)
Bridges, version 2: 2 of 3 criteria evidenced, 1 missing
Since version 1: 1 gap closed (K2 Mending).
(Checked on 3 June 2027.)
[Evidence] [All questions] [Ask]
# Drafts shared with me
Nothing that you have not dropped yourself.
# My last answers
- have we covered openness?
Bridges: Yes.
# Settings
Choose a channel to set which of its drafts I read.
[Choose a channel v]"""


def test_home(framework: Framework, drawn: Drawn) -> None:
    mine = portfolio(framework).drafts[-1:]
    answers = [LastAnswer(question="have we covered openness?", verdict="Yes.", title="Bridges")]
    view = home_view(mine, [], framework=framework, answers=answers)
    assert drawn(view["blocks"]) == HOME
    (row,) = (block["elements"] for block in view["blocks"] if len(block.get("elements", ())) == 3)
    assert {Ref.unpack(one["value"]) for one in row} == {Ref(document=1, framework="bridges")}


def test_home_of_an_officer(framework: Framework, drawn: Drawn) -> None:
    overview = Overview(
        portfolio=portfolio(framework), span=SPAN, frameworks=[framework], channels=[("C1", "#roads"), ("C2", "#sea")]
    )
    view = home_view([], [], framework=framework, overview=overview)
    shown = drawn(view["blocks"])
    assert "\n# All drafts\n[The Bridge Code v] [All channels v] [Since v]\n3 kept drafts" in shown
    assert "\nWeakest first\n- *Tolls* <!channel>, version 1: 0 of 3 criteria evidenced, 3 missing\n" in shown
    (filters,) = (block for block in view["blocks"] if block.get("block_id", "").startswith("span:"))
    assert Span.unpack(filters["block_id"].removeprefix("span:")) == SPAN
    assert filters["elements"][2]["initial_date"] == "2027-05-01"


def test_nobody_is_pinged_by_a_title(framework: Framework) -> None:
    assert "<" not in summary_message(portfolio(framework), framework, SPAN).text


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=40).map(lambda text: text * 250), count=st.integers(0, 120))
def test_slack_refuses_nothing(text: str, count: int, framework: Framework, refused: Refused) -> None:
    versions = [standing(number, 1 + number % 3, 1 + number % 12, "egg", title=text) for number in range(count)]
    versions += [dataclasses.replace(one, version=one.version + 1) for one in versions]
    found = portfolio(framework, versions)
    answers = [LastAnswer(question=text, verdict=text, title=text)] * count
    channels = [(f"C{number}", text) for number in range(count)]
    overview = Overview(portfolio=found, span=SPAN, frameworks=[framework] * count or [framework], channels=channels)
    assert refused(summary_message(found, framework, SPAN)) == ()
    assert refused(summary_message(found, framework, SPAN, has_chart=False)) == ()
    assert refused(digest_message(found, framework, SPAN, since=at(1))) == ()
    home = home_view(found.drafts, found.drafts, framework=framework, answers=answers, overview=overview)
    assert refused(home) == ()

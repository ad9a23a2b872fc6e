"""The shipped crosswalk: every link leads somewhere, stands once and says why."""

from __future__ import annotations

import yaml

from govbot.frameworks import Link, framework_ids, links_between, load_framework
from govbot.resources import resource

LINKS = yaml.safe_load(resource("principles/crosswalk.yaml").read_text(encoding="utf-8"))["links"]
KNOWN = {f"{name} {criterion}" for name in framework_ids() for criterion in load_framework(name).criterion_ids}


def test_every_link_leads_from_a_criterion_to_one_of_another_framework() -> None:
    places = [(link["of"], link["to"]) for link in LINKS]
    assert {place for pair in places for place in pair} <= KNOWN
    assert not [pair for pair in places if pair[0].split()[0] == pair[1].split()[0]]


def test_every_pair_stands_once_with_a_reason_of_its_own() -> None:
    assert len({frozenset((link["of"], link["to"])) for link in LINKS}) == len(LINKS)
    reasons = [link["reason"] for link in LINKS]
    assert len(set(reasons)) == len(reasons)
    assert not [reason for reason in reasons if not (reason.endswith(".") and 5 <= len(reason.split()) <= 30)]


def test_every_framework_is_linked_with_another() -> None:
    assert {link[end].split()[0] for link in LINKS for end in ("of", "to")} == set(framework_ids())


def test_link_is_read_from_either_side() -> None:
    clear, cipfa = load_framework("clear"), load_framework("cipfa-ifac")
    there, back = links_between(clear, cipfa), links_between(cipfa, clear)
    asked = next(link for link in there if link.criterion == "AT")
    assert asked == Link(criterion="AT", relation="part of", other="B3", reason=asked.reason)
    assert Link(criterion="B3", relation="includes", other="AT", reason=asked.reason) in back
    assert len(there) == len(back)
    assert [link.criterion for link in back] == sorted(link.criterion for link in back)

"""Modals and Homes: opened, pushed, replaced and closed, within Slack's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from govbot.rendering.slack.limits import faults_of
from govbot.testing.slack.elements import carried, initial_values, with_ids
from govbot.testing.slack.records import Refused
from govbot.testing.slack.world import Shown

if TYPE_CHECKING:
    from govbot.testing.slack.world import Team, World

#: Modals that lie on top of each other.
MOST_MODALS = 3


def open_modal(world: World, team: Team, user: str, view: dict[str, Any]) -> Shown:
    """Show somebody a modal, in the place of all that were open."""
    shown = _new(world, team, user, view, "modal")
    shown.root = shown.id
    world.stacks[user] = [shown]
    world.changed()
    return shown


def push_modal(world: World, team: Team, user: str, view: dict[str, Any]) -> Shown:
    """Lay a modal on top of what somebody has open; raise Refused where three are."""
    stack = world.stacks.get(user) or []
    if not stack:
        raise Refused("not_found")
    if len(stack) >= MOST_MODALS:
        raise Refused("push_limit_reached")
    shown = _new(world, team, user, view, "modal")
    shown.root, shown.previous = stack[0].id, stack[-1].id
    stack.append(shown)
    world.changed()
    return shown


def replace_view(world: World, shown: Shown, view: dict[str, Any], known_hash: str = "") -> Shown:
    """Show another view in the place of one; what keeps its ids keeps what was filled in. Raises Refused."""
    if known_hash and known_hash != shown.hash:
        raise Refused("hash_conflict")
    kind = str(shown.view["type"])
    shown.view = _checked(world, shown.team, view, "home" if kind == "home" else "modal", of=shown)
    shown.values = carried(shown.view["blocks"], shown.values)
    shown.hash = world.new_hash()
    world.changed()
    return shown


def publish_home(world: World, team: Team, user: str, view: dict[str, Any], known_hash: str = "") -> Shown:
    """Show somebody a Home; raise Refused."""
    shown = world.homes.get(user)
    if shown is not None:
        return replace_view(world, shown, view, known_hash)
    shown = _new(world, team, user, view, "home")
    shown.root = shown.id
    world.homes[user] = shown
    world.changed()
    return shown


def close_modal(world: World, user: str) -> Shown:
    """Take away the modal on top; raise Refused where there is none."""
    stack = world.stacks.get(user) or []
    if not stack:
        raise Refused("no_view")
    shown = stack.pop()
    world.changed()
    return shown


def top_modal(world: World, user: str) -> Shown:
    """Return the modal that somebody sees; raise Refused where there is none."""
    stack = world.stacks.get(user) or []
    if not stack:
        raise Refused("no_view")
    return stack[-1]


def _new(world: World, team: Team, user: str, view: dict[str, Any], kind: Literal["modal", "home"]) -> Shown:
    checked = _checked(world, team.id, view, kind)
    return Shown(
        id=world.new_id("V"),
        team=team.id,
        user=user,
        hash=world.new_hash(),
        view=checked,
        values=initial_values(checked["blocks"]),
    )


def _checked(
    world: World, team: str, view: object, kind: Literal["modal", "home"], *, of: Shown | None = None
) -> dict[str, Any]:
    """Return a view with all ids; raise Refused for one that Slack would not take."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] failed to match view"]})
    faults = faults_of(kind, view)
    if any("view_too_large" in fault for fault in faults):
        raise Refused("view_too_large")
    if faults:
        told = [in_slacks_words(fault) for fault in faults]
        raise Refused("invalid_arguments", json.dumps(faults), response_metadata={"messages": told})
    named = view.get("external_id")
    other = world.shown_by_external_id(team, named) if named else None
    if other is not None and other is not of:
        raise Refused("duplicate_external_id")
    return {**view, "blocks": with_ids(view["blocks"], world.new_id)}


def in_slacks_words(fault: str) -> str:
    """Return a fault such as "/blocks/0: must be …" as Slack writes it."""
    place, _, what = fault.partition(": ")
    return f"[ERROR] {what} [json-pointer:{place}]"

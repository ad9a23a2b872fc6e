"""views.*: modals and Homes that the app shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import view_json
from govbot.testing.slack.showing import open_modal, publish_home, push_modal, replace_view
from govbot.testing.slack.web.calling import method

if TYPE_CHECKING:
    from govbot.testing.slack.web.calling import Asked
    from govbot.testing.slack.world import Shown, Trigger

#: Seconds that a trigger is good for.
TRIGGER_GOOD_FOR = 3.0


@method("views.open")
def open_view(asked: Asked) -> dict[str, Any]:
    """Show a modal to the person who did something just now."""
    trigger = _trigger(asked)
    shown = open_modal(asked.world, asked.team, trigger.user, asked.json("view"))
    trigger.is_used = True
    return _told(asked, shown)


@method("views.push")
def push_view(asked: Asked) -> dict[str, Any]:
    """Show a modal on top of the one in which something was done just now."""
    trigger = _trigger(asked)
    if not trigger.view:
        raise Refused("not_found")
    shown = push_modal(asked.world, asked.team, trigger.user, asked.json("view"))
    trigger.is_used = True
    return _told(asked, shown)


@method("views.update")
def update_view(asked: Asked) -> dict[str, Any]:
    """Show another view in the place of one that is open."""
    name, external = asked.text("view_id"), asked.text("external_id")
    world = asked.world
    shown = world.shown(name) if name else world.shown_by_external_id(asked.team.id, external)
    if shown is None or shown.team != asked.team.id:
        raise Refused("not_found")
    return _told(asked, replace_view(world, shown, asked.json("view"), asked.text("hash")))


@method("views.publish")
def publish_view(asked: Asked) -> dict[str, Any]:
    """Show somebody a Home."""
    user = asked.person(asked.required("user_id"))
    return _told(asked, publish_home(asked.world, asked.team, user.id, asked.json("view"), asked.text("hash")))


def _trigger(asked: Asked) -> Trigger:
    """Return the trigger that was given, good and not used yet; raise Refused."""
    trigger = asked.world.triggers.get(asked.required("trigger_id"))
    if trigger is None or trigger.team != asked.team.id:
        raise Refused("invalid_trigger_id")
    if trigger.is_used:
        raise Refused("exchanged_trigger_id")
    if asked.world.clock.now() - trigger.made_at > TRIGGER_GOOD_FOR:
        raise Refused("expired_trigger_id")
    return trigger


def _told(asked: Asked, shown: Shown) -> dict[str, Any]:
    return {"view": view_json(shown, asked.team)}

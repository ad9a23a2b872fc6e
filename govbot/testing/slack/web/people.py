"""auth.*, users.*, usergroups.*: who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import user_json
from govbot.testing.slack.web.calling import method

if TYPE_CHECKING:
    from govbot.testing.slack.web.calling import Asked


@method("auth.test")
def test_auth(asked: Asked) -> dict[str, Any]:
    """Return whose token it is."""
    team = asked.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": asked.world.users[team.bot_user].name,
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read")
def user_info(asked: Asked) -> dict[str, Any]:
    """Return somebody: of this workspace, or of one that a channel is shared with."""
    user = asked.person(asked.required("user"))
    if user.team != asked.team.id and not _is_met(asked, user.id):
        raise Refused("user_not_found")
    return {"user": user_json(user, seen_by=asked.team.id)}


def _is_met(asked: Asked, user: str) -> bool:
    """Return whether somebody of another workspace is in a shared channel."""
    return any(user in channel.members for channel in asked.world.channels.values() if channel.is_ext_shared)


@method("users.list", "users:read")
def list_users(asked: Asked) -> dict[str, Any]:
    """Return the people of the workspace."""
    every = [user for user in asked.world.users.values() if user.team == asked.team.id]
    page, cursor = asked.page(every, 200)
    return {"members": [user_json(user, seen_by=asked.team.id) for user in page], "response_metadata": cursor}


@method("usergroups.users.list", "usergroups:read")
def list_group(asked: Asked) -> dict[str, Any]:
    """Return the people of a group."""
    group = asked.required("usergroup")
    if group not in asked.world.groups:
        raise Refused("no_such_subteam")
    return {"users": list(asked.world.groups[group])}


@method("usergroups.list", "usergroups:read")
def list_groups(asked: Asked) -> dict[str, Any]:
    """Return the groups that there are."""
    return {"usergroups": [{"id": name, "team_id": asked.team.id} for name in asked.world.groups]}

"""What the page draws: the workspace as one person may see it, in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.talking import may_see

if TYPE_CHECKING:
    from govbot.testing.slack.world import Channel, Post, Shown, User, World


def state_of(world: World, asked_for: str, *, is_ready: bool) -> dict[str, Any]:
    """Return all that somebody sees; for nobody that is known, what the first person sees. Raises Refused."""
    me = _person(world, asked_for)
    team = world.teams[me.team]
    if team.bot_user:
        world.direct_messages(team, me.id)
    channels = [channel for channel in world.channels.values() if may_see(world, me.id, channel)]
    bot = next((world.users[one.bot_user] for one in world.teams.values() if one.bot_user), None)
    stack, home = world.stacks.get(me.id), world.homes.get(me.id)
    return {
        "version": world.version,
        "team": {"id": team.id, "name": team.name},
        "me": me.id,
        "bot": {"id": bot.id if bot else "", "name": bot.name if bot else "", "ready": is_ready},
        "users": [_user(user, team.id) for user in world.users.values() if not user.is_bot],
        "channels": [_channel(world, channel, me.id) for channel in channels],
        "messages": {channel.id: _messages(world, channel, me.id) for channel in channels},
        "modal": {**_shown(stack[-1]), "id": stack[-1].id, "depth": len(stack)} if stack else None,
        "home": _shown(home) if home else None,
        "commands": [{"command": one["command"], "hint": one.get("usage_hint", "")} for one in world.registry.commands],
        "shortcuts": [{"callback_id": one["callback_id"], "name": one["name"]} for one in world.registry.shortcuts],
    }


def _person(world: World, name: str) -> User:
    if name in world.users and not world.users[name].is_bot:
        return world.users[name]
    first = next((user for user in world.users.values() if not user.is_bot), None)
    if first is None:
        raise Refused("no_such_user")
    return first


def _user(user: User, team: str) -> dict[str, Any]:
    kind = "stranger" if user.team != team else "guest" if user.is_guest else "member"
    return {"id": user.id, "name": user.name, "kind": kind}


def _channel(world: World, channel: Channel, user: str) -> dict[str, Any]:
    team = world.teams[channel.team]
    return {
        "id": channel.id,
        "name": world.users[team.bot_user].name if channel.kind == "dm" else channel.name,
        "kind": channel.kind,
        "member": user in channel.members,
        "has_bot": team.bot_user in channel.members,
        "shared": channel.is_ext_shared,
    }


def _messages(world: World, channel: Channel, user: str) -> list[dict[str, Any]]:
    seen = [post for post in channel.posts if post.only_for in ("", user)]
    replies: dict[str, list[dict[str, Any]]] = {}
    for post in seen:
        if post.thread and not post.is_gone:
            replies.setdefault(post.thread, []).append(_message(world, post))
    first = [post for post in seen if not post.thread and (not post.is_gone or post.ts in replies)]
    return [{**_message(world, post), "replies": replies.get(post.ts, [])} for post in first]


def _message(world: World, post: Post) -> dict[str, Any]:
    told: dict[str, Any] = {"ts": post.ts, "user": post.user, "replies": []}
    if post.is_gone:
        nothing: dict[str, Any] = {"text": "", "blocks": [], "files": [], "edited": False, "only_me": False}
        return {**told, **nothing, "gone": True}
    return {
        **told,
        "text": post.text,
        "blocks": post.blocks,
        "files": [_file(world, name) for name in post.files],
        "edited": post.is_edited,
        "only_me": bool(post.only_for),
    }


def _file(world: World, name: str) -> dict[str, Any]:
    file = world.files[name]
    return {"id": file.id, "name": file.name, "size": len(file.data), "deleted": file.is_gone}


def _shown(shown: Shown) -> dict[str, Any]:
    return {"hash": shown.hash, "view": shown.view}

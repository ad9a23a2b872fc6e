"""People, channels, messages, files and views as Slack writes them in JSON."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from govbot.testing.slack.world import Channel, File, Post, Shown, Team, User, World

#: Id of the app.
APP_ID = "A0000000001"
_KEPT = ("private_metadata", "callback_id", "external_id")


def user_json(user: User, *, seen_by: str) -> dict[str, Any]:
    """Return somebody as users.info tells of them to the app in the workspace `seen_by`."""
    told = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name.casefold().replace(" ", "."),
        "real_name": user.name,
        "deleted": user.is_gone,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": user.is_guest or user.is_ultra,
        "is_ultra_restricted": user.is_ultra,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "tz": "Europe/London",
        "tz_offset": 0,
        "profile": {"real_name": user.name, "display_name": user.name, "team": user.team},
    }
    return told | ({"is_stranger": True} if user.team != seen_by else {})


def channel_json(world: World, channel: Channel, team: Team) -> dict[str, Any]:
    """Return a channel as conversations.info tells of it."""
    is_direct = channel.kind == "dm"
    told: dict[str, Any] = {
        "id": channel.id,
        "created": 0,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": is_direct,
        "is_mpim": False,
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": channel.team,
        "shared_team_ids": teams_in(world, channel),
    }
    if is_direct:
        return told | {"user": next(one for one in channel.members if one != team.bot_user), "is_open": True}
    return told | {"name": channel.name, "is_member": team.bot_user in channel.members, "creator": ""}


def teams_in(world: World, channel: Channel) -> list[str]:
    """Return the workspaces whose people are in a channel, its own first."""
    if not channel.is_ext_shared:
        return [channel.team]
    return list(dict.fromkeys([channel.team, *(world.users[one].team for one in channel.members)]))


def replies_to(channel: Channel, ts: str) -> list[Post]:
    """Return what everybody sees in a thread, its first message left out."""
    return [post for post in channel.posts if post.thread == ts and not post.is_gone and not post.only_for]


def message_json(world: World, post: Post, *, is_all: bool = False) -> dict[str, Any]:
    """Return a message; `is_all` adds what the app attached to it unseen."""
    channel = world.channels[post.channel]
    told: dict[str, Any] = {"type": "message", "user": post.user, "text": post.text, "ts": post.ts}
    team = world.team_of(post.user)
    told["team"] = world.users[post.user].team
    if team is not None:
        told |= {"bot_id": team.bot_id, "app_id": APP_ID}
    replies = replies_to(channel, post.ts)
    if post.thread or replies:
        told["thread_ts"] = post.thread or post.ts
    if replies:
        told |= thread_json(replies)
    if post.blocks:
        told["blocks"] = post.blocks
    if post.files:
        told["files"] = [file_in_message(world, world.files[one]) for one in post.files]
    if post.changes:
        told["edited"] = {"user": post.user, "ts": post.ts}
    if is_all and post.metadata:
        told["metadata"] = post.metadata
    return told


def thread_json(replies: list[Post]) -> dict[str, Any]:
    """Return Slack's account of a thread's replies."""
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "reply_count": len(replies),
        "reply_users": people,
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
    }


def file_in_message(world: World, file: File) -> dict[str, Any]:
    """Return a file as a message tells of it: a stub where it is gone, or came by Slack Connect."""
    if file.is_gone:
        return {"id": file.id, "mode": "tombstone"}
    if file.is_connect:
        return {"id": file.id, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0}
    return file_json(world, file)


def file_json(world: World, file: File) -> dict[str, Any]:
    """Return a file without its shares."""
    suffix = PurePath(file.name).suffix.lower().removeprefix(".")
    url = f"http://{world.file_host}/files-pri/{file.team}-{file.id}"
    kinds = {
        kind: [one.channel for one in file.shares if world.channels[one.channel].kind == kind]
        for kind in ("public", "private", "dm")
    }
    told: dict[str, Any] = {
        "id": file.id,
        "created": int(file.created),
        "timestamp": int(file.created),
        "name": file.name,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": suffix or "binary",
        "pretty_type": suffix.upper() or "Binary",
        "user": file.user,
        "user_team": file.team,
        "editable": False,
        "size": file.spoilt.get("size", len(file.data)),
        "mode": "external" if file.external_url else "hosted",
        "is_external": bool(file.external_url),
        "external_type": "gdrive" if file.external_url else "",
        "is_public": bool(kinds["public"]),
        "public_url_shared": False,
        "url_private": file.external_url or f"{url}/{quote(file.name)}",
        "permalink": permalink(world, file),
        "channels": kinds["public"],
        "groups": kinds["private"],
        "ims": kinds["dm"],
    }
    if not file.external_url:
        told["url_private_download"] = f"{url}/download/{quote(file.name)}"
    if file.is_connect:
        told["file_access"] = "visible"
    if "url" in file.spoilt:
        told |= {"url_private": file.spoilt["url"], "url_private_download": file.spoilt["url"]}
    return told


def permalink(world: World, file: File) -> str:
    """Return a file's address for people."""
    return f"https://{world.teams[file.team].domain}.slack.com/files/{file.user}/{file.id}/{quote(file.name)}"


def shares_json(world: World, file: File) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return where a file is shared: kind of channel -> channel -> messages, the newest first."""
    told: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for share in reversed(file.shares):
        channel = world.channels[share.channel]
        kind = "public" if channel.kind == "public" else "private"
        replies = replies_to(channel, share.ts)
        account: dict[str, Any] = {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": share.ts}
        account |= {"team_id": file.team, "share_user_id": file.user, "channel_name": channel.name}
        if share.thread or replies:
            account["thread_ts"] = share.thread or share.ts
        if replies:
            account |= thread_json(replies)
        told.setdefault(kind, {}).setdefault(share.channel, []).append(account)
    return told


def view_json(shown: Shown, team: Team) -> dict[str, Any]:
    """Return a modal or a Home."""
    view = shown.view
    told: dict[str, Any] = {
        **view,
        **{key: view.get(key) or "" for key in _KEPT},
        "id": shown.id,
        "team_id": shown.team,
        "state": {"values": shown.values},
        "hash": shown.hash,
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "previous_view_id": shown.previous or None,
        "root_view_id": shown.root or shown.id,
        "app_id": APP_ID,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
    }
    if view["type"] == "modal":
        told |= {"submit": view.get("submit"), "close": view.get("close")}
    return told

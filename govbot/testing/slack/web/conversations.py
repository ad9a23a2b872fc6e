"""conversations.*: channels, their members, and what was said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import channel_json, message_json, replies_to
from govbot.testing.slack.web.calling import method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govbot.testing.slack.web.calling import Asked
    from govbot.testing.slack.world import Channel, Kind, Post

_READ: Mapping[Kind, str] = {"public": "channels:read", "private": "groups:read", "dm": "im:read"}
_HISTORY: Mapping[Kind, str] = {"public": "channels:history", "private": "groups:history", "dm": "im:history"}


@method("conversations.info")
def info(asked: Asked) -> dict[str, Any]:
    """Return a channel."""
    channel = asked.channel(scopes=_READ)
    told = channel_json(asked.world, channel, asked.team)
    if asked.flag("include_num_members"):
        told["num_members"] = len(channel.members)
    return {"channel": told}


@method("conversations.members")
def members(asked: Asked) -> dict[str, Any]:
    """Return who is in a channel, a page of them."""
    channel = asked.channel(scopes=_READ)
    page, cursor = asked.page(channel.members, 100)
    return {"members": page, "response_metadata": cursor}


@method("conversations.list")
def list_channels(asked: Asked) -> dict[str, Any]:
    """Return the channels that the app may know of."""
    kinds = {"public_channel": "public", "private_channel": "private", "im": "dm"}
    wanted = [kinds[kind] for kind in asked.text("types", default="public_channel").split(",") if kind in kinds]
    for kind in wanted:
        asked.need(_READ[kind])  # type: ignore[index]
    every = [
        channel
        for channel in asked.world.channels.values()
        if channel.team == asked.team.id
        and channel.kind in wanted
        and (channel.kind == "public" or asked.team.bot_user in channel.members)
    ]
    page, cursor = asked.page(every, 100)
    told = [channel_json(asked.world, channel, asked.team) for channel in page]
    return {"channels": told, "response_metadata": cursor}


@method("conversations.open", "im:write", "mpim:write")
def open_direct(asked: Asked) -> dict[str, Any]:
    """Return the direct messages with somebody."""
    if asked.text("channel"):
        return {"channel": {"id": asked.own_channel().id}}
    people = [one for one in asked.text("users").split(",") if one]
    if not people:
        raise Refused("users_list_not_supplied")
    if len(people) > 1:
        raise Refused("not_enough_users", "groups of people are not built")
    user = asked.person(people[0])
    if user.is_bot:
        raise Refused("cannot_dm_bot")
    if user.is_gone:
        raise Refused("user_disabled")
    channel = asked.world.direct_messages(asked.team, user.id)
    told = {"id": channel.id}
    return {"channel": told | (channel_json(asked.world, channel, asked.team) if asked.flag("return_im") else {})}


@method("conversations.history")
def history(asked: Asked) -> dict[str, Any]:
    """Return what was said in a channel, the newest first; not what was said in threads."""
    channel = asked.own_channel(scopes=_HISTORY)
    posts = [post for post in channel.posts if not post.thread and not post.only_for and not _is_nothing(channel, post)]
    return _told(asked, list(reversed(posts)), 100)


@method("conversations.replies")
def replies(asked: Asked) -> dict[str, Any]:
    """Return a thread, its first message first."""
    channel = asked.own_channel(scopes=_HISTORY)
    ts = asked.required("ts")
    first = next((post for post in channel.posts if post.ts == ts and not post.only_for), None)
    if first is None or _is_nothing(channel, first):
        raise Refused("thread_not_found")
    thread = first.thread or first.ts
    root = next(post for post in channel.posts if post.ts == thread)
    return _told(asked, [root, *replies_to(channel, thread)], 1_000)


def _is_nothing(channel: Channel, post: Post) -> bool:
    """Return whether a message is deleted without a trace."""
    return post.is_gone and not replies_to(channel, post.ts)


def _told(asked: Asked, posts: list[Post], default: int) -> dict[str, Any]:
    oldest, latest = asked.text("oldest", default="0"), asked.text("latest", default="9999999999.999999")
    ends = (float(oldest), float(latest))
    within = [post for post in posts if ends[0] < float(post.ts) < ends[1] or _is_end(asked, post, oldest, latest)]
    page, cursor = asked.page(within, default)
    is_all = asked.flag("include_all_metadata")
    told = [_tombstone(post) if post.is_gone else message_json(asked.world, post, is_all=is_all) for post in page]
    has_more = bool(cursor["next_cursor"])
    return {"messages": told, "has_more": has_more, "response_metadata": cursor}


def _is_end(asked: Asked, post: Post, oldest: str, latest: str) -> bool:
    return asked.flag("inclusive") and post.ts in (oldest, latest)


def _tombstone(post: Post) -> dict[str, Any]:
    text = "This message was deleted."
    return {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": text, "ts": post.ts, "hidden": True}

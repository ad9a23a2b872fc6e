"""What is said and shared in channels, and the events that the app hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.markup import mentions, pings
from govbot.testing.slack.records import Message, Refused
from govbot.testing.slack.shaping import message_json
from govbot.testing.slack.world import File, Post, Share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbot.testing.slack.world import Channel, Kind, World

#: What the events call a kind of channel.
_TYPES: dict[Kind, str] = {"public": "channel", "private": "group", "dm": "im"}
_LETTERS: dict[Kind, str] = {"public": "C", "private": "G", "dm": "D"}


def speak(world: World, user: str, channel: str, text: str, *, files: Sequence[str] = (), thread: str = "") -> Post:
    """Return what somebody has said in a channel, with files that are there; raise Refused where they are not in it."""
    place = world.channel(channel)
    may_write(world, user, place)
    post = Post(
        channel=channel,
        ts=world.new_ts(),
        user=user,
        text=text,
        files=list(files),
        thread=thread_of(place, thread) if thread else "",
    )
    put(world, post)
    return post


def new_file(
    world: World, user: str, name: str, data: bytes, *, is_connect: bool = False, external_url: str = ""
) -> str:
    """Return the id of a new file of somebody's, which is nowhere yet."""
    file = File(
        id=world.new_id("F"),
        team=world.user(user).team,
        user=user,
        name=name,
        title=name,
        data=data,
        created=float(world.new_ts()),
        is_connect=is_connect,
        external_url=external_url,
        lag=world.shares_lag,
    )
    world.files[file.id] = file
    return file.id


def put(world: World, post: Post) -> None:
    """Put a message into its channel, and let the app hear of it."""
    channel = world.channel(post.channel)
    channel.posts.append(post)
    for name in post.files:
        world.files[name].shares.append(Share(channel=channel.id, ts=post.ts, thread=post.thread))
    world.changed()
    if post.only_for:
        return
    for name in post.files:
        tell_shared(world, world.files[name], channel, post.user)
    tell_said(world, post)


def tell_said(world: World, post: Post) -> None:
    """Let the app hear a message: as a message, and as a mention where it is one."""
    channel = world.channel(post.channel)
    said = _event_of(world, post)
    _tell_message(world, channel, **said, **({"subtype": "file_share", "upload": False} if post.files else {}))
    team = world.teams[channel.team]
    if channel.kind != "dm" and team.bot_user and mentions(post.text, team.bot_user) and post.user != team.bot_user:
        # A mention says nothing of the files that came with it.
        tell(world, channel, "app_mention", **{key: one for key, one in said.items() if key != "files"})


def post_changed(world: World, post: Post, before: dict[str, Any]) -> None:
    """Let everybody see, and the app hear, that a message is another now."""
    world.changed()
    if not post.only_for:
        channel = world.channel(post.channel)
        _tell_message(
            world,
            channel,
            subtype="message_changed",
            hidden=True,
            message=message_json(world, post),
            previous_message=before,
            ts=world.new_ts(),
        )


def delete_post(world: World, post: Post) -> None:
    """Delete a message; what was shared with it is not shared there any more."""
    before = message_json(world, post)
    post.is_gone = True
    channel = world.channel(post.channel)
    for name in post.files:
        file = world.files[name]
        file.shares = [share for share in file.shares if (share.channel, share.ts) != (post.channel, post.ts)]
        if not any(share.channel == post.channel for share in file.shares):
            tell_unshared(world, file, channel)
    world.changed()
    if not post.only_for:
        _tell_message(
            world,
            channel,
            subtype="message_deleted",
            hidden=True,
            deleted_ts=post.ts,
            previous_message=before,
            ts=world.new_ts(),
        )


def tell_shared(world: World, file: File, channel: Channel, user: str) -> None:
    """Let the app hear that a file is in a channel; not with which message it came."""
    tell(
        world,
        channel,
        "file_shared",
        file_id=file.id,
        file={"id": file.id},
        user_id=user,
        channel_id=channel.id,
        event_ts=world.new_ts(),
    )


def tell_unshared(world: World, file: File, channel: Channel) -> None:
    """Let the app hear that a file is not in a channel any more."""
    tell(
        world,
        channel,
        "file_unshared",
        file_id=file.id,
        file={"id": file.id},
        user_id=file.user,
        channel_id=channel.id,
    )


def tell_moved(world: World, channel: Channel, user: str, kind: str) -> None:
    """Let the app hear that somebody came into a channel or left it: `kind` is the event's."""
    tell(
        world,
        channel,
        kind,
        user=user,
        channel=channel.id,
        channel_type=_LETTERS[channel.kind],
        team=world.users[user].team,
    )


def tell(world: World, channel: Channel, kind: str, /, **event: Any) -> None:  # noqa: ANN401 (JSON)
    """Let the app hear of something in a channel, where it is installed and in the channel."""
    team = world.teams[channel.team]
    is_own_leave = kind == "member_left_channel" and event.get("user") == team.bot_user
    if team.bot_user and (team.bot_user in channel.members or is_own_leave):
        world.happen(team.id, kind, event, is_ext_shared=channel.is_ext_shared)


def may_write(world: World, user: str, channel: Channel) -> None:
    """Raise Refused where somebody is not in a channel."""
    if world.user(user).id not in channel.members:
        raise Refused("not_in_channel", f"{user} is not in {channel.id}")


def may_see(world: World, user: str, channel: Channel) -> bool:
    """Return whether somebody may read a channel: as a member, or as a full member of its workspace if it is public."""
    person = world.user(user)
    is_full = person.team == channel.team and not person.is_guest and not person.is_gone
    return user in channel.members or (channel.kind == "public" and is_full)


def thread_of(channel: Channel, ts: str) -> str:
    """Return the time of the first message of the thread that a message is in; raise Refused where it is not there."""
    for post in channel.posts:
        if post.ts == ts:
            return post.thread or post.ts
    raise Refused("no_such_message", f"{channel.id} {ts}")


def message_of(world: World, post: Post) -> Message:
    """Return a message as people see it."""
    return Message(
        channel=post.channel,
        ts=post.ts,
        user=post.user,
        text=post.text,
        blocks=tuple(post.blocks),
        files=tuple(name for name in post.files if not world.files[name].is_gone),
        thread=post.thread,
        edited=post.is_edited,
        changes=post.changes,
        pings=pings(post.text, post.blocks, is_parsed=post.is_parsed),
        only_for=post.only_for,
        is_bot=world.users[post.user].is_bot,
        metadata=post.metadata,
    )


def _tell_message(world: World, channel: Channel, /, **event: Any) -> None:  # noqa: ANN401 (JSON)
    tell(world, channel, "message", **{**event, "channel": channel.id, "channel_type": _TYPES[channel.kind]})


def _event_of(world: World, post: Post) -> dict[str, Any]:
    told = {**message_json(world, post), "channel": post.channel, "event_ts": post.ts}
    del told["type"]
    if post.thread:
        parent = next((one for one in world.channel(post.channel).posts if one.ts == post.thread), None)
        told["parent_user_id"] = parent.user if parent else ""
    return told

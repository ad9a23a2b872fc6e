"""files.*: what the app is told of files, and how it puts its own ones into channels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from govbot.testing.slack.elements import with_ids
from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import file_json, shares_json
from govbot.testing.slack.talking import put
from govbot.testing.slack.web.calling import method
from govbot.testing.slack.web.chat import checked_blocks
from govbot.testing.slack.world import File, Post

if TYPE_CHECKING:
    from govbot.testing.slack.web.calling import Asked
    from govbot.testing.slack.world import Team, World

_MOST_LISTED = 100


@method("files.info", "files:read")
def info(asked: Asked) -> dict[str, Any]:
    """Return a file, with where it is shared, which Slack may say later."""
    file = asked.world.files.get(asked.required("file"))
    if file is None:
        raise Refused("file_not_found")
    if file.is_gone:
        raise Refused("file_deleted")
    if not is_seen(asked.world, file, asked.team):
        raise Refused("file_not_found")
    shares = {} if file.lag > 0 else shares_json(asked.world, file)
    file.lag = max(0, file.lag - 1)
    return {"file": {**file_json(asked.world, file), "shares": shares}, "comments": []}


@method("files.list", "files:read")
def list_files(asked: Asked) -> dict[str, Any]:
    """Return the files that the app sees, the newest first, without where they are shared."""
    channel, user = asked.text("channel"), asked.text("user")
    first, last = float(asked.text("ts_from", default="0")), float(asked.text("ts_to", default="inf"))
    if channel and channel not in asked.world.channels:
        raise Refused("channel_not_found")
    found = [
        file
        for file in reversed(asked.world.files.values())
        if is_seen(asked.world, file, asked.team)
        and (not channel or any(share.channel == channel for share in file.shares))
        and user in ("", file.user)
        # Slack counts whole seconds.
        and first <= int(file.created) <= last
    ]
    count, page = asked.number("count", _MOST_LISTED), asked.number("page", 1)
    part = found[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page, "pages": -(-len(found) // count)}
    return {"files": [file_json(asked.world, file) for file in part], "paging": paging}


@method("files.delete", "files:write")
def delete(asked: Asked) -> dict[str, Any]:
    """Delete a file of the app's."""
    file = asked.world.files.get(asked.required("file"))
    if file is None or file.is_gone:
        raise Refused("file_not_found")
    if file.user != asked.team.bot_user:
        raise Refused("cant_delete_file")
    delete_file(asked.world, file)
    return {}


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(asked: Asked) -> dict[str, Any]:
    """Return where to bring the bytes of a file."""
    length = asked.number("length", 0)
    if length <= 0:
        raise Refused("invalid_arguments", "length")
    name = asked.required("filename")
    world = asked.world
    file = File(
        id=world.new_id("F"),
        team=asked.team.id,
        user=asked.team.bot_user,
        name=name,
        title=name,
        data=b"",
        created=float(world.new_ts()),
        spoilt={"awaited": length},
    )
    world.files[file.id] = file
    return {"upload_url": f"http://{world.file_host}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(asked: Asked) -> dict[str, Any]:
    """Share files that were brought, with one message."""
    world = asked.world
    named = asked.json("files") or []
    files = [world.files.get(one.get("id")) for one in named]
    brought = [file for file in files if file and file.user == asked.team.bot_user and "awaited" not in file.spoilt]
    if not named or len(brought) != len(named):
        raise Refused("file_not_found")
    for file, one in zip(brought, named, strict=True):
        file.title = one.get("title") or file.name
    for name in dict.fromkeys(filter(None, [asked.text("channel_id"), *asked.text("channels").split(",")])):
        _share(asked, name, brought)
    return {"files": [{"id": file.id, "title": file.title} for file in brought]}


def is_seen(world: World, file: File, team: Team) -> bool:
    """Return whether the app sees a file: where it is in a channel that the app is in, or is the app's own."""
    channels = [world.channels[share.channel] for share in file.shares]
    is_there = file.user == team.bot_user or any(team.bot_user in channel.members for channel in channels)
    return not file.is_gone and is_there


def delete_file(world: World, file: File) -> None:
    """Delete a file wherever it is, and let the app hear of it where it saw the file."""
    team = next((one for one in world.teams.values() if one.bot_user and is_seen(world, file, one)), None)
    channels = [share.channel for share in file.shares]
    file.is_gone, file.shares, file.data = True, [], b""
    world.changed()
    if team is not None:
        world.happen(team.id, "file_deleted", {"file_id": file.id, "channel_ids": channels})


def _share(asked: Asked, channel: str, files: list[File]) -> None:
    there = replace(asked, arguments={**asked.arguments, "channel": channel}).own_channel().id
    text = asked.text("initial_comment")
    post = Post(
        channel=there,
        ts=asked.world.new_ts(),
        user=asked.team.bot_user,
        text=text,
        blocks=with_ids(checked_blocks(text or " ", asked.json("blocks")), asked.world.new_id),
        files=[file.id for file in files],
        thread=asked.text("thread_ts"),
    )
    put(asked.world, post)

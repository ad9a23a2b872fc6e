"""chat.*: posting, changing and deleting what the app itself wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.rendering.slack.limits import faults_of
from govbot.testing.slack.elements import with_ids
from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import message_json
from govbot.testing.slack.showing import in_slacks_words
from govbot.testing.slack.talking import delete_post, post_changed, put
from govbot.testing.slack.web.calling import method
from govbot.testing.slack.world import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govbot.testing.slack.web.calling import Asked

#: Characters of a message's text when it is posted, and when it is changed.
_MOST_TEXT, _MOST_NEW_TEXT = 40_000, 4_000


@method("chat.postMessage", "chat:write")
def post_message(asked: Asked) -> dict[str, Any]:
    """Post a message."""
    channel = asked.own_channel()
    post = _post(asked, channel.id)
    put(asked.world, post)
    return {"channel": channel.id, "ts": post.ts, "message": message_json(asked.world, post)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(asked: Asked) -> dict[str, Any]:
    """Post a message that one person sees."""
    channel = asked.own_channel()
    user = asked.person(asked.required("user"))
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    post = _post(asked, channel.id)
    post.only_for = user.id
    put(asked.world, post)
    return {"message_ts": post.ts}


@method("chat.update", "chat:write")
def update(asked: Asked) -> dict[str, Any]:
    """Change a message of the app's."""
    post = _own(asked, "cant_update_message")
    has_blocks = asked.arguments.get("blocks") is not None
    if not has_blocks and "text" not in asked.arguments:
        raise Refused("no_text")
    if len(asked.text("text")) > _MOST_NEW_TEXT:
        raise Refused("msg_too_long")
    blocks = checked_blocks(asked.text("text"), asked.json("blocks"))
    before = message_json(asked.world, post)
    post.text = asked.text("text", default=post.text)
    # A text alone takes the place of the blocks, and only then people see that the message was edited.
    post.blocks = with_ids(blocks, asked.world.new_id)
    post.is_edited = post.is_edited or not blocks
    post.changes += 1
    if asked.arguments.get("metadata") is not None:
        post.metadata = asked.json("metadata")
    post_changed(asked.world, post, before)
    return {"channel": post.channel, "ts": post.ts, "text": post.text, "message": message_json(asked.world, post)}


@method("chat.delete", "chat:write")
def delete(asked: Asked) -> dict[str, Any]:
    """Delete a message of the app's."""
    post = _own(asked, "cant_delete_message")
    delete_post(asked.world, post)
    return {"channel": post.channel, "ts": post.ts}


@method("chat.getPermalink")
def get_permalink(asked: Asked) -> dict[str, Any]:
    """Return a message's address for people."""
    channel = asked.channel()
    ts = asked.required("message_ts")
    return {
        "channel": channel.id,
        "permalink": f"https://{asked.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}",
    }


def checked_blocks(text: str, blocks: object) -> list[dict[str, Any]]:
    """Return a message's blocks; raise Refused for a text or blocks that Slack would not take."""
    if len(text) > _MOST_TEXT:
        raise Refused("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    faults = faults_of("message", {"text": text, "blocks": blocks})
    if faults:
        raise _refusal(faults)
    return blocks or []


def _refusal(faults: Iterable[str]) -> Refused:
    """Return how Slack says that it does not take a message."""
    told = list(faults)
    for name in ("no_text", "msg_blocks_too_long"):
        if any(name in fault for fault in told):
            return Refused(name)
    return Refused(
        "invalid_blocks", errors=told, response_metadata={"messages": [in_slacks_words(one) for one in told]}
    )


def _post(asked: Asked, channel: str) -> Post:
    text = asked.text("text")
    blocks = checked_blocks(text, asked.json("blocks"))
    thread = asked.text("thread_ts")
    if thread:
        _look_at_thread(asked, channel, thread)
    return Post(
        channel=channel,
        ts=asked.world.new_ts(),
        user=asked.team.bot_user,
        text=text,
        blocks=with_ids(blocks, asked.world.new_id),
        thread=thread,
        metadata=asked.json("metadata") or {},
        is_parsed=asked.text("parse") == "full" or asked.flag("link_names"),
    )


def _look_at_thread(asked: Asked, channel: str, thread: str) -> None:
    """Raise Refused where no thread can begin; a deleted message may still have one."""
    found = next((post for post in asked.world.channel(channel).posts if post.ts == thread), None)
    if found is None:
        raise Refused("thread_not_found")
    if found.thread or found.only_for:
        raise Refused("cannot_reply_to_message")


def _own(asked: Asked, error: str) -> Post:
    channel = asked.channel()
    try:
        post = asked.world.post(channel.id, asked.required("ts"))
    except Refused:
        raise Refused("message_not_found") from None
    if post.user != asked.team.bot_user:
        raise Refused(error)
    return post

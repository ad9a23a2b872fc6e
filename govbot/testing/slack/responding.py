"""The addresses at which an app answers what people do: five times, for half an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govbot.testing.slack.elements import with_ids
from govbot.testing.slack.records import Refused
from govbot.testing.slack.shaping import message_json
from govbot.testing.slack.talking import delete_post, post_changed, put
from govbot.testing.slack.web.chat import checked_blocks
from govbot.testing.slack.world import Post

if TYPE_CHECKING:
    from govbot.testing.slack.world import ResponseUrl, World

MOST_USES = 5
#: Seconds that an address is good for.
GOOD_FOR = 1_800.0


def respond(world: World, name: str, said: dict[str, Any]) -> None:
    """Do with an interaction's message what the app says; raise Refused."""
    address = world.response_urls.get(name)
    if address is None:
        raise Refused("invalid_url")
    if world.clock.now() - address.made_at > GOOD_FOR:
        raise Refused("expired_url")
    if address.uses >= MOST_USES:
        raise Refused("used_url")
    if said.get("delete_original"):
        delete_post(world, world.post(address.channel, address.ts, address.user))
    else:
        text, blocks = str(said.get("text") or ""), said.get("blocks")
        made = with_ids(checked_blocks(text, blocks), world.new_id)
        if said.get("replace_original") and address.ts:
            _replace(world, address, text, made)
        else:
            _post(world, address, text, made, said)
    address.uses += 1


def _replace(world: World, address: ResponseUrl, text: str, blocks: list[dict[str, Any]]) -> None:
    post = world.post(address.channel, address.ts, address.user)
    before = message_json(world, post)
    post.text, post.blocks = text, blocks
    post.changes += 1
    post_changed(world, post, before)


def _post(world: World, address: ResponseUrl, text: str, blocks: list[dict[str, Any]], said: dict[str, Any]) -> None:
    post = Post(
        channel=address.channel,
        ts=world.new_ts(),
        user=world.teams[address.team].bot_user,
        text=text,
        blocks=blocks,
        thread=str(said.get("thread_ts") or address.thread),
        only_for="" if said.get("response_type") == "in_channel" else address.user,
    )
    put(world, post)

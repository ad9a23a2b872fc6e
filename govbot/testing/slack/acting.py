"""What people do with what the app shows: press, choose, fill in, close, give commands; and what Slack makes of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from govbot.testing.slack import elements
from govbot.testing.slack.delivery import Parcel
from govbot.testing.slack.records import Answered, Refused
from govbot.testing.slack.shaping import message_json, view_json
from govbot.testing.slack.showing import close_modal, push_modal, replace_view, top_modal
from govbot.testing.slack.talking import put
from govbot.testing.slack.web.chat import checked_blocks
from govbot.testing.slack.world import Post, ResponseUrl, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govbot.testing.slack.delivery import Courier
    from govbot.testing.slack.elements import Found
    from govbot.testing.slack.world import Channel, Team, World

#: What a command's channel is called where it has no name of its own.
_NAMELESS = {"dm": "directmessage", "private": "privategroup"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """Which element is pressed or chosen from, and what."""

    action_id: str
    block_id: str | None = None
    #: Value of the button, or of one of the options; tells apart elements of one id.
    value: str | None = None
    #: The chosen option's value, an id, a date, a text; several of them in a list.
    selected: object = None
    #: What is filled in elsewhere at the same time: block -> action -> state.
    values: Mapping[str, Any] = field(default_factory=dict)


class People:
    """What people do; each act comes back when the app has acknowledged, and raises Refused where it does not."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world, self._courier = world, courier

    async def press(self, user: str, channel: str, ts: str, press: Press) -> None:
        """Press or choose something in a message."""
        with self._world.lock:
            post = self._world.post(channel, ts, user)
            found = elements.find(post.blocks, press.action_id, block_id=press.block_id, value=press.value)
            values = elements.fill(post.blocks, elements.initial_values(post.blocks), press.values)
            place = self._world.channel(channel)
            payload = {
                **self._action(user, self._team(place), found, press),
                "container": _container(post),
                "channel": {"id": place.id, "name": place.name or "directmessage"},
                "state": {"values": self._with(values, found, press)},
                "response_url": self._response_url(place, user, post),
            }
            if not post.only_for:
                payload["message"] = message_json(self._world, post)
        await self._ask("block_actions", payload)

    async def press_in_view(self, user: str, where: Literal["modal", "home"], press: Press) -> None:
        """Press or choose something in the modal on top, or in Home."""
        with self._world.lock:
            shown = top_modal(self._world, user) if where == "modal" else self._home(user)
            blocks = shown.view["blocks"]
            found = elements.find(blocks, press.action_id, block_id=press.block_id, value=press.value)
            if found.block["type"] == "input" and not found.block.get("dispatch_action"):
                raise Refused("no_such_action", f"{press.action_id} tells nothing before the view is sent")
            shown.values = self._with(elements.fill(blocks, shown.values, press.values), found, press)
            team = self._world.teams[shown.team]
            payload = {
                **self._action(user, team, found, press, view=shown.id if where == "modal" else ""),
                "container": {"type": "view", "view_id": shown.id},
                "view": view_json(shown, team),
            }
        await self._ask("block_actions", payload)

    async def submit(self, user: str, given: Mapping[str, Any], *, view: str = "") -> dict[str, Any] | None:
        """Send the modal on top; return what the app wants done with it, which is done."""
        with self._world.lock:
            shown = self._top(user, view)
            blocks = shown.view["blocks"]
            shown.values = elements.fill(blocks, shown.values, given)
            if empty := elements.missing(blocks, shown.values):
                raise Refused("not_filled_in", ", ".join(empty))
            team = self._world.teams[shown.team]
            payload = {
                **self._who("view_submission", user, team, shown.id),
                "view": view_json(shown, team),
                "response_urls": [],
            }
        said = await self._ask("view_submission", payload)
        with self._world.lock:
            return self._respond(user, shown, said if isinstance(said, dict) else {})

    async def close(self, user: str, *, view: str = "", is_all: bool = False) -> None:
        """Close the modal on top, or all of them; the app hears of it where it wants to."""
        with self._world.lock:
            shown = self._top(user, view)
            gone = list(self._world.stacks[user]) if is_all or shown.view.get("clear_on_close") else [shown]
            for _ in gone:
                close_modal(self._world, user)
            told = [one for one in gone if one.view.get("notify_on_close")]
            payloads = [self._closed(user, one, is_cleared=len(gone) > 1) for one in told]
        for payload in payloads:
            await self._ask("view_closed", payload)

    async def command(self, user: str, channel: str, command: str, text: str) -> Answered:
        """Give a slash command; return what the app said at once."""
        with self._world.lock:
            place, person = self._world.channel(channel), self._world.user(user)
            team = self._team(place)
            fields = {
                "token": self._world.registry.verification_token,
                "team_id": team.id,
                "team_domain": team.domain,
                "channel_id": place.id,
                "channel_name": _NAMELESS.get(place.kind, place.name),
                "user_id": person.id,
                "user_name": person.name.casefold(),
                "command": command,
                "text": text,
                "api_app_id": self._world.registry.app_id,
                "is_enterprise_install": "false",
                "response_url": self._response_url(place, user, None),
                "trigger_id": self._world.new_trigger(team.id, user),
            }
        parcel = Parcel(form="slash_commands", kind="command", id=str(fields["trigger_id"]), payload=fields)
        said = await self._courier.ask(parcel)
        with self._world.lock:
            return self._answered(place, user, team, said)

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> None:
        """Choose the app's shortcut in a message's menu."""
        with self._world.lock:
            place, post = self._world.channel(channel), self._world.post(channel, ts, user)
            payload = {
                **self._who("message_action", user, self._team(place)),
                "callback_id": callback_id,
                "action_ts": self._world.new_ts(),
                "message_ts": post.ts,
                "message": message_json(self._world, post),
                "channel": {"id": place.id, "name": _NAMELESS.get(place.kind, place.name)},
                "response_url": self._response_url(place, user, post),
            }
        await self._ask("message_action", payload)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home, or the messages with it."""
        with self._world.lock:
            team = self._installed(user)
            direct = self._world.direct_messages(team, user)
            event: dict[str, Any] = {"user": user, "channel": direct.id, "tab": tab}
            if tab == "home" and user in self._world.homes:
                event["view"] = view_json(self._world.homes[user], team)
            self._world.happen(team.id, "app_home_opened", event)

    # Payloads

    async def _ask(self, kind: str, payload: dict[str, Any]) -> Any:  # noqa: ANN401 (what the app says)
        name = payload.get("trigger_id") or secrets.token_hex(8)
        return await self._courier.ask(Parcel(form="interactive", kind=kind, id=name, payload=payload))

    def _who(self, kind: str, user: str, team: Team, view: str = "") -> dict[str, Any]:
        person = self._world.user(user)
        name = person.name.casefold()
        # What somebody of another workspace does in a modal comes from there; its view says where the app is.
        place = self._world.teams[person.team] if view or kind.startswith("view_") else team
        return {
            "type": kind,
            "token": self._world.registry.verification_token,
            "api_app_id": self._world.registry.app_id,
            "team": {"id": place.id, "domain": place.domain},
            "user": {"id": person.id, "username": name, "name": name, "team_id": person.team},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._world.new_trigger(team.id, user, view),
        }

    def _action(self, user: str, team: Team, found: Found, press: Press, *, view: str = "") -> dict[str, Any]:
        action = elements.action_of(found, press.selected, self._world.new_ts())
        return {**self._who("block_actions", user, team, view), "actions": [action]}

    def _closed(self, user: str, shown: Shown, *, is_cleared: bool) -> dict[str, Any]:
        team = self._world.teams[shown.team]
        told = self._who("view_closed", user, team)
        del told["trigger_id"]
        return {**told, "view": view_json(shown, team), "is_cleared": is_cleared}

    def _with(self, values: elements.Values, found: Found, press: Press) -> elements.Values:
        """Return a state in which what was chosen just now is chosen."""
        if found.element["type"] in ("button", "overflow"):
            return values
        state = elements.state_of(found.element, press.selected)
        return {**values, found.block_id: {**values.get(found.block_id, {}), found.action_id: state}}

    def _response_url(self, channel: Channel, user: str, post: Post | None) -> str:
        name = secrets.token_hex(12)
        self._world.response_urls[name] = ResponseUrl(
            team=channel.team,
            channel=channel.id,
            user=user,
            made_at=self._world.clock.now(),
            ts=post.ts if post else "",
            thread=post.thread if post else "",
        )
        return f"http://{self._world.host}/actions/{channel.team}/{name}"

    # What the app answers

    def _respond(self, user: str, shown: Shown, said: dict[str, Any]) -> dict[str, Any] | None:
        """Do with a modal that was sent what the app wants; raise Refused where that cannot be done."""
        action = said.get("response_action")
        team = self._world.teams[shown.team]
        try:
            if action is None:
                self._take_away(user, shown)
            elif action == "clear":
                self._world.stacks[user] = []
                self._world.changed()
            elif action == "update":
                replace_view(self._world, shown, said.get("view") or {})
            elif action == "push":
                push_modal(self._world, team, user, said.get("view") or {})
            elif action == "errors":
                self._look_at_errors(shown, said.get("errors"))
            else:
                raise Refused("invalid_response_action", str(action))
        except Refused as exc:
            self._world.faults.append(f"view_submission: {exc}")
            raise
        return said if action else None

    def _take_away(self, user: str, shown: Shown) -> None:
        stack = self._world.stacks.get(user) or []
        if shown in stack:
            stack.remove(shown)
        self._world.changed()

    def _look_at_errors(self, shown: Shown, errors: object) -> None:
        inputs = {block["block_id"] for block in shown.view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise Refused("invalid_response_action", f"errors for {errors}; inputs are {sorted(inputs)}")

    def _answered(self, channel: Channel, user: str, team: Team, said: object) -> Answered:
        """Show what the app said to a command at once, to the person who gave it or to all."""
        told = said if isinstance(said, dict) else {"text": said or ""}
        text, blocks = str(told.get("text") or ""), told.get("blocks")
        if not text and not blocks:
            return Answered()
        post = Post(
            channel=channel.id,
            ts=self._world.new_ts(),
            user=team.bot_user,
            text=text,
            blocks=elements.with_ids(checked_blocks(text, blocks), self._world.new_id),
            only_for="" if told.get("response_type") == "in_channel" else user,
        )
        put(self._world, post)
        return Answered(text=text, blocks=tuple(post.blocks))

    # Where

    def _team(self, channel: Channel) -> Team:
        """Return the workspace whose app is spoken to in a channel."""
        team = self._world.teams[channel.team]
        if self._world.registry.grant_of(team.id) is None:
            raise Refused("app_away", f"the app is not installed in {team.name}")
        return team

    def _installed(self, user: str) -> Team:
        team = self._world.teams[self._world.user(user).team]
        if self._world.registry.grant_of(team.id) is None:
            raise Refused("app_away", f"the app is not installed in {team.name}")
        return team

    def _home(self, user: str) -> Shown:
        if user not in self._world.homes:
            raise Refused("no_view", "no Home was published")
        return self._world.homes[user]

    def _top(self, user: str, view: str) -> Shown:
        shown = top_modal(self._world, user)
        if view and shown.id != view:
            raise Refused("no_view", f"{view} is not on top")
        return shown


def _container(post: Post) -> dict[str, Any]:
    told = {"type": "message", "message_ts": post.ts, "channel_id": post.channel, "is_ephemeral": bool(post.only_for)}
    return told | ({"thread_ts": post.thread} if post.thread else {})

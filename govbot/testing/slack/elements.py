"""The elements of blocks: found by their ids, pressed, chosen from, filled in; and the state that follows."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Blocks = list[dict[str, Any]]
#: Block -> action -> state.
Values = dict[str, dict[str, Any]]

#: Key of the state, by kind of element.
_ONE_OPTION = "selected_option"
_STATE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": _ONE_OPTION,
    "radio_buttons": _ONE_OPTION,
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
#: What is pressed and keeps no state.
_PRESSED = ("button", "overflow")
_MANY = frozenset(kind for kind, key in _STATE_KEYS.items() if key.endswith("s"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An element and the block that it stands in."""

    block: dict[str, Any]
    element: dict[str, Any]

    @property
    def block_id(self) -> str:
        """Id of its block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Id of the element."""
        return str(self.element["action_id"])


def with_ids(blocks: object, new_id: Callable[[str], str]) -> Blocks:
    """Return a copy of blocks in which every block and every element has an id, as Slack gives those that have none."""
    copied: Blocks = copy.deepcopy(blocks) if isinstance(blocks, list) else []
    for block in copied:
        block.setdefault("block_id", new_id("b"))
    for found in _all(copied):
        found.element.setdefault("action_id", new_id("a"))
    return copied


def find(blocks: Blocks, action_id: str, *, block_id: str | None = None, value: str | None = None) -> Found:
    """Return the first element with that id, in that block and with that value where they are given; raise Refused."""
    for found in elements(blocks):
        is_it = found.action_id == action_id and block_id in (None, found.block_id)
        if is_it and (value is None or value in _values(found.element)):
            return found
    there = ", ".join(sorted({found.action_id for found in elements(blocks)}))
    raise Refused("no_such_action", f"{action_id}; there are: {there or 'none'}")


def elements(blocks: Blocks) -> Iterator[Found]:
    """Give all that can be pressed, chosen from or filled in."""
    return (found for found in _all(blocks) if "action_id" in found.element)


def action_of(found: Found, selected: object, ts: str) -> dict[str, Any]:
    """Return what Slack tells of an element that was pressed or chosen from; raise Refused for no such option."""
    element = found.element
    told: dict[str, Any] = {
        "type": element["type"],
        "action_id": found.action_id,
        "block_id": found.block_id,
        "action_ts": ts,
    }
    if element["type"] == "button":
        return told | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if element["type"] == "overflow":
        return told | {_ONE_OPTION: _option(element, selected)}
    return told | state_of(element, selected)


def state_of(element: Mapping[str, Any], given: object) -> dict[str, Any]:
    """Return the state of an element that was given a text, the value of an option, an id, a date, or several of them.

    A state of Slack's own will do too, its options being looked up; None is nothing typed or chosen. Raises Refused.
    """
    kind = str(element["type"])
    key = _STATE_KEYS.get(kind)
    if key is None:
        raise Refused("no_such_action", f"{kind} takes nothing")
    if isinstance(given, dict) and key in given:
        given = given[key]
    if kind in _MANY:
        many = [] if given is None else [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]
        return {"type": kind, key: [_option(element, one) for one in many] if key == "selected_options" else many}
    if key == _ONE_OPTION and given is not None:
        given = _option(element, given)
    return {"type": kind, key: given}


def initial_values(blocks: Blocks) -> Values:
    """Return the state of a message or view that nobody has touched yet."""
    values: Values = {}
    for found in elements(blocks):
        if found.element["type"] in _STATE_KEYS:
            values.setdefault(found.block_id, {})[found.action_id] = _initial(found.element)
    return values


def fill(blocks: Blocks, values: Values, given: Mapping[str, Any]) -> Values:
    """Return the state after something was filled in: block -> action -> state or plain value, or block -> plain value.

    What is not mentioned stays as it was. Raises Refused for blocks and actions that are not there.
    """
    filled = copy.deepcopy(values)
    for block_id, actions in given.items():
        there = {found.action_id: found for found in elements(blocks) if found.block_id == block_id}
        if not there:
            raise Refused("no_such_action", f"no block {block_id}; there are: {', '.join(values)}")
        by_action = (
            actions if isinstance(actions, dict) and set(actions) <= set(there) else {next(iter(there)): actions}
        )
        for action_id, one in by_action.items():
            filled.setdefault(block_id, {})[action_id] = state_of(there[action_id].element, one)
    return filled


def known(blocks: Blocks, given: Mapping[str, Any]) -> Values:
    """Return the part of a state that is of elements that are there and keep one."""
    found: Values = {}
    for one in elements(blocks):
        actions = given.get(one.block_id)
        if isinstance(actions, dict) and one.action_id in actions and one.element["type"] in _STATE_KEYS:
            found.setdefault(one.block_id, {})[one.action_id] = actions[one.action_id]
    return found


def carried(blocks: Blocks, values: Values) -> Values:
    """Return the state after a view was replaced: what has kept its ids and its kind keeps what was filled in."""
    fresh = initial_values(blocks)
    for block_id, actions in fresh.items():
        for action_id, state in actions.items():
            old = values.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == state["type"]:
                actions[action_id] = old
    return fresh


def missing(blocks: Blocks, values: Values) -> tuple[str, ...]:
    """Return the ids of inputs that must be filled in and are not, which Slack asks for before it sends a view."""
    return tuple(
        found.block_id
        for found in elements(blocks)
        if found.block["type"] == "input"
        and not found.block.get("optional")
        and not values.get(found.block_id, {}).get(found.action_id, {}).get(_STATE_KEYS[found.element["type"]])
    )


def _all(blocks: Blocks) -> Iterator[Found]:
    for block in blocks:
        kind = block.get("type")
        inside = {
            "section": [block.get("accessory")],
            "input": [block.get("element")],
            "actions": block.get("elements"),
        }
        for element in inside.get(str(kind)) or []:
            if isinstance(element, dict) and (element.get("type") in _STATE_KEYS or element.get("type") in _PRESSED):
                yield Found(block=block, element=element)


def _options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups") or ()
    return [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]


def _values(element: Mapping[str, Any]) -> list[str]:
    return [element.get("value") or "", *(option["value"] for option in _options(element))]


def _option(element: Mapping[str, Any], value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        value = value.get("value")
    for option in _options(element):
        if option["value"] == value:
            return option
    offered = ", ".join(option["value"] for option in _options(element))
    raise Refused("no_such_option", f"{value}; there are: {offered}")


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    key = _STATE_KEYS[element["type"]]
    initial = "initial_value" if key == "value" else key.replace("selected_", "initial_")
    given = element.get(initial)
    return {"type": element["type"], key: [] if given is None and element["type"] in _MANY else given}

"""Every limit of Block Kit that govbot may meet: used before sending, and by the local Slack to refuse as Slack does.

From docs.slack.dev/reference/block-kit as of July 2026 and from what Slack was seen to do. Of two figures that disagree
the smaller one counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from govbot.rendering.slack.shapes import (
    Check,
    among,
    anything,
    boolean,
    both,
    by_type,
    listed,
    number,
    shape,
    string,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Surface = Literal["message", "modal", "home"]

#: Blocks of a message, and of a modal or Home.
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
#: Characters of a section's text, of one of its fields, and how many of these.
SECTION, FIELD, MOST_FIELDS = 3_000, 2_000, 10
#: Characters of a header, of a modal's title and of its buttons.
HEADER, TITLE = 150, 24
#: Characters of a button's text and value.
BUTTON, VALUE = 75, 2_000
#: Elements of an actions block and of a context block.
MOST_ACTIONS, MOST_CONTEXT = 25, 10
#: Options of a menu, of an overflow menu, of radio buttons and checkboxes; characters of an option's text and value.
MOST_OPTIONS, MOST_OVERFLOW, MOST_CHOICES, OPTION, OPTION_VALUE = 100, 5, 10, 75, 150
#: Characters of an input's label and hint, of what may be typed, and of a placeholder.
LABEL, TYPED, PLACEHOLDER = 2_000, 3_000, 150
#: Rows and columns of a table, and characters of all its cells.
MOST_ROWS, MOST_COLUMNS, TABLE = 100, 20, 10_000
#: Charts of a message; their title, series, categories, and characters of a label.
MOST_CHARTS, CHART_TITLE, MOST_SERIES, MOST_CATEGORIES, CHART_LABEL = 2, 50, 6, 20, 20
#: Characters of all markdown blocks of a message.
MARKDOWN = 12_000
#: Characters of a message's own text, and of all the text in its blocks (undocumented: msg_blocks_too_long).
TEXT, MESSAGE = 40_000, 13_000
#: Characters of what a modal remembers, and bytes of a view.
METADATA, VIEW = 3_000, 250_000
#: Characters of an id.
ID = 255

# Composition objects


def _plain(most: int) -> Check:
    kind = among("plain_text")
    return shape({"type": kind, "text": string(most)}, {"emoji": boolean})


def _text(most: int) -> Check:
    """Return a check of a text object of either kind."""
    marked = shape({"type": anything, "text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": _plain(most), "mrkdwn": marked})


_CONFIRM = shape(
    {"title": _plain(100), "text": _text(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": among("primary", "danger")},
)


def _option(text: Check, description: Check) -> Check:
    return shape({"text": text, "value": string(OPTION_VALUE)}, {"description": description})


_OPTION = _option(_plain(OPTION), _plain(OPTION))
_CHOICE = _option(_text(OPTION), _text(OPTION))
_OPTIONS = listed(_OPTION, MOST_OPTIONS)
_GROUPS = listed(shape({"label": _plain(OPTION), "options": _OPTIONS}), MOST_OPTIONS)
_ACTION = {"type": anything}
_ACTION_ID = {"action_id": string(ID), "confirm": _CONFIRM}
_MENU = {**_ACTION_ID, "placeholder": _plain(PLACEHOLDER), "focus_on_load": boolean}
_SLACK_ID = string(ID)


def _menu(**extra: Check) -> Check:
    return shape(_ACTION, {**_MENU, **extra})


def _static(**extra: Check) -> Check:
    """Return a check of a menu whose options are given: either options or groups, the chosen one among them."""
    return both(_menu(options=_OPTIONS, option_groups=_GROUPS, **extra), _has_options, _chosen_is_offered)


def _has_options(value: Mapping[str, Any], path: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield f"{path}: needs either options or option_groups"


def _chosen_is_offered(value: Mapping[str, Any], path: str) -> Iterator[str]:
    offered = list(_dicts(value.get("options")))
    for group in _dicts(value.get("option_groups")):
        offered += _dicts(group.get("options"))
    chosen = [("initial_option", value["initial_option"])] if "initial_option" in value else []
    chosen += [(f"initial_options/{index}", one) for index, one in enumerate(_dicts(value.get("initial_options")))]
    for name, one in chosen:
        if one not in offered:
            yield f"{path}/{name}: must be one of the options"
    if _has_doubles(one.get("value") for one in offered):
        yield f"{path}/options: two options have the same value"


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, nothing of anything else."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _has_doubles(values: Iterable[object]) -> bool:
    strings = [one for one in values if isinstance(one, str)]
    return len(set(strings)) < len(strings)


# Elements

_BUTTON = shape(
    {"type": anything, "text": _plain(BUTTON)},
    {
        **_ACTION_ID,
        "url": string(3_000),
        "value": string(VALUE),
        "style": among("primary", "danger"),
        "accessibility_label": string(BUTTON),
    },
)
_IMAGE = shape({"type": anything, "image_url": string(3_000), "alt_text": string(2_000)})
_CHOICES = {"options": listed(_CHOICE, MOST_CHOICES)}
_CHOOSING = {**_ACTION_ID, "focus_on_load": boolean}
_FILTER = shape({}, {"include": listed(string(20), 4), "exclude_external_shared_channels": boolean})
_MANY = {"max_selected_items": number(1)}

_PICKERS: dict[str, Check] = {
    "static_select": _static(initial_option=_OPTION),
    "users_select": _menu(initial_user=_SLACK_ID),
    "conversations_select": _menu(
        initial_conversation=_SLACK_ID,
        default_to_current_conversation=boolean,
        response_url_enabled=boolean,
        filter=_FILTER,
    ),
    "channels_select": _menu(initial_channel=_SLACK_ID, response_url_enabled=boolean),
    "datepicker": _menu(initial_date=string(10)),
    "radio_buttons": both(shape({**_ACTION, **_CHOICES}, {**_CHOOSING, "initial_option": _CHOICE}), _chosen_is_offered),
    "checkboxes": both(
        shape({**_ACTION, **_CHOICES}, {**_CHOOSING, "initial_options": listed(_CHOICE, MOST_CHOICES)}),
        _chosen_is_offered,
    ),
}
_MULTIPLE: dict[str, Check] = {
    "multi_static_select": _static(initial_options=_OPTIONS, **_MANY),
    "multi_users_select": _menu(initial_users=listed(_SLACK_ID, 100), **_MANY),
    "multi_channels_select": _menu(initial_channels=listed(_SLACK_ID, 100), **_MANY),
}
_OVERFLOW = both(shape({**_ACTION, "options": listed(_OPTION, MOST_OVERFLOW)}, _ACTION_ID), _chosen_is_offered)
_PRESSED: dict[str, Check] = {"button": _BUTTON, "overflow": _OVERFLOW, **_PICKERS}
_TYPING = shape(
    _ACTION,
    {
        **_MENU,
        "initial_value": string(TYPED, least=0),
        "multiline": boolean,
        "min_length": number(0, TYPED),
        "max_length": number(1, TYPED),
        "dispatch_action_config": shape({}, {"trigger_actions_on": listed(string(30), 2)}),
    },
)

# Rich text

_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED = {"style": _STYLE}
_PARTS = by_type(
    {
        "text": shape({"type": anything, "text": string(MESSAGE)}, _STYLED),
        "link": shape(
            {"type": anything, "url": string(3_000)}, {"text": string(MESSAGE), "unsafe": boolean, **_STYLED}
        ),
        "emoji": shape({"type": anything, "name": string(ID)}, {"unicode": string(ID), **_STYLED}),
        "user": shape({"type": anything, "user_id": _SLACK_ID}, _STYLED),
        "usergroup": shape({"type": anything, "usergroup_id": _SLACK_ID}, _STYLED),
        "channel": shape({"type": anything, "channel_id": _SLACK_ID}, _STYLED),
        "broadcast": shape({"type": anything, "range": among("here", "channel", "everyone")}),
        "date": shape(
            {"type": anything, "timestamp": number(0), "format": string(ID)},
            {"fallback": string(ID), "url": string(3_000), **_STYLED},
        ),
    }
)
_MANY_PARTS = {"type": anything, "elements": listed(_PARTS, 1_000)}
_BORDER = {"border": among(0, 1)}
_LINES = by_type({"rich_text_section": shape(_MANY_PARTS)})
_RICH = {
    "elements": listed(
        by_type(
            {
                "rich_text_section": shape(_MANY_PARTS),
                "rich_text_quote": shape(_MANY_PARTS, _BORDER),
                "rich_text_preformatted": shape(_MANY_PARTS, {**_BORDER, "language": string(ID)}),
                "rich_text_list": shape(
                    {"type": anything, "elements": listed(_LINES, 1_000), "style": among("bullet", "ordered")},
                    {"indent": number(0, 8), "offset": number(0), **_BORDER},
                ),
            }
        ),
        1_000,
    )
}

# Tables and charts

_CELL = by_type(
    {
        "raw_text": shape({"type": anything, "text": string(TABLE)}),
        "raw_number": shape({"type": anything, "value": number(whole=False), "text": string(TABLE)}),
        "rich_text": shape({"type": anything, **_RICH}),
    }
)
_COLUMN = shape({}, {"align": among("left", "center", "right"), "is_wrapped": boolean})


def _column(value: object, path: str) -> Iterator[str]:
    return iter(()) if value is None else _COLUMN(value, path)


def _is_even(value: Mapping[str, Any], path: str) -> Iterator[str]:
    rows = value.get("rows")
    widths = {len(row) for row in rows if isinstance(row, list)} if isinstance(rows, list) else set()
    if len(widths) > 1:
        yield f"{path}/rows: rows must have the same number of cells"


def _chart(value: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield what is wrong between a chart's series and its categories."""
    series, axis = value.get("series"), value.get("axis_config")
    if not isinstance(series, list) or not isinstance(axis, dict):
        return
    if _has_doubles(one.get("name") for one in _dicts(series)):
        yield f"{path}/series: names must be unique"
    for index, one in enumerate(_dicts(series)):
        if [point.get("label") for point in _dicts(one.get("data"))] != axis.get("categories"):
            yield f"{path}/series/{index}/data: labels must be the categories"


_POINT = {"label": string(CHART_LABEL), "value": number(whole=False)}
_DRAWN = both(
    shape(
        {
            "type": anything,
            "series": listed(
                shape({"name": string(CHART_LABEL), "data": listed(shape(_POINT), MOST_CATEGORIES)}), MOST_SERIES
            ),
            "axis_config": shape(
                {"categories": listed(string(CHART_LABEL), MOST_CATEGORIES)},
                {"x_label": string(CHART_TITLE), "y_label": string(CHART_TITLE)},
            ),
        }
    ),
    _chart,
)
_SEGMENT = {**_POINT, "value": number(1e-9, whole=False)}
_PIE = shape({"type": anything, "segments": listed(shape(_SEGMENT), MOST_SERIES)})

# Blocks

_BLOCK = {"type": anything}
_BLOCK_ID = {"block_id": string(ID)}


def _says_something(value: Mapping[str, Any], path: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield f"{path}: needs either text or fields"


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return shape({**_BLOCK, **required}, {**_BLOCK_ID, **(optional or {})})


_EVERYWHERE: dict[str, Check] = {
    "section": both(
        _block(
            {},
            {
                "text": _text(SECTION),
                "fields": listed(_text(FIELD), MOST_FIELDS),
                "accessory": by_type({**_PRESSED, **_MULTIPLE, "image": _IMAGE}),
                "expand": boolean,
            },
        ),
        _says_something,
    ),
    "header": _block({"text": _plain(HEADER)}),
    "divider": _block({}),
    "context": _block(
        {"elements": listed(by_type({"image": _IMAGE, "plain_text": _text(SECTION), "mrkdwn": _text(SECTION)}), 10)}
    ),
    "actions": _block({"elements": listed(by_type(_PRESSED), MOST_ACTIONS)}),
    "image": _block({"image_url": string(3_000), "alt_text": string(2_000)}, {"title": _plain(2_000)}),
    "input": _block(
        {"label": _plain(LABEL), "element": by_type({"plain_text_input": _TYPING, **_PICKERS, **_MULTIPLE})},
        {"hint": _plain(LABEL), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block(_RICH),
}
_IN_MESSAGES: dict[str, Check] = {
    **_EVERYWHERE,
    "markdown": _block({"text": string(MARKDOWN)}),
    "table": both(
        _block(
            {"rows": listed(listed(_CELL, MOST_COLUMNS), MOST_ROWS)},
            {"column_settings": listed(_column, MOST_COLUMNS)},
        ),
        _is_even,
    ),
    "data_visualization": _block(
        {
            "title": string(CHART_TITLE),
            "chart": by_type({"bar": _DRAWN, "line": _DRAWN, "area": _DRAWN, "pie": _PIE}),
        }
    ),
}
_VIEW = {
    "type": anything,
    "blocks": listed(by_type(_EVERYWHERE), 100),
}
_VIEW_KEPT = {"private_metadata": string(METADATA, least=0), "callback_id": string(ID), "external_id": string(ID)}
_SURFACES: dict[Surface, Check] = {
    "message": shape(
        {}, {"text": string(TEXT, least=0), "blocks": listed(by_type(_IN_MESSAGES), MOST_BLOCKS["message"], least=0)}
    ),
    "modal": shape(
        {**_VIEW, "title": _plain(TITLE)},
        {
            **_VIEW_KEPT,
            "submit": _plain(TITLE),
            "close": _plain(TITLE),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape(_VIEW, _VIEW_KEPT),
}


def faults_of(surface: Surface, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what Slack would refuse in a message's text and blocks, or in a view; each fault begins with its path.

    Of a message only "text" and "blocks" are looked at.
    """
    if surface == "message":
        payload = {key: payload[key] for key in ("text", "blocks") if payload.get(key) is not None}
    faults = [*_SURFACES[surface](payload, ""), *_faults_of_all(surface, payload)]
    return tuple(dict.fromkeys(faults))


def _faults_of_all(surface: Surface, payload: Mapping[str, Any]) -> Iterator[str]:
    blocks = list(_dicts(payload.get("blocks")))
    yield from _doubled(blocks)
    if surface == "message":
        yield from _message(payload, blocks)
    else:
        yield from _view(surface, payload, blocks)


def _doubled(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield ids that two blocks, or two elements of one block, have in common."""
    names = [one["block_id"] for one in blocks if isinstance(one.get("block_id"), str)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"/blocks: block_id {name} already exists"
    for index, block in enumerate(blocks):
        actions = [one["action_id"] for one in _elements(block) if isinstance(one.get("action_id"), str)]
        for name in sorted({name for name in actions if actions.count(name) > 1}):
            yield f"/blocks/{index}/elements: action_id {name} already exists"


def _elements(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _dicts([block.get("accessory"), block.get("element")])
    yield from _dicts(block.get("elements"))


def _message(payload: Mapping[str, Any], blocks: list[dict[str, Any]]) -> Iterator[str]:
    if not blocks and not payload.get("text"):
        yield ": no_text"
    for kind, most in (("table", 1), ("data_visualization", MOST_CHARTS)):
        found = [index for index, one in enumerate(blocks) if one.get("type") == kind]
        if len(found) > most:
            yield f"/blocks/{found[most]}: no more than {most} {kind} blocks allowed in a message"
    for index, one in enumerate(blocks):
        if one.get("type") == "table" and (size := size_of(one.get("rows"))) > TABLE:
            yield f"/blocks/{index}/rows: {size} characters, no more than {TABLE} allowed"
    if (size := sum(size_of(one) for one in blocks if one.get("type") == "markdown")) > MARKDOWN:
        yield f"/blocks: {size} characters of markdown, no more than {MARKDOWN} allowed"
    if (size := size_of(blocks)) > MESSAGE:
        yield f"/blocks: msg_blocks_too_long: {size} characters, no more than {MESSAGE} allowed"


def _view(surface: Surface, payload: Mapping[str, Any], blocks: list[dict[str, Any]]) -> Iterator[str]:
    if payload.get("type") != surface:
        yield f"/type: must be {surface}"
    if surface == "modal" and "submit" not in payload and any(one.get("type") == "input" for one in blocks):
        yield "/submit: required where a modal has an input"
    focused = [one for block in blocks for one in _elements(block) if one.get("focus_on_load")]
    if len(focused) > 1:
        yield "/blocks: focus_on_load only once"
    if (size := len(json.dumps(payload).encode())) > VIEW:
        yield f": view_too_large: {size} bytes, no more than {VIEW} allowed"


#: Keys whose strings are read by people.
_READ = frozenset({"text", "alt_text", "label", "title", "name"})


def size_of(blocks: object) -> int:
    """Return how many characters of text stand in blocks, as they count towards a message's limit."""
    if isinstance(blocks, list):
        return sum(map(size_of, blocks))
    if isinstance(blocks, dict):
        return sum(len(one) if isinstance(one, str) and key in _READ else size_of(one) for key, one in blocks.items())
    return 0

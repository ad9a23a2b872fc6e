"""Blocks, each within Slack's limits whatever the text: a long one is cut, an empty one is not built.

Text of a draft, a file's name and what people type go into rich_text and plain_text, in which Slack parses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from govbot.rendering.slack import limits
from govbot.rendering.slack.text import clean, cut, plain
from govbot.words import say

if TYPE_CHECKING:
    from govbot.rendering.slack.actions import Ref

Block = dict[str, Any]
#: A run of text of one style.
Run = dict[str, Any]
#: An element of a block.
Element = dict[str, Any]

#: Characters of a message's own text: chat.update refuses more.
_TEXT = 3_900
#: Signs that stand before the word that says the same.
_SIGNS = re.compile(r"(?:^|(?<=[;:] ))[●◐○✕–?·] (?=\S)")
#: Characters of a run, and of a line of a list.
_RUN = 1_500
_CLOSING = "”"
#: Characters of a cell from which its column is wrapped.
_WRAPPED = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is posted."""

    #: What a notification and a screen reader read; Slack's markup, escaped.
    text: str
    blocks: list[Block]


def message(blocks: list[Block]) -> Message:
    """Return blocks as a message, their words once more as its text."""
    return Message(text=cut("\n".join(plain(line) for line in read_out(blocks)), _TEXT), blocks=blocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Blocks of a message that stand or fall together."""

    blocks: Sequence[Block]
    #: What goes first where a message is too long: the highest. 0 always stays.
    rank: int = 0


def fit(parts: Sequence[Part]) -> list[Block]:
    """Return the blocks of all parts, without those of the highest rank that a message has no room for."""
    kept = list(parts)
    while True:
        blocks = [block for part in kept for block in part.blocks]
        if limits.size_of(blocks) <= limits.MESSAGE and len(blocks) <= limits.MOST_BLOCKS["message"]:
            return blocks
        last = max(range(len(kept)), key=lambda index: (kept[index].rank, index))
        if kept[last].rank == 0:
            return blocks
        del kept[last]


# Text


def run(text: str, *, bold: bool = False, italic: bool = False) -> list[Run]:
    """Return text as a run, none where there is no text."""
    if not text:
        return []
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    shown = cut(text, _RUN)
    return [{"type": "text", "text": shown, **({"style": style} if style else {})}]


def said(text: str, limit: int = _RUN, *, bold: bool = False, italic: bool = False) -> list[Run]:
    """Return text of a draft or of a person as a run: cleaned and cut."""
    return run(clean(text, limit), bold=bold, italic=italic)


def lines(*each: list[Run]) -> list[Run]:
    """Return runs, each on a line of its own."""
    found: list[Run] = []
    for one in each:
        if one:
            found += [*(run("\n") if found else []), *one]
    return found


def section(*runs: list[Run]) -> Element | None:
    """Return a paragraph."""
    return _rich("rich_text_section", [part for one in runs for part in one])


def quoted(text: str, limit: int = _RUN) -> Element | None:
    """Return a quotation; what closes it stays where it is cut."""
    shown = clean(text, max(len(text), limit))
    if len(shown) > limit and shown.endswith(_CLOSING):
        shown = cut(shown[:-1], limit - 1) + _CLOSING
    return _rich("rich_text_quote", run(cut(shown, limit)))


def listed(items: Sequence[list[Run]], *, numbered: bool = False, first: int = 1) -> Element | None:
    """Return a list, its numbers beginning with `first`."""
    found = [element for item in items if (element := section(item)) is not None]
    if not found:
        return None
    style = "ordered" if numbered else "bullet"
    return {"type": "rich_text_list", "style": style, "elements": found, **({"offset": first - 1} if first > 1 else {})}


def _rich(kind: str, runs: list[Run]) -> Element | None:
    return {"type": kind, "elements": runs} if runs else None


def rich(*elements: Element | None) -> list[Block]:
    """Return a block of paragraphs, quotations and lists, none where there is nothing in it."""
    found = [element for element in elements if element is not None]
    return [{"type": "rich_text", "elements": found}] if found else []


def paragraph(*runs: list[Run]) -> list[Block]:
    """Return a block of one paragraph."""
    return rich(section(*runs))


def plain_text(text: str, limit: int) -> Element:
    """Return a text object in which nothing is parsed; a dash where there is no text."""
    return {"type": "plain_text", "text": clean(text, limit) or "–", "emoji": False}


def header(text: str) -> list[Block]:
    """Return a heading."""
    return [{"type": "header", "text": plain_text(text, limits.HEADER)}]


def context(*texts: str) -> list[Block]:
    """Return small print, one text after another."""
    found = [plain_text(text, _RUN) for text in texts if text][: limits.MOST_CONTEXT]
    return [{"type": "context", "elements": found}] if found else []


def divider() -> list[Block]:
    """Return a line."""
    return [{"type": "divider"}]


# Reading out


def read_out(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield what stands in blocks, line by line, for who hears them or sees a notification; buttons are not read."""
    for block in blocks:
        if block["type"] == "header":
            yield block["text"]["text"]
        elif block["type"] == "context":
            yield from (element["text"] for element in block["elements"])
        elif block["type"] == "table":
            yield from _rows_out(block)
        elif block["type"] == "rich_text":
            for element in block["elements"]:
                items = element["elements"] if element["type"] == "rich_text_list" else [element]
                yield from (line for item in items for line in _words(item).splitlines())


def _rows_out(block: Block) -> Iterator[str]:
    """Yield each row as "C Outcomes: Plan yes, Do no"."""
    columns, *rows = ([_words(cell) for cell in row] for row in block["rows"])
    for first, *others in rows:
        said_of = ", ".join(f"{name} {cell}" for name, cell in zip(columns[1:], others, strict=True))
        yield f"{first}: {said_of}"


def _words(element: Element) -> str:
    held = element.get("elements")
    if held is not None:
        return "".join(_words(one) for one in held)
    return _SIGNS.sub("", element.get("text", ""))


# What is pressed and chosen


def button(text: str, action: str, value: str, *, primary: bool = False, label: str = "") -> Element:
    """Return a button; `label` is what a screen reader reads, where the text does not say enough."""
    found: Element = {
        "type": "button",
        "action_id": action,
        "text": plain_text(text, limits.BUTTON),
        "value": value[: limits.VALUE],
    }
    if primary:
        found["style"] = "primary"
    if label:
        found["accessibility_label"] = clean(label, limits.BUTTON)
    return found


def actions(*elements: Element | None, block: str = "") -> list[Block]:
    """Return a row of buttons and menus; None where one is not wanted."""
    found = [element for element in elements if element is not None]
    if not found:
        return []
    return [{"type": "actions", "elements": found, **({"block_id": block[: limits.ID]} if block else {})}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A line of a menu."""

    text: str
    value: str
    #: A second, smaller line.
    about: str = ""


def option(one: Option) -> Element:
    """Return a line of a menu, radio buttons or checkboxes."""
    found: Element = {"text": plain_text(one.text, limits.OPTION), "value": one.value[: limits.OPTION_VALUE]}
    if one.about:
        found["description"] = plain_text(one.about, limits.OPTION)
    return found


def menu(action: str, placeholder: str, options: Sequence[Option], chosen: str = "") -> Element:
    """Return a menu of options, of which Slack takes a hundred; `chosen` is the value of the one that is shown."""
    found = [option(one) for one in _distinct(options)[: limits.MOST_OPTIONS]]
    return _menu(action, placeholder, {"options": found}, found, chosen)


def grouped_menu(action: str, placeholder: str, groups: Sequence[tuple[str, Sequence[Option]]], chosen: str) -> Element:
    """Return a menu whose options stand under headings."""
    found: list[Element] = [
        {
            "label": plain_text(title, limits.OPTION),
            "options": [option(one) for one in _distinct(options)[: limits.MOST_OPTIONS]],
        }
        for title, options in groups[: limits.MOST_OPTIONS]
        if options
    ]
    offered: list[Element] = [one for group in found for one in group["options"]]
    return _menu(action, placeholder, {"option_groups": found}, offered, chosen)


def _menu(action: str, placeholder: str, held: Element, offered: Sequence[Element], chosen: str) -> Element:
    found: Element = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain_text(placeholder, limits.PLACEHOLDER),
        **held,
    }
    initial = next((one for one in offered if one["value"] == chosen[: limits.OPTION_VALUE]), None)
    return {**found, "initial_option": initial} if initial and chosen else found


def _distinct(options: Sequence[Option]) -> list[Option]:
    return list({one.value[: limits.OPTION_VALUE]: one for one in options}.values())


def multi_menu(action: str, placeholder: str, options: Sequence[Option], chosen: Sequence[str]) -> Element:
    """Return a menu of which several may be chosen; `chosen` are the values of those that are."""
    found = [option(one) for one in _distinct(options)[: limits.MOST_OPTIONS]]
    initial = [one for one in found if one["value"] in chosen]
    element: Element = {
        "type": "multi_static_select",
        "action_id": action,
        "placeholder": plain_text(placeholder, limits.PLACEHOLDER),
        "options": found,
    }
    return {**element, "initial_options": initial} if initial else element


def choice(action: str, options: Sequence[Option], chosen: str = "") -> Element:
    """Return radio buttons, of which Slack takes ten."""
    found = [option(one) for one in _distinct(options)[: limits.MOST_CHOICES]]
    initial = next((one for one in found if one["value"] == chosen), None)
    element: Element = {"type": "radio_buttons", "action_id": action, "options": found}
    return {**element, "initial_option": initial} if initial else element


def checkboxes(action: str, options: Sequence[Option]) -> Element:
    """Return boxes to tick, of which Slack takes ten."""
    found = [option(one) for one in _distinct(options)[: limits.MOST_CHOICES]]
    return {"type": "checkboxes", "action_id": action, "options": found}


def text_field(name: str, *, value: str = "", placeholder: str = "", least: int = 0, long: bool = True) -> Element:
    """Return a field to type into."""
    found: Element = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": long,
        "max_length": limits.TYPED,
    }
    if least:
        found["min_length"] = least
    if value:
        found["initial_value"] = value[: limits.TYPED]
    if placeholder:
        found["placeholder"] = plain_text(placeholder, limits.PLACEHOLDER)
    return found


def field(element: Element, label: str, *, hint: str = "", optional: bool = False) -> list[Block]:
    """Return a field of a modal with its label; its block has the id of its element."""
    found: Block = {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain_text(label, 150),
        "element": element,
    }
    if hint:
        found["hint"] = plain_text(hint, limits.FIELD)
    if optional:
        found["optional"] = True
    return [found]


# Tables


def table(columns: Sequence[str], rows: Sequence[Sequence[str | int]], *, widest: int = 80) -> list[Block]:
    """Return a table with a heading row, cut to the rows and characters that Slack takes; none where there is no row.

    `widest` is the most characters of a cell.
    """
    if not rows:
        return []
    held = [[_heading(name) for name in columns[: limits.MOST_COLUMNS]]]
    size = limits.size_of(held)
    for row in rows[: limits.MOST_ROWS - 1]:
        cells = [_cell(one, widest) for one, _ in zip_longest(row[: limits.MOST_COLUMNS], held[0], fillvalue="")]
        size += limits.size_of(cells)
        if size > limits.TABLE:
            break
        held.append(cells)
    settings = [_column([row[number] for row in rows if number < len(row)]) for number in range(len(held[0]))]
    return [{"type": "table", "rows": held, "column_settings": settings}]


def _column(cells: Sequence[str | int]) -> Element:
    """Return how a column is set: numbers to the right, long texts on several lines."""
    if all(isinstance(one, int) for one in cells):
        return {"align": "right"}
    return {"is_wrapped": any(len(str(one)) > _WRAPPED for one in cells)}


def rows_of(blocks: Sequence[Block]) -> int:
    """Return how many rows stand in a table, without its heading; 0 where there is none."""
    return sum(len(block["rows"]) - 1 for block in blocks if block["type"] == "table")


def _heading(text: str) -> Element:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": said(text, 40, bold=True) or run("–", bold=True)}],
    }


def _cell(value: str | int, widest: int) -> Element:
    return {"type": "raw_text", "text": clean(str(value), widest) or "–"}


# Modals and Home


def modal(title: str, blocks: Sequence[Block], callback: str, *, ref: str = "", submit: str = "", close: str) -> Block:
    """Return a modal; `ref` is what it remembers, `submit` the button that sends it, empty where it only shows."""
    found: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, limits.TITLE),
        "close": plain_text(close, limits.TITLE),
        "private_metadata": ref[: limits.METADATA],
        "blocks": list(blocks)[: limits.MOST_BLOCKS["modal"]],
    }
    if submit:
        found["submit"] = plain_text(submit, limits.TITLE)
    return found


def form(title: str, blocks: Sequence[Block], callback: str, ref: Ref, *, submit: str) -> Block:
    """Return a modal that is sent, with a button to leave it."""
    leave = say("replies/slack", "modal.cancel")
    return modal(title, blocks, callback, ref=ref.packed(), submit=submit, close=leave)


def home(blocks: Sequence[Block]) -> Block:
    """Return a Home tab."""
    return {"type": "home", "blocks": list(blocks)[: limits.MOST_BLOCKS["home"]]}

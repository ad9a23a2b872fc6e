"""Slack's payloads -> what is to be done; every predicate on a payload stands here, and nothing else does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from govbot.rendering.slack.actions import CRITERION, DECIDE, OPENS, Ref, typed
from govbot.rendering.slack.deciding import decision_faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govbot.records import DecisionKind

#: What marks the jobs that came from Slack.
VIA = "slack"
#: A file of Slack's as a link in a text: "<https://body.slack.com/files/U1/F1/draft.docx>".
_FILE_LINK = re.compile(r"<https?://[^/|>\s]+/files/[A-Z0-9]+/(F[A-Z0-9]+)[^>]*>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
#: Any of Slack's own marks: people, channels, groups, links.
_MARK = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)")
#: What is said after the command to open a modal.
_SETTINGS = "settings"
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A job to be written down, before Slack is told that its request has arrived."""

    #: Of one key there is one job, however often Slack sends the request.
    key: str
    kind: str
    #: All that the worker needs to know.
    order: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """A file that is not shared any more: in a channel, or anywhere where that is empty."""

    file: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A channel whose members are others now."""

    channel: str
    #: True where it is the bot itself that left.
    is_bot: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """The app was removed from the workspace, or its tokens were."""


Heard = Wanted | Gone | Moved | Removed


def workspace_of(body: Mapping[str, Any]) -> str:
    """Return the id of the workspace that a request comes from; empty where it names none."""
    for one in body.get("authorizations") or ():
        if one.get("team_id"):
            return str(one["team_id"])
    if body.get("type") == "event_callback" or "command" in body:
        return str(body.get("team_id") or "")
    # Of a shared channel's visitor the view says where the app is installed.
    view = body.get("view") or {}
    team, user = body.get("team") or {}, body.get("user") or {}
    # Of an app that a whole organisation installed, a request names no workspace but the person's.
    return str(view.get("app_installed_team_id") or team.get("id") or user.get("team_id") or "")


def heard(body: Mapping[str, Any]) -> tuple[Heard, ...]:
    """Return what a request wants done, nothing where it wants nothing of us."""
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, body.get("event") or {})
    if form_faults(body):
        return ()
    if kind in ("block_actions", "view_submission", "message_action"):
        return (_INTERACTIONS[kind](body),)
    if "command" in body:
        return (_command(body),)
    return ()


def opens_modal(body: Mapping[str, Any]) -> bool:
    """Return whether a button, a menu or a command wants a modal opened at once."""
    if "command" in body:
        return str(body.get("text") or "").strip().casefold() == _SETTINGS
    return any(one["action_id"] in OPENS for one in body.get("actions") or ())


def form_faults(body: Mapping[str, Any]) -> dict[str, str]:
    """Return what is missing in a form that was sent: the field, and a sentence; nothing where it can be taken."""
    view = body.get("view") or {}
    if body.get("type") != "view_submission" or view.get("callback_id") != DECIDE:
        return {}
    return decision_faults(cast("DecisionKind", Ref.unpack(view["private_metadata"]).note), typed(view))


def linked_files(text: str) -> tuple[str, ...]:
    """Return the ids of files of Slack's that a text links to, each once."""
    return tuple(dict.fromkeys(_FILE_LINK.findall(text)))


def spoken(text: str, bot: str = "") -> str:
    """Return a text as people read it: without mentions of the bot, links by their words, entities as signs."""
    text = _MENTION.sub(lambda found: "" if found[1] == bot else found[0], text)
    text = _FILE_LINK.sub("", text)
    text = _MARK.sub(_as_read, text)
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return " ".join(text.split())


def _as_read(found: re.Match[str]) -> str:
    """Return one of Slack's marks as people read it: a channel by its name, a link by its words."""
    sign = "#" if found[1] == "#" else ""
    return sign + found[3] if found[3] else found[1] + found[2]


def _bots(body: Mapping[str, Any]) -> set[str]:
    return {str(one.get("user_id")) for one in body.get("authorizations") or () if one.get("is_bot")}


def _event(body: Mapping[str, Any], event: Mapping[str, Any]) -> tuple[Heard, ...]:
    kind = event.get("type")
    bots = _bots(body)
    if event.get("bot_id") or event.get("user") in bots or event.get("user_id") in bots:
        return (Moved(channel=str(event.get("channel")), is_bot=True),) if kind == "member_left_channel" else ()
    if kind == "file_shared":
        return (_arrival(body, event),)
    if kind == "app_mention":
        return (_question(body, event, bots),)
    if kind == "message" and event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share"):
        return (_question(body, event, bots),)
    if kind == "app_home_opened" and event.get("tab") == "home":
        return (_wanted(f"home {event['user']} {body['event_id']}", "home", user=event["user"]),)
    if kind == "app_home_opened":
        return (_wanted(f"greet {event['user']}", "greet", user=event["user"], channel=event["channel"]),)
    return _departure(kind, event)


def _departure(kind: object, event: Mapping[str, Any]) -> tuple[Heard, ...]:
    """Return what is not there, or not seen by the same people, any more."""
    if kind == "file_deleted":
        return (Gone(file=event["file_id"]),)
    if kind == "file_unshared":
        return (Gone(file=event["file_id"], channel=event.get("channel_id", "")),)
    if kind in ("member_left_channel", "channel_shared", "channel_unshared"):
        return (Moved(channel=event["channel"]),)
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and (event.get("tokens") or {}).get("bot")):
        return (Removed(),)
    return ()


def _arrival(body: Mapping[str, Any], event: Mapping[str, Any]) -> Wanted:
    channel, file, user = event["channel_id"], event["file_id"], event.get("user_id", "")
    # A file that is shared again, after it was taken away, arrives again.
    return _wanted(f"file {channel} {file} {body['event_id']}", "arrival", channel=channel, file=file, user=user)


def _question(body: Mapping[str, Any], event: Mapping[str, Any], bots: set[str]) -> Wanted:
    text = event.get("text") or ""
    return _wanted(
        f"event {body['event_id']}",
        "question",
        channel=event["channel"],
        user=event.get("user", ""),
        message=event["ts"],
        # A reply to a reply stands under the same first message.
        thread=event.get("thread_ts") or "",
        text=spoken(text, next(iter(bots), "")),
        files=[one["id"] for one in event.get("files") or () if "id" in one],
        links=list(linked_files(text)),
    )


def _command(body: Mapping[str, Any]) -> Wanted:
    return _wanted(
        f"command {body['trigger_id']}",
        "command",
        channel=body["channel_id"],
        user=body["user_id"],
        text=spoken(body.get("text") or ""),
        channels=_CHANNEL.findall(body.get("text") or ""),
        opens=opens_modal(body),
        answer_to=body["response_url"],
    )


def _block_action(body: Mapping[str, Any]) -> Wanted:
    action = body["actions"][0]
    container = body.get("container") or {}
    view = body.get("view") or {}
    return _wanted(
        f"action {body['trigger_id']}",
        "press",
        user=body["user"]["id"],
        action=action["action_id"],
        block=action.get("block_id", ""),
        value=_value(action),
        document=_document(_value(action)),
        opens=opens_modal(body),
        channel=container.get("channel_id") or (body.get("channel") or {}).get("id") or "",
        message=container.get("message_ts") or "",
        thread=container.get("thread_ts") or "",
        is_passing=bool(container.get("is_ephemeral")),
        answer_to=body.get("response_url") or "",
        **_view(view),
    )


def _submission(body: Mapping[str, Any]) -> Wanted:
    view = body["view"]
    filled = typed(view)
    return _wanted(
        f"view {view['id']} {view.get('hash', '')} {body.get('trigger_id', '')}",
        "submit",
        user=body["user"]["id"],
        **_view(view),
        document=_document(filled.get(CRITERION) or view.get("private_metadata") or ""),
        values=filled,
    )


def _message_action(body: Mapping[str, Any]) -> Wanted:
    message = body["message"]
    return _wanted(
        f"shortcut {body['trigger_id']}",
        "shortcut",
        user=body["user"]["id"],
        action=body["callback_id"],
        channel=body["channel"]["id"],
        thread=message.get("thread_ts") or message["ts"],
        files=[one["id"] for one in message.get("files") or () if "id" in one],
        answer_to=body.get("response_url") or "",
    )


_INTERACTIONS = {"block_actions": _block_action, "view_submission": _submission, "message_action": _message_action}


def _view(view: Mapping[str, Any]) -> dict[str, Any]:
    if not view:
        return {}
    return {
        "view": view["id"],
        "root": view.get("root_view_id") or view["id"],
        "view_kind": view.get("type", ""),
        "callback": view.get("callback_id") or "",
        "metadata": view.get("private_metadata") or "",
    }


def _value(action: Mapping[str, Any]) -> str:
    """Return what was pressed or chosen, whatever kind of element it was."""
    for key in ("value", "selected_channel", "selected_conversation", "selected_user", "selected_date"):
        if action.get(key) is not None:
            return str(action[key])
    chosen = action.get("selected_option") or {}
    return str(chosen.get("value") or "")


def _document(packed: str) -> int:
    """Return the draft that a packed value is about; 0 where it is about none."""
    try:
        return Ref.unpack(packed).document
    except ValueError:
        return 0


def _wanted(key: str, kind: str, **order: str | bool | int | Sequence[str] | dict[str, str]) -> Wanted:
    return Wanted(key=key, kind=kind, order={"via": VIA, "kind": kind, **order})

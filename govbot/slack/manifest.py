"""What the app asks of Slack: its permissions, the events that it gets, and the manifest that says so to Slack."""

from __future__ import annotations

from typing import Any

from govbot.rendering.slack.actions import CHECK
from govbot.words import say

_SHEET = "slack_app"
#: The slash command.
COMMAND = "/govbot"
#: Where Slack sends requests over HTTP, where an installation begins, and where it comes back to.
EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"

#: What the bot's token may do; nothing that no method, event or feature below needs.
SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",
    "users:read",
)
#: What an app-level token may do, for Socket Mode.
APP_SCOPES = ("connections:write",)
_ROOMS = ("channels:read", "groups:read", "im:read")
_CHANNELS = ("channels:read", "groups:read")
#: Event -> scopes that it takes. Messages in channels are none of them: the bot hears what mentions it.
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_shared": _CHANNELS,
    "channel_unshared": _CHANNELS,
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "file_unshared": ("files:read",),
    "member_left_channel": _CHANNELS,
    "message.im": ("im:history",),
    "tokens_revoked": (),
}
#: Method of Slack's that is called -> scopes that it takes, by the kind of channel where there are several.
METHODS: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    # Of direct messages only: where the app may not read a channel it does without.
    "conversations.history": ("im:history",),
    "conversations.info": _ROOMS,
    "conversations.members": _ROOMS,
    "conversations.open": ("im:write",),
    "conversations.replies": ("im:history",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "files.list": ("files:read",),
    "oauth.v2.access": (),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
#: What the slash command and the shortcut take.
FEATURES = ("commands",)


def manifest(url: str = "") -> dict[str, Any]:
    """Return the app's manifest: for Socket Mode, or for requests to an address such as "https://govbot.example.org"."""
    base = url.rstrip("/")
    return {
        "display_information": {
            "name": say(_SHEET, "app.name"),
            "description": say(_SHEET, "app.description"),
            "long_description": say(_SHEET, "app.long_description"),
            "background_color": say(_SHEET, "app.colour"),
        },
        "features": {
            # No agent view: it needs a paid plan and a permission more, and adds nothing that is used here.
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": say(_SHEET, "app.name"), "always_online": True},
            "shortcuts": [
                {
                    "name": say(_SHEET, "app.shortcut"),
                    "type": "message",
                    "callback_id": CHECK,
                    "description": say(_SHEET, "app.shortcut_description"),
                }
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": say(_SHEET, "app.command"),
                    "usage_hint": say(_SHEET, "app.usage"),
                    # Channels and people come by their ids.
                    "should_escape": True,
                    **_at(base, "url"),
                }
            ],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [f"{base}{REDIRECT_PATH}"]} if base else {}),
        },
        "settings": {
            "event_subscriptions": {**_at(base, "request_url"), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **_at(base, "request_url")},
            "org_deploy_enabled": bool(base),
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }


def _at(base: str, key: str) -> dict[str, str]:
    """Return where Slack sends something, under the key that it goes by; nothing in Socket Mode."""
    return {key: f"{base}{EVENTS_PATH}"} if base else {}

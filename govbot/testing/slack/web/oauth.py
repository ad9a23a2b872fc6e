"""oauth.*, auth.revoke, apps.*: how the app is installed, connects and is removed."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from govbot.testing.slack.records import Refused
from govbot.testing.slack.web.calling import method

if TYPE_CHECKING:
    from govbot.testing.slack.web.calling import Asked


@method("apps.connections.open", "connections:write", token="app")
def open_connection(asked: Asked) -> dict[str, Any]:
    """Return an address at which the app connects, once."""
    return {"url": f"ws://{asked.world.host}/link/?ticket={asked.world.registry.new_ticket()}"}


@method("oauth.v2.access", token="none")
def access(asked: Asked) -> dict[str, Any]:
    """Return a token for the code that an installation ended with."""
    name, secret = _client(asked)
    registry = asked.world.registry
    grant = registry.take_code(asked.text("code"), name, secret, asked.text("redirect_uri"))
    team = asked.world.teams[grant.team]
    return {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": ",".join(grant.scopes),
        "bot_user_id": team.bot_user,
        "app_id": registry.app_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": next(iter(asked.world.people(team.id)), "")},
    }


@method("auth.revoke")
def revoke(asked: Asked) -> dict[str, Any]:
    """Make the token good for nothing."""
    asked.grant.error = "token_revoked"
    return {"revoked": True}


def _client(asked: Asked) -> tuple[str, str]:
    """Return the app's id and secret, which come as arguments or in the header; raise Refused."""
    if asked.text("client_id"):
        return asked.text("client_id"), asked.text("client_secret")
    kind, _, given = asked.text("authorization").partition(" ")
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise Refused("invalid_client_id") from exc
    if kind != "Basic":
        raise Refused("invalid_client_id")
    return name, secret

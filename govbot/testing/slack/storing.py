"""The second host: where files are fetched from and brought to."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from govbot.testing.slack.records import Refused
from govbot.testing.slack.web.calling import grant_of
from govbot.testing.slack.web.files import is_seen

if TYPE_CHECKING:
    from govbot.testing.slack.world import File, World

#: What Slack shows to those who may not have a file: status 200 where the token lacks files:read.
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to your workspace</body></html>"


class Storage:
    """Gives out and takes in the bytes of files."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """Return a file's bytes to a token that may read it, and a page to log in to any other."""
        file = self._world.files.get(request.match_info["file"])
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if file is None or file.is_gone:
            return web.Response(status=404, text="not found")
        try:
            grant = grant_of(self._world, token.strip() if kind == "Bearer" else "")
        except Refused:
            return self._away(request)
        if "files:read" not in grant.scopes or file.spoilt.get("page"):
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if "redirect" in file.spoilt:
            return web.Response(status=302, headers={"Location": str(file.spoilt["redirect"])})
        team = self._world.teams[grant.team]
        if not is_seen(self._world, file, team):
            return web.Response(status=404, text="not found")
        return _bytes_of(file)

    async def take(self, request: web.Request) -> web.Response:
        """Keep the bytes that the app brings for an upload that it began."""
        file = self._world.files.get(request.match_info["file"])
        if file is None or "awaited" not in file.spoilt:
            return web.Response(status=404, text="not found")
        data = await _body(request)
        with self._world.lock:
            if len(data) != file.spoilt["awaited"]:
                return web.Response(status=400, text=f"{file.spoilt['awaited']} bytes were announced")
            file.data = data
            del file.spoilt["awaited"]
        return web.Response(text=f"OK - {len(data)}")

    def _away(self, request: web.Request) -> web.Response:
        place = f"http://{self._world.host}/login?redir={quote(request.path)}"
        return web.Response(status=302, headers={"Location": place})


async def show_login(request: web.Request) -> web.Response:
    """Return the page to log in."""
    return web.Response(text=LOGIN_PAGE, content_type="text/html")


def _bytes_of(file: File) -> web.Response:
    kind = file.spoilt.get("kind") or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return web.Response(body=file.spoilt.get("data", file.data), headers={"Content-Type": kind})


async def _body(request: web.Request) -> bytes:
    """Return what was brought: as it is, or as the first file of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            return bytes(await part.read())
    return b""

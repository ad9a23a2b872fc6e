"""What the page of a trial asks and tells, under /try/: for people on this machine, and for that page only."""

from __future__ import annotations

import asyncio
import re
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import yaml
from aiohttp import BodyPartReader, web

from govbot.resources import resource
from govbot.testing.slack import elements
from govbot.testing.slack.acting import Press
from govbot.testing.slack.records import Refused
from govbot.testing.slack.showing import top_modal
from govbot.testing.slack.talking import may_see, may_write, new_file, speak
from govbot.testing.slack.try_state import state_of
from govbot.testing.slack.web.files import delete_file

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from govbot.testing.slack.acting import People
    from govbot.testing.slack.delivery import Courier
    from govbot.testing.slack.elements import Blocks
    from govbot.testing.slack.world import World

    Body = dict[str, Any]

#: Seconds that a page waits for news.
_PATIENCE = 25.0
#: Bytes of a file, and of anything else that is told; files of one message.
_MOST_FILE, _MOST_TOLD, _MOST_FILES = 200 * 2**20, 2**20, 10
_STATUS = {"not_acknowledged": 504, "app_away": 503, "too_large": 413, "refused": 403, "not_in_channel": 403}
_NOT_FOUND = re.compile(r"no_(such_\w+|view)")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = resources.files("govbot.testing") / "page"
_PART = re.compile(r"[a-z_]+\.(js|css|svg)")
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
#: A page of this machine sets it, a foreign page's form cannot.
_MARK = "X-Govbot-Try"


class TryApi:
    """The page's server; all of it runs in the server's loop."""

    def __init__(self, world: World, people: People, courier: Courier) -> None:
        self._world, self._people, self._courier = world, people, courier
        self._waiting: set[asyncio.Event] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses that are answered."""
        asked = {"state": self._state, "wait": self._wait, "words": _words, "file/{file}": self._file}
        told = {
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "close": self._close,
            "command": self._command,
            "shortcut": self._shortcut,
            "home": self._home,
            "delete": self._delete,
        }
        return [
            web.get("/", _guarded(_go_to_page)),
            web.get("/try/", _guarded(_index)),
            web.get("/try/page/{name}", _guarded(_part)),
            *(web.get(f"/try/{path}", _guarded(answer)) for path, answer in asked.items()),
            *(web.post(f"/try/{path}", _guarded(_reading(answer))) for path, answer in told.items()),
            web.post("/try/upload", _guarded(self._upload)),
        ]

    def wake(self) -> None:
        """Let every page that waits look whether there is news."""
        for waiting in self._waiting:
            waiting.set()

    # What it asks

    async def _state(self, request: web.Request) -> web.Response:
        with self._world.lock:
            state = state_of(self._world, request.query.get("user", ""), is_ready=self._courier.is_ready)
        return web.json_response(state)

    async def _wait(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "")
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(_PATIENCE):
                while str(self._world.version) == after:
                    await woken.wait()
                    woken.clear()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(woken)
        return web.json_response({"version": self._world.version})

    async def _file(self, request: web.Request) -> web.Response:
        user = request.query.get("user", "")
        with self._world.lock:
            file = self._world.file(request.match_info["file"])
            places = [self._world.channel(share.channel) for share in file.shares]
            if not any(may_see(self._world, user, place) for place in places):
                raise Refused("no_such_file")
            name, data = file.name, file.data
        # Never shown in the page's own place: a draft may be a page too.
        kept = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return web.Response(body=data, content_type="application/octet-stream", headers=kept)

    # What it tells

    async def _say(self, body: Body) -> Body:
        with self._world.lock:
            post = speak(
                self._world,
                _text(body, "user"),
                _text(body, "channel"),
                _text(body, "text"),
                thread=_text(body, "thread"),
            )
        return {"ts": post.ts}

    async def _upload(self, request: web.Request) -> web.Response:
        _look_at_mark(request)
        told, files = await self._form(request)
        user = told.get("user", "")
        with self._world.lock:
            names = [new_file(self._world, user, *one) for one in files]
            post = speak(
                self._world,
                user,
                told.get("channel", ""),
                told.get("text", ""),
                files=names,
                thread=told.get("thread", ""),
            )
        return web.json_response({"ok": True, "ts": post.ts, "files": names})

    async def _form(self, request: web.Request) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
        """Return a form's fields and its files; raise Refused before reading the files of somebody who may not."""
        told: dict[str, str] = {}
        files: list[tuple[str, bytes]] = []
        if not request.content_type.startswith("multipart/"):
            raise Refused("refused", "not a form")
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Refused("refused", "a form in a form")
            if part.name != "files":
                told[str(part.name)] = (await _read(part, _MOST_TOLD)).decode()
                continue
            with self._world.lock:
                may_write(self._world, told.get("user", ""), self._world.channel(told.get("channel", "")))
            if len(files) == _MOST_FILES:
                raise Refused("too_large", "too many files")
            files.append((part.filename or "file", await _read(part, _MOST_FILE)))
        if not files:
            raise Refused("no_such_file", "none came")
        return told, files

    async def _press(self, body: Body) -> Body:
        user, where = _text(body, "user"), _text(body, "where")
        channel, ts = _text(body, "channel"), _text(body, "ts")
        blocks = self._blocks(user, where, channel, ts)
        press = Press(
            action_id=_text(body, "action_id"),
            block_id=_text(body, "block_id"),
            selected=body.get("selected"),
            values=elements.known(blocks, _values(body)),
        )
        if where == "message":
            await self._people.press(user, channel, ts, press)
        else:
            await self._people.press_in_view(user, "modal" if where == "modal" else "home", press)
        return {}

    def _blocks(self, user: str, where: str, channel: str, ts: str) -> Blocks:
        """Return the blocks that somebody sees there; raise Refused."""
        with self._world.lock:
            self._world.user(user)
            if where == "message":
                self._look_at_place(user, channel)
                return self._world.post(channel, ts, user).blocks
            if where == "modal":
                return list(top_modal(self._world, user).view["blocks"])
            if user not in self._world.homes:
                raise Refused("no_view")
            return list(self._world.homes[user].view["blocks"])

    async def _submit(self, body: Body) -> Body:
        user, view = _text(body, "user"), _text(body, "id")
        blocks = self._blocks(user, "modal", "", "")
        said = await self._people.submit(user, elements.known(blocks, _values(body)), view=view)
        return {"errors": (said or {}).get("errors") or {}}

    async def _close(self, body: Body) -> Body:
        await self._people.close(_text(body, "user"), view=_text(body, "id"), is_all=bool(body.get("all")))
        return {}

    async def _command(self, body: Body) -> Body:
        user, channel = _text(body, "user"), _text(body, "channel")
        self._look_at_place(user, channel)
        await self._people.command(user, channel, _text(body, "command"), _text(body, "text"))
        return {}

    async def _shortcut(self, body: Body) -> Body:
        user, channel = _text(body, "user"), _text(body, "channel")
        self._look_at_place(user, channel)
        await self._people.shortcut(user, channel, _text(body, "ts"), _text(body, "callback_id"))
        return {}

    async def _home(self, body: Body) -> Body:
        self._people.open_home(_text(body, "user"), _text(body, "tab") or "home")
        return {}

    async def _delete(self, body: Body) -> Body:
        with self._world.lock:
            file = self._world.file(_text(body, "file"))
            if file.user != _text(body, "user"):
                raise Refused("refused", "another's file")
            delete_file(self._world, file)
        return {}

    def _look_at_place(self, user: str, channel: str) -> None:
        with self._world.lock:
            if not may_see(self._world, user, self._world.channel(channel)):
                raise Refused("no_such_channel")


def _guarded(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return what answers only to this machine's own page, and says no in JSON."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            _look_at_host(request)
            answered = await answer(request)
        except Refused as exc:
            status = 404 if _NOT_FOUND.fullmatch(exc.name) else _STATUS.get(exc.name, 400)
            answered = web.json_response({"error": exc.name}, status=status)
        answered.headers.update(_HEADERS)
        return answered

    return guarded


def _reading(answer: Callable[[Body], Awaitable[Body]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return what answers to JSON that the page tells."""

    async def reading(request: web.Request) -> web.StreamResponse:
        _look_at_mark(request)
        if (request.content_length or 0) > _MOST_TOLD:
            raise Refused("too_large")
        try:
            body = await request.json()
        except ValueError as exc:
            raise Refused("refused", "not JSON") from exc
        if not isinstance(body, dict):
            raise Refused("refused", "not an object")
        return web.json_response({"ok": True, **await answer(body)})

    return reading


def _look_at_host(request: web.Request) -> None:
    """Raise Refused where another name leads here: somebody else's, for whose pages this is not."""
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    if request.host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Refused("refused", "host")


def _look_at_mark(request: web.Request) -> None:
    if request.headers.get(_MARK) != "1":
        raise Refused("refused", "mark")


async def _read(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(2**16):
        data += chunk
        if len(data) > most:
            raise Refused("too_large")
    return bytes(data)


def _text(body: Mapping[str, Any], name: str) -> str:
    given = body.get(name)
    return given if isinstance(given, str) else ""


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    given = body.get("values")
    return given if isinstance(given, dict) else {}


# The page


async def _go_to_page(request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "/try/"})


async def _index(request: web.Request) -> web.StreamResponse:
    return _page("index.html")


async def _part(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if not _PART.fullmatch(name) or not (_PAGE / name).is_file():
        raise Refused("no_such_file")
    return _page(name)


async def _words(request: web.Request) -> web.StreamResponse:
    return web.json_response(yaml.safe_load(resource("prompts/page.yaml").read_text(encoding="utf-8")))


def _page(name: str) -> web.Response:
    return web.Response(
        body=(_PAGE / name).read_bytes(),
        content_type=_TYPES[name.rpartition(".")[2]],
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )

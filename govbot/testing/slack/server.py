"""The local Slack's two hosts, in a loop and a thread of their own: one for everything, one for files."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web
from yarl import URL

from govbot.testing.slack.acting import People
from govbot.testing.slack.delivery import Courier
from govbot.testing.slack.faults import Faults
from govbot.testing.slack.records import Call, Refused
from govbot.testing.slack.responding import respond
from govbot.testing.slack.sockets import Sockets
from govbot.testing.slack.storing import Storage, show_login
from govbot.testing.slack.try_api import TryApi
from govbot.testing.slack.web import call

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from typing import TypeVar

    from aiohttp.typedefs import Handler

    from govbot.testing.slack.faults import Fault
    from govbot.testing.slack.web.calling import Reply
    from govbot.testing.slack.world import Happening, World

    T = TypeVar("T")

#: Bytes of a request that are read: the most that Slack takes for a file.
_MOST = 1024**3
_HOST = "127.0.0.1"
#: "Not so fast".
HTTP_BUSY = 429
_HIDDEN = ("token", "client_secret", "authorization")


class Server:
    """The server; everything but its start and stop runs in its own loop."""

    def __init__(self, world: World, *, port: int = 0) -> None:
        self._world, self._port = world, port
        self.faults = Faults()
        self.sockets = Sockets(world)
        self.courier = Courier(world, self.sockets)
        self.sockets.on_open = self.courier.arrived
        self.people = People(world, self.courier)
        self._try = TryApi(world, self.people, self.courier)
        #: How it answers while it is down: a status, 0 to cut the connection; None while it is up.
        self.down: int | None = None
        #: Whether people agree to install the app.
        self.consents = True
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local-slack", daemon=True)
        self._runners: list[web.AppRunner] = []

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        self.do(self._start())

    def stop(self) -> None:
        """Stop, and cut whatever is open."""
        self.do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of something done in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        storage = Storage(self._world)
        files = web.Application(client_max_size=_MOST, middlewares=[self._while_up])
        files.add_routes(
            [
                web.get(r"/files-pri/{team:T\w+}-{file:F\w+}/{rest:.*}", storage.fetch),
                web.post("/upload/v1/{file}", storage.take),
                web.put("/upload/v1/{file}", storage.take),
            ]
        )
        main = web.Application(client_max_size=_MOST, middlewares=[self._while_up])
        main.add_routes(
            [
                web.route("*", "/api/{method}", self._call),
                web.get("/link/", self._connect),
                web.post("/actions/{team}/{name}", self._respond),
                web.get("/oauth/v2/authorize", self._authorize),
                web.get("/login", show_login),
                *self._try.routes(),
            ]
        )
        self._world.file_host = await self._listen(files, 0)
        self._world.host = await self._listen(main, self._port)
        self._world.on_happening = self._hear
        self._world.on_note = lambda: self._in_loop(self._try.wake)

    def _hear(self, happening: Happening) -> None:
        # Whether the app may hear of it is decided now, not when the loop comes to it.
        parcel = self.courier.pack(happening)
        if parcel is not None:
            self._in_loop(self.courier.bring, parcel, happening.at)

    async def _listen(self, app: web.Application, port: int) -> str:
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, _HOST, port, backlog=1024)
        await site.start()
        return f"{_HOST}:{runner.addresses[0][1]}"

    async def _stop(self) -> None:
        self._world.on_happening = lambda _: None
        self._world.on_note = lambda: None
        self.sockets.cut()
        self._try.wake()
        await self.courier.close()
        for runner in self._runners:
            await runner.cleanup()

    def _in_loop(self, do: Any, *given: Any) -> None:  # noqa: ANN401 (any callback)
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(do, *given)

    @web.middleware
    async def _while_up(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # The page is the person's, not the app's.
        is_ours = request.path == "/" or request.path.startswith("/try")
        if self.down is None or is_ours:
            return await handler(request)
        return _failed(request, self.down)

    # The Web API

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        token, arguments = await _arguments(request)
        with self._world.lock:
            fault = self.faults.take(name)
            if fault is not None and not fault.is_done:
                self._note(name, arguments, fault.name)
                return _fail(request, fault)
            wait = self.faults.wait(name, str(arguments.get("channel") or ""), self._world.clock.now())
            if wait:
                self._note(name, arguments, "ratelimited")
                return _busy(wait)
            reply = call(self._world, name, token, arguments)
            self._note(name, arguments, reply.error)
        return _fail(request, fault) if fault is not None else _answer(reply)

    def _note(self, name: str, arguments: Mapping[str, Any], error: str) -> None:
        shown = {key: one for key, one in arguments.items() if key not in _HIDDEN}
        at = self._world.clock.now()
        self._world.calls.append(Call(method=name, arguments=shown, at=at, error=error))
        self._world.noted()

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await self.sockets.serve(request)

    async def _respond(self, request: web.Request) -> web.Response:
        said = await request.json()
        with self._world.lock:
            try:
                respond(self._world, request.match_info["name"], said)
            except Refused as exc:
                self._note("response_url", said, exc.name)
                status = 400 if exc.name.startswith("invalid_blocks") else 404
                return web.json_response({"ok": False, "error": exc.name}, status=status)
            self._note("response_url", said, "")
        return web.Response(text="ok")

    async def _authorize(self, request: web.Request) -> web.Response:
        """Send a person who installs the app back to it, as one who agreed, or did not."""
        query, registry = request.query, self._world.registry
        back = query.get("redirect_uri") or next(iter(registry.redirect_urls), "")
        if query.get("client_id") != registry.client_id or not back:
            return web.Response(status=400, text="invalid client_id or redirect_uri")
        team = query.get("team") or next(iter(self._world.teams))
        told = {"state": query.get("state", "")}
        if self.consents:
            scopes = query.get("scope", "").replace(" ", ",").split(",")
            told["code"] = registry.new_code(team, filter(None, scopes), query.get("redirect_uri", ""))
        else:
            told["error"] = "access_denied"
        raise web.HTTPFound(_with_query(back, told))


async def _arguments(request: web.Request) -> tuple[str, dict[str, Any]]:
    """Return the token and the arguments of a call, which come in the address, as a form, or as JSON."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        with suppress(ValueError):
            body = await request.json()
            given |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        given |= dict(await request.post())
    header = request.headers.get("Authorization", "")
    token = str(given.get("token") or "")
    if header.startswith("Bearer "):
        token = header.removeprefix("Bearer ").strip()
    elif header:
        given["authorization"] = header
    return token, given


def _answer(reply: Reply) -> web.Response:
    return web.json_response(reply.body, headers=reply.headers)


def _busy(seconds: int) -> web.Response:
    headers = {"Retry-After": str(seconds)}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _fail(request: web.Request, fault: Fault) -> web.Response:
    if fault.status is None and fault.retry_after is None:
        return web.json_response({"ok": False, "error": fault.error})
    if fault.retry_after is not None:
        return _busy(fault.retry_after)
    return _failed(request, fault.status or 0)


def _failed(request: web.Request, status: int) -> web.Response:
    if not status and isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
    return _busy(1) if status == HTTP_BUSY else web.Response(status=status or 503, text="Slack is not to be reached")


def _with_query(address: str, given: dict[str, str]) -> str:
    return str(URL(address).update_query(given))

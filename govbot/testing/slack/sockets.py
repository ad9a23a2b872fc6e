"""Socket Mode: the app's connections, one of which gets each envelope, and what the app says back."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.testing.slack.world import World

#: Connections that one app may have.
MOST_CONNECTIONS = 10
#: Seconds that Slack says a connection lasts.
_LASTS = 18_060


class ConnectionLost(Exception):
    """The connection was lost before the app acknowledged."""


class Sockets:
    """The connections; all of it runs in the server's loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[web.WebSocketResponse] = []
        self._transports: dict[web.WebSocketResponse, asyncio.Transport] = {}
        self._awaited: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = 0
        #: Told of every new connection.
        self.on_open: Callable[[], None] = lambda: None

    @property
    def count(self) -> int:
        """How many connections there are."""
        return len(self._open)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Keep a connection until one side ends it."""
        if not self._world.registry.take_ticket(request.query.get("ticket", "")):
            return web.Response(status=401, text="ticket")
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        if len(self._open) >= MOST_CONNECTIONS:
            await self._say_goodbye(socket, "too_many_websockets")
            return socket
        if isinstance(request.transport, asyncio.Transport):
            self._transports[socket] = request.transport
        try:
            with suppress(ConnectionError):  # it may be cut in the middle of anything
                await self._listen(socket)
        finally:
            self._forget(socket)
        return socket

    async def send(self, name: str, envelope: dict[str, Any]) -> Any:  # noqa: ANN401 (what the app says)
        """Return what the app acknowledges with, None where that is nothing; raise ConnectionLost."""
        if not self._open:
            raise ConnectionLost
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._awaited[name] = (socket, answer)
        try:
            await socket.send_json({"envelope_id": name, **envelope})
            return await answer
        except (ConnectionError, RuntimeError) as exc:
            raise ConnectionLost from exc
        finally:
            self._awaited.pop(name, None)

    async def refresh(self) -> None:
        """Ask every connection to be made anew, as Slack does every few hours."""
        for socket in list(self._open):
            await self._say_goodbye(socket, "refresh_requested")

    def cut(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._open):
            transport = self._transports.get(socket)
            self._forget(socket)
            if transport is not None:
                transport.abort()

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json(self._hello())
        self._open.append(socket)
        self.on_open()
        self._world.changed()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._hear(message.data)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open) + 1,
            "connection_info": {"app_id": self._world.registry.app_id},
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": _LASTS},
        }

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        with suppress(ConnectionError, RuntimeError):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            await socket.close()
        self._forget(socket)

    def _hear(self, data: str) -> None:
        try:
            said = json.loads(data)
            name, payload = said["envelope_id"], said.get("payload")
        except (ValueError, KeyError, TypeError):
            self._world.faults.append("socket: not an acknowledgement")
            return
        _, answer = self._awaited.get(name, (None, None))
        if answer is not None and not answer.done():
            answer.set_result(payload)

    def _forget(self, socket: web.WebSocketResponse) -> None:
        self._transports.pop(socket, None)
        if socket not in self._open:
            return
        self._open.remove(socket)
        for holder, answer in self._awaited.values():
            if holder is socket and not answer.done():
                answer.set_exception(ConnectionLost())
        self._world.changed()

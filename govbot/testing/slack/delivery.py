"""Brings events and interactions to the app, by its connections or signed by HTTP, and tries again as Slack does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import aiohttp

from govbot.testing.slack.records import Delivery, Refused
from govbot.testing.slack.sockets import ConnectionLost

if TYPE_CHECKING:
    from govbot.testing.slack.sockets import Sockets
    from govbot.testing.slack.world import Happening, World

Form = Literal["events_api", "interactive", "slash_commands"]

#: Seconds that the app has to acknowledge.
ACK_WITHIN = 3.0
#: Seconds after an event when it is brought again.
RETRIES = (0.0, 60.0, 360.0)
_CHANNEL_KINDS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """What is brought to the app."""

    form: Form
    kind: str
    id: str
    payload: dict[str, Any]

    def body(self) -> bytes:
        """Return it as it goes over HTTP."""
        if self.form == "events_api":
            return json.dumps(self.payload).encode()
        fields = self.payload if self.form == "slash_commands" else {"payload": json.dumps(self.payload)}
        return urlencode(fields).encode()

    @property
    def content_type(self) -> str:
        """How the body is written."""
        return "application/json" if self.form == "events_api" else "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one attempt."""

    #: "" where the app acknowledged.
    fault: str = ""
    #: What it said: a dict, a text, or None.
    said: Any = None
    status: int = 0
    #: True where the app wants it never again.
    is_final: bool = False


class Watch:
    """Tells how long an app takes, from when something is on its way to it."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def start(self) -> None:
        """Begin now."""
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it is since then."""
        return time.monotonic() - self.began


def signed(body: bytes, secret: str, *, age: float = 0) -> dict[str, str]:
    """Return the headers that say that a request is Slack's, made now or `age` seconds ago."""
    stamp = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Courier:
    """Brings parcels; all of it runs in the server's loop."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world, self._sockets = world, sockets
        #: Where to bring things over HTTP; empty in Socket Mode.
        self.address = ""
        #: Set while Slack works.
        self.up = asyncio.Event()
        self.up.set()
        self._came = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._parcels: dict[str, Parcel] = {}

    @property
    def is_ready(self) -> bool:
        """Whether there is an app to bring things to."""
        return bool(self.address) or self._sockets.count > 0

    def pack(self, happening: Happening) -> Parcel | None:
        """Return an event as it is brought to the app; None where the app is not to hear of it. In any thread."""
        kind = happening.event["type"]
        channel_type = str(happening.event.get("channel_type"))
        subscription = _CHANNEL_KINDS.get(channel_type, kind) if kind == "message" else kind
        if not self._world.registry.hears(happening.team, subscription):
            return None
        return Parcel(form="events_api", kind=kind, id=happening.id, payload=self._event(happening))

    def bring(self, parcel: Parcel, born: float) -> None:
        """Bring an event of that time to the app, and try again where it does not acknowledge."""
        self._parcels[parcel.id] = parcel
        self._keep(self._carry(parcel, born))

    def again(self, name: str) -> None:
        """Bring an event once more that was brought already; raise Refused for one that is not known."""
        if name not in self._parcels:
            raise Refused("no_such_event", name)
        self._keep(self._once(self._parcels[name]))

    def parcel(self, name: str) -> Parcel:
        """Return an event as it was brought; raise Refused."""
        if name not in self._parcels:
            raise Refused("no_such_event", name)
        return self._parcels[name]

    async def ask(self, parcel: Parcel) -> Any:  # noqa: ANN401 (what the app says)
        """Bring an interaction, once, and return what the app answered it with; raise Refused."""
        if not self.is_ready or not self.up.is_set():
            raise Refused("app_away")
        outcome = await self._try(parcel, 0, "")
        if outcome.fault == "connection_failed":
            raise Refused("app_away", parcel.kind)
        if outcome.fault:
            raise Refused("not_acknowledged", f"{parcel.kind}: {outcome.fault} {outcome.status or ''}")
        return outcome.said

    async def post(self, parcel: Parcel, headers: dict[str, str], watch: Watch | None = None) -> Outcome:
        """Send a request of any making over HTTP, and return what came of it; `watch` is told when it is on its way."""
        if self._session is None:
            self._session = _session()
        try:
            async with self._session.post(
                self.address,
                data=parcel.body(),
                headers={"Content-Type": parcel.content_type, "User-Agent": "Slackbot 1.0", **headers},
                allow_redirects=False,
                trace_request_ctx=watch,
            ) as answer:
                text = await answer.text()
                is_json = answer.content_type == "application/json"
                return Outcome(
                    fault="" if answer.status == 200 else "http_error",
                    said=(json.loads(text) if is_json and text else text) or None,
                    status=answer.status,
                    is_final=answer.headers.get("X-Slack-No-Retry") == "1",
                )
        except (aiohttp.ClientError, OSError):
            return Outcome(fault="connection_failed")
        except ValueError:
            return Outcome(fault="http_error", status=200)

    async def close(self) -> None:
        """Give up everything that is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def arrived(self) -> None:
        """Note that there is an app now: what waited for the first one is brought."""
        self._came.set()

    def _keep(self, work: Any) -> None:  # noqa: ANN401 (a coroutine)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _once(self, parcel: Parcel) -> None:
        await self._try(parcel, 1, "http_error")

    async def _carry(self, parcel: Parcel, born: float) -> None:
        # Where no app was ever there yet, things wait for it: it is being started.
        if not self._came.is_set():
            await self._came.wait()
            born = self._world.clock.now()
        outcome = await self._try(parcel, 0, "")
        for attempt, pause in enumerate(RETRIES, start=1):
            if not outcome.fault or outcome.is_final:
                return
            await self._world.clock.until(born + pause)
            outcome = await self._try(parcel, attempt, outcome.fault)

    async def _try(self, parcel: Parcel, attempt: int, reason: str) -> Outcome:
        await self.up.wait()
        watch = Watch()
        work = asyncio.ensure_future(self._send(parcel, attempt, reason, watch))
        limit = asyncio.ensure_future(self._world.clock.until(self._world.clock.now() + ACK_WITHIN))
        try:
            await asyncio.wait({work, limit}, return_when=asyncio.FIRST_COMPLETED)
            outcome = work.result() if work.done() else Outcome(fault="http_timeout")
        finally:
            work.cancel()
            limit.cancel()
        self._note(parcel, attempt, outcome, watch.seconds)
        return outcome

    async def _send(self, parcel: Parcel, attempt: int, reason: str, watch: Watch) -> Outcome:
        if self.address:
            retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
            headers = signed(parcel.body(), self._world.registry.signing_secret)
            return await self.post(parcel, {**headers, **retry}, watch)
        envelope: dict[str, Any] = {
            "type": parcel.form,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.form != "events_api",
        }
        if parcel.form == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        if not self._sockets.count:
            return Outcome(fault="connection_failed")
        try:
            return Outcome(said=await self._sockets.send(str(uuid.uuid4()), envelope))
        except ConnectionLost:
            return Outcome(fault="connection_lost")

    def _note(self, parcel: Parcel, attempt: int, outcome: Outcome, seconds: float) -> None:
        delivery = Delivery(
            kind=parcel.kind,
            id=parcel.id,
            attempt=attempt,
            seconds=None if outcome.fault else seconds,
            fault=outcome.fault,
            payload=parcel.payload,
        )
        with self._world.lock:
            self._world.deliveries.append(delivery)
            self._world.noted()

    def _event(self, happening: Happening) -> dict[str, Any]:
        team, registry = self._world.teams[happening.team], self._world.registry
        bot = {
            "enterprise_id": None,
            "team_id": team.id,
            "user_id": team.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": registry.verification_token,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": registry.app_id,
            "event": happening.event,
            "type": "event_callback",
            "event_id": happening.id,
            "event_time": int(time.time()),
            "authorizations": [bot],
            "is_ext_shared_channel": happening.is_ext_shared,
            "event_context": f"4-{happening.id}",
        }


def _session() -> aiohttp.ClientSession:
    """Return what sends requests over HTTP, as many at once as there are."""
    tracing = aiohttp.TraceConfig()

    async def sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx.start()

    tracing.on_request_headers_sent.append(sent)
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None),
        # No connection is kept: an app that stops would wait for it to end.
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        trace_configs=[tracing],
        trust_env=False,
    )


def as_forged(parcel: Parcel, **changes: Any) -> Parcel:  # noqa: ANN401 (JSON)
    """Return an event under another id, with parts of it changed."""
    payload = {**parcel.payload, "event_id": f"{parcel.id}X"}
    payload["event"] = {**payload["event"], **changes}
    return replace(parcel, id=f"{parcel.id}X", payload=payload)

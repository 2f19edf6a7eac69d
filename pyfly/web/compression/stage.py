"""``pyfly.web.compression.enabled``: answers are compressed on their way out."""

import asyncio
from collections.abc import Callable
from typing import Final

from pyfly.web.compression.accepting import Codings
from pyfly.web.compression.encoders import Encoder, encoders
from pyfly.web.compression.properties import CompressionProperties
from pyfly.web.negotiation.media_types import parse_media_type
from pyfly.web.ports.stages import Respond, Stage
from pyfly.web.responses import AsgiCallable, Message, RawHeaders, Receive, Reply, Scope, Send, complete_reply
from pyfly.web.stages.parts import Parts

_LARGE: Final = 64 * 1024
_REMEMBERED: Final = 256


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage at *order*, as ``pyfly.web.compression`` says."""
    return Stage("compression", order, around=Compression(parts.config.bind(CompressionProperties)).around)


class Compression:
    """Compresses what is worth it for clients that accept it."""

    def __init__(self, properties: CompressionProperties) -> None:
        """Compress as *properties* say."""
        self._encoders = encoders()
        self._codings = Codings(tuple(self._encoders))
        self._level = properties.level
        self.min_size = int(properties.min_size)
        self._types = [found for name in properties.types if (found := parse_media_type(name)) is not None]
        self._known: dict[bytes, bool] = {}

    def around(self, respond: Respond) -> Respond:
        """Return *respond* with its answers compressed."""

        async def compressed(scope: Scope, receive: Receive) -> Reply:
            reply = await respond(scope, receive)
            complete = complete_reply(reply)
            if complete is not None:
                return await self.whole(scope, complete)
            return reply if isinstance(reply, tuple) else self._sending(reply)

        return compressed

    async def whole(
        self, scope: Scope, reply: tuple[int, RawHeaders, bytes]
    ) -> tuple[int, RawHeaders, bytes]:
        """Return a complete reply, compressed if it is worth it and the client accepts it."""
        status, headers, body = reply
        if len(body) < self.min_size or not self.is_compressible(status, headers):
            return reply
        encoder, coding = self.encoder(scope)
        if encoder is None:
            add_vary(headers)
            return reply
        data = await encoded(encoder.end, body)
        return status, [*rewritten(headers, coding), (b"content-length", b"%d" % len(data))], data

    def encoder(self, scope: Scope) -> tuple[Encoder | None, bytes]:
        """Return what compresses for this client, with its name, or ``None``."""
        coding = self._codings.choose(scope["headers"])
        return (self._encoders[coding](self._level), coding.encode()) if coding else (None, b"")

    def is_compressible(self, status: int, headers: RawHeaders) -> bool:
        """Say whether a response of that kind may be compressed at all."""
        if status in (204, 206, 304) or status < 200:
            return False
        kind = b""
        for name, value in headers:
            if name in (b"content-encoding", b"content-range"):
                return False
            if name == b"cache-control" and b"no-transform" in value.lower():
                return False
            if name == b"content-type":
                kind = value
        known = self._known.get(kind)
        if known is None:
            given = parse_media_type(kind.decode("latin-1"))
            known = given is not None and any(item.includes(given) for item in self._types)
            if len(self._known) < _REMEMBERED:
                self._known[kind] = known
        return known

    def _sending(self, reply: AsgiCallable) -> AsgiCallable:
        async def sending(scope: Scope, receive: Receive, send: Send) -> None:
            await reply(scope, receive, _Compressing(self, scope, send).send)

        return sending


class _Compressing:
    """A ``send`` that compresses: at once if all comes in one message, else message by message."""

    def __init__(self, compression: Compression, scope: Scope, send: Send) -> None:
        self._compression = compression
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._encoder: Encoder | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._as_it_is(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif self._encoder is None:
            await self._send(message)
        else:
            await self._next(self._encoder, message)

    async def _as_it_is(self, message: Message) -> None:
        """Pass on what is sent in another way, such as the path of a file that the server sends."""
        start, self._start = self._start, None
        if start is not None:
            await self._send(start)
        await self._send(message)

    async def _begin(self, start: Message, message: Message) -> None:
        headers: RawHeaders = list(start.get("headers", ()))
        body, more = message.get("body", b""), message.get("more_body", False)
        if not more and self._scope["method"] != "HEAD":
            _, headers, body = await self._compression.whole(self._scope, (start["status"], headers, body))
        elif self._compression.is_compressible(start["status"], headers) and not self._is_small(headers):
            encoder, coding = self._compression.encoder(self._scope)
            if encoder is None:
                add_vary(headers)
            else:
                headers = rewritten(headers, coding)
                if more:
                    self._encoder = encoder
                    body = await encoded(encoder.add, body)
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _next(self, encoder: Encoder, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        data = await encoded(encoder.add if more else encoder.end, body)
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    def _is_small(self, headers: RawHeaders) -> bool:
        length = next((value for name, value in headers if name == b"content-length"), None)
        return length is not None and length.isdigit() and int(length) < self._compression.min_size


async def encoded(encode: Callable[[bytes], bytes], body: bytes) -> bytes:
    """Return *body* encoded; a large one in a thread, so that the others do not wait for it."""
    return encode(body) if len(body) < _LARGE else await asyncio.to_thread(encode, body)


def rewritten(headers: RawHeaders, coding: bytes) -> RawHeaders:
    """Return the headers of a response that is compressed with *coding*; its entity tag becomes a weak one."""
    changed: RawHeaders = []
    for name, value in headers:
        if name == b"content-length":
            continue
        is_strong = name == b"etag" and not value.startswith(b"W/")
        changed.append((name, b"W/" + value if is_strong else value))
    changed.append((b"content-encoding", coding))
    add_vary(changed)
    return changed


def add_vary(headers: RawHeaders) -> None:
    """Tell caches that the answer depends on ``Accept-Encoding``."""
    for number, (name, value) in enumerate(headers):
        if name == b"vary":
            if b"accept-encoding" not in value.lower() and value != b"*":
                headers[number] = (name, value + b", Accept-Encoding")
            return
    headers.append((b"vary", b"Accept-Encoding"))

"""``pyfly.web.etag.enabled``: entity tags made of the bytes of answers."""

from hashlib import blake2b
from typing import Final

from pyfly.web.conditional.evaluation import conditional
from pyfly.web.ports.stages import Respond, Stage
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope, complete_reply

_LARGE: Final = 1024 * 1024


def stage(_parts: object, order: int) -> Stage:
    """Return the stage at *order*."""
    return Stage("etag", order, around=tagging)


def tagging(respond: Respond) -> Respond:
    """Return *respond* with an entity tag on what it answers to GET with status 200."""

    async def tagged(scope: Scope, receive: Receive) -> Reply:
        reply = await respond(scope, receive)
        complete = complete_reply(reply)
        if complete is None or complete[0] != 200 or scope["method"] not in ("GET", "HEAD"):
            return reply
        status, headers, body = complete
        if _is_tagged_or_private(headers):
            return reply
        digest = blake2b(body, digest_size=12) if len(body) < _LARGE else await _hashed(body)
        headers.append((b"etag", b'"' + digest.hexdigest().encode() + b'"'))
        return conditional((status, headers, body), scope)

    return tagged


def _is_tagged_or_private(headers: RawHeaders) -> bool:
    return any(
        name == b"etag" or (name == b"cache-control" and b"no-store" in value.lower())
        for name, value in headers
    )


async def _hashed(body: bytes) -> "blake2b":
    import asyncio  # only for bodies of a megabyte and more

    return await asyncio.to_thread(blake2b, body, digest_size=12)

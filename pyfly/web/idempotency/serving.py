"""Puts idempotency keys around endpoints."""

import logging
import re
from hashlib import sha256
from typing import Final

from pyfly.container.container import Container
from pyfly.core.config.config import Config
from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import ConflictException, InvalidRequestException
from pyfly.web.binding.parameters import Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.readers import read_body, replay
from pyfly.web.errors.exceptions import ResponseStatusException
from pyfly.web.idempotency.mapping import IdempotencyRecord, idempotency_of
from pyfly.web.idempotency.memory import InMemoryIdempotencyStore
from pyfly.web.idempotency.ports import IdempotencyStore, Stored
from pyfly.web.idempotency.properties import IdempotencyProperties
from pyfly.web.ports.routes import Endpoint
from pyfly.web.ports.stages import PRINCIPAL
from pyfly.web.principal import user_of
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope, complete_reply

_log = logging.getLogger("pyfly.web")

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}").fullmatch
_REPLAYED: Final = (b"idempotent-replayed", b"true")
_BOUNDARY: Final = re.compile(rb'^multipart/.*;\s*boundary="?([^";,\s]+)', re.IGNORECASE).match
_CREDENTIALS: Final = frozenset({b"authorization", b"cookie"})


class Idempotency:
    """The idempotency keys of one application."""

    def __init__(self, container: Container, config: Config, body_limit: int) -> None:
        """Keep responses in the store among the beans of *container*, or in memory."""
        self._properties = config.bind(IdempotencyProperties)
        self._methods = frozenset(method.upper() for method in self._properties.methods)
        self._header = self._properties.header.lower().encode("latin-1")
        self._body_limit = body_limit
        self._config = config
        self._store = _store(container, self._properties)

    def around(self, endpoint: Endpoint, plan: RoutePlan) -> Endpoint:
        """Return *endpoint*, heeding keys if the route of *plan* does."""
        said = idempotency_of(plan.controller, plan.name)
        if said is None:
            said = IdempotencyRecord(
                enabled=self._properties.enabled and plan.method in self._methods and plan.stream is None
            )
        if not said.enabled:
            return endpoint
        route = f"{plan.method} {plan.path} {plan.controller.__qualname__}.{plan.name}"
        return self._keyed(endpoint, route, self._limit_of(plan), required=said.required)

    def _limit_of(self, plan: RoutePlan) -> int:
        """Return how large bodies may be; they are kept in memory, to be told apart and handed on."""
        if not any(item.source in (Source.FORM, Source.FILE) for item in plan.parameters):
            return self._body_limit
        from pyfly.web.forms.properties import MultipartProperties  # only for applications with forms

        return max(self._body_limit, int(self._config.bind(MultipartProperties).max_size))

    def _keyed(self, endpoint: Endpoint, route: str, limit: int, *, required: bool) -> Endpoint:
        async def keyed(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
            sent = self._sent(scope)
            if sent is None:
                if required:
                    raise InvalidRequestException(
                        f"The header {self._properties.header} is required", code="IDEMPOTENCY_KEY_REQUIRED"
                    )
                return await endpoint(scope, receive, path)
            headers = dict(scope["headers"])
            body = await read_body(receive, headers, limit)
            key = _digest(_principal(scope), route.encode(), sent)
            fingerprint = _digest(scope["path"].encode(), scope["query_string"], _content(headers, body))
            known = await self._store.reserve(key, fingerprint, self._properties.ttl)
            if known is not None:
                return _replayed(known, fingerprint)
            return await self._answer(endpoint, key, fingerprint, scope, replay(body, receive), path)

        return keyed

    async def _answer(
        self,
        endpoint: Endpoint,
        key: str,
        fingerprint: str,
        scope: Scope,
        receive: Receive,
        path: tuple[str, ...],
    ) -> Reply:
        is_kept = False
        try:
            reply = await endpoint(scope, receive, path)
            complete = complete_reply(reply)
            if complete is not None and complete[0] < 400:
                is_kept = True
                await self._keep(key, fingerprint, complete)
            return reply
        finally:
            if not is_kept:
                await self._store.release(key)

    async def _keep(self, key: str, fingerprint: str, reply: tuple[int, RawHeaders, bytes]) -> None:
        status, headers, body = reply
        # Whoever runs further out adds to the list of headers: what is kept is a copy.
        stored = Stored(fingerprint, (status, [*headers], body))
        try:
            await self._store.complete(key, stored, self._properties.ttl)
        except Exception:  # noqa: BLE001  # the work is done, and its client is to know
            _log.exception("A response could not be kept; its idempotency key stays taken until it expires")

    def _sent(self, scope: Scope) -> bytes | None:
        values = [value for name, value in scope["headers"] if name == self._header]
        if not values:
            return None
        key = values[0].strip().removeprefix(b'"').removesuffix(b'"')
        if len(values) > 1 or not _KEY(key.decode("latin-1")):
            raise InvalidRequestException(
                f"{self._properties.header} is one key of 1 to 255 visible characters",
                code="INVALID_IDEMPOTENCY_KEY",
            )
        return bytes(key)


def _replayed(known: Stored, fingerprint: str) -> Reply:
    if known.fingerprint != fingerprint:
        # No validation error: those have a status that applications choose, and this one is agreed upon.
        raise ResponseStatusException(
            422, "This idempotency key has been used for another request", code="IDEMPOTENCY_KEY_REUSED"
        )
    if known.response is None:
        raise ConflictException(
            "The first request with this idempotency key is being worked on", code="IDEMPOTENCY_IN_PROGRESS"
        )
    status, headers, body = known.response
    own: RawHeaders = [*headers, _REPLAYED]
    return status, own, body


def _content(headers: dict[bytes, bytes], body: bytes) -> bytes:
    """Return what *body* says; the boundary between its parts is another one each time that a client sends it."""
    boundary = _BOUNDARY(headers.get(b"content-type", b""))
    return body.replace(boundary[1], b"") if boundary else body


def _principal(scope: Scope) -> bytes:
    name = scope.get(PRINCIPAL, user_of(scope))
    if name is not None:
        return b"name:" + str(name).encode()
    sent = [name + b"=" + value for name, value in scope["headers"] if name in _CREDENTIALS]
    return b"sent:" + b"\0".join(sent)


def _digest(*parts: bytes) -> str:
    hashed = sha256()
    for part in parts:
        hashed.update(b"%d:" % len(part))
        hashed.update(part)
    return hashed.hexdigest()


def _store(container: Container, properties: IdempotencyProperties) -> IdempotencyStore:
    own = container.definitions_of(IdempotencyStore)
    if own:
        found: IdempotencyStore = container.get(own[0])
        return found
    clocks = container.definitions_of(Clock)
    clock = container.get(clocks[0]) if clocks else None
    return InMemoryIdempotencyStore(properties.max_entries, clock, int(properties.max_size))

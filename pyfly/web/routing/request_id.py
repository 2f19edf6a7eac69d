"""The id of a request: accepted from the client when it is well-formed, else made here."""

import os
import re
from binascii import hexlify
from random import getrandbits
from struct import Struct
from typing import Final

from pyfly.kernel.correlation import correlation
from pyfly.web.responses import RawHeaders, Scope

current_request_id: Final = correlation
"""The id of the request that the current task works for, or an empty string. Messages and events share it."""

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,128}").fullmatch
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}").fullmatch

_PARTS: Final = Struct("8s4sx3sx3s12s").iter_unpack
_AT_ONCE: Final = 64  # which halves the time that each of them takes
_ready: Final[list[str]] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ready.clear)  # the parent gives out the same ones


def new_request_id() -> str:
    """Return a random id in the form of a version 4 UUID."""
    try:
        return _ready.pop()
    except IndexError:
        digits = hexlify(getrandbits(_AT_ONCE * 128).to_bytes(_AT_ONCE * 16, "little"))
        made = [(b"%b-%b-4%b-a%b-%b" % parts).decode() for parts in _PARTS(digits)]
        _ready.extend(made[1:])
        return made[0]


class RequestIds:
    """Finds or makes the id of each request."""

    __slots__ = ("_accepted", "header")

    def __init__(self, header: str) -> None:
        """Answer with *header*; accept it, ``X-Request-Id`` and ``traceparent`` from clients."""
        self.header = header.lower().encode("latin-1")
        self._accepted = frozenset({self.header, b"x-request-id", b"traceparent"})

    def of(self, scope: Scope) -> str:
        """Return the id of the request."""
        accepted = self._accepted
        for name, _ in scope["headers"]:
            if name in accepted:
                return self._sent(scope) or new_request_id()
        return new_request_id()

    def _sent(self, scope: Scope) -> str:
        sent: dict[bytes, str] = {name: value.decode("latin-1") for name, value in scope["headers"]}
        for name in (self.header, b"x-request-id"):
            if name in sent and _WELL_FORMED(sent[name]):
                return sent[name]
        trace = _TRACEPARENT(sent.get(b"traceparent", ""))
        return "" if trace is None else str(trace[1])

    def write(self, _scope: Scope, headers: RawHeaders) -> None:
        """Send the id of the current request back."""
        headers.append((self.header, current_request_id.get().encode("latin-1")))

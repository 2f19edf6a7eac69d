"""Believes ``X-Forwarded-*``, or ``Forwarded``, if, and only if, a listed proxy sent them.

Proxies write one of the two and pass the other one on as the client sent it, so only one is read.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

from pyfly.core.config.errors import ConfigurationError
from pyfly.web.ports.stages import Check, Stage
from pyfly.web.responses import RawHeaders, Scope
from pyfly.web.stages.parts import Parts

Address = IPv4Address | IPv6Address

_SCHEMES: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_SECURE: Final = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}
_HOST: Final = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::[0-9]{1,5})?").fullmatch
_PAIR: Final = re.compile(r'\s*([A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*').fullmatch
_MAX_HOPS: Final = 32
X_FORWARDED: Final = "x-forwarded"


class Hop(NamedTuple):
    """What one proxy says about the request that it received."""

    client: str
    scheme: str = ""
    host: str = ""


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that applies ``pyfly.web.trusted-proxies``."""
    return Stage(
        "trusted proxies",
        order,
        check=check_of(parts.properties.trusted_proxies, parts.properties.forwarded_headers),
    )


def check_of(trusted: Iterable[str], family: str = X_FORWARDED) -> Check:
    """Return the function that puts client, scheme and host of the original request into a scope.

    The chain of proxies is followed from our side outward as long as its members are listed; what the
    first one that is not listed says about itself is what counts, and nothing beyond it is read. *family* is what
    the proxies write: ``x-forwarded`` or ``forwarded``.

    Raises:
        ConfigurationError: An entry of *trusted* is neither an address nor a network.
    """
    is_trusted, hops_of = _Trusted(trusted), _x_forwarded_hops if family == X_FORWARDED else _forwarded_hops

    def check(scope: Scope) -> None:
        peer = scope.get("client")
        if peer is None or not is_trusted(peer[0]):
            return
        hops = hops_of(scope["headers"])
        chosen = None
        for hop in reversed(hops):
            chosen = hop
            if not is_trusted(hop.client):
                break
        if chosen is not None:
            _apply(scope, chosen)

    return check


class _Trusted:
    """Knows the listed proxies."""

    def __init__(self, entries: Iterable[str]) -> None:
        try:
            self._networks = [ip_network(entry.strip(), strict=False) for entry in entries]
        except ValueError as error:
            raise ConfigurationError(
                f"{error}, in pyfly.web.trusted-proxies",
                key="pyfly.web.trusted-proxies",
                expected="addresses (10.0.0.7) and networks (10.0.0.0/8)",
                fix="List the addresses or networks of your proxies.",
            ) from None
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        found = self._known.get(text)
        if found is None:
            address = _address(text)
            found = address is not None and any(address in network for network in self._networks)
            if len(self._known) < 1024:  # peers are few; texts of headers need not be
                self._known[text] = found
        return found


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _forwarded_hops(headers: RawHeaders) -> Sequence[Hop]:
    return [_forwarded(item) for item in _values(headers, b"forwarded")[-_MAX_HOPS:]]


def _x_forwarded_hops(headers: RawHeaders) -> Sequence[Hop]:
    clients = _values(headers, b"x-forwarded-for")[-_MAX_HOPS:]
    schemes = _values(headers, b"x-forwarded-proto")
    hosts = _values(headers, b"x-forwarded-host")
    if not clients:
        clients = [""] * max(len(schemes) > 0, len(hosts) > 0)
    # A proxy that overwrites scheme and host instead of appending leaves one value for the whole chain.
    return [
        Hop(_without_port(client), _at(schemes, index, len(clients)), _at(hosts, index, len(clients)))
        for index, client in enumerate(clients)
    ]


def _at(values: Sequence[str], index: int, count: int) -> str:
    if not values:
        return ""
    return values[index] if len(values) == count else values[-1]


def _forwarded(element: str) -> Hop:
    said: dict[str, str] = {}
    for part in _split(element, ";"):
        pair = _PAIR(part)
        if pair is not None:
            said.setdefault(pair[1].lower(), pair[3] if pair[2] is None else re.sub(r"\\(.)", r"\1", pair[2]))
    return Hop(_without_port(said.get("for", "")), said.get("proto", ""), said.get("host", ""))


def _values(headers: RawHeaders, wanted: bytes) -> list[str]:
    whole = ",".join(value.decode("latin-1") for name, value in headers if name == wanted)
    return [part.strip() for part in _split(whole, ",") if part.strip()]


def _split(text: str, separator: str) -> list[str]:
    """Split *text* where *separator* is not inside quotes."""
    if '"' not in text:
        return text.split(separator)
    return re.findall(rf'(?:"(?:[^"\\]|\\.)*"|[^{separator}"]|"(?=[^"]*$))+', text)


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _apply(scope: Scope, hop: Hop) -> None:
    address = _address(hop.client)
    if address is not None:
        scope["client"] = (str(address), 0)
    scheme = _SCHEMES.get(hop.scheme.lower())
    if scheme is not None:
        scope["scheme"] = _SECURE[scope["type"]][scheme]
    if hop.host and _HOST(hop.host) is not None:
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [(b"host", hop.host.encode("latin-1")), *others]

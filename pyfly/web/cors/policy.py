"""Decides about requests from pages of other origins, as the Fetch standard defines CORS."""

import re
from collections.abc import Iterable
from typing import Final

from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.exceptions import ForbiddenException
from pyfly.kernel.nearest import nearest
from pyfly.web.cors.properties import CORSConfig, CorsProperties
from pyfly.web.ports.stages import Respond, Stage
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope
from pyfly.web.stages.parts import Parts

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?").fullmatch
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_WEBDAV: Final = frozenset(
    [
        "COPY",
        "LOCK",
        "MKCALENDAR",
        "MKCOL",
        "MOVE",
        "PROPFIND",
        "PROPPATCH",
        "REPORT",
        "SEARCH",
        "UNLOCK",
        "QUERY",
    ]
)
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}) | _WEBDAV
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
_SAFELISTED: Final = frozenset({"accept", "accept-language", "content-language", "content-type"})
_VARY: Final = (b"vary", b"Origin")
_ALLOW_ORIGIN: Final = b"access-control-allow-origin"
_ALLOW_CREDENTIALS: Final = b"access-control-allow-credentials"
_PREFLIGHT_VARY: Final = (
    b"vary",
    b"Access-Control-Request-Method, Access-Control-Request-Headers",
)


class UnusableCorsError(ConfigurationError):
    """The CORS configuration cannot be what was meant."""


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that applies ``create_app(cors=...)`` or ``pyfly.web.cors``."""
    given = parts.given.get("cors")
    config = given if isinstance(given, CORSConfig) else parts.config.bind(CorsProperties).config()
    cors = Cors(config)
    return Stage("cors", order, around=cors.around, headers=cors.write)


class Cors:
    """Decides about requests of other origins.

    Every response names ``Origin`` in ``Vary`` and, if the origin is allowed, lets it read the response.
    Preflights are answered here, before anything else looks at them.
    """

    def __init__(self, config: CORSConfig) -> None:
        """Apply *config*.

        Raises:
            UnusableCorsError: ``*`` with credentials, or an origin or a method that no browser sends.
        """
        self._any_origin = "*" in config.allowed_origins
        self._origins = _checked_origins(config)
        self._methods = _checked_methods(config)
        self._headers = frozenset(name.lower() for name in config.allowed_headers) | _SAFELISTED
        self._max_age = b"%d" % config.max_age
        self._readable: RawHeaders = []
        if config.allow_credentials:
            self._readable.append((_ALLOW_CREDENTIALS, b"true"))
        if config.exposed_headers:
            self._readable.append((b"access-control-expose-headers", _joined(config.exposed_headers)))
        self._credentials = config.allow_credentials
        self._decided = frozenset({_ALLOW_ORIGIN, _ALLOW_CREDENTIALS, *(name for name, _ in self._readable)})

    def allows(self, origin: bytes) -> bool:
        """Say whether pages of *origin* may ask."""
        return self._allowed(origin) is not None

    def trusts(self, origin: bytes, method: str) -> bool:
        """Say whether pages of *origin* may send requests with *method* and the cookies of their visitors."""
        return self._credentials and self.allows(origin) and self._admits(method)

    def write(self, scope: Scope, headers: RawHeaders) -> None:
        """Let the origin of the request read the response, if it is allowed.

        What a handler or a mounted application says about it does not count: it had no say in the preflight either,
        and a browser that is told two things believes neither.
        """
        headers.append(_VARY)
        origin = _header(scope, b"origin")
        if origin is None:
            return
        if any(name in self._decided for name, _ in headers):
            headers[:] = [pair for pair in headers if pair[0] not in self._decided]
        if (allowed := self._allowed(origin)) is not None:
            headers.append((_ALLOW_ORIGIN, allowed))
            headers += self._readable

    def around(self, respond: Respond) -> Respond:
        """Return *respond* without the preflights, which are answered here."""

        async def answering(scope: Scope, receive: Receive) -> Reply:
            if scope["method"] == "OPTIONS":
                origin = _header(scope, b"origin")
                method = _header(scope, b"access-control-request-method")
                if origin is not None and method is not None:
                    return self._answer(scope, origin, method.decode("latin-1"))
            return await respond(scope, receive)

        return answering

    def _answer(self, scope: Scope, origin: bytes, method: str) -> Reply:
        wanted = _names(_header(scope, b"access-control-request-headers"))
        if self._allowed(origin) is None or not self._admits(method) or not self._admits_all(wanted):
            raise ForbiddenException("This cross-origin request is not allowed", code="CORS_REFUSED")
        headers: RawHeaders = [
            (b"content-length", b"0"),
            _PREFLIGHT_VARY,
            (b"access-control-allow-methods", self._methods_for(method)),
            (b"access-control-max-age", self._max_age),
        ]
        if wanted:
            headers.append((b"access-control-allow-headers", _joined(wanted)))
        return 200, headers, b""

    def _allowed(self, origin: bytes) -> bytes | None:
        # "null" is the origin of sandboxed frames and local files: anybody can have it.
        if origin == b"null":
            return None
        if self._any_origin:
            return b"*"
        return origin if origin in self._origins else None

    def _admits(self, method: str) -> bool:
        if method in self._methods or (method == "HEAD" and "GET" in self._methods):
            return True
        return "*" in self._methods and _TOKEN(method) is not None

    def _admits_all(self, names: Iterable[str]) -> bool:
        if "*" in self._headers:
            return all(_TOKEN(name) for name in names)
        return self._headers.issuperset(names)

    def _methods_for(self, method: str) -> bytes:
        return method.encode("latin-1") if "*" in self._methods else _joined(sorted({*self._methods, method}))


def _checked_origins(config: CORSConfig) -> frozenset[bytes]:
    if "*" in config.allowed_origins and config.allow_credentials:
        raise UnusableCorsError(
            "CORS allows credentials to every origin ('*'), so that any page could act for its visitors",
            key="pyfly.web.cors.allowed-origins",
            fix="Name the origins that may send credentials, or set pyfly.web.cors.allow-credentials: false.",
        )
    key = "pyfly.web.cors.allowed-origins"
    return frozenset(checked_origin(item, key).encode() for item in config.allowed_origins if item != "*")


def _checked_methods(config: CORSConfig) -> frozenset[str]:
    for method in config.allowed_methods:
        if method != "*" and method not in _METHODS:
            known = ", ".join(sorted(_METHODS - _WEBDAV))
            near = nearest(method, _METHODS)
            raise UnusableCorsError(
                f"'{method}' is not a method that a browser asks for",
                key="pyfly.web.cors.allowed-methods",
                expected=f"{known}, those of WebDAV, or *",
                fix=f"Write {near}."
                if near
                else "Name methods in upper case, or allow all of them with '*'.",
            )
    return frozenset(config.allowed_methods)


def checked_origin(text: str, key: str) -> str:
    """Return the origin *text*, of the setting *key*, as browsers send it.

    Raises:
        UnusableCorsError: It is none.
    """
    origin = text.lower()
    if _ORIGIN(origin) is None:
        raise UnusableCorsError(
            f"'{text}' is not an origin that a browser sends",
            key=key,
            expected="scheme://host or scheme://host:port",
            fix="Write it like https://shop.example, without a path and without a slash at its end.",
        )
    return origin.removesuffix(_DEFAULT_PORTS.get(origin.partition("://")[0], "\0"))


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)


def _names(value: bytes | None) -> list[str]:
    found = (part.strip().lower() for part in (value or b"").decode("latin-1").split(","))
    return [name for name in found if name]


def _joined(names: Iterable[str]) -> bytes:
    return ", ".join(names).encode("latin-1")

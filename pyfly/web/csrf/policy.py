"""Tells by what browsers say whether a request was caused by a page of another origin.

A browser says so in ``Sec-Fetch-Site``, over TLS and on localhost, and in ``Origin``; no page can change either. What sends
none of them is no browser, and sends no cookies that somebody else has put there.
"""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from pyfly.kernel.exceptions import ForbiddenException
from pyfly.web.cors.policy import Cors, checked_origin
from pyfly.web.cors.properties import CORSConfig, CorsProperties
from pyfly.web.csrf.properties import CsrfProperties
from pyfly.web.patterns import selector
from pyfly.web.ports.stages import Check, Stage
from pyfly.web.responses import RawHeaders, Scope
from pyfly.web.stages.parts import Parts

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_TELLING: Final = frozenset({b"origin", b"sec-fetch-site", b"host"})
_OWN: Final = frozenset({b"same-origin", b"none"})
_SENT_UNASKED: Final = frozenset({b"basic", b"digest", b"negotiate", b"ntlm"})
"""The kinds of ``Authorization`` that browsers remember and send by themselves."""
_SECURE: Final = frozenset({"https", "wss"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that applies ``pyfly.web.csrf``."""
    properties = parts.config.bind(CsrfProperties)
    return Stage("csrf", order, check=check_of(OriginPolicy(properties, cors_of(parts)), properties.exclude))


def check_of(policy: "OriginPolicy", exclude: Iterable[str] = ()) -> Check:
    """Return the function that refuses what *policy* does not admit, except for the paths *exclude*."""
    selects = selector((), exclude)

    def check(scope: Scope) -> None:
        method = scope["method"]
        if method in _SAFE or not has_credentials(scope["headers"]):
            return
        if not policy.admits(scope, method) and (selects is None or _is_selected(selects, scope)):
            raise ForbiddenException("Pages of this origin may not send this request", code="CSRF_REFUSED")

    return check


def has_credentials(headers: RawHeaders) -> bool:
    """Say whether *headers* have what a browser sends without being asked by the page."""
    for name, value in headers:
        if name == b"cookie":
            return True
        if name == b"authorization" and value.partition(b" ")[0].lower() in _SENT_UNASKED:
            return True
    return False


def cors_of(parts: Parts) -> Cors | None:
    """Return what CORS allows, if it is on."""
    given: Any = parts.given.get("cors")
    if isinstance(given, CORSConfig):
        return Cors(given)
    properties = parts.config.bind(CorsProperties)
    return Cors(properties.config()) if properties.enabled else None


class OriginPolicy:
    """Decides whose pages may act for their visitors."""

    def __init__(self, properties: CsrfProperties, cors: Cors | None) -> None:
        """Trust what *properties* names, and those to whom *cors* allows credentials.

        Raises:
            UnusableCorsError: A trusted origin is none that a browser sends.
        """
        self._same_site = properties.same_site
        key = "pyfly.web.csrf.trusted-origins"
        self._trusted = frozenset(checked_origin(item, key).encode() for item in properties.trusted_origins)
        self._cors = cors

    def admits(self, scope: Scope, method: str) -> bool:
        """Say whether a request with credentials may be served."""
        sent = {name: value for name, value in scope["headers"] if name in _TELLING}
        site, origin = sent.get(b"sec-fetch-site"), sent.get(b"origin")
        if site in _OWN or (site == b"same-site" and self._same_site):
            return True
        if site is None and (origin is None or is_own(origin, sent.get(b"host", b""), scope)):
            return True
        return origin is not None and (
            origin in self._trusted or (self._cors is not None and self._cors.trusts(origin, method))
        )

    def admits_socket(self, scope: Scope) -> bool:
        """Say whether a websocket may be opened: CORS does not protect those, so pages of other origins must be named."""
        if self.admits(scope, "GET"):
            return True
        origin = next((value for name, value in scope["headers"] if name == b"origin"), b"null")
        is_open = self._cors is not None and self._cors.allows(origin)
        return is_open and not has_credentials(scope["headers"])


def is_own(origin: bytes, host: bytes, scope: Scope) -> bool:
    """Say whether *origin* is where a request for *host* goes to.

    TLS may end before us, so an origin with ``https`` is ours too if we see none; one without is not if we do.
    """
    try:
        page = urlsplit(origin.decode("ascii").lower())
        here = urlsplit(f"//{host.decode('ascii').lower()}")
        default = _DEFAULT_PORTS.get(page.scheme)
        is_same = (page.hostname, page.port or default) == (here.hostname, here.port or default)
    except ValueError:
        return False
    is_downgrade = page.scheme == "http" and scope.get("scheme") in _SECURE
    return is_same and page.hostname is not None and not is_downgrade


def _is_selected(selects: Any, scope: Scope) -> bool:
    # An encoded slash is a character of its part for the router, but not for a pattern.
    return b"%2f" in (scope.get("raw_path") or b"").lower() or selects(scope["path"])

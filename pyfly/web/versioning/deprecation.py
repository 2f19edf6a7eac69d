"""Telling clients that a route is deprecated (RFC 9745) and when it will be gone (RFC 8594)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, Final, TypeVar, overload

from pyfly.container.metadata import record, record_at
from pyfly.kernel.record import Record
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope

T = TypeVar("T", bound=Callable[..., Any])

EXTRA: Final = "pyfly.route_headers"
"""Where a scope keeps the headers that every response of its route gets, errors and streams included."""

CONTENT_TYPE: Final = "pyfly.content_type_parameter"
"""Where a scope keeps what is added to the media type of its response."""


class DeprecationRecord(Record, kw_only=True):
    """Since when a handler, or a controller, is deprecated, when it goes, and where that is explained."""

    since: datetime | None = None
    sunset: datetime | None = None
    link: str = ""


@overload
def deprecated_api(target: T, /) -> T: ...


@overload
def deprecated_api(
    *, since: date | datetime | None = None, sunset: date | datetime | None = None, link: str = ""
) -> Callable[[T], T]: ...


def deprecated_api(
    target: T | None = None,
    /,
    *,
    since: date | datetime | None = None,
    sunset: date | datetime | None = None,
    link: str = "",
) -> T | Callable[[T], T]:
    """Tell the clients of the decorated handler, or of all handlers of a controller, that it is deprecated.

    Responses, errors included, carry ``Deprecation``, and ``Sunset`` and ``Link`` as far as they are known.
    The OpenAPI document calls the operations deprecated.

    Args:
        target: The handler, or the controller, where the decorator is written without parentheses.
        since: When that began, or will begin; by default it is now so.
        sunset: When it stops working.
        link: Where people read about it.

    Raises:
        ValueError: It would be gone before it is deprecated, or *link* is no link.
    """
    said = DeprecationRecord(since=_moment(since), sunset=_moment(sunset), link=link)
    if said.since and said.sunset and said.sunset < said.since:
        raise ValueError("the sunset is before the deprecation")
    if any(character in link for character in "<>\r\n\0"):
        raise ValueError(f"{link!r} is not a link")

    def decorate(target: T) -> T:
        record(target, DeprecationRecord, since=said.since, sunset=said.sunset, link=link)
        if not isinstance(target, type):
            target.__deprecated__ = "deprecated"  # type: ignore[attr-defined]  # as PEP 702 does
        return target

    return decorate if target is None else decorate(target)


def deprecation_of(controller: type, name: str) -> DeprecationRecord | None:
    """Return what is said about the method *name* of *controller*, or about all of them."""
    return record_at(controller, name, DeprecationRecord)


def headers_for(said: DeprecationRecord) -> RawHeaders:
    """Return the headers that tell it."""
    # Without a date it is deprecated now; the epoch says so without promising a moment.
    since = int(said.since.timestamp()) if said.since else 0
    headers = [(b"deprecation", b"@%d" % since)]
    if said.sunset is not None:
        headers.append((b"sunset", format_datetime(said.sunset, usegmt=True).encode()))
    if said.link:
        headers.append((b"link", f'<{said.link}>; rel="deprecation"; type="text/html"'.encode()))
    return headers


def announcing(endpoint: Endpoint, headers: RawHeaders) -> Endpoint:
    """Return *endpoint* whose responses, errors included, get *headers* by :func:`write_announced`."""

    async def announced(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        scope[EXTRA] = [*scope.get(EXTRA, ()), *headers]
        return await endpoint(scope, receive, path)

    return announced


def write_announced(scope: Scope, headers: RawHeaders) -> None:
    """Write what :func:`announcing` left in the scope, and the version into the media type where that names one."""
    found = scope.get(EXTRA)
    if found:
        headers += found
    parameter = scope.get(CONTENT_TYPE)
    if parameter:
        headers[:] = [
            (name, value + parameter if name == b"content-type" else value) for name, value in headers
        ]


def _moment(given: date | datetime | None) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, datetime):
        return datetime.combine(given, time(), UTC)
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)

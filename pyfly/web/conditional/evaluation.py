"""Holds a finished reply against the conditions of its request."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from pyfly.kernel.exceptions import PreconditionFailedException
from pyfly.web.conditional.tags import matches
from pyfly.web.responses import RawHeaders, Scope

_SAFE: Final = frozenset({"GET", "HEAD"})
_CONDITIONS: Final = frozenset({b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"})
_KEPT: Final = frozenset(
    {
        b"etag",
        b"last-modified",
        b"cache-control",
        b"content-location",
        b"date",
        b"expires",
        b"vary",
        b"set-cookie",
    }
)
_MAX_DATE: Final = 64

Complete = tuple[int, RawHeaders, bytes]


def conditional(reply: Complete, scope: Scope) -> Complete:
    """Return *reply*, or 304 in its place if the request says so and *reply* has a validator.

    Raises:
        PreconditionFailedException: The client asked for another version (412).
    """
    status, headers, _ = reply
    if scope["method"] not in _SAFE or status != 200:
        return reply
    asked = conditions_of(scope)
    if not asked:
        return reply
    own = {name: value.decode("latin-1") for name, value in headers if name in (b"etag", b"last-modified")}
    found = verdict(asked, own.get(b"etag"), http_date(own.get(b"last-modified")))
    if found == 304:
        return 304, [pair for pair in headers if pair[0] in _KEPT], b""
    if found == 412:
        raise PreconditionFailedException("It is not the version asked for", code="PRECONDITION_FAILED")
    return reply


def conditions_of(scope: Scope) -> dict[bytes, str]:
    """Return the headers of a request that state conditions."""
    return {name: value.decode("latin-1") for name, value in scope["headers"] if name in _CONDITIONS}


def verdict(asked: Mapping[bytes, str], etag: str | None, modified: datetime | None) -> int:
    """Return 304, 412 or 200: what a GET with the conditions *asked* gets, in the order of RFC 9110, 13.2.2."""
    if_match = asked.get(b"if-match")
    if if_match is not None:
        if not matches(if_match, etag, strong=True):
            return 412
    elif modified is not None:
        unmodified_since = http_date(asked.get(b"if-unmodified-since"))
        if unmodified_since is not None and modified > unmodified_since:
            return 412
    if_none_match = asked.get(b"if-none-match")
    if if_none_match is not None:
        return 304 if matches(if_none_match, etag, strong=False) else 200
    since = http_date(asked.get(b"if-modified-since"))
    return 304 if modified is not None and since is not None and modified <= since else 200


def http_date(text: str | None) -> datetime | None:
    """Return the instant of an HTTP date, or ``None`` for anything else."""
    if text is None or len(text) > _MAX_DATE:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo is not None else None

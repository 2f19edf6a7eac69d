"""Where a redirect may lead to."""

from collections.abc import Collection
from typing import Final
from urllib.parse import quote, urlsplit

from pyfly.kernel.exceptions import InvalidRequestException

_SCHEMES: Final = frozenset({"http", "https"})
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"
_LONGEST: Final = 2048


def safe_location(location: str, allowed_hosts: Collection[str] = ()) -> str:
    r"""Return *location*, written for a header, if it is a path of this host or a URL of *allowed_hosts*.

    Browsers read ``//evil``, ``/\evil``, ``https:evil`` and a path behind a tab as other hosts; so these are refused.

    Raises:
        InvalidRequestException: It leads elsewhere.
    """
    if len(location) > _LONGEST or not location.isprintable() or "\\" in location or " " in location[:1]:
        raise _refusal()
    if location.startswith("/"):
        if location.startswith("//"):
            raise _refusal()
        return encoded(location)
    try:
        parts = urlsplit(location)
        host = parts.netloc
    except ValueError:
        raise _refusal() from None
    if parts.scheme not in _SCHEMES or not location.startswith(f"{parts.scheme}://{host}"):
        raise _refusal()
    if not host or host.lower() not in {item.lower() for item in allowed_hosts}:
        raise _refusal()
    return encoded(location)


def encoded(location: str) -> str:
    """Return *location* as a header has it: what is no ASCII is percent-encoded, what is encoded already stays so."""
    return quote(location, safe=_KEPT)


def _refusal() -> InvalidRequestException:
    return InvalidRequestException("The target of the redirect is not allowed", code="REDIRECT_REFUSED")

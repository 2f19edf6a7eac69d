"""Limits of what a request may bring before its body: the length of its URL, the number and size of its headers."""

from typing import Final

from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException
from pyfly.web.ports.stages import Check, Stage
from pyfly.web.responses import Scope
from pyfly.web.stages.parts import Parts
from pyfly.web.stages.properties import LimitProperties

_SEPARATORS: Final = 4  # ": " and the end of the line


class RequestTooLarge(PyFlyException):  # an answer with a status
    """The URL or the headers of a request exceed a limit."""

    def __init__(self, status: int, message: str, code: str) -> None:
        """Answer with *status*."""
        super().__init__(message, code=code)
        self.status = status


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that enforces ``pyfly.web.limits``."""
    return Stage("limits", order, check=check_of(parts.config.bind(LimitProperties)))


def check_of(limits: LimitProperties) -> Check:
    """Return the function that refuses requests beyond *limits*."""
    url_size, count, size = limits.url_size, limits.header_count, limits.header_size

    def check(scope: Scope) -> None:
        if len(scope.get("raw_path") or scope["path"]) + len(scope.get("query_string", b"")) > url_size:
            raise RequestTooLarge(414, "The URL is too long", "URI_TOO_LONG")
        headers = scope["headers"]
        if len(headers) > count:
            raise RequestTooLarge(431, "Too many headers", "TOO_MANY_HEADERS")
        total = hosts = 0
        for name, value in headers:
            total += len(name) + len(value)
            if name == b"host":
                hosts += 1 if value else 2
        if total + _SEPARATORS * len(headers) > size:
            raise RequestTooLarge(431, "The headers are too large", "HEADERS_TOO_LARGE")
        # RFC 9112, 3.2; some servers add an empty one. Who takes another host than a proxy before us can be made to answer for somebody else.
        if hosts != 1 and (hosts or scope.get("http_version") == "1.1"):
            raise InvalidRequestException("The request names no host, or several", code="INVALID_HOST")

    return check

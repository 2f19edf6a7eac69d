"""Refuses requests for hosts that the application does not serve: ``pyfly.web.trusted-hosts``."""

import re
from collections.abc import Iterable
from typing import Final

from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.web.ports.stages import Check, Stage
from pyfly.web.responses import Scope
from pyfly.web.stages.parts import Parts

_HOST: Final = re.compile(rb"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::[0-9]{1,5})?").fullmatch
_PORT: Final = re.compile(rb":[0-9]+$").search


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that enforces ``pyfly.web.trusted-hosts``."""
    return Stage("trusted hosts", order, check=check_of(parts.properties.trusted_hosts))


def check_of(trusted: Iterable[str]) -> Check:
    """Return the function that refuses requests unless their one ``Host`` is among *trusted*.

    ``example.com`` is that host on any port, ``*.example.com`` every host below it.

    Raises:
        ConfigurationError: An entry of *trusted* can be no host.
    """
    patterns = [_pattern(item.strip()) for item in trusted]
    exact = frozenset(item for item in patterns if not item.startswith(b"*."))
    below = tuple(item[1:] for item in patterns if item.startswith(b"*."))

    def check(scope: Scope) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        found = _HOST(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            raise InvalidRequestException("The request names no valid host", code="INVALID_HOST")
        host = found[1].lower()
        if host not in exact and not (below and host.endswith(below)):
            raise InvalidRequestException("This host is not served here", code="UNTRUSTED_HOST")

    return check


def _pattern(text: str) -> bytes:
    try:
        pattern = text.lower().encode("ascii" if text.isascii() else "idna")
    except UnicodeError:
        pattern = b""
    if not _HOST(pattern.removeprefix(b"*.")) or _PORT(pattern):
        raise ConfigurationError(
            f"{text!r} in pyfly.web.trusted-hosts is no host",
            key="pyfly.web.trusted-hosts",
            expected="hosts without scheme and port: shop.example, *.shop.example, [::1]",
            fix="Write hosts alone; leave the list empty to serve every host.",
        )
    return pattern

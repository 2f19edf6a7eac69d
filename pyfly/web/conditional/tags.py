"""Entity tags: making them, reading lists of them, comparing them as RFC 9110 says."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from pyfly.kernel.exceptions import PreconditionFailedException
from pyfly.web.errors.exceptions import ResponseStatusException

_MAX_TAGS: Final = 100


def etag_of(*parts: object, weak: bool = False) -> str:
    """Return the entity tag of what is identified by *parts*, such as an id and a version.

    The same parts always give the same tag. *weak* says that two bodies with it mean the same without being
    equal byte by byte; weak tags do not serve ``If-Match``.
    """
    digest = blake2b(digest_size=12)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return f'{"W/" if weak else ""}"{digest.hexdigest()}"'


def require_match(if_match: str | None, current: str | None, *, required: bool = False) -> None:
    """Refuse a change whose ``If-Match`` does not name the *current* tag; call it before the change.

    Args:
        if_match: The header, such as a parameter ``if_match: Header[str | None]``.
        current: The tag of what is to be changed; ``None`` when there is nothing.
        required: Refuse requests without the header too (428).

    Raises:
        PreconditionFailedException: It names other tags only (412).
        ResponseStatusException: There is no header and it is *required* (428).
    """
    if if_match is None:
        if required:
            raise ResponseStatusException(
                428, "Send If-Match with the entity tag", code="PRECONDITION_REQUIRED"
            )
        return
    if not matches(if_match, current, strong=True):
        raise PreconditionFailedException("It has been changed in the meantime", code="PRECONDITION_FAILED")


def matches(header: str, current: str | None, *, strong: bool) -> bool:
    """Say whether a list of entity tags, or ``*``, covers the *current* one."""
    if current is None:
        return False
    if header.strip() == "*":
        return True
    if strong:
        return not current.startswith("W/") and current in parse_tags(header)
    return current.removeprefix("W/") in [tag.removeprefix("W/") for tag in parse_tags(header)]


def parse_tags(header: str) -> Sequence[str]:
    """Return the entity tags of a header, at most a hundred; what is malformed ends the list."""
    found: list[str] = []
    at, end = 0, len(header)
    while len(found) < _MAX_TAGS:
        while at < end and header[at] in " \t,":
            at += 1
        start = at
        if header.startswith("W/", at):
            at += 2
        if at >= end or header[at] != '"':
            break
        close = header.find('"', at + 1)
        if close < 0:
            break
        found.append(header[start : close + 1])
        at = close + 1
    return found

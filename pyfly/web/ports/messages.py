"""Port: other representations than JSON, for bodies on their way in and out."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

Writer = Callable[[Any], bytes]
"""Writes one value."""
Reader = Callable[[bytes], Any]
"""Reads one body; raises ``ValueError`` or a kernel exception for one that it cannot read."""


class HttpMessageConverter(Protocol):
    """Port: writes and reads a media type; a bean must inherit this class. Beans come by ``@order``.

    It is asked once per route, when the application starts, and what it returns then runs per request.
    A converter for ``application/json`` replaces the built-in one for the types that it takes.

    Attributes:
        media_types: What it writes and reads, the preferred one first.
    """

    media_types: Sequence[str]

    def writer(self, annotation: Any, /) -> Writer | None:
        """Return the function that writes results of type *annotation*, or ``None`` to leave them alone."""
        return None

    def reader(self, annotation: Any, /) -> Reader | None:
        """Return the function that reads bodies of type *annotation*, or ``None`` to leave them alone."""
        return None

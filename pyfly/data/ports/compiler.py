"""What turns a parsed method name into something that runs on a store."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pyfly.data.query_parser import ParsedQuery


class QueryMethodCompilerPort(Protocol):
    """Port: compiles derived queries for one technology."""

    def compile(self, parsed: ParsedQuery, entity: type) -> Callable[..., Awaitable[Any]]:
        """Return an async function that runs *parsed* against *entity*.

        Its first argument is the technology's session or model, the others are the values in
        the order in which the method name mentions them.
        """

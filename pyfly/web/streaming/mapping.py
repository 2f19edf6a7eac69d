"""``@sse_mapping``: a GET mapping whose answer is a stream of events."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.web.mappings import get_mapping

F = TypeVar("F", bound=Callable[..., Any])


def sse_mapping(path: str = "", *, deprecated: bool = False) -> Callable[[F], F]:
    """Answer GET requests for *path* with the events that the decorated handler yields."""
    return get_mapping(path, deprecated=deprecated, produces="text/event-stream")

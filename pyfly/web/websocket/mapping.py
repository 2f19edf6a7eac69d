"""The decorator of websocket handlers."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.container.metadata import record
from pyfly.kernel.record import Record
from pyfly.web.mappings import join_functions, path_of

F = TypeVar("F", bound=Callable[..., Any])


class WebSocketRecord(Record):
    """The path that a method answers websockets at, relative to its controller's."""

    path: str = ""


def websocket_mapping(path: str = "") -> Callable[[F], F]:
    """Let the decorated method of a controller, or function, talk to clients that open a websocket at *path*.

    It is called once per connection and takes a :class:`WebSocketSession`, and besides it whatever a route
    takes from path, query, headers, cookies and beans. One that fails before it accepts, reads or sends
    refuses the connection with the HTTP status of its exception. When it returns, the connection is closed.
    """
    path_of(path, "websocket_mapping")

    def decorate(handler: F) -> F:
        record(handler, WebSocketRecord, path=path)
        join_functions(handler)
        return handler

    return decorate

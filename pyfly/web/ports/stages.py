"""Port: stages, the light way to run around every request. They see ASGI scopes and replies, no objects."""

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Protocol

from pyfly.web.responses import RawHeaders, Receive, Reply, Scope


class Respond(Protocol):
    """Answers a request, or raises: a failure becomes an error response further out."""

    def __call__(self, scope: Scope, receive: Receive, /) -> Awaitable[Reply]:
        """Return the answer to a request, when it is awaited; a failure may come before."""


Check = Callable[[Scope], None]
"""Sees a request or a websocket first: may change the scope, or raise to refuse."""
Around = Callable[[Respond], Respond]
"""Puts something around the rest; called once, at start-up."""
HeaderWriter = Callable[[Scope, RawHeaders], None]
"""Adds to the headers of a response, whatever it is (an error, a stream, a preflight), before it starts."""
Done = Callable[[Scope, int, float], None]
"""Told after a response: its request, its status and the seconds that it took."""

ROUTE: Final = "pyfly.route"
"""Where a scope keeps the template of the route that was matched."""
FAILURE: Final = "pyfly.failure"
"""Where a scope keeps the exception that its error response reports."""
ERROR_ID: Final = "pyfly.error_id"
"""Where a scope keeps the id under which that exception was logged."""
PRINCIPAL: Final = "pyfly.principal"
"""Where a scope keeps the name of whoever was authenticated; without it, what they authenticate with counts."""
GONE: Final = 499
"""The status of a request whose client went away before there was a response."""


class Stage(NamedTuple):
    """One step of the way that every request takes; it fills in the places that it needs.

    A request passes the checks, then the functions around; its response, the header writers and then
    the observers. Each of them runs by *order*, lowest first (lowest is outermost). Handshakes of websockets pass the checks too,
    and *around* if *sockets* says so: then it must not need the body of the request.
    """

    name: str
    order: int
    check: Check | None = None
    around: Around | None = None
    headers: HeaderWriter | None = None
    done: Done | None = None
    sockets: bool = False


class RequestObserver(Protocol):
    """Port: a bean that is told about every response, for metrics and the like; it must inherit this class."""

    def request_ended(
        self, method: str, route: str, status: int, seconds: float, failure: Exception | None, /
    ) -> None:
        """Count one response.

        Args:
            method: The HTTP method.
            route: The template of the route (``/owners/{owner_id}``); empty if no route matched.
            status: The status sent; 499 if the client went away before there was one.
            seconds: From the first look at the request to the end of the response.
            failure: The exception that the response reports, if it is an error response.
        """

"""What a method of a ``@controller`` returns: a view, the name of one, or a redirect."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from pyfly.container.metadata import record
from pyfly.container.records import GatheredRecord
from pyfly.kernel.record import Record, attribute

F = TypeVar("F", bound=Callable[..., Any])

_FORBIDDEN: Final = frozenset(map(chr, range(33))) | {"\x7f", "\\"}


class View(Record):
    """A page: the name of its template, what the template may show, and the status and headers of the response."""

    name: str
    model: Mapping[str, Any] = attribute(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = attribute(default_factory=dict)


class Redirect(Record):
    """Sends the client to another path of this application; a string ``redirect:/path`` means the same.

    Raises:
        ValueError: The path could be understood as the address of another server.
    """

    path: str
    status: int = 303

    def __post_init__(self) -> None:
        """Refuse what leads elsewhere. Browsers ignore control characters and take backslashes for slashes."""
        if (
            not self.path.startswith("/")
            or self.path.startswith("//")
            or not _FORBIDDEN.isdisjoint(self.path)
        ):
            raise ValueError("a redirect leads to a path of this application, which starts with one slash")


class ViewRecord(Record, kw_only=True):
    """What ``@view`` says about a handler."""

    name: str = ""


def view(name: str) -> Callable[[F], F]:
    """Make a page of the template *name*, with the dictionary that the handler returns.

    That there is such a template is checked when the application starts.
    """

    def decorate(handler: F) -> F:
        record(handler, ViewRecord, name=name)
        if handler.__qualname__ == handler.__name__:
            record(handler, GatheredRecord, stereotype="controller")
        return handler

    return decorate

"""``BackgroundTasks``: a parameter that takes what is to be done after the response."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Task(NamedTuple):
    """One call."""

    func: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class BackgroundTasks:
    """Calls to make once the response has been sent, one after another, with the context variables of the request.

    Functions that are not async run in the pool of handlers that are not. A failure is logged with the id of the
    request, and the next call is made all the same. Tasks belong to this process: what must not get lost
    when it dies belongs into a queue. If the response is a server error they are not run.
    """

    __slots__ = ("tasks",)

    def __init__(self) -> None:
        """Start with nothing to do."""
        self.tasks: list[Task] = []

    def add(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Call *function* with these arguments after the response."""
        self.tasks.append(Task(function, args, kwargs))

    add_task = add

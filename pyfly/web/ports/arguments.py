"""Port: handler parameters of types that the framework itself does not know."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from pyfly.container.types import MISSING
from pyfly.kernel.record import Record, attribute
from pyfly.web.responses import Scope

Bind = Callable[[Scope], Any] | Callable[[Scope], Awaitable[Any]]
"""Makes the value of one parameter for one request; what it raises becomes the answer."""


class Argument(Record):
    """A parameter of a handler, as its resolver sees it.

    Attributes:
        name: Its name in the signature.
        annotation: Its annotation, with all that ``Annotated`` adds.
        default: Its default value, or ``MISSING``.
    """

    name: str
    annotation: Any
    default: Any = MISSING


class Documented(Record, kw_only=True):
    """A value that a resolver reads from the request, for the OpenAPI document.

    Attributes:
        name: Its name in the request.
        schema: Its JSON schema.
        place: The part of the request: ``query``, ``header`` or ``cookie``.
        required: Whether a request without it is refused.
        description: What it means.
    """

    name: str
    schema: Mapping[str, Any] = attribute(default_factory=dict)
    place: str = "query"
    required: bool = False
    description: str = ""


class ArgumentResolver(Protocol):
    """Port: gives handlers parameters of its types; a bean must inherit this class.

    The types are read from the class, before any bean exists; a handler that wants another type without
    saying where it comes from stops the start. A parameter gets its resolver by its own type or the nearest
    of its bases that a resolver names.

    Attributes:
        types: The types of the parameters that it takes care of.
    """

    types: ClassVar[tuple[type, ...]] = ()

    def binder(self, argument: Argument, /) -> Bind:
        """Return the function that makes *argument* of a request.

        Called once per parameter, when the application is ready; a coroutine function is awaited per request.
        Raise ``InvalidParameters`` in it, or any kernel exception, to refuse a request.
        """

    @classmethod
    def documented(cls, argument: Argument, /) -> Sequence[Documented]:  # noqa: ARG003  # for those who override it
        """Return what clients send for *argument*; nothing if it does not come from them."""
        return ()

"""Which bean handles which messages, read from decorators and annotations."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, NamedTuple, get_args, get_origin

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.resolution import UnresolvedAnnotationError, hints_of
from pyfly.cqrs.decorators import HandlerRecord
from pyfly.cqrs.types import CommandHandler, QueryHandler

Handle = Callable[[Any], Awaitable[Any]]

_BASES = (CommandHandler, QueryHandler)


class Handling(NamedTuple):
    """A method of a bean that handles messages; ``message_type`` is ``None`` when nothing tells which."""

    definition: BeanDefinition
    method: str
    message_type: type | None

    def __str__(self) -> str:
        suffix = "" if self.method == "handle" else f".{self.method}"
        return f"{self.definition.type.__name__}{suffix} ({self.definition.origin})"


def handlings(definitions: Iterable[BeanDefinition]) -> Iterator[Handling]:
    """Yield every handler among *definitions*."""
    for definition in definitions:
        cls = definition.type
        said = _said_of(cls)
        if said is not None or issubclass(cls, _BASES):
            explicit = said.handles if said is not None else None
            yield Handling(definition, "handle", explicit or message_type_of(cls))
        for name, marked in recorded_members(cls, HandlerRecord):
            yield Handling(definition, name, marked.handles or _annotated(getattr(cls, name)))


def message_type_of(cls: type) -> type | None:
    """Return the class of the messages that handlers of class *cls* handle, or ``None`` if nothing tells."""
    found = _argument_of_base(cls, {})
    if found is not None:
        return found
    return None if cls in _BASES else _annotated(getattr(cls, "handle", None))


def by_type(found: Iterable[Handling]) -> dict[type, Handling]:
    """Return the handler of each message type; of several, the first."""
    known: dict[type, Handling] = {}
    for handling in found:
        if handling.message_type is not None:
            known.setdefault(handling.message_type, handling)
    return known


class HandlerBeans:
    """The handlers of one application. Each is asked of the container when its first message comes."""

    def __init__(self, container: Container) -> None:
        """Find handlers among the beans of *container*."""
        self._container = container
        self._known: dict[type, Handling] | None = None

    def message_types(self) -> Iterable[type]:
        """Return the types of all messages that have a handler."""
        if self._known is None:
            self._known = by_type(handlings(self._container.definitions()))
        return self._known

    async def bound(self, message_type: type) -> Handle:
        """Return what handles messages of exactly *message_type*, which is one of :meth:`message_types`."""
        self.message_types()
        definition, method, _ = (self._known or {})[message_type]
        obtain = self._container.aget
        kept = await obtain(definition) if definition.is_singleton else None

        async def handle(message: Any) -> Any:
            # Looked up each time: tests lay fakes over beans while the application runs.
            bean = kept if kept is not None else await obtain(definition)
            result = getattr(bean, method)(message)
            return await result if isinstance(result, Awaitable) else result

        return handle


def _said_of(cls: type) -> HandlerRecord | None:
    return next((found for base in cls.__mro__ if (found := record_of(base, HandlerRecord))), None)


def _argument_of_base(cls: type, known: dict[Any, Any]) -> type | None:
    """Return ``C`` of ``CommandHandler[C]``, following type variables through generic bases."""
    for alias in getattr(cls, "__orig_bases__", ()) if "__orig_bases__" in cls.__dict__ else cls.__bases__:
        origin = get_origin(alias) or alias
        if not isinstance(origin, type) or not issubclass(origin, _BASES):
            continue
        arguments = [known.get(each, each) for each in get_args(alias)]
        if origin in _BASES:
            found = arguments[0] if arguments else None
        else:
            parameters = getattr(origin, "__parameters__", ())
            found = _argument_of_base(origin, dict(zip(parameters, arguments, strict=False)))
        if isinstance(found, type):
            return found
    return None


def _annotated(function: Any) -> type | None:
    code = getattr(function, "__code__", None)
    if code is None or code.co_argcount < 2:
        return None
    try:
        hint = hints_of(function).get(code.co_varnames[1])
    except UnresolvedAnnotationError:
        return None
    found = hint if isinstance(hint, type) else get_origin(hint)
    return found if isinstance(found, type) and found not in (Any, object) else None

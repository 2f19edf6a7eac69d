"""What a handler returns, read from its annotation at start-up."""

import inspect
from collections import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from pyfly.container.types import MISSING
from pyfly.web.ports.streams import StreamPlan
from pyfly.web.responses import ResponseEntity
from pyfly.web.type_adapters import Adapter, UnusableTypeError, adapter_of
from pyfly.web.wire import wired

_ITERATORS = frozenset(
    {abc.AsyncIterator, abc.AsyncGenerator, abc.AsyncIterable, abc.Iterator, abc.Generator}
)


class Returned(NamedTuple):
    """The result of a handler.

    Attributes:
        annotation: Its type (``MISSING`` without one, the body's type for a response entity).
        entity: Whether it is a :class:`ResponseEntity`.
        adapter: How it is serialised, if that is known.
        stream: What is streamed, if it is a stream.
        foreign: Whether pydantic does not know its type, so that a converter has to write it.
    """

    annotation: Any
    entity: bool = False
    adapter: Adapter | None = None
    stream: StreamPlan | None = None
    foreign: bool = False


def return_of(
    handler: Callable[..., Any],
    produces: Sequence[str] = (),
    hints: Mapping[str, Any] | None = None,
    *,
    converted: bool = False,
    camel: bool = False,
) -> Returned:
    """Return what *handler* declares to return as *produces*; *hints* are its annotations, if they are known.

    With *camel*, the names of the fields of pages are written ``totalPages``.

    Raises:
        UnusableTypeError: It cannot be written, and there are no converters (*converted*) that may know it.
    """
    if hints is None:
        hints = get_type_hints(handler, include_extras=True)
    declared = hints.get("return", MISSING)
    if _streams(handler, declared):
        from pyfly.web.streaming.kinds import stream_of  # only for applications that stream

        stream = stream_of(declared, produces)
        known = stream.payload not in (Any, object, bytes, str)
        adapter = wired(adapter_of(stream.payload, "the items"), camel=camel) if known else None
        return Returned(declared, stream=stream, adapter=adapter)
    entity = declared is ResponseEntity or get_origin(declared) is ResponseEntity
    if entity:
        declared = (get_args(declared) or (Any,))[0]
    if declared is MISSING or declared in (None, type(None), Any, object, bytes) or _is_response(declared):
        return Returned(declared, entity)
    try:
        return Returned(declared, entity, wired(adapter_of(declared, "the result"), camel=camel))
    except UnusableTypeError:
        if not converted:
            raise
        return Returned(declared, entity, adapter_of(Any, "the result"), foreign=True)


def _streams(handler: Callable[..., Any], declared: Any) -> bool:
    if inspect.isasyncgenfunction(handler) or inspect.isgeneratorfunction(handler):
        return True
    origin = get_origin(declared) or declared
    # Known by its look, so that streaming need not be imported.
    return origin in _ITERATORS or (isinstance(origin, type) and hasattr(origin, "stream_media_type"))


def _is_response(declared: Any) -> bool:
    # Known by their look, so that the response classes of an adapter need not be imported.
    parts = get_args(declared) or (declared,)
    return any(
        isinstance(part, type) and (hasattr(part, "set_cookie") or hasattr(part, "sends_itself"))
        for part in parts
    )

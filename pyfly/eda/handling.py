"""What a listener function wants, read from its parameter once, and how an event is handed to it."""

import types
from collections.abc import Callable, Mapping
from inspect import unwrap
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pyfly.container.resolution import hints_of
from pyfly.eda.types import EventEnvelope


class Wish(NamedTuple):
    """What a listener listens to, and what it is given."""

    wanted: tuple[str | type, ...]
    bind: Callable[[Callable[..., Any]], Callable[[EventEnvelope], Any]]
    """Makes a handler of the function: what takes an envelope and hands over what was wished for."""


def wish_of(function: Callable[..., Any], wanted: tuple[str | type, ...], *, is_method: bool) -> Wish:
    """Return what *function* wants: *wanted*, or else events of the type of its parameter.

    Raises:
        LookupError: Neither says which events.
        UnresolvedAnnotationError: The annotation of the parameter cannot be evaluated.
    """
    original = unwrap(function)
    code = original.__code__
    parameters = code.co_varnames[int(is_method) : code.co_argcount]
    if len(parameters) - len(original.__defaults__ or ()) > 1:
        raise LookupError("it has more than one parameter")
    if not parameters:
        if not wanted:
            raise LookupError("it has neither a parameter nor a pattern")
        return Wish(wanted, lambda call: lambda envelope: call())
    classes = _classes(hints_of(original).get(parameters[0]))
    if not wanted and not classes:
        raise LookupError("it has no pattern, and its parameter is not annotated with a class")
    if EventEnvelope in classes or (not classes and any(isinstance(each, str) for each in wanted)):
        return Wish(wanted or ("*",), lambda call: call)
    return Wish(wanted or classes, _taking_payload(classes))


def _classes(annotation: Any) -> tuple[type, ...]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, types.UnionType}:
        return tuple(each for option in get_args(annotation) for each in _classes(option))
    found = get_origin(annotation) or annotation
    return (found,) if isinstance(found, type) else ()


def _taking_payload(
    classes: tuple[type, ...],
) -> Callable[[Callable[..., Any]], Callable[[EventEnvelope], Any]]:
    accepted = classes or (object,)

    def bind(call: Callable[..., Any]) -> Callable[[EventEnvelope], Any]:
        def handler(envelope: EventEnvelope) -> Any:
            payload = envelope.payload
            return call(payload if isinstance(payload, accepted) else _made(envelope, accepted))

        return handler

    return bind


def _made(envelope: EventEnvelope, classes: tuple[type, ...]) -> Any:
    """Make the payload, which is something else, into what is accepted."""
    if isinstance(envelope.payload, Mapping) and len(classes) == 1:
        return classes[0](**envelope.payload)
    expected = " or ".join(each.__name__ for each in classes)
    given = type(envelope.payload).__name__
    raise TypeError(f"the payload of {envelope.event_type} is a {given}, not a {expected}")

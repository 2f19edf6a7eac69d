"""``@event_listener``, ``@event_publisher`` and ``@publish_result``.

On methods of beans they need nothing else: the application's publisher is used. Anywhere else, and
where another bus is meant, the bus comes first.
"""

import functools
from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction, ismethod
from typing import Any, TypeVar, cast, overload

from pyfly.container.metadata import record, record_of
from pyfly.context.events import EventPhase
from pyfly.eda.delivery import name_of
from pyfly.eda.handling import wish_of
from pyfly.eda.patterns import compile_pattern
from pyfly.eda.payloads import has_receiver
from pyfly.eda.ports.outbound import EventPublisher
from pyfly.eda.publishing import publishing
from pyfly.eda.records import ListenerRecord, Publication, PublisherRecord, Timing
from pyfly.eda.subscribing import subscribe
from pyfly.eda.types import ErrorStrategy

F = TypeVar("F", bound=Callable[..., Any])
Wanted = str | type | Iterable[str | type]


@overload
def event_listener(bus: F, /) -> F: ...
@overload
def event_listener(
    bus: EventPublisher,
    event_types: Wanted = ...,
    *,
    error_strategy: ErrorStrategy | str | None = ...,
    phase: EventPhase | str = ...,
) -> Callable[[F], F]: ...
@overload
def event_listener(
    bus: Wanted | None = ...,
    event_types: Wanted = ...,
    *,
    error_strategy: ErrorStrategy | str | None = ...,
    phase: EventPhase | str = ...,
) -> Callable[[F], F]: ...
def event_listener(
    bus: Any = None,
    event_types: Wanted = (),
    *,
    error_strategy: ErrorStrategy | str | None = None,
    phase: EventPhase | str = EventPhase.IMMEDIATE,
) -> Any:
    """Call the function with events: those of some types or patterns, or of the type of its parameter.

    A parameter annotated with ``EventEnvelope`` gets the envelope; one annotated with another class
    gets the payload, made from a dictionary where it has to be; one without annotation gets the
    envelope for patterns and the payload for classes. Methods of beans may be sync or async; they
    are called by the ``@order`` of the method, or else of its class.

    Args:
        bus: The bus to subscribe to, at once, for functions outside of beans. Left out, it is the
            publisher of the application, and the first argument is a pattern, a class or several.
        event_types: Patterns (``order.*``) and classes.
        error_strategy: What happens when the function fails; ``pyfly.eda.error-strategy`` if not given.
        phase: When, seen from the transaction that the event is published in: see :class:`EventPhase`.

    Raises:
        ValueError: There is no such strategy, pattern or phase.
    """
    strategy = None if error_strategy is None else ErrorStrategy(error_strategy)
    called_in = EventPhase(phase)
    target, wanted = _bus_and_wanted(bus, event_types)

    def decorate(function: F) -> F:
        if target is not None and (ismethod(function) or not has_receiver(function)):
            _subscribe(target, function, wanted, strategy)
            return function
        record(
            function,
            ListenerRecord,
            wanted=wanted,
            error_strategy=strategy,
            phase=called_in,
            bus=target,
        )
        return function

    is_bare = callable(bus) and not isinstance(bus, type) and target is None
    return decorate(bus) if is_bare else decorate


def event_publisher(
    bus: EventPublisher | str | None = None,
    destination: str = "",
    event_type: str = "",
    timing: Timing | str = Timing.BEFORE,
) -> Callable[[F], F]:
    """Publish the arguments of each call, ``{parameter: value}``; objects among them become dictionaries.

    The object that a method is called on is never published. Without a bus it works on methods of
    beans: ``@event_publisher("orders", "order.requested")``.

    Args:
        bus: Where to publish; left out, it is the publisher of the application.
        destination: Where the event goes; the event type if empty.
        event_type: The type of the event.
        timing: ``BEFORE`` the call, ``AFTER`` it has succeeded, or ``BOTH``.

    Raises:
        TypeError: The function is not async.
        ValueError: The event type is missing, or there is no such timing.
    """
    target, destination, event_type, timing = _shifted(bus, destination, event_type, timing)
    publication = Publication(destination=destination, event_type=event_type, timing=Timing(timing))
    return _publishing(target, publication)


def publish_result(
    bus: EventPublisher | str | None = None,
    destination: str = "",
    event_type: str = "",
    condition: Callable[[Any], object] | None = None,
) -> Callable[[F], F]:
    """Publish the result of each call: as it is if it is a dictionary, else ``{"result": value}``.

    On a transactional method of a bean the event comes after the commit.

    Args:
        bus: Where to publish; left out, it is the publisher of the application.
        destination: Where the event goes; the event type if empty.
        event_type: The type of the event.
        condition: Decides from the result whether there is an event at all.

    Raises:
        TypeError: The function is not async.
        ValueError: The event type is missing.
    """
    target, destination, event_type, condition = _shifted(bus, destination, event_type, condition)
    return _publishing(
        target, Publication(destination=destination, event_type=event_type, condition=condition)
    )


def _bus_and_wanted(bus: Any, event_types: Wanted) -> tuple[Any, tuple[str | type, ...]]:
    """Tell apart what the first argument can be: a bus, what is wanted, or the function itself."""
    if bus is None or (callable(bus) and not isinstance(bus, type) and not hasattr(bus, "subscribe")):
        return None, _several(event_types)
    if hasattr(bus, "subscribe") and not isinstance(bus, type):
        return bus, _several(event_types)
    return None, (*_several(bus), *_several(event_types))


def _several(wanted: Wanted) -> tuple[str | type, ...]:
    found = (wanted,) if isinstance(wanted, str | type) else tuple(wanted)
    for each in found:
        if isinstance(each, str):
            compile_pattern(each)
    return found


def _subscribe(
    bus: Any, function: Callable[..., Any], wanted: tuple[str | type, ...], strategy: ErrorStrategy | None
) -> None:
    wish = wish_of(function, wanted, is_method=ismethod(function))
    subscribe(bus, wish.wanted, wish.bind(function), error_strategy=strategy, name=name_of(function))


def _shifted(bus: Any, destination: str, event_type: Any, last: Any) -> tuple[Any, str, Any, Any]:
    """Without a bus, positional arguments begin with the destination; a lone one is the event type."""
    if isinstance(bus, str):
        last = (event_type or last) if destination else last
        event_type = destination or event_type or bus
        bus, destination = None, bus
    if not event_type:
        raise ValueError("the event needs a type: event_type=")
    return bus, destination or event_type, event_type, last


def _publishing(bus: Any, publication: Publication) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        if not iscoroutinefunction(function):
            raise TypeError(f"{function.__qualname__} cannot publish events: it is not an async function")
        if bus is not None:
            wrapped = publishing(function, function, (publication,), lambda: bus)
            return cast("F", functools.wraps(function)(wrapped))
        known = record_of(function, PublisherRecord)
        others = known.publications if known is not None else ()
        record(function, PublisherRecord, publications=(publication, *others))
        return function

    return decorate

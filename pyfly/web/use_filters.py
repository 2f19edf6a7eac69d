"""``@use_filters``: filters for the routes of one controller, or for one of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.container.metadata import record, record_of
from pyfly.kernel.record import Record

T = TypeVar("T", bound=Callable[..., Any])


class UsedFilters(Record, kw_only=True):
    """The filters that a controller or a handler names, the outermost first."""

    filters: tuple[type, ...] = ()


def use_filters(*filters: type) -> Callable[[T], T]:
    """Run *filters*, the first one outermost, around the decorated handler, or around all of a controller.

    They are beans of these classes, and run only where they are named: inside the filters that are for all
    requests, those of the controller outside those of the handler. Subclasses and overrides keep what they inherit.

    Raises:
        TypeError: One of *filters* is no class with the methods of ``WebFilter``.
    """
    for each in filters:
        if not isinstance(each, type) or not hasattr(each, "do_filter"):
            raise TypeError("@use_filters takes classes of filters: @use_filters(AuditFilter)")

    def decorate(target: T) -> T:
        known = record_of(target, UsedFilters) or UsedFilters()
        record(target, UsedFilters, filters=(*filters, *known.filters))
        return target

    return decorate


def filters_named(controller: type, name: str) -> tuple[type, ...]:
    """Return the filters of the handler *name* of *controller*, the outermost first, each once."""
    bases = [*reversed(controller.__mro__)]
    said = [record_of(base, UsedFilters) for base in bases]
    # A function of a module is a static method of the controller that gathers it.
    members = [vars(base).get(name) for base in bases]
    said += [record_of(getattr(member, "__func__", member), UsedFilters) for member in members]
    return tuple(dict.fromkeys(each for one in said if one is not None for each in one.filters))

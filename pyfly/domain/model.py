"""What a domain model is made of: value objects, entities, and aggregates that record what happened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar, cast, dataclass_transform

ID = TypeVar("ID")

_EVENTS = "_recorded_events"


@dataclass_transform(frozen_default=True)
class ValueObject:
    """An immutable value: equal to another one of its class that has the same parts.

    Subclasses are frozen dataclasses without saying so. Check the parts in ``__post_init__``.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the subclass a frozen dataclass."""
        super().__init_subclass__(**options)
        if "__dataclass_fields__" not in cls.__dict__:
            _frozen(cls)

    def with_(self, **changes: Any) -> Self:
        """Return a copy with some parts replaced; its parts are checked as those of a new one."""
        return cast("Self", replace(cast("Any", self), **changes))


class Entity(Generic[ID]):
    """Something with an identity: equal to another one of its class that has the same ``id``.

    A mixin without state of its own, for plain classes, for dataclasses (``@dataclass(eq=False)``) and for
    mapped classes. One that has no ``id`` yet is equal to itself only.
    """

    id: Any

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Entity) or not _are_related(type(self), type(other)):
            return NotImplemented
        own = getattr(self, "id", None)
        return own is not None and bool(own == getattr(other, "id", None))

    def __hash__(self) -> int:
        own = getattr(self, "id", None)
        return object.__hash__(self) if own is None else hash(own)


class AggregateRoot(Entity[ID]):
    """An entity that guards others, and records the domain events of what is done to it.

    Whoever saves the aggregate takes the events with :meth:`pull_events` and publishes them.
    """

    def record(self, event: object) -> None:
        """Remember that *event* has happened; any object is an event."""
        self.__dict__.setdefault(_EVENTS, []).append(event)

    @property
    def has_events(self) -> bool:
        """Whether something has been recorded and not been pulled."""
        return bool(self.__dict__.get(_EVENTS))

    def pull_events(self) -> list[object]:
        """Return what was recorded, in order, and forget it."""
        return cast("list[object]", self.__dict__.pop(_EVENTS, []))


def _frozen(cls: type) -> None:
    dataclass(frozen=True)(cls)
    # Whoever writes @dataclass(frozen=True) as well may: it refuses a class that has these of its own.
    for name in ("__setattr__", "__delattr__"):
        delattr(cls, name)


def _are_related(one: type, two: type) -> bool:
    return issubclass(one, two) or issubclass(two, one)


def _refuse(verb: str) -> Callable[..., None]:
    def refuse(self: object, name: str, *_: object) -> None:
        from dataclasses import FrozenInstanceError  # only needed to refuse

        raise FrozenInstanceError(f"cannot {verb} '{name}' of {type(self).__name__}, a value object")

    return refuse


# Not written as methods: type checkers would then let assignments to any attribute pass.
ValueObject.__setattr__ = _refuse("assign")  # type: ignore[method-assign]
ValueObject.__delattr__ = _refuse("delete")  # type: ignore[method-assign]

"""Constraints that are beans, such as "not yet in the database", and where annotations mention them."""

import types
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from pyfly.container.container import Container
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.resolution import UnresolvedAnnotationError, hints_of
from pyfly.validation.exceptions import ErrorItem, Location
from pyfly.validation.groups import wire_name

T = TypeVar("T")


class Constraint(ABC, Generic[T]):
    """A check that is a bean: ``email: Annotated[str, UniqueEmail]``, on parameters and on fields of models.

    ``None`` is never asked about: optional values are valid. A constraint is asked only about values whose
    types and other constraints are in order.
    """

    message: ClassVar[str] = "Value is not valid"
    code: ClassVar[str] = "constraint"

    @abstractmethod
    def is_valid(self, value: T) -> bool | Awaitable[bool]:
        """Say whether *value* is acceptable. May be async, for values of async methods."""


class Use(NamedTuple):
    """A value to ask a constraint about."""

    constraint: type[Constraint[Any]]
    location: Location
    value: Any


Walk = Callable[[Any, Location], Iterator[Use]]
"""Finds the values inside of one that have constraints."""


def walk_of(hint: Any) -> Walk | None:
    """Return what finds the constrained values in a value of type *hint*, or ``None`` if there can be none."""
    return _Walks({}).of(hint)


def constraints_in(hint: Any) -> frozenset[type[Constraint[Any]]]:
    """Return every constraint that *hint*, or a field inside of it, mentions."""
    walks = _Walks({})
    walks.of(hint)
    return frozenset(walks.mentioned)


def is_async(constraint: type[Constraint[Any]]) -> bool:
    """Say whether asking *constraint* needs an await."""
    return method_kind(constraint.is_valid) is MethodKind.ASYNC


def item_of(use: Use) -> ErrorItem:
    """Return the error for a value that was refused."""
    return ErrorItem(type=use.constraint.code, loc=use.location, msg=use.constraint.message)


class ConstraintBeans:
    """The constraints of one application."""

    def __init__(self, container: Container) -> None:
        """Find them in *container*, when they are first asked."""
        self._container = container

    async def refused(self, uses: Iterable[Use]) -> list[ErrorItem]:
        """Return the errors of *uses*, asking one constraint after the other."""
        errors: list[ErrorItem] = []
        for use in uses:
            verdict = self._bean(use).is_valid(use.value)
            if not (await verdict if isinstance(verdict, Awaitable) else verdict):
                errors.append(item_of(use))
        return errors

    def refused_now(self, uses: Iterable[Use]) -> list[ErrorItem]:
        """Return the errors of *uses*, whose constraints must be sync."""
        return [item_of(use) for use in uses if not self._bean(use).is_valid(use.value)]

    def _bean(self, use: Use) -> Constraint[Any]:
        return self._container.resolve(use.constraint)


class _Walks:
    def __init__(self, known: dict[Any, list[Walk | None]]) -> None:
        self._known = known
        self.mentioned: set[type[Constraint[Any]]] = set()

    def of(self, hint: Any) -> Walk | None:
        origin = get_origin(hint)
        if origin is Annotated:
            return self._annotated(hint.__origin__, hint.__metadata__)
        if origin in (Union, types.UnionType):
            return _each_of([walk for arm in get_args(hint) if (walk := self._arm(arm)) is not None])
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._items(hint, -1, lambda value: value.items())
        if isinstance(origin, type) and issubclass(origin, Collection):
            return self._items(hint, 0, enumerate)
        return self._fields(hint) if isinstance(hint, type) and _has_fields(hint) else None

    def _annotated(self, inner: Any, metadata: tuple[Any, ...]) -> Walk | None:
        own = tuple(each for each in metadata if isinstance(each, type) and issubclass(each, Constraint))
        self.mentioned.update(own)
        inside = self.of(inner)
        if not own:
            return inside

        def walk(value: Any, location: Location) -> Iterator[Use]:
            if value is not None:
                yield from (Use(each, location, value) for each in own)
                if inside is not None:
                    yield from inside(value, location)

        return walk

    def _arm(self, arm: Any) -> Walk | None:
        walk = self.of(arm)
        bare = arm.__origin__ if get_origin(arm) is Annotated else arm
        kind = get_origin(bare) or bare
        if walk is None or not isinstance(kind, type):
            return walk

        def only_its_own(value: Any, location: Location) -> Iterator[Use]:
            return walk(value, location) if isinstance(value, kind) else iter(())

        return only_its_own

    def _items(self, hint: Any, index: int, pairs: Callable[[Any], Any]) -> Walk | None:
        arguments = [each for each in get_args(hint) if each is not ...]
        inside = self.of(arguments[index]) if arguments else None
        if inside is None:
            return None

        def walk(value: Any, location: Location) -> Iterator[Use]:
            for key, item in pairs(value):
                yield from inside(item, (*location, key if isinstance(key, int) else str(key)))

        return walk

    def _fields(self, cls: type) -> Walk | None:
        if cls in self._known:
            # A type that contains itself: its walk is complete by the time values come.
            cell = self._known[cls]
            return lambda value, location: cell[0](value, location) if cell[0] else iter(())
        cell = self._known[cls] = [None]
        try:
            hints = hints_of(cls)
        except UnresolvedAnnotationError:
            return None  # pydantic reports it
        inside = [
            (name, _shown(cls, name), walk)
            for name, hint in hints.items()
            if (walk := self.of(hint)) is not None
        ]
        if not inside:
            return None

        def walk_fields(value: Any, location: Location) -> Iterator[Use]:
            for name, shown, walk in inside:
                if (item := getattr(value, name, None)) is not None:
                    yield from walk(item, (*location, shown))

        cell[0] = walk_fields
        return walk_fields


def _each_of(walks: list[Walk]) -> Walk | None:
    if len(walks) < 2:
        return walks[0] if walks else None
    return lambda value, location: (use for walk in walks for use in walk(value, location))


def _has_fields(cls: type) -> bool:
    return issubclass(cls, BaseModel) or is_dataclass(cls)


def _shown(cls: type, name: str) -> str:
    return wire_name(cls, name) if issubclass(cls, BaseModel) else name

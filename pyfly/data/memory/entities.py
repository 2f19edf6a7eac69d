"""What is known about a class whose objects are kept in memory: its properties, its key, what is unique."""

import copy
import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Annotated, Any, Generic, TypeVar, cast, get_args, get_origin
from uuid import UUID, uuid4

from pyfly.data.comparable import comparable_with
from pyfly.data.derivation.paths import path_of
from pyfly.data.exceptions import InvalidValueError, UnfitValueError, UnknownPropertyError
from pyfly.data.mapping_fields import target_fields
from pyfly.data.pageable import Sort

T = TypeVar("T")
Key = tuple[Any, ...]


class EntityModel(Generic[T]):
    """One class of entities.

    Attributes:
        model: The class.
        name: Its name.
        identity: The properties that identify an entity.
        unique: The groups of properties no two entities have the same values in.
        version: The property that counts changes, if there is one.
        first_version: What it is before an entity is stored.
    """

    def __init__(
        self, model: type[T], key: Sequence[str] = ("id",), unique: Sequence[Sequence[str]] = ()
    ) -> None:
        """Describe *model*, identified by *key*.

        Raises:
            UnknownPropertyError: The key, or something unique, is no property of it.
        """
        self.model = model
        self.name = model.__name__
        self._hints = _hints(model)
        self._comparable = {name: comparable_with(hint) for name, hint in self._hints.items()}
        self.identity = tuple(self.require(name) for name in key)
        self.unique = tuple(tuple(self.require(name) for name in group) for group in unique)
        self.version = "version" if "version" in self._hints else None
        self.first_version = getattr(model, "version", None)
        self._numbers = itertools.count(1)

    def require(self, name: str) -> str:
        """Return *name* if it is a property.

        Raises:
            UnknownPropertyError: It is none.
        """
        if name not in self._hints:
            raise UnknownPropertyError(self.name, name, tuple(self._hints))
        return name

    def path(self, name: str) -> str | None:
        """Return the dotted path of the property written as *name*, if it exists."""
        return path_of(name, self.model, _hints)

    def require_path(self, name: str) -> str:
        """Return the dotted path of the property written as *name*, with dots or without.

        Raises:
            UnknownPropertyError: There is none.
        """
        path = self.path(name.replace(".", "_"))
        if path is None:
            raise UnknownPropertyError(self.name, name, self.names())
        return path

    def names(self) -> tuple[str, ...]:
        """Return what a query may mention."""
        return tuple(self._hints)

    def is_text(self, path: str) -> bool:
        """Return whether the property at *path* may be text; only those of the entity itself are known."""
        hint = self._hints.get(path, Any)
        return any(
            each is Any or (isinstance(each, type) and issubclass(each, str)) for each in _classes(hint)
        )

    def require_comparable(self, path: str, values: Iterable[object]) -> None:
        """Check that the property at *path* can be compared with *values*; only those of the entity itself are known.

        Raises:
            UnfitValueError: One is of another type.
        """
        accepted = self._comparable.get(path, ())
        for value in values:
            if accepted and value is not None and not isinstance(value, accepted):
                raise UnfitValueError(
                    f"A {type(value).__name__} cannot be compared with {self.name}.{path}", "INVALID_VALUE"
                )

    def key_of(self, entity: object) -> Key:
        """Return the identity of *entity*."""
        return tuple(getattr(entity, name, None) for name in self.identity)

    def key(self, identity: object) -> Key:
        """Return *identity* as a tuple, whether it is composite or not.

        Raises:
            UnfitValueError: It is of another type than the property that identifies.
            ValueError: It has another number of parts.
        """
        values = tuple(identity) if isinstance(identity, tuple) else (identity,)
        if len(values) != len(self.identity):
            raise ValueError(f"{self.name} is identified by {', '.join(self.identity)}")
        for name, value in zip(self.identity, values, strict=True):
            self.require_comparable(name, [value])
        return values

    def key_or_itself(self, target: object) -> Key:
        """Return the identity of an entity, or *target* itself if it is an identity."""
        return self.key_of(target) if isinstance(target, self.model) else self.key(target)

    def new_id(self) -> object:
        """Return an identity: the next number, or a random UUID.

        Raises:
            InvalidValueError: The identity is neither; the application has to choose it.
        """
        [name] = self.identity
        classes = [each for each in _classes(self._hints[name]) if each is not NoneType]
        if UUID in classes:
            return uuid4()
        if not {int, Any, object}.isdisjoint(classes):
            return next(self._numbers)
        shown = " | ".join(getattr(each, "__name__", str(each)) for each in classes)
        raise InvalidValueError(
            f"{self.name}.{name} is {shown}, of which none can be made up: give the entity one before it is saved"
        )

    def with_values(self, entity: T, values: Mapping[str, object]) -> T:
        """Return *entity* with other values; the same object unless it is frozen."""
        for name, value in values.items():
            try:
                setattr(entity, name, value)
            except dataclasses.FrozenInstanceError:
                entity = cast("T", dataclasses.replace(cast("Any", entity), **{name: value}))
        return entity

    def copied(self, entity: T) -> T:
        """Return a copy that shares nothing with *entity*."""
        return copy.deepcopy(entity)

    def sorted(self, entities: list[T], sort: Sort, *, nulls_last: bool = False) -> list[T]:
        """Return *entities* in the order of *sort*, then of the identity.

        Raises:
            UnknownPropertyError: A property does not exist.
        """
        orders = [(self.require(order.property), order.direction == "desc") for order in sort.orders]
        named = {name for name, _ in orders}
        orders += [(name, False) for name in self.identity if name not in named]
        for name, descending in reversed(orders):
            entities = sorted(entities, key=lambda each: sort_key(getattr(each, name)), reverse=descending)
            if nulls_last:
                entities = sorted(entities, key=lambda each: getattr(each, name) is None)
        return entities

    def violated(self, entity: T, others: Iterator[T]) -> bool:
        """Return whether one of *others* has the same values as *entity* in something unique."""
        wanted = [(group, _values(entity, group)) for group in self.unique]
        key = self.key_of(entity)
        for other in others:
            if self.key_of(other) == key:
                continue
            if any(None not in values and _values(other, group) == values for group, values in wanted):
                return True
        return False


def sort_key(value: Any) -> tuple[bool, Any]:
    """Return what *value* is sorted by: no value comes first."""
    return (False, 0) if value is None else (True, value)


def _classes(hint: Any) -> list[Any]:
    """Return what *hint* allows: its alternatives, and for collections what is in them."""
    if get_origin(hint) is Annotated:
        return _classes(get_args(hint)[0])
    inside = get_args(hint)
    return [found for each in inside for found in _classes(each)] if inside else [hint]


def _values(entity: object, names: Sequence[str]) -> Key:
    return tuple(getattr(entity, name) for name in names)


def _hints(cls: type) -> dict[str, Any]:
    return {name: field.hint for name, field in target_fields(cls).items()}

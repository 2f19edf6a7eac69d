"""Derived queries of repository classes: read from names and signatures, and refused with the remedy."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from pyfly.container.definition import origin_of
from pyfly.data.derivation.generics import type_argument
from pyfly.data.derivation.signatures import Promise, SignatureError, read_signature
from pyfly.data.derivation.stubs import stub_methods
from pyfly.data.exceptions import InvalidRepositoryError, UnknownPropertyError
from pyfly.data.query_parser import ParsedQuery, QueryMethodParser

_PARSER = QueryMethodParser()
_WHY = "The entity is taken from the type arguments of the class."
_FIX = "Change the method's name or its signature, or write its body."


class Properties(Protocol):
    """Port: which properties of an entity queries may mention."""

    @property
    def name(self) -> str:
        """The name of the entity."""

    def path(self, name: str) -> str | None:
        """Return the dotted path of the property written as *name*, if it exists."""

    def names(self) -> tuple[str, ...]:
        """Return what a query may mention, for messages."""


def is_derived(name: str) -> bool:
    """Return whether *name* has the form of a derived query."""
    return _PARSER.is_derived(name)


def resolve(name: str, properties: Properties) -> ParsedQuery:
    """Return what *name* asks of an entity, with the paths of its properties.

    Raises:
        UnknownPropertyError: A property does not exist.
        ValueError: The name is no derived query.
    """
    name = _PARSER.canonical(name)
    blind = _PARSER.parse(name)
    try:
        return _PARSER.parse(name, properties.path)
    except ValueError:
        words = [p.field_name for p in blind.predicates] + [o.field_name for o in blind.order_clauses]
        unknown = next((word for word in words if properties.path(word) is None), words[0])
        raise UnknownPropertyError(properties.name, unknown, properties.names()) from None


def read_method(
    cls: type, name: str, function: Callable[..., Any], properties: Properties
) -> tuple[ParsedQuery, Promise]:
    """Return what the derived query *name* of the repository *cls* asks for and promises.

    Raises:
        InvalidRepositoryError: The name or the signature asks for something impossible.
    """
    try:
        parsed = resolve(name, properties)
        return parsed, read_signature(function, parsed)
    except (UnknownPropertyError, SignatureError, ValueError) as failure:
        raise refused(cls, name, function, failure) from failure


def refused(cls: type, name: str, function: Callable[..., Any], failure: Exception) -> InvalidRepositoryError:
    """Return the error that explains why *name* of *cls* cannot be implemented."""
    what = f"{cls.__name__}.{name} ({origin_of(function)}) cannot be implemented."
    if isinstance(failure, UnknownPropertyError):
        return InvalidRepositoryError(what, *_unknown(failure, name))
    return InvalidRepositoryError(what, f"The method cannot work as written: {failure}.", _FIX)


def entity_argument(cls: type, repository: type) -> type:
    """Return the entity that *cls*, a subclass of the generic class *repository*, stores.

    Raises:
        InvalidRepositoryError: It does not say.
    """
    entity = type_argument(cls, repository)
    if not isinstance(entity, type):
        fix = f"Name the entity and the type of its id: class {cls.__name__}({repository.__name__}[Entity, int])."
        raise InvalidRepositoryError(
            f"{cls.__name__} ({origin_of(cls)}) does not say which entity it stores.", _WHY, fix
        )
    return entity


def derived_stubs(
    cls: type, repository: type
) -> Iterator[tuple[str, Callable[..., Any], InvalidRepositoryError | None]]:
    """Yield ``(name, function, error)`` for each method of *cls* whose body is empty and whose name is a query.

    The error is there for names that only look like one.
    """
    for name, function in stub_methods(cls, repository):
        if _PARSER.is_derived(name):
            yield name, function, None
        elif "_by_" in name:
            what = f"{cls.__name__}.{name} ({origin_of(function)}) cannot be implemented."
            yield name, function, InvalidRepositoryError(what, *_no_query(name))


def _no_query(name: str) -> tuple[str, str]:
    prefixes = ", ".join(QueryMethodParser.PREFIXES)
    return f"Its body is empty, and '{name}' is no derived query.", f"Start its name with one of {prefixes}."


def _unknown(failure: UnknownPropertyError, name: str) -> tuple[str, str]:
    reason = f"{failure.entity} has no property '{failure.property}'. It has: {', '.join(failure.known)}."
    if failure.suggestion is None:
        return reason, "Name a mapped property, or write the method's body."
    return reason, f"Did you mean '{name.replace(failure.property, failure.suggestion)}'?"

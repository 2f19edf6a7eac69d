"""``@configuration`` classes become the definitions of their ``@bean`` methods. Nothing is called."""

import types
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Generator,
    Iterable,
    Iterator,
)
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pyfly.container import explain
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import WiringError
from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.records import NO_RECORD, BeanRecord, FactoryRecord
from pyfly.container.resolution import UnresolvedAnnotationError, hints_of
from pyfly.context.conditions import AdapterRecord

_YIELDED = (Iterator, Iterable, Generator, AsyncIterator, AsyncIterable, AsyncGenerator)


class BeanMethod(NamedTuple):
    """A ``@bean`` method and the definition it contributes, if its conditions hold."""

    function: Any
    definition: BeanDefinition
    subject: str


def bean_methods(
    owner: BeanDefinition, problems: list[WiringError], *, auto: bool = False
) -> Iterator[BeanMethod]:
    """Yield the ``@bean`` methods of the configuration class that *owner* defines, in their order.

    Args:
        owner: The definition of the class.
        problems: Receives what is wrong with methods that cannot be used.
        auto: Whether the class is an auto-configuration.
    """
    for name, _ in recorded_members(owner.type, FactoryRecord):
        member = _static(owner.type, name)
        function = getattr(member, "__func__", member)
        try:
            yield _bean_method(owner, name, function, is_static=isinstance(member, staticmethod), auto=auto)
        except WiringError as problem:
            problems.append(problem)


def _bean_method(
    owner: BeanDefinition, name: str, function: Any, *, is_static: bool, auto: bool
) -> BeanMethod:
    said = record_of(function, BeanRecord) or NO_RECORD
    serves = record_of(function, AdapterRecord) or record_of(owner.type, AdapterRecord) or AdapterRecord()
    declared = _return_annotation(owner, name, function)
    bean_type, type_key, nullable = _product(declared, function)
    if not isinstance(bean_type, type):
        raise explain.no_return_annotation(owner.type, name, origin_of(function), declared)
    definition = BeanDefinition(
        bean_type,
        name=said.name or name,
        scope=said.scope or FactoryRecord().scope,
        record=said,
        factory=function,
        owner=None if is_static else owner,
        made_by=function,
        type_key=type_key,
        nullable=nullable,
        auto=auto,
        subsystem=serves.subsystem,
        provider=serves.provider,
    )
    return BeanMethod(function, definition, f"{owner.type.__qualname__}.{name}")


def _return_annotation(owner: BeanDefinition, name: str, function: Any) -> Any:
    try:
        hints = hints_of(function)
    except UnresolvedAnnotationError as error:
        raise explain.unreadable(owner, error) from error
    if "return" not in hints or hints["return"] in (None, types.NoneType, Any):
        raise explain.no_return_annotation(owner.type, name, origin_of(function))
    return hints["return"]


def _product(declared: Any, function: Any) -> tuple[Any, Any, bool]:
    """Return the class a factory makes, the generic alias it declares, and whether ``None`` may come."""
    generates = function.__code__.co_flags & (0x20 | 0x200)  # CO_GENERATOR, CO_ASYNC_GENERATOR
    if get_origin(declared) is Annotated:
        declared = declared.__origin__
    if (generates and get_origin(declared) in _YIELDED) or get_origin(declared) is Awaitable:
        declared = get_args(declared)[0]
    nullable = False
    if get_origin(declared) in (Union, types.UnionType):
        members = [each for each in get_args(declared) if each is not types.NoneType]
        nullable = len(members) < len(get_args(declared))
        declared = members[0] if len(members) == 1 else declared
    origin = get_origin(declared)
    if origin is not None and isinstance(origin, type) and origin is not types.UnionType:
        return origin, declared, nullable
    return declared, None, nullable


def _static(cls: type, name: str) -> Any:
    return next(base.__dict__[name] for base in cls.__mro__ if name in base.__dict__)

"""``@bean`` factory methods, and the decorators and markers that choose between beans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from pyfly.container.metadata import record
from pyfly.container.records import BeanRecord, FactoryRecord
from pyfly.container.types import Scope, ScopeName

F = TypeVar("F", bound=Callable[..., Any])
D = TypeVar("D")


class Qualifier:
    """Selects a bean by name: ``Annotated[Cache, Qualifier("sessions")]``. Also spelled ``Named``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        """Select the bean called *name*."""
        self.name = name

    def __repr__(self) -> str:
        return f"Qualifier({self.name!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Qualifier) and other.name == self.name

    def __hash__(self) -> int:
        return hash((Qualifier, self.name))


Named = Qualifier


class Value:
    """Injects a configuration value: ``Annotated[int, Value("${shop.page-size:20}")]``.

    The text may mix placeholders and literals; the result is converted to the annotated type.
    """

    __slots__ = ("expression",)

    def __init__(self, expression: str) -> None:
        """Inject what *expression* evaluates to."""
        self.expression = expression

    def __repr__(self) -> str:
        return f"Value({self.expression!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and other.expression == self.expression

    def __hash__(self) -> int:
        return hash((Value, self.expression))


@overload
def bean(method: F, /) -> F: ...


@overload
def bean(
    *,
    name: str = "",
    scope: ScopeName = Scope.SINGLETON,
    profile: str = "",
    condition: Callable[..., bool] | None = None,
    primary: bool = False,
    order: int | None = None,
    lazy: bool = False,
    proxy: bool = False,
    fallback: bool = False,
    depends_on: Sequence[str] = (),
) -> Callable[[F], F]: ...


def bean(
    method: F | None = None,
    /,
    *,
    name: str = "",
    scope: ScopeName = Scope.SINGLETON,
    profile: str = "",
    condition: Callable[..., bool] | None = None,
    primary: bool = False,
    order: int | None = None,
    lazy: bool = False,
    proxy: bool = False,
    fallback: bool = False,
    depends_on: Sequence[str] = (),
) -> F | Callable[[F], F]:
    """Make the result of a ``@configuration`` method a bean of its annotated return type.

    The method may be sync, ``async``, a generator or an async generator; what follows the ``yield``
    of a generator runs when the bean is destroyed. Parameters are injected.
    """
    said: dict[str, object] = {
        "name": name, "scope": scope, "profile": profile, "condition": condition, "primary": primary,
        "order": order, "lazy": lazy, "proxy": proxy, "fallback": fallback, "depends_on": tuple(depends_on),
    }  # fmt: skip

    def mark(target: F) -> F:
        record(target, BeanRecord, **{key: value for key, value in said.items() if value or key == "scope"})
        record(target, FactoryRecord, is_bean=True, scope=scope)
        return target

    return mark if method is None else mark(method)


def primary(target: D) -> D:
    """Prefer this class or ``@bean`` method when several beans have the requested type."""
    record(target, BeanRecord, primary=True)
    return target


def lazy(target: D) -> D:
    """Create the bean when it is first needed instead of at start-up."""
    record(target, BeanRecord, lazy=True)
    return target


def depends_on(*names: str) -> Callable[[D], D]:
    """Create the named beans before this one, and destroy them after it."""

    def decorate(target: D) -> D:
        record(target, BeanRecord, depends_on=names)
        return target

    return decorate

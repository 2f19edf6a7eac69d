"""Stereotype decorators: the words by which a class says that it is a bean, and which kind."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, overload

from pyfly.container.metadata import record, record_of
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope, ScopeName

C = TypeVar("C", bound=type)


class Stereotype(Protocol):
    """A stereotype decorator, used bare or with keyword arguments."""

    @overload
    def __call__(self, cls: C, /) -> C: ...

    @overload
    def __call__(
        self,
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
        datasource: str = "",
    ) -> Callable[[C], C]: ...


def _make_stereotype(stereotype: str, doc: str) -> Stereotype:
    def decorator(cls: type | None = None, /, **said: object) -> object:
        def mark(target: type) -> type:
            known = record_of(target, BeanRecord)
            changes: dict[str, object] = (
                {"scope": Scope.SINGLETON} if known is None or known.scope is None else {}
            )
            own = _of_the_class(target, said)
            if said:
                changes |= _given({key: value for key, value in said.items() if key not in own})
            record(target, BeanRecord, stereotype=stereotype, injectable=True, **changes)
            return target

        return mark if cls is None else mark(cls)

    decorator.__name__ = decorator.__qualname__ = stereotype
    decorator.__doc__ = doc
    return decorator  # type: ignore[return-value]  # the overloads describe what this closure accepts


def _of_the_class(target: type, said: dict[str, object]) -> set[str]:
    """Hand *target* the keywords that its base class asks for, and return which ones these are."""
    accept = getattr(target, "__stereotype_keywords__", None)
    if accept is None:
        return set()
    own = said.keys() - set(_KEYWORDS)
    accept(**{key: said[key] for key in own})
    return own


def _given(said: dict[str, object]) -> dict[str, object]:
    """Drop keywords left at their default, so that ``@primary`` and ``@order`` survive in any order."""
    unknown = said.keys() - _KEYWORDS
    if unknown:
        raise TypeError(f"unknown stereotype argument {min(unknown)!r}; known: {', '.join(_KEYWORDS)}")
    given = {key: value for key, value in said.items() if value not in (None, False, "", ())}
    names = given.get("depends_on")
    if isinstance(names, str):
        given["depends_on"] = (names,)
    elif isinstance(names, Sequence):
        given["depends_on"] = tuple(names)
    return given


_KEYWORDS = (
    "name", "scope", "profile", "condition", "primary", "order", "lazy", "proxy", "fallback", "depends_on",
)  # fmt: skip

component = _make_stereotype("component", "Register the class as a bean of no particular kind.")
service = _make_stereotype("service", "Register the class as a bean that holds business logic.")
repository = _make_stereotype("repository", "Register the class as a bean that gives access to stored data.")
controller = _make_stereotype("controller", "Register the class as a bean whose methods answer with views.")
rest_controller = _make_stereotype(
    "rest_controller", "Register the class as a bean whose methods answer with data."
)
configuration = _make_stereotype(
    "configuration", "Register the class as a bean whose ``@bean`` methods make beans."
)

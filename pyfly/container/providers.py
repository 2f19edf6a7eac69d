"""Handles that defer a look-up: ``Provider[T]`` asks each time, ``Lazy[T]`` asks once."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar, cast

from pyfly.container.types import MISSING

T = TypeVar("T")


class BeanSource(Protocol):
    """Where a handle gets its bean from."""

    def get(self) -> Any:
        """Return the bean of the current scope, or raise."""

    async def aget(self) -> Any:
        """Return the bean of the current scope, awaiting async factories, or raise."""

    def exists(self) -> bool:
        """Say whether there is a bean at all."""


class Provider(Generic[T]):
    """Yields the bean of type ``T`` that belongs to the current scope, each time it is asked.

    Breaks cycles, defers creation, and lets a singleton reach request-scoped beans.
    """

    __slots__ = ("_source",)

    def __init__(self, source: BeanSource) -> None:
        """Ask *source* for the bean."""
        self._source = source

    def get(self) -> T:
        """Return the bean.

        Raises:
            NoSuchBeanError: There is none.
            AsyncBeanError: Its creation needs ``await``; use :meth:`aget`.
        """
        return cast("T", self._source.get())

    __call__ = get

    async def aget(self) -> T:
        """Return the bean, awaiting async factories."""
        return cast("T", await self._source.aget())

    def get_or_none(self) -> T | None:
        """Return the bean, or ``None`` when there is none. A bean that fails to build still raises."""
        return self.get() if self._source.exists() else None


class Lazy(Provider[T]):
    """Yields the bean of type ``T``, looked up on first use and kept from then on."""

    __slots__ = ("_found",)

    def __init__(self, source: BeanSource) -> None:
        """Ask *source* once."""
        super().__init__(source)
        self._found: Any = MISSING

    def get(self) -> T:
        """Return the bean, the same one each time."""
        if self._found is MISSING:
            self._found = super().get()
        return cast("T", self._found)

    __call__ = get

    async def aget(self) -> T:
        """Return the bean, the same one each time, awaiting async factories."""
        if self._found is MISSING:
            self._found = await super().aget()
        return cast("T", self._found)

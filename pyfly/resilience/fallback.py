"""Answering in another way when a call fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from pyfly.kernel.clock import Clock
from pyfly.resilience.decorating import Decorator, decorator
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy, is_async, name_of

NOT_GIVEN: Final[Any] = object()


class Fallback(Policy):
    """Gives a value, or the result of another function, when a call raises one of some exceptions."""

    kind: ClassVar = PolicyKind.FALLBACK

    def __init__(
        self,
        *,
        fallback_method: Callable[..., Any] | str | None = None,
        fallback_value: Any = NOT_GIVEN,
        on: tuple[type[BaseException], ...] = (Exception,),
        name: str = "",
        clock: Clock | None = None,
    ) -> None:
        """Say what answers instead.

        Args:
            fallback_method: A function, or the name of a method of the same object. It is given the
                arguments of the call and the exception as ``exc``; it may be async if the call is.
            fallback_value: A value, ``None`` included.
            on: The exceptions that are answered.
            name: What the policy is called.
            clock: Replaces the clock of the machine.

        Raises:
            ValueError: Neither or both are given.
        """
        super().__init__(name, clock)
        has_value = fallback_value is not NOT_GIVEN
        if fallback_method is None and not has_value:
            raise ValueError("Either fallback_method or fallback_value must be provided")
        if fallback_method is not None and has_value:
            raise ValueError("Only one of fallback_method and fallback_value can be provided")
        self._method, self._value, self._on = fallback_method, fallback_value, on

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that answers in place of *function* when that fails.

        Raises:
            TypeError: The fallback is async.
        """
        if callable(self._method) and is_async(self._method):
            raise TypeError(
                f"{name_of(function)} is not async, so its fallback {name_of(self._method)} cannot be awaited"
            )

        def answered(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except self._on as failure:
                return self._instead(function, failure, args, kwargs)

        return answered

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that answers in place of *function* when that fails."""

        async def answered(*args: Any, **kwargs: Any) -> Any:
            try:
                return await function(*args, **kwargs)
            except self._on as failure:
                result = self._instead(function, failure, args, kwargs)
                return await result if self._method is not None and hasattr(result, "__await__") else result

        return answered

    def _instead(self, function: Function, failure: BaseException, args: Any, kwargs: Any) -> Any:
        self._emit(EventType.FELL_BACK, function=name_of(function), failure=failure)
        if self._method is None:
            return self._value
        if isinstance(self._method, str):
            return getattr(args[0], self._method)(*args[1:], **kwargs, exc=failure)
        return self._method(*args, **kwargs, exc=failure)


def fallback(
    *,
    fallback_method: Callable[..., Any] | str | None = None,
    fallback_value: Any = NOT_GIVEN,
    on: tuple[type[BaseException], ...] = (Exception,),
) -> Decorator:
    """Answer in another way when the function raises one of *on*.

    Args:
        fallback_method: A function, or the name of a method of the same object; it is given the
            arguments of the call and the exception as ``exc``, and may be async if the call is.
        fallback_value: A value, ``None`` included.
        on: The exceptions that are answered.

    Raises:
        ValueError: Neither or both are given.
    """
    made: Decorator = decorator(
        Fallback, None, {"fallback_method": fallback_method, "fallback_value": fallback_value, "on": on}
    )
    return made

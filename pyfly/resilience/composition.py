"""Putting policies around a function: always in the same order, however the decorators are written."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final, NoReturn

from pyfly.container.metadata import record, record_of
from pyfly.kernel.exceptions import PyFlyException
from pyfly.resilience.events import NESTING
from pyfly.resilience.policy import Function, Guard, Policy, is_async, name_of
from pyfly.resilience.records import PolicySpec, ResilienceRecord

# The decorated method that is about to be called from inside its policies.
_guarded: Final[ContextVar[Function | None]] = ContextVar("pyfly.resilience.guarded", default=None)


class UnboundPolicyError(PyFlyException):
    """A function asks for a policy by name, and no application has been asked to look it up."""


class _Unbound(Policy):
    """Stands for a policy that only a context can find."""

    def __init__(self, spec: PolicySpec) -> None:
        super().__init__(spec.name)
        self.kind = spec.kind  # type: ignore[misc]  # one class for all kinds

    def wrap_sync(self, function: Function) -> Function:
        def unbound(*_: Any, **__: Any) -> NoReturn:
            raise self._failure(function)

        return unbound

    def wrap_async(self, function: Function) -> Function:
        async def unbound(*_: Any, **__: Any) -> NoReturn:
            raise self._failure(function)

        return unbound

    def _failure(self, function: Function) -> UnboundPolicyError:
        return UnboundPolicyError(
            f"{name_of(function)} is guarded by the {self.kind.value} policy '{self.name}', which is looked up in "
            "an application: call it on a bean, give the decorator a policy object, or use PolicyRegistry.bind"
        )


def decorated(function: Function, spec: PolicySpec) -> Function:
    """Return *function* guarded by *spec* too, besides the policies that decorators gave it before.

    Raises:
        TypeError: It is not a function, or a generator function.
    """
    if isinstance(function, type) or not callable(function):
        raise TypeError(f"@{spec.kind.value} goes on functions and methods, not on {function!r}")
    if isinstance(function, staticmethod | classmethod):
        return type(function)(decorated(function.__func__, spec))
    known = record_of(function, ResilienceRecord)
    if known is None or known.composed is not function or known.original is None:
        known = ResilienceRecord(original=function, is_method=_is_method(function))
    specs = in_order((spec, *known.specs))
    composed = _entrance(function, known, specs)
    record(
        composed,
        ResilienceRecord,
        specs=specs,
        original=known.original,
        composed=composed,
        is_method=known.is_method,
    )
    return composed


def in_order(specs: Iterable[PolicySpec]) -> tuple[PolicySpec, ...]:
    """Return *specs* in the order of their nesting; those of one kind stay in their own order."""
    return tuple(sorted(specs, key=lambda spec: NESTING.index(spec.kind)))


def compose(function: Function, policies: Iterable[Guard], like: Function) -> Function:
    """Return *function* inside *policies*, the first of them outermost, looking like *like*.

    A function other than *like* has been made for this purpose: its looks are changed.
    """
    guarded = function if function is like else functools.update_wrapper(function, like)
    for policy in reversed(tuple(policies)):
        guarded = policy.wrap(guarded)
    return guarded


def passing(proceed: Function, method: ResilienceRecord, like: Function) -> Function:
    """Return *proceed*, which reaches the decorated *method* on ways of its own, telling that to let it pass.

    Whatever else wraps the method sits between, so what its decorators put around it cannot be left out.
    """
    if is_async(like):

        async def passed_async(*args: Any, **kwargs: Any) -> Any:
            token = _guarded.set(method.composed)
            try:
                return await proceed(*args, **kwargs)
            finally:
                _guarded.reset(token)

        return passed_async

    def passed(*args: Any, **kwargs: Any) -> Any:
        token = _guarded.set(method.composed)
        try:
            return proceed(*args, **kwargs)
        finally:
            _guarded.reset(token)

    return passed


def policy_of(spec: PolicySpec, name: str) -> Policy:
    """Return the policy of *spec* for a function called *name* that belongs to no application."""
    if spec.name:
        return _Unbound(spec)
    if spec.instance is not None:
        return spec.adapt(spec.instance)
    if spec.build is None:
        raise TypeError("a policy specification without a policy")
    return spec.adapt(spec.build(name, None))


def _entrance(function: Function, known: ResilienceRecord, specs: tuple[PolicySpec, ...]) -> Function:
    """Return what callers of the decorated function call."""
    original = known.original
    if original is None:
        raise TypeError("a record without a function")
    name = getattr(original, "__qualname__", name_of(original))
    guarded = compose(original, (policy_of(spec, name) for spec in specs), original)
    if known.is_method:
        guarded = _for_methods(guarded, original)
    return functools.update_wrapper(guarded, function)


def _for_methods(guarded: Function, original: Function) -> Function:
    """Return *guarded*, except for calls that come through the policies of a bean already."""
    if is_async(original):

        async def enter_async(*args: Any, **kwargs: Any) -> Any:
            if _guarded.get() is not enter_async:
                return await guarded(*args, **kwargs)
            _guarded.set(None)
            return await original(*args, **kwargs)

        return enter_async

    def enter(*args: Any, **kwargs: Any) -> Any:
        if _guarded.get() is not enter:
            return guarded(*args, **kwargs)
        _guarded.set(None)
        return original(*args, **kwargs)

    return enter


def _is_method(function: Function) -> bool:
    """Say whether *function* was written in the body of a class."""
    owner, _, _ = str(getattr(function, "__qualname__", "")).rpartition(".")
    return bool(owner) and not owner.endswith("<locals>")

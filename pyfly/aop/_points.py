"""The classes of the join points that compiled chains make: one for each place, and quick to make."""

from collections.abc import Callable
from typing import Any

from pyfly.aop.types import JoinPoint


def point_class(method_name: str, proceed: Callable[..., Any] | None = None) -> type[JoinPoint]:
    """Return a class whose instances are join points of *method_name*, ``proceed`` included.

    Chains set ``received``, the bean and the positional arguments, and ``kwargs``. The rest is told by the
    class or asked of ``received``, so that making one costs little more than making an object.
    """
    body: dict[str, Any] = {
        "__slots__": ("received",),
        "__module__": JoinPoint.__module__,
        "__doc__": JoinPoint.__doc__,
        "__init__": object.__init__,
        # To everybody who asks, and to dataclasses.replace, it is an ordinary join point.
        "__class__": property(lambda self: JoinPoint),
        "method_name": method_name,
        "target": property(_target, _set_target),
        "args": property(_args, _set_args),
    }
    if proceed is not None:
        body["proceed"] = proceed
    return type("JoinPoint", (JoinPoint,), body)


def _target(point: Any) -> Any:
    return point.received[0]


def _set_target(point: Any, target: Any) -> None:
    point.received = (target, *point.received[1:])


def _args(point: Any) -> tuple[Any, ...]:
    args: tuple[Any, ...] = point.received[1:]
    return args


def _set_args(point: Any, args: tuple[Any, ...]) -> None:
    point.received = (point.received[0], *args)

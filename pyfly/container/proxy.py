"""Objects that stand in for another one and look it up at each use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from pyfly.container.metadata import generated_subclass

_NEVER_FORWARDED = frozenset(
    {
        "__new__", "__init__", "__del__", "__class__", "__dict__", "__doc__", "__module__", "__slots__", "__weakref__",
        "__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__init_subclass__", "__subclasshook__",
        "__class_getitem__", "__set_name__", "__reduce__", "__reduce_ex__", "__getstate__", "__sizeof__",
    }
)  # fmt: skip


def standing_in(cls: type, pick: Callable[[Any], Any]) -> type:
    """Return a subclass of *cls* whose instances behave as the object that *pick* returns.

    Args:
        cls: The class of the object that is stood in for; ``isinstance`` keeps holding.
        pick: Given the stand-in, returns the object to use, or the stand-in to use its own state.
    """
    body: dict[str, Any] = _attribute_access(cls, pick)
    for name in _special_methods(cls):
        body[name] = _forwarded(cls, name, pick)
    stand_in: Any = generated_subclass(cls, body)
    # What is abstract is answered by the object that is stood in for.
    stand_in.__abstractmethods__ = frozenset()
    return cast("type", stand_in)


def proxy(cls: type, look_up: Callable[[], Any]) -> Any:
    """Return an object of type *cls* that is, at each use, the one that *look_up* returns."""
    return object.__new__(standing_in(cls, lambda _: look_up()))


def _attribute_access(cls: type, pick: Callable[[Any], Any]) -> dict[str, Any]:
    own_read: Any = cls.__getattribute__
    own_write: Any = cls.__setattr__
    own_delete: Any = cls.__delattr__

    def read(self: Any, name: str) -> Any:
        target = pick(self)
        return own_read(self, name) if target is self else getattr(target, name)

    def write(self: Any, name: str, value: Any) -> None:
        target = pick(self)
        if target is self:
            own_write(self, name, value)
        else:
            setattr(target, name, value)

    def delete(self: Any, name: str) -> None:
        target = pick(self)
        if target is self:
            own_delete(self, name)
        else:
            delattr(target, name)

    return {"__getattribute__": read, "__setattr__": write, "__delattr__": delete}


def _special_methods(cls: type) -> set[str]:
    names = {name for base in cls.__mro__ if base is not object for name in base.__dict__}
    names |= {"__repr__", "__str__", "__eq__", "__hash__"}
    return {
        name
        for name in names
        if name.startswith("__")
        and name.endswith("__")
        and name not in _NEVER_FORWARDED
        and callable(getattr(cls, name, None))
    }


def _forwarded(cls: type, name: str, pick: Callable[[Any], Any]) -> Any:
    own = getattr(cls, name)

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        target = pick(self)
        if target is self:
            return own(self, *args, **kwargs)
        return getattr(type(target), name)(target, *args, **kwargs)

    forward.__name__ = name
    return forward

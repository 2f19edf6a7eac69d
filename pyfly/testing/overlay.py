"""Overrides laid over a running context: beans stay where they are, and answer as their fakes.

Every singleton of a test application is given a class of its own that asks, at each use, whether
the current context (a task, or a thread) overrides it. Nothing is rebuilt, and whoever was given
the bean before sees the override too.
"""

import functools
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import FunctionType, MethodType, TracebackType
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet, ref

from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import copy_records
from pyfly.container.proxy import standing_in
from pyfly.kernel.diagnosis import Diagnosis, diagnose

T = TypeVar("T")


class OverrideError(Exception):
    """A bean cannot be overridden; :attr:`diagnosis` says why, and what to do instead."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        """Raise what *diagnosis* explains."""
        super().__init__(" ".join((diagnosis.what, *diagnosis.why, *diagnosis.fix)))
        self.diagnosis = diagnosis


class Override(Generic[T]):
    """One bean answering as a fake while a ``with`` or ``async with`` block runs; yields the fake.

    The override is seen by the current task or thread and by the tasks it starts. Blocks may be
    nested, the innermost wins. A task that outlives the block sees the bean again.
    """

    def __init__(self, subject: object, fake: T, *, everywhere: bool = False) -> None:
        """Let *subject* answer as *fake*.

        Args:
            subject: A bean with a stand-in class, or the definition of a bean that is no singleton.
            fake: What answers instead.
            everywhere: Also for tasks and threads that run already, such as those of a server.
        """
        self.subject = subject
        self.fake = fake
        self._everywhere = everywhere
        self._active = False

    @property
    def is_active(self) -> bool:
        """Whether its block runs."""
        return self._active

    def __enter__(self) -> T:
        if self._active:
            raise RuntimeError("the override is in use already; make another one")
        self._active = True
        if self._everywhere:
            _everywhere[id(self.subject)] = (*_everywhere.get(id(self.subject), ()), self)
        else:
            _local.set(_with(_local.get(), self))
        return self.fake

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._active = False
        if self._everywhere:
            remaining = _without(_everywhere, self)
            _everywhere.clear()
            _everywhere.update(remaining)
        else:
            _local.set(_without(_local.get(), self))

    async def __aenter__(self) -> T:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


Overrides = Mapping[int, tuple[Override[Any], ...]]

# An override keeps its subject alive, so the identity of a subject is not used again meanwhile.
_local: ContextVar[Overrides] = ContextVar("pyfly_test_overrides", default={})  # noqa: B039  # never changed in place
_everywhere: Final[dict[int, tuple[Override[Any], ...]]] = {}
_stand_in_by_class: Final["WeakKeyDictionary[type, ref[type]]"] = WeakKeyDictionary()
_stand_ins: Final["WeakSet[type]"] = WeakSet()


def answering(subject: object, otherwise: Any) -> Any:
    """Return the fake that answers for *subject* here and now, or *otherwise*."""
    for overrides in (_local.get(), _everywhere):
        if overrides:
            for each in reversed(overrides.get(id(subject), ())):
                if each.is_active:
                    return each.fake
    return otherwise


def answering_bean(bean: Any) -> Any:
    """Return the fake that answers for *bean* here and now, or *bean*."""
    return answering(bean, bean)


def make_overridable(bean: Any) -> bool:
    """Give *bean* its stand-in class, in place, and say whether that was possible."""
    cls = type(bean)
    try:
        if cls not in _stand_ins:
            object.__setattr__(bean, "__class__", _stand_in_of(cls))
    except Exception:  # noqa: BLE001  # making a subclass calls hooks of the class, which may raise anything
        return False
    return True


def original_of(bean: Any) -> Any:
    """Return an object that is *bean* without its stand-in class: overrides do not reach it.

    It shares the attributes of *bean*.

    Raises:
        TypeError: The class keeps attributes in slots, which cannot be shared.
    """
    cls = type(bean)
    if cls not in _stand_ins:
        return bean
    original_class = cls.__mro__[2]
    if any(vars(base).get("__slots__") for base in original_class.__mro__):
        raise TypeError(f"{original_class.__qualname__} keeps attributes in slots, which cannot be shared")
    original: Any = object.__new__(original_class)
    object.__setattr__(original, "__dict__", object.__getattribute__(bean, "__dict__"))
    return original


def _stand_in_of(cls: type) -> type:
    known = _stand_in_by_class.get(cls)
    stand_in = known() if known is not None else None
    if stand_in is None:
        stand_in = _stand_in(cls)
        _stand_in_by_class[cls] = ref(stand_in)
        _stand_ins.add(stand_in)
    return stand_in


def _stand_in(cls: type) -> type:
    forwarding = standing_in(cls, answering_bean)
    own_read: Any = cls.__getattribute__
    own_search: Any = getattr(cls, "__getattr__", None)
    forwarders: dict[tuple[str, FunctionType], Callable[..., Any]] = {}

    def read(self: Any, name: str) -> Any:
        target = answering_bean(self)
        if target is not self:
            return getattr(target, name)
        if name == "__class__":
            return cls  # what compares classes, such as the equality of dataclasses, sees no difference
        value = own_read(self, name)
        if type(value) is MethodType and value.__self__ is self and type(value.__func__) is FunctionType:
            key = (name, value.__func__)
            if key not in forwarders:
                forwarders[key] = _forwarder(value.__func__, name)
            return MethodType(forwarders[key], self)
        return value

    def search(self: Any, name: str) -> Any:
        target = answering_bean(self)
        return own_search(self, name) if target is self else getattr(target, name)

    body: dict[str, Any] = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__slots__": (),
        "__getattribute__": read,
    }
    if own_search is not None:
        body["__getattr__"] = search
    made: type = type(cls)(cls.__name__, (forwarding,), body)
    copy_records(cls, made)
    return made


def _forwarder(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return what stands for a method, so that one kept since before an override honours it too."""
    if method_kind(function) is MethodKind.ASYNC:

        async def forward_async(self: Any, *args: Any, **kwargs: Any) -> Any:
            target = answering_bean(self)
            if target is self:
                return await function(self, *args, **kwargs)
            return await getattr(target, name)(*args, **kwargs)

        return functools.wraps(function)(forward_async)

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        target = answering_bean(self)
        return function(self, *args, **kwargs) if target is self else getattr(target, name)(*args, **kwargs)

    return functools.wraps(function)(forward)


def _with(overrides: Overrides, added: Override[Any]) -> Overrides:
    key = id(added.subject)
    return {**overrides, key: (*overrides.get(key, ()), added)}


def _without(overrides: Overrides, ended: Override[Any]) -> Overrides:
    key = id(ended.subject)
    left = tuple(each for each in overrides.get(key, ()) if each is not ended)
    others = {other: each for other, each in overrides.items() if other != key}
    return {**others, key: left} if left else others


@diagnose.register
def _explain_override(failure: OverrideError) -> Diagnosis:
    return failure.diagnosis

"""``@before_create`` and its siblings: methods of beans that are called when entities change."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from inspect import isawaitable
from typing import Any, Final, Literal, NamedTuple, TypeVar

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import record, record_of, recorded_members
from pyfly.container.records import BeanRecord
from pyfly.data.ports.hooks import Change, EntityHooks
from pyfly.data.transactions import after_commit
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])
Phase = Literal["transaction", "commit"]
_When = tuple[Literal["before", "after"], Change | Literal["load"]]

_LOAD: Final[_When] = ("after", "load")


class HookRecord(Record, kw_only=True):
    """What the decorators say about a method: ``(when, change, entity, phase)`` each."""

    calls: tuple[tuple[str, str, type, str], ...] = ()


def before_create(entity: type) -> Callable[[F], F]:
    """Call the method with each new *entity* before it is stored; what it raises prevents that."""
    return _hook("before", "create", entity)


def before_update(entity: type) -> Callable[[F], F]:
    """Call the method with each *entity* before its changes are stored; what it raises prevents that."""
    return _hook("before", "update", entity)


def before_delete(entity: type) -> Callable[[F], F]:
    """Call the method with each *entity* before it is deleted; what it raises prevents that."""
    return _hook("before", "delete", entity)


def after_create(entity: type, *, phase: Phase = "commit") -> Callable[[F], F]:
    """Call the method with each new *entity*: once that is committed, or in the transaction."""
    return _hook("after", "create", entity, phase)


def after_update(entity: type, *, phase: Phase = "commit") -> Callable[[F], F]:
    """Call the method with each changed *entity*: once that is committed, or in the transaction."""
    return _hook("after", "update", entity, phase)


def after_delete(entity: type, *, phase: Phase = "commit") -> Callable[[F], F]:
    """Call the method with each deleted *entity*: once that is committed, or in the transaction."""
    return _hook("after", "delete", entity, phase)


def after_load(entity: type) -> Callable[[F], F]:
    """Call the method with each *entity* that a repository has loaded, before it is returned."""
    return _hook("after", "load", entity)


class _Hook(NamedTuple):
    call: Callable[[object], Any]
    entity: type
    phase: str
    is_async: bool
    name: str


class DeclaredHooks(EntityHooks):
    """Calls the hook methods of the application's beans, in the order of the beans."""

    def __init__(self, container: Container) -> None:
        """Find the methods among the beans of *container* when they are first needed."""
        self._container = container
        self._hooks: dict[_When, list[_Hook]] | None = None
        self._concerned: dict[type, bool] = {}

    @property
    def has_loads(self) -> bool:
        """Whether a method wants to be called for what is loaded."""
        return _LOAD in self._found()

    def concern(self, model: type) -> bool:
        """Return whether a method wants to be called for changes of entities of the class *model*."""
        known = self._concerned.get(model)
        if known is None:
            found = (hook for when, hooks in self._found().items() if when != _LOAD for hook in hooks)
            known = self._concerned[model] = any(
                issubclass(model, hook.entity) or issubclass(hook.entity, model) for hook in found
            )
        return known

    def before(self, change: Change, entity: object) -> Awaitable[None] | None:
        """Call what comes before *change*."""
        return self._call(self._for("before", change, entity), entity)

    def after(self, change: Change, entity: object) -> Awaitable[None] | None:
        """Call what comes after *change*, now or once it has committed."""
        now = []
        for hook in self._for("after", change, entity):
            if hook.phase == "commit":
                after_commit(partial(hook.call, entity))
            else:
                now.append(hook)
        return self._call(now, entity)

    def before_now(self, change: Change, entity: object) -> None:
        """Call what comes before *change*.

        Raises:
            TypeError: It is async.
        """
        for hook in self._for("before", change, entity):
            _require_plain(hook).call(entity)

    def after_now(self, change: Change, entity: object) -> None:
        """Call what comes after *change*, now or once it has committed.

        Raises:
            TypeError: It is async.
        """
        for hook in self._for("after", change, entity):
            if _require_plain(hook).phase == "commit":
                after_commit(partial(hook.call, entity))
            else:
                hook.call(entity)

    def loaded(self, entity: object) -> Awaitable[None] | None:
        """Call what wants to see *entity*."""
        hooks = self._for(*_LOAD, entity)
        return self._call(hooks, entity) if hooks else None

    def loaded_now(self, entity: object) -> None:
        """Call what wants to see *entity*.

        Raises:
            TypeError: It is async.
        """
        for hook in self._for(*_LOAD, entity):
            _require_plain(hook).call(entity)

    def _for(
        self, when: Literal["before", "after"], change: Change | Literal["load"], entity: object
    ) -> list[_Hook]:
        return [hook for hook in self._found().get((when, change), ()) if isinstance(entity, hook.entity)]

    async def _call(self, hooks: list[_Hook], entity: object) -> None:
        for hook in hooks:
            result = hook.call(entity)
            if isawaitable(result):
                await result

    def _found(self) -> dict[_When, list[_Hook]]:
        if self._hooks is None:
            found: dict[_When, list[_Hook]] = {}
            for _order, when, hook in sorted(self._declared(), key=lambda each: each[0]):
                found.setdefault(when, []).append(hook)
            self._hooks = found
        return self._hooks

    def _declared(self) -> Iterator[tuple[int, _When, _Hook]]:
        for definition in self._container.definitions():
            cls = type(definition.instance) if definition.created else definition.type
            for name, said in recorded_members(cls, HookRecord):
                function = getattr(cls, name)
                own = record_of(function, BeanRecord)
                order = definition.order if own is None or own.order is None else own.order
                is_async = method_kind(function) is MethodKind.ASYNC
                for when, change, entity, phase in said.calls:
                    hook = _Hook(
                        self._calling(definition, name), entity, phase, is_async, f"{cls.__name__}.{name}"
                    )
                    yield order, (when, change), hook  # type: ignore[misc]

    def _calling(self, definition: BeanDefinition, name: str) -> Callable[[object], Any]:
        def call(entity: object) -> Any:
            bean = definition.instance if definition.created else self._container.get(definition)
            return getattr(bean, name)(entity)

        return call


def _hook(when: str, change: str, entity: type, phase: str = "transaction") -> Callable[[F], F]:
    def decorate(function: F) -> F:
        known = record_of(function, HookRecord)
        calls = known.calls if known is not None else ()
        record(function, HookRecord, calls=(*calls, (when, change, entity, phase)))
        return function

    return decorate


def _require_plain(hook: _Hook) -> _Hook:
    if hook.is_async:
        raise TypeError(f"{hook.name} is async, so entities it is called for cannot be used synchronously")
    return hook

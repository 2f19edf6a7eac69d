"""The container: beans are registered, found and made here. Useful alone; a context builds on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from pyfly.container import explain
from pyfly.container.assembly import Assembly
from pyfly.container.creation import afinish, finish
from pyfly.container.definition import BeanDefinition, scope_text
from pyfly.container.exceptions import (
    BeanGraphError,
    CircularDependencyError,
    NoSuchBeanError,
    ScopeMismatchError,
)
from pyfly.container.graph import BeanGraph, creation_order
from pyfly.container.metadata import record_of
from pyfly.container.records import NO_RECORD, BeanRecord
from pyfly.container.registry import Exclusion, Registration, Registry
from pyfly.container.scopes import ActiveScope
from pyfly.container.types import MISSING, Scope, ScopeHandler, ScopeName
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.record import copy_with

T = TypeVar("T")


class _Ready(dict[Any, Any]):
    """Singletons by the key they were asked for; anything else is made by *make* on the way."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make
        self.makers: dict[Any, Callable[[], Any]] = {}

    def __missing__(self, key: Any) -> Any:
        maker = self.makers.get(key)
        return self._make(key) if maker is None else maker()

    def forget(self) -> None:
        self.clear()
        self.makers.clear()


class Resolve(Protocol):
    """``container.resolve(cls)``: look a bean up by its type."""

    def __call__(self, cls: type[T], /) -> T:
        """Return the bean of type *cls*.

        The bean registered as exactly *cls* wins; otherwise the ``@primary`` one among those that
        implement it; otherwise the only one.

        Raises:
            NoSuchBeanError: Nothing fits.
            NoUniqueBeanError: Several fit and none is preferred.
            CircularDependencyError: Making the bean needs the bean.
            ScopeMismatchError: The bean is scoped and its scope is not active.
            AsyncBeanError: Making the bean awaits; use :meth:`Container.aresolve`.
        """


class Container:
    """Registers bean definitions and resolves beans by type and by name.

    Look-ups are dictionary hits. Creation is safe across threads and tasks: a singleton is made
    once, and nobody receives it before it is complete.

    Attributes:
        resolve: Returns the bean of a type, see :class:`Resolve`.
        resolve_by_name: Returns the bean of a name; raises ``NoSuchBeanError`` when there is none.
        overlooked: Classes that scanning has found and that are no beans, although methods of them are decorated.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._registry = Registry()
        self._graph = BeanGraph(self._registry)
        self._assembly = Assembly(self._graph)
        self._ready = _Ready(self._resolve_type)
        self._ready_names = _Ready(self._resolve_name)
        self._lists: dict[Any, tuple[Any, ...]] = {}
        self._scopes: dict[ScopeName, type[ActiveScope]] = {
            Scope.REQUEST: self._assembly.scope_class(Scope.REQUEST)
        }
        self.overlooked: list[type] = []
        # A method of our own around these would cost as much again as the look-up itself.
        self.resolve: Resolve = self._ready.__getitem__
        self.resolve_by_name: Callable[[str], Any] = self._ready_names.__getitem__

    # Registration

    def register(
        self,
        cls: type,
        scope: ScopeName = Scope.SINGLETON,
        condition: Callable[..., bool] | None = None,
        name: str = "",
    ) -> BeanDefinition:
        """Register *cls* as a bean; what its own decorators say beats *scope*.

        Args:
            cls: The class; it is found by its own type and by every base.
            scope: How long the bean lives.
            condition: Kept with the registration; a context evaluates it.
            name: The bean's name; by default the decorator's, else the name of the class.
        """
        said = record_of(cls, BeanRecord) or NO_RECORD
        if condition is not None and said.condition is None:
            said = _with_condition(said, condition)
        definition = BeanDefinition(
            cls, name=name or said.name or cls.__name__, scope=said.scope or scope, record=said
        )
        return self.add(definition)

    def register_instance(
        self, instance: Any, bean_type: type | None = None, name: str = ""
    ) -> BeanDefinition:
        """Register an object that exists already, under *bean_type* or its own type."""
        kind = bean_type or type(instance)
        return self.add(BeanDefinition(kind, name=name or kind.__name__, instance=instance))

    def add(self, definition: BeanDefinition) -> BeanDefinition:
        """Register *definition* as it is."""
        self._registry.add(definition)
        self._forget()
        return definition

    def remove(self, definition: BeanDefinition, reason: str = "", remedy: str = "") -> None:
        """Take *definition* out; *reason* and *remedy*, a sentence, are quoted when something misses the bean."""
        self._registry.remove(definition, reason, remedy)
        self._forget()

    def leave_out(self, definition: BeanDefinition, reason: str, remedy: str = "") -> None:
        """Remember that *definition* was never added, the *reason* and its *remedy*, for failure reports."""
        self._registry.exclusions.append(Exclusion(definition, reason, remedy))

    def bind(self, interface: Any, implementation: type) -> None:
        """Let look-ups of *interface* find *implementation*, which inheritance does not tell."""
        self._registry.bind(interface, implementation)
        self._forget()

    def register_scope(self, name: str, handler: ScopeHandler) -> None:
        """Let beans of scope *name* be kept by *handler*."""
        self._assembly.handlers[name] = handler

    async def unregister_scope(self, name: str) -> None:
        """Close the handler of scope *name* and forget it."""
        await self._assembly.handlers.pop(name).close()

    def scope_names(self) -> tuple[str, ...]:
        """Return the names of the scopes that have a handler."""
        return tuple(self._assembly.handlers)

    # Resolution

    async def aresolve(self, cls: type[T]) -> T:
        """Return the bean of type *cls*, awaiting async factories. Raises as :meth:`resolve`."""
        return cast("T", await self._assembly.aobtain(self._graph.select(cls)))

    def resolve_all(self, cls: type[T]) -> list[T]:
        """Return every bean assignable to *cls*, by ``@order``, then registration; none is fine."""
        known = self._lists.get(cls)
        if known is not None:
            return list(known)
        definitions = self._graph.all_of(cls)
        made = [self._assembly.obtain(definition) for definition in definitions]
        beans = [bean for bean in made if bean is not None]
        if all(definition.is_singleton for definition in definitions):
            self._lists[cls] = tuple(beans)
        return beans

    def contains(self, name: str) -> bool:
        """Say whether a bean is called *name*."""
        return bool(self._registry.named(name))

    def get(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope."""
        return self._assembly.obtain(definition)

    async def aget(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope, awaiting its creation."""
        return await self._assembly.aobtain(definition)

    def scope(self, scope: ScopeName = Scope.REQUEST) -> ActiveScope:
        """Return a scope to enter with ``with`` or ``async with``; its beans go when it is left.

        Beans of other scopes than the request's are kept by the handler given to :meth:`register_scope`.

        Raises:
            ScopeMismatchError: *scope* is another than the request's.
        """
        try:
            kind = self._scopes[scope]
        except KeyError:
            raise _not_entered(scope) from None
        return kind()

    ascope = scope

    # Introspection

    def definitions(self) -> tuple[BeanDefinition, ...]:
        """Return every definition in registration order."""
        return tuple(self._registry)

    def definitions_of(self, wanted: Any) -> tuple[BeanDefinition, ...]:
        """Return the definitions assignable to *wanted*, by ``@order``, then registration."""
        return tuple(self._graph.all_of(wanted))

    def definition(self, name: str) -> BeanDefinition | None:
        """Return the definition called *name*, if there is one."""
        found = self._registry.named(name)
        return found[-1] if found else None

    def select(self, wanted: Any) -> BeanDefinition:
        """Return the definition that :meth:`resolve` would use for *wanted*. Raises as it does."""
        return self._graph.select(wanted)

    def dependencies_of(self, definition: BeanDefinition) -> tuple[BeanDefinition, ...]:
        """Return the definitions that must exist before *definition* can be made."""
        self._graph.require(definition)
        return definition.needs

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return the definitions that were left out, with the reasons."""
        return tuple(self._registry.exclusions)

    def registrations(self) -> tuple[Registration, ...]:
        """Return a summary of every registered bean."""
        return tuple(
            Registration(
                each.type,
                each.scope,
                each.record.condition,
                each.instance if each.created else None,
                each.name,
            )
            for each in self._registry
        )

    def has_scope(self, scope: ScopeName) -> bool:
        """Say whether any bean has *scope*."""
        return any(definition.scope == scope for definition in self._registry)

    # What a context builds on

    @property
    def assembly(self) -> Assembly:
        """How beans are made: lifecycle, interceptors and values are set here before any is."""
        return self._assembly

    def check(self, *, allow_overriding: bool = False) -> None:
        """Check all definitions as a whole, without building anything.

        Raises:
            BeanGraphError: With every mistake found.
        """
        problems = self.problems(allow_overriding=allow_overriding)
        if problems:
            raise BeanGraphError(problems)

    def problems(self, *, allow_overriding: bool = False) -> list[Any]:
        """Return every mistake in the wiring of all definitions, in a stable order."""
        duplicates = [name for name in self._registry.names() if len(self._registry.named(name)) > 1]
        if allow_overriding:
            for name in duplicates:
                for overridden in self._registry.named(name)[:-1]:
                    self.remove(overridden, f"another bean named '{name}' overrides it")
            duplicates = []
        found: list[Any] = [explain.duplicate_name(name, self._registry.named(name)) for name in duplicates]
        return found + self._graph.check(self._registry)

    def in_creation_order(self) -> list[BeanDefinition]:
        """Return all definitions, each after what it needs, ``@order`` deciding where that leaves a choice."""
        return creation_order(sorted(self._registry, key=lambda each: (each.order, each.index)))

    def plans_changed(self) -> None:
        """Compile factories anew after hooks or interceptors have changed."""
        self._forget()

    def close(self) -> None:
        """Destroy the singletons, dependants first. For a container without a context.

        One that fails costs no other its end; the first failure is raised when all are done.
        """
        failures: list[BaseException] = []
        for definition in self._created():
            try:
                finish(self._destroy(definition), definition)
            except BaseException as failure:  # noqa: BLE001  # raised below
                failures.append(failure)
                _log_failure(definition, failure)
        if failures:
            raise failures[0]

    async def aclose(self) -> None:
        """Destroy the singletons as :meth:`close` does, awaiting what must be."""
        failures: list[BaseException] = []
        for definition in self._created():
            try:
                await afinish(self._destroy(definition))
            except BaseException as failure:  # noqa: BLE001  # raised below
                failures.append(failure)
                _log_failure(definition, failure)
        if failures:
            raise failures[0]

    def _created(self) -> list[BeanDefinition]:
        created = [each for each in self._registry if each.created_at > 0]
        return sorted(created, key=lambda each: each.created_at, reverse=True)

    def _destroy(self, definition: BeanDefinition) -> Any:
        try:
            yield from self._assembly.destruction(definition, definition.instance)
        finally:
            try:
                yield from self._assembly.end_generator(definition)
            finally:
                self.forget_instance(definition)

    def forget_instance(self, definition: BeanDefinition) -> None:
        """Let the singleton of *definition* be made anew when it is next asked for."""
        definition.instance, definition.created_at = MISSING, -1
        self._forget()

    def _resolve_type(self, wanted: Any) -> Any:
        return self._found(self._ready, wanted, self._graph.select(wanted))

    def _resolve_name(self, name: str) -> Any:
        return self._found(self._ready_names, name, self._graph.by_name(name))

    def _found(self, ready: _Ready, key: Any, definition: BeanDefinition) -> Any:
        if definition.is_singleton:
            ready[key] = bean = self._assembly.obtain(definition)
            return bean
        maker = ready.makers[key] = self._assembly.maker(definition)
        return maker()

    def _forget(self) -> None:
        self._ready.forget()
        self._ready_names.forget()
        self._lists.clear()
        self._assembly.forget_plans()


def _log_failure(definition: BeanDefinition, failure: BaseException) -> None:
    import logging  # only when something failed

    logging.getLogger("pyfly.container").error(
        "Destroying bean '%s' failed; the others are destroyed all the same.",
        definition.name,
        exc_info=failure,
    )


def _not_entered(scope: ScopeName) -> ScopeMismatchError:
    name = scope_text(scope)
    return ScopeMismatchError(
        Diagnosis(
            f"A scope '{name}' cannot be entered.",
            ("Only the request scope is entered and left; a handler keeps the beans of every other.",),
            (
                "Enter the request scope: container.scope().",
                f"Register a handler: container.register_scope({name!r}, handler).",
            ),
        )
    )


def _with_condition(said: BeanRecord, condition: Callable[..., bool]) -> BeanRecord:
    return copy_with(said, condition=condition)


__all__ = ["CircularDependencyError", "Container", "NoSuchBeanError"]

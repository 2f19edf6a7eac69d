"""Factories of transient and scoped beans, compiled to straight-line code.

Singletons that exist are captured as values, transient dependencies become nested calls, scoped
ones a look-up in the beans of the scope. After compilation nothing is inspected or searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from pyfly.container import explain
from pyfly.container.definition import BeanDefinition, Making
from pyfly.container.delivery import Delivery
from pyfly.container.graph import Link, is_proxied
from pyfly.container.resolution import Shape
from pyfly.container.types import MISSING, Scope
from pyfly.kernel.codegen import SourceBuilder

_COLLECT = {Shape.LIST: "[{}]", Shape.TUPLE: "({},)", Shape.SET: "{{{}}}"}
_EMPTY = {Shape.LIST: "[]", Shape.TUPLE: "()", Shape.SET: "set()", Shape.DICT: "{}"}


class FactoryHost(Protocol):
    """What compiled factories ask of their container."""

    def target_of(self, definition: BeanDefinition) -> Callable[..., Any]:
        """Return what is called to make the bean; a factory takes its configuration object first."""

    def initializer(self, definition: BeanDefinition) -> Callable[[Any], Any] | None:
        """Return what initialises a new bean synchronously, or ``None`` when nothing does."""

    def async_initializer(self, definition: BeanDefinition) -> Callable[[Any], Any] | None:
        """Return the coroutine function that initialises a new bean, or ``None`` when nothing does."""

    def initializes_only_other_types(self, definition: BeanDefinition) -> bool:
        """Say whether beans of exactly the declared type need no initialising."""

    def outside(self, definition: BeanDefinition) -> Callable[[], Any]:
        """Return a function that yields a bean kept by another scope than the request's."""

    def active(self, definition: BeanDefinition) -> Any:
        """Return the active scope of *definition*."""

    def has_exit(self, definition: BeanDefinition) -> bool:
        """Say whether a scoped bean has ``@pre_destroy`` hooks."""

    def awaits(self, definition: BeanDefinition) -> bool:
        """Say whether initialising the bean itself awaits something."""


class Compiler:
    """Writes the factories of one container."""

    def __init__(self, host: FactoryHost, delivery: Delivery) -> None:
        """Compile against *host*; *delivery* satisfies what is no bean made along."""
        self._host = host
        self._delivery = delivery
        self._awaits: dict[BeanDefinition, bool] = {}

    def needs_await(self, definition: BeanDefinition) -> bool:
        """Say whether making the bean, or anything that is made along with it, awaits."""
        known = self._awaits.get(definition)
        if known is None:
            known = definition.making.needs_await or self._host.awaits(definition)
            known = known or any(map(self.needs_await, _made_along(definition)))
            self._awaits[definition] = known
        return known

    def transient(self, definition: BeanDefinition) -> Callable[[], Any]:
        """Return ``make()``, a new bean each time; scoped dependencies come from the active scope."""
        return self._write(definition, is_async=False, takes_scope=False)

    def async_transient(self, definition: BeanDefinition) -> Callable[[], Any]:
        """Return ``async make()``, a new bean each time."""
        return self._write(definition, is_async=True, takes_scope=False)

    def scoped(self, definition: BeanDefinition) -> Callable[[Any], Any]:
        """Return ``make(scope)`` for any bean, with scoped ones kept in *scope*."""
        return self._write(definition, is_async=False, takes_scope=True)

    def async_scoped(self, definition: BeanDefinition) -> Callable[[Any], Any]:
        """Return ``async make(scope)`` for any bean, with scoped ones kept in *scope*."""
        return self._write(definition, is_async=True, takes_scope=True)

    def _write(self, root: BeanDefinition, *, is_async: bool, takes_scope: bool) -> Callable[..., Any]:
        function = _Function(self._host, self._delivery, is_async=is_async)
        return function.write(root, takes_scope=takes_scope, fresh=not takes_scope)


class _Function:
    """One generated function: makes a root bean and whatever it needs."""

    def __init__(self, host: FactoryHost, delivery: Delivery, *, is_async: bool) -> None:
        self._host = host
        self._delivery = delivery
        self._out = SourceBuilder("make")
        self._is_async = is_async
        self._variables = 0
        self._in_hand: dict[BeanDefinition, str] = {}

    def write(self, root: BeanDefinition, *, takes_scope: bool, fresh: bool) -> Callable[..., Any]:
        """Write ``make([scope])``; *fresh* makes the root anew even if its scope keeps it."""
        prefix = "async def" if self._is_async else "def"
        scoped = next(_scoped_within(root, set()), None)
        with self._out.block(f"{prefix} make({'scope' if takes_scope else ''}):"):
            if scoped is not None:
                if not takes_scope:
                    active = self._out.constant(self._host.active, "active")
                    self._out.line(f"scope = {active}({self._key(scoped)})")
                self._out.line("beans = scope.beans")
            self._out.line(f"return {self._new(root)[0] if fresh else self._bean(root)}")
        return self._out.compile()

    def write_claimed(self, definition: BeanDefinition) -> Callable[..., Any]:
        """Write ``async make(scope)`` for a scoped bean that the caller has claimed."""
        with self._out.block("async def make(scope):"):
            self._out.line("beans = scope.beans")
            self._keep_claimed(definition, "bean", self._key(definition))
            self._out.line("return bean")
        return self._out.compile()

    def _bean(self, definition: BeanDefinition) -> str:
        """Write what makes the bean and return the expression that stands for it."""
        if definition.scope is Scope.SINGLETON:
            return self._out.constant(definition.instance, definition.name)
        if definition.scope is Scope.TRANSIENT:
            return self._new(definition)[0]
        if definition.scope is Scope.REQUEST:
            return self._kept(definition)
        return f"{self._out.constant(self._host.outside(definition), definition.name)}()"

    def _kept(self, definition: BeanDefinition) -> str:
        known = self._in_hand.get(definition)
        if known is not None:
            return known
        bean, key, missing = self._variable(), self._key(definition), self._out.constant(MISSING, "MISSING")
        self._out.line(f"{bean} = beans.get({key}, {missing})")
        outside = self._in_hand
        self._in_hand = dict(outside)
        with self._out.block(f"if {bean} is {missing}:"):
            if self._is_async and (definition.making.needs_await or self._host.awaits(definition)):
                self._claim(definition, bean, key)
            else:
                self._keep(definition, bean, key)
        self._in_hand = outside
        self._in_hand[definition] = bean
        return bean

    def _keep(self, definition: BeanDefinition, bean: str, key: str) -> None:
        """Two threads of one request may make a bean at the same instant: the first to keep it wins."""
        made, generator = self._new(definition)
        if generator is None and not self._host.has_exit(definition):
            self._out.line(f"{bean} = beans.setdefault({key}, {made})")
            return
        new = self._variable()
        self._out.line(f"{new} = {made}")
        self._out.line(f"{bean} = beans.setdefault({key}, {new})")
        with self._out.block(f"if {bean} is {new}:"):
            self._note_hooks(definition, key)
        with self._out.block("else:"):
            self._out.line(f"scope.discard({key}, {new}, {generator})")

    def _claim(self, definition: BeanDefinition, bean: str, key: str) -> None:
        """A bean whose own creation awaits: the task that claims it makes it, the others wait."""
        from asyncio import current_task  # only programs with such a bean need it

        again = _Function(self._host, self._delivery, is_async=True).write_claimed(definition)
        self._out.line("pending = scope.pending")
        with self._out.block("if pending is None:"):
            self._out.line("pending = scope.pending = {}")
        with self._out.block(f"if {key} not in pending:"):
            self._out.line(f"pending[{key}] = {self._out.constant(current_task, 'current_task')}()")
            with self._out.block("try:"):
                self._keep_claimed(definition, bean, key)
            with self._out.block("finally:"):
                self._out.line(f"del scope.pending[{key}]")
                with self._out.block("if scope.waiting:"):
                    self._out.line(f"scope.wake({key})")
        with self._out.block("else:"):
            self._out.line(f"{bean} = await scope.others({key}, {self._out.constant(again, 'make')})")

    def _keep_claimed(self, definition: BeanDefinition, bean: str, key: str) -> None:
        made, _ = self._new(definition)
        self._out.line(f"beans[{key}] = {bean} = {made}")
        self._note_hooks(definition, key)

    def _note_hooks(self, definition: BeanDefinition, key: str) -> None:
        self._out.line(f"scope.exits.append(({key}, None))" if self._host.has_exit(definition) else "pass")

    def _new(self, definition: BeanDefinition) -> tuple[str, str | None]:
        """Write the making of a new bean; return its expression and the generator that will end it."""
        self._look_up_scoped(definition)
        arguments = ", ".join(self._arguments(definition))
        call = f"{self._out.constant(self._host.target_of(definition), definition.name)}({arguments})"
        expression, generator = self._made(definition, call)
        fields = [link for link in definition.links if link.is_field]
        initialize = (self._host.async_initializer if self._is_async else self._host.initializer)(definition)
        if not fields and initialize is None:
            return expression, generator
        bean = self._variable()
        self._out.line(f"{bean} = {expression}")
        for link in fields:
            self._out.line(f"{bean}.{link.dependency.name} = {self._delivered(definition, link)}")
        if initialize is not None:
            self._initialize(definition, bean, initialize)
        return bean, generator

    def _look_up_scoped(self, definition: BeanDefinition) -> None:
        """Look each scoped bean that is made along up once, before anything that needs it."""
        for target in _made_along(definition):
            if target.scope is Scope.REQUEST:
                if target not in self._in_hand:
                    self._look_up_scoped(target)
                self._kept(target)

    def _initialize(self, definition: BeanDefinition, bean: str, initialize: Callable[[Any], Any]) -> None:
        waits = "await " if self._is_async else ""
        statement = f"{bean} = {waits}{self._out.constant(initialize, 'initialize')}({bean})"
        if self._host.initializes_only_other_types(definition):
            # What the factory's annotation promises has no hooks; a subclass that it returns may have.
            with self._out.block(
                f"if type({bean}) is not {self._out.constant(definition.type, 'expected')}:"
            ):
                self._out.line(statement)
        else:
            self._out.line(statement)

    def _made(self, definition: BeanDefinition, call: str) -> tuple[str, str | None]:
        if definition.making is Making.PLAIN:
            return call, None
        if definition.making is Making.COROUTINE:
            return f"await {call}", None
        generator, bean = self._variable(), self._variable()
        self._out.line(f"{generator} = {call}")
        waits = definition.making is Making.ASYNC_GENERATOR
        with self._out.block("try:"):
            self._out.line(
                f"{bean} = await {generator}.__anext__()" if waits else f"{bean} = next({generator})"
            )
        with self._out.block(f"except {'StopAsyncIteration' if waits else 'StopIteration'}:"):
            nothing = self._out.constant(explain.yielded_nothing, "yielded_nothing")
            self._out.line(f"raise {nothing}({self._key(definition)}) from None")
        # At once, so that it is ended even when initialising the bean fails.
        self._out.line(f"scope.exits.append(({self._key(definition)}, {generator}))")
        return bean, generator

    def _arguments(self, definition: BeanDefinition) -> list[str]:
        arguments = []
        if definition.owner is not None:
            arguments.append(self._out.constant(definition.owner.instance, definition.owner.name))
        for link in definition.links:
            if not link.is_field:
                delivered = self._delivered(definition, link)
                named = link.dependency.keyword_only
                arguments.append(f"{link.dependency.name}={delivered}" if named else delivered)
        return arguments

    def _delivered(self, owner: BeanDefinition, link: Link) -> str:
        fixed = self._delivery.fixed(owner, link)
        if fixed is not MISSING:
            return self._out.constant(fixed, link.dependency.name)
        shape = link.shape
        if shape in (Shape.VALUE, Shape.LAZY):
            return f"{self._out.constant(self._delivery.value_getter(owner, link), link.dependency.name)}()"
        if shape is Shape.ONE:
            made = self._bean(link.targets[0])
            if link.targets[0].nullable and not link.dependency.optional:
                made = f"{self._out.constant(self._delivery.checked(owner, link), 'checked')}({made})"
            return made
        beans = {target.name: self._member(target) for target in link.targets if target.instance is not None}
        if not beans:
            return _EMPTY[shape]
        if shape is Shape.DICT:
            return "{" + ", ".join(f"{name!r}: {bean}" for name, bean in beans.items()) + "}"
        return _COLLECT[shape].format(", ".join(beans.values()))

    def _member(self, definition: BeanDefinition) -> str:
        """Write what makes a member of a collection; a proxied bean is represented by its proxy."""
        if is_proxied(definition):
            return self._out.constant(self._delivery.proxy_of(definition), definition.name)
        return self._bean(definition)

    def _key(self, definition: BeanDefinition) -> str:
        return self._out.constant(definition, "definition")

    def _variable(self) -> str:
        self._variables += 1
        return f"bean{self._variables}"


def _made_along(definition: BeanDefinition) -> Iterator[BeanDefinition]:
    """The transient and request-scoped beans that are made together with *definition*."""
    for link in definition.links:
        if not link.is_deferred:
            for target in link.targets:
                if target.scope in (Scope.TRANSIENT, Scope.REQUEST) and not is_proxied(target):
                    yield target


def _scoped_within(definition: BeanDefinition, seen: set[BeanDefinition]) -> Iterator[BeanDefinition]:
    if definition.scope is Scope.REQUEST:
        yield definition
    for target in _made_along(definition):
        if target not in seen:
            seen.add(target)
            yield from _scoped_within(target, seen)

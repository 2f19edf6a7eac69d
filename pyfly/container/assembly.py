"""How beans are put together: singletons step by step, the others by compiled factories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pyfly.container import explain
from pyfly.container.creation import Creations, Steps, afinish, finish
from pyfly.container.definition import BeanDefinition, Making, scope_text
from pyfly.container.delivery import Delivery
from pyfly.container.graph import BeanGraph, Link, is_proxied
from pyfly.container.interception import MethodInterceptor, advise_instance, advised_class
from pyfly.container.lifecycle import BeanLifecycle, NoLifecycle
from pyfly.container.resolution import Shape
from pyfly.container.scopes import (
    ActiveScope,
    AsyncMaker,
    Maker,
    active_scope,
    end_async_generator,
    end_generator,
    scope_class,
)
from pyfly.container.types import MISSING, Scope, ScopeHandler, ScopeName

if TYPE_CHECKING:
    from pyfly.container.compiler import Compiler


class Assembly:
    """Makes the beans of one container."""

    def __init__(self, graph: BeanGraph) -> None:
        """Make beans as *graph* links them."""
        self._graph = graph
        self._creations = Creations()
        self._known_compiler: Compiler | None = None
        self._makers: dict[BeanDefinition, Callable[[], Any]] = {}
        self._async_makers: dict[BeanDefinition, Callable[[], Awaitable[Any]]] = {}
        self.delivery = Delivery(self)
        self._sequence = 0
        self.scoped_makers: dict[Any, Maker] = {}
        self.async_scoped_makers: dict[Any, AsyncMaker] = {}
        self.handlers: dict[str, ScopeHandler] = {}
        self.lifecycle: BeanLifecycle = NoLifecycle()
        self.interceptors: Sequence[MethodInterceptor] = ()
        self._advised_products: dict[tuple[type, str], type] = {}

    def scope_class(self, scope: ScopeName) -> type[ActiveScope]:
        """Return the class whose instances are activations of *scope*."""
        return scope_class(self, scope, self.scoped_makers, self.async_scoped_makers)

    def forget_plans(self) -> None:
        """Drop compiled factories after definitions, interceptors or hooks have changed."""
        self._makers.clear()
        self._async_makers.clear()
        self.scoped_makers.clear()
        self.async_scoped_makers.clear()
        self._advised_products.clear()
        self._known_compiler = None

    @property
    def _compiler(self) -> Compiler:
        if self._known_compiler is None:
            from pyfly.container.compiler import Compiler  # an application of singletons never needs it

            self._known_compiler = Compiler(self, self.delivery)
        return self._known_compiler

    def obtain(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope."""
        if definition.instance is not MISSING:
            return definition.instance
        if definition.scope is Scope.SINGLETON:
            return finish(self.singleton(definition), definition)
        return self.maker(definition)()

    async def aobtain(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope, awaiting its creation."""
        if definition.instance is not MISSING:
            return definition.instance
        if definition.scope is Scope.SINGLETON:
            return await afinish(self.singleton(definition))
        return await (await self.async_maker(definition))()

    def singleton(self, definition: BeanDefinition) -> Steps[Any]:
        """Create the singleton of *definition* and, before it, those that it needs."""
        self._graph.require(definition)
        pending = [definition]
        while pending:
            waiting = [need for need in self._singletons_needed(pending[-1]) if not need.created]
            if waiting:
                pending.extend(reversed(waiting))
            else:
                yield from self._creations.once(pending.pop(), self._make, asked=definition)
        return definition.instance

    def maker(self, definition: BeanDefinition) -> Callable[[], Any]:
        """Return the function that yields a bean of *definition*, which is no singleton."""
        known = self._makers.get(definition)
        if known is None:
            self._graph.require(definition)
            if self._compiler.needs_await(definition):
                return partial(self._existing, definition)
            for need in self._singletons_needed(definition):
                self.obtain(need)
            known = self._makers[definition] = self._compile(definition)
        return known

    async def async_maker(self, definition: BeanDefinition) -> Callable[[], Awaitable[Any]]:
        """Return the coroutine function that yields a bean of *definition*, which is no singleton."""
        known = self._async_makers.get(definition)
        if known is None:
            self._graph.require(definition)
            for need in self._singletons_needed(definition):
                await self.aobtain(need)
            known = self._async_makers[definition] = self._async_compile(definition)
        return known

    def scoped_maker_for(self, wanted: Any) -> Maker:
        """Compile and keep ``make(scope)`` for *wanted*, whatever its scope."""
        definition = self._graph.select(wanted)
        if definition.scope in (Scope.REQUEST, Scope.TRANSIENT):
            self._graph.require(definition)
            if not self._compiler.needs_await(definition):
                for need in self._singletons_needed(definition):
                    self.obtain(need)
                made = self.scoped_makers[wanted] = self._compiler.scoped(definition)
                return made
        obtain = partial(self.obtain, definition)
        return lambda scope: obtain()

    async def async_scoped_maker_for(self, wanted: Any) -> AsyncMaker:
        """Compile and keep ``async make(scope)`` for *wanted*, whatever its scope."""
        definition = self._graph.select(wanted)
        if definition.scope in (Scope.REQUEST, Scope.TRANSIENT):
            self._graph.require(definition)
            for need in self._singletons_needed(definition):
                await self.aobtain(need)
            made = self.async_scoped_makers[wanted] = self._compiler.async_scoped(definition)
            return made
        obtain = partial(self.aobtain, definition)
        return lambda scope: obtain()

    def destruction(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Return the steps that run the hooks of *bean* before it goes."""
        return self.lifecycle.destroy(definition, bean)

    def end_generator(self, definition: BeanDefinition, error: BaseException | None = None) -> Steps[None]:
        """Run what follows the ``yield`` of the factory that made the singleton."""
        generator, definition.teardown = definition.teardown, None
        if generator is None:
            return
        if definition.making is Making.ASYNC_GENERATOR:
            yield end_async_generator(generator, error)
        else:
            end_generator(generator, error)

    # What compiled factories ask for, see compiler.FactoryHost.

    def target_of(self, definition: BeanDefinition) -> Callable[..., Any]:
        """Return what is called to make the bean; a factory takes its configuration object first."""
        return self._implementation(definition) if definition.factory is None else definition.factory

    def initializes_only_other_types(self, definition: BeanDefinition) -> bool:
        """Say whether beans of exactly the declared type need no initialising."""
        return not self.interceptors and not self.lifecycle.concerns(definition)

    def initializer(self, definition: BeanDefinition) -> Callable[[Any], Any] | None:
        """Return what initialises a new bean synchronously, or ``None`` when nothing does."""
        if not self._initializes(definition):
            return None
        return lambda bean: finish(self._initialize(definition, bean), definition)

    def async_initializer(self, definition: BeanDefinition) -> Callable[[Any], Any] | None:
        """Return the coroutine function that initialises a new bean, or ``None`` when nothing does."""
        if not self._initializes(definition):
            return None
        return lambda bean: afinish(self._initialize(definition, bean))

    def outside(self, definition: BeanDefinition) -> Callable[[], Any]:
        """Return a function that yields a bean kept by a registered scope handler."""
        if self._compiler.needs_await(definition):
            return partial(self._existing, definition)
        create = self._compiler.transient(definition)
        name = scope_text(definition.scope)

        def get() -> Any:
            handler = self.handlers.get(name)
            if handler is None:
                raise explain.no_scope(definition)
            return handler.get(definition.name, create)

        return get

    def active(self, definition: BeanDefinition) -> Any:
        """Return the active scope of *definition*."""
        return active_scope(self, definition)

    def has_exit(self, definition: BeanDefinition) -> bool:
        """Say whether a scoped bean has ``@pre_destroy`` hooks."""
        return self.lifecycle.has_destruction(definition)

    def awaits(self, definition: BeanDefinition) -> bool:
        """Say whether initialising the bean itself awaits something."""
        return self.lifecycle.awaits(definition)

    def _compile(self, definition: BeanDefinition) -> Callable[[], Any]:
        if definition.scope is Scope.TRANSIENT:
            return self._compiler.transient(definition)
        if definition.scope is Scope.REQUEST:
            make = self._compiler.scoped(definition)
            return lambda: make(active_scope(self, definition))
        return self.outside(definition)

    def _async_compile(self, definition: BeanDefinition) -> Callable[[], Awaitable[Any]]:
        if definition.scope is Scope.TRANSIENT:
            return self._compiler.async_transient(definition)
        if definition.scope is Scope.REQUEST:
            make = self._compiler.async_scoped(definition)
            return lambda: make(active_scope(self, definition))
        get = self.outside(definition)

        async def outside() -> Any:
            return get()

        return outside

    def _existing(self, definition: BeanDefinition) -> Any:
        """Return a bean that only asynchronous code can make, if this scope has it already."""
        if definition.scope is Scope.REQUEST:
            bean = active_scope(self, definition).beans.get(definition, MISSING)
            if bean is not MISSING:
                return bean
        raise explain.needs_await(definition)

    def _make(self, definition: BeanDefinition) -> Steps[Any]:
        try:
            bean = yield from self._assemble(definition)
        except BaseException as error:
            yield from self.end_generator(definition, error)
            raise
        self._sequence += 1
        definition.created_at = self._sequence
        return bean

    def _assemble(self, definition: BeanDefinition) -> Steps[Any]:
        arguments: list[Any] = [] if definition.owner is None else [definition.owner.instance]
        keywords: dict[str, Any] = {}
        fields: list[tuple[str, Any]] = []
        for link in definition.links:
            value = yield from self._deliver(definition, link)
            if link.is_field:
                fields.append((link.dependency.name, value))
            elif link.dependency.keyword_only:
                keywords[link.dependency.name] = value
            else:
                arguments.append(value)
        bean = yield from self._call(definition, arguments, keywords)
        for name, value in fields:
            setattr(bean, name, value)
        if self._initializes(definition):
            bean = yield from self._initialize(definition, bean)
        return bean

    def _call(self, definition: BeanDefinition, arguments: list[Any], keywords: dict[str, Any]) -> Steps[Any]:
        made = self.target_of(definition)(*arguments, **keywords)
        if definition.making is Making.PLAIN:
            return made
        if definition.making is Making.COROUTINE:
            return (yield made)
        definition.teardown = made
        try:
            if definition.making is Making.GENERATOR:
                return next(made)
            return (yield made.__anext__())
        except (StopIteration, StopAsyncIteration):
            raise explain.yielded_nothing(definition) from None

    def _deliver(self, owner: BeanDefinition, link: Link) -> Steps[Any]:
        fixed = self.delivery.fixed(owner, link)
        if fixed is not MISSING:
            return fixed
        if link.shape in (Shape.VALUE, Shape.LAZY):
            return self.delivery.value_getter(owner, link)()
        if link.shape is Shape.ONE:
            return self.delivery.checked(owner, link)((yield from self._obtain(link.targets[0])))
        beans: dict[str, Any] = {}
        for target in link.targets:
            beans[target.name] = yield from self._obtain(target)
        present = {name: bean for name, bean in beans.items() if bean is not None}
        if link.shape is Shape.DICT:
            return present
        return {Shape.LIST: list, Shape.TUPLE: tuple, Shape.SET: set}[link.shape](present.values())

    def _obtain(self, definition: BeanDefinition) -> Steps[Any]:
        if definition.instance is not MISSING:
            return definition.instance
        if definition.scope is Scope.SINGLETON:
            return (yield from self.singleton(definition))
        if is_proxied(definition):
            return self.delivery.proxy_of(definition)
        if self._compiler.needs_await(definition):
            return (yield self.aobtain(definition))
        return self.maker(definition)()

    def _initializes(self, definition: BeanDefinition) -> bool:
        """What a factory returns may be of a type with hooks that its annotation does not tell."""
        return definition.factory is not None or self.lifecycle.concerns(definition)

    def _initialize(self, definition: BeanDefinition, bean: Any) -> Steps[Any]:
        if bean is None:
            return None
        if definition.factory is not None and self.interceptors:
            bean = advise_instance(bean, definition.name, self.interceptors, self._advised_products)
        return (yield from self.lifecycle.initialize(definition, bean))

    def _implementation(self, definition: BeanDefinition) -> type:
        if self.interceptors and definition.implementation is definition.type:
            definition.implementation = advised_class(definition.type, definition.name, self.interceptors)
        return definition.implementation

    def _singletons_needed(self, definition: BeanDefinition) -> Iterator[BeanDefinition]:
        """The singletons that must exist before *definition* is made, also for what is made along."""
        pending, seen = list(definition.needs), set()
        while pending:
            need = pending.pop(0)
            if need.scope is Scope.SINGLETON:
                yield need
            elif need not in seen:
                seen.add(need)
                pending.extend(need.needs)

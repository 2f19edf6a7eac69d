"""``@exception_handler`` methods: those of a controller around its routes, those of advice around all routes.

The nearest wins: a controller's own handlers first, then those of ``@controller_advice`` beans. Among those, the one for
the most specific exception wins, and of equals the one whose bean comes first by ``@order``.

Where there are request scopes, a handler runs in that of the request: inside the endpoint, which knows it (``rescue``), or
in one of its own for what fails elsewhere.
"""

import inspect
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any, Final, NamedTuple, cast

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.record import Record
from pyfly.web.binding.compiler import Rescue, Runtime
from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.binding.results import answer
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.exception_handler import ADVICE, AdviceScope, ExceptionHandlerRecord
from pyfly.web.ports.routes import Endpoint
from pyfly.web.ports.stages import Respond
from pyfly.web.responses import Receive, Reply, Scope
from pyfly.web.routing.advice_parameters import AdviceParameter, Taken, read_advice

_ANSWERED: Final = "pyfly.answered"


class Advice(Record):
    """One ``@exception_handler`` method.

    Attributes:
        handles: The exceptions that it answers.
        name: The method.
        status_code: The status of what it returns, unless that has its own.
        is_async: Whether it is awaited.
        takes: Its parameters.
        shared: The beans among its arguments that are one for the whole application.
        owner: Returns the bean that it belongs to.
    """

    handles: type[BaseException]
    name: str
    status_code: int
    is_async: bool
    takes: tuple[AdviceParameter, ...]
    shared: dict[Any, Any]
    owner: Callable[[], Any]


class Answered(NamedTuple):
    """What came of a handler that ran inside the endpoint: a reply, or a failure of its own."""

    to: Exception
    advice: Advice
    reply: Reply | None
    error: Exception | None

    def get(self) -> Reply:
        """Return the reply, or raise the failure."""
        if self.error is not None:
            raise self.error
        return cast("Reply", self.reply)


class GlobalAdvice(NamedTuple):
    """The handlers of one ``@controller_advice`` bean, and the controllers that it is for."""

    handlers: tuple[Advice, ...]
    limits: AdviceScope

    @property
    def is_limited(self) -> bool:
        """Whether it is for some controllers only."""
        return bool(self.limits.packages or self.limits.controllers)

    def applies_to(self, cls: type) -> bool:
        """Say whether it is for the controller *cls*."""
        if not self.is_limited or issubclass(cls, self.limits.controllers):
            return True
        return any(f"{cls.__module__}.".startswith(f"{name}.") for name in self.limits.packages)


def advice_of(definition: BeanDefinition, container: Container, runtime: Runtime) -> tuple[Advice, ...]:
    """Return the exception handlers of a bean, most specific first."""
    cls, owner = definition.type, partial(container.get, definition)
    found: list[Advice] = []
    for name, said in recorded_members(cls, ExceptionHandlerRecord):
        if said.handles is not None:
            function = inspect.unwrap(getattr(cls, name))
            takes = read_advice(function, lambda wanted: bool(container.definitions_of(wanted)))
            beans = [item.type for item in takes if item.taken is Taken.BEAN and runtime.is_shared(item.type)]
            shared = {each: runtime.resolve(each) for each in beans}
            is_async = inspect.iscoroutinefunction(function)
            found.append(Advice(said.handles, name, said.status_code, is_async, takes, shared, owner))
    return _sorted(found)


def global_advice(container: Container, runtime: Runtime) -> tuple[GlobalAdvice, ...]:
    """Return the handlers of all ``@controller_advice`` beans, by ``@order``."""
    found = [definition for definition in container.definitions() if definition.stereotype == ADVICE]
    return tuple(
        GlobalAdvice(
            advice_of(definition, container, runtime),
            record_of(definition.type, AdviceScope) or AdviceScope(),
        )
        for definition in sorted(found, key=lambda definition: definition.order)
    )


class Guard:
    """Lets exception handlers answer for what they are put around."""

    def __init__(
        self,
        runtime: Runtime,
        translator: ErrorTranslator,
        advice: Sequence[GlobalAdvice],
        *,
        everywhere: bool = True,
    ) -> None:
        """Apply *advice*; ask *translator* what exceptions are converted to; say if ``everything`` is used."""
        self._runtime = runtime
        self.translator = translator
        self._advice = advice
        self._everywhere = everywhere

    def endpoint(self, endpoint: Endpoint, cls: type, own: tuple[Advice, ...]) -> Endpoint:
        """Return *endpoint* of the controller *cls* within its *own* handlers and the advice limited to it."""
        layers = self._layers(cls, own)
        if not layers:
            return endpoint

        async def guarded(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
            try:
                return await endpoint(scope, receive, path)
            except ClientDisconnected:
                raise
            except Exception as failure:
                reply = await self._answer(layers, failure, scope, receive)
                if reply is None:
                    raise
                return reply

        return guarded

    def rescue(self, cls: type, own: tuple[Advice, ...]) -> Rescue | None:
        """Return what endpoints of *cls* call when their handler fails, while their request scope is open.

        The answer is kept until the failure has left the scope, whose beans see it like any other.
        """
        layers = self._layers(cls, own)
        if self._everywhere:
            layers.append(self._applying(lambda item: not item.is_limited))
        if self._runtime.request_scope is None or not any(layers):
            return None

        async def rescue(raised: Exception, scope: Scope, receive: Receive, beans: Any) -> None:
            found = None if isinstance(raised, ClientDisconnected) else self._find(layers, raised)
            if found is None:
                return
            advice, failure = found
            try:
                reply = await self._call(advice, failure, scope, receive, beans)
                scope[_ANSWERED] = Answered(raised, advice, reply, None)
            except Exception as error:  # noqa: BLE001  # raised again where the answer is wanted
                scope[_ANSWERED] = Answered(raised, advice, None, error)

        return rescue

    def everything(self, respond: Respond) -> Respond:
        """Return *respond* within the advice that is for all: it answers for routing, too."""
        layers = [self._applying(lambda item: not item.is_limited)]
        if not layers[0]:
            return respond

        async def guarded(scope: Scope, receive: Receive) -> Reply:
            try:
                return await respond(scope, receive)
            except ClientDisconnected:
                raise
            except Exception as failure:
                reply = await self._answer(layers, failure, scope, receive)
                if reply is None:
                    raise
                return reply

        return guarded

    def _layers(self, cls: type, own: tuple[Advice, ...]) -> list[tuple[Advice, ...]]:
        layers = [own] if own else []
        if any(item.is_limited and item.applies_to(cls) for item in self._advice):
            layers.append(self._applying(lambda item: item.applies_to(cls)))
        return layers

    def _applying(self, wanted: Callable[[GlobalAdvice], bool]) -> tuple[Advice, ...]:
        return _sorted(handler for item in self._advice if wanted(item) for handler in item.handlers)

    async def _answer(
        self, layers: Sequence[tuple[Advice, ...]], raised: Exception, scope: Scope, receive: Receive
    ) -> Reply | None:
        found = self._find(layers, raised)
        if found is None:
            return None
        advice, failure = found
        answered: Answered | None = scope.pop(_ANSWERED, None)
        if answered is not None and answered.to is raised and answered.advice is advice:
            return answered.get()
        enter = self._runtime.request_scope or nullcontext
        async with enter() as beans:
            return await self._call(advice, failure, scope, receive, beans)

    def _find(
        self, layers: Sequence[tuple[Advice, ...]], raised: Exception
    ) -> tuple[Advice, Exception] | None:
        failures = [raised]
        converted = self.translator.convert(raised)
        if converted is not raised:
            failures.append(converted)
        for handlers in layers:
            for failure in failures:
                found = next((item for item in handlers if isinstance(failure, item.handles)), None)
                if found is not None:
                    return found, failure
        return None

    async def _call(
        self, found: Advice, failure: Exception, scope: Scope, receive: Receive, beans: Any
    ) -> Reply:
        arguments: list[Any] = []
        named: dict[str, Any] = {}
        for item in found.takes:
            value: Any = failure
            if item.taken is Taken.REQUEST:
                value = self._runtime.requests()(scope, receive)
            elif item.taken is Taken.BEAN:
                value = await self._bean(found, item.type, beans)
            if item.name:
                named[item.name] = value
            else:
                arguments.append(value)
        method = getattr(found.owner(), found.name)
        run = method if found.is_async else partial(self._runtime.run_sync, method)
        result = await run(*arguments, **named)
        if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], int):
            return answer(result[1], result[0])
        return answer(result, found.status_code)

    async def _bean(self, found: Advice, wanted: Any, beans: Any) -> Any:
        if wanted in found.shared:
            return found.shared[wanted]
        return self._runtime.resolve(wanted) if beans is None else await beans.aresolve(wanted)


def _sorted(handlers: Any) -> tuple[Advice, ...]:
    return tuple(sorted(handlers, key=lambda item: -len(item.handles.__mro__)))

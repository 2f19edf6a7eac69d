"""``@exception_handler`` methods: those of a controller around its routes, those of advice around all routes.

The nearest wins: a controller's own handlers first, then those of ``@controller_advice`` beans. Among those, the one for
the most specific exception wins, and of equals the one whose bean comes first by ``@order``.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, get_type_hints

from pyfly.container.container import Container
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.record import Record
from pyfly.web.binding.compiler import Runtime
from pyfly.web.binding.results import answer
from pyfly.web.binding.shapes import is_request
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.exception_handler import ADVICE, AdviceScope, ExceptionHandlerRecord
from pyfly.web.ports.routes import Endpoint
from pyfly.web.ports.stages import Respond
from pyfly.web.responses import Receive, Reply, Scope


class Advice(Record):
    """One ``@exception_handler`` method.

    Attributes:
        handles: The exceptions that it answers.
        name: The method.
        status_code: The status of what it returns, unless that has its own.
        is_async: Whether it is awaited.
        request_at: The place of the request among its arguments, or ``None`` if it takes none.
        owner: Returns the bean that it belongs to.
    """

    handles: type[BaseException]
    name: str
    status_code: int
    is_async: bool
    request_at: int | None
    owner: Callable[[], Any]


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


def advice_of(cls: type, owner: Callable[[], Any]) -> tuple[Advice, ...]:
    """Return the exception handlers of a class, most specific first; *owner* returns the bean."""
    return _sorted(
        _advice(cls, name, said.handles, said.status_code, owner)
        for name, said in recorded_members(cls, ExceptionHandlerRecord)
        if said.handles is not None
    )


def global_advice(container: Container) -> tuple[GlobalAdvice, ...]:
    """Return the handlers of all ``@controller_advice`` beans, by ``@order``."""
    found = [definition for definition in container.definitions() if definition.stereotype == ADVICE]
    return tuple(
        GlobalAdvice(
            advice_of(definition.type, partial(container.get, definition)),
            record_of(definition.type, AdviceScope) or AdviceScope(),
        )
        for definition in sorted(found, key=lambda definition: definition.order)
    )


class Guard:
    """Lets exception handlers answer for what they are put around."""

    def __init__(self, runtime: Runtime, translator: ErrorTranslator, advice: Sequence[GlobalAdvice]) -> None:
        """Apply *advice*; ask *translator* what an exception is converted to."""
        self._runtime = runtime
        self._translator = translator
        self._advice = advice

    def endpoint(self, endpoint: Endpoint, cls: type, own: tuple[Advice, ...]) -> Endpoint:
        """Return *endpoint* of the controller *cls* within its *own* handlers and the advice limited to it."""
        layers = [own] if own else []
        if any(item.is_limited and item.applies_to(cls) for item in self._advice):
            layers.append(self._applying(lambda item: item.applies_to(cls)))
        if not layers:
            return endpoint

        async def guarded(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
            try:
                return await endpoint(scope, receive, path)
            except Exception as failure:
                reply = await self._answer(layers, failure, scope, receive)
                if reply is None:
                    raise
                return reply

        return guarded

    def everything(self, respond: Respond) -> Respond:
        """Return *respond* within the advice that is for all: it answers for routing, too."""
        layers = [self._applying(lambda item: not item.is_limited)]
        if not layers[0]:
            return respond

        async def guarded(scope: Scope, receive: Receive) -> Reply:
            try:
                return await respond(scope, receive)
            except Exception as failure:
                reply = await self._answer(layers, failure, scope, receive)
                if reply is None:
                    raise
                return reply

        return guarded

    def _applying(self, wanted: Callable[[GlobalAdvice], bool]) -> tuple[Advice, ...]:
        return _sorted(handler for item in self._advice if wanted(item) for handler in item.handlers)

    async def _answer(
        self, layers: Sequence[tuple[Advice, ...]], raised: Exception, scope: Scope, receive: Receive
    ) -> Reply | None:
        failures = [raised]
        converted = self._translator.convert(raised)
        if converted is not raised:
            failures.append(converted)
        for handlers in layers:
            for failure in failures:
                found = next((item for item in handlers if isinstance(failure, item.handles)), None)
                if found is not None:
                    return await self._call(found, failure, scope, receive)
        return None

    async def _call(self, found: Advice, failure: Exception, scope: Scope, receive: Receive) -> Reply:
        arguments: list[Any] = [failure]
        if found.request_at is not None:
            arguments.insert(found.request_at, self._runtime.requests()(scope, receive))
        method = getattr(found.owner(), found.name)
        result = await (method(*arguments) if found.is_async else self._runtime.run_sync(method, *arguments))
        if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], int):
            return answer(result[1], result[0])
        return answer(result, found.status_code)


def _sorted(handlers: Any) -> tuple[Advice, ...]:
    return tuple(sorted(handlers, key=lambda item: -len(item.handles.__mro__)))


def _advice(
    cls: type, name: str, handles: type[BaseException], status_code: int, owner: Callable[[], Any]
) -> Advice:
    function = inspect.unwrap(getattr(cls, name))
    hints = get_type_hints(function)
    names = [key for key in inspect.signature(function).parameters if key != "self"]
    request_at = next((at for at, key in enumerate(names) if is_request(hints.get(key))), None)
    return Advice(handles, name, status_code, inspect.iscoroutinefunction(function), request_at, owner)

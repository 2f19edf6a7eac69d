"""The ``@exception_handler`` methods of a controller, wrapped around its routes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pyfly.container.metadata import recorded_members
from pyfly.web.binding.compiler import Runtime
from pyfly.web.binding.results import answer
from pyfly.web.binding.shapes import is_request
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.exception_handler import ExceptionHandlerRecord
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, Scope


@dataclass(frozen=True, slots=True)
class Advice:
    """One ``@exception_handler`` method."""

    handles: type[BaseException]
    name: str
    status_code: int
    is_async: bool
    wants_request: bool


def advice_of(cls: type) -> tuple[Advice, ...]:
    """Return the exception handlers of a controller class, most specific first."""
    found = [
        _advice(cls, name, said.handles, said.status_code)
        for name, said in recorded_members(cls, ExceptionHandlerRecord)
        if said.handles is not None
    ]
    return tuple(sorted(found, key=lambda item: -len(item.handles.__mro__)))


def guarded(
    endpoint: Endpoint,
    advices: tuple[Advice, ...],
    controller: Callable[[], Any],
    runtime: Runtime,
    translator: ErrorTranslator,
) -> Endpoint:
    """Return *endpoint* with the controller's own handlers around it; without any, *endpoint* itself."""
    if not advices:
        return endpoint

    async def answering(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        try:
            return await endpoint(scope, receive, path)
        except Exception as raised:
            failure: Exception = raised
            found = _match(advices, failure)
            if found is None:
                failure = translator.convert(raised)
                found = _match(advices, failure)
            if found is None:
                raise
            method = getattr(controller(), found.name)
            arguments = (failure, runtime.requests()(scope, receive)) if found.wants_request else (failure,)
            result = await (method(*arguments) if found.is_async else runtime.run_sync(method, *arguments))
            if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], int):
                return answer(result[1], result[0])
            return answer(result, found.status_code)

    return answering


def _match(advices: tuple[Advice, ...], failure: Exception) -> Advice | None:
    return next((item for item in advices if isinstance(failure, item.handles)), None)


def _advice(cls: type, name: str, handles: type[BaseException], status_code: int) -> Advice:
    function = getattr(cls, name)
    hints = get_type_hints(function)
    wants_request = any(is_request(hint) for key, hint in hints.items() if key != "return")
    return Advice(handles, name, status_code, inspect.iscoroutinefunction(function), wants_request)

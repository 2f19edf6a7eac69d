"""Writes the one function that answers a route: bind, call, serialise, without a look-up in between."""

import inspect
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticSerializationError

from pyfly.kernel.codegen import SourceBuilder
from pyfly.web.binding import binders
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.results import JSON, NO_BODY, answer
from pyfly.web.binding.serializers import fits_of, serializer_of, unforeseen
from pyfly.web.errors.input import InvalidParameters
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import RequestFactory


@dataclass(frozen=True, slots=True)
class Runtime:
    """What compiled routes need of the application.

    Attributes:
        resolve: Returns the bean of a type, in the current scope.
        is_shared: Says whether that bean is one for the whole application, so that it can be bound now.
        request_scope: Opens a request scope, or ``None`` when no bean needs one.
        run_sync: Runs a function that is not async in the pool.
        requests: Returns the function that makes request objects; called only if a handler wants one.
        max_body_size: The limit in bytes.
    """

    resolve: Callable[[type], Any]
    is_shared: Callable[[type], bool]
    request_scope: Callable[[], AbstractAsyncContextManager[Any]] | None
    run_sync: Callable[..., Any]
    requests: Callable[[], RequestFactory]
    max_body_size: int


def compile_route(
    plan: RoutePlan, controller: Callable[[], Any], runtime: Runtime, *, shared: bool
) -> Endpoint:
    """Return the endpoint of *plan*.

    Args:
        plan: The route.
        controller: Returns the controller bean.
        runtime: What the generated code calls.
        shared: Whether the controller is one for the whole application.
    """
    out = SourceBuilder(plan.name)
    with out.block(f"async def {plan.name}(scope, receive, path):"):
        binders.write(out, plan, runtime.max_body_size)
        _write_violations(out, plan)
        binders.write_body(out, plan, runtime.max_body_size)
        if runtime.request_scope is None:
            _write_call(out, plan, controller, runtime, shared=shared)
        else:
            with out.block(f"async with {out.constant(runtime.request_scope, 'request_scope')}() as beans:"):
                _write_call(out, plan, controller, runtime, shared=shared)
    return out.compile()


def _write_violations(out: SourceBuilder, plan: RoutePlan) -> None:
    if any(item.source in binders.FALLIBLE for item in plan.parameters):
        with out.block("if violations is not None:"):
            out.line(f"raise {out.constant(InvalidParameters, 'InvalidParameters')}(violations)")


def _write_call(
    out: SourceBuilder, plan: RoutePlan, controller: Callable[[], Any], runtime: Runtime, *, shared: bool
) -> None:
    for item in plan.parameters:
        if item.source is Source.REQUEST:
            make = out.constant(runtime.requests(), "request_of")
            out.line(f"{_local(item)} = {make}(scope, receive)")
        elif item.source is Source.BEAN:
            _write_bean(out, item, runtime)
    if shared:
        bound = getattr(controller(), plan.name)
        handler, is_async = out.constant(bound, plan.name), inspect.iscoroutinefunction(bound)
    else:
        handler = f"{out.constant(controller, 'controller')}().{plan.name}"
        is_async = inspect.iscoroutinefunction(plan.handler)
    arguments = [
        f"{item.name}={_local(item)}" if item.keyword_only else _local(item) for item in plan.parameters
    ]
    if is_async:
        out.line(f"result = await {handler}({', '.join(arguments)})")
    else:
        run = out.constant(runtime.run_sync, "run_sync")
        out.line(f"result = await {run}({', '.join([handler, *arguments])})")
    _write_result(out, plan)


def _write_bean(out: SourceBuilder, item: Parameter, runtime: Runtime) -> None:
    if runtime.is_shared(item.type):
        out.line(f"{_local(item)} = {out.constant(runtime.resolve(item.type), item.name)}")
        return
    wanted = out.constant(item.type, item.name)
    if runtime.request_scope is None:
        out.line(f"{_local(item)} = {out.constant(runtime.resolve, 'resolve')}({wanted})")
    else:
        out.line(f"{_local(item)} = await beans.aresolve({wanted})")


def _write_result(out: SourceBuilder, plan: RoutePlan) -> None:
    general = out.constant(answer, "answer")
    if plan.result is None:
        out.line(f"return {general}(result, {plan.status_code})")
        return
    if plan.entity or plan.status_code in NO_BODY:
        dump = out.constant(serializer_of(plan.returns, plan.result), "dump")
        out.line(f"return {general}(result, {plan.status_code}, {dump})")
        return
    with out.block("if result is None:"):
        out.line(f"return {general}(None, {plan.status_code})")
    otherwise = out.constant(unforeseen(plan.returns, plan.result, plan.status_code), "unforeseen")
    fits = fits_of(plan.returns)
    if fits is not None:
        with out.block(f"if not {out.constant(fits, 'fits')}(result):"):
            out.line(f"return {otherwise}(result)")
    write = out.constant(plan.result.serializer.to_json, "to_json")
    with out.block("try:"):
        out.line(f"body = {write}(result, by_alias=True, warnings='error')")
    with out.block(f"except {out.constant(PydanticSerializationError, 'SerializationError')}:"):
        out.line(f"return {otherwise}(result)")
    json = out.constant(JSON, "JSON")
    out.line(f'return {plan.status_code}, [{json}, (b"content-length", b"%d" % len(body))], body')


def _local(item: Parameter) -> str:
    return f"p_{item.name}"

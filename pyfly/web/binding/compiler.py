"""Writes the one function that answers a route: bind, call, serialise, without a look-up in between."""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, Final

from pyfly.container.scopes import ActiveScope
from pyfly.kernel.codegen import SourceBuilder
from pyfly.kernel.record import Record
from pyfly.web.binding import answers, binders, bodies
from pyfly.web.binding.exposure import guard
from pyfly.web.binding.features import Features
from pyfly.web.binding.limits import Limits
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan, is_paged
from pyfly.web.binding.properties import BindingProperties
from pyfly.web.binding.response_check import response_check
from pyfly.web.binding.shapes import element
from pyfly.web.binding.streams import write_stream
from pyfly.web.errors.input import InvalidParameters
from pyfly.web.negotiation.offers import Offer
from pyfly.web.ports.arguments import Argument, ArgumentResolver
from pyfly.web.ports.messages import HttpMessageConverter
from pyfly.web.ports.routes import Endpoint
from pyfly.web.principal import context_of
from pyfly.web.properties import ResponseValidation
from pyfly.web.responses import Receive, RequestFactory, Scope

RESULT: Final = "pyfly.page"
"""Where a scope keeps the page that its handler returned."""
TASKS: Final = "pyfly.background"
"""Where a scope keeps what its handler wants to be done after the response."""

Rescue = Callable[[Exception, Scope, Receive, Any], Awaitable[None]]
"""Told that a handler has failed, while the request scope (the last argument) is open."""


class Runtime(Record):
    """What compiled routes need of the application.

    Attributes:
        resolve: Returns the bean of a type, in the current scope.
        is_shared: Says whether that bean is one for the whole application, so that it can be bound now.
        request_scope: Opens a request scope, or ``None`` when no bean needs one.
        run_sync: Runs a function that is not async in the pool.
        requests: Returns the function that makes request objects; called only if a handler wants one.
        limits: What a request may bring.
        features: What not every application has; asked only for what a handler uses.
        converters: Who reads and writes other representations than JSON.
        response_validation: Which results are held against their annotations.
        response_sample: One result in how many, if they are sampled.
        streaming: Returns what serves streams; called only if a handler returns one.
    """

    resolve: Callable[[type], Any]
    is_shared: Callable[[type], bool]
    request_scope: Callable[[], ActiveScope] | None
    run_sync: Callable[..., Any]
    requests: Callable[[], RequestFactory]
    limits: Limits
    features: Features
    converters: Sequence[HttpMessageConverter] = ()
    response_validation: ResponseValidation = ResponseValidation.OFF
    response_sample: int = 100
    streaming: Callable[[], Any] | None = None


def compile_route(
    plan: RoutePlan,
    controller: Callable[[], Any],
    runtime: Runtime,
    *,
    shared: bool,
    rescue: Rescue | None = None,
) -> Endpoint:
    """Return the endpoint of *plan*.

    Args:
        plan: The route.
        controller: Returns the controller bean.
        runtime: What the generated code calls.
        shared: Whether the controller is one for the whole application.
        rescue: Told when the handler fails, if there is a request scope.
    """
    out = SourceBuilder(plan.name)
    with out.block(f"async def {plan.name}(scope, receive, path):"):
        offers = answers.offers_for(plan, runtime.converters)
        answers.write_choice(out, offers)
        binders.write(out, plan, runtime.limits, runtime.features)
        _write_violations(out, plan)
        bodies.write_body(out, plan, runtime.limits, runtime.features, runtime.converters)
        with _form(out, plan, runtime):
            call = partial(_write_call, out, plan, controller, runtime, shared=shared)
            _write_answer(out, plan, runtime, offers, call, rescue)
    return runtime.features.linked(out.compile()) if is_paged(plan) else out.compile()


def _form(out: SourceBuilder, plan: RoutePlan, runtime: Runtime) -> AbstractContextManager[None]:
    if not any(item.source in (Source.FORM, Source.FILE) for item in plan.parameters):
        return nullcontext()
    from pyfly.web.binding.forms import form_block  # only for applications with forms

    return form_block(out, plan, runtime.features)


def _write_answer(
    out: SourceBuilder,
    plan: RoutePlan,
    runtime: Runtime,
    offers: Sequence[Offer],
    call: Callable[[], None],
    rescue: Rescue | None,
) -> None:
    policy = runtime.features.settings(BindingProperties).entity_results
    if plan.stream is not None:
        guard(plan, policy, None)
        with write_stream(out, plan, runtime.streaming):
            call()
        return
    if plan.view is not None:
        _write_view(out, plan, runtime, call, rescue)
        return
    check = response_check(plan, runtime.response_validation, runtime.response_sample)
    with _scoped(out, runtime, rescue):
        call()
        answers.write_result(out, plan, offers, guard(plan, policy, check))


def _write_view(
    out: SourceBuilder, plan: RoutePlan, runtime: Runtime, call: Callable[[], None], rescue: Rescue | None
) -> None:
    page = out.constant(runtime.features.page(plan), "page")
    with _scoped(out, runtime, rescue):
        call()
        out.line(f"return await {page}(result, scope)")


@contextmanager
def _scoped(out: SourceBuilder, runtime: Runtime, rescue: Rescue | None) -> Iterator[None]:
    """Write the request scope around what is written in the context, if beans need one."""
    if runtime.request_scope is None:
        yield
        return
    with _entered(out, runtime.request_scope):
        if rescue is None:
            yield
            return
        with out.block("try:"):
            yield
        with out.block("except Exception as failure:"):
            out.line(f"await {out.constant(rescue, 'rescue')}(failure, scope, receive, beans)")
            out.line("raise")


@contextmanager
def _entered(out: SourceBuilder, request_scope: Callable[[], ActiveScope]) -> Iterator[None]:
    """Write what ``async with`` does, but without coroutines as long as no bean has an end to wait for."""
    out.line(f"beans = {out.constant(request_scope, 'request_scope')}().__enter__()")
    out.line("raised = None")
    with out.block("try:"):
        yield
    with out.block("except BaseException as error:"):
        out.line("raised = error")
        out.line("raise")
    with out.block("finally:"):
        with out.block("if beans.exits:"):
            out.line("await beans.__aexit__(None, raised, None)")
        with out.block("else:"):
            out.line("beans.leave()")
        out.line("raised = None")


def _write_violations(out: SourceBuilder, plan: RoutePlan) -> None:
    if any(item.source in binders.FALLIBLE for item in plan.parameters):
        with out.block("if violations is not None:"):
            out.line(f"raise {out.constant(InvalidParameters, 'InvalidParameters')}(violations)")


def _write_call(
    out: SourceBuilder, plan: RoutePlan, controller: Callable[[], Any], runtime: Runtime, *, shared: bool
) -> None:
    for item in plan.parameters:
        _write_made(out, item, runtime)
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
    elif inspect.isasyncgenfunction(plan.handler) or inspect.isgeneratorfunction(plan.handler):
        out.line(f"result = {handler}({', '.join(arguments)})")
    else:
        run = out.constant(runtime.run_sync, "run_sync")
        out.line(f"result = await {run}({', '.join([handler, *arguments])})")
    for item in plan.parameters:
        if item.source is Source.TASKS:
            out.line(f'scope["{TASKS}"] = {_local(item)}')
    if is_paged(plan):
        out.line(f'scope["{RESULT}"] = result')


def _write_made(out: SourceBuilder, item: Parameter, runtime: Runtime) -> None:
    """Write what makes a parameter that is not read from the request itself."""
    if item.source is Source.REQUEST:
        out.line(f"{_local(item)} = {out.constant(runtime.requests(), 'request_of')}(scope, receive)")
    elif item.source is Source.BEAN:
        _write_bean(out, item, runtime)
    elif item.source is Source.RESOLVED:
        _write_resolved(out, item, runtime)
    elif item.source is Source.TASKS:
        out.line(f"{_local(item)} = {out.constant(element(item.type), item.name)}()")
    elif item.source is Source.SECURITY:
        out.line(f"{_local(item)} = {out.constant(context_of, 'context_of')}(scope)")


def _write_bean(out: SourceBuilder, item: Parameter, runtime: Runtime) -> None:
    if runtime.is_shared(item.type):
        out.line(f"{_local(item)} = {out.constant(runtime.resolve(item.type), item.name)}")
        return
    wanted = out.constant(item.type, item.name)
    if runtime.request_scope is None:
        out.line(f"{_local(item)} = {out.constant(runtime.resolve, 'resolve')}({wanted})")
    else:
        out.line(f"{_local(item)} = await beans.aresolve({wanted})")


def _write_resolved(out: SourceBuilder, item: Parameter, runtime: Runtime) -> None:
    resolver: ArgumentResolver = runtime.resolve(item.resolver)
    bind = resolver.binder(Argument(item.name, item.type, item.default))
    wait = "await " if inspect.iscoroutinefunction(bind) else ""
    out.line(f"{_local(item)} = {wait}{out.constant(bind, 'bind_' + item.name)}(scope)")


def _local(item: Parameter) -> str:
    return f"p_{item.name}"

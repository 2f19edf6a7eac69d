"""The generated lines of a route whose result is a stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyfly.kernel.codegen import SourceBuilder
from pyfly.web.binding.parameters import Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.results import dump_anything
from pyfly.web.binding.serializers import serializer_of


@contextmanager
def write_stream(out: SourceBuilder, plan: RoutePlan, streaming: Callable[[], Any] | None) -> Iterator[None]:
    """Write what opens a stream; the lines that call the handler are written inside the context.

    They become a function of their own, because the handler runs in the task of the stream and inside the
    stream's request scope, which outlive the endpoint.
    """
    if streaming is None or plan.stream is None:
        raise ValueError(f"{plan.name} returns a stream, and nothing serves streams")
    dump = dump_anything if plan.result is None else serializer_of(plan.stream.payload, plan.result)
    route = streaming().route(plan.stream, plan.status_code, dump)
    wants_request = any(item.source is Source.REQUEST for item in plan.parameters)
    out.line(f"gate = {out.constant(route.gate, 'gate')}(scope, receive, {wants_request})")
    out.line("receive = gate.receive")
    with out.block("async def source(beans):"):
        yield
        out.line("return result")
    out.line(f"return await {out.constant(route.open, 'open_stream')}(scope, gate, source)")

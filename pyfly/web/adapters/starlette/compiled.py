"""Compiled routes of controllers without the application around them, for applications that route by themselves."""

from collections.abc import Sequence
from functools import partial

from pyfly.container.container import Container
from pyfly.kernel.record import Record
from pyfly.web.assembly import Options, endpoint_of, runtime_of, translator_of
from pyfly.web.ports.routes import Endpoint
from pyfly.web.properties import WebProperties
from pyfly.web.routing.advice import Guard, global_advice
from pyfly.web.routing.description import DescribedRoute
from pyfly.web.routing.pool import SyncPool
from pyfly.web.routing.route_filters import with_filters
from pyfly.web.streams import OpenStreams


class Compiled(Record):
    """A route and what answers it."""

    route: DescribedRoute
    endpoint: Endpoint


def compiled_routes(
    routes: Sequence[DescribedRoute], container: Container, properties: WebProperties, options: Options
) -> list[Compiled]:
    """Return *routes* with their endpoints, for an application that routes by itself."""
    pool = SyncPool(properties.sync_threads, properties.sync_queue)
    runtime = runtime_of(container, properties, pool, options, OpenStreams())
    translator = translator_of(container, properties, options)
    guard = Guard(runtime, translator, global_advice(container, runtime), everywhere=False)
    objects = partial(options.technology.chain_objects, properties.max_body_size)

    def one(item: DescribedRoute) -> Endpoint:
        endpoint = endpoint_of(item, container, runtime, guard)
        return with_filters(endpoint, item.plan, container, guard, objects)

    return [Compiled(item, one(item)) for item in routes]

"""The application's ``WebFilter`` beans, except those of single routes, as one stage."""

from functools import partial

from pyfly.web.ports.filter import WebFilter
from pyfly.web.ports.stages import Stage
from pyfly.web.routing.chain import filtered
from pyfly.web.routing.description import describe
from pyfly.web.routing.route_filters import beans_named
from pyfly.web.stages.parts import Parts


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that runs the filters, by their own ``@order``."""
    container = parts.container
    named = beans_named((route.plan for route in describe(container).routes), container)
    found = [container.get(definition) for definition in container.definitions_of(WebFilter)]
    filters = [each for each in found if not any(each is other for other in named)]
    if not filters:
        return Stage("filters", order)
    around = partial(filtered, filters=filters, translator=parts.translator, objects=parts.objects())
    return Stage("filters", order, around=around)

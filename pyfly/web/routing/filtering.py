"""The application's ``WebFilter`` beans as one stage."""

from functools import partial

from pyfly.web.ports.filter import WebFilter
from pyfly.web.ports.stages import Stage
from pyfly.web.routing.chain import filtered
from pyfly.web.stages.parts import Parts


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that runs the filters, by their own ``@order``."""
    container = parts.container
    filters = [container.get(definition) for definition in container.definitions_of(WebFilter)]
    around = partial(filtered, filters=filters, translator=parts.translator, objects=parts.objects())
    return Stage("filters", order, around=around)

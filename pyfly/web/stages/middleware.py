"""The ASGI middleware that ``create_app`` was handed, as one stage."""

from functools import partial

from pyfly.web.ports.stages import Stage
from pyfly.web.stages.parts import Parts


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that runs the middleware around everything that changes responses."""
    around = partial(parts.given["middleware"].around, translator=parts.translator)
    return Stage("middleware", order, around=around)

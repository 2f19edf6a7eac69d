"""Which renderer gives errors their form."""

from pyfly.container.container import Container
from pyfly.web.errors.renderers import EnvelopeRenderer, ProblemRenderer
from pyfly.web.ports.errors import ErrorRenderer
from pyfly.web.properties import ErrorFormat, WebProperties


def renderer_of(container: Container, properties: WebProperties) -> ErrorRenderer:
    """Return the application's own renderer, or that of the settings."""
    own: list[ErrorRenderer] = [container.get(each) for each in container.definitions_of(ErrorRenderer)]
    default = EnvelopeRenderer if properties.errors.format is ErrorFormat.ENVELOPE else ProblemRenderer
    return own[0] if own else default()

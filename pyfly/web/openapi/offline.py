"""The document of an application that has not been started."""

from pyfly.core.application import PyFlyApplication
from pyfly.web.errors.choice import renderer_of
from pyfly.web.metadata import metadata_of
from pyfly.web.openapi.document import Document
from pyfly.web.openapi.versions import served
from pyfly.web.properties import WebProperties
from pyfly.web.routing.description import describe


def document_of(application: PyFlyApplication) -> Document:
    """Return the document of an application that has been checked, whether or not it has been started.

    Of its beans only those are made that the document asks: the renderer of errors, converters, contributors.
    """
    container = application.context.container
    properties = application.config.bind(WebProperties)
    return Document(
        application.name,
        application.version,
        application.description,
        [
            metadata_of(route.plan, properties.base_path)
            for route in served(describe(container).routes, application.config)
        ],
        lambda: renderer_of(container, properties),
        properties.errors.validation_status,
        container,
        application.config,
    )

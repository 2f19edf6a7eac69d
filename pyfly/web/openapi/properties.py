"""The settings of the OpenAPI document."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.openapi")
class OpenAPIProperties(Record, kw_only=True):
    """``pyfly.web.openapi``: what the document says of the application as a whole."""

    title: Annotated[str, Doc("The title; else the name of the application.")] = ""
    version: Annotated[str, Doc("The version of the API; else that of the application.")] = ""
    description: Annotated[
        str, Doc("What the API is for, in Markdown; else the description of the application.")
    ] = ""
    servers: Annotated[
        tuple[str, ...], Doc("Where the API is reached, as URLs; without any, where the document is.")
    ] = ()

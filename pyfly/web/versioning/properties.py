"""The settings of API versions."""

from typing import Annotated, Literal

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.versioning")
class VersioningProperties(Record, kw_only=True):
    """``pyfly.web.versioning``: where requests say which version of the API they mean."""

    use: Annotated[
        Literal["header", "query", "media-type", "path"], Doc("The part of a request that names its version.")
    ] = "header"
    header: Annotated[str, Doc("The header.")] = "API-Version"
    query: Annotated[str, Doc("The parameter of the query string.")] = "version"
    parameter: Annotated[str, Doc("The parameter of the media types in Accept and Content-Type.")] = "version"
    path_prefix: Annotated[
        str, Doc("What the first segment of the path begins with, before the version.")
    ] = "v"
    default: Annotated[str, Doc("The version of requests that name none; empty: 400, where it matters.")] = ""
    supported: Annotated[
        tuple[str, ...], Doc("Versions besides those that mappings name, for mappings like 2+.")
    ] = ()

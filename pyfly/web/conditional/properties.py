"""The settings of entity tags."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.etag")
class ETagProperties(Record, kw_only=True):
    """``pyfly.web.etag``: entity tags of answers that have none of their own."""

    enabled: Annotated[
        bool,
        Doc("Give every 200 answer to a GET the hash of its bytes as ETag, and answer 304 where it fits."),
    ] = False

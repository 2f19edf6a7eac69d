"""The settings of streams."""

from datetime import timedelta
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.sse")
class SseProperties(Record, kw_only=True):
    """``pyfly.web.sse``: server-sent events."""

    heartbeat: Annotated[
        timedelta,
        Doc("Send a comment after this long without an event, so that proxies keep it open; 0: never."),
    ] = timedelta(seconds=15)
    open_after: Annotated[
        timedelta,
        Doc(
            "Answer 200 after this long even if there is no event yet; a handler that fails earlier is an error."
        ),
    ] = timedelta(milliseconds=100)
    retry: Annotated[
        timedelta | None, Doc("Tell clients at the start how long to wait before they come back.")
    ] = None

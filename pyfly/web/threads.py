"""``/actuator/threads``: what the threads of handlers that are not async are doing."""

from typing import Any

from pyfly.web.application import WebApplication


class ThreadsEndpoint:
    """Reports the pool of threads. Where there is an actuator, it joins it by its members."""

    endpoint_id = "threads"
    enabled = True

    def __init__(self, application: WebApplication) -> None:
        """Report the threads of *application*."""
        self._application = application

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return how many there may be and are, and how many calls run, wait, have ended and were refused."""
        return self._application.threads._asdict()

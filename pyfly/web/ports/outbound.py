"""Port: the adapter that assembles a web application."""

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class WebServerPort(Protocol):
    """Port: makes an ASGI application of a context's controllers."""

    def create_app(self, **kwargs: Any) -> Any:
        """Return the application; the keywords are those of ``create_app``."""

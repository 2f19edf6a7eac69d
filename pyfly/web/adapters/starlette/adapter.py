"""The web server port, served with Starlette's classes."""

from typing import Any

from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.application import WebApplication
from pyfly.web.ports.outbound import WebServerPort


class StarletteWebAdapter(WebServerPort):
    """Makes applications with :func:`create_app`."""

    def create_app(self, **kwargs: Any) -> WebApplication:
        """Return the application; the keywords are those of :func:`create_app`."""
        return create_app(**kwargs)

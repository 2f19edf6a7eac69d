"""Starlette's classes as the technology of an application, imported when somebody asks for them."""

from collections.abc import Sequence

from pyfly.core.config.config import Config
from pyfly.web.adapters.starlette.errors import StarletteExceptionConverter
from pyfly.web.assembly import Technology
from pyfly.web.ports.errors import ExceptionConverter
from pyfly.web.ports.templates import TemplateEngine
from pyfly.web.responses import RequestFactory
from pyfly.web.routing.chain import ChainObjects


class StarletteTechnology(Technology):
    """Makes Starlette's ``Request`` and ``Response``."""

    def requests(self) -> RequestFactory:
        """Return the function that makes the request object for a handler."""
        from pyfly.web.adapters.starlette.objects import request_of

        return request_of

    def chain_objects(self, max_body_size: int) -> ChainObjects:
        """Return what filters see."""
        from pyfly.web.adapters.starlette.objects import chain_objects

        return chain_objects(max_body_size)

    def converters(self) -> Sequence[ExceptionConverter]:
        """Return what understands ``HTTPException``."""
        return (StarletteExceptionConverter(),)

    def templates(self, config: Config) -> TemplateEngine:
        """Return Jinja."""
        from pyfly.web.adapters.jinja.engine import jinja_of

        return jinja_of(config)


STARLETTE = StarletteTechnology()

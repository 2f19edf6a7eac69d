"""Starlette's classes as the technology of an application."""

from typing import Final

from pyfly.web.adapters.starlette.errors import StarletteExceptionConverter
from pyfly.web.adapters.starlette.objects import chain_objects, request_of
from pyfly.web.assembly import Technology

STARLETTE: Final = Technology(request_of, chain_objects, (StarletteExceptionConverter(),))

"""Starlette's own exceptions, given a place among ours."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.errors.exceptions import ResponseStatusException


class StarletteExceptionConverter:
    """``HTTPException`` keeps its status, detail and headers."""

    def can_handle(self, exc: Exception) -> bool:
        """Say whether *exc* is one of Starlette's."""
        return isinstance(exc, HTTPException | ClientDisconnect)

    def convert(self, exc: Exception) -> PyFlyException:
        """Return *exc* as an exception with a status."""
        if isinstance(exc, HTTPException):
            return ResponseStatusException(exc.status_code, exc.detail, headers=exc.headers)
        return ResponseStatusException(400, "The client disconnected", code="CLIENT_DISCONNECTED")

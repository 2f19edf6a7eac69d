"""Failures that carry their own status and headers."""

from collections.abc import Mapping, Sequence

from pyfly.kernel.exceptions import MethodNotAllowedException, PyFlyException


class ResponseStatusException(PyFlyException):
    """Answer with this status: ``raise ResponseStatusException(404, "No such pet")``."""

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer with *status*, show *message* (below 500 only) and add *headers*."""
        super().__init__(message, code=code)
        self.status = status
        self.headers = dict(headers or {})


class ServerRefusal(ResponseStatusException):
    """The server did not pass a request on, or gave it up; nothing has failed, so no error is logged."""


class MethodNotAllowed(MethodNotAllowedException):  # a kernel exception in a more specific form
    """The path exists, but not for this method."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        """Refuse *method* and tell which are *allowed*."""
        super().__init__(
            f"{method} is not supported here", code="METHOD_NOT_ALLOWED", context={"allowed": [*allowed]}
        )
        self.headers = {"Allow": ", ".join(allowed)}

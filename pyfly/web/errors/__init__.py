"""From an exception to an error response: one status table, one :class:`ErrorResponse`, one renderer."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.errors.input import FieldViolation, InvalidBody, InvalidParameters
    from pyfly.web.errors.renderers import EnvelopeRenderer, ProblemDetail, ProblemRenderer
    from pyfly.web.errors.status import status_of

__all__ = [
    "EnvelopeRenderer",
    "FieldViolation",
    "InvalidBody",
    "InvalidParameters",
    "ProblemDetail",
    "ProblemRenderer",
    "status_of",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "EnvelopeRenderer": "pyfly.web.errors.renderers",
        "FieldViolation": "pyfly.web.errors.input",
        "InvalidBody": "pyfly.web.errors.input",
        "InvalidParameters": "pyfly.web.errors.input",
        "ProblemDetail": "pyfly.web.errors.renderers",
        "ProblemRenderer": "pyfly.web.errors.renderers",
        "status_of": "pyfly.web.errors.status",
    },
)

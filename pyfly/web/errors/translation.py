"""Every exception becomes one :class:`ErrorResponse` and one rendered reply, here and nowhere else."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from traceback import format_exception
from typing import Final
from uuid import uuid4

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import PyFlyException, ValidationException
from pyfly.kernel.types import ErrorResponse
from pyfly.web.errors.converters import ExceptionConverterService
from pyfly.web.errors.description import SERVER_ERROR, describe
from pyfly.web.errors.exceptions import ServerRefusal
from pyfly.web.errors.renderers import ProblemRenderer
from pyfly.web.errors.status import status_of
from pyfly.web.ports.errors import ErrorRenderer, ExceptionConverter, RenderedError, RequestInfo
from pyfly.web.ports.stages import ERROR_ID, FAILURE
from pyfly.web.responses import NO_BODY, RawHeaders, Scope, raw_headers
from pyfly.web.wire import written

_log = logging.getLogger("pyfly.web")

_OURS: Final = frozenset({b"content-type", b"content-length", b"transfer-encoding"})
"""Headers that say what the body is: that of the error, which no exception knows."""
_OK: Final = 200


class ErrorTranslator:
    """Turns whatever a request raised into a complete reply."""

    def __init__(
        self,
        renderer: ErrorRenderer,
        converters: Sequence[ExceptionConverter] = (),
        *,
        validation_status: int = 422,
        clock: Clock | None = None,
        debug: bool = False,
    ) -> None:
        """Render with *renderer*, ask *converters* in order, answer invalid bodies with *validation_status*.

        With *debug*, error bodies of the status 500 and above show the exception and its traceback.
        """
        self.renderer = renderer
        self.validation_status = validation_status
        self._converters = ExceptionConverterService(converters)
        self._clock = clock or SystemClock()
        self._debug = debug

    def reply(self, raised: Exception, scope: Scope, request_id: str) -> tuple[int, RawHeaders, bytes]:
        """Return the error response for *raised*; a status of 500 and above is logged with its traceback."""
        scope[FAILURE] = raised
        failure = self.convert(raised)
        status = self.status_of(failure)
        error_id = scope[ERROR_ID] = _logged(raised, scope) if _is_failure(raised, status) else ""
        info = RequestInfo(scope["method"], scope["path"], url_of(scope), error_id)
        error = describe(failure, status, scope["path"], request_id or str(uuid4()), self._clock)
        trace = format_exception(raised) if self._debug and error_id else None
        rendered, body = self._rendered(error, failure, info, trace)
        headers = dict((*_sendable(_headers_of(failure)), *_sendable(rendered.headers)))
        if error.retry_after is not None:
            headers[b"retry-after"] = b"%d" % error.retry_after
        status = rendered.status or status
        if status in NO_BODY or status < _OK:
            return status, [*headers.items()], b""
        own = raw_headers({"Content-Type": rendered.media_type, "Content-Length": str(len(body))})
        return status, [*headers.items(), *own], body

    def convert(self, raised: Exception) -> Exception:
        """Return *raised*, or what a converter makes of it; of a group with one exception, that one."""
        converted = raised if isinstance(raised, PyFlyException) else self._converted(raised)
        if converted is not None:
            return converted
        only = _only(raised)
        return raised if only is raised else self.convert(only)

    def _converted(self, raised: Exception) -> PyFlyException | None:
        try:
            return self._converters.convert(raised)
        except Exception:  # noqa: BLE001  # a client still gets an answer
            _log.exception("A converter failed with %s", type(raised).__name__)
            return None

    def status_of(self, failure: Exception) -> int:
        """Return the status of *failure* by its own word, by the configuration, or by the table."""
        own = getattr(failure, "status", None)
        if isinstance(failure, PyFlyException) and isinstance(own, int):
            return own
        if isinstance(failure, ValidationException):
            return self.validation_status
        return status_of(failure)

    def _rendered(
        self, error: ErrorResponse, failure: Exception, info: RequestInfo, trace: list[str] | None
    ) -> tuple[RenderedError, bytes]:
        try:
            return _written(self.renderer, error, failure, info, trace)
        except Exception:  # noqa: BLE001  # a client still gets an answer
            _log.exception("%s could not render an error", type(self.renderer).__name__)
        plain = replace(error, message=error.error, field_errors=[])
        return _written(ProblemRenderer(), plain, failure, info, None)


def _only(raised: Exception) -> Exception:
    """Return what *raised* is a group of, if it is just one: that is how a task group tells its failure."""
    while isinstance(raised, ExceptionGroup) and len(raised.exceptions) == 1:
        raised = raised.exceptions[0]
    return raised


def _written(
    renderer: ErrorRenderer,
    error: ErrorResponse,
    failure: Exception,
    info: RequestInfo,
    trace: list[str] | None,
) -> tuple[RenderedError, bytes]:
    rendered = renderer.render(error, failure, info)
    body = rendered.body
    if trace is not None and isinstance(body, dict):
        body = {**body, "debug": trace}
    content = body if isinstance(body, bytes) else written(body)
    media_type = rendered.media_type or renderer.media_type
    return RenderedError(body, rendered.status, media_type, rendered.headers), content


def _headers_of(failure: Exception) -> Mapping[str, str]:
    # Others have headers as well: those of an answer that they got themselves.
    return getattr(failure, "headers", None) or {} if isinstance(failure, PyFlyException) else {}


def _is_failure(raised: Exception, status: int) -> bool:
    return status >= SERVER_ERROR and not isinstance(raised, ServerRefusal)


def _sendable(headers: Mapping[str, str]) -> RawHeaders:
    try:
        made = raw_headers(headers)
    except (ValueError, TypeError, AttributeError) as refused:  # whatever an exception calls its headers
        _log.warning("The headers of an error response were left out: %s", refused)
        return []
    return [each for each in made if each[0] not in _OURS]


def url_of(scope: Scope) -> str:
    """Return the URL that the client asked for."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    if not host and scope.get("server"):
        host = ":".join(str(part) for part in scope["server"] if part is not None)
    query = scope.get("query_string", b"").decode("latin-1")
    path = scope.get("raw_path", b"") or scope["path"].encode()
    return f"{scope.get('scheme', 'http')}://{host}{path.decode('latin-1')}" + (f"?{query}" if query else "")


def _logged(failure: Exception, scope: Scope) -> str:
    error_id = str(uuid4())
    _log.error(
        "%s %s failed (error_id=%s)",
        scope["method"],
        scope["path"].encode("unicode_escape").decode("ascii"),
        error_id,
        exc_info=failure,
        extra={"error_id": error_id},
    )
    return error_id

"""The settings of the web layer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

from annotated_types import Ge, Le

from pyfly.core.config import DataSize, Doc, config_properties


class TrailingSlash(StrEnum):
    """What happens to a path that differs from a route only by its last slash."""

    REDIRECT = "redirect"
    STRICT = "strict"
    IGNORE = "ignore"


class ErrorFormat(StrEnum):
    """The form of error bodies."""

    PROBLEM = "problem"
    ENVELOPE = "envelope"


_PRODUCTION: Final = frozenset({"production", "prod"})
_ONE_MEGABYTE: Final = DataSize(1024 * 1024)

Switch = bool | Literal["auto"]
"""On, off, or decided by the circumstances that the setting documents."""


@dataclass(frozen=True, kw_only=True)
class DocsProperties:
    """The OpenAPI document and its pages."""

    enabled: Annotated[
        Switch, Doc("Serve /openapi.json, /docs and /redoc; auto: not in profile production.")
    ] = "auto"

    def are_served(self, active_profiles: Iterable[str]) -> bool:
        """Say whether the document and its pages are served while *active_profiles* are active."""
        return self.enabled if isinstance(self.enabled, bool) else _PRODUCTION.isdisjoint(active_profiles)


@dataclass(frozen=True, kw_only=True)
class ErrorProperties:
    """How errors are reported to clients."""

    format: Annotated[ErrorFormat, Doc("problem (RFC 9457) or envelope; an ErrorRenderer bean wins.")] = (
        ErrorFormat.PROBLEM
    )
    validation_status: Annotated[
        int, Ge(400), Le(499), Doc("The status of a body that breaks its constraints.")
    ] = 422


@dataclass(frozen=True, kw_only=True)
class RequestIdProperties:
    """The id that each request has."""

    enabled: Annotated[bool, Doc("Give every request an id and send it back.")] = True
    header: Annotated[str, Doc("The header that carries the id, in requests and responses.")] = (
        "X-Transaction-Id"
    )


@config_properties("pyfly.web")
@dataclass(frozen=True, kw_only=True)
class WebProperties:
    """``pyfly.web``: the HTTP server and what it serves."""

    enabled: Annotated[Switch, Doc("Serve HTTP; auto: when there is a controller.")] = "auto"
    host: Annotated[str, Doc("The address to listen on.")] = "0.0.0.0"  # noqa: S104  # the documented default
    port: Annotated[int, Ge(0), Le(65535), Doc("The port to listen on; 0 takes a free one.")] = 8080
    workers: Annotated[int, Ge(1), Doc("How many processes serve; used by `pyfly run`.")] = 1
    base_path: Annotated[str, Doc("Put before the path of every route.")] = ""
    trailing_slash: Annotated[
        TrailingSlash, Doc("redirect (308), strict (404) or ignore a last slash that no route has.")
    ] = TrailingSlash.REDIRECT
    max_body_size: Annotated[DataSize, Doc("Larger request bodies are refused with 413.")] = _ONE_MEGABYTE
    sync_threads: Annotated[int, Ge(1), Doc("How many handlers that are not async run at the same time.")] = (
        40
    )
    shutdown_timeout: Annotated[
        timedelta, Doc("How long requests may go on after the server was told to stop.")
    ] = timedelta(seconds=20)
    docs: DocsProperties = field(default_factory=DocsProperties)
    errors: ErrorProperties = field(default_factory=ErrorProperties)
    request_id: RequestIdProperties = field(default_factory=RequestIdProperties)
